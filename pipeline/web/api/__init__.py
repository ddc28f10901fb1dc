"""The interface for other systems: ``/v1``, an application of its own beside the pages."""

from pipeline.web.api.application import make_api, make_lane

__all__ = ["make_api", "make_lane"]
