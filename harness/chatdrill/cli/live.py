"""What passes between customers, fakes and bot, as lines on a terminal while it happens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

import msgspec

from chatdrill.model import Edited, EntryAdded, OwnerChanged, Part, Press, PressAnswered, Sent, Write
from chatdrill.serve.channel import Channel
from chatdrill.trace import (
    Acted,
    Attempt,
    Barred,
    BotOutput,
    BotState,
    Called,
    Dropped,
    Filed,
    Record,
    Skipped,
    Stalled,
    Took,
    Trouble,
)
from chatdrill.trace.transcript.desk_words import BY, Voice, clause, owner_words, quoted
from chatdrill.trace.transcript.phrases import clock_time, day, later, one_line, part_lines, seconds
from chatdrill.trace.transcript.wire import event_name

_WIDTH = 200
_STALLS = {
    "spin": "{} never rests; time goes on beside it",
    "block": "{} computed without end and was stopped",
    "timer": "{} wakes again and again for nothing; it may come late from now on",
    "thread": "{} works in a thread for so long that time goes on without it",
    "request": "a request to {} has no answer for so long that time goes on without it",
}


def print_json(record: Record) -> None:
    """A record as a line of JSON."""
    print(msgspec.json.encode(record).decode(), flush=True)


class Watched(Protocol):
    """Who has the accounts that records are about."""

    @property
    def channels(self) -> Mapping[str, Channel]:
        """The platforms' accounts by name."""


class Live:
    """One line for each record that a person cares about, and one for each day of drill time (UTC)."""

    def __init__(self, stage: Watched, color: bool) -> None:
        self._stage = stage
        self._dim, self._plain = ("\x1b[2m", "\x1b[0m") if color else ("", "")
        self._day = ""

    def show(self, record: Record) -> None:
        """Print what the record says, if anything."""
        for text in self._words(record):
            indent = " " * (len(text) - len(text.lstrip()))
            self._turn_to(day(record.at))
            print(f"{self._dim}{clock_time(record.at)}{self._plain} {indent}{one_line(text, _WIDTH)}", flush=True)

    def _turn_to(self, today: str) -> None:
        """A day is said before what happens on it."""
        if today != self._day:
            print(f"{self._dim}{today} (UTC){self._plain}", flush=True)
        self._day = today

    def _words(self, record: Record) -> list[str]:
        match record:
            case Acted():
                return [*_acted(record), *self._nobody_told(record)]
            case Attempt():
                fate = str(record.status) if record.status is not None else f"{record.error}"
                again = f", again in {seconds(record.retry_in_s)}" if record.retry_in_s is not None else ""
                event = "" if record.platform in self._stage.channels else event_name(record.body)
                about = f"{record.platform} {event}".rstrip()
                return [f"  webhook {about}: {fate} in {record.took_s * 1000:.0f} ms{again}"]
            case Called():
                return [f"  call    {record.platform} {record.method}: {record.status} {record.error or ''}".rstrip()]
            case Filed():
                return _filed(record)
            case Took(effect=Sent(message=message)):
                return [f"bot to {_who(record)}: {_message(message.parts)}"]
            case Took(effect=Edited(message=message)):
                return [f"bot to {_who(record)}, edited: {_message(message.parts)}"]
            case Took(effect=PressAnswered(text=text)) if text:
                return [f"bot to {_who(record)}, on the button: {text}"]
            case BotState():
                return [f"bot {record.state} {record.detail or ''}".rstrip()]
            case BotOutput():
                return [f"  | {record.line}"]
            case Trouble():
                return [f"! {record.what}"]
            case Barred():
                return [
                    f"! no fake stands for {record.host}, and the bot was kept from it; --allow {record.host} lets it through"
                ]
            case Skipped():
                return [later(record.seconds)]
            case Stalled():
                return [f"! {_STALLS[record.what].format(record.who)}"]
            case Dropped():
                return [f"  dropped {record.platform} {', '.join(record.updates)}: {record.reason}"]
        return []

    def _nobody_told(self, record: Acted) -> list[str]:
        """A customer spoke and the bot has not said where updates go: the commonest puzzle when one begins."""
        channels = [
            channel
            for channel in self._stage.channels.values()
            if any(role.conv == record.conv for role in channel.roles.values())
        ]
        return [
            f"! {channel.name}: the bot has not polled or registered a webhook yet; until then this waits"
            for channel in channels
            if record.updates and channel.state.webhook_url is None and not channel.polled
        ]


def _filed(record: Filed) -> list[str]:
    """What became true at the helpdesk, agents by their keys."""
    event = record.event
    match event:
        case EntryAdded(entry=entry):
            words = f"{entry.author}{'' if entry.public else ', privately'}: {quoted(entry)}"
        case OwnerChanged():
            words = f"owner {owner_words(event, str)}"
        case _:
            words = clause(event, Voice(BY[record.by], str, lambda id: f"message {id}"))
    ticket = f" ticket {event.ticket}" if event.ticket else ""
    who = f" of {_who(record)}" if record.conv else ""
    return [f"  desk {record.desk}{ticket}{who}: {words}"] if words else []


def _acted(record: Acted) -> list[str]:
    if record.cause == "platform":
        return []
    match record.act:
        case Write(parts=parts):
            return [f"{_who(record)}: {_message(parts)}"]
        case Press(button=button):
            return [f"{_who(record)} presses [{button.title}]"]
    return [f"{_who(record)} {type(record.act).__name__.lower()}"]


def _who(record: Record) -> str:
    return (record.conv or "somebody").rpartition("/")[2]


def _message(parts: Iterable[Part]) -> str:
    return " ".join(line for part in parts for line in part_lines(part, lambda _: False))
