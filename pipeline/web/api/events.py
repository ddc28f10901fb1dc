"""What happened, to be fetched or to be told by webhook; what could not be told, and once more."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Response
from fastapi import Path as InPath
from pydantic import BaseModel

from pipeline.domain.clients import Scope
from pipeline.domain.outbox import LettersAsked
from pipeline.reuse_desk.dead_letters import DeadLetters
from pipeline.reuse_desk.dead_letters import place_of as letter_place
from pipeline.reuse_desk.events import Events, Subscriptions
from pipeline.systems.desk import Caller
from pipeline.web.api.admitting import ServiceRoute, needs
from pipeline.web.api.cursors import MOST, USUAL, Cursor, Limit, cursor_behind, place_of
from pipeline.web.api.problems import ApiProblemError
from pipeline.web.api.reuse import system_of
from pipeline.web.api.reuse_shapes import (
    DeliveryTold,
    EventsTold,
    EventTold,
    SubscriptionMade,
    SubscriptionTold,
    SubscriptionWish,
)
from pipeline.web.api.shapes import closed
from pipeline.web.house import AnyReuse

router = APIRouter(prefix="/events", tags=["events"], route_class=ServiceRoute)

#: The list that cursors of dead letters belong to.
_LETTERS = "dead-letters"

Listener = Annotated[Caller, needs(Scope.EVENTS)]
Id = Annotated[str, InPath(pattern=r"^[A-Za-z0-9_.-]{4,80}$", examples=["0123456789abcdef"])]


class SubscriptionsTold(BaseModel):
    """All subscriptions of the system, ended ones included."""

    subscriptions: list[SubscriptionTold]


class DeadLettersTold(BaseModel):
    """Deliveries that were given up, the last one first; `next` leads on where there are more."""

    deliveries: list[DeliveryTold]
    next: str | None = None


@router.get("", responses=closed(404))
def list_events(ports: AnyReuse, caller: Listener, limit: Limit = USUAL, cursor: Cursor = None) -> EventsTold:
    """Events behind a cursor, in order; without one from the beginning. `next` is kept, and asked with later."""
    after = int(place_of(cursor, "events") or 0)
    page = Events(ports).after(system_of(caller), after, limit)
    listed = [EventTold.model_validate(one) for one in page.events]
    return EventsTold(events=listed, next=cursor_behind("events", str(page.seq)))


@router.get("/subscriptions", responses=closed())
def list_subscriptions(ports: AnyReuse, caller: Listener) -> SubscriptionsTold:
    """Where the system is told."""
    found = Subscriptions(ports).all_of(caller.client.id)
    return SubscriptionsTold(subscriptions=[SubscriptionTold.model_validate(one) for one in found])


@router.post("/subscriptions", status_code=201, responses=closed(409))
def subscribe(ports: AnyReuse, caller: Listener, body: SubscriptionWish) -> SubscriptionMade:
    """Be told; the secret that deliveries are signed with is shown this once."""
    offices = body.offices or [caller.client.agency]
    made, secret = Subscriptions(ports).add(system_of(caller), body.url, body.kinds, offices)
    return _with_secret(SubscriptionTold.model_validate(made), secret)


@router.post("/subscriptions/{subscription_id}/rotate", responses=closed(404, 409))
def rotate(ports: AnyReuse, caller: Listener, subscription_id: Id) -> SubscriptionMade:
    """A new secret; the former one signs too for a day."""
    made, secret = Subscriptions(ports).rotate(system_of(caller), subscription_id)
    return _with_secret(SubscriptionTold.model_validate(made), secret)


@router.delete("/subscriptions/{subscription_id}", status_code=204, response_class=Response, responses=closed(404))
def unsubscribe(ports: AnyReuse, caller: Listener, subscription_id: Id) -> Response:
    """Be told no more."""
    Subscriptions(ports).end(system_of(caller), subscription_id)
    return Response(status_code=204)


@router.get("/dead-letters", responses=closed(404))
def list_dead_letters(ports: AnyReuse, caller: Listener, limit: Limit = MOST, cursor: Cursor = None) -> DeadLettersTold:
    """Deliveries to the system that were given up, the last one first; as many as before where no `limit` is named."""
    page = DeadLetters(ports).page(LettersAsked(system=caller.client.id, behind=_behind(cursor), limit=limit))
    listed = [DeliveryTold.model_validate(one.delivery) for one in page.letters]
    return DeadLettersTold(deliveries=listed, next=cursor_behind(_LETTERS, page.next) if page.next else None)


@router.post("/dead-letters/{delivery_id}/retry", responses=closed(404, 409))
def retry(ports: AnyReuse, caller: Listener, delivery_id: Id) -> DeliveryTold:
    """Have one tried again at once; 409 where its subscription has ended."""
    again = DeadLetters(ports).retry(delivery_id, actor=caller.client.actor, system=caller.client.id)
    return DeliveryTold.model_validate(again)


def _behind(cursor: str | None) -> tuple[datetime, str] | None:
    """The place that a cursor names among dead letters; a problem for one that names none."""
    mark = place_of(cursor, _LETTERS)
    try:
        return letter_place(mark) if mark else None
    except ValueError as error:
        raise ApiProblemError("not_found", reason="unknown_cursor") from error


def _with_secret(told: SubscriptionTold, secret: str) -> SubscriptionMade:
    return SubscriptionMade(**told.model_dump(), secret=secret)
