"""Step 2: legible pages; every step keeps the way back to the scan."""

from pipeline.cleanup.glance import glance
from pipeline.cleanup.page import clean

__all__ = ["clean", "glance"]
