"""An agency's system as a process of its own, with the client alone: it asks, fetches, is told, and keeps books in a file.

    python tests/reuse_agency.py BOOKS PORT SEED

Orders come as lines of JSON on standard input, answers leave as lines on standard output. Its time is what it is told, and
runs ``skew`` seconds before or behind that of others. Its receiver of webhooks is as bad as receivers are: it fails, hangs up,
takes an event and then loses its answer. Whatever it must do stands in its books before it is begun, so that it goes on there
when it was killed.
"""

from __future__ import annotations

import json
import os
import random
import socket
import sys
from collections import Counter
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread
from typing import Any

from pipeline.client import (
    CallError,
    Event,
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
from pipeline.client.transport import Patience

Told = dict[str, Any]

#: What a receiver does with a webhook, and how often of nine times.
MOODS = ("ok",) * 5 + ("fails", "hangs_up", "loses_its_answer", "answers_twice")


class Books:
    """What the system believes, in a file that is there whole at any time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        empty: Told = {"orders": {}, "papers": {}, "refusals": [], "events": {}, "seen": [], "unproven": 0, "secrets": {}}
        self.told: Told = json.loads(path.read_text()) if path.exists() else empty | {"cursor": "", "set": {}}

    def save(self) -> None:
        part = self._path.with_suffix(".part")
        part.write_text(json.dumps(self.told))
        part.replace(self._path)


class AgencySystem:
    """The system: its books, its clock, its client."""

    def __init__(self, books: Path, seed: str) -> None:
        self.books = Books(books)
        self.seed = seed
        self.lock = Lock()
        self.tries: Counter[int] = Counter()
        self.now = 0.0
        self.sohoa: Sohoa | None = None
        self.receipt_keys: Any = {"keys": []}

    def set(self, **told: Any) -> Told:
        """Who it is: ``origin``, ``client``, ``purpose``, ``procedure``, ``skew``, and ``secret`` or ``key`` with ``kid``."""
        self.books.told["set"] |= told
        self.sohoa = None
        return {}

    def time(self, now: float) -> Told:
        """What time it is for others."""
        self.now = now
        return {}

    def clock(self) -> float:
        return self.now + float(self.books.told["set"]["skew"])

    def client(self) -> Sohoa:
        """The client: made anew after a change of what the system proves itself by."""
        if self.sohoa is None:
            mine = self.books.told["set"]
            if mine.get("key"):
                proof: Any = KeyCredentials(mine["client"], mine["key"], mine["kid"])
            else:
                proof = SecretCredentials(mine["client"], mine["secret"])
            patience = Patience(tries=6, seconds=1e9, timeout=30.0)
            options = {"patience": patience, "clock": self.clock, "sleep": lambda _seconds: None}
            self.sohoa = Sohoa(mine["origin"], proof, purpose=mine["purpose"], **options)
        return self.sohoa

    def change_webhook_secret(self) -> Told:
        """A new secret of webhooks; the former one is forgotten a change later."""
        return self.be_told(*self.client().rotate(self.books.told["subscription"]))

    def be_told(self, subscription: str, secrets: Any) -> Told:
        """Take webhooks that these ``secrets`` prove."""
        with self.lock:
            last = list(self.books.told["secrets"].items())[-1:]
            self.books.told |= {"subscription": subscription, "secrets": dict(last) | dict(secrets)}
        return {"subscription": subscription}

    def check(self, owner: Told, types: list[str]) -> Told:
        """What is held of an owner: each type's answer, and the documents not to be asked for."""
        found = self.client().check(owner, types=types, procedure=self.books.told["set"]["procedure"])
        held = {one.type: one.held for one in found.components}
        return {"answers": held, "reusable": [one.document for one in found.dont_ask_again]}

    def order(self, key: str, dies: str = "", stops: str = "", **wanted: Any) -> Told:
        """Fetch a paper, once however often it is ordered by this ``key``: what came of it.

        ``dies``: kill the process behind that step. ``stops``: ``request`` opens it and goes no further yet.
        """
        orders = self.books.told["orders"]
        orders.setdefault(key, {"wanted": wanted, "state": "open"})
        self.books.save()
        try:
            return self._fetch(key, orders[key], dies, stops)
        except RefusedError as refused:
            code = _code_of(refused)
            orders[key] |= {"state": "refused", "code": code}
            self.books.told["refusals"].append([key, code, bool(refused.advice), bool(refused.correlation)])
            return {"refused": code}
        except CallError:
            return {"unanswered": key}

    def _fetch(self, key: str, order: Told, dies: str, stops: str) -> Told:
        sohoa, mine = self.client(), self.books.told["set"]
        request = sohoa.request(key=key, procedure=mine["procedure"], **order["wanted"])
        if stops == "request":
            return {"request": request.id}
        preview = sohoa.preview(request.id)
        release = sohoa.release(request.id)
        if dies == "release":
            os._exit(9)
        claims = self.claims_of(release.receipt)
        if request.form == "pdf":
            verify_content(claims, sohoa.pdf_of(request.id))
        else:
            verify_values(claims, release.values)
        if dies == "end":
            os._exit(9)
        told = {name: claims[name] for name in ("document", "form", "type", "sha256", "revision")}
        self.books.told["papers"][request.id] = told | {"receipt": release.receipt, "until": claims.get("valid_until", "")}
        order["state"] = "fetched"
        return {"released": request.id, "document": request.document, "judged": preview.judgement["state"]}

    def claims_of(self, receipt: str) -> Told:
        """What a receipt says; its keys are fetched again where none of the known ones proves it."""
        mine = self.books.told["set"]
        try:
            return verify_receipt(receipt, self.receipt_keys, client=mine["client"])
        except UnprovenError:
            self.receipt_keys = self.client().receipt_keys()
            return verify_receipt(receipt, self.receipt_keys, client=mine["client"])

    def resume(self) -> Told:
        """Go on with what was begun: as after a start."""
        left = [key for key, one in self.books.told["orders"].items() if one["state"] == "open"]
        return {"resumed": {key: self.order(key) for key in left}}

    def fetch_again(self, request: str) -> Told:
        """The PDF of a request once more: how large it is."""
        return {"bytes": len(self.client().pdf_of(request))}

    def catch_up(self) -> Told:
        """Fetch the events that no webhook brought."""
        missed = 0
        while True:
            page = self.client().events(self.books.told["cursor"])
            with self.lock:
                missed += sum(self._take(event) for event in page.events)
            self.books.told["cursor"] = page.next
            if not page.events:
                return {"missed": missed}

    def have_tried_again(self) -> Told:
        """Have all that was given up tried again; how many."""
        letters = self.client().dead_letters()
        for letter in letters:
            self.client().retry(letter["id"])
        return {"letters": len(letters)}

    def receive(self, headers: Any, body: bytes) -> None:
        """Take a webhook, once; raises ``UnprovenError``."""
        with self.lock:
            try:
                webhook = verify_webhook(headers, body, self.books.told["secrets"], self.clock())
            except UnprovenError:
                self.books.told["unproven"] += 1
                raise
            if webhook.delivery not in self.books.told["seen"]:
                self.books.told["seen"].append(webhook.delivery)
                self._take(webhook.event)
            self.books.save()

    def _take(self, event: Event) -> bool:
        """Enter an event; False where it was known. They may come in any order: ``seq`` says which is the last."""
        events = self.books.told["events"]
        if event.id in events:
            return False
        events[event.id] = {"seq": event.seq, "kind": event.kind, "document": event.document, "revision": event.revision}
        return True

    def mood(self, seq: int) -> str:
        """What the receiver does with this try: by chance, the same in each run."""
        with self.lock:
            self.tries[seq] += 1
            return random.Random(f"{self.seed} {seq} {self.tries[seq]}").choice(MOODS)

    def show_books(self) -> Told:
        """The books."""
        return self.books.told


class Receiver(BaseHTTPRequestHandler):
    """What webhooks are posted to."""

    system: AgencySystem
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.close_connection = True
        mood = self.system.mood(json.loads(body)["seq"])
        if mood == "hangs_up":
            return
        if mood == "fails":
            self._answer(500)
            return
        try:
            self.system.receive(dict(self.headers.items()), body)
        except UnprovenError:
            self._answer(401)
            return
        if mood == "loses_its_answer":
            return
        self._answer(204)
        if mood == "answers_twice":
            self._answer(500)

    def _answer(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        return


class Listening(ThreadingHTTPServer):
    """A server at a port that somebody else holds for it."""

    daemon_threads = True

    def server_bind(self) -> None:
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        self.socket.bind(self.server_address)


def _code_of(refused: RefusedError) -> str:
    return refused.reason or refused.code


def say(told: Told) -> None:
    """Tell it, on a line of its own."""
    sys.stdout.write(f"{json.dumps(told)}\n")
    sys.stdout.flush()


def main(books: str, port: str, seed: str) -> None:
    """Do what standard input says until it ends."""
    system = AgencySystem(Path(books), seed)
    Receiver.system = system
    Thread(target=Listening(("127.0.0.1", int(port)), Receiver).serve_forever, daemon=True).start()
    say({"ready": True})
    for line in sys.stdin:
        told = json.loads(line)
        do: Callable[..., Told] = getattr(system, told.pop("do"))
        try:
            answer = do(**told)
        except RefusedError as refused:
            answer = {"refused": _code_of(refused)}
        except CallError as lost:
            answer = {"unanswered": str(lost)}
        with system.lock:
            system.books.save()
        say(answer)


if __name__ == "__main__":
    main(*sys.argv[1:])
