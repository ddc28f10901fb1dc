"""Leave to fetch one file for some minutes, without an account: a link that whoever runs the house may hand out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from pipeline.domain.people import Ticket
from pipeline.people.keys import kept_of, make_key
from pipeline.ports import Clock
from pipeline.ports.people import People

#: How long a ticket is good for.
LONGEST = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Tickets:
    """Gives tickets and takes them."""

    people: People
    clock: Clock

    def give(self, document: str, name: str, *, giver: str) -> str:
        """The key of a new ticket for the file ``name`` of ``document``."""
        key = make_key()
        self.people.give_ticket(Ticket(kept_of(key), document, name, giver, self.clock.now() + LONGEST))
        return key

    def take(self, key: str, document: str, name: str) -> Ticket | None:
        """The ticket of this key, where it is for this very file and not over yet; it stays good until it is over.

        Viewers fetch a PDF in many pieces, so one use cannot be all.
        """
        found = self.people.ticket(kept_of(key)) if key else None
        fits = found is not None and (found.document, found.name) == (document, name) and self.clock.now() < found.until
        return found if fits else None
