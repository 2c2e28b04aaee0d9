"""Measures that move together: how a study's many measures become the few moves of a game."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from landbridge.appraisal.assemble import study_projects
from landbridge.core.problems import Problem, StudyError
from landbridge.pipeline.payoff_networks import moves_network
from landbridge.pipeline.payoffs import moves_trade
from landbridge.study.model import Measure, Study

BUNDLES_MAX: Final = 12
"""Moves of a game: 2^12 sets of measures are solved at most."""
NETWORK_BUNDLES_MAX: Final = 8
"""Those among them that change the network: 2^8 networks are searched at most."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """Measures that are added to, or taken from, what stands as one move.

    Attributes
    ----------
    id
        The first measure, and how many more.
    title
        In words.
    measures
        Ids; those that stand in the baseline are taken away, the others added.
    consent
        Members who are asked, in the study's order.
    requires
        Ids of the bundles that must have been made before.
    scenarios
        Scenarios that make all of it.
    on_network
        Whether it changes the network.
    """

    id: str
    title: str
    measures: tuple[str, ...]
    consent: tuple[str, ...]
    requires: tuple[str, ...]
    scenarios: tuple[str, ...]
    on_network: bool


def baseline_of_study(study: Study) -> tuple[str, ...]:
    """Return the ids of the measures that stand in the baseline."""
    return tuple(measure.id for measure in study.measures if measure.in_baseline)


def toggled(study: Study, scenario: str) -> frozenset[str]:
    """Return the measures by which a scenario differs from the baseline."""
    return frozenset(baseline_of_study(study)) ^ frozenset(study.standing(scenario))


def standing_with(study: Study, measures: Sequence[str]) -> tuple[str, ...]:
    """Return what stands once the named measures have changed sides, in the study's order."""
    now = frozenset(baseline_of_study(study)) ^ frozenset(measures)
    return tuple(measure.id for measure in study.measures if measure.id in now)


def scenario_bundles(study: Study, scenario: str) -> tuple[Bundle, ...]:
    """Return a scenario's measures in bundles: those that the same scenarios make stand together.

    Thus a scenario that builds on others is taken apart into what each of them brings.
    """
    chosen = [measure for measure in study.measures if measure.id in toggled(study, scenario)]
    roles = _scenario_roles(study)
    return _bundles(study, chosen, lambda measure: roles[measure.id], study_members(study))


def coalition_bundles(study: Study, players: Sequence[str]) -> tuple[tuple[Bundle, ...], tuple[tuple[str, str], ...]]:
    """Return the moves of the study's coalitions, and the measures that are left out, each with the reason.

    A measure is a move of the game if it moves trade and some scenario or road map makes it. Measures move together
    if they ask the same players, go the same way (added or taken away) and are made by the same scenarios and moves
    of the road map; where that gives more than `BUNDLES_MAX` moves or `NETWORK_BUNDLES_MAX` on the network, if they
    ask the same players, go the same way and both do or do not touch the network; and if that is still too many, if
    they ask the same players and go the same way. A coalition makes a bundle whole or not at all, so its worth is
    a lower bound of what it could reach measure by measure.

    Raises
    ------
    StudyError
        If even that gives more than `BUNDLES_MAX` moves.
    """
    roles = _roles(study)
    chosen, left = [], []
    for measure in study.measures:
        if not moves_trade(measure):
            left.append((measure.id, "it moves visits, not trade"))
        elif not roles[measure.id]:
            left.append((measure.id, "no scenario and no move of the road map makes it"))
        elif not set(measure.consent) & set(players):
            left.append((measure.id, "it asks only parties that are no players"))
        else:
            chosen.append(measure)

    def asked(measure: Measure) -> Hashable:
        return tuple(player for player in players if player in measure.consent), measure.in_baseline

    rules: tuple[Callable[[Measure], Hashable], ...] = (
        lambda measure: (asked(measure), roles[measure.id]),
        lambda measure: (asked(measure), moves_network(measure)),
        asked,
    )
    for rule in rules:
        bundles = _bundles(study, chosen, rule, players)
        if len(bundles) <= BUNDLES_MAX and sum(bundle.on_network for bundle in bundles) <= NETWORK_BUNDLES_MAX:
            return bundles, tuple(left)
    if len(bundles) > BUNDLES_MAX:
        message = (
            f"the measures ask {len(bundles)} different sets of members, which is more than the {BUNDLES_MAX} moves "
            "that all coalitions can be valued for. Join measures, or members that always act together."
        )
        raise StudyError([Problem("LB540", message, "measures.toml", column="consent")])
    return bundles, tuple(left)


