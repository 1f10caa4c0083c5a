"""The whole way from an export to files of scenarios."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from chatdrill.engine.scenario import Scenario
from chatdrill.engine.verbs import Steps
from chatdrill.engine.writer import write_scenario
from chatdrill.errors import ExportError, ScenarioError, UsageError
from chatdrill.importing.cutting import pieces
from chatdrill.importing.dialog import Attached, Card, Dialog, Place, Role, Turn
from chatdrill.importing.exports import Export
from chatdrill.importing.parties import LOCALES, Census, Language, assign, take_census
from chatdrill.importing.reader import Options, read_export
from chatdrill.importing.shelf import Shelf
from chatdrill.importing.weaving import Manner, Woven, clean, weave
from chatdrill.model import MediaKind
from chatdrill.scrub import Scrubber

# Where somebody "is" instead: the middle of a capital of the country.
_PLACES: dict[str, tuple[float, float]] = {"ru": (55.7558, 37.6176), "pl": (52.2297, 21.0122), "en": (51.5074, -0.1278)}
_TAG = "imported"


@dataclass(frozen=True)
class Wishes:
    """What a person asked for. ``given`` says who is who; ``since`` and ``until`` are Unix seconds."""

    manner: Manner = field(default_factory=Manner)
    given: Mapping[Role, Sequence[str]] = field(default_factory=dict)
    format: str | None = None
    dates: str | None = None
    chat: str | None = None
    split_s: float | None = None
    since: float | None = None
    until: float | None = None
    zone: str = "UTC"
    locale: str | None = None
    platforms: tuple[str, ...] = ()


@dataclass
class Made:
    """What came out: the files, and what should be told of them."""

    files: list[Path] = field(default_factory=list)
    messages: int = 0
    dialogs: int = 0
    notes: list[str] = field(default_factory=list)


def import_export(export: Export, wishes: Wishes, shelf: Shelf, scrubber: Scrubber | None, made: Made) -> None:
    """Write the scenarios of an export into the folder of ``shelf``. Raises ``ExportError`` and ``UsageError``."""
    titles: list[str] = []
    found = 0
    for dialog in read_export(export, wishes.format, Options(dates=wishes.dates)):
        titles.append(dialog.title)
        if wishes.chat is None or wishes.chat.casefold() in dialog.title.casefold():
            found += 1
            _import_dialog(export, dialog, wishes, shelf, scrubber, made)
    if not found and wishes.chat is not None:
        shown = ", ".join(map(repr, titles[:12]))
        raise ExportError(f"no chat {wishes.chat!r} in it; there are {shown or 'none'}", where=str(export.path))


def _import_dialog(
    export: Export, dialog: Dialog, wishes: Wishes, shelf: Shelf, scrubber: Scrubber | None, made: Made
) -> None:
    census = take_census(dialog.turns())
    if not census.turns:
        made.notes.append(f"{dialog.title}: no messages in it")
        return
    roles = assign(dialog, census, wishes.given)
    making = _Making(export, dialog, census, wishes, shelf, scrubber, roles)
    made.dialogs += 1
    for said in pieces(_chosen(dialog, wishes, roles), wishes.split_s, dialog.where):
        if not any(role == "customer" for _, role in said):
            made.notes.append(f"{dialog.where}: {len(said)} messages without the customer are left out")
            continue
        path = making.write(said)
        if path is None:
            made.notes.append(f"{dialog.where}: {len(said)} messages leave nothing to play")
            continue
        made.files.append(path)
        made.messages += len(said)


def _chosen(dialog: Dialog, wishes: Wishes, roles: Mapping[str, Role]) -> Iterator[tuple[Turn, Role]]:
    since, until = wishes.since or float("-inf"), wishes.until or float("inf")
    for turn in dialog.turns():
        role = roles.get(turn.who, "nobody") if turn.role != "nobody" else "nobody"
        if role != "nobody" and since <= turn.at < until:
            yield turn, role


class _Making:
    """One dialog on its way to files."""

    def __init__(
        self,
        export: Export,
        dialog: Dialog,
        census: Census,
        wishes: Wishes,
        shelf: Shelf,
        scrubber: Scrubber | None,
        roles: Mapping[str, Role],
    ) -> None:
        self._export, self._dialog, self._wishes, self._shelf = export, dialog, wishes, shelf
        self._scrubber, self._roles = scrubber, roles
        short = (wishes.locale or "")[:2]
        self._language: Language = short if short in LOCALES else census.language  # type: ignore[assignment]  # one of them
        if scrubber is not None:
            scrubber.language = self._language
            for who, role in roles.items():
                if role in ("customer", "agent"):
                    scrubber.learn_person(who)

    def write(self, said: Sequence[tuple[Turn, Role]]) -> Path | None:
        """Write one scenario and return its file; ``None`` if nothing in it can be played."""
        first, last = said[0][0].at, said[-1][0].at
        scrubbed = self._scrubbed(said)
        woven = weave(scrubbed, self._wishes.manner, self._file, sees_buttons=self._dialog.sees_buttons)
        if not woven.steps:
            return None
        path = _free_name(self._shelf.folder, f"{self._dialog.format}-{self._day(first)}", self._shelf.numbers)
        try:
            text = write_scenario(self._scenario(woven, said), self._heading(woven, len(said), first, last))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        except ScenarioError as error:
            raise ExportError(f"it cannot be told as a scenario: {error}", where=self._dialog.where) from error
        except OSError as error:
            raise UsageError(f"cannot write {path}: {error.strerror}") from error
        return path

    def _day(self, at: float) -> str:
        return f"{self._local(at):%Y-%m-%d}"

    def _local(self, at: float) -> dt.datetime:
        """The clock on the wall: that of the phone where the export has no other, else of the zone."""
        zone = dt.UTC if self._dialog.is_local else ZoneInfo(self._wishes.zone)
        try:
            return dt.datetime.fromtimestamp(at, zone)
        except (ValueError, OverflowError, OSError) as error:
            raise ExportError(f"{at:.0f} is no time of a message", where=self._dialog.where) from error

    def _file(self, attached: Attached) -> tuple[str, MediaKind]:
        beside = self._dialog.where.removeprefix(f"{self._export.path}/")
        return self._shelf.file(attached, self._export, beside, self._language)

    def _heading(self, woven: Woven, messages: int, first: float, last: float) -> str:
        days = self._day(first) if self._day(first) == self._day(last) else f"{self._day(first)} to {self._day(last)}"
        lines = [f"Imported from {self._dialog.format}: {messages} messages, {days}."]
        if woven.changed:
            lines.append(f"{woven.changed} of them were edited; the export has their last wording only.")
        if woven.agents:
            lines.append(
                "Agents took part: it is played where a desk stands behind the bot (chatdrill run --desk NAME)."
            )
        return "\n".join(lines)

    # --------------------------------------------------------------------------------------------- the scenario

    def _scenario(self, woven: Woven, said: Sequence[tuple[Turn, Role]]) -> Scenario:
        zone = "" if self._wishes.zone == "UTC" else f" {self._wishes.zone}"
        made = Scenario(
            f"{self._title()}, {self._local(said[0][0].at):%Y-%m-%d %H:%M}",
            tags=[_TAG, self._dialog.format],
            platforms=self._wishes.platforms,
            locale=self._wishes.locale or LOCALES[self._language],
            starts=f"{self._local(said[0][0].at):%Y-%m-%d %H:%M:%S}{zone}",
            clock="virtual" if woven.needs_virtual else None,
            customer=self._customer(),
            agents={key: {"name": name} for key, name in woven.agents.items()},
            checks={"unexpected": "allow"} if self._wishes.manner.expect == "none" else None,
        )
        return made.plus(Steps(tuple(woven.steps)))

    def _title(self) -> str:
        title = clean(self._dialog.title).replace("\n", " ")[:80]
        if self._scrubber is None:
            return title
        return self._scrubber.person(title) if title in self._roles else self._scrubber.scrub(title)

    def _customer(self) -> dict[str, str]:
        who = next(who for who, role in self._roles.items() if role == "customer")
        words = (self._scrubber.person(who) if self._scrubber else clean(who)).split()
        named = (
            {"first_name": words[0][:60], "last_name": " ".join(words[1:])[:60]}
            if words and re.search(r"[^\W\d_]", who)
            else {}
        )
        return {key: value for key, value in named.items() if value}

    # ---------------------------------------------------------------------------------------------- scrubbing

    def _scrubbed(self, said: Sequence[tuple[Turn, Role]]) -> list[tuple[Turn, Role]]:
        plain = [
            (
                msgspec.structs.replace(turn, text=clean(turn.text))
                if not turn.text.isascii() or "\0" in turn.text
                else turn,
                role,
            )
            for turn, role in said
        ]
        if self._scrubber is None:
            return plain
        for turn, _ in plain:
            self._scrubber.learn(turn.text)
        return [(self._bare(turn, role), role) for turn, role in plain]

    def _bare(self, turn: Turn, role: Role) -> Turn:
        assert self._scrubber is not None
        scrub = self._scrubber
        return msgspec.structs.replace(
            turn,
            text=scrub.scrub(turn.text),
            who=scrub.person(turn.who) if role == "agent" else turn.who,
            payload=turn.payload and scrub.scrub(turn.payload),
            files=tuple(self._bare_file(file) for file in turn.files),
            place=turn.place and self._bare_place(turn.place),
            card=turn.card and self._bare_card(turn.card),
            buttons=tuple(map(scrub.scrub, turn.buttons)),
        )

    def _bare_file(self, file: Attached) -> Attached:
        """A document's name tells about people as often as not: only its ending stays."""
        suffix = Path(file.name or "").suffix.lower()
        if file.kind != "document":
            return msgspec.structs.replace(file, name=None)
        name = f"document{suffix if re.fullmatch(r'[.][a-z0-9]{1,5}', suffix) else ''}" if file.name else None
        return msgspec.structs.replace(file, name=name)

    def _bare_place(self, place: Place) -> Place:
        assert self._scrubber is not None
        if self._scrubber.keeps("place"):
            return place
        self._scrubber.counts["place"] += 1
        latitude, longitude = _PLACES[self._language]
        address = place.address and self._scrubber.of("address", place.address)
        return Place(
            latitude=latitude,
            longitude=longitude,
            name=place.name and self._scrubber.scrub(place.name),
            address=address,
        )

    def _bare_card(self, card: Card) -> Card:
        assert self._scrubber is not None
        self._scrubber.learn_person(card.name)
        email = card.email and self._scrubber.of("email", card.email)
        return Card(name=self._scrubber.person(card.name), phone=self._scrubber.of("phone", card.phone), email=email)


def _free_name(folder: Path, stem: str, numbers: dict[str, int]) -> Path:
    """A file that is not there yet. ``numbers`` are the last that were given, by stem."""
    number = numbers.get(stem, 0) + 1
    while (path := folder / f"{stem}-{number}.drill.yaml").exists():
        number += 1
    numbers[stem] = number
    return path
