"""The state page: what waits, what is being read, what came of it. Server-rendered, on loopback."""

from pipeline.web.app import make_app
from pipeline.web.server import serve

__all__ = ("make_app", "serve")
