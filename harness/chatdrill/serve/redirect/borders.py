"""Whom a bot may speak to: the fakes, this machine, and whom somebody let through. All others are refused, and named."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection
from http import HTTPStatus

from chatdrill.serve.heads import is_loopback
from chatdrill.trace import BARRED_MAX
from chatdrill.wire import HttpResponse

_ODD = re.compile(r"[^\w.:\[\]-]")
_HOST_MAX = 253  # RFC 1035, 2.3.4


class Borders:
    """``knows`` says for which hosts there is a fake, ``opened`` are names that somebody let through. ``barred`` is told, with
    host and port, who was refused."""

    def __init__(
        self, knows: Callable[[str], bool], opened: Collection[str], barred: Callable[[str, int], None]
    ) -> None:
        self.knows = knows
        self.opened = frozenset(name.lower() for name in opened)
        self._barred = barred
        self._times: Counter[str] = Counter()

    def is_open(self, host: str, caller: str) -> bool:
        """True for hosts that were let through, and for this machine, where the bot's own services are: for a ``caller`` on it, for
        they are nobody else's."""
        return host in self.opened or (is_loopback(host) and is_loopback(caller))

    def bar(self, host: str, port: int) -> HttpResponse:
        """Record that somebody wanted to go there; returns what he is told."""
        host = _ODD.sub("?", host)[:_HOST_MAX]
        self._times[host] += 1
        if self._times[host] <= BARRED_MAX:
            self._barred(host, port)
        return HttpResponse(HTTPStatus.FORBIDDEN, (("Content-Type", "text/plain; charset=utf-8"),), _words(host))


def _words(host: str) -> bytes:
    return (
        f"chatdrill: there is no fake of {host} here, and a drill never reaches the internet. "
        f"To let the bot speak to it all the same: --allow {host}\n"
    ).encode()
