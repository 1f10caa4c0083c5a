"""Reading a platform's traffic back: what a webhook told, as acts, and what a call of the bot's did, as effects.

The opposite of ``encode`` and ``handle``, for traffic with the vendor itself, which nobody here made up. What no act can say is kept
as the vendor wrote it, under its name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Protocol, TypeVar, runtime_checkable

import msgspec

from chatdrill.model import (
    Act,
    Button,
    Customer,
    Effect,
    Event,
    File,
    Media,
    MediaKind,
    Message,
    Other,
    Part,
    Press,
    Sent,
    Text,
)
from chatdrill.model.parts import ButtonKind
from chatdrill.wire.contract import Call, Exchange, Fetch, Fetched, Handled, Platform
from chatdrill.wire.files import mime_of_name
from chatdrill.wire.http import HttpRequest, HttpResponse
from chatdrill.wire.state import ChannelState, Chat

S = TypeVar("S", bound=ChannelState[Any])
_WAITS_MAX = 4
_LOOKED_BACK = 100
_LATE = 4e11
"""Unix seconds beyond which no date is."""
MALFORMED = (KeyError, TypeError, AttributeError, IndexError, OverflowError)
"""What reading a body of another shape than the vendor's raises; ``decode`` makes a ``ValueError`` of it."""


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """One act that a webhook tells of.

    ``to`` is the customer's address (``None``: it is about the account), ``at`` when it happened by the vendor's clock (Unix seconds;
    ``None`` where the vendor does not say). ``ids`` are the platform ids of the messages it made, ``update`` what a redelivery is known
    by. ``person`` has what is told of the customer, as fields of ``Customer``. ``tokens`` are words by which a call may name this later
    (a reply token, a trigger), by the platform's own names for them. ``kind`` is the wire's word for such an update, where
    ``read_ack`` goes by it. ``by_platform``: it came of itself, and the customer did nothing. ``unread`` names what no act has a word for; the act is then an ``Event`` of that name, or holds an ``Other``,
    with the vendor's own data.
    """

    to: str | None
    act: Act
    at: float | None = None
    ids: tuple[str, ...] = ()
    update: str = ""
    person: Mapping[str, str] = {}
    tokens: Mapping[str, str] = {}
    kind: str = ""
    by_platform: bool = False
    unread: str | None = None


class Observed(msgspec.Struct, frozen=True, kw_only=True):
    """What a call did at the vendor. ``call`` is ``None`` for what is no method (a download); ``unread`` says in words what of it
    could not be told as effects."""

    call: Call | None = None
    effects: tuple[Effect, ...] = ()
    unread: str | None = None


@dataclass(frozen=True)
class Reads:
    """What a platform reads back just as it was: the names of acts, and of the parts that are written. ``loses`` are fields that no webhook
    carries (``press.message_id``, ``contact.own``), by the tag of the act or part; ``message.ids`` where the vendor gives none to the bot's
    messages. ``presses`` is the kind that a pressed button is read as."""

    acts: frozenset[str]
    parts: frozenset[str]
    loses: frozenset[str] = field(default_factory=frozenset)
    presses: ButtonKind = "postback"
    events: frozenset[str] = field(default_factory=frozenset)
    """Events of the vendor's own that customers bring about, so that they can do it again."""


@runtime_checkable
class Readable(Platform[S], Protocol[S]):
    """A platform whose traffic can be read back. The state is that of an account which nobody but the reader knows: a shadow of the
    vendor's, filled by ``meet`` and by what was observed."""

    reads: Reads

    def decode(self, state: S, request: HttpRequest) -> Sequence[Said]:
        """What a webhook tells of; nothing for one that tells of nothing (a handshake). Raises ``ValueError`` for a body that is none of
        this vendor's."""

    def fetched(self, state: S, request: HttpRequest, response: HttpResponse) -> Sequence[Said]:
        """What the answer to a call brings, where bots fetch their updates; nothing for any other call."""

    def meet(self, state: S, said: Said, customer: Customer, now: float) -> None:
        """Make the chat of ``said.to`` known, if it is not, and let it have happened there."""

    def observe(self, state: S, exchange: Exchange, response: HttpResponse) -> Observed:
        """What a call did that the vendor answered with ``response``. Never raises for anything a bot or vendor may say."""


# ---------------------------------------------------------------------------------------------- for those who implement it


STRANGER = Customer(key="customer", first_name="Customer")
"""Somebody whom a call names, and no webhook has."""


