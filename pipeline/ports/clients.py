"""What the interface for other systems needs from outside: who calls, what was answered, files on their way in, keys."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from pipeline.domain.clients import Client, KeptAnswer, TokenKey, Upload, UploadState


class Clients(Protocol):
    """Systems that are registered. Every call is one transaction; safe from many processes at once."""

    def clients(self) -> tuple[Client, ...]:
        """All of them, by id, those disabled included."""

    def client(self, client_id: str) -> Client | None:
        """The system of this id."""

    def enter(self, client: Client) -> None:
        """Hold a new system. Raises ``ValueError`` where another one has its id."""

    def keep(self, client: Client) -> None:
        """Hold what a system is now; one that was never entered is not."""

    def spend(self, client_id: str, assertion: str, until: datetime, now: datetime) -> bool:
        """Note that an assertion was used, until it is over; False where it had been. Those that are over are forgotten."""


class Answers(Protocol):
    """What calls with an idempotency key were answered."""

    def claim(self, client_id: str, key: str, fresh: KeptAnswer, forgotten: datetime, given_up: datetime) -> KeptAnswer | None:
        """None where the call is to be made now, by whoever asked; else what is kept of the earlier one.

        Calls begun before ``forgotten`` are, and so is one that was begun before ``given_up`` and never answered. Of two at
        once one gets None.
        """

    def keep(self, client_id: str, key: str, answer: KeptAnswer) -> None:
        """Hold what the call was answered."""

    def release(self, client_id: str, key: str) -> None:
        """Forget the call: it may be made again."""


class Uploads(Protocol):
    """Files on their way in."""

    def begin(self, upload: Upload, most: int) -> bool:
        """Hold a new one; False where its system has ``most`` already that are neither used nor spoilt."""

    def find(self, upload_id: str) -> Upload | None:
        """The upload of this id."""

    def advance(self, upload: Upload, received: int, piece: str) -> bool:
        """Note that one more piece came, up to byte ``received``; False where another piece was there first."""

    def assign(self, upload_id: str, dossier: str) -> None:
        """Note in which dossier it is about to be handed in; one that was noted before stays."""

    def settle(self, upload_id: str, state: UploadState) -> None:
        """Note that nothing more comes."""

    def remove(self, upload_id: str) -> None:
        """Forget it; an unknown one is fine."""

    def over(self, now: datetime, limit: int) -> tuple[Upload, ...]:
        """Those whose time is over."""


class TokenKeys(Protocol):
    """The private keys that access tokens are signed with, shared by all processes that serve the interface."""

    def all(self) -> tuple[TokenKey, ...]:
        """All of them, the oldest first. Raises ``UnavailableError``."""

    def enter(self, key: TokenKey) -> None:
        """Hold a new key."""

    def forget(self, key_id: str) -> None:
        """Forget a key; an unknown one is fine."""
