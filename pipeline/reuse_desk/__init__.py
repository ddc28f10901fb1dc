"""Reuse for those who ask: checks, requests and releases, words on documents, events and their delivery, codes on prints."""

from pipeline.reuse_desk.checks import Checks, Validity
from pipeline.reuse_desk.dead_letters import DeadLetters
from pipeline.reuse_desk.events import Events, Subscriptions
from pipeline.reuse_desk.prints import PrintCodes, PublicCheck
from pipeline.reuse_desk.receipts import Receipts
from pipeline.reuse_desk.registers import Imported, RightsRegisters
from pipeline.reuse_desk.requests import Requests
from pipeline.reuse_desk.scene import ReusePorts, Terms
from pipeline.reuse_desk.standings import Revocations

__all__ = [
    "Checks",
    "DeadLetters",
    "Events",
    "Imported",
    "PrintCodes",
    "PublicCheck",
    "Receipts",
    "Requests",
    "ReusePorts",
    "Revocations",
    "RightsRegisters",
    "Subscriptions",
    "Terms",
    "Validity",
]