def json_object(request: HttpRequest) -> dict[str, Any]:
    """The JSON object in a body. Raises ``ValueError`` for anything else."""
    try:
        found = msgspec.json.decode(request.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(f"no JSON: {error}") from error
    if not isinstance(found, dict):
        raise ValueError("the JSON is no object")  # noqa: TRY004  # one error for all that is no webhook
    return found


def answered_object(response: HttpResponse) -> dict[str, Any]:
    """The JSON object in an answer; an empty one where there is none."""
    try:
        found = msgspec.json.decode(response.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def moment(value: Any, per_s: float = 1.0) -> float | None:
    """Unix seconds of a vendor's number, of which ``per_s`` make a second; ``None`` for what is none."""
    return value / per_s if isinstance(value, int | float) and abs(value) < _LATE * per_s else None


def unread_event(to: str | None, name: str, data: Any, **fields: Any) -> Said:
    """Something without a word of its own, with the vendor's data."""
    return Said(
        to=to, act=Event(name=name, data=data if isinstance(data, dict) else {"value": data}), unread=name, **fields
    )


def unread_parts(parts: Iterable[Part]) -> str | None:
    """What of a message could not be read, by the vendor's names."""
    return ", ".join(part.kind for part in parts if isinstance(part, Other)) or None


def remember(chat: Chat, said: Said, parts: Sequence[Part], now: float) -> None:
    """Let a customer's message stand in a chat of the shadow."""
    for id in said.ids:
        chat.messages[id] = Message(ids=(id,), author="customer", parts=tuple(parts), at=now)


def pressed_in(chat: Chat | None, fits: Callable[[Button], bool]) -> Press | None:
    """The press of a button that the bot has shown lately, if one fits; for webhooks that tell the payload alone."""
    for message in islice(reversed(chat.messages.values()), _LOOKED_BACK) if chat is not None else ():
        for button in message.buttons:
            if fits(button):
                return Press(button=button, message_id=message.id)
    return None


def handled_alone(platform: Platform[S], state: S, exchange: Exchange) -> Handled:
    """What the shadow makes of a call; files that it would read it takes on trust."""
    handled = platform.handle(state, exchange)
    for _ in range(_WAITS_MAX):
        if not isinstance(handled.wait, Fetch):
            break
        exchange = msgspec.structs.replace(exchange, fetched={**exchange.fetched, **on_trust(handled.wait.urls)})
        handled = platform.handle(state, exchange)
    return handled


def on_trust(urls: Iterable[str]) -> dict[str, Fetched]:
    """Files that nobody here reads, of the types that their links say."""
    return {url: Fetched(error="unreachable", content_type=mime_of_name(url)) for url in urls}


def observed_by_handling(
    platform: Platform[S], state: S, exchange: Exchange, request: HttpRequest, ids: Sequence[str]
) -> Observed:
    """What the shadow says that a call did, with the ``ids`` that the vendor gave to the messages. ``request`` is the call as the shadow's
    account would get it."""
    handled = handled_alone(platform, state, msgspec.structs.replace(exchange, request=request))
    call = handled.call
    if call is not None and not call.ok:  # the vendor took it: what the shadow knows is not enough
        return Observed(call=msgspec.structs.replace(call, ok=True, error=None), unread=call.error or "not known here")
    return Observed(call=call, effects=tuple(renamed(state, handled.effects, ids)))


def renamed(state: ChannelState[Any], effects: Iterable[Effect], ids: Sequence[str]) -> Iterator[Effect]:
    """Effects with the vendor's ids in the place of the shadow's, in the chats as well."""
    left = list(ids)
    for effect in effects:
        if not isinstance(effect, Sent) or not left:
            yield effect
            continue
        own, left = tuple(left[: len(effect.message.ids)]), left[len(effect.message.ids) :]
        message = msgspec.structs.replace(effect.message, ids=own)
        chat = state.chats.get(effect.to)
        if chat is not None:
            chat.messages.pop(effect.message.id, None)
            chat.messages[own[0]] = message
        yield msgspec.structs.replace(effect, message=message)


def raw_message(to: str, ids: Sequence[str], kind: str, data: Mapping[str, Any], at: float) -> Sent:
    """A message of the bot's that could not be read, with what was asked for."""
    part = Other(kind=kind, data=dict(data))
    return Sent(to=to, message=Message(ids=tuple(ids) or ("?",), author="bot", parts=(part,), at=at))


def or_raw(seen: Observed, call: Call, to: str | None, ids: Sequence[str], kind: str, at: float) -> Observed:
    """What was seen of a message ``to`` a customer; of one that could not be read, ``call`` with what was asked for."""
    if seen.unread is None or to is None:
        return seen
    return Observed(call=call, effects=(raw_message(to, ids, kind, call.arguments, at),), unread=seen.unread)


def refused(call: Call, error: str) -> Observed:
    """A call that the vendor refused."""
    return Observed(call=msgspec.structs.replace(call, ok=False, error=error))


# ------------------------------------------------------------------------------------------------------------ comparing


def comparable(act: Act, loses: Iterable[str] = ()) -> Any:
    """An act as plain data without what a webhook does not carry: what files are, and the fields that a platform ``loses``."""
    return _plain(act, frozenset(loses))


def _plain(value: Any, loses: frozenset[str]) -> Any:
    if isinstance(value, tuple | list):
        return [_plain(each, loses) for each in value]
    if isinstance(value, dict):
        return {key: _plain(each, loses) for key, each in value.items()}
    if not isinstance(value, msgspec.Struct) or isinstance(value, File):
        return None if isinstance(value, File) else value
    tag = str(value.__struct_config__.tag or type(value).__name__.lower())
    fields = {name: getattr(value, name) for name in value.__struct_fields__ if f"{tag}.{name}" not in loses}
    return {"": tag, **{name: _plain(each, loses) for name, each in fields.items()}}


def bare_media(
    kind: MediaKind,
    *,
    mime: Any = None,
    name: str | None = None,
    size: Any = None,
    width: Any = None,
    height: Any = None,
    duration_s: Any = None,
    url: str | None = None,
    caption: Text | None = None,
    emoji: str | None = None,
) -> Media:
    """A file as a webhook describes it; its bytes are not at hand, and what is no number is not known."""
    file = File(
        mime=str(mime or "application/octet-stream").partition(";")[0],
        name=name,
        size_bytes=_whole(size) or 0,
        width=_whole(width),
        height=_whole(height),
        duration_s=float(duration_s) if isinstance(duration_s, int | float) else None,
        url=url,
    )
    return Media(kind=kind, file=file, caption=caption, emoji=emoji)


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) else None
