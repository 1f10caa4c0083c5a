"""A voice document: its verbs as values.

Source: twilio.com/docs, TwiML for Programmable Voice: Say, Play, Pause, Gather, Enqueue, Leave, Dial, Record, Redirect, Hangup, Reject
(2026).
What Twilio does with a value that it does not know is not documented for each: here the default counts, with a note (12200).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

from chatdrill_fakes.families.sms import e164
from chatdrill_fakes.platforms.twilio import limits
from chatdrill_fakes.platforms.twilio.errors import DEBUGGER
from chatdrill_fakes.platforms.twilio.twiml import Trouble, root_of
from chatdrill_fakes.platforms.twilio.voice.state import Wish

NOT_EMULATED = frozenset(
    (
        *("Conference", "Connect", "Echo", "Message", "Pay", "Prompt", "Queue", "Refer", "Siprec"),
        *("Sms", "Start", "Stop", "VirtualAgent"),
    )
)
"""Verbs of Twilio's that the fake refuses loudly."""
NOT_DIALED = frozenset(("Application", "Conference", "Sim", "WhatsApp"))
"""Nouns of ``Dial`` that it refuses likewise."""
DIAL_NOT_EMULATED = ("url", "statusCallback")
"""Attributes of the other nouns: what the other end would hear, and be told."""
IN_A_QUEUE = frozenset(("Play", "Say", "Pause", "Hangup", "Redirect", "Leave", "Gather"))
"""Verbs that are allowed in the document of a queue's ``waitUrl``."""
_KEYS = frozenset("0123456789*#")
_AMERICAN = 10  # digits of a number that is written without its country


@dataclass(frozen=True, slots=True)
class Say:
    """Words that are spoken, so many times."""

    words: str
    times: int = 1


@dataclass(frozen=True, slots=True)
class Play:
    """A sound."""

    url: str
    times: int = 1


