"""Every fault of a study: of its files, of its road map, and of its names against the network."""

from pathlib import Path

from landbridge.core.problems import Problem, StudyError
from landbridge.study.reader import check_study, read_study


def check_whole_study(study: str | Path) -> tuple[Problem, ...]:
    """Return all faults and warnings of a study; its network is built only if the files have no fault."""
    problems = tuple(check_study(study))
    if any(problem.severity == "fault" for problem in problems):
        return problems
    from landbridge.pipeline.ground import prepare
    from landbridge.pipeline.plan import road_map_faults

    read = read_study(study)
    found = (*problems, *road_map_faults(read))
    try:
        prepare(read)
    except StudyError as error:
        return (*found, *error.problems)
    return found
