"""The embedded servers: on loopback only, found again, and nothing acknowledged is lost to SIGKILL."""

from __future__ import annotations

import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from threading import Event, Thread

import psutil
import pytest
import redis

from pipeline.domain.errors import SohoaError, UnavailableError
from storage.embedded import EmbeddedStack, start_all, stop_all
from storage.objects import MinioStore
from storage.seaweed_server import SeaweedServer, find_weed
from storage.server_process import PAIR, ServerProcess, choose_ports
from storage.valkey_server import ValkeyServer


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "stack"
    yield folder
    stop_all(folder)


def _kill(pid: int) -> None:
    process = psutil.Process(pid)
    os.kill(pid, signal.SIGKILL)
    process.wait(10)


def _open_store(stack: EmbeddedStack) -> MinioStore:
    return MinioStore(stack.s3_endpoint, stack.s3_access_key, stack.s3_secret_key, "trial")


def test_every_listening_socket_is_on_loopback(embedded_stack: EmbeddedStack) -> None:
    for pid in (embedded_stack.valkey_pid, embedded_stack.seaweed_pid):
        listening = [c.laddr.ip for c in psutil.Process(pid).net_connections("inet") if c.status == psutil.CONN_LISTEN]
        assert set(listening) == {"127.0.0.1"}


def test_nobody_gets_in_without_keys(embedded_stack: EmbeddedStack) -> None:
    import urllib3

    bare = embedded_stack.redis_url.split("@")[1]
    with redis.Redis.from_url(f"redis://{bare}") as stranger, pytest.raises(redis.AuthenticationError):
        stranger.ping()
    with closing(_open_store(embedded_stack)) as store:
        store.put("working/kept", b"x" * 100_000)
        process = psutil.Process(embedded_stack.seaweed_pid)
        pool = urllib3.PoolManager(retries=False, timeout=2)
        for connection in process.net_connections("inet"):
            if connection.status != psutil.CONN_LISTEN:
                continue
            for path in ("col/delete?collection=trial", "vol/vacuum", "buckets/trial/working/kept", "trial/working/kept"):
                with suppress(urllib3.exceptions.HTTPError):
                    answer = pool.request("GET", f"http://127.0.0.1:{connection.laddr.port}/{path}")
                    assert answer.status >= 400
        pool.clear()
        assert len(store.get("working/kept")) == 100_000


def test_the_servers_own_shell_gets_nowhere_without_the_certificates(folder: Path, tmp_path: Path) -> None:
    stack = start_all(folder)
    with closing(_open_store(stack)) as store:
        store.put("working/kept", b"x")
    state = SeaweedServer(folder / "seaweed").process.state
    assert state is not None
    filer, master = (f"127.0.0.1:{port}.{port + PAIR}" for port in state.ports[1:3])

    def ask_shell(configuration: Path) -> str:
        command = (
            find_weed(),
            f"-config_dir={configuration}",
            f"-logdir={tmp_path}",
            "shell",
            f"-master={master}",
            f"-filer={filer}",
        )
        pipe, environment = subprocess.PIPE, {"HOME": str(tmp_path)}
        shell = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.STDOUT, text=True, env=environment)
        try:
            return shell.communicate("fs.ls /buckets\n", timeout=5)[0]
        except subprocess.TimeoutExpired:
            shell.kill()
            return shell.communicate()[0]

    assert "trial" in ask_shell(folder / "seaweed")
    assert "trial" not in ask_shell(tmp_path)


def test_secrets_are_for_the_owner_only_and_not_on_the_command_line(folder: Path) -> None:
    stack = start_all(folder)
    for path in ("valkey/password", "valkey/valkey.conf", "seaweed/secrets.json", "seaweed/s3.json", "seaweed/loopback.key"):
        assert stat.S_IMODE((folder / path).stat().st_mode) == 0o600
    for path in ("valkey", "seaweed", "."):
        assert stat.S_IMODE((folder / path).stat().st_mode) == 0o700
    told = " ".join(" ".join(psutil.Process(pid).cmdline()) for pid in (stack.valkey_pid, stack.seaweed_pid))
    assert stack.s3_secret_key not in told
    assert stack.redis_url.split(":")[2].split("@")[0] not in told


def test_a_second_start_finds_the_servers_that_still_run(folder: Path) -> None:
    assert start_all(folder) == start_all(folder)


def test_servers_outlive_whoever_started_them_and_are_found_again(folder: Path) -> None:
    script = "import sys, time; from pathlib import Path; from storage.embedded import start_all\n" \
        "s = start_all(Path(sys.argv[1])); print(s.valkey_pid, s.seaweed_pid, flush=True); time.sleep(3600)"  # fmt: skip
    root = Path(__file__).resolve().parents[2]
    parent = subprocess.Popen((sys.executable, "-c", script, str(folder)), stdout=subprocess.PIPE, text=True, cwd=root)
    assert parent.stdout is not None
    pids = [int(pid) for pid in parent.stdout.readline().split()]
    parent.kill()
    parent.communicate()
    stack = start_all(folder)
    assert [stack.valkey_pid, stack.seaweed_pid] == pids


