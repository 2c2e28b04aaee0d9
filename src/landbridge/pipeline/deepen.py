"""What a study allows beyond its scenarios: the members' game, the road map, the projects."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from landbridge.pipeline.appraise import Appraisals, appraise_all
from landbridge.pipeline.coalition_check import GameCheck, check_game
from landbridge.pipeline.coalitions import Cooperation, cooperate, has_game
from landbridge.pipeline.plan import RoadMapResult, follow_road_map
from landbridge.pipeline.run import baseline_of
from landbridge.study.model import Study

Step = Callable[[int, int, str], None]
GAME_DRAWS: Final = 50
CHECKED: Final = 3


@dataclass(frozen=True, slots=True, eq=False)
class Deep:
    """The game, a sample of it run in full, the road map, the projects; None where the study holds nothing for it."""

    game: Cooperation | None
    check: GameCheck | None
    road_map: RoadMapResult | None
    projects: Appraisals | None


def deepen(study: Study, *, seed: int = 0, step: Step) -> Deep:
    """Return the game of the members, what follows from the road map, and the projects' worth."""
    base = baseline_of(study)
    step(0, 3, "coalitions")
    game = cooperate(study, draws=GAME_DRAWS, seed=seed, base=base) if has_game(study) else None
    check = check_game(game, base, sample=CHECKED) if game is not None else None
    step(1, 3, "road map")
    road_map = follow_road_map(study, seed=seed, base=base) if study.roadmap.get("move") else None
    step(2, 3, "projects")
    projects = appraise_all(study, seed=seed) if study.projects.get("project") else None
    step(3, 3, "projects")
    return Deep(game, check, road_map, projects)
