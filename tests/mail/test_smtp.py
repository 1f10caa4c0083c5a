"""The outgoing server over its socket, and mail delivered to the bot's."""

from __future__ import annotations

import asyncio
import base64
import contextlib
from collections.abc import AsyncIterator

import pytest
from aiosmtpd.smtp import SMTP

from chatdrill.model import Text, Write
from chatdrill.serve import Stage
from chatdrill.serve.faults import Fault
from chatdrill.trace import Attempt, Called, Took
from mail.kit import ANNA, OWN, PASSWORD, make_stage, parsed

OPENED: list[asyncio.StreamWriter | asyncio.Server] = []


@pytest.fixture(autouse=True)
async def nothing_stays_open() -> AsyncIterator[None]:
    yield
    for one in OPENED:
        one.close()
        with contextlib.suppress(OSError):
            await one.wait_closed()
    OPENED.clear()


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with make_stage() as made:
        yield made


class Talk:
    """An SMTP client of bare lines."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer
        OPENED.append(writer)

    @classmethod
    async def open(cls, stage: Stage) -> Talk:
        host, _, port = stage.accounts["email"].base_url.removeprefix("smtp://").rpartition(":")
        talk = cls(*await asyncio.open_connection(host, int(port)))
        assert (await talk.heard()).startswith("220 mx.bench.example ESMTP")
        return talk

    async def heard(self) -> str:
        lines = []
        while True:
            line = (await self.reader.readline()).decode().rstrip()
            lines.append(line)
            if line[3:4] != "-":
                return "\n".join(lines)

    async def ask(self, line: str) -> str:
        self.writer.write(line.encode() + b"\r\n")
        return await self.heard()


def plain(user: str = OWN, password: str = PASSWORD) -> str:
    return base64.b64encode(f"\0{user}\0{password}".encode()).decode()


async def logged_in(stage: Stage) -> Talk:
    talk = await Talk.open(stage)
    await talk.ask("EHLO bot.example")
    assert (await talk.ask(f"AUTH PLAIN {plain()}")).startswith("235 2.7.0")
    return talk


def joined(stage: Stage) -> str:
    return stage.join("email", ANNA, case="c", conv="v")


def calls(stage: Stage) -> list[Called]:
    return [record for record in stage._recorder.records if isinstance(record, Called)]


def answer(to: str) -> str:
    heads = f"From: {OWN}\r\nTo: {to}\r\nSubject: Hi\r\nMessage-ID: <1@bench.example>\r\nDate: x\r\nAuto-Submitted: auto-replied"
    return f"{heads}\r\n\r\nHello\r\n..dots\r\n."


async def test_a_mail_passes_all_steps_and_is_one_call(stage: Stage) -> None:
    to, talk = joined(stage), await logged_in(stage)
    assert (await talk.ask(f"MAIL FROM:<{OWN}> SIZE=200 BODY=8BITMIME")).startswith("250 2.1.0")
    assert (await talk.ask(f"RCPT TO:<{to}>")).startswith("250 2.1.5")
    assert (await talk.ask("DATA")).startswith("354")
    assert (await talk.ask(answer(to))).startswith("250 2.0.0 Ok: queued as ")
    (call,) = calls(stage)
    assert call.method == "DATA" and call.conv == "v"
    (took,) = [record for record in stage._recorder.records if isinstance(record, Took)]
    assert took.effect.message.text == "Hello\n.dots"  # type: ignore[union-attr]


async def test_what_is_announced_is_what_is_taken(stage: Stage) -> None:
    talk = await Talk.open(stage)
    words = await talk.ask("EHLO bot.example")
    for word in ("SIZE 26214400", "8BITMIME", "SMTPUTF8", "PIPELINING", "ENHANCEDSTATUSCODES", "DSN", "AUTH"):
        assert word in words
    assert "STARTTLS" not in words


async def test_a_client_proves_itself_in_any_of_three_ways(stage: Stage) -> None:
    await logged_in(stage)
    talk = await Talk.open(stage)
    await talk.ask("EHLO bot.example")
    assert await talk.ask("AUTH LOGIN") == "334 VXNlcm5hbWU6"
    assert await talk.ask(base64.b64encode(OWN.encode()).decode()) == "334 UGFzc3dvcmQ6"
    assert (await talk.ask(base64.b64encode(PASSWORD.encode()).decode())).startswith("235")
    talk = await Talk.open(stage)
    await talk.ask("EHLO bot.example")
    token = base64.b64encode(f"user={OWN}\x01auth=Bearer ya29.mail-drill-token\x01\x01".encode()).decode()
    assert (await talk.ask(f"AUTH XOAUTH2 {token}")).startswith("235")


async def test_a_wrong_password_and_a_wrong_token_are_refused_and_recorded(stage: Stage) -> None:
    talk = await Talk.open(stage)
    await talk.ask("EHLO bot.example")
    assert (await talk.ask(f"AUTH PLAIN {plain(password='no')}")) == "535 5.7.8 Authentication credentials invalid"
    wrong = base64.b64encode(b"user=x\x01auth=Bearer y\x01\x01").decode()
    assert (await talk.ask(f"AUTH XOAUTH2 {wrong}")).startswith("334 eyJ")
    assert (await talk.ask("")).startswith("535 5.7.8")
    assert (await talk.ask(f"MAIL FROM:<{OWN}>")) == "530 5.7.0 Authentication required"
    assert [call.ok for call in calls(stage)] == [False, False, False]


async def test_parameters_of_delivery_notices_are_taken(stage: Stage) -> None:
    to, talk = joined(stage), await logged_in(stage)
    assert (await talk.ask(f"MAIL FROM:<{OWN}> RET=HDRS ENVID=Dlg77")).startswith("250")
    assert (await talk.ask(f"RCPT TO:<{to}> NOTIFY=FAILURE,DELAY ORCPT=rfc822;{to}")).startswith("250")
    assert (await talk.ask("RCPT TO:<nobody@client.example>")) == "550 5.1.1 User unknown"


async def test_what_is_not_offered_is_refused(stage: Stage) -> None:
    talk = await logged_in(stage)
    assert (await talk.ask("BDAT 5 LAST")).startswith("500 5.5.2")
    assert (await talk.ask("RCPT TO:<a@b.example>")).startswith("503 5.5.1")
    assert (await talk.ask("STARTTLS")).startswith(("454", "500"))
    assert (await talk.ask("VRFY anna")).startswith("252") and (await talk.ask("NOOP")).startswith("250")


@pytest.mark.parametrize(
    "junk", [b"\0\xff\xfe\r\n", b"MAIL FROM:<\r\n", b"EHLO " + b"x" * 5000 + b"\r\n", b"AUTH PLAIN ?\r\n"]
)
async def test_junk_is_answered(stage: Stage, junk: bytes) -> None:
    talk = await Talk.open(stage)
    talk.writer.write(junk)
    assert (await talk.heard())[:1] in "45"


async def test_a_fault_after_the_final_dot_leaves_the_mail_delivered(stage: Stage) -> None:
    to, talk = joined(stage), await logged_in(stage)
    stage.break_by(Fault(where="api", kind="drop", case="c"))
    await talk.ask(f"MAIL FROM:<{OWN}>")
    await talk.ask(f"RCPT TO:<{to}>")
    await talk.ask("DATA")
    assert await talk.ask(answer(to)) == "" and [call.ok for call in calls(stage)] == [True]


async def test_starttls_is_offered_and_demanded() -> None:
    async with make_stage(tls="required") as stage:
        talk = await Talk.open(stage)
        assert "STARTTLS" in await talk.ask("EHLO bot.example")
        assert (await talk.ask(f"MAIL FROM:<{OWN}>")).startswith("530 5.7.0")
        assert "CHATDRILL_CA_FILE" in stage.environment()


class Mailbox:
    """A bot's server: ``replies`` are what it says to the next mails."""

    def __init__(self, *replies: str) -> None:
        self.replies, self.taken = list(replies), list[bytes]()

    async def open(self) -> str:
        loop = asyncio.get_running_loop()
        self.server = await loop.create_server(lambda: SMTP(self, loop=loop, hostname="bot"), "127.0.0.1", 0)
        OPENED.append(self.server)
        return f"smtp://127.0.0.1:{self.server.sockets[0].getsockname()[1]}"

    async def handle_DATA(self, _server: object, _session: object, envelope: object) -> str:
        self.taken.append(envelope.content)  # type: ignore[attr-defined]
        return self.replies.pop(0) if self.replies else "250 2.0.0 Ok"


