"""Many workers, one bot: who has which seat, and how their crowds get to know each other.

The master gives each worker a seat before the test begins. A worker opens its crowd and says where its door is; when all have, the
master tells everybody. The crowd of seat 0 brings up the bot, which calls at its door alone and need not know of the others.
"""

from __future__ import annotations

import secrets
import socket
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import gevent
from gevent.event import Event
from locust import runners
from locust.env import Environment
from locust.runners import STATE_MISSING, MasterRunner, WorkerRunner

from chatdrill.clock import real_now
from chatdrill.serve.heads import is_loopback
from chatdrill_load.messages import Meet, Opened

SEAT, DOOR, ALL, REST, FINISH, FINISHED = (
    f"chatdrill_{word}" for word in ("seat", "door", "all", "rest", "finish", "finished")
)
_OPENING_S = 120.0
_LAST_WORDS_S = 20.0
_LOOK_EVERY_S = 0.1


class Head:
    """The master's part. ``told`` hears what a worker says at its end; ``seats`` are the workers by the number of their seat. Of the one
    that has the bot: ``webhooks``, where the bot takes them, and ``began``, see ``Opened``."""

    def __init__(self, environment: Environment, told: Callable[[int, dict[str, Any]], None]) -> None:
        assert isinstance(environment.runner, MasterRunner)
        self._runner = environment.runner
        self._told = told
        self.seats: dict[int, str] = {}
        self.finished: set[int] = set()
        self._doors: dict[int, tuple[str, int] | None] = {}
        self.webhooks: dict[str, str] = {}
        self.began = 0.0
        self._told_urls: dict[str, str] = {}
        self.all_there = Event()
        self._runner.register_message(DOOR, self._door)
        self._runner.register_message(FINISHED, self._finished)

    def seat_all(self, told: Mapping[str, Any]) -> None:
        """Give every worker that is there its seat; ``told`` is what all must agree in."""
        key = secrets.token_hex(16)
        self.seats = dict(enumerate(client.id for client in self._runner.clients.ready))
        for seat, client in self.seats.items():
            self._runner.send_message(
                SEAT, {"seat": seat, "count": len(self.seats), "key": key, "told": dict(told)}, client
            )

    def _door(self, msg: Any, **_: Any) -> None:
        seat, door = msg.data["seat"], msg.data["door"]
        self._doors[seat] = None if door is None else tuple(door)
        if seat == 0:
            self.webhooks, self.began = msg.data["webhooks"], msg.data["began"]
            self._told_urls = msg.data["told_urls"]
        if len(self._doors) == len(self.seats):
            doors = {str(its): list(address) for its, address in self._doors.items() if address is not None}
            for client in self.seats.values():
                told = {"doors": doors, "webhooks": self.webhooks, "told_urls": self._told_urls}
                self._runner.send_message(ALL, told, client)
            self.all_there.set()

    def wait(self) -> list[int]:
        """Wait until every worker has opened its crowd; returns the seats of those that will not."""
        with gevent.Timeout(_OPENING_S, False):
            while not self.all_there.ready():
                lost = [seat for seat in self.seats if seat not in self._doors and not self._is_alive(seat)]
                if lost:
                    return lost
                self.all_there.wait(_LOOK_EVERY_S)
        return [seat for seat in self.seats if seat not in self._doors]

    def _finished(self, msg: Any, **_: Any) -> None:
        self.finished.add(msg.data["seat"])
        self._told(msg.data["seat"], msg.data)

    def finish(self, patience_s: float) -> list[int]:
        """Let all workers end what they do, the one that holds the bot last; returns the seats of those that did not."""
        for client in self.seats.values():
            self._runner.send_message(REST, None, client)
        others = [seat for seat in self.seats if seat != 0]
        for group in (others, [0] if 0 in self.seats else []):
            for seat in group:
                self._runner.send_message(FINISH, {"patience_s": patience_s}, self.seats[seat])
            self._wait_for(group, patience_s + _LAST_WORDS_S)
        return sorted(set(self.seats) - self.finished)

    def _wait_for(self, seats: Sequence[int], most_s: float) -> None:
        """Whoever Locust has lost will not say anything any more."""
        with gevent.Timeout(most_s, False):
            while any(seat not in self.finished and self._is_alive(seat) for seat in seats):
                gevent.sleep(_LOOK_EVERY_S)

    def _is_alive(self, seat: int) -> bool:
        client = self._runner.clients.get(self.seats[seat])
        return client is not None and client.state != STATE_MISSING


class Seat:
    """A worker's part. ``number`` of ``count``; ``rest`` and ``finish`` are called when the master says so."""

    def __init__(self, environment: Environment, rest: Callable[[], None], finish: Callable[[float], None]) -> None:
        assert isinstance(environment.runner, WorkerRunner)
        self._environment = environment
        self._runner = environment.runner
        self._rest = rest
        self._finish = finish
        self._given = Event()
        self._all = Event()
        self._meet: Meet | None = None
        self.number, self.count, self.key = 0, 1, ""
        self.told: dict[str, Any] = {}
        self._runner.register_message(SEAT, self._take)
        self._runner.register_message(ALL, self._know)
        self._runner.register_message(REST, lambda **_: self._rest())
        self._runner.register_message(FINISH, self._end, concurrent=True)

    def _take(self, msg: Any, **_: Any) -> None:
        self.number, self.count, self.key = msg.data["seat"], msg.data["count"], msg.data["key"]
        self.told = msg.data["told"]
        self._given.set()

    def _know(self, msg: Any, **_: Any) -> None:
        doors = {int(seat): (host, port) for seat, (host, port) in msg.data["doors"].items()}
        self._meet = Meet(doors=doors, webhooks=msg.data["webhooks"], told_urls=msg.data["told_urls"])
        self._all.set()

    def _end(self, msg: Any, **_: Any) -> None:
        self._finish(msg.data["patience_s"])

    @property
    def is_alone(self) -> bool:
        """True once Locust has given the master up."""
        heard_at = self._runner.last_heartbeat_timestamp
        return heard_at is not None and real_now() - heard_at > runners.MASTER_HEARTBEAT_TIMEOUT

    @property
    def own_machine(self) -> bool:
        """True if the master is on another machine, and no other worker was started here with this one."""
        options = self._environment.parsed_options
        if options is None or options.processes:
            return False
        return not is_loopback(_address_of(options.master_host))

    def wait(self) -> bool:
        """Wait for a seat; false if none is given."""
        return bool(self._given.wait(_OPENING_S))

    def opened(self, opened: Opened) -> None:
        """Say where this worker's door is."""
        told = {"door": opened.door, "webhooks": opened.webhooks, "began": opened.began, "told_urls": opened.urls}
        self._runner.send_message(DOOR, {"seat": self.number, **told})

    def others(self) -> Meet | None:
        """Wait for the others; ``None`` where they do not come, or there are none."""
        if self.count == 1:
            return None
        self._all.wait(_OPENING_S)
        return self._meet

    def finished(self, data: dict[str, Any]) -> None:
        """Say the last words."""
        self._runner.send_message(FINISHED, {"seat": self.number, **data})


def _address_of(host: str) -> str:
    """The address behind a name; the name itself, where there is none."""
    try:
        return socket.gethostbyname(host)
    except OSError:
        return host
