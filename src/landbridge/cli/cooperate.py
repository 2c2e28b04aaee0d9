"""``landbridge cooperate``: who gains from acting together, and whether it holds."""

from typing import Annotated, Any

import typer

from landbridge.cli.console import Talk
from landbridge.cli.options import AsJson, Quiet, Seed, StudyName


def cooperate(
    study: StudyName,
    *,
    draws: Annotated[
        int, typer.Option("--draws", min=0, help="Draws of the parameters for intervals; 0 for none.")
    ] = 0,
    everybody: Annotated[
        bool, typer.Option("--everybody", help="Let parties without an economy play too, not only consent.")
    ] = False,
    top: Annotated[int, typer.Option("--top", min=1, help="Coalitions to show, the most valuable first.")] = 12,
    check: Annotated[
        int,
        typer.Option("--check", min=0, help="Sets of moves to run in full, to see what the short cuts cost; 0: none."),
    ] = 0,
    seed: Seed = 0,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Tell who gains if members act together, whether it holds, and who can hold it up.

    Every coalition of members is valued by the best measures that it can take with its own consent; amounts are
    present values in million USD.

    For example:
      landbridge cooperate northeast-asia
      landbridge cooperate island-canal --draws 8 --json
    """
    from landbridge.pipeline.coalition_check import check_game
    from landbridge.pipeline.coalitions import cooperate as solve
    from landbridge.pipeline.cooperation_words import check_in_words, short_cuts
    from landbridge.pipeline.run import baseline_of
    from landbridge.study.reader import read_study

    talk = Talk(quiet, as_json)
    read = read_study(study)
    with talk.progress("landbridge cooperate") as step:
        step(0, 1, "coalitions")
        found = solve(read, draws=draws, seed=seed, players="all" if everybody else "economies")
        checked = check_game(found, baseline_of(read), sample=check, seed=seed) if check else None
        step(1, 1, "done")
    if as_json:
        talk.json({**_plain(found), "check": _check_plain(checked)})
        return
    _print(talk, read.title, found, top)
    talk.out(short_cuts(found) + ("" if checked is None else f" {check_in_words(checked)}"))


def _print(talk: Talk, title: str, found: Any, top: int) -> None:  # noqa: ANN401 - a Cooperation
    from landbridge.pipeline.cooperation_words import in_words

    n, spread = len(found.players), found.spread
    columns = ["", "own gain", "Shapley", "nucleolus", "side payment", "essential", "veto"]
    rows = [
        [
            found.names[i],
            float(found.gains[i]),
            float(found.shapley[i]),
            float(found.nucleolus[i]),
            float(found.payments.payment[i]),
            "yes" if found.influence.essential[i] else "no",
            "yes" if found.influence.veto[i] else "no",
        ]
        for i in range(n)
    ]
    if spread is not None:
        columns += ["gain 5 %", "95 %"]
        for i, row in enumerate(rows):
            row += [float(spread.own_gain[0][i]), float(spread.own_gain[1][i])]
    talk.table(f"{title}\nAll together, million USD, present value of {found.horizon.years} years:", columns, rows)
    talk.out("")
    order = sorted(range(1, 1 << n), key=lambda mask: (-float(found.game.value[mask]), mask))[:top]
    talk.table(
        "Coalitions by worth, million USD:",
        ("members", "worth", "others answer", "outsiders gain", "moves"),
        [
            (
                "+".join(found.players[i] for i in range(n) if mask >> i & 1),
                float(found.game.value[mask]),
                _answered(found, mask),
                float(found.spillover[mask]),
                ", ".join(found.moves_of(mask)) or "none",
            )
            for mask in order
        ],
    )
    _works(talk, found)
    talk.out("")
    for line in in_words(found):
        talk.out(line.replace("**", ""))


def _check_plain(checked: Any) -> dict[str, Any] | None:  # noqa: ANN401 - a GameCheck
    if checked is None:
        return None
    return {"largest_share": checked.largest, "joint_share": checked.joint, "game": checked.game, "full": checked.full}


def _works(talk: Talk, found: Any) -> None:  # noqa: ANN401 - a Cooperation
    from landbridge.pipeline.works_shares import RULES, share_works

    works = share_works(found)
    if works is None:
        return
    talk.out("")
    talk.table(
        f"Who would pay for all works, {float(works.cost.sum()):,.0f} million USD, if all moves were made:",
        ("", "gains by them", "pays as stated", *RULES.values()),
        [
            (
                works.names[i],
                float(works.benefit[:, i].sum()),
                float(works.stated[i]),
                *("" if share is None else float(share[i]) for share in works.shares.values()),
            )
            for i in range(len(works.names))
        ],
    )
    talk.out("")
    talk.table(
        "Works by move, million USD:",
        ("works of", "cost", "all gain", "serves"),
        [
            (
                works.titles[k].split("; ")[0] + (" and others" if "; " in works.titles[k] else ""),
                float(works.cost[k]),
                float(works.benefit[k].sum()),
                ", ".join(p for p, yes in zip(works.players, works.served[k], strict=True) if yes),
            )
            for k in range(len(works.moves))
        ],
    )


def _works_plain(found: Any) -> dict[str, Any] | None:  # noqa: ANN401 - a Cooperation
    from landbridge.pipeline.works_shares import share_works

    works = share_works(found)
    if works is None:
        return None
    return {
        "moves": {
            name: {"cost": float(works.cost[k]), "benefit": dict(zip(works.players, works.benefit[k], strict=True))}
            for k, name in enumerate(works.moves)
        },
        "stated": dict(zip(works.players, works.stated.tolist(), strict=True)),
        "unassigned": works.unassigned,
        "shares": {
            rule: None if share is None else dict(zip(works.players, share.tolist(), strict=True))
            for rule, share in works.shares.items()
        },
    }


def _answered(found: Any, mask: int) -> float | str:  # noqa: ANN401 - a Cooperation
    answer = found.answers["together"]
    return "" if answer is None else float(answer.game.value[mask])


def _plain(found: Any) -> dict[str, Any]:  # noqa: ANN401 - a Cooperation
    from landbridge.pipeline.cooperation_words import in_words

    n = len(found.players)
    spread = found.spread
    return {
        "study": found.study,
        "unit": "million USD, present value",
        "horizon": {"rate": found.horizon.rate, "years": found.horizon.years, "why": found.horizon.why},
        "taken_to_consent": found.taken_to_consent,
        "moves": [
            {"id": b.id, "measures": b.measures, "consent": b.consent, "requires": b.requires} for b in found.bundles
        ],
        "left_out": dict(found.left_out),
        "members": [
            {
                "id": found.players[i],
                "own_gain": float(found.gains[i]),
                "shapley": float(found.shapley[i]),
                "banzhaf": float(found.banzhaf[i]),
                "nucleolus": float(found.nucleolus[i]),
                "side_payment": float(found.payments.payment[i]),
                "essential": found.influence.essential[i],
                "veto": found.influence.veto[i],
                "own_gain_interval": None if spread is None else [float(end[i]) for end in spread.own_gain],
            }
            for i in range(n)
        ],
        "coalitions": [
            {
                "members": [found.players[i] for i in range(n) if mask >> i & 1],
                "worth": {
                    name: None if answer is None else float(answer.game.value[mask])
                    for name, answer in found.answers.items()
                },
                "interval": None if spread is None else [float(end[mask]) for end in spread.value],
                "own_gain": found.passive.own_gain[mask],
                "spillover": float(found.spillover[mask]),
                "moves": found.moves_of(mask),
            }
            for mask in range(1, 1 << n)
        ],
        "works": _works_plain(found),
        "superadditive": found.superadditive.holds,
        "core_empty": found.stability.core_is_empty,
        "core_empty_share_of_draws": None if spread is None else spread.core_empty_share,
        "objects_most": found.stability.blocking[0].members if found.stability.blocking else [],
        "outside_money": found.payments.outside_money,
        "dependency": found.dependency,
        "in_words": [line.replace("**", "") for line in in_words(found)],
    }


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(cooperate)
