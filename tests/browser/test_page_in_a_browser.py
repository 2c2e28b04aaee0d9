"""The page as a reader uses it: clicks, keys, addresses, downloads, widths, and nothing asked of other machines."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

PLACES = """() => {
  const graph = document.querySelector("#map .js-plotly-plot"), frame = graph._fullLayout;
  const trace = graph.data[graph.data.length - 1];
  return Object.fromEntries(trace.x.map((x, i) => [trace.customdata[i],
    [frame.xaxis._offset + frame.xaxis.d2p(x), frame.yaxis._offset + frame.yaxis.d2p(trace.y[i])]]));
}"""


def switch(page: Any) -> None:
    page.get_by_role("switch").first.click()
    page.wait_for_url("**on=fast-border**")
    page.wait_for_function("() => document.querySelector('#changed').innerText.includes('changed: 1')")


def click_place(page: Any, zone: str) -> None:
    page.locator("#map").scroll_into_view_if_needed()
    box = page.locator("#map .js-plotly-plot").bounding_box()
    x, y = page.evaluate(PLACES)[zone]
    page.mouse.move(box["x"] + x - 3, box["y"] + y)
    page.mouse.move(box["x"] + x, box["y"] + y)
    page.wait_for_timeout(150)
    page.mouse.click(box["x"] + x, box["y"] + y)


def test_first_paint_asks_no_other_machine_and_says_no_error(watched: Any, address: str) -> None:
    page = watched.open(address)
    page.wait_for_load_state("networkidle")
    assert [url for url in watched.asked if not url.startswith((address, "data:", "blob:"))] == []
    assert watched.said == []
    assert page.locator("h1").inner_text().startswith("Minimal study")


def test_a_switched_measure_gives_the_figures_of_the_command(watched: Any, address: str) -> None:
    page = watched.open(address)
    switch(page)
    words = page.locator("#command").inner_text().split()
    assert words[:2] == ["landbridge", "what-if"]
    from landbridge.app.digits import shown
    from landbridge.pipeline.whatif import ask, run_what_if
    from landbridge.study.reader import read_study

    study = read_study("minimal")
    table = run_what_if(study, ask(study, "baseline", add=["fast-border"])).tables["headline"]
    page.wait_for_function("() => document.querySelectorAll('[role=tabpanel] td').length > 10")
    watched.settle()
    figures = [row.split("\t")[1] for row in page.locator("[role=tabpanel]:visible tbody").inner_text().splitlines()]
    assert figures == [shown(float(value)) for value in table["value"]]


def test_undo_and_redo_by_keys_and_the_address_tells_all(watched: Any, address: str, chromium: Any) -> None:
    page = watched.open(address)
    switch(page)
    page.keyboard.press("Control+z")
    page.wait_for_url(address)
    page.keyboard.press("Control+y")
    page.wait_for_url("**on=fast-border**")
    page.wait_for_function("() => document.querySelector('#changed').innerText.includes('changed: 1')")
    other = chromium.new_context().new_page()
    other.goto(page.url)
    other.wait_for_function("() => document.querySelector('#changed')?.innerText.includes('changed: 1')")
    assert other.locator("#cards").inner_text() == page.locator("#cards").inner_text()
    assert other.get_by_role("switch").first.is_checked()
    other.context.close()
    assert watched.said == []


def test_two_clicks_on_the_map_give_a_route(watched: Any, address: str) -> None:
    page = watched.open(address)
    page.wait_for_timeout(500)
    click_place(page, "chengdu")
    page.wait_for_url("**from=chengdu**")
    page.wait_for_function("() => document.querySelector('#route').innerText.includes('destination')")
    page.wait_for_timeout(300)
    click_place(page, "hamburg")
    page.wait_for_url("**to=hamburg**")
    page.wait_for_function("() => document.querySelector('#route').innerText.includes('Chengdu - Hamburg')")
    assert "Suez" in page.locator("#route").inner_text()


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("scenario", "scenarios.toml"),
        ("xlsx", "minimal.xlsx"),
        ("csv", "minimal.zip"),
        ("svg", ".svg"),
        ("png", ".png"),
    ],
)
def test_downloads(watched: Any, address: str, kind: str, name: str, tmp_path: Path) -> None:
    page = watched.open(f"{address}?on=fast-border")
    page.locator("#save").click()
    with page.expect_download() as given:
        page.locator(f"#save-{kind}").click()
    assert given.value.suggested_filename.endswith(name)
    given.value.save_as(tmp_path / "file")
    content = (tmp_path / "file").read_bytes()
    assert len(content) > 100
    if kind == "scenario":
        assert tomllib.loads(content.decode())["scenario"][0]["add"] == ["fast-border"]


def test_every_panel_opens_without_an_error(watched: Any, address: str) -> None:
    page = watched.open(f"{address}?on=fast-border")
    for tab in page.get_by_role("tab").all():
        tab.click()
        page.wait_for_function(
            "() => document.querySelector('[role=tabpanel]:not([style*=none])').innerText.length > 20"
        )
    page.get_by_role("tab", name="Members").click()
    page.get_by_role("button", name="Compute").click()
    page.wait_for_selector("text=Fair share")
    assert watched.said == []


def test_hints_appear_by_keyboard(watched: Any, address: str) -> None:
    page = watched.open(address)
    page.locator(".lb-card").first.focus()
    assert "Source" in page.locator("#lb-hint").inner_text()
    page.keyboard.press("Escape")
    assert page.locator("#lb-hint").count() == 0


@pytest.mark.parametrize("language", ["한국어", "Русский"])
def test_the_page_speaks_other_languages(watched: Any, address: str, language: str) -> None:
    page = watched.open(address)
    page.get_by_text(language, exact=True).click()
    page.wait_for_function("() => document.documentElement.lang !== 'en'")
    page.wait_for_selector(".lb-card")
    assert "Save" not in page.locator(".lb-tools").inner_text()


@pytest.mark.parametrize("width", [1400, 800, 400])
def test_nothing_sticks_out_at_any_width(watched: Any, address: str, width: int) -> None:
    watched.page.set_viewport_size({"width": width, "height": 900})
    page = watched.open(address)
    page.wait_for_timeout(300)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious(watched: Any, address: str, theme: str) -> None:
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="needs: pip install axe-playwright-python"
    )
    page = watched.open(address)
    if theme == "dark":
        page.locator("#theme-button").click()
    page.wait_for_timeout(600)
    found = axe.Axe().run(page).response["violations"]
    serious = [
        (one["id"], [node["target"] for node in one["nodes"]][:4])
        for one in found
        if one["impact"] in {"serious", "critical"}
    ]
    assert serious == [], json.dumps(serious, indent=1)


@pytest.mark.parametrize("width", [1400, 800, 400])
def test_the_map_is_seen_at_any_width(watched: Any, address: str, width: int) -> None:
    """The drawing itself, not only its box, lies where the reader looks, and fills the box."""
    watched.page.set_viewport_size({"width": width, "height": 900})
    page = watched.open(address)
    watched.settle()
    box, drawing = page.locator("#map-box").bounding_box(), page.locator("#map .bglayer").bounding_box()
    assert abs(drawing["y"] - box["y"]) < 30
    assert drawing["width"] > 0.85 * box["width"]
    assert drawing["height"] > 180
