"""The network and the conditions that a single route is searched on."""

from collections.abc import Sequence

from landbridge.network.base import world_network
from landbridge.network.network import Network
from landbridge.routing.generalised import PLAIN
from landbridge.routing.routes import RouteConditions


def network_of(study: str | None, scenario: str | None) -> Network:
    """Return the world's network at default rates, or a study's as one of its scenarios leaves it.

    Raises
    ------
    StudyError
        If there is no such study or scenario, or a scenario is named without a study.
    """
    if study is None:
        if scenario is not None:
            from landbridge.core.problems import Problem, StudyError

            raise StudyError([Problem("LB531", "A scenario belongs to a study. Add --study NAME.", "scenario")])
        return world_network()
    from landbridge.pipeline.edits import apply_standing
    from landbridge.pipeline.ground import build_network
    from landbridge.pipeline.scenarios import check_scenarios
    from landbridge.study.reader import read_study

    read = read_study(study)
    name = scenario or read.scenarios[0].name
    check_scenarios(read, [name])
    network, _ = build_network(read)
    return apply_standing(read, read.standing(name), network)


def conditions_of(study: str | None, via: Sequence[str], avoid: Sequence[str], month: int | None) -> RouteConditions:
    """Return the conditions of a search; a study's first class counts its time, else the plain class."""
    freight = PLAIN
    if study is not None:
        from landbridge.pipeline.inputs import read_inputs
        from landbridge.study.reader import read_study

        freight = read_inputs(read_study(study)).classes[0]
    return RouteConditions(via=tuple(via), avoid=tuple(avoid), freight=freight, month=month)
