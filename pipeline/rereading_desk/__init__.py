"""What reading documents again would change, kept until somebody accepts or leaves it; who may have what read again."""

from pipeline.rereading_desk.desk import Asked, Desk, PreviewPage, Waiting
from pipeline.rereading_desk.lines import difference_as_json
from pipeline.rereading_desk.notices import Noticed, Notices
from pipeline.rereading_desk.previews import Preview, Previews, Seen, Spot, preview_of
from pipeline.rereading_desk.restraints import UNRESTRAINED, Accepted, Restraint, Spared, Why, begin, holders_of, why_not

__all__ = (
    "UNRESTRAINED",
    "Accepted",
    "Asked",
    "Desk",
    "Noticed",
    "Notices",
    "Preview",
    "PreviewPage",
    "Previews",
    "Restraint",
    "Seen",
    "Spared",
    "Spot",
    "Waiting",
    "Why",
    "begin",
    "difference_as_json",
    "holders_of",
    "preview_of",
    "why_not",
)
