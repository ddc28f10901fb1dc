"""The audit log between catalogue and bucket: sealed in segments that are written once, anchored when a day is over.

Happenings are written down in the catalogue, in the transaction of what happened. Whoever seals first gives them their
places in the chain (in the catalogue, under a lock), then puts the segment into the bucket, once, by its first number.
Killed in between, the next one puts the very same bytes. What the bucket holds is the truth: a catalogue that comes behind
it, restored from an older copy or new, takes over what it lacks, and what it had sealed otherwise is sealed again behind that.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from pipeline import archive
from pipeline.domain.audit import GENESIS, Action, Anchor, Happening, Head, Segment, anchored, details_of, is_sound
from pipeline.domain.errors import StageError
from pipeline.ports import Clock, ObjectStore
from pipeline.ports.archive import AuditLog

#: Lines that one segment holds at most.
SEGMENT_LINES = 1000

#: How long a happening may wait to be sealed; and how many may.
LONGEST_WAIT, MOST_WAITING = timedelta(seconds=60), 500

_ADVICE = "Nhật ký trong kho lưu trữ không nối tiếp được. Hãy chạy lệnh: sohoa verify, rồi báo quản trị viên."


@dataclass(frozen=True, slots=True)
class Notes:
    """Writes happenings down, to be sealed later."""

    log: AuditLog
    clock: Clock

    def note(self, action: Action, *, actor: str, reason: str, document: str = "", **details: object) -> Happening:
        """Write down that ``actor`` did something now; ``details`` without personal data."""
        told = details_of(**details)
        happening = Happening(
            secrets.token_hex(16), self.clock.now(), actor, action.value, document, reason=reason, details=told
        )
        self.log.note(happening)
        return happening


@dataclass(frozen=True, slots=True)
class Auditing:
    """The audit log of an installation."""

    store: ObjectStore
    log: AuditLog
    clock: Clock

    def note(self, action: Action, *, actor: str, reason: str, document: str = "", **details: object) -> Happening:
        """Write down that ``actor`` did something now; ``details`` without personal data."""
        return Notes(self.log, self.clock).note(action, actor=actor, reason=reason, document=document, **details)

    def seal_if_due(self) -> int:
        """Seal where something has waited long enough, or enough has, or a day is over; how many lines were sealed."""
        count, oldest = self.log.waiting()
        due = count >= MOST_WAITING or (oldest is not None and oldest <= self.clock.now() - LONGEST_WAIT)
        return self.seal() if due or self.log.unkept() or self.log.unanchored(self._today()) else 0

    def seal(self) -> int:
        """Seal all that waits, put it into the bucket, anchor the days that are over; how many lines were sealed.

        Raises ``StageError`` where what the bucket holds does not follow on what the catalogue knows, ``UnavailableError``.
        """
        self._put_unkept()
        self.catch_up()
        sealed = 0
        while lines := self.log.seal(self._today(), SEGMENT_LINES):
            sealed += lines
            self._put_unkept()
        self._anchor_days()
        return sealed

    def catch_up(self) -> int:
        """Take over what the bucket holds behind the last line known here; how many lines. Raises ``StageError``."""
        taken, head = 0, self.log.head()
        while self.store.stat(key := archive.segment_key(head.seq + 1)) is not None:
            try:
                segment, lines = archive.parse_segment(self.store.get(key))
            except ValueError as error:
                raise _broken(key, str(error)) from error
            for line in lines:
                if not is_sound(line) or Head(line.seq - 1, line.previous) != head:
                    raise _broken(key, f"line {line.seq} does not follow on line {head.seq}")
                head = Head(line.seq, line.hash)
            self.log.absorb(segment, lines)
            taken, head = taken + len(lines), self.log.head()
        if taken:
            self._catch_up_anchors()
        return taken

    def _put_unkept(self) -> None:
        for segment in self.log.unkept():
            key = archive.segment_key(segment.first)
            data = archive.render_segment(self.log.lines(segment.first, segment.last), segment.day)
            if not self.store.put_once(key, data, media_type="application/jsonl") and self.store.get(key) != data:
                self.log.release(segment.first)
                return
            self.log.keep(segment.first, hashlib.sha256(data).hexdigest())

    def _anchor_days(self) -> None:
        """Anchor what was sealed on days that are over; what comes late for the anchor of its day goes to the next one."""
        while waiting := self._unanchored():
            day = max(waiting[0].day, _day_after(self.log.last_anchor()))
            if day >= self._today():
                return
            listed = tuple(segment for segment in waiting if segment.day <= day)
            (last_line,) = self.log.lines(listed[-1].last, listed[-1].last)
            made = Anchor(day, listed[0].first, listed[-1].last, last_line.hash, listed, self._last_anchor())
            key = archive.anchor_key(day)
            if not self.store.put_once(key, archive.render_anchor(anchored(made)), media_type="application/json"):
                made = self._read_anchor(key)
            self.log.anchor(day, made.first, made.last)

    def _unanchored(self) -> tuple[Segment, ...]:
        """What may be anchored now: nothing behind a segment that is still on its way into the bucket."""
        unkept = self.log.unkept()
        waiting = self.log.unanchored(self._today())
        return tuple(segment for segment in waiting if not unkept or segment.first < unkept[0].first)

    def _catch_up_anchors(self) -> None:
        """Take over the anchors that a catalogue behind the bucket does not know of."""
        for entry in self.store.list(archive.ANCHORS_PREFIX):
            made = self._read_anchor(entry.key)
            self.log.anchor(made.day, made.first, made.last)

    def _last_anchor(self) -> str:
        day = self.log.last_anchor()
        return self._read_anchor(archive.anchor_key(day)).hash if day else GENESIS

    def _read_anchor(self, key: str) -> Anchor:
        try:
            return archive.parse_anchor(self.store.get(key))
        except ValueError as error:
            raise _broken(key, str(error)) from error

    def _today(self) -> str:
        return self.clock.now().astimezone(UTC).date().isoformat()


def day_bounds(since: str, until: str) -> tuple[datetime, datetime]:
    """From the beginning of the day ``since`` to the end of the day ``until`` (ISO, UTC); ``ValueError`` for other texts."""
    begin, end = (datetime.fromisoformat(day).replace(tzinfo=UTC) for day in (since, until))
    if begin > end:
        raise ValueError(f"{since} comes after {until}")
    return begin, end + timedelta(days=1)


def _day_after(day: str) -> str:
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat() if day else ""


def _broken(key: str, why: str) -> StageError:
    return StageError(f"{key}: {why}; see `sohoa verify`", code="audit_broken", advice=_ADVICE)
