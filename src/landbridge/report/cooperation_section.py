"""The report's chapter on cooperation: who gains, whether it holds, who pays for the works."""

from landbridge.cooperation.bitmasks import names_of
from landbridge.figures.cooperation import dependency_heat
from landbridge.pipeline.coalition_check import GameCheck
from landbridge.pipeline.coalitions import Cooperation
from landbridge.pipeline.cooperation_words import check_in_words, in_words, short_cuts
from landbridge.pipeline.plan import RoadMapResult
from landbridge.pipeline.works_shares import RULES, share_works
from landbridge.report.blocks import Block, Cell, FigureBlock, Section, TableBlock, Text
from landbridge.report.road_map_section import road_map_section, timing_section

COALITIONS_SHOWN = 24


def cooperation_sections(
    game: Cooperation | None, road_map: RoadMapResult | None, check: GameCheck | None = None
) -> tuple[Section, ...]:
    """Return the chapters for what a study has: a game of its members, a road map, both or neither."""
    found = []
    if game is not None:
        found.append(coalition_section(game, check))
    if road_map is not None:
        found += [road_map_section(road_map), timing_section(road_map)]
    return tuple(found)


def coalition_section(game: Cooperation, check: GameCheck | None = None) -> Section:
    """Return who gains from acting together, whether it holds, and who depends on whom."""
    horizon = game.horizon
    blocks: list[Block] = [
        Text(in_words(game)),
        _members(game),
        _coalitions(game),
        FigureBlock(
            "dependency",
            "Who depends on whom: what the party of the row loses of its own gain if the party of "
            "the column leaves and "
            "the others do what is best for them without it, billion USD, present value, before any payments. On the "
            "diagonal: what a party loses by leaving itself.",
            "Heat map of dependency between members.",
            {"": dependency_heat(game.names, game.dependency / 1000.0, "billion USD", "light")},
        ),
        *_works(game),
        _moves(game),
        Text(
            (
                f"**What the numbers say.** A coalition is worth the most that its members can reach together by moves "
                f"that need nobody else: equivalent variation in the trade model at base-year levels, {horizon.years} "
                f"years at {100 * horizon.rate:.3g} % a year ({horizon.why}), less works paid. 'Others answer' lets "
                "those outside, as one bloc, do what is best for them afterwards.",
                "Measures that ask the same members move together, whole or not at all, so a worth is a lower bound. "
                f"{short_cuts(game)}" + (f" {check_in_words(check)}" if check is not None else ""),
                "**What they do not say.** Security, prestige, transit income beyond charges that the study names, and "
                "what has no price in trade are not in them; growth is not either. A party that is worth little to the "
                "others in this game may matter in others. Works count in full at the start, while trade on a new line "
                "may go on for longer than the years counted.",
            ),
            "warning",
        ),
    ]
    return Section("cooperation", "Who gains, and does it hold?", tuple(blocks))


def _members(game: Cooperation) -> TableBlock:
    columns = ["Member", "Own gain", "Shapley", "Banzhaf", "Nucleolus", "Side payment", "Essential", "Veto"]
    rows: list[list[Cell]] = [
        [
            game.names[i],
            float(game.gains[i]),
            float(game.shapley[i]),
            float(game.banzhaf[i]),
            float(game.nucleolus[i]),
            float(game.payments.payment[i]),
            "yes" if game.influence.essential[i] else "no",
            "yes" if game.influence.veto[i] else "no",
        ]
        for i in range(len(game.players))
    ]
    if game.spread is not None:
        columns += ["Own gain, 5 %", "95 %", "Shapley, 5 %", "95 % "]
        for i, row in enumerate(rows):
            row += [float(end[i]) for end in (*game.spread.own_gain, *game.spread.shapley)]
    return TableBlock(
        "All together, million USD, present value: what each gains by itself, three ways to divide the joint gain, and "
        "the least payments after which no coalition objects. Essential: all lose if it leaves. "
        "Veto: without it nothing "
        "is gained.",
        tuple(columns),
        tuple(tuple(row) for row in rows),
    )


def _coalitions(game: Cooperation) -> TableBlock:
    n = len(game.players)
    order = sorted(range(1, 1 << n), key=lambda mask: (-float(game.game.value[mask]), mask))
    together = game.answers["together"]
    interval = () if game.spread is None else ("5 %", "95 %")
    rows: list[tuple[Cell, ...]] = []
    for mask in order[:COALITIONS_SHOWN]:
        ends = () if game.spread is None else tuple(float(end[mask]) for end in game.spread.value)
        rows.append(
            (
                ", ".join(names_of(mask, game.names)),
                float(game.game.value[mask]),
                *ends,
                "in circles" if together is None else float(together.game.value[mask]),
                float(game.spillover[mask]),
                ", ".join(str(1 + game.situation.ids.index(name)) for name in game.moves_of(mask)) or "none",
            )
        )
    return TableBlock(
        f"The {min(COALITIONS_SHOWN, len(order))} most valuable of {len(order)} coalitions, million "
        "USD, present value: "
        "what its members gain together with outsiders who do nothing, the same after the others' best answer, what "
        "outsiders gain by it, and the moves that it makes (numbers as in the table of moves below).",
        ("Members", "Worth", *interval, "Others answer", "Outsiders gain", "Moves"),
        tuple(rows),
        folded=True,
    )


def _works(game: Cooperation) -> list[Block]:
    """Return who would pay for the works by every rule, beside what each gains by them."""
    works = share_works(game)
    if works is None:
        return []
    rows: list[tuple[Cell, ...]] = [
        (
            works.names[i],
            float(works.benefit[:, i].sum()),
            float(works.stated[i]),
            *("no answer" if share is None else float(share[i]) for share in works.shares.values()),
        )
        for i in range(len(works.names))
    ]
    by_move: list[tuple[Cell, ...]] = [
        (
            works.titles[k],
            float(works.cost[k]),
            float(works.benefit[k].sum()),
            ", ".join(name for name, yes in zip(works.names, works.served[k], strict=True) if yes),
        )
        for k in range(len(works.moves))
    ]
    return [
        TableBlock(
            f"Who would pay for the works, {float(works.cost.sum()):,.0f} million USD in all, if all moves were made: "
            "what each gains by them before anybody pays (present value), what it pays as the study states, and what "
            "it would pay by four rules. Shapley: each work in equal parts by those whom it serves. Nucleolus: no "
            "group pays much more than it would alone. By benefit: in proportion to gains. Separable costs: what each "
            "alone adds to the cost, the rest by what it has left to gain.",
            ("Member", "Gains by them", "Pays as stated", *(name.capitalize() for name in RULES.values())),
            tuple(rows),
        ),
        TableBlock(
            "The works by move: a work whose cost is above what all members gain by it is not worth making for trade "
            "alone, whoever pays.",
            ("Works of", "Cost", "All gain", "Serves"),
            tuple(by_move),
            folded=True,
        ),
    ]


def _moves(game: Cooperation) -> TableBlock:
    made = game.moves_of(game.game.whole)
    rows = [
        (
            str(k),
            b.title,
            ", ".join(b.consent),
            ", ".join(str(1 + game.situation.ids.index(name)) for name in b.requires) or "nothing",
            "yes" if b.id in made else "no",
        )
        for k, b in enumerate(game.bundles, start=1)
    ]
    rows += [("none", f"{name}: {why}", "", "", "") for name, why in game.left_out]
    return TableBlock(
        "The moves: measures that ask the same members and go the same way, and whether all together make them.",
        ("Move", "Measures", "Asks", "Requires", "Made by all"),
        tuple(rows),
        folded=True,
    )
