"""Comparing expectations with messages: pure, and with an explanation where they differ."""

from __future__ import annotations

import difflib
import fnmatch
import math
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from chatdrill.engine.expect import Expectation, ExpectedButton, MessageRef
from chatdrill.engine.steps import Presses
from chatdrill.model import Button, Carousel, Contact, Keyboard, Location, Media, Message, Other, Part, Template
from chatdrill.wire import without_choices

_EARTH_RADIUS_M = 6_371_000


@dataclass(frozen=True)
class Mismatch:
    """Why a message is not the expected one, in a few words. ``field`` names what differs."""

    field: str
    why: str

    def __str__(self) -> str:
        return self.why


def matches(expectation: Expectation, message: Message, known: Mapping[str, Message] | None = None) -> Mismatch | None:
    """The first thing about ``message`` that is not as expected, or ``None`` if everything is.

    ``known`` are the messages of the conversation by platform id; ``reply_to`` is looked up there.
    """
    if expectation.edited == (message.edited_at is None):
        why = (
            "not an edit of an earlier message"
            if expectation.edited
            else "an edit of an earlier message, not a new one"
        )
        return Mismatch("edited", why)
    for name, test in _tests(expectation.asked):
        if (differs := test(expectation, message)) is not None:
            return Mismatch(name, differs)
    return None if expectation.reply_to is None else _reply_to(expectation.reply_to, message, known or {})


def captured(expectation: Expectation, message: Message) -> dict[str, str]:
    """The values that ``expectation`` captures from a message that matches it."""
    if expectation.regex is None and not expectation.capture:
        return {}
    found = re.search(expectation.regex, message.text) if expectation.regex is not None else None
    values = {name: value or "" for name, value in found.groupdict().items()} if found else {}
    for name, source in expectation.capture.items():
        if source == "text":
            values[name] = message.text
        elif found:
            values[name] = found[int(source) if source.isdigit() else source] or ""
    return values


