"""The bench: a customer for every probe, genuine webhooks and spoiled ones, and the way to the bot."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import msgspec

from chatdrill.clock import Clock
from chatdrill.probe.line import Answer, Deaf, Line
from chatdrill.probe.sources import ChannelSource, Source
from chatdrill.serve import Stage
from chatdrill.serve.heads import request_bytes, target_of
from chatdrill.trace import Called, Recorder
from chatdrill.wire import Chat, Examinable, Exchange, Forgery, HttpFailure, HttpRequest, Update

_LEAST_S = 0.1


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """How long things may take, in real seconds. ``ack_s`` is the vendor's limit for an acknowledgement, ``patience_s`` how long
    an answer is waited for at all, ``stall_s`` how long a slow client may keep others waiting, ``reply_s`` how long a message of
    the bot's is waited for, ``whole_s`` the examination."""

    ack_s: float
    patience_s: float = 8.0
    stall_s: float = 2.0
    reply_s: float = 3.0
    whole_s: float = 50.0


@dataclass(frozen=True)
class Parcel:
    """A genuine webhook. ``to`` is the customer it is about."""

    request: HttpRequest
    updates: tuple[Update, ...]
    to: str


@dataclass
class Memory:
    """What later probes know of earlier ones: acknowledgements in real seconds, parcels by a name, and how long it took until the
    first customer was answered, counted from the beginning (``None``: nobody has waited for that yet)."""

    acks_s: list[float] = field(default_factory=list)
    parcels: dict[str, tuple[Parcel, ...]] = field(default_factory=dict)
    reply_s: float | None = None


