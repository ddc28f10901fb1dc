"""What certificates share: their frame and their head."""

from __future__ import annotations

from scripts.corpus.canvas import A4, Panel
from scripts.corpus.draft import Draft, national_head
from scripts.corpus.flow import Writer
from scripts.corpus.offices import Office

BORDERS = ((172, 60, 70), (54, 112, 84), (60, 70, 140))


def frame(draft: Draft, writer: Writer) -> None:
    """Draws the double border of a certificate, on tinted paper now and then."""
    chance = draft.chance
    if chance.odds(0.4):
        writer.tint(chance.pick(((253, 248, 236), (246, 250, 243), (253, 243, 243))))
    colour = chance.pick(BORDERS)
    writer.sheet.put(Panel(34, 30, A4[0] - 34, A4[1] - 30, outline=colour, width=2.4))
    writer.sheet.put(Panel(40, 36, A4[0] - 40, A4[1] - 36, outline=colour, width=0.8))


def office_head(draft: Draft, writer: Writer, office: Office, number: str, *, two_columns: bool) -> None:
    """Writes the national name (and the issuing body beside it) and the number at the right."""
    width = writer.right - writer.left
    top = writer.margins.top + 12
    if two_columns:
        left, baseline = writer.left + width * 0.2, top
        for text in office.lines:
            writer.line(text, left, baseline, writer.style.but(size=12, bold=True))
            baseline += 15.5
        national_head(writer, writer.left + width * 0.7, top, 12)
    else:
        national_head(writer, (writer.left + writer.right) / 2, top, 13)
    writer.mixed([("print", "Số:"), draft.filled(number)], (writer.right - 70, top + 46), writer.style)
    writer.y = top + 62