async def delivered(stage: Stage, url: str, text: str) -> list[Attempt]:
    stage.set_webhook("email", url)
    to = joined(stage)
    stage.act("email", to, Write(parts=(Text(text=text),)))
    for _ in range(200):
        await asyncio.sleep(0.01)
        found = [record for record in stage._recorder.records if isinstance(record, Attempt)]
        if found:
            return found
    raise AssertionError("nothing was delivered")


async def test_a_mail_reaches_the_bots_server_byte_for_byte(stage: Stage) -> None:
    bot = Mailbox()
    (attempt,) = await delivered(stage, await bot.open(), ".dot\n..two\n.")
    assert attempt.ok and attempt.status == 250
    words = parsed(bot.taken[0]).get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert ".dot\n..two\n." in str(words).replace("\r\n", "\n")


async def test_4yz_comes_again_and_5yz_never(stage: Stage) -> None:
    bot = Mailbox("451 4.7.1 Later")
    (attempt,) = await delivered(stage, await bot.open(), "Hello")
    assert (attempt.status, attempt.retry_in_s) == (451, 300.0)


async def test_a_refusal_for_good_is_given_up(stage: Stage) -> None:
    bot = Mailbox("550 5.7.1 No")
    (attempt,) = await delivered(stage, await bot.open(), "Hello")
    assert (attempt.status, attempt.retry_in_s) == (550, None)


@pytest.mark.parametrize(("greeting", "error"), [(b"HTTP/1.1 400 Bad\r\n", "garbage"), (b"", "reset")])
async def test_what_is_no_server_is_told(stage: Stage, greeting: bytes, error: str) -> None:
    async def speak(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(greeting)
        writer.close()

    server = await asyncio.start_server(speak, "127.0.0.1", 0)
    (attempt,) = await delivered(stage, f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}", "Hello")
    server.close()
    assert not attempt.ok and str(attempt.error).startswith(error)


async def test_nothing_is_sent_to_the_internet(stage: Stage) -> None:
    (attempt,) = await delivered(stage, "smtp://mail.example.com:25", "Hello")
    assert not attempt.ok and "internet" in str(attempt.error)
