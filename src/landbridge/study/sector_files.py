"""Put tables of sectors into a study folder: all of them and their sources, or nothing."""

import csv
import io
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from landbridge.core.problems import Problem, StudyError
from landbridge.core.tables import Table
from landbridge.study.files import STUDY_FILE
from landbridge.study.reader import read_study
from landbridge.study.spec_sectors import SECTOR_TABLES
from landbridge.study.suggest import shown
from landbridge.study.writer import csv_text


def write_sector_tables(folder: Path, tables: Mapping[str, Table], sources: Sequence[Mapping[str, str]]) -> list[Path]:
    """Write the five tables of sectors into a study folder and list their sources; return the files written.

    The study with its new tables is read in a copy first, so a fault leaves the folder as it was.

    Parameters
    ----------
    folder
        Of a study; other files are left alone.
    tables
        By name, as `spec_sectors` declares them.
    sources
        Rows of sources.csv; those whose key is listed already are left out.

    Raises
    ------
    StudyError
        If the folder holds no study, or the study would have faults.
    """
    if not (folder / STUDY_FILE).is_file():
        message = f"{shown(str(folder))} is no study folder. 'landbridge new NAME --from northeast-asia' makes one."
        raise StudyError([Problem("LB101", message)])
    texts = {Path("tables") / f"{spec.name}.csv": csv_text(tables[spec.name], spec) for spec in SECTOR_TABLES}
    texts[Path("sources.csv")] = _with_rows(folder / "sources.csv", sources)
    with tempfile.TemporaryDirectory(prefix="landbridge-") as beside:
        copy = Path(beside) / folder.absolute().name
        shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("out", "__pycache__", ".*"))
        _write(copy, texts)
        read_study(copy)
    return _write(folder, texts)


def _write(folder: Path, texts: Mapping[Path, str]) -> list[Path]:
    written = []
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        new = path.with_name(path.name + ".new")
        new.write_bytes(text.encode())
        new.replace(path)
        written.append(path)
    return written


def _with_rows(path: Path, rows: Sequence[Mapping[str, str]]) -> str:
    """Return the text of sources.csv with rows added whose key it lacks."""
    text = path.read_text(encoding="utf-8-sig") if path.exists() else "key,title,publisher,date,where,licence\n"
    known = csv.DictReader(io.StringIO(text))
    names = list(known.fieldnames or ())
    listed = {row.get("key", "") for row in known}
    added = io.StringIO()
    writer = csv.DictWriter(added, names, extrasaction="ignore", restval="", lineterminator="\n")
    writer.writerows(row for row in rows if row["key"] not in listed)
    return text + ("" if text.endswith("\n") else "\n") + added.getvalue()
