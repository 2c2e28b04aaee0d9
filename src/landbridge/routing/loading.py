"""Sums loads on arcs to what reports tell: TEU-km by mode and country, charges by who earns them, named arcs."""

import numpy as np

from landbridge.core.arrays import Float
from landbridge.core.coded import Coded
from landbridge.network.network import MODES, Network
from landbridge.routing.generalised import ArcValues


def teu_km(network: Network, loads: Float) -> dict[tuple[str, str], Float]:
    """Return TEU-km a year by (mode, country), each of shape (K,); the country is empty at sea.

    Parameters
    ----------
    loads
        TEU a year by class on every arc, links first, shape (K, n_arcs).
    """
    links = network.links
    work = loads[:, : len(links)] * links.km
    key = links.mode.astype(np.int64) * len(links.country.words) + links.country.codes
    found, back = np.unique(key, return_inverse=True)
    total = np.zeros((len(found), len(loads)))
    np.add.at(total, back, work.T)
    words = links.country.words
    return {
        (MODES[mode], words[country]): total[row]
        for row, (mode, country) in enumerate(zip(*np.divmod(found, len(words)), strict=True))
        if total[row].any()
    }


def charges_by_earner(network: Network, values: ArcValues, loads: Float) -> dict[str, Float]:
    """Return charges a year by the economy that earns them, USD, each of shape (K,).

    Parameters
    ----------
    values
        All arcs as they stand; a charge without an earner is under the empty name.
    loads
        TEU a year by class on every arc, shape (K, n_arcs).
    """
    found: dict[str, Float] = {}
    first = 0
    for earner in (network.links.charge_to, network.transfers.charge_to):
        rows = slice(first, first + len(earner))
        amount = loads[:, rows] * values.charge_usd_per_teu[rows]
        _add_by_word(found, earner, amount)
        first += len(earner)
    return found


def named_loads(network: Network, loads: Float) -> dict[str, Float]:
    """Return the TEU a year of each named link, passage and transfer, each of shape (K,).

    A name may stand for several arcs, one after the other (a passage) or beside each other (tracks of a
    crossing): told is the sum over tracks, as TEU-km over the km of one transit for what has a length, so that a
    container that goes the whole way counts once and one that goes half of it counts half. Both directions are
    added. A transfer of a name counts each use.
    """
    links, transfers = network.links, network.transfers
    found: dict[str, Float] = {}
    for column in (links.name, links.passage):
        for code in np.unique(column.codes[column.codes > 0]).tolist():
            rows = np.flatnonzero(column.codes == code)
            here = loads[:, rows]
            if not here.any():
                continue
            crossing = links.kind.mask("crossing")[rows].all()
            km = links.km[rows]
            _, once = np.unique(links.edge[rows], return_index=True)
            whole = km[once].sum()
            part = np.ones(len(rows)) if crossing or whole <= 0 else km / whole
            found[column.words[code]] = here @ part
    inside = loads[:, len(links) : len(links) + len(transfers)]
    _add_by_word(found, transfers.name, inside)
    found.pop("", None)
    return found


def _add_by_word(found: dict[str, Float], column: Coded, amount: Float) -> None:
    """Add amounts (K, n_rows) to what is found under each row's word, where there is any."""
    for code in np.unique(column.codes).tolist():
        total = amount[:, column.codes == code].sum(axis=1)
        if total.any():
            word = column.words[code]
            found[word] = found.get(word, np.zeros(len(amount))) + total
