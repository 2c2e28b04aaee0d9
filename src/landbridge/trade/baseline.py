"""The baseline of the one-sector model: shares, sales, spending and deficits read from flows."""

from dataclasses import dataclass

import numpy as np

from landbridge.core.arrays import Float, locked
from landbridge.core.problems import Problem, refuse
from landbridge.trade.options import Policy


@dataclass(frozen=True, slots=True, eq=False)
class TradeBaseline:
    """A consistent set of flows and what follows from them.

    Attributes
    ----------
    flows
        X, shape (N, N), exporter by importer, net of tariffs, with domestic sales.
    shares
        ``lambda_ij = X_ij (1 + t_ij) / E_j``, shape (N, N); columns sum to 1.
    sales
        ``Y_i = sum_j (1 - phi_ij) X_ij``, shape (N,), phi the charges already in the flows.
    spending
        ``E_j = sum_i X_ij (1 + t_ij)``, shape (N,).
    deficit
        ``D = E - Y`` less tariffs and charges collected, shape (N,); sums to 0.
    """

    flows: Float
    shares: Float
    sales: Float
    spending: Float
    deficit: Float

    def __post_init__(self) -> None:
        for name in ("flows", "shares", "sales", "spending", "deficit"):
            object.__setattr__(self, name, locked(getattr(self, name), np.float64))


def read_baseline(flows: Float, policy: Policy, labels: tuple[str, ...] = ()) -> TradeBaseline:
    """Return the baseline that the flows and the policy's baseline tariffs and charges make.

    Raises
    ------
    StudyError
        If an economy sells or buys nothing.
    """
    tariff = np.zeros(1) if policy.tariffs is None else policy.tariffs
    gross = flows * (1.0 + tariff)
    spending = gross.sum(0)
    income = (gross - flows).sum(0)
    producers = flows
    for charge in policy.charges:
        if charge.baseline_share is not None:
            taken = flows * charge.baseline_share
            producers = producers - taken
            income[charge.recipient] += taken.sum()
    sales = producers.sum(1)
    names = labels or tuple(f"economy {i}" for i in range(len(flows)))
    refuse(
        Problem(
            "LB402", f"{names[int(i)]} {what} nothing. Leave it out or give its domestic sales.", "flows", int(i) + 1
        )
        for what, totals in (("sells", sales), ("buys", spending))
        for i in np.flatnonzero(~(totals > 0))
    )
    return TradeBaseline(flows, gross / spending, sales, spending, spending - sales - income)
