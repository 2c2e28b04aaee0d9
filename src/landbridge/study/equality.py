"""Whether two studies hold the same values."""

from dataclasses import fields
from typing import Final

from landbridge.study.model import Study

NOT_COMPARED: Final = ("digest", "tables")


def study_equal(one: Study, other: Study) -> bool:
    """Tell whether two studies hold the same values; nan equals nan, and the digest of the files is left aside."""
    return not differences(one, other)


def differences(one: Study, other: Study) -> tuple[str, ...]:
    """Return the names of the fields and tables in which two studies differ."""
    found = [
        field.name
        for field in fields(Study)
        if field.name not in NOT_COMPARED and getattr(one, field.name) != getattr(other, field.name)
    ]
    names = dict.fromkeys([*one.tables, *other.tables])
    found += [
        name
        for name in names
        if name not in one.tables or name not in other.tables or not one.tables[name].equals(other.tables[name])
    ]
    return tuple(found)
