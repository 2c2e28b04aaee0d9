"""Read CEPII's Gravity database: trade, distance and ties of pairs of countries by year."""

from collections.abc import Sequence
from typing import Any, Final, Literal

import numpy as np

from landbridge.core.tables import Table
from landbridge.formats.trade_table import FilePath, batches, header_of, numbers

Flow = Literal["tradeflow_baci", "tradeflow_comtrade_o", "tradeflow_comtrade_d", "tradeflow_imf_o", "tradeflow_imf_d"]
_IDS: Final = ("year", "iso3_o", "iso3_d")
_EXISTS: Final = ("country_exists_o", "country_exists_d")


def read_cepii_gravity(
    path: FilePath,
    columns: Sequence[str] = ("dist", "contig", "comlang_off", "fta_wto"),
    *,
    years: tuple[int, int] | None = None,
    flow: Flow = "tradeflow_baci",
) -> Table:
    """Read ``Gravity_V*.csv`` (more than a gigabyte) in chunks.

    Rows of countries that did not exist in their year are left out, as the file holds them for every year.

    Parameters
    ----------
    path
        The file.
    columns
        Its own columns to keep, as numbers; nan where it says nothing.
    years
        First and last year; all if None.
    flow
        Which record of trade to take (thousand USD in the file).

    Returns
    -------
    Table
        Columns ``exporter``, ``importer``, ``year``, ``value_musd`` (nan where unknown), ``source``, and those asked.

    Raises
    ------
    StudyError
        If the file lacks a column.
    """
    names = header_of(path, (*_IDS, flow, *columns), "a CEPII Gravity file")
    exists = tuple(name for name in _EXISTS if name in names)
    wanted = tuple(dict.fromkeys((*_IDS, flow, *columns, *exists)))
    parts: list[dict[str, Any]] = []
    for chunk in batches(path, names, wanted):
        found = {
            name: np.array(chunk[name].to_pylist(), dtype=object)
            if name in _IDS[1:]
            else numbers(chunk[name], name, path).to_numpy(zero_copy_only=False)
            for name in wanted
        }
        keep = np.ones(len(found["year"]), dtype=bool)
        for name in exists:
            keep &= found[name] == 1.0
        if years:
            keep &= (found["year"] >= years[0]) & (found["year"] <= years[1])
        parts.append({name: values[keep] for name, values in found.items()})
    joined = {name: np.concatenate([part[name] for part in parts]) if parts else np.zeros(0) for name in wanted}
    n = len(joined["year"])
    return Table(
        "gravity",
        {
            "exporter": joined["iso3_o"],
            "importer": joined["iso3_d"],
            "year": joined["year"].astype(np.int64),
            "value_musd": joined[flow] / 1e3,
            "source": np.full(n, f"CEPII Gravity, {flow}", dtype=object),
            **{name: joined[name] for name in columns},
        },
    )
