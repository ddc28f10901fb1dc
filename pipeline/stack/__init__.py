"""The embedded stack: servers, workers and web page under one supervisor, in one folder, without root."""

from pipeline.stack.control import down, state, up
from pipeline.stack.first_account import FirstSignIn, first_sign_in
from pipeline.stack.processes import ProcessId, StackState
from pipeline.stack.supervisor import supervise, supervise_workers

__all__ = ("FirstSignIn", "ProcessId", "StackState", "down", "first_sign_in", "state", "supervise", "supervise_workers", "up")
