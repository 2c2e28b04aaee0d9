"""From a click to new figures in a real browser: ``python -m benchmarks.app``."""

import argparse
import json
import shutil
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from landbridge.app import engine
from landbridge.app.server import make_app, serve
from landbridge.study.reader import read_study

CLICKS: Final = {
    "minimal": ("fast-border",),
    "northeast-asia": ("korea-russia-fta", "nsr-fee-cut", "tsr-seven-days", "west-line-open"),
}
CLICK: Final = """
element => new Promise(done => {
  const begun = performance.now(), cards = document.querySelector('#cards');
  const map = document.querySelector('#map .js-plotly-plot');
  const seconds = {};
  const watch = new MutationObserver(() => {
    watch.disconnect();
    requestAnimationFrame(() => setTimeout(() => { seconds.cards = (performance.now() - begun) / 1000; }, 0));
  });
  watch.observe(cards, { subtree: true, childList: true, characterData: true });
  map.once('plotly_afterplot', () => { seconds.map = (performance.now() - begun) / 1000; });
  const wait = () => seconds.cards && (seconds.map || performance.now() - begun > 4000) ? done(seconds)
    : setTimeout(wait, 20);
  element.click();
  wait();
})
"""
"""Clicks, and tells when the figures had been painted and when the map was drawn."""
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
        seconds, drawn, solved = [], [], []
        for measure in CLICKS[study]:
            control = page.locator(f'[id*="\\"{measure}\\""]').first
            if kind == "seen before":
                _click(page, control)
            with _timed() as spent:
                one = _click(page, control)
            seconds.append(one["cards"])
            drawn.append(one.get("map", float("nan")))
            solved.append(spent[0])
            if kind == "new":
                _click(page, control)
        parts = f"of it the models {statistics.median(solved):.2f}; map drawn after {statistics.median(drawn):.2f}"
        note = f"{parts}; {', '.join(CLICKS[study])}"
        rows.append(_row(f"{study}: click to new figures, question {kind}", seconds, note))
    page.close()
    server.shutdown()
    server.server_close()
    return rows


@contextmanager
def _timed() -> Iterator[list[float]]:
    """Give a list whose only number becomes the seconds that the models took meanwhile."""
    spent, find = [0.0], vars(engine)["find_outcome"]

    def timed(*args: Any, **more: Any) -> Any:  # noqa: ANN401 - as the function it stands for
        begun = time.perf_counter()
        found = find(*args, **more)
        spent[0] += time.perf_counter() - begun
        return found

    vars(engine)["find_outcome"] = timed
    try:
        yield spent
    finally:
        vars(engine)["find_outcome"] = find


def _click(page: Any, control: Any) -> dict[str, float]:  # noqa: ANN401 - playwright is imported late
    seconds: dict[str, float] = control.evaluate(CLICK)
    page.wait_for_timeout(1500)
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
