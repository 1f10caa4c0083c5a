"""Where servers listen: binding a port, the address by which a bot reaches it, and servers of other transports than HTTP."""

from __future__ import annotations

import shutil
import ssl
import tempfile
from pathlib import Path
from typing import Any, Protocol

from chatdrill.serve.answers import Complain
from chatdrill.serve.channel import Account
from chatdrill.serve.options import ListenOptions
from chatdrill.serve.reception import Receiver
from chatdrill.serve.redirect import Authority
from chatdrill.wire import Service, Transported

_REACHED_BY = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}


class Listening(Protocol):
    """A server."""

    port: int

    async def listen(self, host: str, port: int, option: str = "--port") -> None:
        """Bind; raises ``PortTaken`` and ``UsageError``, naming the ``option`` that said where."""

    async def close(self, *, grace_s: float) -> None:
        """Stop listening, let answers under way leave for at most ``grace_s``, then cut."""


def near(host: str) -> str:
    """The name under which a program on this machine reaches a host that a server was bound to."""
    return _REACHED_BY.get(host, host)


def url_of(host: str, port: int, scheme: str = "http") -> str:
    """The address under which a program on this machine reaches a port of ours."""
    host = near(host)
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}"


def place_of(service: Service[Any], listen: ListenOptions, main_url: str) -> str:
    """The address of a service, right before anything listens unless a port is 0."""
    own_port = listen.platform_ports.get(service.name)
    if isinstance(service, Transported):
        return url_of(listen.host, port_beside(service, listen), service.transport.scheme)
    return f"{main_url}/{service.name}" if own_port is None else url_of(listen.host, own_port)


def port_beside(service: Transported[Any], listen: ListenOptions) -> int:
    """The port of a service that is not reached by HTTP."""
    return listen.platform_ports.get(service.name, service.transport.port(listen.port))


class Beside:
    """The servers of services that are not reached by HTTP, and the certificates that they show."""

    def __init__(self, listen: ListenOptions, complain: Complain) -> None:
        self._listen = listen
        self._complain = complain
        self._authority: Authority | None = None
        self._folder: str | None = None

    async def open(self, account: Account[Any], receiver: Receiver) -> Listening:
        """Listen for a service, and tell its account where. Raises ``PortTaken``, ``UsageError``."""
        from chatdrill.serve.smtp.server import SmtpServer  # not for runs without mail

        service = account.service
        assert isinstance(service, Transported)
        server = SmtpServer(
            account,
            receiver,
            context=self._context,
            body_max_bytes=self._listen.body_max_bytes,
            complain=self._complain,
        )
        port = port_beside(service, self._listen)
        await server.listen(self._listen.host, port, f"--platform-ports {account.name}=PORT")
        account.base_url = url_of(self._listen.host, server.port, service.transport.scheme)
        return server

    def _context(self, host: str) -> ssl.SSLContext:
        """What a server needs to be taken for ``host``; raises ``UsageError`` where nobody can make certificates."""
        if self._authority is None:
            folder = self._listen.redirect
            if folder is None:
                self._folder = tempfile.mkdtemp(prefix="chatdrill-")
                folder = Path(self._folder)
            self._authority = Authority(folder)
        return self._authority.context(host)

    def environment(self) -> dict[str, str]:
        """The variable that says whose certificates to trust, where there are any."""
        return {} if self._authority is None else {"CHATDRILL_CA_FILE": str(self._authority.path)}

    def close(self) -> None:
        """Forget the certificates."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
