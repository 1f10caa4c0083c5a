"""An account on a messenger with one customer and a bot that calls as its sheet says: what the laws drive."""

from __future__ import annotations

import json
import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal, cast
from urllib.parse import parse_qsl, urlencode

import msgspec

from chatdrill.conformance.mails import mail_of, values_in
from chatdrill.conformance.report import Broken, Laws, expect
from chatdrill.conformance.samples import BY_ENDING, FILES, TYPES
from chatdrill.model import Act, Customer, Media, Message, Sent, Write
from chatdrill.seeds import Seed
from chatdrill.wire import Deliver, Exchange, Fetch, Fetched, Handled, HttpRequest, HttpResponse, Platform, Update
from chatdrill.wire.files import describe
from chatdrill.wire.sheets import Ask, Golden, Happens, Refused, Sheet, Step
from chatdrill.wire.smtp import MAIL_TYPE
from chatdrill.wire.xml import read_xml

WEBHOOK = "http://127.0.0.1:9090/webhook"
_OF_HEADER = "header "
_WORD = re.compile(r"(?<!\{)\{(\w+)\}(?!\})")
_BOUNDARY = "chatdrill-conformance"
_FORM = "application/x-www-form-urlencoded"
_JSON = ("Content-Type", "application/json")
_SECRET_MIN = 8
"""Characters: shorter values stand in any text by chance."""


