"""The newcomer's tour of docs/tour.md, click by click: on the island in the usual suite, on the flagship if asked."""

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
POINT = """zone => {
  const graph = document.querySelector("#map .js-plotly-plot"), frame = graph._fullLayout;
  const trace = graph.data[graph.data.length - 1], i = trace.customdata.indexOf(zone);
  return [frame.xaxis._offset + frame.xaxis.d2p(trace.x[i]), frame.yaxis._offset + frame.yaxis.d2p(trace.y[i])];
}"""
GATE = """() => {
  const graph = document.querySelector("#map .js-plotly-plot"), frame = graph._fullLayout;
  const trace = graph.data.find(one => one.marker && one.marker.symbol && one.marker.symbol[0] === "diamond");
  const i = trace.text.findIndex(text => text.includes("GATE"));
  return [frame.xaxis._offset + frame.xaxis.d2p(trace.x[i]), frame.yaxis._offset + frame.yaxis.d2p(trace.y[i])];
}"""


@dataclass(frozen=True)
class Tour:
    """What the tour names in one study."""

    scenario: str
    scenario_title: str
    group: str
    measure: str
    origin: str
    destination: str
    route: str
    corridor: str
    gate: str
    tabs: tuple[str, ...]


ISLAND = Tour(
    "railway", "The railway with fast borders", "Alta, Cinda", "visa-waiver", "alta-port", "cinda-port",
    "Alta Port - Cinda Port", "Midland railway", "cape", ("Trade", "Real income", "Corridors", "Targets", "Sources"),
)  # fmt: skip
FLAGSHIP = Tour(
    "rail-link", "Railways through both Koreas", "South Korea, Russia", "nsr-larger-ships", "tokyo", "moscow",
    "Tokyo and Yokohama - Moscow", "Trans-Siberian", "northern-sea-route",
    ("Trade", "Real income", "Corridors", "Targets", "Sources"),
)  # fmt: skip


def figures(page: Any) -> str:
    return str(page.locator("#cards").inner_text())


def moved(page: Any, before: str) -> None:
    page.wait_for_function("old => document.querySelector('#cards').innerText !== old", arg=before)


def at(page: Any, script: str, argument: str = "") -> tuple[float, float]:
    page.locator("#map").scroll_into_view_if_needed()
    box = page.locator("#map .js-plotly-plot").bounding_box()
    x, y = page.evaluate(script, argument)
    return box["x"] + x, box["y"] + y


def click_place(page: Any, zone: str) -> None:
    x, y = at(page, POINT, zone)
    page.mouse.move(x - 3, y)
    page.mouse.move(x, y)
    page.wait_for_timeout(200)
    page.mouse.click(x, y)


