"""What a document makes happen, and when: pure arithmetic, before any of it happens.

How long speech and sounds take is not the vendor's to say, and no sound is ever fetched: ``limits`` has a guess for both, so that rounds in
a queue take about as long as in life.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urljoin

from chatdrill_fakes.platforms.twilio import limits
from chatdrill_fakes.platforms.twilio.voice.document import (
    Dial,
    Enqueue,
    Gather,
    Hangup,
    Leave,
    Pause,
    Play,
    Record,
    Redirect,
    Say,
    Verb,
    read,
)
from chatdrill_fakes.platforms.twilio.voice.state import Gathering

_KEY = re.compile(r"(?<!\w)[0-9](?!\w|[.,]\d)")


@dataclass(frozen=True, slots=True)
class Spoken:
    """The caller hears words, or a sound; ``keys`` are those that the words name and somebody listens to."""

    words: str = ""
    url: str = ""
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Listened:
    """Keys count from here on."""

    to: Gathering


@dataclass(frozen=True, slots=True)
class Silent:
    """Nothing was keyed in time: keys do not count any more."""

    to: Gathering


@dataclass(frozen=True, slots=True)
class Asked:
    """Another document is asked for."""

    kind: str
    url: str
    method: str


@dataclass(frozen=True, slots=True)
class Entered:
    """The caller has a place in a queue."""

    verb: Enqueue
    rest: tuple[Verb, ...]
    base: str


@dataclass(frozen=True, slots=True)
class Dialed:
    """Somebody else is called."""

    verb: Dial
    rest: tuple[Verb, ...]
    base: str


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Nobody has answered in time."""


@dataclass(frozen=True, slots=True)
class Taped:
    """From here on it is recorded what the caller says."""

    verb: Record
    rest: tuple[Verb, ...]
    base: str


@dataclass(frozen=True, slots=True)
class Quiet:
    """The caller says nothing more."""


@dataclass(frozen=True, slots=True)
class Left:
    """The caller gives the place up."""


@dataclass(frozen=True, slots=True)
class Over:
    """The bot hangs up."""

    status: str


Deed = Spoken | Listened | Silent | Asked | Entered | Dialed | Unanswered | Taped | Quiet | Left | Over
Timed = tuple[float, Deed]


class Document(NamedTuple):
    """What an answer of the bot's says, and makes happen."""

    verbs: tuple[Verb, ...]
    script: tuple[Timed, ...]
    notes: tuple[str, ...]


@lru_cache(maxsize=256)
def document_in(content: bytes, kind: str, base: str, wait: tuple[str, str] | None, *, queued: bool) -> Document:
    """The document in an answer. Bots say the same to many callers, so it is read once. Raises ``Trouble`` and ``Refused``."""
    notes: list[str] = []
    verbs = read(content, kind, base, notes, queued=queued)
    return Document(verbs, tuple(scripted(verbs, base, wait, queued=queued)), tuple(notes))


def scripted(
    verbs: Sequence[Verb], base: str, wait: tuple[str, str] | None = None, *, queued: bool = False
) -> list[Timed]:
    """What happens after how many seconds. ``queued``: the caller waits, and a document that ends is asked for again, if there is any."""
    script: list[Timed] = []
    at = 0.0
    for number, verb in enumerate(verbs):
        match verb:
            case Say() | Play() | Pause():
                script += [(at + after, deed) for after, deed in _heard(verb, ())]
                at += _seconds(verb)
            case Gather():
                script += [(at + after, deed) for after, deed in _gathered(verb, base)]
                at = script[-1][0]
            case Dial():
                script.append((at, Dialed(verb, tuple(verbs[number + 1 :]), base)))
                if verb.numbers or verb.queue:
                    at += verb.timeout_s
                    script.append((at, Unanswered()))
                if verb.action[0]:
                    return script
            case Record():
                script.append((at, Taped(verb, tuple(verbs[number + 1 :]), base)))
                at += verb.timeout_s
                script.append((at, Quiet()))
            case Enqueue():
                return [*script, (at, Entered(verb, tuple(verbs[number + 1 :]), base))]
            case Redirect():
                return [
                    *script,
                    (max(at, limits.ASKS_AFTER_S), Asked("call.redirect", urljoin(base, verb.url), verb.method)),
                ]
            case Leave() | Hangup():
                return [*script, (at, Left() if isinstance(verb, Leave) else Over(verb.status))]
    if not queued:
        return [*script, (at, Over("completed"))]
    return script if wait is None else [*script, (max(at, limits.ROUND_MIN_S), Asked("call.wait", *wait))]


def _heard(verb: Say | Play | Pause, keys: tuple[str, ...]) -> Iterator[Timed]:
    """Once, however often it is repeated."""
    if isinstance(verb, Say) and verb.words:
        yield 0.0, Spoken(words=verb.words, keys=keys)
    elif isinstance(verb, Play) and verb.url:
        yield 0.0, Spoken(url=verb.url)


def _gathered(verb: Gather, base: str) -> Iterator[Timed]:
    url = urljoin(base, verb.action) if verb.action else base
    gathering = Gathering(
        url=url, method=verb.method, hears=verb.hears, digits_max=verb.digits_max, finish=verb.finish, on_empty=verb.on_empty
    )  # fmt: skip
    yield 0.0, Listened(gathering)
    at = 0.0
    for prompt in verb.prompts:
        keys = keys_in(prompt.words) if isinstance(prompt, Say) and "dtmf" in verb.hears else ()
        yield from ((at + after, deed) for after, deed in _heard(prompt, keys))
        at += _seconds(prompt)
    yield at + verb.timeout_s, Silent(gathering)


def keys_in(words: str) -> tuple[str, ...]:
    """The keys that somebody who hears this knows to press, in their order."""
    return tuple(dict.fromkeys(_KEY.findall(words)))


def _seconds(verb: Say | Play | Pause) -> float:
    if isinstance(verb, Pause):
        return verb.seconds
    once = len(verb.words) / limits.SPOKEN_PER_S if isinstance(verb, Say) else limits.PLAY_S
    return once * verb.times
