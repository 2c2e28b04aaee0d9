"""Takes the pictures of the page and of a report that README and manual show: ``python -m tools.screenshots``."""

import argparse
import shutil
import tempfile
import threading
from pathlib import Path
from typing import Final

from landbridge.app.server import make_app, serve
from landbridge.pipeline.run import run
from landbridge.report.study_report import write_report
from landbridge.study.reader import read_study

FOLDER: Final = Path(__file__).resolve().parents[1] / "docs" / "images"
LARGEST: Final = 290_000
"""Bytes of a picture: the repository keeps no larger file of them."""
ARGUMENTS: Final = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
RAIL_LINK: Final = "?s=rail-link&show=change"
REPORTED: Final = "minimal"
"""Study whose report is shown."""
SHOTS: Final = (
    ("app", "northeast-asia", 1400, 900, RAIL_LINK, "light"),
    ("app-dark", "northeast-asia", 1400, 900, "?s=arctic&show=change&m=8", "dark"),
    ("app-800", "northeast-asia", 800, 1100, RAIL_LINK, "light"),
    ("app-400", "northeast-asia", 400, 900, RAIL_LINK, "light"),
    ("app-minimal", "minimal", 1400, 900, "?on=fast-border", "light"),
)
"""Name, study, width, height, address, theme."""


def main() -> None:
    """Take every picture, or those of one study."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--study", help="only pictures of this study")
    parser.add_argument("--out", type=Path, default=FOLDER)
    chosen = parser.parse_args()
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        parser.error("no Chromium on this machine; install the package 'chromium'")
    chosen.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        for study in dict.fromkeys(shot[1] for shot in SHOTS):
            if chosen.study in (None, study):
                _shoot(browser, study, chosen.out)
        if chosen.study in (None, REPORTED):
            _shoot_report(browser, chosen.out)
        browser.close()


def small(picture: bytes) -> bytes:
    """Return a picture under `LARGEST` bytes: as it is if it packs so well, else in as few colours as that takes."""
    import io

    from PIL import Image

    whole = Image.open(io.BytesIO(picture)).convert("RGB")
    found = b""
    for colours in (0, 256, 128, 64):
        kept = io.BytesIO()
        reduced = whole.quantize(colours, Image.Quantize.MEDIANCUT, 3, dither=Image.Dither.NONE) if colours else whole
        reduced.save(kept, "PNG", optimize=True)
        found = kept.getvalue()
        if len(found) <= LARGEST:
            break
    return found


def _shoot(browser: object, study: str, out: Path) -> None:
    server = serve(make_app(read_study(study), study), "127.0.0.1", 0)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for name, of, width, height, address, theme in SHOTS:
        if of != study:
            continue
        page = browser.new_page(viewport={"width": width, "height": height})  # type: ignore[attr-defined]
        page.set_default_timeout(120_000)
        page.goto(f"http://127.0.0.1:{server.server_port}/{address}")
        page.wait_for_selector(".lb-card")
        page.wait_for_selector("#route table")
        if theme == "dark":
            page.locator("#theme-button").click()
        page.wait_for_timeout(4000)
        page.mouse.move(1, 1)
        target = out / f"{name}.png"
        target.write_bytes(small(page.screenshot()))
        print(f"{target} {target.stat().st_size / 1e3:.0f} kB")
        page.close()
    server.shutdown()
    server.server_close()


def _shoot_report(browser: object, out: Path) -> None:
    study = read_study(REPORTED)
    results = {scenario.name: run(study, scenario.name) for scenario in study.scenarios}
    page = browser.new_page(viewport={"width": 1180, "height": 1150})  # type: ignore[attr-defined]
    with tempfile.TemporaryDirectory() as folder:
        written = write_report(study, results, folder, step=lambda _done, _of, _what: None)
        page.goto(written["report"].as_uri())
        page.wait_for_timeout(3000)
        target = out / "report.png"
        target.write_bytes(small(page.screenshot()))
    print(f"{target} {target.stat().st_size / 1e3:.0f} kB")
    page.close()


if __name__ == "__main__":
    main()
