"""``landbridge appraise``: does it pay, for whom, and can it be financed."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from landbridge.cli.console import Talk
from landbridge.cli.options import AsJson, OutFolder, Quiet, Seed, StudyName

DRAWS = 10_000


def appraise(
    study: StudyName,
    project: Annotated[
        list[str] | None, typer.Argument(metavar="PROJECT", help="Projects of the study; all of them if none.")
    ] = None,
    *,
    out: OutFolder = None,
    excel: Annotated[
        bool, typer.Option("--excel", help="Write each project's feasibility annex, PROJECT.xlsx, with live formulas.")
    ] = False,
    draws: Annotated[int, typer.Option("--draws", min=1, help="Draws over cost, demand, delay and access.")] = DRAWS,
    seed: Seed = 0,
    stated: Annotated[
        bool, typer.Option("--stated", help="Take the traffic and benefits that the study states; no run.")
    ] = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Appraise projects on the study's own runs: worth, finance, range, what would turn the answer.

    A project's run with its measures is compared with the run without them. With --out the tidy tables are written
    as Parquet with the feasibility annexes; with --excel the annexes alone.

    For example:
      landbridge appraise northeast-asia
      landbridge appraise ./my-study west-line --excel
    """
    from landbridge.pipeline.appraise import appraise_all
    from landbridge.study.reader import read_study

    talk = Talk(quiet, as_json)
    read = read_study(study)
    with talk.progress("landbridge appraise") as step:
        done = appraise_all(read, project or (), draws=draws, seed=seed, stated=stated, step=step)
    if as_json:
        talk.json(_as_json(read.id, done))
    else:
        _print(talk, done)
    if out or excel:
        _write(talk, read, done, out or Path("out") / read.id / "appraisal", tables=out is not None)


def _write(talk: Talk, study: Any, done: Any, folder: Path, *, tables: bool) -> None:  # noqa: ANN401 - a Study
    from landbridge.pipeline.appraise_tables import save_appraisals
    from landbridge.report.feasibility_workbook import write_feasibility_workbook

    if tables:
        save_appraisals(study, done, folder)
        talk.say(f"Tables: {folder.resolve()}")
    for name, one in done.found.items():
        annex = write_feasibility_workbook(one, folder / f"{name}.xlsx", tornado=done.tornado[name])
        talk.say(f"Annex:  {annex.resolve()}")


def _print(talk: Talk, done: Any) -> None:  # noqa: ANN401 - Appraisals
    rates = next(iter(done.found.values())).project.discount_rates
    names = sorted(rates, key=lambda name: rates[name])
    said = ", ".join(f"{name} {100 * rates[name]:g} %" if "%" not in name else name for name in names)
    _table(
        talk,
        f"Worth (NPV), million {_money(done)}, at the rates of {said}; cautious: if all shippers took the "
        f"cheapest way, and loss: share of draws with a negative NPV, both at {done.rate_name}",
        (
            "project",
            "works",
            *(f"{100 * rates[name]:g} %" for name in names),
            "cautious",
            "EIRR %",
            "FIRR %",
            "B/C",
            "loss %",
        ),
        [
            (
                name,
                _millions(one.ledger.works.sum()),
                *(_millions(_worth(one, rate).npv) for rate in names),
                _millions(_worth(done.cautious[name], done.rate_name).npv) if name in done.cautious else "",
                _percent(one.economic_rates.rate),
                _percent(one.financial_rates.rate),
                _number(one.main.benefit_cost_ratio),
                round(100.0 * float(done.drawn.chance_of_loss[done.drawn.names.index(name)]), 1),
            )
            for name, one in done.found.items()
        ],
    )
    _print_finance(talk, done)
    _table(
        talk,
        "Published estimates of cost, least to greatest, all else as in the central case; million",
        ("project", "works", "to", "NPV", "to", "figures"),
        [
            (
                name,
                _millions(min(row.works_usd for row in one.range)),
                _millions(max(row.works_usd for row in one.range)),
                _millions(min(row.npv for row in one.range)),
                _millions(max(row.npv for row in one.range)),
                len({(row.item, row.estimate) for row in one.range}),
            )
            for name, one in done.found.items()
            if one.range
        ],
    )
    _table(
        talk,
        "Switching values: change of an item at which the NPV is zero at the project's own rate",
        ("project", "item", "present value, million", "change %"),
        [
            (name, switch.item, _millions(switch.present_value), _number(switch.change_percent))
            for name, one in done.found.items()
            for switch in one.main.switching
        ],
    )
    _print_portfolio(talk, done)
    for name, origin in done.origin.items():
        talk.say(f"{name}: {origin}")


