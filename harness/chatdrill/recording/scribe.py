"""What passed, as the records of a trace: who did what, as far as the wire can be read back, and the bytes in any case."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from chatdrill.clock import Clock
from chatdrill.model import Customer
from chatdrill.recording.blanks import Blanks
from chatdrill.seeds import Seed
from chatdrill.serve.channel import NOBODY, Channel, Role
from chatdrill.serve.errands import Outcome
from chatdrill.serve.notes import Notes
from chatdrill.trace import CaseBegan, CaseEnded, Recorder, RunBegan, RunEnded
from chatdrill.version import VERSION
from chatdrill.wire import (
    Ack,
    Call,
    Exchange,
    HttpRequest,
    HttpResponse,
    Observed,
    Platform,
    Readable,
    Said,
    Update,
    read_arguments,
)

CUSTOMER = "customer"
"""The key of the one customer of a recorded conversation."""
_SOMEWHERE = "https://webhook.invalid/"
"""A shadow account has a webhook, for without one nobody may send; nothing goes there (RFC 2606)."""
_PERSONA = "recorded"
_BY_PLATFORM = frozenset(("receipt", "echo"))


@dataclass
class Account:
    """One platform as it is recorded. ``reader`` is the platform, if its traffic can be read back; ``channel`` holds the shadow account."""

    channel: Channel
    reader: Readable[Any] | None
    tries: Counter[str] = field(default_factory=Counter)
    heard: set[str] = field(default_factory=set)


class Scribe:
    """Writes the trace. ``unread`` counts what could not be told as acts and effects, by platform and the vendor's name for it."""

    def __init__(
        self,
        recorder: Recorder,
        clock: Clock,
        platforms: Sequence[Platform[Any]],
        settings: Mapping[str, Mapping[str, str]],
    ) -> None:
        self.recorder = recorder
        self.blanks = Blanks()
        self.unread: Counter[str] = Counter()
        self.conversations = 0
        self._clock = clock
        self._notes = Notes(recorder, clock, self.blanks)
        self._accounts: dict[str, Account] = {}
        self._open: list[tuple[Channel, str]] = []
        for platform in platforms:
            channel = Channel(platform, settings.get(platform.name, {}), Seed(0).stream("shadow", platform.name), "")
            reader = platform if isinstance(platform, Readable) else None
            channel.state.webhook_url = _SOMEWHERE
            self._accounts[platform.name] = Account(channel, reader)
            self.blanks.add(channel.secrets)

    @property
    def channels(self) -> Mapping[str, Channel]:
        """The shadow accounts by platform."""
        return {name: account.channel for name, account in self._accounts.items()}

    def began(self, bot: str) -> None:
        """The first record."""
        self.recorder.record(
            RunBegan,
            version=VERSION,
            seed=0,
            clock="real",
            speed=1.0,
            bot=self.blanks.text(bot),
            platforms=tuple(self._accounts),
            settings={"recorded": True},
        )

    def ended(self) -> None:
        """The last records."""
        for channel, address in self._open:
            role, at = channel.role(address), self._clock.now()
            self.recorder.record(CaseEnded, at=at, case=role.case, conv=role.conv, outcome="done")
        self.recorder.record(RunEnded)
        self.recorder.close()

    # ------------------------------------------------------------------------------------------------------- webhooks

    def webhook_came(self, name: str, request: HttpRequest) -> list[Update]:
        """A webhook came in: what it tells happens now. Returns what it carries, for when it is answered."""
        self.blanks.learn(request)
        account = self._accounts[name]
        said, problem = _decoded(account, request)
        if problem is not None:
            self.unread[f"{name}: {problem}"] += 1
        updates = [self._happened(account, each, request) for each in said]
        return updates or [_bare_update(account, request)]

    def webhook_answered(self, name: str, request: HttpRequest, updates: Sequence[Update], outcome: Outcome) -> None:
        """The bot answered a webhook, or did not."""
        account = self._accounts[name]
        channel, now = account.channel, self._clock.now()
        key = " ".join(update.id for update in updates)
        account.tries[key] += 1
        is_told = any(update.to is not None or update.kind != "raw" for update in updates)
        ack = (
            channel.platform.read_ack(channel.state, updates, outcome.answer, now)
            if is_told or account.reader is None
            else Ack(isinstance(outcome.answer, HttpResponse) and outcome.answer.status < 300)
        )
        self._notes.attempt(
            channel,
            updates,
            request,
            outcome,
            ack,
            at=now,
            number=account.tries[key],
            retry_in_s=None,
            note=None if is_told else "not read back",
        )
        for call in ack.calls if account.reader is not None else ():
            self.called(name, call, HttpResponse(200), outcome.took_s, in_answer=True)

    def _happened(self, account: Account, said: Said, request: HttpRequest) -> Update:
        channel, now = account.channel, self._clock.now()
        key = said.update or _digest(said)
        kind = said.kind or said.unread or str(said.act.__struct_config__.tag)
        update = Update(key, kind, said.to, said.to or "", request.body, now)
        if key in account.heard:  # told again
            return update
        account.heard.add(key)
        if said.unread is not None:
            self.unread[f"{channel.name}: {said.unread}"] += 1
        was_out = _is_out(channel, said)
        self._meet(account, said, now)
        is_out = _is_out(channel, said)
        tag = str(said.act.__struct_config__.tag)
        self._notes.acted(
            channel,
            said.to or "",
            said.act,
            at=now,
            ids=said.ids,
            updates=[update],
            cause="platform" if said.by_platform or tag in _BY_PLATFORM else "step",
            step=None,
            meant_at=None,
            blocks=is_out if is_out != was_out else None,
        )
        return update

    def _meet(self, account: Account, said: Said, now: float) -> None:
        if said.to is None or account.reader is None:
            return
        person = _customer(said)
        account.reader.meet(account.channel.state, said, person, now)
        if account.channel.role(said.to) is NOBODY:
            self._begin(account.channel, said.to, person, now)

    def _begin(self, channel: Channel, address: str, person: Customer, now: float) -> None:
        self.conversations += 1
        case = f"conversation {self.conversations} [{channel.name}]"
        channel.roles[address] = Role(case, f"{case}/{CUSTOMER}")
        self._open.append((channel, address))
        self.recorder.record(
            CaseBegan,
            at=now,
            case=case,
            name=f"conversation {self.conversations}",
            platform=channel.name,
            seed=0,
            persona=_PERSONA,
            customers={CUSTOMER: person},
            steps=(),
            addresses={CUSTOMER: address},
            tags=(_PERSONA,),
        )

    # ----------------------------------------------------------------------------------------------------------- calls

    def call_came(self, request: HttpRequest) -> None:
        """The bot calls: what it proves itself by is hidden from now on."""
        self.blanks.learn(request)

    def called(
        self, name: str, request: HttpRequest, response: HttpResponse, took_s: float, *, in_answer: bool = False
    ) -> None:
        """The vendor answered a call of the bot."""
        account = self._accounts[name]
        channel, now = account.channel, self._clock.now()
        source: Any = "webhook_answer" if in_answer else "http"
        seen = self._observed(account, Exchange(request, now, "", source), response)
        call = seen.call or _bare_call(request, response)
        if seen.unread is not None:
            self.unread[f"{name}: {call.method}"] += 1
        note = f"not read back: {seen.unread}" if seen.unread is not None else None
        role = channel.role(call.to)
        made = self._notes.called(channel, call, response, role=role, took_s=took_s, source=source, note=note)
        for effect in seen.effects:
            self._notes.took(channel, effect, made)
        self._fetched(account, request, response)

    def _observed(self, account: Account, exchange: Exchange, response: HttpResponse) -> Observed:
        if account.reader is None:
            return Observed()
        try:
            return account.reader.observe(account.channel.state, exchange, response)
        except Exception as error:  # noqa: BLE001  what passes must pass, whatever we make of it
            self._notes.our_bug(account.channel, f"reading {exchange.request.method}", error)
            return Observed()

    def _fetched(self, account: Account, request: HttpRequest, response: HttpResponse) -> None:
        if account.reader is None:
            return
        try:
            for said in account.reader.fetched(account.channel.state, request, response):
                self._happened(account, said, request)
        except ValueError as error:
            self.unread[f"{account.channel.name}: {error}"] += 1


