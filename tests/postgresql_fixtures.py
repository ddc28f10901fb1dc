"""A PostgreSQL server for the tests that want one, where its programs are installed."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from pwd import getpwnam
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text


def _find_programs() -> Path | None:
    """The newest folder that holds all the server's programs."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    on_path = shutil.which("initdb")
    folders = [*versions, *([Path(on_path).parent] if on_path else [])]
    return next(
        (folder for folder in folders if all((folder / name).exists() for name in ("initdb", "pg_ctl", "postgres"))), None
    )


def _find_user() -> str | None:
    """Whom to run the server as: it refuses to be run by root."""
    if os.geteuid() != 0:
        return None
    try:
        return getpwnam("postgres").pw_name
    except KeyError:
        pytest.skip("PostgreSQL does not run as root, and there is no user postgres")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The URL of a server on loopback that is gone after the session."""
    programs = _find_programs()
    if programs is None:
        pytest.skip("PostgreSQL's server programs are not installed (apt-get install postgresql)")
    user = _find_user()
    folder = Path(tempfile.mkdtemp(prefix="sohoa-postgresql-"))
    if user:
        shutil.chown(folder, user)

    def run(program: str, *arguments: str) -> None:
        with (folder / "output").open("ab") as output:
            subprocess.run(
                (str(programs / program), "-D", str(folder / "data"), *arguments),
                user=user, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output, check=True, timeout=120,
            )  # fmt: skip

    port = _free_port()
    options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories= -c fsync=off"
    try:
        run("initdb", "-A", "trust", "-U", "sohoa", "-E", "UTF8", "--no-locale")
        run("pg_ctl", "-w", "-o", options, "start")
        yield f"postgresql+pg8000://sohoa@127.0.0.1:{port}"
        run("pg_ctl", "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgresql_url(postgresql_server: str) -> str:
    """The URL of an empty database."""
    name = f"trial_{uuid4().hex}"
    engine = create_engine(f"{postgresql_server}/postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return f"{postgresql_server}/{name}".replace("+pg8000", "")