@dataclass(frozen=True, slots=True)
class Pause:
    """Silence."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Gather:
    """Listens to keys, or to words, while ``prompts`` are said and ``timeout_s`` after them."""

    prompts: tuple[Say | Play | Pause, ...]
    hears: frozenset[str]
    action: str
    method: str
    digits_max: int | None
    finish: str
    timeout_s: float
    on_empty: bool


@dataclass(frozen=True, slots=True)
class Enqueue:
    """The caller waits in a queue. ``wait`` and ``action`` are an address and a method."""

    name: str
    wait: tuple[str, str]
    action: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Dial:
    """Somebody else is called: ``numbers`` (of which the first to answer counts), or who waits in a queue. Neither: nobody who could be."""

    numbers: tuple[str, ...]
    queue: str
    timeout_s: float
    action: tuple[str, str]
    star: bool
    is_recorded: bool
    wish: Wish | None


@dataclass(frozen=True, slots=True)
class Record:
    """What the caller says is recorded, until ``timeout_s`` of silence, a key of ``finish``, or the end of the call."""

    timeout_s: float
    longest_s: int
    finish: str
    action: tuple[str, str]
    wish: Wish | None


@dataclass(frozen=True, slots=True)
class Redirect:
    """Another document takes over."""

    url: str
    method: str


@dataclass(frozen=True, slots=True)
class Leave:
    """Out of the queue."""


@dataclass(frozen=True, slots=True)
class Hangup:
    """The end. ``status`` is what becomes of the call: ``busy`` where it was rejected so."""

    status: str = "completed"


Verb = Say | Play | Pause | Gather | Enqueue | Dial | Record | Redirect | Leave | Hangup


class Refused(Exception):
    """A verb that Twilio has and the fake does not emulate."""


def read(content: bytes, kind: str, base: str, notes: list[str], *, queued: bool) -> tuple[Verb, ...]:
    """The verbs of an answer of this media type, and ``notes`` on them; ``queued``: it is the music of a queue. Raises ``twiml.Trouble`` and ``Refused``."""
    if kind == "text/plain":
        return (Say(content.decode("utf-8", "replace").strip()),)
    if kind.startswith("audio/"):
        return (Play(base),)
    verbs: list[Verb] = []
    for element in root_of(content):
        if isinstance(element.tag, str):
            _check(element.tag, queued, notes)
            reader = _READERS.get(element.tag) if not queued or element.tag in IN_A_QUEUE else None
            if reader is not None:
                verbs.append(reader(element, notes))
    return tuple(verbs)


def _check(tag: str, queued: bool, notes: list[str]) -> None:
    if tag in NOT_EMULATED:
        raise Refused(tag)
    if tag not in _READERS:
        notes.append(f"12200 {DEBUGGER[12200]}: {tag[:40]} is no verb of a call")
    elif queued and tag not in IN_A_QUEUE:
        notes.append(f"12200 {DEBUGGER[12200]}: {tag} is not allowed while the caller waits")


# ------------------------------------------------------------------------------------------------------------ verbs


def _say(element: ElementTree.Element, notes: list[str]) -> Say:
    return Say(" ".join("".join(element.itertext()).split()), _times(element, notes))


def _play(element: ElementTree.Element, notes: list[str]) -> Play:
    return Play(_address(element.text), _times(element, notes))


def _times(element: ElementTree.Element, notes: list[str]) -> int:
    """``loop``: 0 is without end, which is a thousand times."""
    return _number(element, "loop", 1, 0, notes) or limits.LOOPS_MAX


def _pause(element: ElementTree.Element, notes: list[str]) -> Pause:
    return Pause(float(_number(element, "length", 1, 0, notes)))


def _gather(element: ElementTree.Element, notes: list[str]) -> Gather:
    prompts = [_PROMPTS[one.tag](one, notes) for one in element if one.tag in _PROMPTS]
    hears = frozenset(element.get("input", "dtmf").split())
    finish = element.get("finishOnKey", "#")
    if finish and finish not in _KEYS:
        notes.append(f"12200 {DEBUGGER[12200]}: finishOnKey is {finish[:20]!r}")
        finish = "#"
    digits = _number(element, "numDigits", 0, 1, notes)
    timeout = element.get("timeout", "")
    seconds = limits.GATHER_TIMEOUT_S if timeout in ("", "auto") else _number(element, "timeout", 5, 1, notes)
    return Gather(
        tuple(prompts), hears & {"dtmf", "speech"} or frozenset(("dtmf",)), _address(element.get("action")), _method(element, "method", notes),
        digits or None, finish, float(seconds), element.get("actionOnEmptyResult", "").lower() == "true",
    )  # fmt: skip


def _enqueue(element: ElementTree.Element, notes: list[str]) -> Enqueue:
    if element.get("workflowSid"):
        raise Refused("Enqueue workflowSid")
    return Enqueue(
        (element.text or "").strip(),
        (_address(element.get("waitUrl")), _method(element, "waitUrlMethod", notes)),
        (_address(element.get("action")), _method(element, "method", notes)),
    )


def _dial(element: ElementTree.Element, notes: list[str]) -> Dial:
    queue, others = "", [("Number", element.text or "")]
    for noun in element:
        if noun.tag in NOT_DIALED:
            raise Refused(f"Dial {noun.tag}")
        if refused := next((name for name in DIAL_NOT_EMULATED if noun.get(name)), None):
            raise Refused(f"Dial {refused}")
        if noun.tag == "Queue":
            queue = (noun.text or "").strip()
        elif noun.tag in ("Number", "Sip", "Client"):
            others.append((noun.tag, noun.text or ""))
        else:
            notes.append(f"12200 {DEBUGGER[12200]}: {str(noun.tag)[:40]} is nobody to dial")
    return Dial(
        tuple(found for kind, who in others if (found := _reachable(kind, who.strip()))), queue, float(_number(element, "timeout", 30, 1, notes)),
        (_address(element.get("action")), _method(element, "method", notes)), element.get("hangupOnStar", "").lower() == "true",
        element.get("record", "do-not-record").lower() not in ("do-not-record", "false"), _wish(element, notes),
    )  # fmt: skip


def _reachable(kind: str, who: str) -> str:
    """Whom a noun dials, as an address or as a number with its country; nothing for whom cannot be called."""
    if kind == "Sip":
        return who if who.startswith(("sip:", "sips:")) else ""
    if kind == "Client" or not who:
        return who
    is_american = not who.startswith("+") and sum(map(str.isdigit, who)) == _AMERICAN
    return e164(f"+1{who}" if is_american else f"+{who.removeprefix('+')}") or ""


def _record(element: ElementTree.Element, notes: list[str]) -> Record:
    if element.get("transcribe", "").lower() == "true" or element.get("transcribeCallback"):
        raise Refused("Record transcribe")
    finish = element.get("finishOnKey", "1234567890*#")
    return Record(
        float(_number(element, "timeout", 5, 1, notes)), _number(element, "maxLength", 3600, 2, notes),
        "".join(key for key in finish if key in _KEYS), (_address(element.get("action")), _method(element, "method", notes)), _wish(element, notes),
    )  # fmt: skip


def _wish(element: ElementTree.Element, notes: list[str]) -> Wish | None:
    url = _address(element.get("recordingStatusCallback"))
    events = frozenset(element.get("recordingStatusCallbackEvent", "completed").split())
    return (
        Wish(url=url, method=_method(element, "recordingStatusCallbackMethod", notes), events=events) if url else None
    )


def _redirect(element: ElementTree.Element, notes: list[str]) -> Redirect:
    return Redirect(_address(element.text), _method(element, "method", notes))


def _reject(element: ElementTree.Element, _notes: list[str]) -> Hangup:
    return Hangup("busy" if element.get("reason") == "busy" else "no-answer")


def _address(value: str | None) -> str:
    """An address, whole or a part of one. Raises ``Trouble``."""
    text = (value or "").strip()
    try:
        scheme = urlsplit(text).scheme
    except ValueError as error:
        raise Trouble(11100, text[:60]) from error
    if scheme not in ("", "http", "https"):
        raise Trouble(11100, text[:60])
    return text


def _method(element: ElementTree.Element, name: str, notes: list[str]) -> str:
    method = element.get(name, "POST").upper()
    if method not in ("GET", "POST"):
        notes.append(f"12200 {DEBUGGER[12200]}: {name} is {method[:20]!r}")
        return "POST"
    return method


def _number(element: ElementTree.Element, name: str, default: int, least: int, notes: list[str]) -> int:
    value = element.get(name)
    if value is None:
        return default
    if value.isascii() and value.isdigit() and len(value) < 6 and int(value) >= least:
        return int(value)
    notes.append(f"12200 {DEBUGGER[12200]}: {name} is {value[:20]!r}")
    return default


_PROMPTS: dict[Any, Callable[[ElementTree.Element, list[str]], Say | Play | Pause]] = {
    "Say": _say, "Play": _play, "Pause": _pause,
}  # fmt: skip
_READERS: dict[str, Callable[[ElementTree.Element, list[str]], Verb]] = {
    **_PROMPTS,
    "Gather": _gather,
    "Enqueue": _enqueue,
    "Dial": _dial,
    "Record": _record,
    "Redirect": _redirect,
    "Leave": lambda _element, _notes: Leave(),
    "Hangup": lambda _element, _notes: Hangup(),
    "Reject": _reject,
}
