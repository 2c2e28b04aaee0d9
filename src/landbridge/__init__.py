"""Routes, borders and trade rules: what a change does to freight, trade and welfare, who must agree, whether it pays.

The names below are the package's face; each is imported when it is first used, so that ``import landbridge`` is
quick.
"""

from importlib import import_module
from typing import Any, Final

_HOMES: Final = {
    "read_study": "study.reader",
    "write_study": "study.writer",
    "new_study": "study.new",
    "run": "pipeline.run",
    "compare": "pipeline.compare",
    "read_result": "pipeline.result",
    "world_network": "network.base",
    "apply_measures": "network.edits",
    "read_gmns": "formats.gmns",
    "read_tntp": "formats.tntp",
    "write_geopackage": "formats.geopackage",
    "route": "routing.routes",
    "skim": "routing.skims",
    "assign": "routing.assignment",
    "estimate_gravity": "trade.gravity",
    "solve_trade": "trade.one_sector",
    "solve_trade_sectors": "trade.sectors",
    "Game": "cooperation.game",
    "shapley": "cooperation.shares",
    "nucleolus": "cooperation.nucleolus",
    "least_core": "cooperation.core_of_game",
    "banzhaf": "cooperation.shares",
    "plan": "pipeline.plan",
    "coalitions": "pipeline.coalitions",
    "appraise": "pipeline.appraise",
    "StudyError": "core.problems",
    "ConvergenceError": "core.problems",
    "InfeasibleError": "core.problems",
}

__all__ = [
    "ConvergenceError",
    "Game",
    "InfeasibleError",
    "StudyError",
    "apply_measures",
    "appraise",
    "assign",
    "banzhaf",
    "coalitions",
    "compare",
    "estimate_gravity",
    "least_core",
    "new_study",
    "nucleolus",
    "plan",
    "read_gmns",
    "read_result",
    "read_study",
    "read_tntp",
    "route",
    "run",
    "shapley",
    "skim",
    "solve_trade",
    "solve_trade_sectors",
    "world_network",
    "write_geopackage",
    "write_study",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the name stands for
    """Import a public name from its module at first use."""
    if name not in _HOMES:
        raise AttributeError(f"module 'landbridge' has no attribute {name!r}")
    value = getattr(import_module(f"landbridge.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(_HOMES)