class Scene:
    """``now`` is what the clock shows, ``to`` the customer's address, ``words`` what the braces of the sheet stand for.

    ``effort`` is how many times as much is drawn as usual. ``handled`` is what became of every call, ``told`` every update, in
    order; ``shown`` what examples show beside their names.
    """

    def __init__(
        self, platform: Platform[Any], sheet: Sheet, settings: Mapping[str, str] | None = None, effort: int = 1
    ) -> None:
        known = {each.name: each.default for each in platform.settings}
        calm = {"rate_limits": "no"} if "rate_limits" in known else {}
        self.platform, self.sheet, self.effort, self._given = platform, sheet, effort, settings or {}
        self.settings = {**known, **calm, **sheet.settings, **self._given}
        self.now = sheet.now
        self.base = f"http://127.0.0.1:8080/{platform.name}"
        self.state = platform.open(self.settings, Seed(7).stream(platform.name))
        webhook = sheet.webhook or WEBHOOK
        self.state.base_url, self.state.webhook_url = self.base, webhook
        self.to = platform.join(self.state, sheet.customer, 0.0)
        self.handled: list[Handled] = []
        self.told: list[Update] = []
        self.shown: set[str] = set()
        self.words: dict[str, str] = {**self.settings, "to": self.to, "base": self.base, "webhook": webhook}
        self.take(sheet.opening)

    def anew(self, settings: Mapping[str, str] | None = None) -> Scene:
        """Another account, as fresh as this one was, perhaps with other ``settings``."""
        return Scene(self.platform, self.sheet, {**self._given, **(settings or {})}, self.effort)

    def forger(self) -> Scene:
        """The same account with other secrets."""
        secret = [each.name for each in self.platform.settings if each.secret]
        return self.anew({name: self.settings[name][::-1] for name in secret})

    def secrets(self) -> list[str]:
        """The values of the secret settings."""
        found = (self.settings[each.name] for each in self.platform.settings if each.secret)
        return [value for value in found if len(value) >= _SECRET_MIN]

    def arranged(self, golden: Golden) -> None:
        """Change the fresh account as a golden payload needs it."""
        if golden.arrange is not None:
            self.to = self.words["to"] = golden.arrange(self.state, self.to)

    # ----------------------------------------------------------------------------------------------------- steps

    def take(self, steps: Iterable[Step]) -> None:
        """Let things happen, one after the other; a call that is refused is a broken law."""
        for step in steps:
            if isinstance(step, Ask):
                self.ask(step)
            else:
                self.happens(step)

    def filled(self, value: Any) -> Any:
        """A value of the sheet with its words filled in."""
        if isinstance(value, str):
            words = {**self.words, "now": str(int(self.now))}
            return _WORD.sub(lambda word: words.get(word[1], word[0]), value) if "{" in value else value
        if isinstance(value, Mapping):
            return {self.filled(key): self.filled(each) for key, each in value.items()}
        if isinstance(value, list | tuple):
            return [self.filled(each) for each in value]
        return value

    def happens(self, step: Act | Happens) -> list[Update]:
        """An act; what the bot is told of it. Raises what the platform raises."""
        step = step if isinstance(step, Happens) else Happens(step)
        self.take(step.after)
        to = self._other(step.who) if step.who else self.to
        updates = list(self.platform.encode(self.state, to, self.act(step.act), self._at(to)))
        for update in updates:
            self.state.outbox.put(update)
        self.told += updates
        if to == self.to:
            self._remember()
        if step.keeps:
            expect(updates, f"the bot is told nothing of {step.act}")
            self._keep(step.keeps, body_of(updates[0]))
        return updates

    def _other(self, key: str) -> str:
        if key not in self.words:
            self.words[key] = self.platform.join(self.state, _another(self.sheet, key), 0.0)
        return self.words[key]

    def _at(self, to: str) -> float:
        chat = self.state.chats.get(to)
        return float(self.now if chat is None else chat.at(self.now))

    def act(self, act: Act) -> Act:
        """An act of the sheet with its words filled in and its files at hand."""
        made: Act = msgspec.convert(self.filled(msgspec.to_builtins(act)), Act)
        if isinstance(made, Write):
            made = msgspec.structs.replace(made, parts=tuple(self._with_bytes(part) for part in made.parts))
        return made

    def _with_bytes(self, part: Any) -> Any:
        if not isinstance(part, Media) or part.file.sha256:
            return part
        file = describe(FILES[part.kind], self.state.blobs, name=part.file.name)
        return msgspec.structs.replace(part, file=file)

    def _remember(self) -> None:
        for message in reversed(self._messages()):
            if message.author == "customer":
                self.words["mine"] = message.ids[0]
                return

    def _messages(self) -> list[Message]:
        return list(self.state.chats[self.to].messages.values())

    def _keep(self, keeps: Mapping[str, str], value: Any) -> None:
        for name, place in keeps.items():
            self.words[name] = str(at(value, place))

    # ----------------------------------------------------------------------------------------------------- calls

    def ask(self, ask: Ask) -> Handled:
        """A call that must be answered well, with all that comes before it."""
        handled = self.tries(ask)
        response = handled.response
        assert response is not None
        good = response.status < 400 and (handled.call is None or handled.call.ok)
        expect(good, f"{ask.method} {ask.path} {short(ask.body)} is answered {response.status} {short(response.body)}")
        of_body = {name: place for name, place in ask.keeps.items() if not place.startswith(_OF_HEADER)}
        for name in ask.keeps.keys() - of_body.keys():
            self.words[name] = response.header(ask.keeps[name].removeprefix(_OF_HEADER)) or ""
        if of_body:
            self._keep(of_body, msgspec.json.decode(response.body))
        for effect in handled.effects:
            if isinstance(effect, Sent) and effect.to == self.to:
                self.words["sent"] = effect.message.ids[-1]
        return handled

    def tries(self, ask: Ask) -> Handled:
        """A call, whatever comes of it."""
        self.take(ask.after)
        self.now += ask.wait_s
        return self._answer(ask) if ask.answers else self.handle(self.request(ask))

    def _answer(self, ask: Ask) -> Handled:
        """What becomes of words in the bot's answer to the customer's last webhook."""
        update = next(update for update in reversed(self.told) if update.to == self.to and update.hook is None)
        answer = HttpResponse(200, ask.headers or (), self.filled(ask.answers).encode())
        calls = self.platform.read_ack(self.state, (update,), answer, self.now).calls
        expect(calls, f"nothing comes of the answer {short(ask.answers)}")
        return [self.handle(call, "webhook_answer") for call in calls][-1]

    def request(self, ask: Ask) -> HttpRequest:
        """The request of a call."""
        url = self.filled(ask.path).removeprefix(self.base)
        headers = tuple(
            (name, coded(self.filled(value)))
            for name, value in (self.sheet.headers if ask.headers is None else ask.headers)
        )
        if ask.files:
            kind = ("Content-Type", f"multipart/form-data; boundary={_BOUNDARY}")
            return HttpRequest(ask.method, url, (*headers, kind), self._multipart(ask))
        if ask.body is None:
            return HttpRequest(ask.method, url, headers)
        if isinstance(ask.body, bytes):
            return HttpRequest(ask.method, url, (*headers, ("Content-Type", "application/octet-stream")), ask.body)
        return written(HttpRequest(ask.method, url, headers), self.filled(ask.body))

    def _multipart(self, ask: Ask) -> bytes:
        chunks = []
        for name, value in self.filled(ask.body or {}).items():
            text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
            chunks.append(_segment(f'name="{name}"', text.encode()))
        for name, (filename, kind) in ask.files.items():
            head = f'name="{name}"; filename="{filename}"\r\nContent-Type: {TYPES[kind]}'
            chunks.append(_segment(head, FILES[kind]))
        return b"".join(chunks) + f"--{_BOUNDARY}--\r\n".encode()

    def handle(self, request: HttpRequest, source: Literal["http", "webhook_answer"] = "http") -> Handled:
        """What becomes of a request; addresses that the platform wants to read have a sample, by their ending."""
        exchange = Exchange(request, self.now, self.base, source)
        handled = self.platform.handle(self.state, exchange)
        for _ in range(_WAITS_MAX):
            if handled.wait is None:
                break
            if isinstance(handled.wait, Fetch):
                found = {url: self._fetched(url) for url in handled.wait.urls}
                found |= {asked.url: Fetched(status=200) for asked in handled.wait.requests}
                exchange = msgspec.structs.replace(exchange, fetched={**exchange.fetched, **found})
            elif isinstance(handled.wait, Deliver):
                self.platform.read_ack(self.state, handled.wait.updates, HttpResponse(200), self.now)
                exchange = msgspec.structs.replace(exchange, resumed=handled.wait)
            else:
                exchange = msgspec.structs.replace(exchange, resumed=handled.wait, timed_out=True)
            handled = self.platform.handle(self.state, exchange)
        expect(handled.response is not None, f"{request.method} {request.path} is never answered")
        self.handled.append(handled)
        return handled

    def _fetched(self, url: str) -> Fetched:
        if self.sheet.fetched is not None and (found := self.sheet.fetched(url)).error is None:
            return found
        kind = BY_ENDING.get(url.partition("?")[0].rpartition(".")[2].lower())
        return Fetched(error="status 404") if kind is None else Fetched(FILES[kind], TYPES[kind])

    def play(self, handled: Handled) -> list[Update]:
        """What the platform does by itself after a call; what the bot is told of it."""
        found: list[Update] = []
        for later in handled.later:
            at = self._at(later.to) + later.after_s
            found += self.platform.encode(self.state, later.to, cast(Act, later.act), at)  # agents act at desks only
        self.told += found
        return found

    # ------------------------------------------------------------------------------------------------------ hooks

    def webhook(self, *updates: Update, now: float | None = None) -> HttpRequest:
        """The webhook that carries updates."""
        return self.platform.request(self.state, updates, self.now if now is None else now)

    def believes(self, request: HttpRequest, now: float | None = None) -> bool:
        """True if a correct bot takes a webhook for the vendor's."""
        environment = self.platform.environment(self.state, self.base)
        return bool(self.sheet.believes(environment, request, self.now if now is None else now))


