"""``sohoa up``, documents through it, and everything in it killed on the way."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pikepdf
import psutil
import pytest
from PIL import Image, ImageDraw, ImageFont

from pipeline.archive import REREADINGS_PREFIX, SEGMENTS_PREFIX, received_key, rereading_key, revision_key
from pipeline.bootstrap import Services, build_services
from pipeline.domain.documents import SETTLED, Document, Status
from pipeline.domain.errors import UnavailableError
from pipeline.settings import Settings
from pipeline.stack import StackState, state
from tests.workers.test_reindex import tables

#: Seconds after which something that must come about is thought never to; generous, for slow machines.
PATIENCE = 150.0

#: Tables of the people of the house: not of the archive, backed up with the database (decision 42).
PEOPLE = {"accounts", "sessions", "tries", "tickets"}

Line = dict[str, Any]


def until(condition: Callable[[], bool], what: str) -> None:
    """Return as soon as ``condition`` holds, however slow the machine."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            if condition():
                return
        except UnavailableError:
            pass
        time.sleep(0.05)
    pytest.fail(f"never came about: {what}")


class House:
    """A data folder with the command line over it."""

    def __init__(self, root: Path, home: Path) -> None:
        self.root = root
        self.home = home
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SOHOA_")}
        self.environment = kept | {"SOHOA_HOME": str(home), "SOHOA_WEB_PORT": str(port), "SOHOA_JOBS": "2"}
        self.settings = Settings.from_environment(self.environment)

    def start(self, *arguments: str | Path, **more: str) -> subprocess.Popen[str]:
        command = (sys.executable, "-m", "pipeline", *map(str, arguments))
        pipe = subprocess.PIPE
        return subprocess.Popen(command, cwd=self.root, env=self.environment | more, stdout=pipe, stderr=pipe, text=True)

    def run(self, *arguments: str | Path, code: int = 0, **more: str) -> str:
        output, errors = (process := self.start(*arguments, **more)).communicate(timeout=PATIENCE)
        assert process.returncode == code, f"{arguments}: {process.returncode}\n{output}\n{errors}\n{self.logs()}"
        return output

    def state(self) -> StackState:
        found = state(self.settings)
        assert found is not None
        return found

    def kill(self, *parts: str) -> None:
        running = self.state()
        for part in parts:
            os.kill((running.supervisor if part == "supervisor" else running.part(part)).pid, signal.SIGKILL)

    def processes(self) -> list[str]:
        """Everything that runs for this folder, servers included."""
        found = []
        for process in psutil.process_iter():
            try:
                ours = process.environ().get("SOHOA_STACK") == str(self.home) or str(self.home) in " ".join(process.cmdline())
                if ours and process.status() != psutil.STATUS_ZOMBIE:
                    found.append(" ".join(process.cmdline()))
            except (psutil.Error, OSError):
                continue
        return found

    def logs(self) -> str:
        return "\n".join(f"== {path.name}\n{path.read_text()[-2000:]}" for path in sorted(self.home.glob("logs/*.log")))


