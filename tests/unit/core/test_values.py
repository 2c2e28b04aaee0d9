"""The shared values: locked arrays, coded words, matrices, tables, digests, problems."""

from dataclasses import dataclass

import numpy as np
import pytest

from landbridge.core.arrays import NO_LINK, locked, positions
from landbridge.core.coded import Coded
from landbridge.core.columns import Column
from landbridge.core.digests import digest
from landbridge.core.matrices import Matrix
from landbridge.core.problems import Problem, StudyError, refuse
from landbridge.core.tables import Table


def test_locked_copies_what_others_could_change_and_keeps_what_nobody_can() -> None:
    mine = np.arange(3.0)
    held = locked(mine)
    mine[0] = 9
    assert held[0] == 0
    assert locked(held) is held
    with pytest.raises(ValueError, match="read-only"):
        held[0] = 1


def test_an_unknown_label_has_no_position() -> None:
    assert positions(["b", "x", "a"], ["a", "b"]).tolist() == [1, NO_LINK, 0]


def test_coded_words_survive_taking_joining_and_renaming() -> None:
    words = ["", "DE", "PL", "DE"]
    coded = Coded.of(words)
    assert coded.text().tolist() == words
    assert coded.take(np.array([3, 2])).text().tolist() == ["DE", "PL"]
    joined = coded.followed_by(Coded.of(["PL", "FR"]))
    assert joined.text().tolist() == [*words, "PL", "FR"]
    assert coded.with_words(np.array([0]), "FR").text().tolist() == ["FR", "DE", "PL", "DE"]
    assert coded.text().tolist() == words
    assert coded.mask("DE").tolist() == [False, True, False, True]
    assert not coded.mask("nowhere").any()


def test_a_matrix_refuses_nan_and_wrong_labels() -> None:
    with pytest.raises(ValueError, match="nan is not a value"):
        Matrix(np.array([[np.nan]]), ("a",), ("b",), "time", "hours")
    with pytest.raises(ValueError, match="shape"):
        Matrix(np.zeros((2, 1)), ("a",), ("b",), "time", "hours")
    assert Matrix(np.array([[1.0, np.inf]]), ("a",), ("a", "b"), "time", "hours").at("a", "b") == np.inf


def test_a_number_column_must_say_its_unit() -> None:
    assert Column("dwell_hours", "number", "hours").unit == "hours"
    assert Column("cost_usd_per_teu_km", "number", "cost").unit == "USD per TEU-km"
    with pytest.raises(ValueError, match="must end in its unit"):
        Column("dwell", "number", "hours")


def test_tables_are_equal_when_cells_are_nan_included() -> None:
    one = Table("t", {"a_hours": np.array([1.0, np.nan]), "b": np.array(["x", "y"], dtype=object)})
    two = Table("t", {"a_hours": np.array([1.0, np.nan]), "b": np.array(["x", "y"], dtype=object)})
    assert one.equals(two)
    assert not one.equals(one.where(np.array([0])))
    assert one.rows()[0] == {"a_hours": 1.0, "b": "x"}
    with pytest.raises(ValueError, match="different lengths"):
        Table("t", {"a": np.zeros(2), "b": np.zeros(3)})


@dataclass(frozen=True)
class Pair:
    left: object
    right: object


def test_a_digest_tells_values_apart_and_not_the_order_of_keys() -> None:
    assert digest({"a": 1, "b": 2.0}) == digest({"b": 2.0, "a": 1})
    seen = {digest(value) for value in (1, 1.5, "1", [1], Pair(1, 2), Pair(2, 1), np.ones(2), np.ones(3), (1, 2))}
    assert len(seen) == 9


def test_a_warning_does_not_stop_and_a_fault_brings_all_the_others() -> None:
    warning = Problem("LB001", "Odd.", severity="warning")
    refuse([warning])
    with pytest.raises(StudyError) as caught:
        refuse([warning, Problem("LB002", "Wrong. Do this.", "links.csv", 3, "time_hours")])
    assert [problem.code for problem in caught.value.problems] == ["LB001", "LB002"]
    assert str(caught.value.problems[1]) == "links.csv:3:time_hours: Wrong. Do this. [LB002]"
