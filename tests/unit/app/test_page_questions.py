"""A page's address, its history, its downloads and its figures."""

import io
import re
import tomllib
import zipfile
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("dash", reason='the page needs: pip install "landbridge[app]"')

from landbridge.app.digits import shown as shown_by_page
from landbridge.app.engine import Engine
from landbridge.app.events import Shown, after, controls_of, stepped
from landbridge.app.exports import command_of, csv_zip, scenario_text, tables_of, workbook
from landbridge.app.history import History, read_history
from landbridge.app.panels import headline
from landbridge.app.texts import LANGUAGES, best_language, texts_of
from landbridge.app.view import View, first_view, read_view, with_measure, with_parameter, with_place, write_view
from landbridge.cli.console import shown as shown_by_command
from landbridge.core.problems import StudyError
from landbridge.pipeline.months import month_loads, route_arcs, stretches
from landbridge.pipeline.run import baseline_of, run
from landbridge.pipeline.whatif import WhatIf, ask, run_what_if, study_with
from landbridge.study.reader import read_study

STUDY = read_study("minimal")
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine(STUDY)


@given(
    on=st.booleans(),
    elasticity=st.floats(3.0, 8.0),
    month=st.integers(0, 12),
    places=st.permutations(["", "shanghai", "hamburg", "warsaw"]),
)
def test_an_address_says_all_that_a_page_shows(on: bool, elasticity: float, month: int, places: list[str]) -> None:  # noqa: FBT001
    question = ask(STUDY, "baseline", add=["fast-border"] if on else [], parameters={"trade_elasticity": elasticity})
    view = View(question, month, "change", 0, places[0], places[1])
    assert read_view(STUDY, write_view(STUDY, view)) == view


@given(ANYTHING | st.text(max_size=200).map("?".__add__))
def test_no_address_is_refused_and_none_brings_in_what_the_study_does_not_know(query: object) -> None:
    view = read_view(STUDY, query)
    assert view.question.scenario in {"baseline", "fast-border"}
    assert set(view.question.add) | set(view.question.remove) <= {"fast-border"}
    assert view.origin in {"", *STUDY.tables["zones"].text("zone")}


@given(ANYTHING, ANYTHING)
def test_any_event_leaves_a_view_that_can_be_answered(control: object, value: object) -> None:
    view = after(STUDY, first_view(STUDY), (control if isinstance(control, (dict, str)) else "map", value))
    assert read_view(STUDY, write_view(STUDY, view)) == view


@given(ANYTHING)
def test_a_forged_history_is_plain_words(value: object) -> None:
    history = read_history(value)
    assert all(isinstance(word, str) for word in (history.now, *history.past, *history.future))


def test_a_value_outside_its_range_stops_at_the_end_on_the_page_and_is_refused_by_the_command() -> None:
    view = with_parameter(STUDY, first_view(STUDY), "trade_elasticity", 99.0)
    assert view.question.parameters == (("trade_elasticity", 8.0),)
    with pytest.raises(StudyError, match="outside its stated range"):
        ask(STUDY, "baseline", parameters={"trade_elasticity": 99.0})


def test_steps_are_undone_in_reverse_and_a_new_step_forgets_what_was_undone() -> None:
    history = History("").went("?a=1").went("?a=2")
    assert history.undone().now == "?a=1"
    assert history.undone().redone() == history
    assert history.undone().went("?b=1").future == ()


def shown(**changed: object) -> Shown:
    """Return what the controls of the page show at first, some of them changed."""
    names = tuple(measure.id for measure in STUDY.measures)
    still = Shown("", "baseline", [], [], 0, "load", "0", None, None, names, ())
    start = controls_of(STUDY, first_view(STUDY), "", still)
    return replace(Shown(*start, names, ()), **changed)


def test_undo_is_an_event_of_its_own() -> None:
    history = History("").went("?show=change").went("?show=touched")
    assert stepped(STUDY, history, ("undo", 1), shown(shows="touched")) == history.undone()


def test_a_step_taken_while_an_answer_was_on_its_way_is_not_lost() -> None:
    """The measure was switched and its answer not yet there when the month was moved: both count, one step each."""
    history = stepped(STUDY, History(""), ("month", 8), shown(measures=[True], month=8))
    assert history.past == ("", "?on=fast-border")
    assert history.now == "?on=fast-border&m=8"


def test_switches_of_the_old_scenario_do_not_count_for_the_new_one() -> None:
    history = stepped(STUDY, History(""), ("scenario", "fast-border"), shown(scenario="fast-border"))
    assert history.now == "?s=fast-border"


def test_switching_twice_is_no_change() -> None:
    start = first_view(STUDY)
    on = with_measure(STUDY, start, "fast-border", stands=True)
    assert on.question.add == ("fast-border",)
    assert with_measure(STUDY, on, "fast-border", stands=False) == start


