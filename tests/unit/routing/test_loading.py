"""Sums of loads by hand."""

import importlib.util
from dataclasses import replace
from pathlib import Path

import numpy as np

from landbridge.core.coded import Coded
from landbridge.routing.loading import charges_by_earner, named_loads, teu_km
from landbridge.routing.states import compile_states

_spec = importlib.util.spec_from_file_location("small_networks", Path(__file__).with_name("small_networks.py"))
small = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(small)

LINKS = [
    (0, 1, 1.0, {"mode": "rail", "gauge": 1520, "km": 10.0, "country": "RU", "charge": 2.0}),
    (1, 2, 1.0, {"mode": "sea", "km": 60.0, "passage": "suez", "charge": 1.0}),
    (2, 3, 1.0, {"mode": "sea", "km": 20.0, "passage": "suez"}),
    (3, 4, 1.0, {"mode": "rail", "gauge": 1520, "km": 5.0, "country": "RU"}),
]
PORT = [(1, "rail", 1520, "sea", 0, 5.0, {"name": "RUVVO", "charge": 10.0})]
LOADS = np.array([[7.0, 7.0, 3.0, 0.0, 7.0], [0.0, 0.0, 0.0, 4.0, 0.0]])


def test_teu_km_by_mode_and_country() -> None:
    found = teu_km(small.make_network(5, LINKS, PORT), LOADS)
    assert {key: value.tolist() for key, value in found.items()} == {
        ("rail", "RU"): [70.0, 20.0],
        ("sea", ""): [480.0, 0.0],
    }


def test_charges_go_to_who_earns_them() -> None:
    network = small.make_network(5, LINKS, PORT)
    network = replace(
        network,
        links=replace(network.links, charge_to=Coded.of(["RUS", "EGY", "", ""])),
        transfers=replace(network.transfers, charge_to=Coded.of(["RUS"])),
    )
    found = charges_by_earner(network, compile_states(network, places=np.zeros(0, np.int64)).values, LOADS)
    assert {key: value.tolist() for key, value in found.items()} == {"RUS": [84.0, 0.0], "EGY": [7.0, 0.0]}


def test_a_passage_counts_a_whole_transit_once() -> None:
    found = named_loads(small.make_network(5, LINKS, PORT), LOADS)
    # 7 TEU over 60 of 80 km and 3 over 20
    assert found["suez"].tolist() == [7 * 0.75 + 3 * 0.25, 0.0]
    assert found["RUVVO"].tolist() == [7.0, 0.0]
