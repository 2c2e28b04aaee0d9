"""What coalitions and road maps say, in plain words computed from the figures themselves."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from landbridge.cooperation.plans import Plan
from landbridge.pipeline.coalition_check import GameCheck
from landbridge.pipeline.coalitions import Cooperation
from landbridge.pipeline.courses import Course
from landbridge.pipeline.payoff_networks import EXACT_NETWORKS
from landbridge.pipeline.plan import RoadMapResult

TINY: Final = 1e-4


def in_words(found: Cooperation) -> tuple[str, ...]:
    """Return what the game of a study's members says, a sentence or two a line; ``**`` marks what is stressed."""
    game = found.game
    names = dict(zip(found.players, found.names, strict=True))
    worth = money(game.worth)
    losers = [found.names[i] for i in np.flatnonzero(found.gains < 0).tolist()]
    made = [bundle.title for bundle in found.bundles if bundle.id in found.moves_of(game.whole)]
    unmade = [bundle for bundle in found.bundles if bundle.id not in found.moves_of(game.whole)]
    said = [
        f"**Together** the members gain {worth} over {found.horizon.years} years at {100 * found.horizon.rate:.3g} % a "
        f"year, by {len(made)} of {len(found.bundles)} moves."
        + (f" Before payments {listed(losers)} would lose." if losers else " Nobody among them loses by it.")
    ]
    if unmade:
        said.append(
            "**Not worth their works or their losses by trade alone:** "
            + "; ".join(_why_not(found, bundle.id, _short(bundle.title)) for bundle in unmade)
            + "."
        )
    if found.stability.core_is_empty:
        who = listed([names[name] for name in found.stability.blocking[0].members])
        said.append(
            f"**It does not hold by itself:** whatever is divided, some coalition can do better alone; {who} objects "
            f"most. {money(found.payments.outside_money)} from outside would hold it together."
        )
    else:
        said.append(
            "**It can hold:** there are divisions to which no coalition objects (the core is not empty)."
            + (
                f" The least payments among members for that come to {money(found.payments.received)}, "
                f"{100 * found.payments.received / game.worth:.2g} % of the joint gain: {_paid(found)}."
                if found.payments.received > 0
                else " None needs to be paid: the members' own gains are such a division."
            )
        )
    vetoes = [found.names[i] for i, veto in enumerate(found.influence.veto) if veto]
    if vetoes:
        said.append(f"**Without {listed(vetoes)} nothing is gained by anyone who acts together.**")
    last = found.influence.last_gain
    top = [i for i in np.argsort(-last)[:3].tolist() if last[i] > 0]
    if top:
        words = ", ".join(f"{found.names[i]} ({money(float(last[i]))} lost without it)" for i in top)
        said.append(f"**Hardest to replace:** {words}.")
    if not found.superadditive.holds:
        pair = found.superadditive.first, found.superadditive.second
        first, second = (listed([names[m] for m in part]) for part in pair)
        said.append(
            f"**Joining is not always worth more than apart:** {first} beside {second} are worth "
            f"{money(found.superadditive.shortfall)} more than all of them as one: what one side does worsens the "
            "other's terms of trade, which counts only when they act as one."
        )
    if found.taken_to_consent:
        said.append(f"**Taken to consent** (no economy of their own): {', '.join(found.taken_to_consent)}.")
    if found.spread is not None:
        low, high = (money(float(end[-1])) for end in found.spread.value)
        said.append(
            f"Over {found.spread.draws} draws of the trade elasticity, the choice scale and the effect of agreements "
            "the joint gain lies between "
            f"{low} and {high}; the core is empty in {100 * found.spread.core_empty_share:.0f} % of them."
        )
    return tuple(line for line in said if line)


def short_cuts(found: Cooperation) -> str:
    """Return what the game leaves out to value all coalitions at once."""
    many = 1 << sum(bundle.on_network for bundle in found.bundles)
    routes = (
        f"Routes were searched on {found.freight_states} networks; what more than three groups of measures on the "
        "network do together beyond what each three of them do is left out."
        if found.freight_states < many and many > EXACT_NETWORKS
        else f"Routes were searched on all {found.freight_states} networks that differ."
    )
    queues = (
        f"What queues at gates change was taken from {found.full_runs} sets of moves that were run in full: those on "
        "the network one by one, and the pairs of them that interact most."
        if found.full_runs
        else "No gate has a capacity, so there are no queues."
    )
    return f"{queues} {routes}"


def check_in_words(check: GameCheck) -> str:
    """Return how far the game was from full runs."""
    return (
        f"{len(check.states)} sets of moves, that of all together among them, were run in full, with queues and every "
        f"network searched: joint gains differ by up to {100 * check.joint:.1f} % of the largest, those of single "
        f"members by up to {100 * check.largest:.1f} %."
    )