@pytest.fixture(scope="module")
def house(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    made = House(root, tmp_path_factory.mktemp("house"))
    yield made
    made.run("down")


@pytest.fixture(scope="module")
def services(house: House) -> Iterator[Services]:
    house.run("up")
    made = build_services(house.settings)
    yield made
    made.close()


@pytest.fixture(scope="module")
def scans(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two documents of three pages, every page with words of its own."""
    folder = tmp_path_factory.mktemp("scans")
    words = ("một hai ba", "bốn năm sáu", "bảy tám chín", "mười chục trăm", "nghìn triệu tỷ", "đầu giữa cuối")
    font = ImageFont.load_default(44)
    for number in range(2):
        pages = []
        for text in words[3 * number : 3 * number + 3]:
            page = Image.new("L", (1240, 1754), 255)
            pen = ImageDraw.Draw(page)
            for line in range(8):
                pen.text((140, 180 + 90 * line), f"PAGE {text.upper()} LINE {line + 1}", fill=0, font=font)
            pages.append(page)
        pages[0].save(folder / f"scan {number + 1}.pdf", save_all=True, append_images=pages[1:], resolution=150)
    return folder


def hand_in(house: House, scans: Path, dossier: str, queue: str) -> list[Line]:
    output = house.run("submit", scans, "--dossier", dossier, "--queue", queue, "--wait", "--json")
    return [json.loads(line) for line in output.splitlines()]


def texts(services: Services, dossier: str) -> dict[str, bytes]:
    """The text of every document of a dossier by file name, after making sure that each arrived exactly once."""
    arrived = {}
    for document in services.catalogue.documents(dossier=dossier):
        prefix = received_key(dossier, document.id).removesuffix("received.json")
        revisions = {entry.key.removeprefix(prefix) for entry in services.store.list(prefix)}
        files = {f"r0001/{name}" for name in ("document.pdf", "record.json", "text.txt", "alto.xml")}
        assert revisions == files | {"received.json"}
        assert document.revision == 1
        steps = [event.after for event in services.catalogue.events(document.id)]
        assert steps[:2] == [Status.RECEIVED, Status.READING]
        assert len(steps) == 3
        assert steps[2] in {Status.APPROVED, Status.NEEDS_REVIEW}
        record = json.loads(services.store.get(f"{prefix}r0001/record.json"))
        assert [page["origin"] for page in record["pages"]] == ["ocr"] * 3
        arrived[document.source.name] = services.store.get(f"{prefix}r0001/text.txt")
    return arrived


def documents(services: Services, dossier: str) -> tuple[Document, ...]:
    return services.catalogue.documents(dossier=dossier)


def a_page_is_read(services: Services, dossier: str) -> bool:
    return any(services.catalogue.tally(document.id).settled for document in documents(services, dossier))


def all_settled(services: Services, dossier: str) -> bool:
    found = documents(services, dossier)
    return bool(found) and all(document.status in SETTLED for document in found)


def test_documents_arrive_and_are_told_as_one_line_of_json_each(house: House, services: Services, scans: Path) -> None:
    lines = hand_in(house, scans, "calm", "station")
    assert {line["source"]["name"] for line in lines} == {"scan 1.pdf", "scan 2.pdf"}
    assert [line["already"] for line in lines] == [False, False]
    assert all(b"PAGE" in text for text in texts(services, "calm").values())


def test_the_same_files_again_are_already_there(house: House, services: Services, scans: Path) -> None:
    lines = hand_in(house, scans, "calm", "station")
    assert [line["already"] for line in lines] == [True, True]
    assert len(texts(services, "calm")) == 2


def test_workers_and_the_local_pool_find_the_same_in_the_same_documents(
    house: House, services: Services, root: Path, tmp_path: Path
) -> None:
    """The sample dossier by both ways: type, fields with their evidence, pages, words."""
    sample = root / "scripts" / "samples" / "000.00.16.H05-260105-0001"
    local = house.run("digitise", sample, "--out", tmp_path, "--json")
    handed_in = house.run("submit", sample, "--wait", "--json")
    by_name = [{(line := json.loads(text))["source"]["name"]: line for text in out.splitlines()} for out in (local, handed_in)]
    assert by_name[0].keys() == by_name[1].keys()
    for name, mine in by_name[0].items():
        theirs = by_name[1][name]
        for part in ("document_type", "fields", "pages", "problems", "status", "engine"):
            assert mine[part] == theirs[part], (name, part)
        key = f"{received_key(theirs['dossier'], theirs['document']).removesuffix('received.json')}r0001/text.txt"
        assert (tmp_path / mine["dossier"] / f"{Path(name).stem}.txt").read_bytes() == services.store.get(key)


def test_documents_read_by_another_engine_are_shown_and_become_revisions(house: House, services: Services, root: Path) -> None:
    """The sample dossier once more, by the program of Tesseract, then again by its library."""
    sample = root / "scripts" / "samples" / "000.00.16.H05-260105-0001"
    asked = ("--dossier", "other-engine", "--json")
    first = house.run("submit", sample, "--engine", "tesseract", "--wait", *asked)
    assert {json.loads(line)["engine"]["name"] for line in first.splitlines()} == {"tesseract"}
    before = {entry.key for entry in services.store.list("dossiers/other-engine/")}
    shown = [json.loads(line) for line in house.run("reread", "--diff", *asked).splitlines()]
    assert {entry.key for entry in services.store.list("dossiers/other-engine/")} == before
    waiting = {rereading_key(line["document"]) for line in shown if line["outcome"] == "changed"}
    assert {entry.key for entry in services.store.list(REREADINGS_PREFIX)} == waiting
    made = [json.loads(line) for line in house.run("reread", "--diff", "--apply", *asked).splitlines()]
    assert {line["document"]: line["outcome"] for line in made} == {line["document"]: line["outcome"] for line in shown}
    assert {line["engine"] for line in made} == {"tesserocr"}
    changed = [line for line in made if line["outcome"] == "changed"]
    assert changed
    assert list(services.store.list(REREADINGS_PREFIX)) == []
    for line in changed:
        document = services.catalogue.document(line["document"])
        assert (document.revision, line["new_revision"]) == (2, 2)
        key = revision_key(document.dossier, document.id, 2, "record.json")
        assert json.loads(services.store.get(key))["engine"]["name"] == "tesserocr"
    killed = house.start("reread", "--again", "--engine", "tesseract", *asked)
    until(lambda: bool(services.catalogue.documents(dossier="other-engine", status=Status.READING)), "a document being read")
    house.kill("batch")
    output, errors = killed.communicate(timeout=PATIENCE)
    assert killed.returncode == 0, f"{errors}\n{house.logs()}"
    assert {json.loads(line)["outcome"] for line in output.splitlines()} <= {"changed", "unchanged"}
    again = house.run("reread", "--engine", "tesseract", *asked)
    assert {json.loads(line)["outcome"] for line in again.splitlines()} <= {"skipped", "unchanged"}


def test_the_catalogue_is_rebuilt_from_the_bucket_and_still_finds_without_tone_marks(house: House, services: Services) -> None:
    before = {document.id: document.status for document in services.catalogue.documents(limit=1000)}
    house.run("reindex")
    assert {document.id: document.status for document in services.catalogue.documents(limit=1000)} == before
    hits = services.catalogue.search("quyet dinh")
    assert "quyet_dinh" in {hit.type for hit in hits}


def test_up_a_second_time_finds_everything_running(house: House, services: Services) -> None:
    before = house.state()
    again = json.loads(house.run("up", "--json"))
    assert again["started"] is False
    assert again["supervisor"]["pid"] == before.supervisor.pid
    assert house.state() == before


def test_with_worker_broker_and_store_killed_every_document_arrives_once(
    house: House, services: Services, scans: Path
) -> None:
    before = house.state()
    waiting = house.start("submit", scans, "--dossier", "storm", "--queue", "batch", "--wait", "--json")
    until(lambda: a_page_is_read(services, "storm"), "a page read")
    house.kill("batch", "broker", "store")
    output, errors = waiting.communicate(timeout=PATIENCE)
    assert waiting.returncode == 0, f"{errors}\n{house.logs()}"
    assert len(output.splitlines()) == 2
    assert texts(services, "storm") == texts(services, "calm")
    after = house.state()
    assert after.supervisor == before.supervisor
    assert not {before.part(name) for name in ("batch", "broker", "store")} & set(after.parts)


def test_with_everything_killed_up_goes_on_where_it_was(house: House, services: Services, scans: Path) -> None:
    house.run("submit", scans, "--dossier", "dark", "--queue", "station")
    until(lambda: a_page_is_read(services, "dark"), "a page read")
    house.kill("supervisor", "station", "batch", "web", "broker", "store")
    house.run("up")
    until(lambda: all_settled(services, "dark"), f"all documents settled\n{house.logs()}")
    assert texts(services, "dark") == texts(services, "calm")


def test_a_batch_of_stacks_is_tried_out_parted_read_and_reported(
    house: House, services: Services, scans: Path, tmp_path: Path
) -> None:
    kho = tmp_path / "kho"
    kho.mkdir()
    house.run("separators", "H49.01-240101-0001", "H49.01-240101-0002:quyet_dinh", "--out", tmp_path / "sheets.pdf")
    with pikepdf.open(tmp_path / "sheets.pdf") as sheets, pikepdf.open(scans / "scan 1.pdf") as scan, pikepdf.new() as stack:
        stack.pages.extend([sheets.pages[0], scan.pages[0], scan.pages[1], sheets.pages[1], scan.pages[2]])
        stack.save(kho / "chồng.pdf")
    (kho / "hỏng.pdf").write_bytes(b"%PDF-1.7 broken")
    tried = house.run("submit", kho, "--split", "--dry-run", code=3)
    assert "2 documents in 2 dossiers would be read, 3 pages; 0 duplicates, 1 rejected" in tried
    house.run("submit", kho, "--split", "--batch", "Kho 2019", "--wait", code=3)
    told = json.loads(house.run("batch", "list", "--json").splitlines()[0])
    assert (told["name"], told["state"], told["sides"], told["settled"]) == ("Kho 2019", "done", 5, 5)
    report = house.run("batch", "report", told["batch"], "--format", "csv")
    assert "Tệp bị hỏng" in report
    assert "H49.01-240101-0002" in report
    house.run("export", "--batch", told["batch"], "--format", "hocr", "--out", tmp_path / "ra")
    assert len(list((tmp_path / "ra").rglob("*.hocr.html"))) == 2
    (document,) = services.catalogue.documents(dossier="H49.01-240101-0001")
    ledger = services.flow.ledgers.current(document)
    assert ([side.separator for side in ledger.sides], ledger.order) == ([True, False, False], (2, 3))


def test_a_file_at_fault_is_rejected_and_the_rest_is_done(
    house: House, services: Services, scans: Path, tmp_path: Path
) -> None:
    (tmp_path / "hỏng.pdf").write_bytes(b"")
    output = house.run("submit", tmp_path / "hỏng.pdf", scans / "scan 1.pdf", "--dossier", "mixed", "--wait", "--json", code=3)
    statuses = {line["source"]["name"]: line["status"] for line in map(json.loads, output.splitlines())}
    assert statuses["hỏng.pdf"] == "rejected"
    assert statuses["scan 1.pdf"] in {"approved", "needs_review"}


def test_doctor_finds_all_servers_answering(house: House, services: Services) -> None:
    checks = {check["name"]: check for check in map(json.loads, house.run("doctor", "--json").splitlines())}
    assert all(checks[name]["ok"] for name in ("tesseract", "broker", "store", "catalogue", "clock", "web port"))


def test_an_empty_catalogue_becomes_from_the_bucket_what_the_lost_one_was(
    house: House, services: Services, tmp_path: Path
) -> None:
    services.flow.auditing.seal()
    fresh = f"sqlite:///{tmp_path}/catalogue.sqlite"
    house.run("reindex", SOHOA_CATALOGUE_URL=fresh)
    lost, rebuilt = tables(house.settings.catalogue_url), tables(fresh)
    assert lost["documents"]
    assert {name: rows for name, rows in rebuilt.items() if rows != lost[name] and name not in PEOPLE} == {}


def test_whatever_happens_to_the_bucket_is_named_by_verify(house: House, services: Services) -> None:
    """A flipped bit, a missing object, an added one, a replaced record, an audit line out of its place: all at once."""
    services.flow.auditing.seal()
    assert findings(house.run("verify", "--json")) == set()
    store, (first, second) = services.store, documents(services, "calm")
    flipped, missing, record = (
        revision_key("calm", document.id, 1, name)
        for document, name in ((first, "document.pdf"), (first, "text.txt"), (second, "record.json"))
    )
    added, log = "dossiers/calm/strange.txt", next(iter(store.list(SEGMENTS_PREFIX))).key
    kept = {key: store.get(key) for key in (flipped, missing, record, log)}
    pdf = bytearray(kept[flipped])
    pdf[len(pdf) // 2] ^= 1
    lines = kept[log].splitlines(keepends=True)
    store.put(flipped, bytes(pdf))
    store.remove(missing)
    store.put(record, json.dumps(json.loads(kept[record]) | {"profile": "other"}).encode())
    store.put(added, b"strange")
    store.put(log, b"".join([*lines[:2], lines[3], lines[2], *lines[4:]]))
    found = findings(house.run("verify", "--json", code=1))
    assert found >= {
        ("object_altered", flipped),
        ("object_missing", missing),
        ("object_extra", added),
        ("record_replaced", record),
        ("audit_line_reordered", log),
    }
    assert {key for _, key in found} == {flipped, missing, added, record, log}
    for key, data in kept.items():
        store.put(key, data)
    store.remove(added)
    assert findings(house.run("verify", "--json")) == set()


def findings(output: str) -> set[tuple[str, str]]:
    """What ``verify --json`` found: the code of the damage, and the key of the object."""
    *lines, _ = map(json.loads, output.splitlines())
    return {(line["code"], line["key"]) for line in lines}


def test_down_leaves_no_process(house: House, services: Services) -> None:
    house.run("down")
    assert house.processes() == []
    assert house.run("down").startswith("Sohoa was not running")
