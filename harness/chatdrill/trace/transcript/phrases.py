"""Numbers and parts in words a person reads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from chatdrill.model import (
    Button,
    Card,
    Carousel,
    Contact,
    File,
    Form,
    Keyboard,
    KeyboardRemoved,
    Location,
    Media,
    Order,
    OrderItem,
    Other,
    Part,
    Products,
    ReplyForced,
    Template,
    Text,
)

_UTC = "UTC"
_ZONES_MAX = 256
_DAYS_FROM_S = 48 * 3600  # shorter times are said in hours, as people say 24h
_IN_SECONDS_BELOW = 90
_UNITS = ((86_400.0, "day"), (3_600.0, "hour"), (60.0, "minute"), (1.0, "second"))
_NEIGHBOURS = (["day", "hour"], ["hour", "minute"], ["minute", "second"])
_GRAINS_S = (1, 60, 3_600)
_UNITS_SAID_MAX = 2
_MEDIA_NAMES = {"voice": "voice message", "video_note": "round video"}
# How vendors write their names, where a capital letter is not enough.
_TITLES = {
    "whatsapp": "WhatsApp",
    "wechat": "WeChat",
    "line": "LINE",
    "sms": "SMS",
    "webchat": "Web chat",
    "amocrm": "amoCRM",
    "chat2desk": "Chat2Desk",
    "botframework": "Bot Framework",
    "generic": "Desk",
}
_CONTROLS: dict[int, str | None] = {
    **{code: chr(0x2400 + code) for code in range(0x20) if code != 0x0A},
    **dict.fromkeys(range(0x7F, 0xA0), "\ufffd"),
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),
    **dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A))),
    0x09: "    ",
}


def plain(text: str) -> str:
    """The text without what could move a terminal's cursor or turn its writing around: controls become visible."""
    return text.replace("\r\n", "\n").translate(_CONTROLS)


def one_line(text: str, most: int = 80) -> str:
    """The text on one line, shortened to ``most`` characters."""
    flat = " ".join(plain(text).split())
    return flat if len(flat) <= most else flat[: most - 1].rstrip() + "…"


def platform_title(name: str) -> str:
    """``WhatsApp`` for ``whatsapp``."""
    return _TITLES.get(name) or name.capitalize()


def short_id(name: str) -> str:
    """A long id by its two ends, since vendors' ids begin alike: ``wamid.HBgL…RjE2QzQA``."""
    return name if len(name) <= 24 else f"{name[:10]}…{name[-8:]}"


def clock_time(at: float, zone: str = _UTC) -> str:
    """``09:15:02``, as the clocks of the zone show it."""
    return _moment(at, zone).strftime("%H:%M:%S")


def exact_time(at: float, zone: str = _UTC) -> str:
    """``09:15:02.125``, as the clocks of the zone show it."""
    return _moment(at, zone).isoformat(timespec="milliseconds")[11:23]


def day(at: float, zone: str = _UTC) -> str:
    """``Sunday 22 November 2026``, where the zone is."""
    moment = _moment(at, zone)
    return f"{moment:%A} {moment.day} {moment:%B %Y}"


def _moment(at: float, zone: str) -> dt.datetime:
    return dt.datetime.fromtimestamp(at, dt.UTC if zone == _UTC else ZoneInfo(zone))


@lru_cache(maxsize=_ZONES_MAX)
def zone_name(name: str | None) -> str:
    """The name of a time zone, if there is one called so, else ``UTC``: a trace may come from another machine."""
    try:
        return ZoneInfo(name).key if name else _UTC
    except (KeyError, ValueError, OSError):
        return _UTC


def day_and_time(at: float, zone: str) -> str:
    """``Tue 2026-03-31 09:15 (Europe/Warsaw)``, as the clocks of the zone show it."""
    return f"{_local(at, zone)} ({zone})"


