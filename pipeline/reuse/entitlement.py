"""Who may have what: the line of the list that entitles, or why none does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.domain.holdings import Reason, ReasonCode
from pipeline.domain.releases import ANY, Entitlement, ReleaseForm
from pipeline.reuse.reasons import reason


@dataclass(frozen=True, slots=True)
class Call:
    """Who asks for papers of ``type``: ``agency``, in ``procedure`` (empty: in none), for ``purpose``, ``on`` a day."""

    agency: str
    procedure: str
    type: str
    purpose: str
    on: date


def lines_for(call: Call, entitlements: Iterable[Entitlement]) -> tuple[Entitlement, ...]:
    """The lines that entitle, those that give least and are most particular first."""
    day = call.on.isoformat()
    found = [
        one
        for one in entitlements
        if one.agency in {ANY, call.agency}
        and one.procedure in {ANY, call.procedure}
        and one.type in {ANY, call.type}
        and one.purpose == call.purpose
        and (one.since or "") <= day <= (one.until or "9999")
    ]
    return tuple(sorted(found, key=_rank))


def _rank(one: Entitlement) -> tuple[object, ...]:
    broad = [part == ANY for part in (one.agency, one.procedure, one.type)]
    return one.form is ReleaseForm.PDF, sum(broad), one.consent, len(one.fields), one.basis


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted: a ``form`` (None: the least), ``fields`` (none: all that may be had), with a reference to ``consent``.

    ``by_name``: whose the paper is, is known by name and birth date only.
    """

    form: ReleaseForm | None = None
    fields: Sequence[str] = ()
    consent: str = ""
    by_name: bool = False


@dataclass(frozen=True, slots=True)
class Grant:
    """What may be had, by the line that says so; or the ``refusal``."""

    form: ReleaseForm = ReleaseForm.FIELDS
    fields: tuple[str, ...] = ()
    basis: str = ""
    refusal: Reason | None = None


def grant(call: Call, wish: Wish, entitlements: Iterable[Entitlement]) -> Grant:
    """The least that answers the wish. Nothing is had without a line of the list."""
    lines = lines_for(call, entitlements)
    if not lines:
        return Grant(refusal=reason(ReasonCode.NOT_ENTITLED, agency=call.agency))
    fitting = [one for one in lines if _gives(one, wish)]
    if not fitting:
        most = max(lines, key=lambda one: len(one.fields))
        return Grant(refusal=reason(ReasonCode.FORM_NOT_ENTITLED, text=", ".join(most.fields) or "?", basis=most.basis))
    if wish.by_name and not (fitting := [one for one in fitting if one.by_name]):
        return Grant(refusal=reason(ReasonCode.OWNER_BY_NAME))
    allowed = [one for one in fitting if wish.consent or not one.consent]
    if not allowed:
        return Grant(refusal=reason(ReasonCode.CONSENT_MISSING, basis=fitting[0].basis))
    chosen = allowed[0]
    fields = tuple(wish.fields) or chosen.fields
    return Grant(chosen.form, fields if chosen.form is ReleaseForm.FIELDS else (), chosen.basis)


def _gives(one: Entitlement, wish: Wish) -> bool:
    """Whether the line gives what is wanted: whoever may have the PDF may not therefore have fields, and the reverse."""
    if wish.form is not None and one.form is not wish.form:
        return False
    return {*wish.fields} <= {*one.fields} if one.form is ReleaseForm.FIELDS else not wish.fields


def types_of(procedure: str, purpose: str, on: date, entitlements: Iterable[Entitlement]) -> tuple[str, ...]:
    """The types that the list names for a procedure and a purpose, whoever may have them: its components."""
    day = on.isoformat()
    return tuple(
        dict.fromkeys(
            one.type
            for one in entitlements
            if one.procedure == procedure
            and one.type != ANY
            and one.purpose == purpose
            and (one.since or "") <= day <= (one.until or "9999")
        )
    )
