"""What children that read pages do with memory they have freed."""

from __future__ import annotations

import multiprocessing
import resource
import sys

import numpy as np
import pytest

from pipeline.forking import keep_freed_memory

#: Bytes of a small picture of a page, and how many there are at a time: left to itself, the C library gives so much back.
PICTURE, AT_ONCE = 3 << 20, 4


def count_faults(conversation) -> None:
    """Send how many pages of memory the system had to bring for pictures that come and go."""
    keep_freed_memory()
    before = 0
    for turn in range(6):
        pictures = [np.ones(PICTURE, np.uint8) for _ in range(AT_ONCE)]
        del pictures
        if turn == 1:
            before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    conversation.send(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the option is one of the GNU C library")
def test_memory_of_a_picture_serves_the_next_one():
    ours, theirs = multiprocessing.Pipe()
    child = multiprocessing.get_context("spawn").Process(target=count_faults, args=(theirs,))
    child.start()
    assert ours.poll(60)
    assert ours.recv() < PICTURE // resource.getpagesize()
    child.join()