def _print_finance(talk: Talk, done: Any) -> None:  # noqa: ANN401 - Appraisals
    from landbridge.appraisal.loans import DAC_DISCOUNT, DAC_DISCOUNT_BEFORE_2018, grant_element_of

    financed = {name: one for name, one in done.found.items() if one.financing is not None}
    _table(
        talk,
        "Finance: cash over debt service in the worst year and over the loans' life, the highest rate of all loans "
        "that keeps the target, and what somebody must add, million nominal",
        ("project", "worst", "life", "rate %", "support"),
        [
            (
                name,
                _number(one.financing.least_cover),
                _number(one.financing.loan_life_cover),
                _percent(one.bankability.highest_rate),
                _millions(one.bankability.support_usd),
            )
            for name, one in financed.items()
        ],
    )
    rows = []
    for name, one in financed.items():
        plan, met = one.financing.plan, one.financing.met
        discount = DAC_DISCOUNT.get(plan.income_group, DAC_DISCOUNT_BEFORE_2018)
        for tranche in plan.tranches:
            rule = "" if not tranche.tied_to else "met" if met[tranche.name] else f"not met: {tranche.fallback}"
            tied = f"{tranche.tied_to} {100 * tranche.tied_min_share:g} % {rule}" if tranche.tied_to else ""
            shown = round(grant_element_of(tranche, discount=discount), 1) if tranche.is_debt else ""
            rows.append((name, tranche.name, tranche.kind, round(100 * tranche.share, 1), shown, tied))
    _table(talk, "Sources of money", ("project", "tranche", "kind", "share %", "grant element %", "tied rule"), rows)


def _print_portfolio(talk: Talk, done: Any) -> None:  # noqa: ANN401 - Appraisals
    if not done.central:
        return
    _table(
        talk,
        "Best choice at each budget of works, million",
        ("budget", "by", "worth", "projects"),
        [
            (round(choice.budgets[0]), basis, _millions(choice.value), ", ".join(choice.chosen) or "none")
            for basis, choices in _choices(done)
            for choice in choices
        ],
    )


def _choices(done: Any) -> tuple[tuple[str, Any], ...]:  # noqa: ANN401 - Appraisals
    return ("central", done.central), ("mean of draws", done.expected), ("cheapest way", done.prudent)


def _as_json(study: str, done: Any) -> dict[str, Any]:  # noqa: ANN401 - Appraisals
    projects = {}
    for p, (name, one) in enumerate(done.found.items()):
        finance = one.financing
        projects[name] = {
            "title": one.project.title,
            "origin": done.origin[name],
            "money": str(one.project.price),
            "works_usd": float(one.ledger.works.sum()),
            "worth": {
                worth.name: {
                    "rate": worth.rate,
                    "npv_usd": worth.npv,
                    "financial_npv_usd": worth.financial_npv,
                    "benefit_cost_ratio": worth.benefit_cost_ratio,
                    "payback_years": worth.payback_years,
                    "first_year_return": worth.first_year_return,
                    "gains_by_economy_usd": dict(worth.gains_by_economy),
                }
                for worth in one.worth
            },
            "eirr": one.economic_rates.rate,
            "firr": one.financial_rates.rate,
            "npv_range_usd": [min(r.npv for r in one.range), max(r.npv for r in one.range)] if one.range else [],
            "switching_percent": {switch.item: switch.change_percent for switch in one.main.switching},
            "npv_if_all_took_the_cheapest_way_usd": _worth(done.cautious[name], done.rate_name).npv
            if name in done.cautious
            else None,
            "chance_of_loss": float(done.drawn.chance_of_loss[p]),
            "mean_npv_of_draws_usd": float(done.drawn.mean[p]),
            "finance": None
            if finance is None
            else {
                "least_cover": finance.least_cover,
                "loan_life_cover": finance.loan_life_cover,
                "tied_rule_met": {t.name: finance.met[t.name] for t in finance.plan.tranches if t.tied_to},
                "highest_bankable_rate": one.bankability.highest_rate,
                "support_usd": one.bankability.support_usd,
            },
            "notes": list(one.notes),
        }
    portfolio = [
        {"basis": basis, "budget_musd": c.budgets[0], "projects": list(c.chosen), "worth_usd": c.value}
        for basis, choices in _choices(done)
        for c in choices
    ]
    rate = {"rate_of_draws": done.rate_name, "draws": done.draws, "seed": done.seed}
    return {"study": study, **rate, "projects": projects, "portfolio": portfolio}


def _table(talk: Talk, heading: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table under a heading that is not squeezed to its width."""
    talk.out(heading)
    talk.table("", columns, rows)
    talk.out("")


def _worth(one: Any, rate: str) -> Any:  # noqa: ANN401 - an Appraisal, a Worth
    return next(worth for worth in one.worth if worth.name == rate)


def _money(done: Any) -> str:  # noqa: ANN401 - Appraisals
    return str(next(iter(done.found.values())).project.price)


def _percent(rate: float | None) -> float | str:
    return "" if rate is None else round(100.0 * rate, 2)


def _number(value: float | None) -> float | str:
    return "" if value is None else round(value, 2)


def _millions(usd: float) -> float:
    return round(float(usd) / 1e6, 1)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(appraise)