def _decoded(account: Account, request: HttpRequest) -> tuple[Sequence[Said], str | None]:
    if account.reader is None:
        return (), "webhooks" if request.body else None
    try:
        return account.reader.decode(account.channel.state, request), None
    except ValueError as error:
        return (), str(error) if request.body else None  # without one it is a handshake
    except RecursionError:
        return (), "nested too deeply"


def _bare_update(account: Account, request: HttpRequest) -> Update:
    """What stands for a webhook that tells of nobody, or that nobody can read."""
    digest = hashlib.sha256(request.body or request.url.encode()).hexdigest()[:16]
    return Update(f"{account.channel.name}-{digest}", "raw", None, "", request.body, 0.0)


def _is_out(channel: Channel, said: Said) -> bool:
    """Whether the bot may not write to a customer, as far as the shadow knows: some gateways take a word for a block."""
    chat = channel.state.chats.get(said.to or "")
    return chat is not None and chat.blocked


def _digest(said: Said) -> str:
    """What stands for an update that has no id of its own."""
    return hashlib.sha256(msgspec.json.encode((said.to, said.at, said.act))).hexdigest()[:16]


def _customer(said: Said) -> Customer:
    person = {name: value for name, value in said.person.items() if name in Customer.__struct_fields__}
    return Customer(key=CUSTOMER, **{"first_name": "Customer", **person})


def _bare_call(request: HttpRequest, response: HttpResponse) -> Call:
    method = f"{request.method} {request.path}"
    return Call(method, arguments=read_arguments(request).values, ok=response.status < 400)
