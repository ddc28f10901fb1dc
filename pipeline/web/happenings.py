"""What happened to papers, in words that officers read: the machine's reasons said in full, people's own as they are."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pipeline.domain.documents import Event, Status
from pipeline.review_desk import RejectionCode

#: Who the machine is, by the name under which it writes.
MACHINES = {"sohoa": "by_system", "intake": "by_intake", "batches": "by_batches"}

#: What is said of deeds of people that give no reason of their own.
_BY_PEOPLE = frozenset({"reviewed", "erased"})
#: What people do with a reason of their own behind a colon.
_DEEDS = frozenset({"withdrawn", "merged", "undone"})
#: The id of the other document, which stands before the reason of a merge.
_WITH_ID = frozenset({"merged"})
#: What is told of problem codes, by how they begin; the first that fits counts.
_FAMILIES = (
    ("type_", "h_type"),
    ("cut_", "h_cut"),
    ("page_", "h_page"),
    ("field_missing", "h_missing"),
    ("reread_", "h_reread"),
    ("signature_", "h_signature"),
    ("duplicate_", "h_double"),
    ("excluded_", "h_excluded"),
)
_CODE = re.compile(r"[a-z][a-z0-9_]*")


def reason_in_words(event: Event, words: Mapping[str, str]) -> str:
    """Why a status changed, in the language of ``words``; empty where nothing is to be said."""
    reason = event.reason.strip()
    known = _key("h", reason)
    if known in words and (event.actor in MACHINES or reason in _BY_PEOPLE):
        return words[known]
    code, colon, rest = reason.partition(": ")
    if colon and (said := _deed(code, rest, words)):
        return said
    if event.actor not in MACHINES:
        return reason
    if event.after is Status.FAILED or not _CODE.fullmatch(reason):
        return words["h_fault"] if reason else ""
    return words[_of_problem(reason, event.after)]


def problem_in_words(code: str, words: Mapping[str, str]) -> str:
    """What a problem of this code is about."""
    return words[_of_problem(code, Status.NEEDS_REVIEW)]


def actor_in_words(actor: str, named: Mapping[str, str], words: Mapping[str, str]) -> str:
    """Who did it: people by their names (``named`` by account), the machine by what it is here."""
    return words[MACHINES[actor]] if actor in MACHINES else named.get(actor, actor)


def part_in_words(what: str, words: Mapping[str, str]) -> str:
    """What of a paper somebody saw or fetched, or why they did not get it; what is not known by name is another part."""
    why = words.get(_key("why", what.removeprefix("excluded_")), words["what_other"] if what else "")
    return words.get(_key("what", what), why)


def _deed(code: str, rest: str, words: Mapping[str, str]) -> str:
    if code in _DEEDS:
        told = rest.partition(": ")[2] if code in _WITH_ID else rest
        return f"{words[f'h_{code}']}: {told}" if told else words[f"h_{code}"]
    if code in set(RejectionCode):
        return f"{words[f'r_{code}']}: {rest}"
    return ""


def _of_problem(code: str, after: Status) -> str:
    family = next((key for begin, key in _FAMILIES if code.startswith(begin)), "")
    if family:
        return family
    if after is Status.REJECTED:
        return "h_file"
    return "h_value" if after is Status.NEEDS_REVIEW else "h_other"


def _key(kind: str, text: str) -> str:
    return f"{kind}_" + "_".join(re.findall(r"[a-z0-9]+", text.casefold()))
