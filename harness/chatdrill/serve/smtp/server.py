"""Listens for SMTP on one address, for one service."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from typing import Any

from chatdrill.serve.accepting import Listening, listen
from chatdrill.serve.answers import Complain
from chatdrill.serve.channel import Account
from chatdrill.serve.reception import Receiver, Reply
from chatdrill.serve.server import not_bound
from chatdrill.serve.smtp.session import Session
from chatdrill.wire.http import HttpRequest
from chatdrill.wire.smtp import Posting


class SmtpServer:
    """The door of a service. ``context`` makes what a server needs to speak TLS under a name."""

    def __init__(
        self,
        account: Account[Any],
        receiver: Receiver,
        *,
        context: Callable[[str], ssl.SSLContext],
        body_max_bytes: int,
        complain: Complain,
    ) -> None:
        assert isinstance(account.service, Posting)
        self._account, self._service, self._receiver = account, account.service, receiver
        self._context = context
        self._body_max_bytes = body_max_bytes
        self._complain = complain
        self._open: set[Session] = set()
        self._listening: Listening | None = None
        self.port = 0

    async def listen(self, host: str, port: int, option: str = "--port") -> None:
        """Bind; raises ``PortTaken`` and ``UsageError``, the latter also where nobody can make certificates."""
        terms = self._service.terms(self._account.state)
        if terms.tls != "no":
            self._context(terms.hostname)
        try:
            self._listening = await listen(self._session, host, port)
        except (OSError, OverflowError) as error:
            raise not_bound(OSError(*error.args), host, port, option) from error
        self.port = self._listening.sockets[0].getsockname()[1]

    def _session(self) -> Session:
        terms = self._service.terms(self._account.state)
        return Session(
            self._ask,
            terms,
            context=None if terms.tls == "no" else self._context(terms.hostname),
            body_max_bytes=self._body_max_bytes,
            open=self._open,
            complain=self._complain,
            loop=asyncio.get_running_loop(),
        )

    def _ask(self, request: HttpRequest) -> Reply | Awaitable[Reply]:
        return self._receiver.take(self._account, request, base_url=self._account.base_url)

    async def close(self, *, grace_s: float) -> None:  # noqa: ARG002  a mail that is not acknowledged comes again
        """Stop listening, and cut."""
        if self._listening is not None:
            self._listening.close()
        for session in tuple(self._open):
            session.cut()
