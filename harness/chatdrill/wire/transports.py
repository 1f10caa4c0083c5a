"""Services that are reached by something else than HTTP.

What goes over another transport is told in the values of HTTP all the same: a call of the bot is an ``HttpRequest``, and so is what is
delivered to it, under an address with the transport's scheme. So couriers, faults, traces and several workers need not know of it; how
the values are carried, ``chatdrill.serve`` knows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol, TypeVar, runtime_checkable

from chatdrill.wire.contract import Service
from chatdrill.wire.state import ChannelState

S = TypeVar("S", bound=ChannelState[Any])


@dataclass(frozen=True)
class Transport:
    """How a fake is reached. ``scheme`` begins its address; unless it was given a port of its own, it listens ``beside`` so many
    ports above the main one (where that is any free one, so is this)."""

    scheme: str
    beside: int

    def port(self, main: int) -> int:
        """The port beside a main port."""
        return main + self.beside if main else 0


@runtime_checkable
class Transported(Service[S], Protocol[S]):
    """A service that listens for another transport than HTTP. What it delivers goes by the scheme of the bot's address, so that may be
    HTTP as well."""

    transport: Transport
