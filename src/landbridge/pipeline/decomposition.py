"""Real income taken apart, trade creation and diversion of agreements, and who pays: tables of one scenario."""

from typing import Any, Final

import numpy as np

from landbridge.core.arrays import Bool, Float
from landbridge.pipeline.inputs import covered
from landbridge.pipeline.outcome import Baseline, Outcome
from landbridge.pipeline.tables import Columns, columns_of
from landbridge.trade.welfare import cost_incidence, exact_parts, first_order_parts, trade_shift

LEAST_CHANGE: Final = 1e-9
"""Relative changes of cost below this are rounding."""


def decomposition_table(base: Baseline, outcome: Outcome) -> Columns:
    """Return the parts of each economy's real income: exact in logs, first order, and money that changes hands.

    The exact parts sum to ``100 ln(E_hat / P_hat)``. The first-order parts sum to the change for small changes only;
    pairs that a scenario closes altogether have no first-order saving and are left out of it.
    """
    inputs, found = base.ground.inputs, outcome.equilibrium
    total = outcome.change.total
    elasticity = base.ground.study.parameter("trade_elasticity")
    exact = exact_parts(found, trade_elasticity=elasticity, domestic_cost_change=np.diagonal(total))
    parts = first_order_parts(found, cost_change=np.where(np.isfinite(total), total, 1.0), tariffs=base.rules.tariffs)
    before = (base.rules.tariffs * found.baseline_flows).sum(0)
    paid = (inputs.flows * (np.where(np.isfinite(outcome.change.transport), outcome.change.transport, 1.0) - 1.0)).sum(
        0
    )
    who = cost_incidence(found, total, trade_elasticity=elasticity, flows=inputs.flows)
    money = "million USD"
    measures: list[tuple[str, str, Float]] = [
        ("exact_openness", "log percent", 100.0 * exact.openness),
        ("exact_domestic_cost", "log percent", 100.0 * exact.domestic_cost),
        ("exact_supply", "log percent", 100.0 * exact.supply),
        ("exact_money", "log percent", 100.0 * exact.money),
        ("exact_total", "log percent", 100.0 * exact.total),
        ("first_terms_of_trade", "percent", 100.0 * parts.terms_of_trade),
        ("first_trade_cost", "percent", 100.0 * parts.trade_cost),
        ("first_volume_of_trade", "percent", 100.0 * parts.volume_of_trade),
        ("first_supply", "percent", 100.0 * parts.supply),
        ("first_money", "percent", 100.0 * parts.money),
        ("first_total", "percent", 100.0 * parts.total),
        ("tariff_revenue_change", money, found.tariff_revenue - before),
        ("charge_income_change", money, found.charge_income + np.zeros_like(before) - _charges_before(base)),
        ("transport_bill_change", money, paid),
        ("inward_resistance", "log percent", 100.0 * np.log(who.inward)),
        ("outward_resistance", "log percent", 100.0 * np.log(who.outward)),
        ("cost_borne_as_importer", money, _abroad(who.importer, total).sum(0)),
        ("cost_borne_as_exporter", money, _abroad(who.exporter, total).sum(1)),
    ]
    rows = [
        (economy, inputs.names[i], measure, float(values[i]), unit)
        for measure, unit, values in measures
        for i, economy in enumerate(inputs.economies)
    ]
    return columns_of(rows, ("economy", "name", "measure", "value", "unit"))


def incidence_table(base: Baseline, outcome: Outcome) -> Columns:
    """Return who pays for what a scenario changes in trade costs, by pair of economies.

    Pairs whose cost changes and stays finite; what a cost change does to others comes through prices and stands in
    the decomposition. The money is that of the study's own flows.
    """
    inputs, total = base.ground.inputs, outcome.change.total
    elasticity = base.ground.study.parameter("trade_elasticity")
    who = cost_incidence(outcome.equilibrium, total, trade_elasticity=elasticity, flows=inputs.flows)
    rows = [
        (inputs.economies[i], inputs.economies[j], measure, float(values[i, j]), "million USD")
        for i, j in np.argwhere(_moved(total) & (inputs.flows > 0.0)).tolist()
        for measure, values in (("bill", who.bill), ("importer", who.importer), ("exporter", who.exporter))
    ]
    return columns_of(rows, ("exporter", "importer", "measure", "value", "unit"))


def _moved(total: Float) -> Bool:
    """Return the pairs of different economies whose cost changes and stays finite."""
    abroad = ~np.eye(len(total), dtype=bool)
    moved: Bool = abroad & np.isfinite(total) & (np.abs(total - 1.0) > LEAST_CHANGE)
    return moved


def _abroad(values: Float, total: Float) -> Float:
    return np.where(_moved(total), values, 0.0)


def _charges_before(base: Baseline) -> Float:
    """Return charges that economies earn on the study's flows of the baseline, million USD, (N,)."""
    inputs = base.ground.inputs
    earned = np.zeros(len(inputs.economies))
    for economy, share in base.charges.items():
        earned[inputs.position(economy)] = float((inputs.flows * share).sum())
    return earned


def shift_table(base: Baseline, outcome: Outcome) -> Columns:
    """Return trade creation and diversion in the imports of each economy, for every agreement that comes or goes.

    All that the scenario changes is in the flows; the agreement only says who is in the bloc (Viner 1950).
    """
    inputs = base.ground.inputs
    rows: list[tuple[Any, ...]] = []
    for measure in base.ground.study.measures:
        if (measure.id in base.standing) == (measure.id in outcome.standing):
            continue
        bloc = _bloc(base, measure.id)
        if not bloc.any():
            continue
        shift = trade_shift(inputs.flows, outcome.flows, bloc)
        for i, economy in enumerate(inputs.economies):
            rows += [
                (measure.id, economy, inputs.names[i], bool(bloc[i]), word, float(values[i]), "million USD")
                for word, values in (
                    ("from_bloc", shift.from_bloc),
                    ("from_others", shift.from_others),
                    ("domestic", shift.domestic),
                    ("creation", shift.creation),
                    ("diversion", shift.diversion),
                )
            ]
    return columns_of(rows, ("agreement", "economy", "name", "in_bloc", "measure", "value", "unit"))


def _bloc(base: Baseline, name: str) -> Bool:
    """Return the economies that a measure's agreements join, shape (N,)."""
    inputs = base.ground.inputs
    bloc = np.zeros(len(inputs.economies), dtype=bool)
    for change in base.ground.study.measure(name).changes:
        if change.kind == "agreement":
            where = covered(inputs, change.exporters, change.importers, both_ways=change.both_ways)
            bloc |= where.any(0) | where.any(1)
    return bloc
