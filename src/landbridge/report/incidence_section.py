"""The report's chapter on who pays: buyers and sellers share what a scenario changes in trade costs."""

from collections.abc import Mapping
from typing import Final

from landbridge.pipeline.result import Result
from landbridge.report.blocks import Block, Section, TableBlock, Text
from landbridge.report.lookup import Rows, by_label, rows_of

MOST_PAIRS: Final = 12
READING: Final = (
    "A change of trade cost on a pair is split on the baseline's quantities: buyers pay the change of the delivered "
    "price, sellers bear the fall of their price at the gate; both add up to the bill. Below zero: a saving kept. "
    "Prices are relative to world sales.",
    "Resistance tells the same over all partners (Anderson and van Wincoop): inward is what an economy pays as a "
    "buyer, outward what it bears as a seller.",
)
COLUMNS: Final = ("cost_borne_as_importer", "cost_borne_as_exporter", "inward_resistance", "outward_resistance")


def incidence_section(results: Mapping[str, Result], baseline: str, members: tuple[str, ...]) -> Section | None:
    """Return the chapter, or None where no result holds the table ``incidence``."""
    blocks: list[Block] = [Text(READING, "note")]
    for name, result in results.items():
        rows = rows_of(result, "incidence")
        if name == baseline or not rows:
            continue
        blocks += [_economies(name, result, members), _pairs(name, result, rows)]
    return Section("who-pays", "Who pays, and who keeps the saving", tuple(blocks)) if len(blocks) > 1 else None


def _economies(name: str, result: Result, members: tuple[str, ...]) -> TableBlock:
    parts = {word: by_label(rows_of(result, "decomposition", measure=word), "economy") for word in COLUMNS}
    names = by_label(rows_of(result, "decomposition", measure=COLUMNS[0]), "economy", "name")
    return TableBlock(
        "Members: million USD of changed trade costs borne as buyer and as seller, and resistances in log percent.",
        ("Economy", "As buyer, million USD", "As seller, million USD", "Inward, log %", "Outward, log %"),
        tuple((str(names[who]), *(float(parts[word][who]) for word in COLUMNS)) for who in members if who in names),
        name,
    )


def _pairs(name: str, result: Result, rows: Rows) -> TableBlock:
    names = by_label(rows_of(result, "decomposition", measure=COLUMNS[0]), "economy", "name")
    pairs: dict[tuple[str, str], dict[str, float]] = {}
    for row in rows:
        pairs.setdefault((str(row["exporter"]), str(row["importer"])), {})[str(row["measure"])] = float(row["value"])
    largest = sorted(pairs, key=lambda pair: -abs(pairs[pair]["bill"]))[:MOST_PAIRS]
    return TableBlock(
        "Pairs with the largest bills, million USD.",
        ("Seller", "Buyer", "Bill", "Paid by the buyer", "Borne by the seller"),
        tuple(
            (
                str(names.get(pair[0], pair[0])),
                str(names.get(pair[1], pair[1])),
                *(pairs[pair][word] for word in ("bill", "importer", "exporter")),
            )
            for pair in largest
        ),
        name,
        folded=True,
    )