def normal(text: str) -> str:
    """Text for comparison: one Unicode form, and every run of white space is one space."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def part_name(part: Part) -> str:
    """The name of a part, as capabilities and ``parts`` write it: ``text``, ``media.photo``, ``keyboard.inline``."""
    if isinstance(part, Media):
        return f"media.{part.kind}"
    if isinstance(part, Keyboard):
        return f"keyboard.{part.style}"
    if isinstance(part, Other):
        return f"other.{part.kind}"
    return str(part.__struct_config__.tag)


# ------------------------------------------------------------------------------------------------ the single tests


def _text(want: Expectation, got: Message) -> str | None:
    if want.wordless and got.text.strip():
        return "has a text"
    if want.text is not None and want.text != got.text and normal(want.text) not in _wordings(got):
        return "text differs"
    if want.one_of and _wordings(got).isdisjoint(map(normal, want.one_of)):
        return f"text is none of the {len(want.one_of)} expected"
    return None


def _wordings(message: Message) -> set[str]:
    """The words of a message; also those without its numbered choices, which are buttons elsewhere."""
    said = {normal(message.text)}
    if any(isinstance(part, Keyboard) and part.style == "numbered" for part in message.parts):
        said.add(normal(without_choices(message.text)))
    return said


def _pieces(want: Expectation, got: Message) -> str | None:
    if not want.contains and not want.lacks:
        return None
    text = normal(got.text).casefold()
    for piece in want.contains:
        if normal(piece).casefold() not in text:
            return f"does not contain {piece!r}"
    for piece in want.lacks:
        if normal(piece).casefold() in text:
            return f"contains {piece!r}"
    return None


def _regex(want: Expectation, got: Message) -> str | None:
    if want.regex is None or re.search(want.regex, got.text):
        return None
    return f"no match for {want.regex!r}"


def _buttons(want: Expectation, got: Message) -> str | None:
    if want.buttons is None:
        return None
    has = _titles(got.buttons)
    if not want.buttons:
        return f"has buttons: {has}" if got.buttons else None
    for button in want.buttons:
        if not any(is_button(button, offered) for offered in got.buttons):
            return f"no button {button} (has: {has or 'none'})"
    return None


def is_button(want: ExpectedButton, got: Button) -> bool:
    """True if ``got`` has everything that ``want`` names."""
    if want.title is not None and normal(want.title) != normal(got.title):
        return False
    return want.payload in (None, got.payload) and want.url in (None, got.url)


def _titles(buttons: Sequence[Button]) -> str:
    return ", ".join(repr(button.title) for button in buttons)


def _media(want: Expectation, got: Message) -> str | None:
    asks_file = want.mime or want.sha256 or want.size_min_bytes is not None or want.size_max_bytes is not None
    if want.media == "none":
        return f"has a {got.media[0].kind}" if got.media else None
    if want.media is None and not asks_file:
        return None
    kind = "media" if want.media in (None, "any") else want.media
    found = [item for item in got.media if kind in ("media", item.kind)]
    if not found:
        return f"no {kind} (has: {', '.join(map(part_name, got.parts)) or 'nothing'})"
    reasons = [_file(want, item) for item in found]
    return None if None in reasons else reasons[0]


def _file(want: Expectation, got: Media) -> str | None:
    file = got.file
    if want.mime and not fnmatch.fnmatchcase(file.mime, want.mime):
        return f"the {got.kind} is {file.mime}, not {want.mime}"
    if want.sha256 and want.sha256.lower() != file.sha256:
        return f"the {got.kind} is another file{f' than {want.of}' if want.of else ''}"
    if want.size_min_bytes is not None and file.size_bytes < want.size_min_bytes:
        return f"the {got.kind} has {file.size_bytes} bytes, expected at least {want.size_min_bytes}"
    if want.size_max_bytes is not None and file.size_bytes > want.size_max_bytes:
        return f"the {got.kind} has {file.size_bytes} bytes, expected at most {want.size_max_bytes}"
    return None


def _card(want: Expectation, got: Message) -> str | None:
    if want.card is None:
        return None
    titles = [card.title for part in got.parts if isinstance(part, Carousel) for card in part.cards]
    if any(normal(want.card) == normal(title) for title in titles):
        return None
    return f"no card titled {want.card!r} (has: {', '.join(map(repr, titles)) or 'none'})"


def _template(want: Expectation, got: Message) -> str | None:
    expected = want.template
    if expected is None:
        return None
    sent = next((part for part in got.parts if isinstance(part, Template)), None)
    if sent is None or sent.name != expected.name:
        return f"not the template {expected.name!r}" + (f" but {sent.name!r}" if sent else "")
    if expected.language not in (None, sent.language):
        return f"the template is in {sent.language!r}, not {expected.language!r}"
    if expected.parameters not in (None, sent.parameters):
        return f"the template's parameters are {list(sent.parameters)}"
    return None


def _location(want: Expectation, got: Message) -> str | None:
    expected = want.location
    if expected is None:
        return None
    sent = next((part for part in got.parts if isinstance(part, Location)), None)
    if sent is None:
        return "no location"
    if expected.name is not None and normal(expected.name) != normal(sent.name or ""):
        return f"the place is called {sent.name!r}"
    if expected.latitude is None or expected.longitude is None:
        return None
    away_m = distance_m((expected.latitude, expected.longitude), (sent.latitude, sent.longitude))
    return f"the location is {away_m:.0f} m away" if away_m > expected.radius_m else None


def distance_m(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Metres between two points of the globe, given in degrees (haversine formula)."""
    (lat1, lon1), (lat2, lon2) = ((math.radians(lat), math.radians(lon)) for lat, lon in (one, other))
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * _EARTH_RADIUS_M * math.asin(math.sqrt(half))


def _contact(want: Expectation, got: Message) -> str | None:
    expected = want.contact
    if expected is None:
        return None
    sent = next((part for part in got.parts if isinstance(part, Contact)), None)
    if sent is None:
        return "no contact"
    if expected.name is not None and normal(expected.name).casefold() not in normal(sent.name).casefold():
        return f"the contact is {sent.name!r}"
    if expected.phone is not None and _digits(expected.phone) != _digits(sent.phone):
        return f"the contact's phone is {sent.phone!r}"
    return None


def _digits(phone: str) -> str:
    return "".join(c for c in phone if c.isdigit())


