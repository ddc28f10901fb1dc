"""The embedded stack: servers, workers and web page under one supervisor, in one folder, without root."""

from pipeline.stack.control import down, state, up
from pipeline.stack.processes import ProcessId, StackState
from pipeline.stack.supervisor import supervise, supervise_workers

__all__ = ("ProcessId", "StackState", "down", "state", "supervise", "supervise_workers", "up")