LAWS: Laws[Scene] = Laws()
"""All laws of a messenger."""

_WAITS_MAX = 4


def _segment(head: str, content: bytes) -> bytes:
    return f"--{_BOUNDARY}\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode() + content + b"\r\n"


def _another(sheet: Sheet, key: str) -> Customer:
    """Another person for the same account."""
    return msgspec.structs.replace(sheet.customer, key=key, first_name=key.title(), username=None, phone="+48601222333")


def written(request: HttpRequest, body: Any) -> HttpRequest:
    """A request with this body: a form or a mail if its headers say so, else JSON."""
    if request.content_type == MAIL_TYPE:
        return msgspec.structs.replace(request, body=mail_of(body))
    if request.content_type == _FORM and isinstance(body, Mapping):
        pairs = {key: value for key, value in body.items() if value is not None}
        return msgspec.structs.replace(request, body=urlencode(pairs, doseq=True, errors="replace").encode())
    try:
        content = msgspec.json.encode(body)
    except (UnicodeEncodeError, OverflowError):  # half of a surrogate, which some clients write
        content = json.dumps(body).encode()
    return msgspec.structs.replace(request, headers=(*request.headers, _JSON), body=content)


def coded(header: str) -> str:
    """``Basic user:password`` as it goes over the wire."""
    scheme, _, words = header.partition(" ")
    return f"Basic {b64encode(words.encode()).decode()}" if scheme == "Basic" and ":" in words else header