def walk(watched: Any, address: str, tour: Tour) -> None:
    page = watched.open(address)
    watched.settle()

    # 1 look
    page.locator(".lb-card").first.focus()
    assert "Source" in page.locator("#lb-hint").inner_text()
    page.keyboard.press("Escape")
    # 2 choose a scenario
    before = figures(page)
    page.locator("#scenario").click()
    page.get_by_role("option", name=tour.scenario_title, exact=True).click()
    moved(page, before)
    page.wait_for_url(f"**s={tour.scenario}**")
    watched.settle()
    # 3 see what changed, and what measures touch
    for word, legend in (("Change", "more by|less by"), ("Touched", "touched by measures that stand")):
        page.get_by_text(word, exact=True).first.click()
        watched.settle()
        names = page.evaluate("() => document.querySelector('#map .js-plotly-plot').data.map(t => t.name || '')")
        assert any(re.search(legend, name) for name in names), (word, names)
    page.get_by_text("Change", exact=True).first.click()
    watched.settle()
    # 4 switch a measure
    before = figures(page)
    group = page.get_by_role("button", name=tour.group, exact=True)
    if group.get_attribute("aria-expanded") == "false":
        group.click()
        page.wait_for_timeout(400)
    control = page.locator(f"[id*='\"{tour.measure}\"']")
    control.focus()
    assert "Source" in page.locator("#lb-hint").inner_text()
    control.press("Space")
    moved(page, before)
    after = figures(page)
    watched.settle()
    # 5 change your mind
    page.keyboard.press("Control+z")
    page.wait_for_function("old => document.querySelector('#cards').innerText === old", arg=before)
    watched.settle()
    page.keyboard.press("Control+y")
    page.wait_for_function("old => document.querySelector('#cards').innerText === old", arg=after)
    watched.settle()
    # 6 turn the year
    month = page.locator("#month [role=slider]")
    month.focus()
    for _ in range(8):
        month.press("ArrowRight")
    page.wait_for_function("() => document.querySelector('#month-word').innerText === 'Aug'")
    assert "m=8" in page.url
    month.press("Home")
    page.wait_for_function("() => document.querySelector('#month-word').innerText === 'Year'")
    watched.settle()
    # 7 play the years
    page.locator("#year-play").click()
    page.wait_for_selector(".lb-year-told")
    asked = len(watched.asked)
    first = page.locator("#year-now").inner_text()
    page.wait_for_function("old => document.querySelector('#year-now').innerText !== old", arg=first)
    assert len(watched.asked) == asked
    assert tour.corridor.split(" ")[0] in page.locator("#year-told").inner_text()
    page.locator("#year-play").click()
    page.locator("#year-end").click()
    watched.settle()
    x, y = at(page, GATE.replace("GATE", tour.gate))
    page.mouse.move(x - 2, y)
    page.mouse.move(x, y)
    page.wait_for_function("() => /USD per TEU/.test(document.querySelector('#map .hoverlayer').textContent)")
    # 8 ask for a route
    click_place(page, tour.origin)
    page.wait_for_function("() => document.querySelector('#route').innerText.includes('destination')")
    watched.settle()
    click_place(page, tour.destination)
    page.wait_for_function("words => document.querySelector('#route').innerText.includes(words)", arg=tour.route)
    watched.settle()
    card = page.locator("#route").inner_text()
    assert tour.corridor in card
    assert page.locator("#route details").count() >= 2
    page.locator("#route details summary").nth(1).click()
    assert page.locator("#route details").nth(1).locator("td").count() > 5
    # 9 move a parameter
    before = figures(page)
    page.get_by_role("button", name="Parameters", exact=True).click()
    thumb = page.get_by_role("slider", name=re.compile("trade elasticity"))
    thumb.focus()
    thumb.press("ArrowLeft")
    moved(page, before)
    assert "p.trade_elasticity" in page.url
    watched.settle()
    # 10 read on
    for tab in tour.tabs:
        page.get_by_role("tab", name=tab, exact=True).click()
        page.wait_for_function(
            "() => document.querySelector('[role=tabpanel]:not([style*=none])').innerText.length > 20"
        )
    page.get_by_role("tab", name="Headline", exact=True).click()
    # 11 take it with you
    page.locator("#save").click()
    with page.expect_download() as given:
        page.locator("#save-csv").click()
    assert given.value.suggested_filename.endswith(".zip")
    assert watched.said == []


def test_the_tour_on_the_island(watched: Any, island: str) -> None:
    walk(watched, island, ISLAND)


@pytest.mark.slow
def test_the_tour_on_the_flagship(watched: Any, flagship: str) -> None:
    walk(watched, flagship, FLAGSHIP)


def test_the_command_shown_gives_the_figures_shown(watched: Any, island: str, tmp_path: Path) -> None:
    """The page's own command, run as a reader would run it, prints every figure of the page digit by digit."""
    page = watched.open(f"{island}?s=canal&on=railway+visa-waiver&p.trade_elasticity=4.0")
    page.wait_for_function("() => document.querySelectorAll('[role=tabpanel] td').length > 10")
    words = page.locator("#command").inner_text().split()
    assert words[:3] == ["landbridge", "what-if", "island-canal"]
    cells = page.locator("[role=tabpanel]:visible tbody tr").all()
    told = {row.locator("td").nth(0).inner_text(): row.locator("td").nth(1).inner_text() for row in cells}
    environment = {**os.environ, "COLUMNS": "200", "NO_COLOR": "1"}
    run = [sys.executable, "-m", *words]
    done = subprocess.run(run, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    printed = {
        match[1]: match[2]
        for line in done.stdout.splitlines()
        if (match := re.match(r"(\S.*?)\s{2,}(\S+)\s{2,}\S", line))
    }
    assert len(told) > 8
    assert told == {name: printed.get(name) for name in told}
    plain = subprocess.run([*run, "--json", "--quiet"], cwd=tmp_path, env=environment, capture_output=True, check=True)
    assert len(json.loads(plain.stdout)["headline"]) == len(told)


def test_the_tour_names_what_the_study_has() -> None:
    text = " ".join((ROOT / "docs" / "tour.md").read_text(encoding="utf-8").split())
    for words in (FLAGSHIP.scenario_title, FLAGSHIP.group, FLAGSHIP.measure, "Ice-class ships of 5,000 TEU"):
        assert words in text
    assert len(re.findall(r"\*\*[A-Z][a-z ]+\.\*\*", text)) == 11
