"""Writing down what happens on the sockets: who it concerns, when, and without secrets."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Literal, Protocol
from urllib.parse import urlsplit, urlunsplit

from chatdrill.clock import Clock
from chatdrill.model import Act, Block, DeskEvent, Effect, Unblock
from chatdrill.serve.channel import Account, Office, Role
from chatdrill.serve.errands import Outcome
from chatdrill.serve.masks import Mask
from chatdrill.trace import (
    Acted,
    Attempt,
    Barred,
    BotState,
    Called,
    Dropped,
    Filed,
    Injected,
    Recorder,
    Skipped,
    Took,
    Trouble,
    micro,
)
from chatdrill.wire import Ack, Call, HttpRequest, HttpResponse, Update

_ANSWER_MAX = 500  # characters of a bot's answer that explain a failed delivery

_ARGUMENTS = dict[str, Any]
_BLOCKING = (Block, Unblock)  # a tuple: making a union takes longer than all the rest of the question

Source = Literal["http", "webhook_answer"]
Cause = Literal["step", "persona", "platform"]
By = Literal["bot", "agent", "customer", "desk"]
Fault = Literal["bot", "scenario", "harness", "infrastructure"]


class Injection(Protocol):
    """What struck, as far as it is written down."""

    @property
    def name(self) -> str:
        """What the kind of fault is called."""

    @property
    def what(self) -> str:
        """What it did, in words."""

    @property
    def by(self) -> Literal["step", "chance"]:
        """Who wanted it."""

    @property
    def bears(self) -> Literal["nothing", "time", "order", "loss"]:
        """The worst that it does to a correct bot."""

    @property
    def late_s(self) -> float:
        """By how much later a correct bot may do what it should, in seconds."""


class Tap(Protocol):
    """Somebody who wants the bytes, too: the trace has what they mean."""

    def sent(
        self, record: Attempt, account: Account[Any], updates: Sequence[Update], request: HttpRequest, outcome: Outcome
    ) -> None:
        """A webhook was answered, or not."""

    def called(self, record: Called, request: HttpRequest, response: HttpResponse) -> None:
        """A call of the bot was answered."""


class Notes:
    """Makes the records of the stage. ``tap`` is told of every exchange, secrets included."""

    def __init__(self, recorder: Recorder, clock: Clock, mask: Mask) -> None:
        self.recorder = recorder
        self.mask = mask
        self.tap: Tap | None = None
        self._clock = clock

    def acted(
        self,
        channel: Account[Any],
        to: str,
        act: Act,
        *,
        at: float,
        ids: Sequence[str],
        updates: Sequence[Update],
        cause: Cause,
        step: int | None,
        meant_at: float | None,
        blocks: bool | None = None,
    ) -> Acted:
        """A customer or the platform did something; ``blocks`` where an act other than ``Block`` and ``Unblock`` has done that."""
        role, recorder = channel.role(to), self.recorder
        return recorder.add(
            Acted(
                n=recorder.n,
                t=recorder.t,
                at=at,
                case=role.case,
                conv=role.conv,
                act=self.mask.value(act, Act),
                ids=tuple(ids),
                updates=tuple([update.id for update in updates]),
                cause=cause,
                step=step,
                meant_at=meant_at,
                blocks=isinstance(act, Block) if isinstance(act, _BLOCKING) else blocks,
            )
        )

    def attempt(
        self,
        channel: Account[Any],
        updates: Sequence[Update],
        request: HttpRequest,
        outcome: Outcome,
        ack: Ack,
        *,
        at: float,
        number: int,
        retry_in_s: float | None,
        note: str | None,
    ) -> None:
        """A webhook was answered, or not."""
        answer = outcome.answer if isinstance(outcome.answer, HttpResponse) else None
        role, convs = self._roles(channel, updates)
        recorder = self.recorder
        t, took_s = recorder.t, micro(outcome.took_s)
        made = recorder.add(
            Attempt(
                n=recorder.n,
                t=t,
                at=at,
                case=role.case,
                conv=role.conv,
                platform=channel.name,
                updates=tuple([update.id for update in updates]),
                convs=convs,
                number=number,
                url=self.public_url(request.url),
                began_t=micro(t - took_s),
                took_s=took_s,
                status=answer.status if answer is not None else None,
                ok=ack.ok,
                error=None if ack.error is None else self.mask.text(ack.error),
                retry_in_s=retry_in_s,
                body=self.mask.text(_opened(channel, request).decode("utf-8", "replace")),
                answer=None if ack.ok or answer is None else self.mask.text(_excerpt(answer.body)),
                note=_joined(note, outcome.note),
            )
        )
        if self.tap is not None:
            self.tap.sent(made, channel, updates, request, outcome)

    def _roles(self, channel: Account[Any], updates: Sequence[Update]) -> tuple[Role, tuple[str, ...]]:
        """The conversation that all the updates belong to, as far as it is one, and all their conversations."""
        role = channel.role(updates[0].to)
        if len(updates) == 1:
            return role, (role.conv,) if role.conv is not None else ()
        roles = dict.fromkeys(channel.role(update.to) for update in updates)
        one_case = all(other.case == role.case for other in roles)
        shared = role if len(roles) == 1 else Role(role.case if one_case else None)
        return shared, tuple(other.conv for other in roles if other.conv is not None)

    def dropped(self, channel: Account[Any], updates: Sequence[Update], reason: str) -> None:
        """Updates of one customer will not be delivered."""
        role = channel.role(updates[0].to)
        self.recorder.record(
            Dropped,
            at=channel.at(updates[0].to, self._clock.now()),
            case=role.case,
            conv=role.conv,
            platform=channel.name,
            updates=tuple(update.id for update in updates),
            reason=reason,
        )

    def called(
        self,
        channel: Account[Any],
        call: Call,
        response: HttpResponse,
        *,
        role: Role,
        took_s: float,
        source: Source,
        note: str | None,
    ) -> Called:
        """The bot called the API of a platform or desk."""
        recorder = self.recorder
        error = call.error if call.error is not None or response.status < 400 else _excerpt(response.body)
        return recorder.add(
            Called(
                n=recorder.n,
                t=recorder.t,
                at=channel.at(call.to, self._clock.now()),
                case=role.case,
                conv=role.conv,
                platform=channel.name,
                method=self.mask.text(call.method),
                status=response.status,
                ok=call.ok,
                took_s=micro(took_s),
                support=call.support,
                source=source,
                arguments=self.mask.value(dict(call.arguments), _ARGUMENTS),
                remarks=tuple(map(self.mask.text, call.remarks)) if call.remarks else (),
                error=None if error is None else self.mask.text(error),
                retry_after_s=None if response.status == 200 else _retry_after_s(response),
                note=_joined(call.note, note),
            )
        )

    def took(self, channel: Account[Any], effect: Effect, call: Called | None) -> None:
        """A call took effect, or what an agent did in the platform's own inbox, or the platform by itself."""
        role, recorder = channel.role(effect.to), self.recorder
        recorder.add(
            Took(
                n=recorder.n,
                t=recorder.t,
                at=channel.at(effect.to, self._clock.now()),
                case=role.case,
                conv=role.conv,
                platform=channel.name,
                effect=self.mask.value(effect, Effect),
                call=None if call is None else call.n,
            )
        )

    def filed(
        self,
        office: Office,
        event: DeskEvent,
        *,
        by: By,
        role: Role,
        call: int | None = None,
        step: int | None = None,
    ) -> Filed:
        """Something became true at a helpdesk."""
        return self.recorder.record(
            Filed,
            at=office.at(event.ticket, self._clock.now()),
            case=role.case,
            conv=role.conv,
            desk=office.name,
            event=self.mask.value(event, DeskEvent),
            by=by,
            call=call,
            step=step,
        )

    def injected(
        self,
        channel: Account[Any],
        strike: Injection,
        role: Role,
        to: str | None,
        *,
        updates: Sequence[Update] = (),
        call: str | None = None,
    ) -> None:
        """A fault struck."""
        self.recorder.record(
            Injected,
            at=channel.at(to, self._clock.now()),
            case=role.case,
            conv=role.conv,
            platform=channel.name,
            fault=strike.name,
            what=strike.what,
            by=strike.by,
            bears=strike.bears,
            late_s=strike.late_s,
            updates=tuple(update.id for update in updates),
            call=None if call is None else self.mask.text(call),
        )

    def skipped(self, channel: Account[Any], to: str, seconds: float) -> None:
        """A pause was skipped."""
        role = channel.role(to)
        at = channel.at(to, self._clock.now())
        self.recorder.record(Skipped, at=at, case=role.case, conv=role.conv, seconds=seconds)

    def webhook(self, channel: Account[Any], url: str | None) -> None:
        """The address of the bot changed."""
        detail = "none" if url is None else self.public_url(url)
        self.recorder.record(BotState, state="webhook", detail=f"{channel.name}: {detail}")

    def public_url(self, url: str) -> str:
        """The URL without user, password and secrets."""
        return self.mask.text(_public(url))

    def trouble(self, fault: Fault, what: str, *, channel: Account[Any] | None = None, to: str | None = None) -> None:
        """Something went wrong beside the bot's words."""
        role = channel.role(to) if channel is not None else None
        self.recorder.record(
            Trouble,
            case=role.case if role else None,
            conv=role.conv if role else None,
            fault=fault,
            what=self.mask.text(what),
        )

    def barred(self, host: str, port: int) -> None:
        """A program of the bot wanted to reach a host that no fake stands for."""
        self.recorder.record(Barred, host=self.mask.text(host), port=port)

    def our_bug(self, channel: Account[Any], doing: str, error: BaseException) -> None:
        """A platform raised where it must not."""
        frames = traceback.extract_tb(error.__traceback__)[-3:]
        where = " < ".join(
            f"{frame.name} ({frame.filename.rpartition('/')[2]}:{frame.lineno})" for frame in reversed(frames)
        )
        what = f"{channel.name} failed while {doing}: {type(error).__name__}: {error}; in {where}"
        self.trouble("harness", what, channel=channel)


@lru_cache
def _public(url: str) -> str:
    """The URL without user and password."""
    if "@" not in url:
        return url
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _joined(first: str | None, second: str | None) -> str | None:
    if first is None or second is None:
        return second if first is None else first
    return f"{first}; {second}"


def _retry_after_s(response: HttpResponse) -> float | None:
    """The pause that an answer asks for in seconds; a date, which no vendor here sends, says nothing."""
    text = (response.header("retry-after") or "").strip()
    return float(text) if text.isdecimal() else None


def _excerpt(body: bytes) -> str:
    return body[: 4 * _ANSWER_MAX].decode("utf-8", "replace")[:_ANSWER_MAX]


def _opened(channel: Account[Any], request: HttpRequest) -> bytes:
    """The body of a webhook, of a sealed one as it was before."""
    opened = getattr(channel.service, "opened", None)  # Sealing; its isinstance would be asked for every attempt
    return request.body if opened is None else opened(channel.state, request)