def _parts(want: Expectation, got: Message) -> str | None:
    has = tuple(part_name(part) for part in got.parts)
    if want.parts is not None and want.parts != has:
        return f"the parts are {', '.join(has) or 'none'}"
    if want.kind is not None and not any(name == want.kind or name.startswith(f"{want.kind}.") for name in has):
        return f"no part of the kind {want.kind!r} (has: {', '.join(has) or 'none'})"
    return None


Test = Callable[[Expectation, Message], str | None]

_TESTS: tuple[tuple[str, tuple[str, ...], Test], ...] = (
    ("text", ("wordless", "text", "one_of"), _text),
    ("contains", ("contains", "lacks"), _pieces),
    ("regex", ("regex",), _regex),
    ("buttons", ("buttons",), _buttons),
    ("media", ("media", "mime", "sha256", "size_min_bytes", "size_max_bytes"), _media),
    ("card", ("card",), _card),
    ("template", ("template",), _template),
    ("location", ("location",), _location),
    ("contact", ("contact",), _contact),
    ("parts", ("parts", "kind"), _parts),
)
"""Tests in their order, each with the fields of an expectation of which one must ask for it."""


@lru_cache(maxsize=256)
def _tests(asked: frozenset[str]) -> tuple[tuple[str, Test], ...]:
    return tuple((name, test) for name, fields, test in _TESTS if not asked.isdisjoint(fields))


def _reply_to(want: MessageRef, got: Message, known: Mapping[str, Message]) -> Mismatch | None:
    if got.reply_to is None:
        return Mismatch("reply_to", "not a reply")
    quoted = known.get(got.reply_to)
    expected = find_message(want, [m for m in known.values() if m.author == "customer" and m.at <= got.at])
    if quoted is not None and (_says(quoted, want) if want.text is not None else quoted is expected):
        return None
    return Mismatch("reply_to", f"replies to {quoted.text!r}" if quoted else "replies to a message nobody knows")


# ---------------------------------------------------------------------------------------------- finding things


def find_message(ref: MessageRef, messages: Sequence[Message]) -> Message | None:
    """The newest of ``messages`` (oldest first) that ``ref`` names: any, or one that contains its text."""
    return next((message for message in reversed(messages) if _says(message, ref)), None)


def _says(message: Message, ref: MessageRef) -> bool:
    return ref.text is None or normal(ref.text).casefold() in normal(message.text).casefold()


def find_button(press: Presses, messages: Sequence[Message]) -> tuple[Message, Button] | None:
    """The newest of ``messages`` (oldest first) with the button to press, and the button."""
    if press.nth is not None:
        shown = next((message for message in reversed(messages) if message.buttons), None)
        return None if shown is None else (shown, shown.buttons[press.nth % len(shown.buttons)])
    want = ExpectedButton(title=press.title, payload=press.payload)
    for message in reversed(messages if press.of is None else _only(find_message(press.of, messages))):
        for button in message.buttons:
            if is_button(want, button):
                return message, button
    return None


def _only(message: Message | None) -> list[Message]:
    return [] if message is None else [message]


@dataclass(frozen=True)
class Nearest:
    """The most similar message, and what still differs. ``index`` counts in the messages that were compared."""

    index: int
    message: Message
    mismatch: Mismatch


def nearest(
    expectation: Expectation, messages: Sequence[Message], known: Mapping[str, Message] | None = None
) -> Nearest | None:
    """The message that comes closest to ``expectation``: by its words, then the newest; ``None`` without messages."""
    ranked = sorted((_similarity(expectation, message), index) for index, message in enumerate(messages))
    if not ranked:
        return None
    index = ranked[-1][1]
    mismatch = matches(expectation, messages[index], known) or Mismatch("taken", "it met another expectation")
    return Nearest(index, messages[index], mismatch)


def _similarity(expectation: Expectation, message: Message) -> float:
    wanted = [expectation.text or "", *expectation.one_of, " ".join(expectation.contains), expectation.regex or ""]
    said = normal(message.text).casefold()
    return max(
        difflib.SequenceMatcher(None, normal(text).casefold(), said).ratio()
        for text in wanted
        if text or not any(wanted)
    )
