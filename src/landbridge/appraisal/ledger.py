"""The cash-flow table of an appraisal: amounts by item, party and year, in which transfers cancel."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from landbridge.core.arrays import Float, Int, locked
from landbridge.core.tables import Table

Role = Literal["operator", "users", "government", "workers and suppliers", "other operators", "economy", "climate"]


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One item of one party: USD of the study's price year, shape (T,); a gain is positive.

    Attributes
    ----------
    economy
        Economy of the party, ``world`` for the climate.
    financial
        Whether it is in the project's own account (financial rate of return).
    cash
        Whether it is money that can serve debt; a residual value is not.
    cost
        Whether it belongs below the line of the benefit-cost ratio: works, upkeep, operation and what of
        them is a transfer.
    """

    item: str
    economy: str
    role: Role
    usd: Float
    financial: bool = False
    cash: bool = False
    cost: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "usd", locked(self.usd, np.float64))

    @property
    def party(self) -> str:
        """Who gains, for example ``KOR users``."""
        return f"{self.economy} {self.role}"


@dataclass(frozen=True, slots=True, eq=False)
class Ledger:
    """All lines of a project over `years`, shape (T,)."""

    years: Int
    lines: tuple[Line, ...]

    def _sum(self, lines: list[Line]) -> Float:
        return np.asarray(sum((line.usd for line in lines), np.zeros(len(self.years))), dtype=np.float64)

    @property
    def economic(self) -> Float:
        """All parties together: transfers cancel; shape (T,)."""
        return self._sum(list(self.lines))

    @property
    def financial(self) -> Float:
        """The project's own account before financing, shape (T,)."""
        return self._sum([line for line in self.lines if line.financial])

    @property
    def cash(self) -> Float:
        """Cash before debt service, works left out, shape (T,)."""
        return self._sum([line for line in self.lines if line.cash and line.item != "works"])

    @property
    def works(self) -> Float:
        """What the project pays for works, as positive amounts, shape (T,)."""
        return -self._sum([line for line in self.lines if line.financial and line.item == "works"])

    @property
    def costs(self) -> Float:
        """Resource costs, as positive amounts: works, upkeep and operation less taxes and shadow prices; shape (T,)."""
        return -self._sum([line for line in self.lines if line.cost])

    @property
    def benefits(self) -> Float:
        """Everything that is not a cost, shape (T,); less costs it is `economic`."""
        return self._sum([line for line in self.lines if not line.cost])

    def by_party(self) -> dict[str, Float]:
        """Return the amounts of each party, shape (T,); they add up to `economic`."""
        return {
            party: self._sum([line for line in self.lines if line.party == party])
            for party in dict.fromkeys(line.party for line in self.lines)
        }

    def by_economy(self) -> dict[str, Float]:
        """Return the amounts of each economy, shape (T,); they add up to `economic`."""
        return {
            economy: self._sum([line for line in self.lines if line.economy == economy])
            for economy in dict.fromkeys(line.economy for line in self.lines)
        }

    def by_item(self) -> dict[str, Float]:
        """Return the amounts of each item over all parties, shape (T,); they add up to `economic`."""
        return {
            item: self._sum([line for line in self.lines if line.item == item])
            for item in dict.fromkeys(line.item for line in self.lines)
        }

    def table(self, *, unit: str) -> Table:
        """Return the tidy table: item, party, economy, role, year, value, unit."""
        t = len(self.years)
        return Table(
            "cash_flow",
            {
                **{
                    name: np.array([getattr(line, name) for line in self.lines for _ in range(t)], dtype=object)
                    for name in ("item", "party", "economy", "role")
                },
                "year": np.tile(self.years, len(self.lines)),
                "value": np.concatenate([line.usd for line in self.lines]) if self.lines else np.zeros(0),
                "unit": np.array([unit] * (t * len(self.lines)), dtype=object),
            },
        )
