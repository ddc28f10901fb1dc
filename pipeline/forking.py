"""The process that children are forked from: it has imported what they need once, and holds nothing else."""

from __future__ import annotations

import multiprocessing
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext


def context_with(module: str) -> ForkServerContext:
    """What makes children that need ``module``. The first call of a process decides what they find imported."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([module])
    return context


def import_ahead(module: str) -> None:
    """Begin to import ``module`` for the children to come, beside what this process does meanwhile."""
    context_with(module)
    forkserver.ensure_running()
