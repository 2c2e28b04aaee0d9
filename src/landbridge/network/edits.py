"""Measures on the network as frozen edits: each can say its faults and can apply itself to a copy."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import numpy as np

from landbridge.core.arrays import Bool, Float
from landbridge.core.coded import Coded
from landbridge.core.problems import Problem, refuse
from landbridge.network.network import Links, Network, Transfers
from landbridge.network.selection import Selector, part_of_whole

Quantity = Literal[
    "speed_kmh", "wait_hours", "hours", "cost_usd_per_teu", "charge_usd_per_teu", "capacity_teu_per_year"
]
"""What a number edit changes: speed and wait (dwell) of links, hours, cost, charge and capacity of both.

``hours`` is the whole time: of a transfer its handling, of a link running and wait in one proportion.
"""
_LINKS_ONLY: Final = ("speed_kmh", "wait_hours")
_SPREAD: Final = ("wait_hours", "charge_usd_per_teu", "hours", "cost_usd_per_teu")
"""Set once a transit of a passage or section: each link takes its part by length."""


@dataclass(frozen=True, slots=True)
class SetTo:
    """The new value."""

    value: float


@dataclass(frozen=True, slots=True)
class ScaleBy:
    """The factor on the present value."""

    factor: float


@dataclass(frozen=True, slots=True)
class Open:
    """Open what is closed."""

    where: Selector

    def problems(self, network: Network) -> list[Problem]:
        """Return the faults of this edit on `network`: unknown words, nothing meant, or all of it open already."""
        return self.where.problems(network) or _switch_problems(network, self.where, becomes=True)

    def apply(self, network: Network) -> Network:
        """Return the network with the chosen links and transfers open."""
        return _switched(network, self.where, becomes=True)


@dataclass(frozen=True, slots=True)
class Close:
    """Close what is open."""

    where: Selector

    def problems(self, network: Network) -> list[Problem]:
        """Return the faults of this edit on `network`: unknown words, nothing meant, or all of it closed already."""
        return self.where.problems(network) or _switch_problems(network, self.where, becomes=False)

    def apply(self, network: Network) -> Network:
        """Return the network with the chosen links and transfers closed."""
        return _switched(network, self.where, becomes=False)


@dataclass(frozen=True, slots=True)
class Season:
    """Set the months in which links and transfers are open."""

    where: Selector
    first_month: int
    last_month: int
    """Before `first_month`: over the turn of the year."""

    def problems(self, network: Network) -> list[Problem]:
        """Return the faults of this edit on `network`."""
        found = self.where.problems(network)
        if not (1 <= self.first_month <= 12 and 1 <= self.last_month <= 12):
            text = f"season {self.first_month} to {self.last_month} is outside 1 to 12. Give months of the year."
            found.append(Problem("LB303", text, column="first_month"))
        if not found and not _differs(network, self.apply(network)):
            found.append(_idle(self.where, "the months are those of the network already"))
        return found

    def apply(self, network: Network) -> Network:
        """Return the network with the new months."""
        bits = month_bits(self.first_month, self.last_month)
        rows, others = self.where.links(network), self.where.transfers(network)
        months = np.where(rows, np.uint16(bits), network.links.months).astype(np.uint16)
        also = np.where(others, np.uint16(bits), network.transfers.months).astype(np.uint16)
        return replace(
            network,
            links=replace(network.links, months=months),
            transfers=replace(network.transfers, months=also),
        )


@dataclass(frozen=True, slots=True)
class ChangeNumber:
    """Set or scale one quantity of links and transfers.

    A wait, cost, charge or time that is set counts once a transit of a passage or a named section, so each
    link takes the part that its length is of the whole; a speed or capacity is set on every link.
    """

    where: Selector
    quantity: Quantity
    change: SetTo | ScaleBy
    charge_to: str = ""
    """Economy that earns a charge; empty: as it is."""

    def problems(self, network: Network) -> list[Problem]:
        """Return the faults of this edit on `network`: unknown words, impossible values, or no change."""
        found = self.where.problems(network)
        number = self.change.value if isinstance(self.change, SetTo) else self.change.factor
        least = 0.0 if self.quantity != "speed_kmh" else 1e-9
        if not number >= least or (not np.isfinite(number) and self.quantity != "capacity_teu_per_year"):
            bound = "above 0" if self.quantity == "speed_kmh" else "from 0"
            found.append(
                Problem("LB303", f"{self.quantity}: {number} cannot be. Give a number {bound}.", column=self.quantity)
            )
        if not found and not _differs(network, self.apply(network)):
            found.append(_idle(self.where, f"{self.quantity} is as it was"))
        return found

    def apply(self, network: Network) -> Network:
        """Return the network with the new numbers."""
        rows = self.where.links(network)
        links = self._links(network, rows) if rows.any() else network.links
        others = self.where.transfers(network)
        transfers = network.transfers
        if others.any() and self.quantity not in _LINKS_ONLY:
            name = "time_hours" if self.quantity == "hours" else self.quantity
            new = self._numbers(getattr(transfers, name), others, np.ones(len(transfers)))
            changed: dict[str, Any] = {name: new, "charge_to": self._earner(transfers.charge_to, others)}
            transfers = replace(transfers, **changed)
        return replace(network, links=links, transfers=transfers)

    def _numbers(self, old: Float, rows: Bool, part: Float) -> Float:
        """Return the column with the chosen rows changed."""
        if isinstance(self.change, SetTo):
            return np.where(rows, self.change.value * part, old)
        with np.errstate(invalid="ignore"):
            return np.where(rows, old * self.change.factor, old)

    def _earner(self, old: Coded, rows: Bool) -> Coded:
        """Return who earns the charge."""
        if self.quantity != "charge_usd_per_teu" or not self.charge_to:
            return old
        return old.with_words(rows, self.charge_to)

    def _links(self, network: Network, rows: Bool) -> Links:
        """Return the links with the chosen rows changed; running and waiting stay apart."""
        links = network.links
        part = part_of_whole(network, rows) if self.quantity in _SPREAD else np.ones(len(links))
        running = links.time_hours - links.wait_hours
        if self.quantity == "speed_kmh":
            present = np.divide(links.km, running, out=np.full(len(links), np.inf), where=running > 0)
            speed = self._numbers(present, rows, part)
            hours = np.where(rows, links.wait_hours + links.km / speed, links.time_hours)
            return replace(links, time_hours=hours, speed_kmh=np.where(rows, speed, links.speed_kmh))
        if self.quantity == "wait_hours":
            wait = self._numbers(links.wait_hours, rows, part)
            return replace(links, wait_hours=wait, time_hours=np.where(rows, running + wait, links.time_hours))
        if self.quantity == "hours":
            hours = self._numbers(links.time_hours, rows, part)
            ratio = np.divide(hours, links.time_hours, out=np.ones(len(links)), where=links.time_hours > 0)
            return replace(links, time_hours=hours, wait_hours=links.wait_hours * ratio)
        new = self._numbers(getattr(links, self.quantity), rows, part)
        changed: dict[str, Any] = {self.quantity: new, "charge_to": self._earner(links.charge_to, rows)}
        return replace(links, **changed)


Edit = Open | Close | Season | ChangeNumber


def month_bits(first_month: int, last_month: int) -> int:
    """Return one bit a month from first to last, over the turn of the year where last is before first."""
    months = range(1, 13)
    if first_month <= last_month:
        return sum(1 << (m - 1) for m in months if first_month <= m <= last_month)
    return sum(1 << (m - 1) for m in months if m >= first_month or m <= last_month)


def _idle(where: Selector, why: str) -> Problem:
    """Return the fault of an edit that changes nothing."""
    return Problem("LB304", f"An edit changes nothing on {where}: {why}. Leave it out or change its values.")


def _switch_problems(network: Network, where: Selector, *, becomes: bool) -> list[Problem]:
    """Return a fault if all that is meant is as the edit would make it."""
    if _differs(network, _switched(network, where, becomes=becomes)):
        return []
    return [_idle(where, "it is open already" if becomes else "it is closed already")]


def _switched(network: Network, where: Selector, *, becomes: bool) -> Network:
    """Return the network with the chosen links and transfers open or closed."""
    rows, others = where.links(network), where.transfers(network)
    return replace(
        network,
        links=replace(network.links, open=np.where(rows, becomes, network.links.open)),
        transfers=replace(network.transfers, open=np.where(others, becomes, network.transfers.open)),
    )


_COLUMNS: Final = ("time_hours", "cost_usd_per_teu", "charge_usd_per_teu", "capacity_teu_per_year", "months", "open")


def _differs(one: Network, other: Network) -> bool:
    """Tell whether any number, month or state that an edit can change differs."""

    def same(a: Links | Transfers, b: Any) -> bool:  # noqa: ANN401
        earners = a.charge_to is b.charge_to or np.array_equal(a.charge_to.text(), b.charge_to.text())
        return earners and all(np.array_equal(getattr(a, c), getattr(b, c)) for c in _COLUMNS)

    links = one.links is other.links or same(one.links, other.links)
    return not (links and (one.transfers is other.transfers or same(one.transfers, other.transfers)))


def apply_measures(network: Network, measures: Sequence[Edit]) -> Network:
    """Return a copy of the network with all edits applied in order; the network itself is left alone.

    Raises
    ------
    StudyError
        With the faults of all edits; each is looked at on the network as the edits before it leave it.
        Nothing is applied then. An edit that changes nothing is a fault.
    """
    found: list[Problem] = []
    edited = network
    for edit in measures:
        problems = edit.problems(edited)
        found += problems
        if not problems:
            edited = edit.apply(edited)
    refuse(found)
    return edited
