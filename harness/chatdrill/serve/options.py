"""What a user may choose about the sockets and about delivery."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

MIB = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Doors:
    """This worker is one of several that a bot's calls may reach.

    ``index`` (0 to 99) differs from worker to worker; ids that this one hands out end in it. ``host`` and ``port`` (0: any free
    one) are where the other workers reach it: not where the bot does. ``key`` is a word that all workers of a run share, and
    nobody else; the other workers' calls are let in by it. A call may take as long as it takes; but once nothing was heard of
    its owner for ``timeout_s`` real seconds, the bot gets the vendor's error.
    """

    index: int
    key: str = field(repr=False)
    host: str = "127.0.0.1"
    port: int = 0
    timeout_s: float = 5.0


@dataclass(frozen=True, kw_only=True)
class ListenOptions:
    """Where the fakes listen.

    ``port`` 0 takes any free one. ``platform_ports`` gives platforms, by name, a port of their own on which they are
    mounted at the root (0: any free one). Bodies over ``body_max_bytes`` are refused with 413. ``control`` switches the
    API under ``/_chatdrill/``. ``redirect`` is a folder for the certificate of a proxy to which programs with a fixed
    address of the vendor are sent; it lets them through to the hosts ``allow`` and to no others. ``doors``: the bot's account is held together with other workers (``Stage.meet``).
    """

    host: str = "127.0.0.1"
    port: int = 7700
    platform_ports: Mapping[str, int] = field(default_factory=dict)
    body_max_bytes: int = 64 * MIB
    control: bool = True
    redirect: Path | None = None
    allow: tuple[str, ...] = ()
    doors: Doors | None = None


@dataclass(frozen=True, kw_only=True)
class DeliverOptions:
    """How webhooks are delivered, where a user wants it otherwise than the platform does.

    ``batch`` is how many waiting updates travel in one request (the platform's maximum caps it), ``ack_timeout_s`` real
    seconds, ``concurrency`` requests open to the bot at once. Without ``retries`` the first failure drops an update.
    ``public_hosts`` says where on this machine a host that the bot names in an address of its own is (``http://127.0.0.1:8080``).
    """

    batch: int = 1
    retries: bool = True
    ack_timeout_s: float | None = None
    concurrency: int | None = None
    public_hosts: Mapping[str, str] = field(default_factory=dict)
