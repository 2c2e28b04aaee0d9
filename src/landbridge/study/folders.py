"""A new folder that is there whole or not at all."""

import shutil
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from landbridge.core.problems import Problem, StudyError
from landbridge.study.suggest import shown


def make_folder(folder: Path, fill: Callable[[Path], None], *, replaces: Iterable[str] = ()) -> None:
    """Fill a folder beside `folder`, then put it in its place by one renaming.

    Parameters
    ----------
    fill
        Called with the new folder; if it raises, nothing is left behind.
    replaces
        Files (relative paths) that a folder already there may hold; it is replaced if it holds no other.

    Raises
    ------
    StudyError
        If the folder holds other files, or cannot be made.
    """
    folder = folder.absolute()
    _refuse_foreign(folder, frozenset(replaces))
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{folder.name[:100]}-", dir=folder.parent) as beside:
            new, old = Path(beside, "new"), Path(beside, "old")
            new.mkdir()
            fill(new)
            if folder.exists():
                folder.rename(old)
            try:
                new.rename(folder)
            except OSError:
                if old.exists():
                    old.rename(folder)
                raise
    except (OSError, ValueError, shutil.Error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        message = f"{shown(folder)} cannot be written: {reason}. Give a folder that may be made."
        raise StudyError([Problem("LB121", message)]) from error


def _refuse_foreign(folder: Path, known: frozenset[str]) -> None:
    """Raise if there is a file at the place of the folder, or the folder holds what would be lost."""
    try:
        if not folder.exists() and not folder.is_symlink():
            return
        if folder.is_symlink() or not folder.is_dir():
            message = f"{shown(folder)} is not a folder. Give another name."
            raise StudyError([Problem("LB121", message)])
        found = (path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
        foreign = next((name for path in found if (name := path.relative_to(folder).as_posix()) not in known), "")
    except (OSError, ValueError) as error:
        message = f"{shown(folder)} cannot be used: {error}. Give another name."
        raise StudyError([Problem("LB121", message)]) from error
    if foreign:
        message = f"{shown(folder)} holds {shown(foreign)}, which would be lost. Give a new folder."
        raise StudyError([Problem("LB121", message)])
