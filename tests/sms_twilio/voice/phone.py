"""A telephone: one caller, time that passes, and what the bot is asked for meanwhile."""

from __future__ import annotations

import heapq
from itertools import count
from typing import Any

from chatdrill.model import Act, Event, Media, Sent
from chatdrill.wire import Ack, Handled, HttpFailure, HttpResponse, Later, Update
from chatdrill_fakes.platforms.twilio import platform
from sms_twilio.kit import Account, fields

VOICE = "http://127.0.0.1:9/voice"


class Phone(Account):
    """``asked`` are the requests that nobody has answered yet, ``heard`` what the caller hears, in their order."""

    def __init__(self, **settings: str) -> None:
        super().__init__(**{"voice_url": VOICE, **settings})
        self.asked: list[Update] = []
        self.heard: list[str] = []
        self._order = count()
        self._planned: list[tuple[float, int, Later]] = []

    def does(self, name: str, **data: Any) -> list[Update]:
        """Something happens on the phone; what the bot is asked for because of it."""
        return self._acts(Event(name=name, data=data))

    def _acts(self, act: Act) -> list[Update]:
        found = self.updates(act)
        self._hear(self.state.effects)
        self.state.effects.clear()
        self.asked += found
        return found

    def _hear(self, effects: Any) -> None:
        for effect in effects:
            assert isinstance(effect, Sent)
            [part] = [part for part in effect.message.parts if isinstance(part, Media)][:1]
            self.heard.append(part.caption.text if part.caption else part.file.url or "")

    def calls(self, *words: str, **data: Any) -> Handled:
        """A call whose first document has these verbs."""
        self.does("calls", **data)
        return self.plays(*words)

    def plays(self, *words: str, kind: str = "text/xml", status: int = 200) -> Handled:
        """The newest request is answered by these verbs."""
        ack = self.answer(HttpResponse(status, (("Content-Type", kind),), _document(words, kind)))
        assert ack.ok, ack
        [call] = ack.calls
        handled = self.handle(call, "webhook_answer")
        self._take(handled)
        return handled

    def answer(self, answer: HttpResponse | HttpFailure) -> Ack:
        """What the answer to the newest request means; what it makes the fake do by itself is done."""
        before = set(map(id, self.state.outbox))
        ack = platform.read_ack(self.state, (self.asked[-1],), answer, self.now)
        if not ack.ok:
            for call in ack.calls:
                self._take(self.handle(call, "webhook_answer"))
        self.asked += [update for update in self.state.outbox if id(update) not in before]
        return ack

    def _take(self, handled: Handled) -> None:
        self._hear(handled.effects)
        for later in handled.later:
            heapq.heappush(self._planned, (self.now + later.after_s, next(self._order), later))

    def passes(self, seconds: float) -> list[dict[str, str]]:
        """Time passes; what the bot is asked for meanwhile."""
        end, found = self.now + seconds, []
        while self._planned and self._planned[0][0] <= end:
            self.now, _, later = heapq.heappop(self._planned)
            found += self._acts(later.act)  # type: ignore[arg-type]
        self.now = end
        return [fields(update) for update in found]

    @property
    def newest(self) -> tuple[str, str, dict[str, str]]:
        """Kind, path and fields of the newest request."""
        request = platform.request(self.state, (self.asked[-1],), self.now)
        said = fields(self.asked[-1]) if request.body else dict(request.query)
        return self.asked[-1].kind, request.path, said


def _document(words: tuple[str, ...], kind: str) -> bytes:
    text = "".join(words)
    return (f"<Response>{text}</Response>" if kind == "text/xml" else text).encode()
