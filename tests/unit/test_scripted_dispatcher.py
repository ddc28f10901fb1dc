"""The dispatcher that tests script."""

from __future__ import annotations

import pytest

from pipeline.domain.documents import QueueName
from pipeline.domain.errors import UnavailableError
from storage.clocks import SystemClock
from storage.memory import Message, ScriptedDispatcher

STATION, BATCH = QueueName.STATION, QueueName.BATCH


def test_what_is_sent_is_recorded() -> None:
    dispatcher = ScriptedDispatcher()
    dispatcher.split_document("d", BATCH)
    dispatcher.read_page("d", 2, STATION)
    dispatcher.finish_document("d", BATCH)
    assert dispatcher.sent == [
        Message("split", "d", 0, BATCH),
        Message("read", "d", 2, STATION),
        Message("finish", "d", 0, BATCH),
    ]


def test_messages_are_handed_on_in_turn_station_work_first_with_those_sent_meanwhile() -> None:
    dispatcher = ScriptedDispatcher()
    dispatcher.split_document("a", BATCH)
    dispatcher.split_document("b", BATCH)
    dispatcher.split_document("s", STATION)
    handled: list[Message] = []

    def handle(message: Message) -> None:
        handled.append(message)
        if message.step == "split":
            dispatcher.finish_document(message.document, message.queue)

    assert dispatcher.drain(handle) == 6
    assert [(message.step, message.document) for message in handled] == [
        ("split", "s"), ("finish", "s"), ("split", "a"), ("split", "b"), ("finish", "a"), ("finish", "b"),
    ]  # fmt: skip
    assert dispatcher.drain(handle) == 0


def test_a_broker_that_lost_its_data_hands_on_nothing() -> None:
    dispatcher = ScriptedDispatcher()
    dispatcher.split_document("a", BATCH)
    dispatcher.lose()
    assert dispatcher.drain(lambda message: None) == 0
    assert len(dispatcher.sent) == 1


def test_a_broker_that_is_away_is_unavailable() -> None:
    dispatcher = ScriptedDispatcher()
    dispatcher.away = True
    with pytest.raises(UnavailableError):
        dispatcher.read_page("a", 1, BATCH)
    assert dispatcher.sent == []


def test_the_machines_time_has_a_zone() -> None:
    assert SystemClock().now().utcoffset() is not None
