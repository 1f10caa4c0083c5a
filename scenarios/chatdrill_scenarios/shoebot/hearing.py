"""What a burst of events says, before anybody decides what to answer. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from . import words
from .catalog import DAYS, ORDERS, REASONS, SLOTS, STARS
from .dates import day_of, slot_of
from .model import Event
from .texts import labels
from .words import fold

# Beyond this nobody answers a question, and patterns should not be made to read a novel.
TEXT_MAX = 4000
_LABELS = labels()
_REF = re.compile(r"^ord_(\w{1,12})$")
_CALL = re.compile(r"^call_(called|late|taken)_(\w{0,12})$")
_LETTERS = re.compile(r"[^\W\d_]")
_COMMANDS = {
    "/start": "menu", "/menu": "menu", "/help": "menu", "/status": "menu:status", "/return": "menu:return",
    "/fitting": "menu:fitting", "/person": "menu:person", "/bot": "bot:back",
}  # fmt: skip


@dataclass(slots=True)
class Heard:
    text: str = ""
    folded: str = ""
    intents: set[str] = field(default_factory=set)
    orders: list[str] = field(default_factory=list)
    number_like: bool = False  # the burst is a number, or speaks of an order and has one
    corrected: bool = False
    facts: dict[str, str] = field(default_factory=dict)
    photos: list[str] = field(default_factory=list)  # hashes of pictures that really are pictures
    remarks: list[str] = field(default_factory=list)  # ids of texts on media that the bot cannot use
    nudge: bool = False
    sticker: bool = False
    started: bool = False  # START, a deep link
    called: str = ""  # by a link out of a telephone call: the text that says so
    chose: bool = False  # a button with a fact for a form
    rating: int = 0  # stars that were pressed
    resumed: bool = False  # the button of a template: "go on"
    only_edits: bool = False
    place: tuple[float, float] | None = None
    phone: str = ""

    @property
    def nothing(self) -> bool:
        return not (
            self.text.strip() or self.intents or self.facts or self.photos or self.remarks
            or self.sticker or self.started or self.place or self.phone or self.rating or self.resumed
        )  # fmt: skip

    @property
    def emoji_only(self) -> bool:
        return bool(self.text.strip()) and not re.search(r"[\w?!]", self.text)


def listen(burst: Iterable[Event]) -> Heard:
    """All that a burst says, whichever fragment says it."""
    events = merge_edits(burst)
    heard = Heard(only_edits=all(event.kind == "edit" for event in events))
    written: list[str] = []
    for event in events:
        written += _note(event, heard)
    heard.text = "\n".join(written)[:TEXT_MAX]
    _understand(heard, written)
    return heard


def merge_edits(burst: Iterable[Event]) -> list[Event]:
    """A fragment that was edited before we answered counts as the customer left it."""
    merged: dict[str, Event] = {}
    for event in burst:
        target = merged.get(event.message_id)
        if event.is_unsent:
            merged = {key: one for key, one in merged.items() if key.partition("#")[0] != event.message_id}
            merged[event.id] = event
        elif event.kind == "edit" and target is not None:
            merged[event.message_id] = replace(target, text=event.text)
        else:
            merged[event.id if event.kind == "edit" or not event.message_id else event.message_id] = event
    return list(merged.values())


def _note(event: Event, heard: Heard) -> list[str]:
    """Takes in what is not text and hands on what is."""
    match event.kind:
        case "press":
            _press(event.payload, heard)
            return []
        case "start":
            heard.started = True
            call = _CALL.match(event.payload)
            order = call[2] if call else ref[1] if (ref := _REF.match(event.payload)) else ""
            heard.called = f"call.{call[1]}" if call else ""
            if order:
                heard.orders.append(order)
                heard.number_like = True
            return []
        case "location":
            heard.place = (event.latitude, event.longitude)
        case "contact":
            heard.phone = event.phone
        case "sticker":
            heard.sticker = True
        case "text" | "edit":
            return _typed(event.text, heard)
        case _:
            _media(event, heard)
    return [event.text] if event.text else []


def _typed(text: str, heard: Heard) -> list[str]:
    """Text, unless it is a command or the very words of a button."""
    plain = text.strip().casefold()
    payload = _COMMANDS.get(plain.split("@")[0]) or _LABELS.get(plain)
    if payload is None:
        return [text]
    _press(payload, heard)
    return [text] if plain in _LABELS else []


def _press(payload: str, heard: Heard) -> None:
    name, _, value = payload.partition(":")
    if name == "menu":
        heard.intents.add(value or "greeting")
    elif payload == "bot:back":
        heard.intents.add("bot")
    elif payload == "go:on":
        heard.resumed = True
    elif name == "rate" and value in STARS:
        heard.rating = int(value)
    elif (name, value) in _CHOICES:
        heard.facts[name] = value
        heard.chose = True
        heard.intents.add("return" if name == "reason" else "fitting")
    else:
        heard.remarks.append("help")


_CHOICES = (
    {("reason", one) for one in REASONS}
    | {("city", one) for one in words.CITIES}
    | {("day", one) for one in DAYS}
    | {("slot", one) for one in SLOTS}
)
_REMARKS = {"voice": "media.voice", "audio": "media.voice", "video": "media.video", "document": "media.document"}


def _media(event: Event, heard: Heard) -> None:
    media = event.media
    if media is not None and media.verdict == "image":
        heard.photos.append(media.sha256)
    elif event.kind == "photo":
        heard.remarks.append("photo.not_image" if media and media.verdict == "not_image" else "photo.lost")
    else:
        heard.remarks.append(_REMARKS.get(event.kind, "media.other"))


def _understand(heard: Heard, written: Sequence[str]) -> None:
    heard.folded = fold(heard.text)
    fragments = [fold(one) for one in written if one.strip()]
    heard.nudge = bool(fragments) and all(words.NUDGE.match(one) for one in fragments)
    heard.intents |= {name for name, pattern in words.INTENTS.items() if pattern.search(heard.folded)}
    heard.corrected = bool(words.CORRECTION.search(heard.folded))
    heard.orders += [one for one in words.ORDER_NUMBER.findall(heard.folded) if one not in heard.orders]
    heard.number_like |= any(words.ONLY_NUMBERS.match(one) for one in fragments)
    heard.number_like |= bool(heard.orders and words.ORDER_CONTEXT.search(heard.folded))
    heard.facts = _facts(heard.folded) | heard.facts
    _weigh(heard)


def _facts(folded: str) -> dict[str, str]:
    found = {
        "reason": next((name for name, pattern in words.REASONS.items() if pattern.search(folded)), ""),
        "city": next((name for name, pattern in words.CITIES.items() if pattern.search(folded)), ""),
        "day": day_of(folded),
        "slot": slot_of(folded),
        "photo": "none" if words.NO_PHOTO.search(folded) else "",
    }
    return {name: value for name, value in found.items() if value}


def _weigh(heard: Heard) -> None:
    """Settles the words that mean two things."""
    intents = heard.intents
    if "about" in intents:
        intents.discard("person")  # "are you a person?" does not ask for one
    if "status" in intents or (heard.number_like and "return" not in intents):
        intents.discard("delivery")  # "when will order 553 be delivered?"
    if "return" in intents and "chart" not in heard.folded:
        intents.discard("sizes")  # "return, wrong size"
    if heard.nudge:
        intents.difference_update(words.SOCIAL)
    if heard.corrected and heard.orders:
        heard.orders = heard.orders[-1:]


def known(orders: Sequence[str]) -> list[str]:
    return [one for one in orders if one in ORDERS]


def wordy(text: str) -> bool:
    return len(_LETTERS.findall(text)) > 1
