"""Input-output files in their publishers' layouts, made of random numbers that add up, for tests."""

from pathlib import Path

import numpy as np

INDUSTRIES = ("A01_02", "B05_06", "C10T12", "C26", "C28", "C29", "G", "K")
DEMAND = ("HFCE", "GFCF", "INVNT")


def icio_text(economies: tuple[str, ...], *, seed: int = 0, industries: tuple[str, ...] = INDUSTRIES) -> str:
    """Return an ICIO table: rows V1, TLS, VA, OUT as the publisher has them; some stocks are drawn down."""
    rng = np.random.default_rng(seed)
    n, k, f = len(economies), len(industries), len(DEMAND)
    near = np.where(np.eye(n, dtype=bool), 1.0, 0.05)
    inputs = (rng.uniform(1, 20, (n, k, n, k)) * near[:, None, :, None]).reshape(n * k, n * k)
    final = rng.uniform(20, 400, (n, k, n, f)) * near[:, None, :, None]
    final[..., 2] *= rng.choice([-0.2, 0.2], final[..., 2].shape)
    final = final.reshape(n * k, n * f)
    output = inputs.sum(1) + final.sum(1)
    taxes = 0.02 * output
    added = output - inputs.sum(0) - taxes
    names = [f"{e}_{i}" for e in economies for i in industries]
    head = ["V1", *names, *(f"{e}_{d}" for e in economies for d in DEMAND), "OUT"]
    rows = [[name, *map(repr, values.tolist())] for name, values in zip(
        names, np.column_stack([inputs, final, output]), strict=True)]  # fmt: skip
    blank = ["0"] * (n * f + 1)
    rows += [
        [name, *map(repr, values.tolist()), *blank] for name, values in (("TLS", taxes), ("VA", added), ("OUT", output))
    ]
    return "\n".join(",".join(row) for row in [head, *rows]) + "\n"


def write_icio(path: Path, economies: tuple[str, ...], *, seed: int = 0) -> Path:
    path.write_text(icio_text(economies, seed=seed), encoding="utf-8")
    return path
