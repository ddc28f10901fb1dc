"""The system of an agency, as a process of its own: it keeps books of what it fetched and of what it was told.

It is told what to do by lines of JSON, and answers each with one. Its clock is that of the others, a little off.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from pipeline.client import (
    KeyCredentials,
    RefusedError,
    SecretCredentials,
    Sohoa,
    UnprovenError,
    verify_content,
    verify_receipt,
    verify_values,
    verify_webhook,
)

#: Events after which a paper that was fetched is not to be used any more.
STALE = frozenset({"document.revoked", "document.superseded"})


class Agency:
    """The books, and what is done with them. ``told`` holds the newest event of each document, by its place in time."""

    def __init__(self, origin: str, client: str, procedure: str, purpose: str, skew: float) -> None:
        self.origin, self.client, self.procedure, self.purpose, self.skew = origin, client, procedure, purpose, skew
        self.now = 0.0
        self.secrets: dict[str, str] = {}
        self.fetched: dict[str, dict[str, Any]] = {}
        self.told: dict[str, tuple[int, str]] = {}
        self.seen: set[str] = set()
        self.counts = {"lost": 0, "twice": 0, "unproven": 0, "refused": 0}
        self.mischief: list[str] = []
        self.cursor = ""
        self.sohoa: Sohoa | None = None
        self.lock = threading.Lock()

    def clock(self) -> float:
        """The time, as this agency has it."""
        return self.now + self.skew

    def prove(self, secret: str = "", key: str = "", kid: str = "") -> None:
        """Prove who we are with these from now on."""
        known = KeyCredentials(self.client, key, kid=kid) if key else SecretCredentials(self.client, secret)
        self.sohoa = Sohoa(self.origin, known, purpose=self.purpose, clock=self.clock, sleep=lambda _: None)

    def fetch(self, owner: dict[str, str]) -> int:
        """Fetch all papers of an owner that the citizen need not bring; how many."""
        assert self.sohoa is not None
        done = 0
        for paper in self.sohoa.check(owner, procedure=self.procedure).dont_ask_again:
            request = self.sohoa.request(document=paper.document, part=paper.part, procedure=self.procedure)
            release = self.sohoa.release(request.id)
            claims = verify_receipt(release.receipt, self.sohoa.receipt_keys(), self.client)
            if request.form == "pdf":
                verify_content(claims, self.sohoa.pdf_of(request.id))
            else:
                verify_values(claims, release.values)
            self.fetched[request.id] = {"document": paper.document, "sha256": release.sha256, "receipt": release.receipt}
            done += 1
        return done

    def fetch_again(self) -> dict[str, int]:
        """Ask once more for all that is stale: nothing of it may come."""
        assert self.sohoa is not None
        came = 0
        for request, entry in self.fetched.items():
            if self.told.get(entry["document"], (0, ""))[1] in STALE:
                try:
                    self.sohoa.release(request)
                    came += 1
                except RefusedError as error:
                    self.counts["refused"] += error.status == 403
        return {"came": came, "refused": self.counts["refused"]}

    def take(self, headers: dict[str, str], body: bytes) -> int:
        """The status that a webhook is answered with; 0: none, for the line is cut."""
        with self.lock:
            what = self.mischief.pop(0) if self.mischief else ""
            if what == "down":
                self.counts["lost"] += 1
                return 500
            try:
                webhook = verify_webhook(headers, body, self.secrets, self.clock())
            except UnprovenError:
                self.counts["unproven"] += 1
                return 401
            if webhook.delivery in self.seen:
                self.counts["twice"] += 1
            self.seen.add(webhook.delivery)
            self.learn(webhook.event.document, webhook.event.seq, webhook.event.kind)
            return 0 if what == "cut" else 204

    def learn(self, document: str, seq: int, kind: str) -> None:
        """Keep what is newest of a document, in whatever order it comes."""
        if document and seq > self.told.get(document, (0, ""))[0]:
            self.told[document] = (seq, kind)

    def catch_up(self) -> int:
        """Fetch the events that no webhook told of; how many there were."""
        assert self.sohoa is not None
        count = 0
        while True:
            page = self.sohoa.events(self.cursor)
            for event in page.events:
                self.learn(event.document, event.seq, event.kind)
            count += len(page.events)
            if page.next == self.cursor or not page.events:
                self.cursor = page.next
                return count
            self.cursor = page.next


def receiver(agency: Agency) -> str:
    """The address at which webhooks come in."""

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = agency.take(dict(self.headers), body)
            if status:
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()
            self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}/events"


def obey(agency: Agency, order: dict[str, Any]) -> Any:
    """What came of an order."""
    what = order.pop("do")
    if what == "rotate":
        assert agency.sohoa is not None
        agency.secrets |= agency.sohoa.rotate(order["subscription"])[1]
    elif what == "retry":
        assert agency.sohoa is not None
        letters = agency.sohoa.dead_letters()
        for letter in letters:
            agency.sohoa.retry(letter["id"])
        return len(letters)
    elif what in {"now", "secrets", "mischief"}:
        setattr(agency, what, order[what])
    elif what == "book":
        return {"fetched": agency.fetched, "told": agency.told, "counts": agency.counts}
    else:
        calls: dict[str, Callable[..., Any]] = {
            "prove": agency.prove,
            "fetch": agency.fetch,
            "fetch_again": agency.fetch_again,
            "catch_up": agency.catch_up,
        }
        return calls[what](**order)
    return None


def answer(told: object) -> None:
    """Say it, on a line of its own."""
    sys.stdout.write(f"{json.dumps(told)}\n")
    sys.stdout.flush()


def main() -> None:
    """Begin with the first line, obey the others, end with the last."""
    agency = Agency(**json.loads(sys.stdin.readline()))
    answer(receiver(agency))
    for line in sys.stdin:
        answer(obey(agency, json.loads(line)))


if __name__ == "__main__":
    main()