def study_members(study: Study) -> tuple[str, ...]:
    """Return the ids of all members."""
    return tuple(member.id for member in study.members)


def works_of(study: Study) -> Mapping[str, tuple[float, str]]:
    """Return what the works of measures cost and who pays them: million USD and member (empty: not stated).

    A measure's own figure counts. Where none of the measures of a project's scenario has one, the project's chosen
    estimates count for the first measure of the scenario that changes the network, paid by its sponsor.
    """
    found = {
        measure.id: (1000.0 * measure.works_usd_bn, measure.paid_by)
        for measure in study.measures
        if measure.works_usd_bn > 0
    }
    holder = {economy: member.id for member in study.members for economy in member.economies}
    projects = study_projects(study.projects.get("project", ()), study.tables) if study.projects else None
    for item in projects.projects if projects else ():
        if not item.scenario:
            continue
        made = toggled(study, item.scenario)
        first = next((m.id for m in study.measures if m.id in made and moves_network(m) and not m.in_baseline), "")
        if not first or made & set(found) or item.project.price is None or projects is None:
            continue
        names = dict.fromkeys(estimate.item for estimate in item.project.estimates)
        chosen = [item.project.chosen(name) for name in names]
        amount = sum(
            e.central * projects.money.factor(e.price, item.project.price) for e in chosen if e.price is not None
        )
        found[first] = (float(amount), holder.get(item.project.sponsor, ""))
    return found


def _scenario_roles(study: Study) -> dict[str, tuple[str, ...]]:
    """Return by measure the scenarios that make it."""
    made = [(scenario.name, toggled(study, scenario.name)) for scenario in study.scenarios]
    return {measure.id: tuple(name for name, those in made if measure.id in those) for measure in study.measures}


def _roles(study: Study) -> dict[str, tuple[str, ...]]:
    """Return by measure the scenarios and the moves of the road map that make it."""
    roles = _scenario_roles(study)
    for move in study.roadmap.get("move", ()):
        for name in (*move["adds"], *move["removes"]):
            roles[name] = (*roles[name], f"move {move['id']}")
    return roles


def _bundles(
    study: Study, measures: Sequence[Measure], rule: Callable[[Measure], Hashable], players: Sequence[str]
) -> tuple[Bundle, ...]:
    groups: dict[Hashable, list[Measure]] = {}
    for measure in measures:
        groups.setdefault(rule(measure), []).append(measure)
    names = {key: _name(group) for key, group in groups.items()}
    home = {measure.id: names[key] for key, group in groups.items() for measure in group}
    scenarios = [(scenario.name, toggled(study, scenario.name)) for scenario in study.scenarios]
    found = []
    for key, group in groups.items():
        needed = [home[r] for measure in group for r in measure.requires if r in home and home[r] != names[key]]
        found.append(
            Bundle(
                names[key],
                _title(group),
                tuple(measure.id for measure in group),
                tuple(player for player in players if any(player in measure.consent for measure in group)),
                tuple(dict.fromkeys(needed)),
                tuple(name for name, made in scenarios if made >= {measure.id for measure in group}),
                any(moves_network(measure) for measure in group),
            )
        )
    return tuple(found)


def _name(group: Sequence[Measure]) -> str:
    return group[0].id if len(group) == 1 else f"{group[0].id}+{len(group) - 1}"


def _title(group: Sequence[Measure]) -> str:
    words = "ended: " if group[0].in_baseline else ""
    return words + "; ".join(measure.title for measure in group)
