"""The object store by TLS, with keys that may do little, and encrypted: what is allowed works, all else says why not."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from pipeline import doctor
from pipeline.bootstrap import build_store
from pipeline.domain.errors import SohoaError, UnavailableError
from pipeline.settings import S3Settings, Settings
from storage.embedded import EmbeddedStack
from storage.loopback_certificates import make_certificates
from storage.objects import MinioStore
from storage.seaweed_server import SeaweedServer
from tests.s3_servers import BUCKET, TrialServer

HERE, THERE = "000.00.16.H05", "000.01.16.H05"
PAPER, THEIRS = (f"dossiers/{code}-260105-0001/d/r0001/document.pdf" for code in (HERE, THERE))
#: Not to be compressed on the way to the disk.
PLAIN, HIDDEN = os.urandom(20_000), os.urandom(20_000)


def may(*places: str, actions: tuple[str, ...] = ("Read", "Write", "List")) -> list[str]:
    """Actions on parts of the bucket, in SeaweedFS's words."""
    return [f"{action}:{BUCKET}/{place}" for place in places for action in actions]


OWN = ("originals/*", "working/*", "audit/*", "reference/*", "dossiers/_/*")
OTHERS = {
    "installation": [*may(*OWN, actions=("Read", "Write")), f"List:{BUCKET}"],
    "here": may(f"dossiers/{HERE}-*"),
    "there": may(f"dossiers/{THERE}-*"),
    "reader": [f"Read:{BUCKET}", f"List:{BUCKET}"],
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TrialServer]:
    with TrialServer(tmp_path_factory.mktemp("guarded") / "server", others=OTHERS, tls=True).running() as server:
        yield server


def error_of(act: Callable[[], object]) -> SohoaError:
    with pytest.raises(UnavailableError) as caught:
        act()
    assert caught.value.retryable
    assert caught.value.advice.endswith("cần gửi lại.")
    return caught.value


def settings_of(server: TrialServer, name: str, **more: str) -> S3Settings:
    """Settings by the environment, as an operator gives them."""
    env = {
        "SOHOA_S3_ENDPOINT": server.endpoint,
        "SOHOA_S3_ACCESS_KEY": name,
        "SOHOA_S3_SECRET_KEY": server.SECRET,
        "SOHOA_S3_BUCKET": BUCKET,
        "SOHOA_S3_SECURE": "1",
        "SOHOA_S3_CA_FILE": str(server.authority),
        "SOHOA_S3_ENCRYPTION": "SSE-S3",
    }
    return Settings.from_environment(env | more).s3


def test_a_server_with_a_certificate_of_our_authority_is_trusted(server: TrialServer) -> None:
    with closing(server.store()) as store:
        assert store.put_once("working/by-tls", b"x")
        assert store.get("working/by-tls") == b"x"


def test_a_server_whose_certificate_nobody_vouches_for_is_not(server: TrialServer, tmp_path: Path) -> None:
    another, _, _ = make_certificates(tmp_path)
    for authority in (None, another):
        with closing(server.store(ca_file=authority)) as store:
            error = error_of(lambda store=store: store.put("working/a", b"x"))
            assert error.code == "store_untrusted"
            assert "SOHOA_S3_CA_FILE" in error.advice


def test_a_certificate_for_another_name_is_not_trusted(server: TrialServer) -> None:
    port = server.endpoint.rpartition(":")[2]
    other_name = f"127.0.0.2:{port}"
    with closing(MinioStore(other_name, "a", "b", BUCKET, secure=True, ca_file=server.authority, retries=0)) as store:
        assert error_of(lambda: store.stat("working/a")).code in {"store_untrusted", "store_unavailable"}


def test_plain_speech_to_a_server_of_tls_and_the_reverse_are_told(server: TrialServer, embedded_stack: EmbeddedStack) -> None:
    with closing(server.store(secure=False, ca_file=None)) as store:
        error = error_of(lambda: store.put("working/a", b"x"))
        assert error.code == "store_not_s3"
        assert "SOHOA_S3_SECURE" in error.advice
    with closing(MinioStore(embedded_stack.s3_endpoint, "a", "b", BUCKET, secure=True, retries=0)) as store:
        assert error_of(lambda: store.put("working/a", b"x")).code == "store_untrusted"


@pytest.mark.parametrize(("name", "secret"), [("nobody", "x"), ("reader", "a wrong secret")])
def test_keys_that_the_server_does_not_know_are_told_from_rights_that_are_missing(
    server: TrialServer, name: str, secret: str
) -> None:
    for ask in (lambda s: s.put("working/a", b"x"), lambda s: s.get("working/a"), lambda s: s.stat("working/a")):
        with closing(server.store(name, secret)) as store:
            error = error_of(lambda ask=ask, store=store: ask(store))
            assert error.code == "store_bad_keys"
            assert "SOHOA_S3_SECRET_KEY" in error.advice


