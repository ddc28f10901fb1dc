"""Review: what a human must look at, and what became of it."""

from pipeline.review.decision import decide
from pipeline.review.drafts import apply_draft, lessons_of, problems_left, state_digest
from pipeline.review.duplicates import note_duplicates
from pipeline.review.earlier import heed_earlier
from pipeline.review.points import Point, field_at, open_points, parts_of, points_now, points_of
from pipeline.review.risk import concern_of, is_identifier
from pipeline.review.signatures import heed_signatures
from pipeline.review.typed_values import as_typed, parse_typed
from pipeline.review.urgency import by_urgency, urgency_of

__all__ = (
    "Point",
    "apply_draft",
    "as_typed",
    "by_urgency",
    "concern_of",
    "decide",
    "field_at",
    "heed_earlier",
    "heed_signatures",
    "is_identifier",
    "lessons_of",
    "note_duplicates",
    "open_points",
    "parse_typed",
    "parts_of",
    "points_now",
    "points_of",
    "problems_left",
    "state_digest",
    "urgency_of",
)
