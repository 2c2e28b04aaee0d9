"""The baseline of the many-sector model: what sectors buy from each other, who trades what, and who earns what."""

from dataclasses import dataclass

import numpy as np

from landbridge.core.arrays import Float, locked
from landbridge.core.problems import Problem, refuse


@dataclass(frozen=True, slots=True, eq=False)
class SectorEconomy:
    """A world of N economies and J sectors (Caliendo and Parro 2015); every array is locked.

    Attributes
    ----------
    shares
        ``pi_in^j``, shape (J, N, N): share of exporter i in importer n's spending on sector j, gross of tariffs;
        columns sum to 1.
    spending
        ``X_n^j``, shape (J, N), gross of tariffs, in money.
    value_added
        ``w_n L_n``, shape (N,), in money.
    value_added_share
        ``gamma_n^j``, shape (J, N): value added over gross output.
    input_shares
        ``gamma_n^{k,j}``, shape (N, J, J), sector k bought by sector j: over gross output, so that
        ``value_added_share[j, n] + input_shares[n, :, j].sum() == 1``.
    final_shares
        ``alpha_n^j``, shape (J, N): shares of sectors in final spending; columns sum to 1.
    trade_elasticity
        ``theta^j``, shape (J,).
    deficit
        ``D_n``, shape (N,), in money: spending beyond income; sums to 0.
    economies, sectors
        Names.
    """

    shares: Float
    spending: Float
    value_added: Float
    value_added_share: Float
    input_shares: Float
    final_shares: Float
    trade_elasticity: Float
    deficit: Float
    economies: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in _SHAPES:
            object.__setattr__(self, name, locked(getattr(self, name), np.float64))
        refuse(_problems(self))

    @property
    def n_economies(self) -> int:
        """N."""
        return len(self.value_added)

    @property
    def n_sectors(self) -> int:
        """J."""
        return len(self.trade_elasticity)

    def economy(self, position: int) -> str:
        """Return the name of an economy, or its number where it has none."""
        return self.economies[position] if self.economies else f"economy {position}"

    def flows(self, tariff: Float) -> Float:
        """Return flows net of tariffs, shape (J, N, N), exporter by importer, at ad valorem rates `tariff`."""
        result: Float = self.shares * self.spending[:, None, :] / (1.0 + tariff)
        return result


_SHAPES = {
    "shares": "JNN",
    "spending": "JN",
    "value_added": "N",
    "value_added_share": "JN",
    "input_shares": "NJJ",
    "final_shares": "JN",
    "trade_elasticity": "J",
    "deficit": "N",
}
_SIGNED = {"deficit", "input_shares", "final_shares"}
"""May be negative: published tables hold small negative entries (changes of stocks)."""


def _problems(economy: SectorEconomy) -> list[Problem]:
    size = {"J": len(economy.trade_elasticity), "N": len(economy.value_added)}
    found = []
    for name, letters in _SHAPES.items():
        values = getattr(economy, name)
        wanted = tuple(size[letter] for letter in letters)
        if values.shape != wanted:
            found.append(Problem("LB405", f"shape {values.shape}. Give {wanted} ({', '.join(letters)}).", name))
        elif not np.isfinite(values).all() or (name not in _SIGNED and values.min() < 0):
            found.append(Problem("LB406", "a value is negative or not finite. Correct it.", name))
    if found:
        return found
    checks = (
        ("shares", np.abs(economy.shares.sum(1) - 1).max(), "shares of exporters must sum to 1"),
        ("final_shares", np.abs(economy.final_shares.sum(0) - 1).max(), "shares of sectors must sum to 1"),
        (
            "input_shares",
            np.abs(economy.value_added_share + economy.input_shares.sum(1).T - 1).max(),
            "inputs and value added must sum to 1 over gross output",
        ),
        ("deficit", abs(economy.deficit.sum()) / economy.value_added.sum(), "deficits must sum to 0"),
    )
    for name, gap, rule in checks:
        if gap > 1e-9:
            found.append(Problem("LB409", f"{rule}; they are off by {gap:.2g}. Rescale them.", name))
    positive = (("spending", economy.spending), ("value_added", economy.value_added))
    for name, values in (*positive, ("trade_elasticity", economy.trade_elasticity)):
        if not values.min() > 0:
            found.append(Problem("LB406", "a value is not positive. Merge the sector or correct it.", name))
    return found
