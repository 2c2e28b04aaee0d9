"""Routes between cities on the world network: what a forwarder would say."""

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from landbridge.core.problems import InfeasibleError, StudyError
from landbridge.network.base import ports_without_containers, world_network
from landbridge.network.network import ALL_MONTHS
from landbridge.routing.generalised import PLAIN, generalised_cost
from landbridge.routing.paths import best_path
from landbridge.routing.places import join_places
from landbridge.routing.routes import Route, RouteConditions, describe, route
from landbridge.routing.states import compile_states

CITIES = (
    "Busan", "Shanghai", "Tokyo", "Singapore", "Mumbai", "Dubai", "Hamburg", "Rotterdam",
    "London", "Moscow", "Istanbul", "Lagos", "Johannesburg",
    "Cairo", "New York City", "Los Angeles", "Chicago", "Buenos Aires", "Sydney", "Almaty",
)  # fmt: skip


@pytest.fixture(scope="module")
def orders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("orders")


@pytest.fixture(autouse=True)
def _cache(orders: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANDBRIDGE_CACHE", str(orders))


@pytest.fixture(scope="module")
def every_pair() -> dict[tuple[str, str], Route]:
    """All 190 best routes on one graph that all cities were joined to, rather than on a graph for each pair."""
    network, nodes = join_places(world_network(), CITIES)
    graph = compile_states(network, places=np.array(nodes))
    cost = generalised_cost(graph.values, PLAIN)
    cost = np.where(graph.values.months == ALL_MONTHS, cost, np.inf)
    found = {}
    for i, j in combinations(range(len(CITIES)), 2):
        path = best_path(graph, cost, int(graph.departs[i]), int(graph.arrives[j]))
        assert path is not None
        told = describe(network, graph, path, float(cost[path].sum()), n_links=len(network.links))
        found[CITIES[i], CITIES[j]] = told
    return found


@pytest.mark.parametrize("pair", [("Busan", "Moscow"), ("Singapore", "Moscow"), ("Lagos", "Chicago")])
def test_cities_joined_together_have_the_routes_of_cities_joined_alone(
    every_pair: dict[tuple[str, str], Route], pair: tuple[str, str]
) -> None:
    alone = route(world_network(), *pair)[0]
    assert every_pair[pair].generalised_usd_per_teu == pytest.approx(alone.generalised_usd_per_teu)
    assert _names(every_pair[pair]) == _names(alone)


def _check(found: Route) -> None:
    assert found.hours == pytest.approx(sum(leg.hours for leg in found.legs))
    assert found.usd_per_teu == pytest.approx(sum(leg.usd_per_teu for leg in found.legs))
    assert found.km == pytest.approx(sum(leg.km for leg in found.legs))
    for one, other in zip(found.legs, found.legs[1:], strict=False):
        assert one.to_name == other.from_name
        assert one.points[-1] == other.points[0]


def _names(found: Route) -> set[str]:
    return {word for leg in found.legs for word in (leg.from_name, leg.to_name, *leg.passes)}


def test_every_pair_of_twenty_cities_has_a_route_that_a_forwarder_would_believe(
    every_pair: dict[tuple[str, str], Route],
) -> None:
    ports = {name for found in every_pair.values() for leg in found.legs if leg.mode == "sea" for name in (
        leg.from_name, leg.to_name)}  # fmt: skip
    for (a, b), found in every_pair.items():
        _check(found)
        ends = np.radians([found.legs[0].points[0], found.legs[-1].points[-1]])
        x = np.stack(
            [np.cos(ends[:, 0]) * np.cos(ends[:, 1]), np.cos(ends[:, 0]) * np.sin(ends[:, 1]), np.sin(ends[:, 0])]
        )
        sphere = 6371 * np.arccos(np.clip(x[:, 0] @ x[:, 1], -1, 1))
        assert sphere * 0.99 <= found.km <= 25_000
        assert found.modes[0] == "road"
        assert found.modes[-1] == "road"
        # one change of ship is not modelled, so two sea legs would be a container that is landed and shipped again
        assert found.modes.count("sea") <= 1, (a, b)
        assert found.hours < 37 * 24
    # no port without container lines is a gateway
    for code in ports_without_containers():
        assert not any(f"({code})" in name for name in ports)


@pytest.mark.parametrize(
    ("a", "b", "passes"),
    [
        ("Busan", "Hamburg", {"malacca", "suez"}),
        ("Mumbai", "New York City", {"suez", "gibraltar"}),
        ("Singapore", "Lagos", {"cape-of-good-hope"}),
        ("Busan", "Buenos Aires", {"cape-of-good-hope"}),
        ("London", "Los Angeles", {"panama"}),
        ("New York City", "Sydney", {"panama"}),
        ("Shanghai", "Almaty", {"Khorgos-Altynkol"}),
        ("Busan", "Moscow", {"Vladivostok (RUVVO)"}),
        ("Singapore", "Johannesburg", {"Durban (ZADUR)"}),
        ("Singapore", "Moscow", {"suez", "bosporus", "Novorossiysk (RUNVS)"}),
        ("Hamburg", "Chicago", {"Ville-Marie (CAMTR)"}),
        ("Mumbai", "Almaty", {"Bandar Abbas (IRBND)"}),
        ("Mumbai", "Singapore", {"Navi Mumbai (INNSA)"}),
    ],
)
def test_gateways_and_straits_are_those_of_the_trade(
    every_pair: dict[tuple[str, str], Route], a: str, b: str, passes: set[str]
) -> None:
    found = every_pair.get((a, b)) or every_pair[b, a]
    assert passes <= _names(found)


def test_asia_to_europe_goes_by_suez_and_the_cape_is_longer() -> None:
    network = world_network()
    suez = route(network, "Busan", "Rotterdam")[0]
    assert any("suez" in leg.passes for leg in suez.legs)
    cape = route(network, "Busan", "Rotterdam", conditions=RouteConditions(avoid=("suez", "panama", "RU", "CN")))[0]
    assert any("cape-of-good-hope" in leg.passes for leg in cape.legs)
    # published sea distances: 10,910 and 14,230 nautical miles
    sea = [sum(leg.km for leg in found.legs if leg.mode == "sea") for found in (suez, cape)]
    assert sea == pytest.approx([10_910 * 1.852, 14_230 * 1.852], rel=0.03)


def test_alternatives_to_moscow_differ_in_how_they_go() -> None:
    routes = route(world_network(), "Busan", "Moscow", alternatives=3)
    for found in routes:
        _check(found)
    assert len(routes) == 3
    assert len({tuple(leg.passes for leg in found.legs) for found in routes}) == 3
    costs = [found.generalised_usd_per_teu for found in routes]
    assert costs == sorted(costs)


def test_the_northern_sea_route_is_for_the_summer() -> None:
    network = world_network()
    via = ("northern-sea-route",)
    summer = route(network, "Busan", "Hamburg", conditions=RouteConditions(via=via, month=9))[0]
    assert any("northern-sea-route" in leg.passes for leg in summer.legs)
    with pytest.raises(InfeasibleError, match=r"northern-sea-route \(open in months"):
        route(network, "Busan", "Hamburg", conditions=RouteConditions(via=via))


def test_least_hours_costs_and_emissions_are_the_least_of_their_kind() -> None:
    network = world_network()
    found = {by: route(network, "Shanghai", "Warsaw", by=by)[0] for by in ("hours", "usd", "co2", "generalised")}
    for by, column in (
        ("hours", "hours"), ("usd", "usd_per_teu"), ("co2", "co2_kg_per_teu"),
        ("generalised", "generalised_usd_per_teu"),
    ):  # fmt: skip
        assert getattr(found[by], column) == pytest.approx(min(getattr(r, column) for r in found.values()))


def test_places_by_code_coordinates_and_text_are_the_same_place() -> None:
    network = world_network()
    by_pair, by_text = route(network, (55.752, 37.618), "KRPUS")[0], route(network, "55.752, 37.618", "KRPUS")[0]
    assert by_pair.hours == by_text.hours == pytest.approx(route(network, "Moscow", "KRPUS")[0].hours)
    assert by_pair.destination == "Busan (KRPUS)"


def test_unknown_places_are_all_named_with_what_is_like_them() -> None:
    with pytest.raises(StudyError) as found:
        route(world_network(), "Bussan", "Moskva-Gorod")
    assert "Did you mean Busan" in str(found.value.problems[0])
    assert len(found.value.problems) == 2
    with pytest.raises(StudyError, match="names no crossing"):
        route(world_network(), "Busan", "Moscow", conditions=RouteConditions(avoid=("atlantis",)))
