"""A new study folder, copied from a shipped example with its comments."""

import re
import shutil
from pathlib import Path

from landbridge.core.problems import Problem, StudyError
from landbridge.study.files import SHIPPED, STUDY_FILE, shipped_studies
from landbridge.study.folders import make_folder
from landbridge.study.suggest import shown, suggestion


def new_study(folder: str | Path, *, example: str = "minimal") -> Path:
    """Make a study folder that runs, as a copy of a shipped study, and return its path.

    Parameters
    ----------
    folder
        Folder to make; its name becomes the id of the study.
    example
        Name of a shipped study (`landbridge.study.files.shipped_studies`).

    Raises
    ------
    StudyError
        If there is no such example, or the folder is there already and not empty.
    """
    if example not in shipped_studies():
        message = f"{shown(example)} is not a shipped study. {suggestion(example, shipped_studies())}"
        raise StudyError([Problem("LB101", message)])
    target = Path(folder)
    make_folder(target, lambda new: _copy(SHIPPED / example, new))
    return target


def _copy(example: Path, new: Path) -> None:
    """Copy the example's files; the id goes, so that the folder's name stands for it."""
    shutil.copytree(example, new, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    study = new / STUDY_FILE
    head, bracket, rest = study.read_text(encoding="utf-8").partition("\n[")
    study.write_text(re.sub(r"(?m)^id\s*=.*\n", "", head) + bracket + rest, encoding="utf-8", newline="\n")