def test_a_key_that_may_only_read_reads_and_is_told_that_it_may_not_write(server: TrialServer) -> None:
    with closing(server.store()) as admin, closing(server.store("reader")) as reader:
        admin.put("working/read-me", b"x")
        assert reader.get("working/read-me") == b"x"
        for act in (lambda: reader.put("working/a", b"x"), lambda: reader.put_once("originals/a", b"x")):
            assert error_of(act).code == "store_denied"
        for remove in (lambda: reader.remove("working/read-me"), lambda: reader.remove_all(["working/read-me"])):
            assert error_of(remove).code == "store_denied"
        assert admin.get("working/read-me") == b"x"


@pytest.fixture
def agencies(tmp_path: Path, server: TrialServer) -> Path:
    path = tmp_path / "agencies.toml"
    tables = {HERE: "here", THERE: "there"}
    path.write_text(
        "".join(f'["{code}"]\naccess_key = "{name}"\nsecret_key = "{server.SECRET}"\n' for code, name in tables.items()),
        encoding="utf-8",
    )
    path.chmod(0o600)
    return path


def test_each_agency_reaches_its_own_dossiers_and_no_others(server: TrialServer, agencies: Path) -> None:
    store = build_store(settings_of(server, "installation", SOHOA_S3_AGENCIES=str(agencies)))
    for key in (PAPER, THEIRS, "originals/ab/abc", "working/d/p", "dossiers/_/d/received.json"):
        store.put(key, key.encode())
        assert store.get(key) == key.encode()
        assert store.stat(key) is not None
    assert [info.key for info in store.list("dossiers/")] == sorted([PAPER, THEIRS, "dossiers/_/d/received.json"])
    assert [info.key for info in store.list(f"dossiers/{HERE}-260105-0001/")] == [PAPER]
    with closing(server.store("here")) as here, closing(server.store("installation")) as installation:
        assert here.get(PAPER) == PAPER.encode()
        for foreign in (THEIRS, "originals/ab/abc"):
            for act in (here.get, here.stat, here.remove, lambda key: here.put(key, b"x"), lambda key: list(here.list(key))):
                assert error_of(lambda act=act, foreign=foreign: act(foreign)).code == "store_denied"
        assert error_of(lambda: list(here.list(""))).code == "store_denied"
        assert error_of(lambda: installation.get(PAPER)).code == "store_denied"
    assert store.get(THEIRS) == THEIRS.encode()
    store.put("working/d/p", b"x")
    store.remove_all([PAPER, "working/d/p"])
    assert store.stat(PAPER) is None
    assert store.stat("working/d/p") is None


def test_keys_of_agencies_that_others_can_read_or_that_make_no_sense_are_refused(server: TrialServer, agencies: Path) -> None:
    settings = settings_of(server, "installation", SOHOA_S3_AGENCIES=str(agencies))
    agencies.chmod(0o640)
    with pytest.raises(ValueError, match="chmod 600"):
        build_store(settings)
    agencies.chmod(0o600)
    for text in ('["phường A"]\naccess_key = "a"\nsecret_key = "b"\n', f'["{HERE}"]\naccess_key = "a"\n', "no toml"):
        agencies.write_text(text, encoding="utf-8")
        with pytest.raises(ValueError, match=r"agencies\.toml"):
            build_store(settings)


def test_what_is_kept_is_encrypted_where_it_lies(server: TrialServer) -> None:
    with closing(server.store(encryption="SSE-S3")) as store, closing(server.store()) as admin:
        store.put_once("originals/secret", HIDDEN)
        assert store.get("originals/secret") == HIDDEN
        told = store._client().stat_object(BUCKET, "originals/secret").metadata
        assert told["x-amz-server-side-encryption"] == "AES256"
        admin.put_once("originals/open", PLAIN)
    kept = b"".join(path.read_bytes() for path in (server.process.folder / "data").rglob("*.dat"))
    assert PLAIN[5000:5064] in kept
    assert HIDDEN[5000:5064] not in kept


def test_the_embedded_store_encrypts_unless_told_otherwise() -> None:
    from pipeline.bootstrap import _embedded

    for asked, kept in (("", "SSE-S3"), ("none", "none"), ("SSE-KMS", "SSE-KMS")):
        assert _embedded(S3Settings(encryption=asked), "127.0.0.1:1", "a", "b").encryption == kept


