"""Starting and ending a stack from outside."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from pipeline import bootstrap
from pipeline.domain.errors import UnavailableError
from pipeline.settings import Settings
from pipeline.stack.processes import MARK, PART, StackState, end, end_marked, is_locked, make_home, read_state, state_path

#: Seconds for everything to answer; for everything to end.
START_SECONDS, STOP_SECONDS = 90.0, 60.0

#: Lines of the supervisor's log that are shown when it gave up.
TAIL = 15


def state(settings: Settings) -> StackState | None:
    """What runs in the data folder; None where no supervisor does."""
    found = read_state(settings.home)
    return found if found and found.supervisor.find() else None


def up(settings: Settings) -> tuple[StackState, bool]:
    """The stack of the data folder, started in the background unless it runs already, once all of it has answered.

    The second value says whether it was started by this call. Raises ``UnavailableError`` with the end of the log.
    """
    found = state(settings)
    told = log_path(settings).stat().st_size if log_path(settings).exists() else 0
    supervisor = None if found else _spawn(settings)
    deadline = time.monotonic() + START_SECONDS
    while not (found and found.ready):
        if supervisor and supervisor.poll() is not None and not is_locked(settings.home):
            raise UnavailableError(f"The stack did not start (exit code {supervisor.returncode}).\n{_tail(settings, told)}")
        if time.monotonic() > deadline:
            late = f"The stack did not answer within {START_SECONDS:.0f} s; it still tries. `sohoa down` ends it."
            raise UnavailableError(f"{late}\n{_tail(settings, told)}")
        time.sleep(0.2)
        found = state(settings)
    return found, supervisor is not None


def down(settings: Settings) -> bool:
    """End the stack of the data folder in order, and whatever a killed one left behind; True where anything ran.

    Only processes are touched that the state file names by pid and start time, or that carry the mark of the folder.
    """
    found = state(settings)
    if found and (supervisor := found.supervisor.find()):
        end([supervisor], patience=STOP_SECONDS)
    left = end_marked(str(settings.home))
    servers = bootstrap.embedded_pids(settings)
    bootstrap.stop_embedded(settings)
    state_path(settings.home).unlink(missing_ok=True)
    return bool(found or left or servers)


def log_path(settings: Settings) -> Path:
    """The log of the supervisor."""
    return settings.home / "logs" / "stack.log"


def _spawn(settings: Settings) -> subprocess.Popen[bytes]:
    make_home(settings.home)
    command = ("env", f"{MARK}={settings.home}", f"{PART}=supervisor", sys.executable, "-m", "pipeline", "up", "--foreground")
    with log_path(settings).open("ab") as output:
        return subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )


def _tail(settings: Settings, told: int) -> str:
    """The last lines of the supervisor's log, none from before byte ``told``."""
    try:
        lines = log_path(settings).read_bytes()[told:].decode(errors="replace").splitlines()
    except OSError:
        return ""
    return "\n".join([f"The end of {log_path(settings)}:", *lines[-TAIL:]])
