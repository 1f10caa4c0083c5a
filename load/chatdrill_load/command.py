"""``chatdrill load``."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from msgspec import structs

from chatdrill.cli.options import public
from chatdrill.engine.bot import free_port
from chatdrill_load.arrivals import read_arrivals
from chatdrill_load.asking import add_load, checked_job, length, scenario_parser, whole
from chatdrill_load.gates import read_gate
from chatdrill_load.plan import VARIABLE, Plan
from chatdrill_load.result import read_result
from chatdrill_load.staffing import read_target

_CUSTOMERS = 10
_OF_MASTERS = ("--master", "--worker", "--master-host", "--master-port", "--master-bind-host", "--master-bind-port")
_EXAMPLES = """\
  chatdrill load drills/ --webhook http://127.0.0.1:8080/{platform} --arrivals 50/s --for 10m
  chatdrill load drills/order.drill.yaml --command "python bot.py" --customers 200 --for 2m
  chatdrill load drills/ --arrivals "0/s to 200/s over 5m" --sla "first_reply p95 < 5s"
  chatdrill load drills/ --arrivals 20/s --for 1h --web 8089
  chatdrill load drills/ --arrivals 500/s --for 10m --processes 4

What stands behind a word of two dashes goes to Locust as it is: its CSV files, its master and workers on other machines
(python -m locust --help)."""


def main(words: list[str]) -> int:
    """Check what is asked for, write the plan, and become Locust."""
    own, locust = (words[: words.index("--")], words[words.index("--") + 1 :]) if "--" in words else (words, [])
    arguments = _options().parse_args(own)
    if arguments.arrivals is not None:
        read_arrivals(arguments.arrivals)
    for gate in arguments.sla:
        read_gate(gate)
    if arguments.staffing is not None:
        read_target(arguments.staffing)
    if arguments.baseline is not None:
        read_result(Path(arguments.baseline))
    job = structs.replace(checked_job(arguments), door_port=arguments.door_port)
    plan = Plan(
        job=job,
        arrivals=arguments.arrivals,
        customers=arguments.customers or (0 if arguments.arrivals else _CUSTOMERS),
        for_s=arguments.for_s if arguments.web is None else 0.0,
        gates=tuple(arguments.sla),
        baseline=arguments.baseline,
        staffing=arguments.staffing,
        command=public(["chatdrill", "load", *words]),
    )
    return _become_locust(
        plan, plan.save(Path(job.out)), web=arguments.web, more=[*_processes(arguments.processes, locust), *locust]
    )


def _options() -> argparse.ArgumentParser:
    options = scenario_parser("load", "Let thousands of customers talk to your bot at once.", _EXAMPLES)
    load = options.add_argument_group("the load")
    load.add_argument(
        "--arrivals", metavar="PLAN", help='when customers come, however slow the bot is: "50/s", "poisson 50/s", ...'
    )
    load.add_argument(
        "--customers",
        type=whole,
        metavar="N",
        help="how many talk at once: exactly so many, or with --arrivals at most (default: 10, or as many as come)",
    )
    load.add_argument("--for", dest="for_s", type=length, default=60.0, metavar="TIME", help="how long (default: 1m)")
    load.add_argument(
        "--sla",
        action="append",
        default=[],
        metavar="GATE",
        help='what must hold: "first_reply p95 < 5s", "errors < 1%%" (repeatable)',
    )
    load.add_argument(
        "--staffing",
        metavar="PROMISE",
        help='how many agents keep "80%% within 20s" (or "p90 < 2m") for the handoffs that were measured',
    )
    load.add_argument("--baseline", metavar="FILE", help="load.json of another run, to compare with")
    load.add_argument(
        "--processes", type=whole, default=1, metavar="N", help="so many workers share the customers (default: 1)"
    )
    load.add_argument(
        "--door-port",
        type=whole,
        default=0,
        metavar="PORT",
        help="where the workers of other machines reach this one, beside --host (default: any free port)",
    )
    load.add_argument(
        "--web",
        type=int,
        metavar="PORT",
        help="Locust's web page on this port, to start, watch and stop from; ours is there under /chatdrill",
    )
    return add_load(options)


def _processes(count: int, locust: list[str]) -> list[str]:
    """Workers on this machine find their master at a port of their own, so that two loads at once do not share workers. Who names a
    master has said where it is."""
    if count == 1:
        return []
    words = ["--processes", str(count)]
    if any(word.partition("=")[0] in _OF_MASTERS for word in locust):
        return words
    port = str(free_port())
    return [*words, "--master-bind-host", "127.0.0.1", "--master-bind-port", port, "--master-port", port]


def _become_locust(plan: Plan, file: Path, *, web: int | None, more: list[str]) -> int:
    """Locust's patched world needs a process of its own from its first line on: this one is given up for it."""
    locustfile = Path(__file__).with_name("swarm") / "entry" / "locustfile.py"
    users = str(plan.customers if plan.arrivals is None else 1)
    words = [sys.executable, "-m", "locust", "-f", str(locustfile), "-u", users, "-r", users]
    if web is None:
        words += ["--headless", "--only-summary", "--loglevel", "WARNING"]
    else:
        words += ["--web-port", str(web), "--web-host", "127.0.0.1"]
    sys.stdout.flush()
    os.environ[VARIABLE] = str(file.resolve())
    os.execv(sys.executable, [*words, *more])