def decoded(header: str) -> str:
    """The opposite of ``coded``; any other header as it is."""
    scheme, _, words = header.partition(" ")
    return f"Basic {b64decode(words).decode()}" if scheme == "Basic" else header


def body_of(update: Update) -> Any:
    """What an update says: JSON, XML, the fields of a form, or a mail."""
    if update.body[:1] == b"<":
        return read_xml(update.body)[1]
    try:
        return msgspec.json.decode(update.body)
    except msgspec.DecodeError:
        is_mail = b"\r\n\r\n" in update.body
        return values_in(update.body) if is_mail else dict(parse_qsl(update.body.decode(), keep_blank_values=True))


def at(value: Any, place: str) -> Any:
    """What stands at a place (``result.0.id``); raises ``Broken``."""
    for step in place.split(".") if place else ():
        try:
            value = value[int(step)] if isinstance(value, list) else value[step]
        except (KeyError, IndexError, TypeError, ValueError):
            raise Broken(f"nothing stands at {place} in {short(value)}") from None
    return value


def put(value: Any, place: str, new: Any) -> Any:
    """A copy of a value with something else at a place, which need not be there."""
    step, _, rest = place.partition(".")
    if isinstance(value, list | tuple):
        items = list(value)
        items[int(step)] = put(items[int(step)], rest, new) if rest else new
        return items
    old = value.get(step, {}) if isinstance(value, Mapping) else {}
    return {**(value or {}), step: put(old, rest, new) if rest else new}


def leaves(value: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """Every value that is no list or object, with its place; JSON in a string is looked into."""
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            value = msgspec.json.decode(value)
        except (msgspec.DecodeError, RecursionError):
            pass
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield from leaves(each, f"{place}.{key}" if place else str(key))
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from leaves(each, f"{place}.{number}" if place else str(number))
    else:
        yield place, value


def mismatch(scene: Scene, expected: Refused, response: HttpResponse) -> str | None:
    """What is wrong with a refusal, or ``None``."""
    if response.status != expected.status:
        return f"{response.status} {short(response.body)}, not {expected.status}"
    for name, value in expected.headers.items():
        if response.header(name) != scene.filled(value):
            return f"the header {name} is {response.header(name)!r}, not {value!r}"
    if expected.body is None:
        return None
    got = msgspec.json.decode(response.body)
    for place, value in leaves(scene.filled(expected.body)):
        try:
            found = at(got, place)
        except Broken:
            return f"{place} is missing in {short(response.body)}"
        same = found.startswith(value[:-3]) if isinstance(value, str) and value.endswith("...") else found == value
        if not same:
            return f"{place} is {found!r}, not {value!r}"
    return None


def short(value: Any) -> str:
    """A value for a message."""
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    return text if len(text) <= 200 else f"{text[:200]}..."
