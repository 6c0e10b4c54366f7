"""``make load``: a fleet, ``asuso serve`` over it, visitors at a steady rate, kills if asked for, and the account.

The visitors, the web server, the worker and the database share the machine; what the visitors cost is part of the run.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

WARM_UP = 10.0
REGISTRY_SECONDS = 120.0


def asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.load", description=__doc__)
    parser.add_argument("--organizations", type=int, default=300)
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--rate", type=int, default=50, help="requests a second")
    parser.add_argument("--profile", choices=("steady", "september", "writes"), default="steady")
    parser.add_argument("--kill-every", type=float, default=0.0, help="seconds; 0 kills nothing")
    parser.add_argument("--workers", type=int, default=2, help="web processes")
    parser.add_argument("--keep", type=Path, help="prepare the fleet in this folder, or use the one that is there")
    parser.add_argument("--facts", type=Path, help="write the facts of the run into this file")
    return parser.parse_args()


WANTED = asked()  # before Django: its settings read the folder
FOLDER = WANTED.keep.resolve() if WANTED.keep else Path(tempfile.mkdtemp(prefix="asuso-load-"))
(FOLDER / "data").mkdir(mode=0o755, parents=True, exist_ok=True)
FOLDER.chmod(0o755)  # the server may run as another user
os.environ["DATA_DIR"] = str(FOLDER / "data")
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.dev"


def main() -> int:
    import django

    django.setup()
    from django.conf import settings
    from django.db import connections

    from config.webserver import collect_static
    from devdb import Server
    from fleet.migration import migrate_all
    from fleet.preparing import prepare_embedded
    from tests.load.fleet import FILE, prepare, renew

    wanted, server = WANTED, Server(settings.DATA_DIR)
    try:
        with server.lease() as place:
            prepare_embedded(place.dsn(user="postgres", dbname="postgres"))
            migrate_all()
            collect_static()
            if not (FOLDER / FILE).exists():
                prepare(FOLDER, wanted.organizations, told=told)
            renew()
            for name in ("requests.jsonl", "kills.jsonl"):  # the ledger goes on: what was written before is there
                (FOLDER / name).unlink(missing_ok=True)
            connections.close_all()
            facts = run(wanted, server)
            connections.close_all()
        if wanted.facts:
            wanted.facts.write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")
        return 1 if facts["faults"] or facts["registry"] or facts["unexplained"] else 0
    finally:
        if not wanted.keep:
            server.destroy()
            shutil.rmtree(FOLDER, ignore_errors=True)


def run(wanted: argparse.Namespace, server: Any) -> dict[str, Any]:
    """The product under load, and the account of it."""
    from tests.load.killing import Cast, Killer
    from tests.load.memory import Memory
    from tests.running import Running

    os.environ["THROTTLE_SCALE"] = "1000"
    load_average = os.getloadavg()
    serving = Running.start(Path(os.environ["DATA_DIR"]), "--workers", str(wanted.workers))
    try:
        cast = Cast(serving.process.pid, int(str(server.status()["pid"])))
        memory = Memory(cast)
        killer = Killer(cast, FOLDER, wanted.kill_every) if wanted.kill_every else None
        watchers = [one for one in (memory, killer) if one is not None]
        for one in watchers:
            one.start()
        before = cast.seconds()
        visit(wanted, serving.port)
        spent = {name: after - before[name] for name, after in cast.seconds().items()}
        for one in watchers:
            one.stop()
        facts = account(wanted)
    finally:
        serving.stop()
    facts |= {"cpu": spent, "memory": memory.greatest, "load_average": load_average, "versions": versions(server)}
    from tests.load.report import print_report, requests_of

    print_report(facts, requests_of(FOLDER, since=WARM_UP))
    return facts


def visit(wanted: argparse.Namespace, port: int) -> None:
    """Locust in a process of its own: it replaces the sockets and threads of its whole process."""
    told(f"нагрузка: {wanted.rate} запросов в секунду, {wanted.seconds:.0f} с")
    settings = {
        "LOAD_FOLDER": str(FOLDER),
        "LOAD_PORT": str(port),
        "LOAD_RATE": str(wanted.rate),
        "LOAD_SECONDS": str(wanted.seconds),
        "LOAD_PROFILE": wanted.profile,
    }
    command = [sys.executable, "-m", "locust", "-f", str(Path(__file__).with_name("day.py")), "--headless"]
    options = ["--only-summary", "--loglevel", "WARNING", "--stop-timeout", "40", "--exit-code-on-error", "0"]
    with (FOLDER / "locust.log").open("w") as log:
        done = subprocess.run([*command, *options], env=os.environ | settings, stdout=log, stderr=log, check=False)
    if done.returncode:
        raise RuntimeError((FOLDER / "locust.log").read_text()[-3000:])


def account(wanted: argparse.Namespace) -> dict[str, Any]:
    """What the clients were told against what there is."""
    from tests.load import finding, ledger, report

    told("сверка журнала клиента с базой")
    handed_up = finding.wait_for_registry(REGISTRY_SECONDS)
    accounts = ledger.read(FOLDER / "ledger.jsonl")
    result = ledger.compare(accounts, finding.found())
    requests = report.requests_of(FOLDER, since=WARM_UP if not wanted.kill_every else 0.0)
    kills = report.read_lines(FOLDER / "kills.jsonl")
    counted = ("accepted", "repeated", "refused", "unanswered_written", "unanswered_absent")
    span = max(one.at for one in requests) - min(one.at for one in requests)
    return {
        "organizations": wanted.organizations,
        "asked": wanted.rate,
        "profile": wanted.profile,
        "seconds": span,
        "sent": len(report.read_lines(FOLDER / "requests.jsonl")),
        "all": report.summary(requests, span),
        "kills": kills,
        "outages": report.outages(requests, kills),
        "unexplained": len(report.unexplained(requests, kills)),
        "ledger": {name: getattr(result, name) for name in counted},
        "faults": {name: [str(one) for one in found] for name, found in result.faults.items()},
        "registry": finding.registry_differences(),
        "registry_seconds": handed_up,
    }


def versions(server: Any) -> dict[str, str]:
    found = {"PostgreSQL": str(server.status()["version"])}
    return found | {name: version(name.lower()) for name in ("Django", "gunicorn", "locust")}


def told(text: str) -> None:
    print(f"… {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
