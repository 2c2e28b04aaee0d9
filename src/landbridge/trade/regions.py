"""Splitting an economy into regions and carving one out of the rest of the world, with totals exact."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from landbridge.core.arrays import Bool, Float
from landbridge.core.matrices import Matrix
from landbridge.core.problems import ConvergenceError, InfeasibleError, Problem, refuse


@dataclass(frozen=True, slots=True, eq=False)
class Region:
    """One region of an economy that is to be split.

    Attributes
    ----------
    label
        Its name, e.g. ``RUS-FE``.
    share
        Its share in the economy's sales and, unless `spending_share` is given, in its spending.
    home_share
        Share of its sales within the economy that it sells to itself. A split in proportion would make that its
        share in the economy, which is far too little and overstates what trade is worth to it.
    spending_share
        Its share in the economy's spending.
    """

    label: str
    share: float
    home_share: float
    spending_share: float | None = None


def ras(
    start: Float,
    row_totals: Float,
    column_totals: Float,
    *,
    fixed: Bool | None = None,
    tolerance: float = 1e-13,
    max_sweeps: int = 100_000,
) -> Float:
    """Scale rows and columns of a non-negative table in turn until it has the given totals (Stone's RAS).

    The result is the table nearest to `start` in relative entropy among those with these totals; zeros stay.

    Parameters
    ----------
    start
        Shape (R, C), non-negative.
    row_totals, column_totals
        Shapes (R,) and (C,), with equal sums.
    fixed
        Cells, shape (R, C), that keep their value; the others are scaled to what is left.
    tolerance
        Largest relative error of a total.
    max_sweeps
        Of rows and columns.

    Raises
    ------
    InfeasibleError
        If fixed cells leave a total negative, or a total without cells is not 0.
    ConvergenceError
        If the totals are not met, as zeros forbid it.
    """
    held = np.zeros_like(start) if fixed is None else np.where(fixed, start, 0.0)
    free = np.asarray(start, dtype=np.float64) - held
    rows, columns = row_totals - held.sum(1), column_totals - held.sum(0)
    scale = float(row_totals.sum())
    if abs(rows.sum() - columns.sum()) > 1e-9 * scale:
        raise InfeasibleError(f"row totals sum to {row_totals.sum():.6g}, column totals to {column_totals.sum():.6g}.")
    if min(rows.min(), columns.min()) < -1e-12 * scale:
        raise InfeasibleError("the fixed cells of a row or column exceed its total. Lower them.")
    rows, columns = np.clip(rows, 0.0, None), np.clip(columns, 0.0, None)
    columns = columns * (rows.sum() / max(float(columns.sum()), 1e-300))
    gap = float("inf")
    for _ in range(max_sweeps):
        free = free * _ratio(columns, free.sum(0))
        free = free * _ratio(rows, free.sum(1))[:, None]
        gap = float((np.abs(free.sum(0) - columns) / np.where(columns > 0, columns, scale)).max())
        if gap <= tolerance:
            result: Float = free + held
            return result
    raise ConvergenceError(
        f"RAS left a column total off by {gap:.1e} after {max_sweeps} sweeps: its zeros do not allow these totals. "
        f"Start from a table with small positive cells where trade may be."
    )


def _ratio(wanted: Float, found: Float) -> Float:
    if np.any((found <= 0) & (wanted > 0)):
        raise InfeasibleError("a row or column without any free cell has a total to meet. Give it a start.")
    result: Float = np.where(found > 0, wanted / np.where(found > 0, found, 1.0), 0.0)
    return result


def split_economy(flows: Matrix, economy: str, regions: Sequence[Region]) -> Matrix:
    """Split an economy into regions; cells that do not touch it stay, and merging the regions gives it back.

    Trade with other economies is split by the regions' shares. Sales within the economy start from the stated home
    shares and are scaled by RAS to the regions' totals; home shares of all regions but the largest are held.

    Parameters
    ----------
    flows
        X, square, exporter by importer with domestic sales.
    economy
        The label to split.
    regions
        At least two; shares sum to 1. The first takes the economy's place, the others follow at the end.

    Raises
    ------
    StudyError, InfeasibleError
        For shares that do not sum to 1, or home shares that no non-negative table has.
    """
    refuse(_split_problems(flows, economy, regions))
    at = flows.rows.index(economy)
    sold = np.array([region.share for region in regions])
    spent = np.array([region.share if region.spending_share is None else region.spending_share for region in regions])
    home = np.array([region.home_share for region in regions])
    block = _home_block(float(flows.values[at, at]), sold, spent, home)
    n, extra = len(flows.rows), len(regions) - 1
    place = np.concatenate([[at], np.arange(n, n + extra)])
    values = np.zeros((n + extra, n + extra))
    values[:n, :n] = flows.values
    values[place, :n] = sold[:, None] * flows.values[at]
    values[:n, place] = flows.values[:, at, None] * spent
    values[np.ix_(place, place)] = block
    labels = list(flows.rows) + [region.label for region in regions[1:]]
    labels[at] = regions[0].label
    return Matrix(values, tuple(labels), tuple(labels), flows.measure, flows.unit)


def _home_block(total: float, sold: Float, spent: Float, home: Float) -> Float:
    """Return sales within the economy by region, with the totals and (but for the largest) the home shares."""
    if total == 0.0:
        return np.zeros((len(sold), len(sold)))
    start = np.outer(sold, spent)
    np.fill_diagonal(start, 0.0)
    start *= (sold * (1.0 - home) / np.maximum(start.sum(1), 1e-300))[:, None]
    start[np.diag_indices(len(sold))] = sold * home
    held = np.eye(len(sold), dtype=np.bool_)
    held[sold.argmax(), sold.argmax()] = False
    result: Float = total * ras(start, sold, spent, fixed=held)
    return result


def _split_problems(flows: Matrix, economy: str, regions: Sequence[Region]) -> list[Problem]:
    found = []
    if economy not in flows.rows or flows.rows != flows.columns:
        found.append(Problem("LB411", f"{economy} is not an economy of the table. Check the code.", "economy"))
    if len(regions) < 2:
        found.append(Problem("LB412", "a split needs two regions or more.", "regions"))
    names = [region.label for region in regions]
    known = set(flows.rows) - {economy}
    if len(set(names)) < len(names) or known & set(names):
        found.append(Problem("LB411", f"{names} are not new, different names. Rename them.", "regions"))
    for name, shares in (
        ("share", [region.share for region in regions]),
        (
            "spending_share",
            [region.share if region.spending_share is None else region.spending_share for region in regions],
        ),
    ):
        if abs(sum(shares) - 1) > 1e-9 or min(shares) <= 0:
            found.append(Problem("LB412", f"{shares} do not sum to 1 or are not positive. Correct them.", name))
    if not all(0 < region.home_share <= 1 for region in regions):
        found.append(Problem("LB412", "a home share is not above 0 and up to 1. Correct it.", "home_share"))
    return found


def merge_economies(flows: Matrix, members: Sequence[str], label: str) -> Matrix:
    """Add up economies under one label, which takes the place of the first member: the way back from a split."""
    missing = [member for member in members if member not in flows.rows]
    refuse(
        Problem("LB411", f"{member} is not an economy of the table. Check the code.", "members") for member in missing
    )
    target = dict.fromkeys(members, label)
    merged = [target.get(name, name) for name in flows.rows]
    labels = tuple(dict.fromkeys(merged))
    to = np.zeros((len(labels), len(merged)))
    to[[labels.index(name) for name in merged], np.arange(len(merged))] = 1.0
    return Matrix(to @ flows.values @ to.T, labels, labels, flows.measure, flows.unit)


@dataclass(frozen=True, slots=True, eq=False)
class Carved:
    """The trade of an economy that is to be carved out, in the unit of the flows.

    Attributes
    ----------
    label
        Its name.
    exports, imports
        Sales to, and purchases from, each economy of the table, the host included, by label; absent pairs are 0.
    domestic
        Sales at home.
    """

    label: str
    exports: dict[str, float]
    imports: dict[str, float]
    domestic: float


def carve_economy(flows: Matrix, host: str, carved: Carved) -> Matrix:
    """Take an economy out of another (the rest of the world); merging both gives the table back exactly.

    What the carved economy trades with j is taken from what the host trades with j, and its sales at home and its
    trade with what is left of the host from the host's sales to itself.

    Raises
    ------
    StudyError
        If a cell of the host would become negative; every such cell is named with its excess.
    """
    refuse(
        Problem("LB411", f"{name} is not an economy of the table. Check the code.", "carved")
        for name in (host, *carved.exports, *carved.imports)
        if name not in flows.rows
    )
    n, at = len(flows.rows), flows.rows.index(host)
    out = np.array([carved.exports.get(name, 0.0) for name in flows.rows])
    into = np.array([carved.imports.get(name, 0.0) for name in flows.rows])
    values = np.zeros((n + 1, n + 1))
    values[:n, :n] = flows.values
    values[n, :n], values[:n, n], values[n, n] = out, into, carved.domestic
    values[at, :n] -= out
    values[:n, at] -= into
    values[at, at] = flows.values[at, at] - out[at] - into[at] - carved.domestic
    labels = (*flows.rows, carved.label)
    refuse(
        Problem(
            "LB413",
            f"{labels[i]} to {labels[j]} would be {values[i, j]:.6g}. Lower the trade of {carved.label} by that, or "
            f"move it with balance_to_targets first.",
            "carved",
        )
        for i, j in np.argwhere(values < 0).tolist()
    )
    return Matrix(values, labels, labels, flows.measure, flows.unit)


def carved_in_proportion(
    flows: Matrix, host: str, label: str, *, sales: float, export_share: float, import_share: float
) -> Carved:
    """Return a carved economy of given sales whose trade is spread as the host's is.

    Parameters
    ----------
    flows, host, label
        The table, and the names.
    sales
        Its sales to all, in the unit of the flows.
    export_share, import_share
        Its exports, and its imports, over its sales. Trade with the host is spread like trade with the others, in
        proportion to the host's sales to itself, if that leaves them non-negative.
    """
    at = flows.rows.index(host)
    out, into = flows.values[at].copy(), flows.values[:, at].copy()
    exports = sales * export_share * out / out.sum()
    imports = sales * import_share * into / into.sum()
    return Carved(
        label,
        dict(zip(flows.rows, exports.tolist(), strict=True)),
        dict(zip(flows.rows, imports.tolist(), strict=True)),
        sales * (1.0 - export_share),
    )


def balance_to_targets(flows: Matrix, targets: dict[tuple[str, str], float]) -> Matrix:
    """Set given cells to known values and scale the others by RAS, so that all row and column totals stay.

    Parameters
    ----------
    flows
        X, exporter by importer.
    targets
        Known flows by (exporter, importer), e.g. trade between two neighbours from their own statistics.
    """
    refuse(
        Problem("LB411", f"{name} is not an economy of the table. Check the code.", "targets")
        for pair in targets
        for name in pair
        if name not in flows.rows
    )
    refuse(
        Problem("LB406", f"{value} for {pair} is negative. Correct it.", "targets")
        for pair, value in targets.items()
        if not value >= 0
    )
    values, fixed = flows.values.copy(), np.zeros(flows.values.shape, dtype=np.bool_)
    for (exporter, importer), value in targets.items():
        cell = flows.rows.index(exporter), flows.columns.index(importer)
        values[cell], fixed[cell] = value, True
    balanced = ras(values, flows.values.sum(1), flows.values.sum(0), fixed=fixed)
    return Matrix(balanced, flows.rows, flows.columns, flows.measure, flows.unit)
