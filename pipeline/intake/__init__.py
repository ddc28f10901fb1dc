"""Step 1, intake: files, folders and ZIPs to page images, within bounds and without trust in what comes in."""

from pipeline.intake.bounds import Bounds
from pipeline.intake.documents import inspect, read_page
from pipeline.intake.submissions import Submission, gather

__all__ = ("Bounds", "Submission", "gather", "inspect", "read_page")
