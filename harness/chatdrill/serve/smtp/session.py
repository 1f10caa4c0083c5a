"""One SMTP connection of a bot: aiosmtpd speaks the protocol, the service decides at every step."""

from __future__ import annotations

import re
import ssl
from collections.abc import Awaitable, Callable
from typing import Any, cast

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from aiosmtpd.smtp import Envelope as Draft
from aiosmtpd.smtp import Session as Talk
from msgspec import structs

from chatdrill.serve.answers import Complain, Dialogue, HangUp
from chatdrill.wire.http import HttpRequest, HttpResponse
from chatdrill.wire.smtp import AUTH, DATA, MAIL, RCPT, Envelope, Terms, asked, reply_in

Reply = HttpResponse | HangUp | Dialogue  # the last is none of a mail server's
Ask = Callable[[HttpRequest], Reply | Awaitable[Reply]]

_PARAMETER = re.compile(r"\s+((?:SIZE|RET|ENVID|NOTIFY|ORCPT)=\S+)", re.IGNORECASE)
_BARE = re.compile(r"([45][0-9][0-9]) (?![45]\.[0-9])(?:Error: )?")
_ENHANCED = {
    "500": "5.5.2",
    "501": "5.5.4",
    "502": "5.5.1",
    "503": "5.5.1",
    "504": "5.5.4",
    "530": "5.7.0",
    "454": "4.7.0",
    "552": "5.3.4",
    "554": "5.5.0",
    "555": "5.5.4",
}
"""Codes (RFC 3463) of what aiosmtpd answers by itself, as a server that announces them must give."""
_IDLE_S = 300.0  # RFC 5321, 4.5.3.2.7: a server waits five minutes for the next command
_LINE_MAX_BYTES = 1024 * 1024  # how long a line may be, the service says
_GONE = "421 4.3.2 Service not available, closing transmission channel"


class _Talk(Talk):
    """aiosmtpd's own warns at each login that one of its properties is old."""

    login_data: Any = None