class Bench:
    """What probes work with, on one platform or desk of an open stage."""

    def __init__(
        self, stage: Stage, recorder: Recorder, clock: Clock, url: str, source: Source, bounds: Bounds
    ) -> None:
        self.bounds = bounds
        self.memory = Memory()
        self._clock = clock
        self._target = target_of(url)
        self._source = source
        self.service, self.state, self.other = source.service, source.state, source.other
        self.state.asked_at = self.other.asked_at = clock.now()
        if self.state.webhook_url is None or self.service.delivery.registered_by == "owner":
            stage.set_webhook(self.service.name, url)
        self._began = clock.monotonic()
        self._deadline = self._began + bounds.whole_s
        self._made = 0
        self._sample: tuple[Update, ...] = ()
        self._stirred = asyncio.Event()
        recorder.listeners.append(lambda _: self._stirred.set())
        self.calls = 0
        recorder.listen(Called, self._count)

    def _count(self, called: Called) -> None:
        self.calls += called.platform == self.service.name

    # ------------------------------------------------------------------------------------------------- webhooks

    def genuine(self, text: str = "Hello, is anybody there", keep: str | None = None) -> Parcel:
        """The webhook of a message; ``keep`` names it for later probes. Raises ``Unsupported``."""
        self._made += 1
        updates, to = self._source.message(self._made, text, self._clock.now())
        parcel = Parcel(self._carried(updates), updates, to)
        self._sample = updates
        if keep is not None:
            self.memory.parcels[keep] = (*self.memory.parcels.get(keep, ()), parcel)
        return parcel

    def _carried(self, updates: Sequence[Update]) -> HttpRequest:
        return self.service.request(self.state, updates, self._clock.now())

    def together(self, parcels: Sequence[Parcel]) -> HttpRequest:
        """One webhook with the updates of all of them."""
        return self._carried([update for parcel in parcels for update in parcel.updates])

    def signed(self, body: bytes, like: Parcel) -> HttpRequest | None:
        """A webhook that carries any body, rightly signed; ``None`` where nobody knows how."""
        if isinstance(self.service, Examinable):
            return self.service.sign(self.state, body, self._clock.now())
        if len(like.updates) != 1 or like.updates[0].body != like.request.body:
            return None
        return self._carried([dataclasses.replace(like.updates[0], body=body)])

    def forged(self, parcel: Parcel, how: Forgery) -> HttpRequest | None:
        """The same webhook from somebody who does not know the secret, or who kept an old one; ``None`` where nothing in it
        proves who sent it (or when)."""
        return self._source.forge(parcel.request, parcel.updates, how, self._clock.now())

    @property
    def signs_bodies(self) -> bool:
        """True if what proves the sender covers the body too: a signature, and no mere word."""
        one, two = self.genuine("one"), self.genuine("two")
        first = self.forged(one, "unsigned")
        if first is None:
            return False
        shown = [pair for pair in one.request.headers if pair not in first.headers]
        return any(pair not in two.request.headers for pair in shown)

    def unknown_event(self) -> HttpRequest | None:
        """A webhook with an event of a kind that does not exist yet; ``None`` where nobody knows how."""
        like = self.genuine()
        body = self._source.unknown_event(like.request, like.to, self._clock.now())
        return None if body is None else self.signed(body, like)

    # ---------------------------------------------------------------------------------------------- to the bot

    def bytes_of(self, request: HttpRequest, *, version: str = "1.1") -> bytes:
        """The request as it goes over the line, to the address that is examined and no other; some vendors sign in its query."""
        target, asked = self._target, target_of(request.url).path
        query = asked.partition("?")[2]
        if request.method != "GET":
            asked = f"{target.path.partition('?')[0]}?{query}" if query else target.path
        data = request_bytes(request, dataclasses.replace(target, path=asked))
        return data.replace(b" HTTP/1.1\r\n", f" HTTP/{version}\r\n".encode(), 1)

    async def line(self) -> Line:
        """A connection of one's own; raises ``Gone``, ``Deaf``."""
        return await Line.open(self._target, self._clock.monotonic)

    async def send(self, request: HttpRequest, *, timeout_s: float | None = None) -> Answer:
        """One request over one connection; raises ``Gone``."""
        wait_s = self.patience_s if timeout_s is None else min(timeout_s, self.patience_s)
        began = self._clock.monotonic()
        try:
            async with await self.line() as line:
                answer = await line.ask(self.bytes_of(request), wait_s)
        except Deaf as error:
            return Answer(HttpFailure("timeout", str(error)), self._clock.monotonic() - began)
        self._obey(answer)
        return answer

    def _obey(self, answer: Answer) -> None:
        """Do what the bot asks for in its answer, where the vendor does that."""
        if not isinstance(self._source, ChannelSource) or not answer.is_ok or not self._sample:
            return
        now, base_url = self._clock.now(), self.state.base_url
        for call in self.service.read_ack(self.state, self._sample, answer.content, now).calls:
            self.calls += 1
            self.service.handle(self.state, Exchange(call, now, base_url, source="webhook_answer"))
            self._stirred.set()

    def accepts(self, answer: Answer) -> bool:
        """True if the vendor takes the answer for an acknowledgement."""
        if self.service.delivery.success == "200":
            return answer.status == 200
        return answer.is_ok

    def bare(self, method: str) -> HttpRequest:
        """A request without a body and without a signature."""
        return HttpRequest(method, self._url, (("User-Agent", "chatdrill"), ("Accept", "*/*")))

    @property
    def _url(self) -> str:
        return f"{self._target.scheme}://{self._target.host_header}{self._target.path}"

    @property
    def patience_s(self) -> float:
        """How long an answer is waited for, in real seconds: no longer than there is time."""
        return min(self.bounds.patience_s, max(_LEAST_S, self.left_s))

    @property
    def left_s(self) -> float:
        """Real seconds until the examination has to end."""
        return self._deadline - self._clock.monotonic()

    # ------------------------------------------------------------------------------------------ what the bot says

    def replies(self, to: str) -> list[str]:
        """The texts that the bot has sent to a customer so far."""
        chat = self.state.chats.get(to)
        return [] if not isinstance(chat, Chat) else [m.text for m in chat.messages.values() if m.author == "bot"]

    async def first_replies(self) -> list[str]:
        """What the bot has said to the first customer; waited for only once. Agents of a desk are answered by nobody."""
        if not isinstance(self._source, ChannelSource):
            return []
        first, *_ = self.memory.parcels["first"]
        if self.memory.reply_s is None:
            waited_s = self._clock.monotonic() - self._began
            await self.until(lambda: bool(self.replies(first.to)), max(0.0, self.bounds.reply_s - waited_s))
            self.memory.reply_s = self._clock.monotonic() - self._began
        return self.replies(first.to)

    async def until(self, is_so: Callable[[], bool], timeout_s: float) -> bool:
        """True once it is so, by a call of the bot; false after ``timeout_s`` real seconds."""
        try:
            async with asyncio.timeout(min(timeout_s, max(0.0, self.left_s))):
                while not is_so():
                    self._stirred.clear()
                    await self._stirred.wait()
        except TimeoutError:
            pass
        return is_so()


def with_header(request: HttpRequest, name: str, value: str) -> HttpRequest:
    """The request with a header in the place of those of the same name."""
    others = tuple(pair for pair in request.headers if pair[0].lower() != name.lower())
    return msgspec.structs.replace(request, headers=(*others, (name, value)))


def with_body(request: HttpRequest, body: bytes) -> HttpRequest:
    """The request with another body, and whatever length it said corrected."""
    kept = tuple(pair for pair in request.headers if pair[0].lower() != "content-length")
    return HttpRequest(request.method, request.url, kept, body)
