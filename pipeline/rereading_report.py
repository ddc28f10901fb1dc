"""What ``sohoa reread`` tells: document by document what today's reading changes, and the totals."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from pipeline.comparison import Difference, ProblemKey
from pipeline.domain.findings import Classification, Field
from pipeline.domain.releases import Released
from pipeline.rereading import Outcome, Rereading
from pipeline.rereading_desk import Accepted, difference_as_json

#: Lines of the text's diff that a person is shown, and signs of a value.
SHOWN_LINES, SHOWN_SIGNS = 12, 100

_STYLES = {"+": "green", "-": "red", "~": "yellow", "@": "cyan"}


class Report:
    """Counts what became of the documents and tells of each as it comes."""

    def __init__(self, *, with_diff: bool, every: bool, written: bool, console: Console | None = None) -> None:
        """``every``: tell of those that stay as they are, too; ``written``: whether revisions are made, or only shown.

        On a terminal, ``console`` (which shows a bar there) is printed to, for two would write into each other.
        """
        plain = Console(highlight=False)
        self._console = console if console and console.is_terminal and plain.is_terminal else plain
        self._with_diff = with_diff
        self._every = every
        self._written = written
        self.outcomes: Counter[str] = Counter()
        self._types = 0
        self._statuses: Counter[str] = Counter()
        self._fields: dict[str, Counter[str]] = {}
        self._words = self._of_words = self._elsewhere = self._held = 0

    def add(self, result: Rereading) -> None:
        """Count a document, without a word."""
        self.outcomes[result.outcome.value] += 1
        self._elsewhere += result.elsewhere
        self._held += bool(result.held_by)
        difference = result.difference
        if difference is None:
            return
        self._types += difference.type is not None
        if difference.status:
            self._statuses[" → ".join(status.value for status in difference.status)] += 1
        for change in difference.fields:
            self._fields.setdefault(change.key, Counter())[change.kind] += 1
        self._words += difference.words
        self._of_words += difference.of_words

    def tell(self, result: Rereading) -> None:
        """Print what became of a document."""
        if result.outcome not in {Outcome.CHANGED, Outcome.FAILED} and not self._every:
            return
        document = result.document
        place = document.source.name if document.dossier in {"", "."} else f"{document.dossier}/{document.source.name}"
        said = f"{result.outcome.value:<10}{document.id} {_revisions(result, self._written)} {place}"
        self._print(said + (f"  ({_summary(result.difference)})" if result.difference else ""), "bold")
        if result.reason:
            self._print(f"    {result.reason}")
        for one in result.held_by:
            what = f"{one.form.value} of revision {one.revision}, for {one.purpose}"
            self._print(f"  ! held by   {one.system} ({one.agency}) since {one.at:%Y-%m-%d}: {what}", "bold red")
        if result.difference and self._with_diff:
            for line in _told(result.difference):
                self._print(f"  {line}", _STYLES.get(line.lstrip()[:1], ""))

    def totals(self) -> Iterator[str]:
        """The lines at the end."""
        counts = ", ".join(f"{self.outcomes[outcome.value]:,} {outcome.value}" for outcome in Outcome)
        yield f"{self.outcomes.total():,} documents: {counts}"
        if self._types:
            yield f"types: {self._types:,} changed"
        if self._statuses:
            yield "statuses: " + ", ".join(f"{count:,} {change}" for change, count in self._statuses.most_common())
        for key, kinds in sorted(self._fields.items(), key=lambda pair: (-pair[1].total(), pair[0])):
            yield f"field {key}: " + ", ".join(f"{count:,} {kind}" for kind, count in sorted(kinds.items()))
        if self._of_words:
            share = self._words / self._of_words
            yield f"words: {self._words:,} of {self._of_words:,} in the changed documents ({share:.1%})"
        if self._held:
            yield f"{self._held:,} of the changed documents were released to others, who hold the values of before: tell them"
        if self._elsewhere:
            yield f"{self._elsewhere:,} were read by workers of another edition than this command: restart them, then repeat"
        if self.outcomes[Outcome.CHANGED.value] and not self._written:
            yield (
                "no revision was made; they wait on the page of later readings, --accepted FILE makes those that stand in a "
                "--json file, --apply all of them"
            )

    def _print(self, line: str, style: str = "") -> None:
        self._console.print(Text(line, style=style), soft_wrap=True)


def _revisions(result: Rereading, written: bool) -> str:
    before = result.document.revision
    if result.outcome is Outcome.CHANGED:
        return f"r{before:04d} → r{result.revision:04d}" if written else f"r{before:04d} → r{before + 1:04d}?"
    return f"r{before:04d}"


def _summary(difference: Difference) -> str:
    """What changes, in a few words."""
    named = (
        ("type", difference.type),
        ("status", difference.status),
        ("codes", difference.codes_changed),
        ("procedure", difference.procedure),
    )
    problems = len(difference.problems_added) + len(difference.problems_gone)
    counted = (("fields", len(difference.fields)), ("problems", problems), ("words", difference.words))
    parts = [name for name, changed in named if changed] + [f"{name}: {count}" for name, count in counted if count]
    return ", ".join(parts) or "spacing of the text"


def _told(difference: Difference) -> Iterable[str]:
    if difference.type:
        yield f"~ type      {' → '.join(map(_type, difference.type))}"
    if difference.status:
        yield f"~ status    {' → '.join(status.value for status in difference.status)}"
    for change in difference.fields:
        sign = {"added": "+", "lost": "-", "changed": "~"}[change.kind]
        yield f"{sign} {change.key}  " + " → ".join(_value(side) for side in (change.before, change.after) if side)
    for sign, problems in (("+", difference.problems_added), ("-", difference.problems_gone)):
        yield from (f"{sign} problem   {_problem(problem)}" for problem in problems)
    if difference.procedure:
        yield f"~ procedure {' → '.join(code or 'none' for code in difference.procedure)}"
    if difference.codes_changed:
        yield "~ barcodes or QR codes"
    if difference.text_changed:
        share = difference.words / max(1, difference.of_words)
        yield f"~ text      {difference.words:,} of {difference.of_words:,} words ({share:.1%})"
    yield from (f"  {line}" for line in difference.lines[:SHOWN_LINES])
    if rest := difference.more_lines + max(0, len(difference.lines) - SHOWN_LINES):
        yield f"  … {rest:,} more lines"


def _type(found: Classification | None) -> str:
    return f"{found.code} ({found.confidence:.2f})" if found else "none"


def _value(field: Field) -> str:
    text = "; ".join(field.value) if isinstance(field.value, tuple) else str(field.value)
    return f"{text if len(text) <= SHOWN_SIGNS else text[: SHOWN_SIGNS - 1] + '…'} ({field.confidence:.2f})"


def _problem(problem: ProblemKey) -> str:
    code, field, page = problem
    return " ".join((code, *([field] if field else []), *([f"page {page}"] if page else [])))


def as_line(result: Rereading, *, written: bool) -> str:
    """One line of JSON; ``new_revision`` is null where none was made."""
    document, difference = result.document, result.difference
    made = result.revision if written and result.outcome is Outcome.CHANGED else None
    line: dict[str, Any] = {
        "document": document.id,
        "dossier": document.dossier,
        "name": document.source.name,
        "outcome": result.outcome.value,
        "reason": result.reason or None,
        "engine": result.by or None,
        "made_with": result.made_with or None,
        "revision": document.revision,
        "new_revision": made,
        "held_by": [_held_as_json(one) for one in result.held_by],
    }
    return json.dumps(line | (difference_as_json(difference) if difference else {}), ensure_ascii=False)


def read_accepted(path: Path) -> dict[str, Accepted]:
    """The documents whose changes were accepted, with what these were shown for, out of lines of :func:`as_line`.

    Accepted is what ``changed``, unless the line says ``"accept": false`` by now or was taken out. Raises ``ValueError``.
    """
    accepted: dict[str, Accepted] = {}
    for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            line = json.loads(text) if text.strip() else {}
            if line and line["outcome"] == Outcome.CHANGED.value and line.get("accept", True) is True:
                accepted[str(line["document"])] = Accepted(int(line["revision"]), line.get("made_with") or "")
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"{path}, line {number}: not a line of `sohoa reread --diff --json`") from error
    return accepted


def _held_as_json(one: Released) -> dict[str, object]:
    told = {"system": one.system, "agency": one.agency, "at": one.at.isoformat(), "revision": one.revision}
    return {**told, "form": one.form.value, "purpose": one.purpose}
