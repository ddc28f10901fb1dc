"""The process that children are forked from: it has imported what they need once, and holds nothing else."""

from __future__ import annotations

import contextlib
import ctypes
import multiprocessing
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext


def context_with(module: str) -> ForkServerContext:
    """What makes children that need ``module``. The first call of a process decides what they find imported."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([module])
    return context


def import_ahead(*modules: str) -> None:
    """Begin to import ``modules`` for the children to come, beside what this process does meanwhile."""
    multiprocessing.get_context("forkserver").set_forkserver_preload(list(modules))
    forkserver.ensure_running()


#: Names of options of the C library's allocator (malloc.h), and their values in bytes: less than this much freed memory stays
#: with the process, and what is larger than that is asked of the system each time. A page of 300 dpi in colour has 26 MB.
_TRIM_THRESHOLD, _KEPT = -1, 256 << 20
_MMAP_THRESHOLD, _ALONE = -3, 64 << 20


def keep_freed_memory() -> None:
    """Let this process use freed memory again instead of giving it back and asking for it anew.

    A page passes through a hundred pictures as large as itself; memory fresh from the system is zeroed by it page by page
    (13,000 faults a page of paper, 23 with this: 30 to 70 ms of CPU). Nothing happens where the C library has no such options.
    """
    with contextlib.suppress(OSError, AttributeError):
        library = ctypes.CDLL(None)
        library.mallopt(_TRIM_THRESHOLD, _KEPT)
        library.mallopt(_MMAP_THRESHOLD, _ALONE)
