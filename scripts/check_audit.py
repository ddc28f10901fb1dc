#!/usr/bin/env python3
"""Check an export of Sohoa's audit log, anywhere, offline: needs nothing but Python 3.9 and the files.

    python check_audit.py audit.jsonl --anchors audit.anchors.jsonl [--head HASH]

Each line of the export is JSON; its ``hash`` is the sha256 of the canonical JSON (sorted keys, no spaces, UTF-8) of all its
other values, ``previous`` among them, which is the hash of the line before. An anchor says what the last line of a day was;
its own hash covers the anchor before. ``--head`` is the hash of an anchor that was written down elsewhere, as ``sohoa verify``
prints it.
Exit code: 0 all is sound, 1 something is not, 2 the files cannot be read.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

Values = dict[str, Any]


def digest(values: Values) -> str:
    """The hash of a line or an anchor, from its values."""
    told = {key: value for key, value in values.items() if key != "hash"}
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def read(path: str) -> list[Values]:
    """The values of each line of a file of JSON Lines."""
    with Path(path).open(encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def check_anchors(anchors: Sequence[Values]) -> Iterator[str]:
    """What is wrong with the anchors themselves."""
    before: Values | None = None
    for anchor in anchors:
        day = anchor["day"]
        if digest(anchor) != anchor["hash"]:
            yield f"anchor of {day}: it was altered, its hash is not that of what it says"
        if before is None and (anchor["first"] != 1 or anchor["previous"] != "0" * 64):
            yield f"anchor of {day}: anchors before it are missing"
        if before is not None and anchor["previous"] != before["hash"]:
            yield f"anchor of {day}: it does not follow on that of {before['day']}; one was replaced, removed or moved"
        if before is not None and anchor["first"] != before["last"] + 1:
            yield f"anchor of {day}: it covers lines from {anchor['first']}, that of {before['day']} ends at {before['last']}"
        before = anchor


def check_lines(lines: Sequence[Values]) -> Iterator[str]:
    """What is wrong with the chain of lines by itself."""
    before: Values | None = None
    for line in lines:
        seq = line["seq"]
        if digest(line) != line["hash"]:
            yield f"line {seq}: it was altered, its hash is not that of what it says"
        if before is None:
            pass
        elif seq <= before["seq"]:
            yield f"line {seq}: it stands behind line {before['seq']}; lines were put in another order, or one is there twice"
        elif seq != before["seq"] + 1:
            yield f"line {seq}: lines {before['seq'] + 1} to {seq - 1} were removed"
        elif line["previous"] != before["hash"]:
            yield f"line {seq}: it does not follow on line {before['seq']}; one of the two was replaced"
        before = line


def check_against(lines: Sequence[Values], anchors: Sequence[Values]) -> Iterator[str]:
    """What of the lines is not as the anchors say."""
    by_number = {line["seq"]: line for line in lines}
    first, last = min(by_number, default=0), max(by_number, default=0)
    for anchor in anchors:
        if first <= anchor["last"] <= last:
            line = by_number.get(anchor["last"])
            if line is None:
                yield f"anchor of {anchor['day']}: its last line {anchor['last']} is not there"
            elif line["hash"] != anchor["head"]:
                yield f"anchor of {anchor['day']}: line {anchor['last']} is not the one that was sealed; the log was rewritten"
        if anchor["last"] + 1 == first and by_number[first]["previous"] != anchor["head"]:
            yield f"anchor of {anchor['day']}: line {first} does not follow on what was sealed that day"


def check(lines: Sequence[Values], anchors: Sequence[Values], head: str = "") -> Iterator[str]:
    """All that is wrong, as lines of text."""
    yield from check_lines(lines)
    yield from check_anchors(anchors)
    yield from check_against(lines, anchors)
    if head and head not in {anchor["hash"] for anchor in anchors}:
        yield f"no anchor has the hash {head}: the anchors were rewritten since it was written down"


def main(argv: Sequence[str] | None = None) -> int:
    """The exit code; what is wrong is printed."""
    parser = argparse.ArgumentParser(description="Check an export of Sohoa's audit log.")
    parser.add_argument("export", help="JSON Lines, as `sohoa export-audit` writes them")
    parser.add_argument("--anchors", help="JSON Lines of the anchors; better a copy that was kept elsewhere")
    parser.add_argument("--head", default="", help="hash of an anchor that was written down elsewhere")
    args = parser.parse_args(argv)
    try:
        lines, anchors = read(args.export), read(args.anchors) if args.anchors else []
        wrong = list(check(lines, anchors, args.head))
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"cannot be read: {error!r}", file=sys.stderr)
        return 2
    for told in wrong:
        print(told)
    covered = sum(1 for line in lines if anchors and line["seq"] <= anchors[-1]["last"])
    print(f"{len(lines)} lines, {covered} of them under an anchor, {len(anchors)} anchors: ", end="")
    print(f"{len(wrong)} findings" if wrong else "all sound")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
