"""Whether two pages are the same sheet scanned twice: by what their pictures look like and by what was read on them."""

from pipeline.likeness.pages import Page, is_same_sheet, likeness_of, split_text
from pipeline.likeness.pictures import picture_distance, picture_hash
from pipeline.likeness.sketches import bands_of

__all__ = ["Page", "bands_of", "is_same_sheet", "likeness_of", "picture_distance", "picture_hash", "split_text"]
