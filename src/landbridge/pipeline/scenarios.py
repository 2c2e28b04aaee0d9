"""Names of scenarios, checked before anything runs."""

import difflib
from collections.abc import Sequence

from landbridge.core.problems import Problem, refuse
from landbridge.study.model import Study


def check_scenarios(study: Study, scenarios: Sequence[str]) -> None:
    """Refuse names of scenarios that the study does not have, with what was meant perhaps."""
    known = [scenario.name for scenario in study.scenarios]
    found = []
    for name in scenarios:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f" Did you mean '{near[0]}'?" if near else ""
            found.append(
                Problem("LB530", f"There is no scenario '{name}'.{hint} The study has {', '.join(known)}.", "scenario")
            )
    refuse(found)
