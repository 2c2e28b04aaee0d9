"""From a click to new figures in a real browser: ``python -m benchmarks.app``."""

import argparse
import json
import shutil
import statistics
import threading
import time
from pathlib import Path
from typing import Any, Final

from landbridge.app.server import make_app, serve
from landbridge.study.reader import read_study

CLICKS: Final = {
    "minimal": ("fast-border",),
    "northeast-asia": ("korea-russia-fta", "nsr-fee-cut", "tsr-seven-days", "west-line-open"),
}
CARDS: Final = "old => document.querySelector('#cards').innerHTML !== old"
ARGUMENTS: Final = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")


def main() -> None:
    """Print a markdown table; with --json also write rows."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--study", choices=sorted(CLICKS), action="append")
    chosen = parser.parse_args()
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        parser.error("no Chromium on this machine; install the package 'chromium'")
    rows: list[dict[str, Any]] = []
    with sync_playwright() as run:
        browser = run.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        for study in chosen.study or list(CLICKS):
            rows += _measure(browser, study)
        browser.close()
    print("| work | seconds | note |\n|---|---:|---|")
    for row in rows:
        print(f"| {row['work']} | {row['ours_s']:.2f} | {row['note']} |")
    if chosen.json:
        chosen.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


def _measure(browser: Any, study: str) -> list[dict[str, Any]]:  # noqa: ANN401 - playwright is imported late
    server = serve(make_app(read_study(study), study), "127.0.0.1", 0)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    page.set_default_timeout(120_000)
    begun = time.perf_counter()
    page.goto(f"http://127.0.0.1:{server.server_port}/")
    page.wait_for_selector(".lb-card")
    rows = [_row(f"{study}: first figures on the page", [time.perf_counter() - begun], "cold browser")]
    page.wait_for_timeout(3000)
    for kind in ("new", "seen before"):
        seconds = []
        for measure in CLICKS[study]:
            control = page.locator(f'[id*="\\"{measure}\\""]').first
            if kind == "seen before":
                _click(page, control)
            seconds.append(_click(page, control))
            if kind == "new":
                _click(page, control)
        rows.append(_row(f"{study}: click to new figures, question {kind}", seconds, ", ".join(CLICKS[study])))
    page.close()
    server.shutdown()
    server.server_close()
    return rows


def _click(page: Any, control: Any) -> float:  # noqa: ANN401 - playwright is imported late
    old = page.locator("#cards").inner_html()
    begun = time.perf_counter()
    control.evaluate("element => element.click()")
    page.wait_for_function(CARDS, arg=old, polling=10)
    seconds = time.perf_counter() - begun
    page.wait_for_timeout(2500)
    return seconds


def _row(work: str, seconds: list[float], note: str) -> dict[str, Any]:
    return {
        "work": work,
        "ours_s": statistics.median(seconds),
        "peer": "",
        "peer_s": None,
        "ratio": None,
        "note": f"median of {len(seconds)}, {min(seconds):.2f} to {max(seconds):.2f}; {note}",
    }


if __name__ == "__main__":
    main()
