"""Tasks side by side, and linear algebra in one thread for code whose own threads fill the processor already."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

THREADS: Final[int] = 2
"""Tasks that are done at a time."""


def side_by_side(fill: Callable[[int], None], n_tasks: int) -> None:
    """Do tasks by number, side by side: kernels let go of the interpreter, and each task fills its own part."""
    if n_tasks == 1 or THREADS == 1:
        for task in range(n_tasks):
            fill(task)
        return
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(min(n_tasks, THREADS)) as pool:
        list(pool.map(fill, range(n_tasks)))


@contextmanager
def plain_algebra() -> Iterator[None]:
    """Keep BLAS to one thread inside.

    Threads of ours that each wake as many of BLAS cost more than they save: matrices here are small (47 economies).
    The limit is the process's, so it holds for every thread until the end of the block.
    """
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1, user_api="blas"):
        yield
