"""What a trade scenario may change beside trade cost, and how an equilibrium is to be solved."""

from dataclasses import dataclass
from typing import Final, Literal

from landbridge.core.arrays import Float

DeficitRule = Literal["multiplicative", "balanced", "additive"]
"""How trade deficits behave; see `landbridge.trade.one_sector.solve_trade`."""

SolveMethod = Literal["automatic", "newton", "anderson"]
"""The first method to be tried; all of them fall back to the same safeguarded Newton method."""


@dataclass(frozen=True, slots=True, eq=False)
class Charge:
    """A toll, transit fee or service fee on trade that is income of one economy.

    The charge is part of the trade cost already (``cost_change`` holds it): what is stated here is only who
    receives it. Without it the same money would be a resource cost.

    Attributes
    ----------
    recipient
        Position of the economy that collects it.
    share
        Shape (N, N) or (S, N, N): the charge as a share of the delivered value of the flow net of tariff, in
        the scenario; 0 to below 1.
    baseline_share
        Shape (N, N): the same in the baseline; none if absent.
    """

    recipient: int
    share: Float
    baseline_share: Float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Policy:
    """Tariffs, bans and charges, each exporter by importer, shape (N, N) or (S, N, N) where it may vary.

    Attributes
    ----------
    tariffs
        Ad valorem rates t in the baseline, shape (N, N); 0 if absent.
    new_tariffs
        Rates t' in the scenario, (N, N) or (S, N, N); `tariffs` if absent.
    open_weights
        Shape (N, N): the share ``a_ij = X_fit_ij / E_j`` of spending that a forbidden pair would have by the
        fitted gravity. It counts only where `unbanned` is above 0, so the baseline adds up without it.
    unbanned
        Shape (N, N) or (S, N, N), 0 to 1: how much of that ban is lifted; 0 if absent.
    charges
        Charges that are income of a named economy.
    """

    tariffs: Float | None = None
    new_tariffs: Float | None = None
    open_weights: Float | None = None
    unbanned: Float | None = None
    charges: tuple[Charge, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Shifts:
    """Changes of an economy itself, shape (N,) or (S, N), and how its supply responds.

    Attributes
    ----------
    productivity
        ``A_hat``: output of one unit of the endowment; 1 if absent.
    endowment
        ``L_hat``: units of the endowment (labour); 1 if absent.
    transfers
        Money received (+) or paid (-), in the money of `flows` at unchanged world sales; must sum to 0.
    supply_elasticity
        psi of Allen, Arkolakis and Takahashi (2020): sales respond as ``p (p / P)^psi``. A number or shape
        (N,); 0 is the model of fixed endowments.
    """

    productivity: Float | None = None
    endowment: Float | None = None
    transfers: Float | None = None
    supply_elasticity: float | Float = 0.0


@dataclass(frozen=True, slots=True)
class TradeOptions:
    """How to solve, and what to call economies and scenarios in errors.

    Attributes
    ----------
    tolerance
        Largest admissible residual (relative gap of a row's sales).
    max_iterations
        Of the accelerated fixed point, and of the Newton method, each.
    method
        The first method to be tried.
    labels
        Names of the economies.
    scenario_labels
        Names of the scenarios.
    workers
        Threads over the parts of a batch of many sectors; each wants one BLAS thread. Processes that work side by
        side, as in a sweep, want 1.
    """

    tolerance: float = 1e-10
    max_iterations: int = 60
    method: SolveMethod = "automatic"
    labels: tuple[str, ...] = ()
    scenario_labels: tuple[str, ...] = ()
    workers: int = 1

    def economy(self, position: int) -> str:
        """Return the name of an economy, or its number where it has none."""
        return self.labels[position] if self.labels else f"economy {position}"

    def scenario(self, position: int) -> str:
        """Return the name of a scenario, or its number where it has none."""
        return self.scenario_labels[position] if self.scenario_labels else f"scenario {position}"


NO_POLICY: Final = Policy()
NO_SHIFTS: Final = Shifts()
DEFAULT_OPTIONS: Final = TradeOptions()
