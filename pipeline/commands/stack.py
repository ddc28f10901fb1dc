"""``sohoa up``, ``down``, ``doctor``, ``worker`` and ``web``: what runs on this machine."""

from __future__ import annotations

import argparse
import json
import logging
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, TextIO

from pipeline.commands.arguments import FAILURE, OK, Maker, positive
from pipeline.domain.documents import QueueName

if TYPE_CHECKING:
    from pipeline.settings import Settings
    from pipeline.stack import FirstSignIn


def add(command: Maker) -> None:
    """Add the commands of servers and processes."""
    up = command("up", "start servers, workers and web page on this machine", _up, "SOHOA_HOME=/srv/sohoa sohoa up")
    up.add_argument("--foreground", action="store_true", help="stay, and stop everything on Ctrl-C")
    up.add_argument("--json", action="store_true", help="print what runs as one line of JSON")
    command("down", "stop what `sohoa up` started", _down, "sohoa down")
    doctor = command("doctor", "check all that Sohoa needs and name the command that mends it", _doctor, "sohoa doctor")
    doctor.add_argument("--json", action="store_true", help="print one line of JSON for each check")
    worker = command("worker", "read documents until stopped (production)", _worker, "sohoa worker --queue station --jobs 4")
    worker.add_argument(
        "--queue", choices=[queue.value for queue in QueueName], help="kind of work to take (default: a process for each)"
    )
    worker.add_argument(
        "--jobs", type=positive, help="pages each process reads at once (default: SOHOA_JOBS, else one for each core)"
    )
    web = command("web", "serve the pages until stopped (production)", _web, "sohoa web --port 8321")
    web.add_argument("--host", help="address to listen on (default: SOHOA_WEB_HOST, else 127.0.0.1)")
    web.add_argument("--port", type=positive, help="port to listen on (default: SOHOA_WEB_PORT, else 8321)")
    web.add_argument("--interface", action="store_true", help="the interface for systems alone (/v1), without the pages")
    web.add_argument("--processes", type=positive, default=1, help="with --interface: how many serve it (default: 1)")


def _up(args: argparse.Namespace, settings: Settings) -> int:
    from pipeline import stack

    if settings.redis_url or settings.s3.endpoint:
        raise ValueError(
            "SOHOA_REDIS_URL or SOHOA_S3_ENDPOINT names servers of yours: run `sohoa worker` and `sohoa web` instead"
        )
    first = stack.first_sign_in(settings)
    if args.foreground:
        _tell_first(first, sys.stderr)
        logging.basicConfig(level=logging.INFO, stream=sys.stderr)
        stack.supervise(settings)
        return OK
    state, started = stack.up(settings)
    if args.json:
        print(json.dumps({**asdict(state), "home": str(settings.home), "started": started}))
        return OK
    print(f"Sohoa {'is up' if started else 'was up already'}: {state.web}")
    print(f"data and logs: {settings.home}")
    for part in (state.supervisor, *state.parts):
        print(f"  {part.name:<12} pid {part.pid}")
    _tell_first(first, sys.stdout)
    print("stop it with: sohoa down")
    return OK


def _tell_first(first: FirstSignIn | None, out: TextIO) -> None:
    """Say how to sign in for the first time; the password itself only when it was made just now."""
    if first is None:
        return
    password = f"one-time password {first.password} (also in {first.path})" if first.password else f"password in {first.path}"
    print(f"sign in as: {first.login}, {password}", file=out)


def _down(args: argparse.Namespace, settings: Settings) -> int:
    from pipeline import stack

    print("Sohoa is down" if stack.down(settings) else "Sohoa was not running", f"(data kept in {settings.home})")
    return OK


def _doctor(args: argparse.Namespace, settings: Settings) -> int:
    from pipeline.doctor import examine

    checks = examine(settings)
    for check in checks:
        if args.json:
            print(json.dumps(asdict(check), ensure_ascii=False))
        else:
            print(f"{'ok' if check.ok else 'MISSING' if check.needed else 'absent':<8} {check.name:<20} {check.found}")
            if not check.ok and check.mend:
                print(f"{'':<8} {'':<20} mend it with: {check.mend}")
    return FAILURE if any(check.needed and not check.ok for check in checks) else OK


def _worker(args: argparse.Namespace, settings: Settings) -> int:
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    jobs = args.jobs or settings.jobs
    if args.queue is None:
        from pipeline.stack import supervise_workers

        supervise_workers(settings, jobs)
    else:
        from pipeline.workers.process import run_worker

        run_worker(settings, [QueueName(args.queue)], jobs)
    return OK


def _web(args: argparse.Namespace, settings: Settings) -> int:
    host, port = args.host or settings.web_host, args.port or settings.web_port
    if args.interface:
        from pipeline.web.interface import serve_interface

        serve_interface(settings, host, port, args.processes)
        return OK
    if args.processes > 1:
        raise ValueError("the pages are served by one process, which the scanner and the counter belong to; see --interface")
    from pipeline.web import serve

    serve(settings, host, port)
    return OK
