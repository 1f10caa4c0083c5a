"""Plain Locust as a competitor: users that post webhooks and wait for the bot's reply, which a WSGI fake brings back.

    python -m tests.bench.load.locust_users --user http --customers 200 --seconds 5 --port 9000 --hook URL

One process, as Locust's documentation would have it: the fake is gevent's pywsgi in the same event loop, finds the customer
that a call is for, and wakes the user that waits. Prints one line of JSON.
"""

from __future__ import annotations

import argparse
import itertools
import json
import time
from typing import Any
from urllib.parse import urlsplit

import gevent
from gevent.event import AsyncResult
from gevent.pywsgi import WSGIServer
from locust import FastHttpUser, HttpUser, constant
from locust.env import Environment

from .webhooks import customer_of, webhook

PATIENCE_S = 30.0
SETTLE_MAX_S = 60.0
FIRST_CUSTOMER = 5_000_000_001
ANSWER = b'{"ok":true,"recipient_id":"1","message_id":"m_1"}'

waiting: dict[str, AsyncResult] = {}
numbers = itertools.count(FIRST_CUSTOMER)


def fake(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """The vendor's API: every call is a message for a customer."""
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(ANSWER)))])
    platform = environ["PATH_INFO"].split("/")[1]
    if b'"text"' in body and (waits := waiting.pop(customer_of(platform, body), None)) is not None:
        waits.set(body)
    return [ANSWER]


def start(user: Any) -> None:
    """Give a customer an address."""
    user.address, user.said = str(next(numbers)), 0


def ask(user: Any) -> None:
    """One round trip: the webhook, its acknowledgement, the reply."""
    hook = urlsplit(user.host).path
    user.said += 1
    body, headers = webhook(hook.rpartition("/")[2], user.address, user.said)
    replied = waiting[user.address] = AsyncResult()
    began, problem = time.perf_counter(), None
    user.client.post(hook, data=body, headers=headers, name="webhook")
    try:
        replied.get(timeout=PATIENCE_S)
    except gevent.Timeout as timeout:
        problem = timeout
    took_ms = (time.perf_counter() - began) * 1000
    user.environment.events.request.fire(
        request_type="REPLY", name="reply", response_time=took_ms, response_length=0, exception=problem, context={}
    )


class Customer(HttpUser):
    """On ``requests``."""

    wait_time = constant(0)
    tasks = (ask,)
    on_start = start


class FastCustomer(FastHttpUser):
    """On ``geventhttpclient``."""

    wait_time = constant(0)
    tasks = (ask,)
    on_start = start


USERS = {"http": Customer, "fast": FastCustomer}


def measure(user: Any, hook: str, customers: int, seconds: float) -> dict[str, float]:
    """Round trips of so many customers in so many seconds, once about as many have ended as there are customers."""
    environment = Environment(user_classes=[user], host=hook)
    runner = environment.create_local_runner()
    runner.start(customers, spawn_rate=customers)
    with gevent.Timeout(SETTLE_MAX_S, False):  # the first wave has everybody connect at once
        while environment.stats.get("reply", "REPLY").num_requests < customers:
            gevent.sleep(0.05)
    environment.stats.reset_all()
    began, core_began = time.perf_counter(), time.process_time()
    gevent.sleep(seconds)
    took_s, core_s = time.perf_counter() - began, time.process_time() - core_began
    replies, hooks = environment.stats.get("reply", "REPLY"), environment.stats.get("webhook", "POST")
    figures = {
        "round_trips": replies.num_requests - replies.num_failures,
        "unanswered": replies.num_failures,
        "refused": hooks.num_failures,
        "seconds": took_s,
        "core_s": core_s,
        "p50_ms": replies.get_response_time_percentile(0.5),
        "p99_ms": replies.get_response_time_percentile(0.99),
    }
    runner.quit()
    return figures


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--user", choices=USERS, required=True)
    options.add_argument("--hook", required=True)
    options.add_argument("--port", type=int, required=True)
    options.add_argument("--customers", type=int, required=True)
    options.add_argument("--seconds", type=float, required=True)
    arguments = options.parse_args()
    WSGIServer(("127.0.0.1", arguments.port), fake, log=None).start()
    print(json.dumps(measure(USERS[arguments.user], arguments.hook, arguments.customers, arguments.seconds)))


if __name__ == "__main__":
    main()
