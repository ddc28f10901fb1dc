"""The pages: state, search, documents, review, accounts. Server-rendered, for who has signed in."""

from pipeline.web.app import make_app
from pipeline.web.server import serve

__all__ = ("make_app", "serve")
