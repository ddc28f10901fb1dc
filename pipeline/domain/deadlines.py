"""Work on foreign files is given so long, and no longer."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

#: Clocks a deadline may be told by, with the signal each rings with: time as it passes, or as the process spends it.
WALL_TIME = (signal.ITIMER_REAL, signal.SIGALRM)
OWN_TIME = (signal.ITIMER_VIRTUAL, signal.SIGVTALRM)

#: Seconds until an alarm is rung again that came at a moment when nothing could be stopped.
_SOON = 0.005


@contextmanager
def stopped_after(
    seconds: float, error: Exception, *, within: Sequence[str], clock: tuple[int, signal.Signals] = WALL_TIME
) -> Iterator[None]:
    """Raises ``error`` in what is done meanwhile once ``seconds`` have gone by.

    It is raised only while code of a module runs whose name begins with one of ``within``: an error that is raised while
    Python collects garbage is swallowed, and one raised in the middle of a lock of a library may leave it locked. Where
    the alarm finds other code running, it is rung again a moment later. Only the main thread can be stopped so; in another
    one nothing is bounded.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    timer, number = clock
    inside = tuple(within)

    def ring(_number: int, frame: FrameType | None) -> None:
        if frame is not None and str(frame.f_globals.get("__name__", "")).startswith(inside):
            raise error
        signal.setitimer(timer, _SOON)

    before = signal.signal(number, ring)
    signal.setitimer(timer, seconds)
    try:
        yield
    finally:
        signal.setitimer(timer, 0)
        signal.signal(number, before)