class Session(SMTP):
    """One connection. ``ask`` puts a step before the service; ``open`` are all connections of the server."""

    line_length_limit = _LINE_MAX_BYTES
    AuthLoginUsernameChallenge = "Username:"
    AuthLoginPasswordChallenge = "Password:"

    def __init__(
        self,
        ask: Ask,
        terms: Terms,
        *,
        context: ssl.SSLContext | None,
        body_max_bytes: int,
        open: set[Session],
        complain: Complain,
        loop: Any,
    ) -> None:
        self._ask, self._terms, self._open, self._complain = ask, terms, open, complain
        self._judged = ""
        self.said = Envelope()
        super().__init__(
            self,
            data_size_limit=body_max_bytes,
            enable_SMTPUTF8=True,
            hostname=terms.hostname,
            ident="ESMTP ready",
            tls_context=context,
            require_starttls=terms.tls == "required",
            timeout=_IDLE_S,
            auth_require_tls=terms.tls == "required",
            authenticator=self._authenticated,
            loop=loop,
        )

    def connection_made(self, transport: Any) -> None:
        self._open.add(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._open.discard(self)
        super().connection_lost(error)

    def cut(self) -> None:
        """Close now."""
        for transport in (self.transport, self._original_transport):
            if transport is not None:
                cast(Any, transport).abort()

    def _create_session(self) -> Talk:
        return _Talk(self.loop)

    def _set_post_data_state(self) -> None:
        super()._set_post_data_state()  # type: ignore[no-untyped-call]
        if hasattr(self, "said"):
            self.said = structs.replace(self.said, sender="", recipients=(), options=(), notices=())

    async def push(self, status: Any) -> None:
        """Write a reply. What the service has not said itself is the bot's mistake in the protocol, and no call."""
        if self._terms.refusal and isinstance(status, str) and status.startswith("220 "):
            await super().push(self._terms.refusal)
            cast(Any, self.transport).close()
            return
        if isinstance(status, str) and status != self._judged and (found := _BARE.match(status)):
            status = f"{found[1]} {_ENHANCED.get(found[1], '5.5.0')} {status[found.end() :]}"
            self._complain(f"an SMTP client of the bot is answered {status[:200]}")
        self._judged = ""
        await super().push(status)

    # -------------------------------------------------------------------------------------------------- the steps

    async def _step(self, step: str, envelope: Envelope, body: bytes = b"") -> str:
        """The reply to a step; where there is none, the connection is gone."""
        answer = self._ask(asked(step, envelope, body))
        if not isinstance(answer, HttpResponse | HangUp | Dialogue):
            answer = await answer
        if not isinstance(answer, HttpResponse):
            self.cut()
            return _GONE
        self._judged = reply_in(answer)
        return self._judged

    async def handle_EHLO(self, _server: Any, talk: Any, _draft: Draft, name: str, lines: list[str]) -> list[str]:
        """What is announced."""
        talk.host_name = name
        secure = talk.ssl is not None
        self.said = Envelope(helo=name, peer=str((talk.peer or ("",))[0]), secure=secure)
        own = [f"250-{word}" for word in ("PIPELINING", "ENHANCEDSTATUSCODES", *self._terms.extensions)]
        known = [f"250-SIZE {self._terms.size_max_bytes}" if "-SIZE " in line else line for line in lines]
        return [known[0], *own, *known[1:]]

    async def handle_HELO(self, _server: Any, talk: Any, _draft: Draft, name: str) -> str:
        """An old client says hello."""
        talk.host_name = name
        self.said = Envelope(helo=name, peer=str((talk.peer or ("",))[0]), secure=talk.ssl is not None)
        return f"250 {self.hostname}"

    def _authenticated(self, _server: Any, _talk: Any, _draft: Any, _mechanism: str, data: Any) -> AuthResult:
        proof: dict[str, str]
        if isinstance(data, LoginPassword):
            proof = {"user": _text(data.login), "password": _text(data.password)}
        else:
            proof = dict(data)
        claimed = structs.replace(self.said, **proof)
        answer = self._ask(asked(AUTH, claimed))
        if not isinstance(answer, HttpResponse):  # an account's own password is known at every door
            return AuthResult(success=False, handled=False, message="454 4.7.0 Temporary authentication failure")
        if answer.status < 300:
            self.said = claimed
        self._judged = reply_in(answer)
        return AuthResult(success=answer.status < 300, handled=False, message=self._judged, auth_data=data)

    async def auth_XOAUTH2(self, _server: Any, words: list[str]) -> AuthResult:
        """A token in the place of a password. What is wrong with it is told in JSON, and refused after an empty line."""
        given = await self.challenge_auth("") if len(words) == 1 else _decoded(words[1])
        if not isinstance(given, bytes):
            return AuthResult(success=False, handled=len(words) == 1, message="501 5.5.2 Can't decode base64")
        pairs = dict(part.partition("=")[::2] for part in _text(given).split("\x01") if "=" in part)
        kind, _, token = pairs.get("auth", "").partition(" ")
        proof = {"user": pairs.get("user", ""), "token": token if kind.lower() == "bearer" else ""}
        result = self._authenticated(self, None, None, "XOAUTH2", proof)
        if not result.success:
            await self.challenge_auth('{"status":"401","schemes":"bearer","scope":"mail"}')
        return result

    async def smtp_MAIL(self, arg: str | None) -> None:
        """``MAIL FROM``; aiosmtpd knows no parameters of delivery notices, and judges a size itself."""
        options = tuple(_PARAMETER.findall(arg or ""))
        self._options = options
        await super().smtp_MAIL(_PARAMETER.sub("", arg) if arg else arg)

    async def smtp_RCPT(self, arg: str | None) -> None:
        """``RCPT TO``."""
        self._notices = " ".join(_PARAMETER.findall(arg or ""))
        await super().smtp_RCPT(_PARAMETER.sub("", arg) if arg else arg)

    async def handle_MAIL(self, _server: Any, _talk: Any, draft: Draft, address: str, options: list[str]) -> str:
        """Who sends."""
        sender = "" if address == "<>" else address
        said = structs.replace(self.said, sender=_clean(sender), options=(*self._options, *options))
        reply = await self._step(MAIL, said)
        if reply.startswith("2"):
            self.said, draft.mail_from = said, address
        return reply

    async def handle_RCPT(self, _server: Any, _talk: Any, draft: Draft, address: str, _options: list[str]) -> str:
        """Who gets it; each is asked for beside those that were accepted."""
        notices = (*self.said.notices, self._notices)
        said = structs.replace(self.said, recipients=(*self.said.recipients, _clean(address)), notices=notices)
        reply = await self._step(RCPT, said)
        if reply.startswith("2"):
            self.said = said
            draft.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, _server: Any, _talk: Any, draft: Draft) -> str:
        """The mail."""
        content = draft.content
        assert isinstance(content, bytes)
        return await self._step(DATA, self.said, content)

    async def handle_exception(self, error: Exception) -> str:
        """Whatever a client sends ends in a reply."""
        self._complain(f"an SMTP connection failed: {type(error).__name__}: {error}")
        return "451 4.3.0 Requested action aborted: local error in processing"


def _text(value: bytes) -> str:
    return value.decode("utf-8", "replace")


def _clean(address: str) -> str:
    """An address as it stands in a header of a request: bytes that are no UTF-8 are lost."""
    return address.encode("utf-8", "replace").decode()


def _decoded(word: str) -> bytes | None:
    import binascii

    try:
        return binascii.a2b_base64(word.encode(), strict_mode=True)
    except ValueError:
        return None