def road_map_in_words(found: RoadMapResult) -> tuple[str, ...]:
    """Return what a road map says, a sentence or two a line."""
    answer = found.answer
    goal = "; ".join(found.title(name) for name in found.road_map.goal)
    said = []
    if answer.reached:
        said.append(f"**The goal is within reach** ({goal}): nobody asked refuses in {answer.orders:,} orders.")
        if answer.exchange_unlocks:
            said.append("**Only moves made at once reach it:** step by step, one party would always have to go first.")
    else:
        far = answer.as_far_as
        said.append(
            f"**The goal is out of reach** ({goal}) under the stated worths: some party asked would rather stay. "
            + (
                f"The parties go {len(far.steps)} steps, as far as: "
                f"{' and '.join(found.title(name) for name in far.steps[-1].made)}."
                if far.steps
                else "They do not even begin."
            )
        )
        bridge = answer.bridge
        if bridge.binding_step:
            who = listed([found.name(party) for party in bridge.binding_party])
            step = listed([found.title(name) for name in bridge.binding_step])
            said.append(
                f"**What it would take:** payments of {money(bridge.total)} in all, each when its step is made "
                f"(present value {money(bridge.present)}, lapses counted). The largest is asked by {who} at: {step}."
            )
        said.append(_at_once(found))
    if found.with_payments.reached and not answer.reached:
        orders = f"{found.with_payments.orders:,} orders"
        said.append(
            f"**If the parties asked may pay one another** it is within reach, in {orders}: those who gain could make "
            "good what others lose."
        )
    if found.myopic.reached != answer.reached:
        said.append(
            "Parties who look at one year only would "
            + ("reach it." if found.myopic.reached else "not reach it: foresight carries it.")
        )
    said.append(_switches(found))
    last = int(found.agreed.timeline.years[-1])
    agreed, willing = 100 * float(found.agreed.goal[-1]), 100 * float(found.willing.goal[-1])
    said.append(
        f"**Chance by {last}** with dates, chances and lapses as stated: {agreed:.0f} % with the parties' consent; "
        f"{willing:.0f} % if all agreed to every move, which is what chance and time alone allow."
    )
    said += [_target_in_words(*courses) for courses in zip(found.agreed.courses, found.willing.courses, strict=True)]
    return tuple(line for line in said if line)


def _target_in_words(agreed: Course, willing: Course) -> str:
    """Return how likely a target is without the road map, with consent, and if all agree."""
    if agreed.chance_without != agreed.chance_without:  # its year is not drawn
        return ""
    at = int(np.flatnonzero(agreed.path.years == agreed.target_year)[0])
    low, middle, high = (agreed.projected.quantiles[at, k] for k in (0, 2, 4))
    return (
        f"**{agreed.title}, {amount(agreed.target)} {agreed.unit} by {agreed.target_year}:** chance "
        f"{_percent(agreed.chance)} with the moves that all asked agree to, {_percent(willing.chance)} if all agreed "
        f"to every move, {_percent(agreed.chance_without)} without any. It needs {100 * agreed.required_growth:.1f} % "
        f"growth a year; with consent it comes to {amount(middle)} (90 % of draws: {amount(low)} to {amount(high)})."
    )


def _percent(chance: float) -> str:
    return f"{100 * chance:.0f} %"


def _at_once(found: RoadMapResult) -> str:
    """Return what simultaneous moves are needed for, with foresight or without; empty if for nothing."""
    together, alone = (_made(answer.as_far_as) for answer in (found.answer, found.one_by_one))
    if together - alone:
        return f"**Only moves made at once bring** {_quoted(found, together - alone)}."
    together, alone = (_made(answer.as_far_as) for answer in (found.myopic, found.myopic_one_by_one))
    if together - alone:
        return (
            "**Moves made at once matter to parties without foresight:** who looks at one year only would make "
            f"{_quoted(found, together - alone)} in exchange, but not one by one."
        )
    return ""


def _quoted(found: RoadMapResult, names: set[str]) -> str:
    """Return the titles of elements in the road map's order, in quotation marks."""
    return listed([f"\u201c{found.title(name)}\u201d" for name in found.elements if name in names])


def _made(plan: Plan) -> set[str]:
    return {name for step in plan.steps for name in step.made}


def money(amount: float) -> str:
    """Return million USD as a person says them."""
    if abs(amount) >= 1000:
        return f"{amount / 1000:,.1f} billion USD"
    return f"{amount:,.0f} million USD" if abs(amount) >= 10 else f"{amount:.2g} million USD"


def amount(value: float) -> str:
    """Return a number in three figures, never as a power of ten; what is under 0.0001 is 0."""
    if abs(value) < TINY:
        return "0"
    if abs(value) < 0.001:
        return f"{value:.4f}"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def listed(names: Sequence[str]) -> str:
    """Return names as a list in a sentence."""
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)


def _switches(found: RoadMapResult) -> str:
    into = "out of reach" if found.answer.reached else "within reach"
    if not found.searched:
        return ""
    if not found.switching:
        scale = found.scale.value
        return f"No single stated worth, changed alone, would bring the goal {into}" + (
            f"; all of them times {scale:.2f} would."
            if scale is not None
            else ", nor would all of them scaled together."
        )
    nearest = found.switching[:4]
    words = "; ".join(
        f"{found.name(one.party)} values \u201c{found.title(one.element)}\u201d at {(one.value or 0.0) / 1000:+.2f} "
        f"instead of {one.stated / 1000:+.2f} billion USD a year"
        for one in nearest
    )
    return f"**Switching values:** the goal comes {into} if, all else equal, {words}."


def _short(title: str) -> str:
    """Return the first of several titles, and how many more there are."""
    first, *more = title.split("; ")
    return f"{first} and {len(more)} more" if more else first


def _why_not(found: Cooperation, name: str, title: str) -> str:
    situation = found.situation
    at = int(found.passive.chosen[-1])
    change = float((situation.payoff[at | 1 << situation.ids.index(name)] - situation.payoff[at]).sum())
    return f"{title} ({money(change)} if added)"


def _paid(found: Cooperation) -> str:
    return ", ".join(
        f"{name} {'receives' if amount > 0 else 'pays'} {money(abs(amount))}"
        for name, amount in zip(found.names, found.payments.payment.tolist(), strict=True)
        if abs(amount) > 0
    )
