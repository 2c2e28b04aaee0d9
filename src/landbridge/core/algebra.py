"""Linear algebra in one thread, where threads of ours fill the processor already."""

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def plain_algebra() -> Iterator[None]:
    """Keep BLAS to one thread inside.

    Threads of ours that each wake as many of BLAS cost more than they save: matrices here are small (47 economies).
    The limit is the process's, so it holds for every thread until the end of the block.
    """
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1, user_api="blas"):
        yield
