"""Captured traffic of a declared messenger, read as turns by its file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from chatdrill.importing.captures import Body, Capture, Said, told
from chatdrill.importing.turning import said_turn
from chatdrill.model import Sent
from chatdrill.seeds import Seed
from chatdrill.wire import Exchange, HttpRequest, HttpResponse, Update
from chatdrill.wire import Said as Read
from chatdrill.wire.reading import STRANGER
from chatdrill_fakes.platforms.declared.wire import COMPANY, Declared

_JSON = (("Content-Type", "application/json"),)


class _Reader:
    """A file, and an account that has seen what was read so far."""

    def __init__(self, name: str, spec: Path) -> None:
        self._platform = Declared(name, spec)
        usual = {each.name: each.default for each in self._platform.settings}
        self._state = self._platform.open(usual, Seed(0).stream("captured", name))

    def read(self, body: Body) -> Iterator[Read]:
        """What a webhook tells of; see ``Capture.webhook``."""
        for said in self._platform.decode(self._state, HttpRequest("POST", "/", _JSON, msgspec.json.encode(body))):
            self._platform.meet(self._state, said, STRANGER, 0.0)
            yield said

    def knows(self, body: Body) -> bool:
        """Whether a body is just as the file has it."""
        try:
            return any(said.unread is None for said in self.read(body))
        except (ValueError, TypeError, OverflowError, RecursionError):
            return False

    def call(self, url: str, body: Body, answer: Body, at: float) -> Said:
        """What a call says; see ``Capture.call``."""
        request = HttpRequest("POST", urlsplit(url).path, _JSON, msgspec.json.encode(body))
        yield from self._said(request, HttpResponse(200, (), msgspec.json.encode(answer)), at)

    def answer(self, body: Body, text: str, at: float) -> Said:
        """What stands in the answer to a webhook; see ``Capture.answer``."""
        response = HttpResponse(200, (), text.encode("utf-8", "replace"))
        for said in self.read(body):
            update = Update(said.update, "", said.to, "", b"", at)
            for call in self._platform.read_ack(self._state, (update,), response, at).calls:
                yield from self._said(call, HttpResponse(200), at, in_answer=True)

    def _said(self, request: HttpRequest, response: HttpResponse, at: float, *, in_answer: bool = False) -> Said:
        source = "webhook_answer" if in_answer else "http"
        seen = self._platform.observe(self._state, Exchange(request, at, "", source), response)  # type: ignore[arg-type]
        for effect in seen.effects:
            if isinstance(effect, Sent):
                head = {"at": at, "who": effect.message.sender or "bot", "role": "bot", "id": effect.message.id}
                yield effect.to, said_turn(effect.message.parts, head)


def captured(name: str, spec: str | Path, hosts: tuple[str, ...] = ()) -> Capture:
    """Captured traffic as a file declares it: what an entry point ``chatdrill.captures`` may name. ``hosts`` are those of the API that the bot
    calls; without one its calls are not known among others."""
    reader = _Reader(name, Path(spec))
    return Capture(name, hosts, reader.knows, told(reader.read), reader.call, reader.answer)


capture = captured("declared", COMPANY)
