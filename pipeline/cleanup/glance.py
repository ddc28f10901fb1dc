"""A first look at a scan, while the paper is still at hand."""

from __future__ import annotations

from pipeline.cleanup.background import measure_paper
from pipeline.cleanup.blank import is_blank
from pipeline.cleanup.grey import to_grey
from pipeline.cleanup.quality import judge, judge_bare
from pipeline.cleanup.thumbnail import take_thumbnail
from pipeline.domain.pages import PageImage, Quality


def glance(image: PageImage) -> tuple[Quality, bool]:
    """The verdict on a scan, and whether the page is blank; a tenth of a second, before anything is read.

    How far it is tilted shows only once it is upright: that comes with the reading.
    """
    grey = to_grey(image)
    thumbnail = take_thumbnail(grey)
    paper = measure_paper(thumbnail)
    if is_blank(thumbnail, paper):
        return judge_bare(paper), True
    return judge(thumbnail, paper, 0.0, image.dpi), False
