"""Figures as the page shows them: the same digits as the command's tables."""

import math
from typing import Final

NOTHING: Final = 1e-7
"""Smaller figures are what rounding leaves of nothing."""


def shown(value: float) -> str:
    """Return a figure: thousands apart, four significant digits below a thousand, '-' for none.

    >>> shown(1234567.8), shown(3.14159), shown(float("inf"))
    ('1,234,568', '3.142', '-')
    """
    if not math.isfinite(value):
        return "-"
    if abs(value) < NOTHING:
        return "0"
    if isinstance(value, int) or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.4g}"


def change(value: float) -> str:
    """Return a change with its sign; nothing stays plain."""
    if not math.isfinite(value):
        return "-"
    return ("+" if value >= NOTHING else "") + shown(value)
