"""A digest of values, so that a result can be cached and made again anywhere."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass

import numpy as np


def digest(value: object) -> str:
    """Return a hex digest (SHA-256) of plain values, arrays and dataclasses, the same on every machine."""
    state = hashlib.sha256()
    _feed(state, value)
    return state.hexdigest()


def _feed(state: "hashlib._Hash", value: object) -> None:
    if isinstance(value, np.ndarray):
        state.update(f"array {value.dtype.str} {value.shape}".encode())
        state.update(np.ascontiguousarray(value).tobytes())
    elif is_dataclass(value) and not isinstance(value, type):
        state.update(type(value).__name__.encode())
        for field in fields(value):
            state.update(field.name.encode())
            _feed(state, getattr(value, field.name))
    elif isinstance(value, Mapping):
        state.update(b"{")
        for key in sorted(value, key=str):
            state.update(str(key).encode())
            _feed(state, value[key])
    elif isinstance(value, (list, tuple)):
        state.update(b"[")
        for item in value:
            _feed(state, item)
    elif isinstance(value, (frozenset, set)):
        _feed(state, sorted(value, key=str))
    else:
        state.update((type(value).__name__ + json.dumps(value, default=str)).encode())