class _Deaf(BaseHTTPRequestHandler):
    """An S3 server that takes everything and encrypts nothing, or says so; it remembers what it was asked for."""

    asked: list[dict[str, str]]
    says: str

    def do_HEAD(self) -> None:
        self._answer()

    def do_PUT(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.asked.append({name.lower(): value for name, value in self.headers.items()})
        self._answer()

    def _answer(self) -> None:
        self.send_response(200)
        if self.says:
            self.send_header("x-amz-server-side-encryption", self.says)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.mark.parametrize(
    ("says", "kept"), [("", False), ("AES256", False), ("aws:kms", True)], ids=["nothing", "another way", "as asked"]
)
def test_a_server_that_does_not_say_that_it_encrypted_is_refused(says: str, kept: bool) -> None:
    handler = type("Handler", (_Deaf,), {"asked": [], "says": says})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        endpoint = f"127.0.0.1:{server.server_port}"
        try:
            with closing(MinioStore(endpoint, "a", "b", BUCKET, encryption="SSE-KMS", kms_key="papers", retries=0)) as store:
                if kept:
                    assert store.put("working/a", b"x").bytes == 1
                else:
                    error = error_of(lambda: store.put("working/a", b"x"))
                    assert error.code == "store_not_encrypted"
                    assert "SOHOA_S3_ENCRYPTION" in error.advice
        finally:
            server.shutdown()
            thread.join()
    asked = handler.asked[-1]
    assert asked["x-amz-server-side-encryption"] == "aws:kms"
    assert asked["x-amz-server-side-encryption-aws-kms-key-id"] == "papers"
    assert "x-amz-server-side-encryption" in asked["authorization"]


def test_a_server_without_a_kms_is_told_as_failing(server: TrialServer) -> None:
    with closing(server.store(encryption="SSE-KMS")) as store:
        error = error_of(lambda: store.put("working/a", b"x"))
        assert error.code in {"store_failing", "store_not_encrypted"}
        assert "KMS" in error.advice


def test_the_embedded_store_does_not_start_on_data_whose_keys_are_lost(tmp_path: Path) -> None:
    server = SeaweedServer(tmp_path / "server")
    (server.process.folder / "data").mkdir(parents=True)
    (server.process.folder / "data" / "1.dat").write_bytes(b"x")
    with pytest.raises(UnavailableError) as caught:
        server.start()
    assert caught.value.code == "store_secrets_missing"
    assert "secrets.json" in caught.value.advice
    assert server.pid is None


@pytest.mark.parametrize(
    ("env", "message"),
    [
        ({"SOHOA_S3_ENDPOINT": "https://s3.example"}, "without https"),
        ({"SOHOA_S3_CA_FILE": "/nowhere.pem", "SOHOA_S3_SECURE": "1"}, "there is no"),
        ({"SOHOA_S3_ENCRYPTION": "aes"}, "SSE-S3"),
        ({"SOHOA_S3_KMS_KEY": "papers"}, "SSE-KMS"),
    ],
)
def test_settings_that_contradict_each_other_are_refused(env: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Settings.from_environment(env)


def test_an_authority_without_tls_is_refused(tmp_path: Path) -> None:
    authority, _, _ = make_certificates(tmp_path)
    with pytest.raises(ValueError, match="SOHOA_S3_SECURE"):
        Settings.from_environment({"SOHOA_S3_CA_FILE": str(authority)})


def test_doctor_tells_how_objects_are_guarded(server: TrialServer) -> None:
    found = {check.name: check for check in doctor._guarding(settings_of(server, "reader"))}
    assert found["store way"].ok and found["store encryption"].ok
    open_way = {check.name: check for check in doctor._guarding(S3Settings("s3.example:9000"))}
    assert not any(check.ok or check.needed for check in open_way.values())
    assert all("docs/storage.md" in check.mend for check in open_way.values())
    near = {check.name: check for check in doctor._guarding(S3Settings("127.0.0.1:9000"))}
    assert near["store way"].ok


def test_doctor_tries_the_key_of_each_agency(
    server: TrialServer, agencies: Path, tmp_path: Path, embedded_stack: EmbeddedStack
) -> None:
    agencies.write_text(agencies.read_text(encoding="utf-8").replace('"there"', '"nobody"'), encoding="utf-8")
    s3 = settings_of(server, "installation", SOHOA_S3_AGENCIES=str(agencies))
    url = f"sqlite:///{tmp_path}/catalogue.sqlite"
    settings = Settings(home=tmp_path, redis_url=embedded_stack.redis_url, s3=s3, catalogue_url=url)
    found = {check.name: check for check in doctor._servers(settings)}
    assert found["store"].ok
    assert found[f"store, {HERE}"].ok
    assert not found[f"store, {THERE}"].ok
    assert "does not know our keys" in found[f"store, {THERE}"].found


def test_doctor_asks_a_server_of_tls_for_its_time(server: TrialServer, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, s3=settings_of(server, "reader"))
    assert doctor._clock(settings).ok


def test_keys_show_in_no_representation(server: TrialServer, agencies: Path) -> None:
    from storage.agencies import read_credentials

    told = repr(read_credentials(agencies)) + repr(settings_of(server, "reader"))
    assert server.SECRET not in told