def test_a_broker_whose_file_a_power_cut_spoilt_comes_back_with_what_is_readable(folder: Path) -> None:
    broker = ValkeyServer(folder / "valkey")
    broker.start()
    broker.wait_ready()
    with redis.Redis.from_url(broker.url) as queue:
        for number in range(100):
            queue.rpush("queue", number)
    broker.stop()
    (file,) = (folder / "valkey" / "appendonlydir").glob("*.incr.aof")
    file.write_bytes(file.read_bytes()[:-100] + bytes(4096))
    broker.start()
    broker.wait_ready()
    with redis.Redis.from_url(broker.url) as queue:
        assert 90 < queue.llen("queue") < 100


def test_killed_servers_come_back_on_their_ports_with_everything_acknowledged(folder: Path) -> None:
    stack = start_all(folder)
    acknowledged: list[str] = []
    enough = Event()

    def write() -> None:
        with closing(MinioStore(stack.s3_endpoint, stack.s3_access_key, stack.s3_secret_key, "trial", retries=0)) as store:
            with redis.Redis.from_url(stack.redis_url) as queue, suppress(SohoaError, redis.RedisError):
                for number in range(100_000):
                    store.put_once(f"originals/{number}", f"object {number}".encode() * 500)
                    queue.rpush("acknowledged", number)
                    acknowledged.append(f"originals/{number}")
                    if number == 40:
                        enough.set()
            enough.set()

    writer = Thread(target=write)
    writer.start()
    enough.wait()
    _kill(stack.seaweed_pid)
    _kill(stack.valkey_pid)
    writer.join()

    again = start_all(folder)
    assert (again.redis_url, again.s3_endpoint) == (stack.redis_url, stack.s3_endpoint)
    assert again.seaweed_pid != stack.seaweed_pid
    with closing(_open_store(again)) as store:
        for key in acknowledged:
            assert store.get(key) == f"object {key.split('/')[1]}".encode() * 500
        assert store.put_once("originals/after", b"x")
    with redis.Redis.from_url(again.redis_url) as queue:
        assert queue.llen("acknowledged") >= len(acknowledged) > 40


def test_a_port_taken_by_a_stranger_is_given_up_and_the_data_kept(folder: Path) -> None:
    stack = start_all(folder)
    with closing(_open_store(stack)) as store:
        store.put("working/a", b"x" * 100_000)
    stop_all(folder)
    with socket.create_server(("127.0.0.1", int(stack.s3_endpoint.split(":")[1]))):
        moved = start_all(folder)
        assert moved.s3_endpoint != stack.s3_endpoint
        with closing(_open_store(moved)) as store:
            assert len(store.get("working/a")) == 100_000


def test_stopping_ends_the_processes_and_is_patient_with_itself(folder: Path) -> None:
    stack = start_all(folder)
    stop_all(folder)
    stop_all(folder)
    assert not psutil.pid_exists(stack.valkey_pid)
    assert not psutil.pid_exists(stack.seaweed_pid)
    gateway = int(stack.s3_endpoint.split(":")[1]) + PAIR
    assert not list(Path("/tmp").glob(f"seaweedfs-*-{gateway}.sock"))
    assert ValkeyServer(folder / "valkey").pid is None
    assert not ValkeyServer(folder / "valkey").healthy()
    assert not SeaweedServer(folder / "seaweed").healthy()


def test_servers_never_started_are_not_there(tmp_path: Path) -> None:
    assert ValkeyServer(tmp_path / "v").pid is None
    assert not ValkeyServer(tmp_path / "v").healthy()
    assert not SeaweedServer(tmp_path / "s").healthy()
    assert SeaweedServer(tmp_path / "s").endpoint == ""


def test_a_pid_that_went_to_somebody_else_is_no_server_of_ours(tmp_path: Path) -> None:
    process = ServerProcess("stranger", tmp_path)
    own = psutil.Process()
    (tmp_path / "state.json").write_text(f'{{"pid": {own.pid}, "started": {own.create_time()}, "ports": [1]}}')
    assert process.pid is None
    process.stop(1)
    assert own.is_running()


def test_a_spoilt_state_file_is_no_state(tmp_path: Path) -> None:
    (tmp_path / "state.json").write_text("{half")
    assert ServerProcess("server", tmp_path).state is None


def test_a_server_that_ends_while_starting_says_why(tmp_path: Path) -> None:
    process = ServerProcess("server", tmp_path)
    process.spawn(("/bin/sh", "-c", f"echo no room in {tmp_path}; exit 3"), {}, ())
    with pytest.raises(UnavailableError, match="ended while starting"):
        process.wait_ready(lambda: False, 30)
    assert "no room" in process.log_tail()


def test_a_log_past_its_bound_is_set_aside_once(tmp_path: Path) -> None:
    process = ServerProcess("server", tmp_path)
    process.log.write_bytes(b"x" * (5 << 20))
    process.spawn(("/bin/sh", "-c", f"true {tmp_path}"), {}, ())
    with pytest.raises(UnavailableError):
        process.wait_ready(lambda: False, 30)
    assert process.log.stat().st_size < 1000
    assert (tmp_path / "server.old.log").stat().st_size == 5 << 20


def test_remembered_ports_are_kept_while_they_are_free() -> None:
    chosen = choose_ports(3, paired=True)
    assert choose_ports(3, chosen, paired=True) == chosen
    with socket.create_server(("127.0.0.1", chosen[0])):
        assert chosen[0] not in choose_ports(3, chosen, paired=True)
