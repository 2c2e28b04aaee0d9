"""The gazetteer: what a name means."""

import pytest

from landbridge.core.problems import StudyError
from landbridge.network.geometry import great_circle_km
from landbridge.network.places import find_place, folded


@pytest.mark.parametrize(
    ("text", "name", "kind", "country"),
    [
        ("Busan", "Busan", "city", "KR"),
        ("KRPUS", "Busan", "port", "KR"),
        ("krpus", "Busan", "port", "KR"),
        ("moscow", "Moscow", "city", "RU"),
        ("Hamburg", "Hamburg", "city", "DE"),
        ("Sinuiju", "Sinŭiju", "city", "KP"),
        ("Khasan", "Khasan", "station", "RU"),
        ("zamyn uud", "Zamyn-Uud", "station", "MN"),
        ("Manzhouli-Zabaikalsk", "Manzhouli-Zabaikalsk", "crossing", "RU"),
        ("Vostochny", "Vostochny", "port", "RU"),
        ("St Petersburg", "Saint Petersburg", "city", "RU"),
        ("Brest", "Brest", "city", "BY"),
        ("Brest, FR", "Brest", "city", "FR"),
        ("Rason", "Rajin", "city", "KP"),
    ],
)
def test_names_codes_and_accents(text: str, name: str, kind: str, country: str) -> None:
    place = find_place(text)
    assert (place.name, place.kind, place.country) == (name, kind, country)


def test_coordinates_are_a_place() -> None:
    place = find_place(" 37.5 , 127 ")
    assert (place.kind, place.country, place.latitude_deg, place.longitude_deg) == ("point", "KR", 37.5, 127.0)


def test_a_misspelt_name_suggests_the_right_one() -> None:
    with pytest.raises(StudyError, match=r"Did you mean Vladivostok"):
        find_place("Vladivostock")


@pytest.mark.parametrize("text", ["", "qqqqqq", "91,0", "0,181", "Busan, DE"])
def test_what_is_nowhere_is_a_fault(text: str) -> None:
    with pytest.raises(StudyError) as caught:
        find_place(text)
    assert [problem.code for problem in caught.value.problems] == ["LB320"]


def test_a_city_lies_where_its_port_lies() -> None:
    for city, code in (("Busan", "KRPUS"), ("Vladivostok", "RUVVO"), ("Hamburg", "DEHAM")):
        one, other = find_place(city), find_place(code)
        assert great_circle_km(one.latitude_deg, one.longitude_deg, other.latitude_deg, other.longitude_deg) < 30


def test_folding_is_idempotent() -> None:
    for word in ("Sinŭiju", "Xi’an", "  Zamyn-Uud ", "SAINT  Petersburg"):
        assert folded(folded(word)) == folded(word)
