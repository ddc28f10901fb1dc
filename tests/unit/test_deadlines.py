"""Deadlines: what goes on too long is stopped, and nothing else is."""

import gc
import signal
import threading
import weakref

import pytest

from pipeline.domain.deadlines import OWN_TIME, WALL_TIME, stopped_after


class TooLongError(Exception):
    pass


class Endless:
    """Refers to itself, and works on without end when it is collected."""

    def __init__(self) -> None:
        self.me = self


@pytest.mark.parametrize("clock", [WALL_TIME, OWN_TIME])
def test_work_without_end_is_stopped(clock):
    before = signal.getsignal(clock[1])
    with pytest.raises(TooLongError), stopped_after(0.02, TooLongError(), within=[__name__], clock=clock):
        while True:
            pass
    assert signal.getitimer(clock[0]) == (0.0, 0.0)
    assert signal.getsignal(clock[1]) is before


def test_work_that_ends_in_time_is_not_stopped():
    with stopped_after(60, TooLongError(), within=[__name__]):
        done = True
    assert done
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_code_of_others_is_let_finish_before_work_is_stopped():
    """A callback of the garbage collector would swallow the error, and the work would go on for good."""
    rung = threading.Event()
    space: dict[str, object] = {"__name__": "elsewhere", "rung": rung, "left": [3]}
    exec("def callback(ref):\n while left[0]:\n  left[0] -= rung.is_set()\n", space)
    ring = signal.getsignal(signal.SIGALRM)
    kept = Endless()
    ref = weakref.ref(kept, space["callback"])
    with pytest.raises(TooLongError), stopped_after(0.02, TooLongError(), within=[__name__]):
        inner = signal.getsignal(signal.SIGALRM)
        assert inner is not ring

        def tell(number, frame):
            rung.set()
            inner(number, frame)

        signal.signal(signal.SIGALRM, tell)
        del kept
        gc.collect()
        assert space["left"] == [0]
        while True:
            pass
    assert ref() is None


def test_other_threads_are_not_bounded():
    seen = []

    def work():
        with stopped_after(0.01, TooLongError(), within=[__name__]):
            seen.append(signal.getitimer(signal.ITIMER_REAL))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [(0.0, 0.0)]
