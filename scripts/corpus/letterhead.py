"""The head and the foot of papers after Decree 30/2020/NĐ-CP: issuing body, number, place and day, signature, recipients."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from scripts.corpus.canvas import A4, Style
from scripts.corpus.capacities import draw_capacity, draw_degree, sign_electronically
from scripts.corpus.dates import slashed
from scripts.corpus.draft import NATION, Draft, national_head, overlay_signature, sign_off, signer_name
from scripts.corpus.flow import Piece, Writer
from scripts.corpus.ink import stamp_arrival
from scripts.corpus.offices import Office


@dataclass(frozen=True, slots=True)
class HeadPlan:
    """Where the head's two columns stand (shares of the text width), its size, and the rule under the names."""

    left: float = 0.22
    right: float = 0.715
    size: float = 12.5
    rule: Literal["line", "dashes"] = "line"
    number_word: str = "Số:"
    date_under_number: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """What a head says: pieces of the number and of the day, and a letter's subject."""

    office: Office
    number: tuple[Piece, ...]
    place_and_day: tuple[Piece, ...]
    day: date
    letter_subject: str = ""


def write_head(draft: Draft, writer: Writer, plan: HeadPlan, heading: Heading) -> None:
    """Writes zones 1-4 (and 5b for a letter) at the top of the first sheet; the text has the left block, then the right."""
    said, begin = writer.sheet.lines, len(writer.sheet.lines)
    width = writer.right - writer.left
    left, right = writer.left + width * plan.left, writer.left + width * plan.right
    top = writer.margins.top + plan.size
    baseline = _write_issuer(writer, plan, heading.office, left, top)
    motto = len(said)
    second = national_head(writer, right, top, plan.size, plan.rule == "dashes")
    level, number_at = max(baseline, second) + plan.size * 1.9, len(said)
    number = [("print", plan.number_word), *heading.number]
    style = writer.style.but(size=13)
    writer.mixed([(kind, text) for kind, text in number], (left, level), style)
    day_level = level + (16 if plan.date_under_number else 0)
    writer.mixed(heading.place_and_day, (right, day_level), style.but(italic=True))
    writer.y = day_level + 12
    if heading.letter_subject:
        text = f"V/v {heading.letter_subject}"
        writer.y = level + 4
        span = (left - width * 0.2, left + width * 0.2)
        writer.paragraph(text, align="centre", style=writer.style.but(size=12), span=span)
        writer.y = max(writer.y, day_level + 14)
    day_at = number_at + 1
    left_block = [*said[begin:motto], said[number_at], *said[day_at + 1 :]]
    said[begin:] = [*left_block, *said[motto:number_at], said[day_at]]
    _adorn(draft, writer, heading)


def _write_issuer(writer: Writer, plan: HeadPlan, office: Office, middle: float, top: float) -> float:
    style, baseline, widest = writer.style.but(size=plan.size), top, 0.0
    nation = writer.left + (writer.right - writer.left) * plan.right - style.but(bold=True).width(NATION) / 2
    limit = 2 * (nation - 9 - middle)
    lines = [(text, style) for text in wrapped(office.superior, style, limit)] if office.superior else []
    bold = style.but(bold=True)
    lines += [(text, bold) for name in office.lines for text in wrapped(name, bold, limit)]
    for text, face in lines:
        fitting = face.but(size=min(plan.size, plan.size * limit / face.width(text)))
        widest = writer.line(text, middle, baseline, fitting)
        baseline += plan.size * 1.28
    baseline -= plan.size * 1.28
    half = widest * 0.25
    writer.rule((middle - half, middle + half), baseline + 4.5, 0.8, 3.0 if plan.rule == "dashes" else 0.0)
    return baseline


def wrapped(name: str, style: Style, limit: float) -> list[str]:
    """A name wider than ``limit`` points in two balanced lines, a narrower one as it is."""
    if style.width(name) <= limit:
        return [name]
    words = name.split()
    cut = min(range(1, len(words)), key=lambda index: abs(len(" ".join(words[:index])) - len(name) / 2))
    return [" ".join(words[:cut]), " ".join(words[cut:])]


def _adorn(draft: Draft, writer: Writer, heading: Heading) -> None:
    chance = draft.chance
    if chance.odds(0.35):
        overlay_signature(draft, writer, heading.office.title_case, heading.day)
    if chance.odds(0.2):
        at = (writer.left - chance.between(10, 30), chance.between(A4[1] * 0.005, 6))
        stamp_arrival(chance, writer.sheet, at, writer.style.family, slashed(heading.day)[:5] + f"/{heading.day:%y}")


def ring_of(office: Office) -> str:
    """What stands around the ring of the office's seal."""
    name = " ".join(office.lines)
    return f"{name} {office.superior}".strip() if len(name) < 16 else name


def write_foot(
    draft: Draft,
    writer: Writer,
    office: Office,
    recipients: list[str],
    *,
    counterpart: tuple[str, str] | None = None,
    day: date | None = None,
) -> tuple[str, str]:
    """Writes recipients on the left and the signature with its seal on the right; the signer's title and name.

    ``counterpart`` (title, name) signs on the left in the place of the recipients. Some papers of a ``day`` are signed
    electronically.
    """
    chance = draft.chance
    capacity, title = draw_capacity(chance, office)
    name = signer_name(chance)
    printed = draw_degree(chance) + name
    writer.need(max(185.0, 60 + 17 * len(recipients)))
    writer.skip(6)
    top = writer.y
    width = writer.right - writer.left
    end = top
    if counterpart:
        end = sign_off(draft, writer, [counterpart[0]], counterpart[1], middle=writer.left + width * 0.22, top=top)
    elif recipients:
        span = (writer.left, writer.left + width * 0.44)
        small = writer.style.but(size=11)
        writer.paragraph("Nơi nhận:", style=small.but(size=12, bold=True, italic=True), align="left", span=span, gap=0)
        for index, text in enumerate(recipients):
            stop = "." if index == len(recipients) - 1 else ";"
            writer.paragraph(f"- {text}{stop}", style=small, align="left", span=span, gap=0)
        end = writer.y
    lines = [*capacity, *title]
    right = writer.left + width * 0.72
    if day is not None and chance.odds(0.12):
        said = (office.title_case, day)
        bottom = sign_electronically(draft, writer, lines, printed, middle=right, top=top, said=said)
    else:
        bottom = sign_off(draft, writer, lines, printed, middle=right, top=top, ring=ring_of(office))
    writer.y = max(end, bottom)
    return " ".join(title), name
