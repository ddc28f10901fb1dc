"""The review desk: the queue, and a document beside its scan, gone through by keyboard."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse

from pipeline import archive
from pipeline.domain.documents import Status
from pipeline.domain.errors import NotEntitledError, NotFoundError
from pipeline.domain.people import Person
from pipeline.domain.reviews import Place, StepKind
from pipeline.review_desk import Case, Desk, Outcome, RejectionCode, TypedValueError, Wish
from pipeline.understanding import document_types
from pipeline.web.house import AnyHouse, House
from pipeline.web.permissions import Act, Page, may
from pipeline.web.review_views import first_page, holder_name, point_id, queued, rows_of, said_of, sheets_of, state_json
from pipeline.web.visiting import require, visit_of
from pipeline.web.words import WORDS

router = APIRouter(prefix="/review")

#: Lines of the queue shown at once, and documents of a file of which words are asked for at once.
SHOWN, MOST_PARTS = 100, 20

Reader = Annotated[Person, require(Page.REVIEW, Act.VIEW)]
Editor = Annotated[Person, require(Page.REVIEW, Act.CHANGE)]
Decider = Annotated[Person, require(Page.REVIEW, Act.DECIDE)]
Short = Annotated[str, Form(max_length=200)]
Text = Annotated[str, Form(max_length=8_000)]


@router.get("")
def queue(
    request: Request,
    house: AnyHouse,
    person: Reader,
    kind: Annotated[str, Query(max_length=100)] = "",
    done: Annotated[str, Query(max_length=100)] = "",
) -> Response:
    """What waits, the most urgent first; ``kind`` shows one type alone, ``done`` names what was just decided."""
    return house.writer.page(
        request, "review/queue.html", visit_of(request), **_queue(house, person, kind), done=_said(request, done)
    )


@router.get("/lines")
def lines(request: Request, house: AnyHouse, person: Reader, kind: Annotated[str, Query(max_length=100)] = "") -> Response:
    """The part of the queue that is asked for again and again."""
    return house.writer.page(request, "review/lines.html", visit_of(request), **_queue(house, person, kind))


@router.post("/next")
def take_next(house: AnyHouse, person: Editor, after: Short = "", kind: Short = "") -> Response:
    """On to the most urgent document that nobody has on the desk; ``after`` was skipped and is not it."""
    return RedirectResponse(_next(house, person, after, kind), status_code=303)


@router.get("/{document_id}")
def desk(request: Request, house: AnyHouse, document_id: str, person: Reader) -> Response:
    """The document beside its scan."""
    found = house.document(document_id, person)
    case = house.review.case(found.id)
    if case.document.status is not Status.NEEDS_REVIEW:
        return RedirectResponse(f"/documents/{quote(found.id)}", status_code=303)
    house.note_view(person, "review", found.id, revision=found.revision)
    return house.writer.page(request, "review/desk.html", visit_of(request), **_desk(house, case, person))


@router.post("/{document_id}/claim")
def claim(house: AnyHouse, document_id: str, person: Editor) -> Response:
    """Have the document on the desk, or hear who has it; asked again while the page is looked at."""
    house.document(document_id, person)
    held = house.review.claim(document_id, person.id)
    mine = held.holder == person.id
    name = person.name if mine else holder_name(held, house.names)
    return JSONResponse({"mine": mine, "holder": name, "since": held.since.astimezone().strftime("%H:%M")})


@router.get("/{document_id}/words")
def words(
    house: AnyHouse, document_id: str, person: Reader, part: Annotated[list[int], Query(max_length=MOST_PARTS)]
) -> Response:
    """How the values of some documents of the file were read, word by word: asked for once they come into view."""
    found = house.document(document_id, person)
    case = house.review.case(found.id)
    house.note_view(person, "review", found.id, revision=case.document.revision)
    wanted = [one for one in case.parts if one.number in part]
    if not wanted:
        raise NotFoundError(f"no such part of {document_id}")
    key = archive.revision_key(found.dossier, found.id, case.document.revision, "alto.xml")
    said = said_of(wanted, house.store.get(key))
    return JSONResponse({id_: [[one.text, one.doubt] for one in words] for id_, words in said.items()})


@router.post("/{document_id}/take-over")
def take_over(house: AnyHouse, document_id: str, person: Editor, reason: Short = "") -> Response:
    """Take the document from whoever has it."""
    house.document(document_id, person)
    house.review.take_over(document_id, person.id, reason=reason)
    return RedirectResponse(f"/review/{quote(document_id)}", status_code=303)


@router.post("/{document_id}/release")
def release(house: AnyHouse, document_id: str, person: Editor) -> Response:
    """Put the document back and go on to the next."""
    house.document(document_id, person)
    house.review.release(document_id, person.id)
    return RedirectResponse("/review", status_code=303)


@router.post("/{document_id}/settle")
def settle(  # noqa: PLR0913, PLR0917 - the fields of a form
    house: AnyHouse,
    document_id: str,
    person: Editor,
    revision: Annotated[int, Form()],
    part: Annotated[int, Form()],
    key: Short,
    kind: Annotated[StepKind, Form()],
    text: Text = "",
    seconds: Annotated[float, Form()] = 0.0,
) -> Response:
    """One step of the draft; the answer is how the draft stands then, or what is wrong with what was typed."""
    house.document(document_id, person)
    wish = Wish(Place(part, key), kind, text, seconds)

    def change(desk: Desk) -> None:
        desk.settle(document_id, revision, wish, actor=person.id)

    return _changed(house, document_id, change)


@router.post("/{document_id}/undo")
def undo(house: AnyHouse, document_id: str, person: Editor, revision: Annotated[int, Form()]) -> Response:
    """Undo the last step."""
    house.document(document_id, person)
    return _changed(house, document_id, lambda desk: desk.undo(document_id, revision, actor=person.id))


@router.post("/{document_id}/redo")
def redo(house: AnyHouse, document_id: str, person: Editor, revision: Annotated[int, Form()]) -> Response:
    """Do it again."""
    house.document(document_id, person)
    return _changed(house, document_id, lambda desk: desk.redo(document_id, revision, actor=person.id))


@router.post("/{document_id}/approve")
def approve(house: AnyHouse, document_id: str, person: Decider, revision: Annotated[int, Form()]) -> Response:
    """Let the document pass, and on to the next."""
    house.document(document_id, person)
    outcome = house.review.approve(document_id, revision, actor=person.id)
    return _on(house, person, document_id, "second" if outcome is Outcome.SECOND_READER else "approved")


@router.post("/{document_id}/reject")
def reject(
    house: AnyHouse, document_id: str, person: Decider, code: Annotated[RejectionCode, Form()], reason: Text = ""
) -> Response:
    """Send the document back, and on to the next."""
    house.document(document_id, person)
    house.review.reject(document_id, code, reason, actor=person.id)
    return _on(house, person, document_id, "rejected")


@router.post("/{document_id}/reopen")
def reopen(house: AnyHouse, document_id: str, person: Decider, reason: Text = "") -> Response:
    """Have an approved document reviewed once more."""
    house.document(document_id, person)
    house.review.reopen(document_id, reason=reason, actor=person.id)
    return RedirectResponse(f"/review/{quote(document_id)}", status_code=303)


def _changed(house: House, document_id: str, change: Any) -> Response:  # noqa: ANN401 - what it returns is not used
    """How the draft stands after ``change``; what the reviewer can put right is an answer, no failure."""
    try:
        change(house.review)
    except TypedValueError as error:
        return JSONResponse({"error": error.advice}, status_code=422)
    except NotEntitledError as error:
        return JSONResponse({"error": error.advice, "code": error.code}, status_code=409)
    return JSONResponse(state_json(house.review.case(document_id)))


def _on(house: House, person: Person, document_id: str, done: str) -> Response:
    """To the next document, or to the queue where nothing is left."""
    where = _next(house, person, document_id, "")
    return RedirectResponse(f"{where}?done={done}", status_code=303)


def _next(house: House, person: Person, after: str, kind: str) -> str:
    now = house.clock.now()
    for waiting in house.review.queue(person.scope):
        free = waiting.claim is None or not waiting.claim.is_open(now) or waiting.claim.holder == person.id
        wanted = waiting.document != after and kind in {"", waiting.type} and person.id not in waiting.readers
        if free and wanted and house.review.claim(waiting.document, person.id).holder == person.id:
            return f"/review/{quote(waiting.document)}"
    return "/review"


def _queue(house: House, person: Person, kind: str) -> dict[str, Any]:
    now, names = house.clock.now(), house.names
    waiting = house.review.queue(person.scope)
    kinds = sorted({one.type for one in waiting})
    shown = [one for one in waiting if kind in {"", one.type}]
    house.note_listed(person, "review", [one.document for one in shown[:SHOWN]])
    return {
        "queue": [queued(one, now, names) for one in shown[:SHOWN]],
        "waiting": len(shown),
        "kinds": kinds,
        "kind": kind,
        "me": person.id,
    }


def _desk(house: House, case: Case, person: Person) -> dict[str, Any]:
    papers = [(part, rows_of(case, part)) for part in case.parts]
    return {
        "case": case,
        "document": case.document,
        "sheets": sheets_of(case),
        "first_page": first_page(case, papers),
        "papers": papers,
        "points": [(point_id(point.place), point) for point in case.file_points],
        "state": state_json(case),
        "second": house.review.needs_second_reader(case),
        "readers": [house.names.get(one.reader, one.reader) for one in case.passed],
        "kinds": document_types(),
        "decides": may(person, Page.REVIEW, Act.DECIDE),
        "codes": list(RejectionCode),
    }


def _said(request: Request, done: str) -> str:
    """The key of the words that tell what was just done; empty for anything else."""
    return f"done_{done}" if f"done_{done}" in WORDS["vi"] else ""
