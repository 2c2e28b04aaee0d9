"""The report as PDF, printed by a headless browser where one is there."""

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from landbridge.core.problems import MissingExtraError

BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")


def write_pdf(page: Path) -> Path:
    """Print a page to PDF beside it; return its path.

    Raises
    ------
    MissingExtraError
        If no browser is found, or it fails; the message says what to do.
    """
    browser = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if browser is None:
        raise MissingExtraError(
            f"No browser found ({', '.join(BROWSERS)}). Install Chromium, or open {page} and print it to PDF."
        )
    target = page.with_suffix(".pdf")
    with tempfile.TemporaryDirectory() as profile:
        command = [
            browser,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--no-pdf-header-footer",
            "--virtual-time-budget=20000",
            f"--user-data-dir={profile}",
            f"--print-to-pdf={target.resolve()}",
            page.resolve().as_uri(),
        ]
        done = subprocess.run(command, capture_output=True, timeout=180, check=False)  # noqa: S603 - a known browser
    if done.returncode != 0 or not target.is_file():
        raise MissingExtraError(f"{browser} could not print {page} (exit {done.returncode}). Print it from a browser.")
    return target