def bounds(opens_at: float | None, due_at: float | None, zone: str) -> str:
    """When something is due: ``from Mon 2026-03-30 09:05 until 09:25 (Europe/Warsaw)``."""
    first, last = ("" if at is None else _local(at, zone) for at in (opens_at, due_at))
    day = f"{first[:_DAY_COLUMNS]} "
    said = [f"from {first}"] if first else []
    said += [f"until {last.removeprefix(day)}"] if last else []
    return f"{' '.join(said)} ({zone})"


_DAY_COLUMNS = len("Mon 2026-03-30")


def _local(at: float, zone: str) -> str:
    local = _moment(at, zone)
    return f"{local:%a %Y-%m-%d %H:%M:%S}" if local.second else f"{local:%a %Y-%m-%d %H:%M}"


def length(value: float, *, days: bool = True) -> str:
    """A duration as a scenario writes it: ``250ms``, ``5s``, ``23h 50m``, ``2d``; without ``days`` it is ``48h``."""
    if 0 < value < 1:
        return f"{value * 1000:.0f}ms"
    if value < 60:
        return f"{value:.3g}s"
    units = _UNITS if days and value >= _DAYS_FROM_S else _UNITS[1:]
    return " ".join(f"{count}{name[0]}" for count, name in _counts(value, units))


def _counts(value: float, units: Sequence[tuple[float, str]]) -> list[tuple[int, str]]:
    """A time in its two largest units, rounded and not cut: a second less than 14 hours is not 13 hours and 59 minutes."""
    for grain in _GRAINS_S:
        left, counts = round(value / grain) * grain, []
        for size, name in units:
            count, left = divmod(left, int(size))
            counts += [(count, name)] if count else []
        if len(counts) <= _UNITS_SAID_MAX:
            break
    return counts


def timing(not_before: float | str | None, by: float | str | None) -> str:
    """The span in which something is expected: ``after 24h ± 10m``, ``not before 1h, by 09:15 tomorrow``.

    Numbers are seconds since the customer's last word.
    """
    if isinstance(not_before, int | float) and isinstance(by, int | float):
        return f"after {length((not_before + by) / 2)} ± {length((by - not_before) / 2)}"
    given = [(word, at) for word, at in (("not before", not_before), ("by", by)) if at is not None]
    return ", ".join(f"{word} {at if isinstance(at, str) else length(at)}" for word, at in given)


def seconds(value: float, *, days: bool = True) -> str:
    """A measured time: ``0 s``, ``12 ms``, ``0.4 s``, ``12.5 s``, ``3m 20s``, ``10h 15m``, ``2d 3h``.

    Without ``days`` two days are ``48h``: a day of working time is no measure.
    """
    size = abs(value)
    if size < 0.095:
        return f"{value * 1000:.0f} ms" if size else "0 s"
    if size < _IN_SECONDS_BELOW:
        return f"{value:.1f} s"
    return f"{'-' if value < 0 else ''}{length(size, days=days)}"


def later(value: float) -> str:
    """A pause in words: ``2 days later``, ``1 day and 6 hours later``, ``40 seconds later``; no seconds beside days."""
    counts = _counts(value, _UNITS)
    if [name for _, name in counts] not in _NEIGHBOURS:
        counts = counts[:1]
    words = (f"{count} {name}{'s'[: count > 1]}" for count, name in counts)
    return f"{' and '.join(words)} later" if counts else "a moment later"


def size_words(size_bytes: int) -> str:
    """``840 B``, ``24 kB``, ``1.3 MB`` (powers of 1000)."""
    if size_bytes < 1000:
        return f"{size_bytes} B"
    return f"{size_bytes / 1000:.0f} kB" if size_bytes < 999_500 else f"{size_bytes / 1e6:.1f} MB"


def play_time(duration_s: float) -> str:
    """``0:07``, ``12:30``."""
    whole = round(duration_s)
    return f"{whole // 60}:{whole % 60:02d}"