def test_two_clicks_make_a_pair() -> None:
    one = with_place(first_view(STUDY), "chengdu")
    assert (one.origin, one.destination) == ("chengdu", "")
    assert with_place(one, "hamburg").destination == "hamburg"


def test_a_question_is_the_scenario_that_it_writes(engine: Engine) -> None:
    """The measure of scenario fast-border, switched on by hand, gives the scenario's own figures to the last bit."""
    by_hand = engine.answer(ask(STUDY, "baseline", add=["fast-border"]))
    by_command = run(STUDY, "fast-border").tables["headline"]
    assert [row["value"] for row in headline(engine, by_hand)] == list(by_command["value"])


@pytest.mark.parametrize("name", ["trade_elasticity", "choice_scale_per_usd"])
def test_a_moved_parameter_gives_what_a_study_with_that_value_gives(engine: Engine, name: str) -> None:
    """The page keeps the network's table when a parameter moves; a study read with the value builds everything anew."""
    question = ask(STUDY, "baseline", add=["fast-border"], parameters={name: STUDY.parameters[name].high})
    asked = study_with(STUDY, question)
    whole = run(asked, "what-if").tables["headline"]["value"]
    assert list(run_what_if(STUDY, question).tables["headline"]["value"]) == list(whole)
    assert [row["value"] for row in headline(engine, engine.answer(question))] == list(whole)


def test_the_scenario_download_reads_as_the_study_format(engine: Engine) -> None:
    del engine
    question = ask(STUDY, "baseline", add=["fast-border"], parameters={"trade_elasticity": 4.0})
    text = scenario_text(STUDY, question)
    (entry,) = tomllib.loads(text)["scenario"]
    assert entry == {"name": "what-if", "title": "What if", "based_on": "baseline", "add": ["fast-border"]}
    moved = "\n".join(line[2:] for line in text.split("#\n", 1)[1].splitlines())
    assert tomllib.loads(moved)["parameter"][0]["value"] == 4.0


def test_the_command_names_what_was_switched_and_quotes_it() -> None:
    question = WhatIf("baseline", ("fast-border",), (), (("trade_elasticity", 4.0),))
    words = command_of(question, "my study; rm")
    assert words == (
        "landbridge what-if 'my study; rm' --scenario baseline --add fast-border --set trade_elasticity=4.0"
    )
    assert command_of(WhatIf("baseline"), "minimal") == "landbridge run minimal --scenario baseline"


def test_downloads_hold_the_tables(engine: Engine) -> None:
    tables = tables_of(engine.answer(WhatIf("fast-border")))
    assert csv_zip(tables) == csv_zip(tables)
    with zipfile.ZipFile(io.BytesIO(csv_zip(tables))) as archive:
        first = archive.read("headline.csv").decode().splitlines()
    assert first[0] == "indicator,name,value,unit"
    assert len(first) == 1 + len(tables["headline"]["value"])
    assert workbook(tables)[:2] == b"PK"


def test_months_average_to_the_year() -> None:
    base = baseline_of(STUDY)
    months = sum(month_loads(base.ground, base.freight, base.teu, month) for month in range(1, 13)) / 12.0
    assert months == pytest.approx(base.loads.arcs, rel=1e-9, abs=1e-6)


def test_legs_add_up_to_their_corridor() -> None:
    base = baseline_of(STUDY)
    zones = base.ground.inputs.zones
    pair = zones.index("shanghai"), zones.index("warsaw")
    for corridor in (0, 1):
        legs = stretches(base.ground, base.freight, route_arcs(base.ground, base.freight, pair, corridor, 0))
        for total, name in ((sum(leg.hours for leg in legs), "hours"), (sum(leg.km for leg in legs), "km")):
            assert total == pytest.approx(base.freight.by_corridor(name)[corridor, 0, *pair], rel=1e-12)


@given(st.floats(-1e12, 1e12).filter(lambda value: value == 0 or abs(value) > 1e-6))
def test_figures_have_the_digits_of_the_command(value: float) -> None:
    assert shown_by_page(value) == shown_by_command(value) or value == 0


def test_languages_have_the_same_words() -> None:
    english = texts_of("en")
    for name in LANGUAGES:
        words = texts_of(name)
        assert list(words) == list(english)
        assert all(words.values())
        assert len(words["months"]) == 12


def test_every_word_that_the_page_asks_for_is_in_the_catalogue() -> None:
    from importlib.resources import files

    folder = files("landbridge") / "app"
    code = "".join((folder / name).read_text() for name in ("page.py", "panels.py", "route_card.py", "callbacks.py"))
    asked = set(re.findall(r'texts\["(\w+)"\]', code))
    assert asked <= set(texts_of("en"))
    assert len(asked) > 30


def test_language_is_chosen_by_cookie_then_browser() -> None:
    assert best_language("ko", "ru") == "ko"
    assert best_language("../../etc", "ru-RU,ru;q=0.9") == "ru"
    assert best_language(None, None) == "en"