def ordinal(number: int) -> str:
    """``1st``, ``2nd``, ``3rd``, ``4th`` ..."""
    suffix = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{suffix}"


def media_name(media: Media) -> str:
    """``photo``, ``voice message`` ..."""
    return _MEDIA_NAMES.get(media.kind, media.kind)


def file_facts(file: File) -> list[str]:
    """What is known of a file, each fact short: name, picture size, length, size."""
    facts = (
        one_line(file.name, 60) if file.name else "",
        f"{file.width} × {file.height}" if file.width and file.height else "",
        play_time(file.duration_s) if file.duration_s else "",
        size_words(file.size_bytes) if file.size_bytes else "",
    )
    return [fact for fact in facts if fact]


# ------------------------------------------------------------------------------------------ parts, as lines of text


def part_lines(part: Part, is_pressed: Callable[[Button], bool]) -> list[str]:
    """A part as lines of text; pressed buttons carry a dot."""
    if isinstance(part, Keyboard):
        label = [f"({part.label})"] if part.label else []
        return label + [_chips(row, is_pressed) for row in part.rows]
    if isinstance(part, Carousel):
        return [line for card in part.cards for line in _card(card, is_pressed)]
    if isinstance(part, Template):
        buttons = [_chips(part.buttons, is_pressed)] if part.buttons else []
        return [*part.text.split("\n"), f"(template {part.name}, {part.language})", *buttons]
    return _LINES[type(part)](part)


def _chips(buttons: Iterable[Button], is_pressed: Callable[[Button], bool]) -> str:
    return " ".join(f"[{'● ' if is_pressed(button) else ''}{one_line(button.title, 40)}]" for button in buttons)


def _card(card: Card, is_pressed: Callable[[Button], bool]) -> list[str]:
    title = f"* {card.title}" + (f" - {card.subtitle}" if card.subtitle else "")
    return [title, *([f"  {_chips(card.buttons, is_pressed)}"] if card.buttons else [])]


def _media(media: Media) -> list[str]:
    emoji = [media.emoji] if media.emoji else []
    facts = ", ".join([media_name(media), *emoji, *file_facts(media.file)])
    return [f"[{facts}]", *(media.caption.text.split("\n") if media.caption else [])]


def _location(location: Location) -> list[str]:
    words = [f"{location.latitude:.5f}, {location.longitude:.5f}", location.name, location.address]
    live = " (live)" if location.live_period_s else ""
    return [f"[location{live} {', '.join(word for word in words if word)}]"]


def _contact(contact: Contact) -> list[str]:
    return [f"[{'own contact' if contact.own else 'contact'} {contact.name}, {contact.phone}]"]


def _order(order: Order) -> list[str]:
    number = f" {order.number}" if order.number else ""
    total = [f"  total {order.total:g}"] if order.total is not None else []
    return [f"[order{number}]", *(f"  {order_line(item)}" for item in order.items), *total]


def order_line(item: OrderItem) -> str:
    """``2 × Running shoe 39.9 EUR``."""
    return f"{item.quantity:g} × {item.name or item.id} {item.price:g} {item.currency}"


def fields(values: Mapping[str, Any], most: int = 200) -> str:
    """``name: value, name: value``, shortened."""
    return one_line(", ".join(f"{key}: {value}" for key, value in values.items()), most)


_LINES: dict[type, Callable[[Any], list[str]]] = {
    Text: lambda part: part.text.split("\n"),
    Media: _media,
    Location: _location,
    Contact: _contact,
    KeyboardRemoved: lambda _: ["[keyboard removed]"],
    ReplyForced: lambda _: ["[asks for a reply to this message]"],
    Order: _order,
    Products: lambda part: [f"[products {', '.join(part.ids)}]"],
    Form: lambda part: [f"[form {part.name}: {fields(part.values)}]"],
    Other: lambda part: [f"[{part.kind}: {fields(part.data)}]"],
}
