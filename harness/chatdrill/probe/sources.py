"""Where genuine webhooks come from, and what a forger makes of them: a platform's channel, or a helpdesk's office."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import msgspec

from chatdrill.conformance import House
from chatdrill.conformance.house import Correct
from chatdrill.errors import Unsupported
from chatdrill.model import Accept, Customer, Reply, Text, Write
from chatdrill.seeds import Seed
from chatdrill.serve import Stage
from chatdrill.serve.channel import Office
from chatdrill.wire import Desk, Examinable, Forgery, HttpRequest, Platform, Service, Update

_NOVELTY = "chatdrill.novelty"
_KINDS = ("event", "topic", "type")
"""Fields by which a desk's webhook says what it is about."""
_SIGNED = re.compile("sign|token|secret|auth|hmac|digest")
"""Names of headers that prove something, also where they are another in every request."""
_FORM = "application/x-www-form-urlencoded"
_AGE_S = 7200.0  # a token of Bot Framework is good for an hour
"""Older than any vendor lets a signed webhook get."""


class Source(Protocol):
    """One account. ``other`` is the same account with other secrets: what it signs is forged."""

    state: Any
    other: Any

    @property
    def service(self) -> Service[Any]:
        """The platform or desk."""

    def message(self, number: int, text: str, now: float) -> tuple[tuple[Update, ...], str]:
        """The updates of one message, and the address it is about. Raises ``Unsupported``."""

    def forge(self, genuine: HttpRequest, updates: Sequence[Update], how: Forgery, now: float) -> HttpRequest | None:
        """The same webhook from somebody who does not know the secret, or who kept an old one; ``None`` where nothing in it
        proves who sent it (or when)."""

    def unknown_event(self, like: HttpRequest, to: str, now: float) -> bytes | None:
        """The body of a webhook with an event of a kind that does not exist yet, if somebody can make one."""


class ChannelSource:
    """Customers of a platform write."""

    def __init__(self, stage: Stage, name: str, url: str) -> None:
        self._stage = stage
        channel = stage.channels[name]
        self.service: Platform[Any] = channel.platform
        self.state: Any = channel.state
        self.other: Any = _other(self.service, channel.settings, url, channel.base_url)

    def message(self, number: int, text: str, now: float) -> tuple[tuple[Update, ...], str]:
        """Each by a customer of its own. What the bot is told of them before, in a webhook of its own, is left out."""
        key, phone = f"probe-{number}", f"+1555010{number:04}"
        customer = Customer(key=key, first_name="Anna", last_name="Probe", username=f"probe{number}", phone=phone)
        to = self._stage.join(self.service.name, customer, case="probe", conv=key)
        updates = self.service.encode(self.state, to, Write(parts=(Text(text=text),)), now)
        return tuple(updates)[-self.service.delivery.batch_max :], to

    def forge(self, genuine: HttpRequest, updates: Sequence[Update], how: Forgery, now: float) -> HttpRequest | None:
        """What the other account would sign tells which headers, and which arguments of the address, are the proof."""
        if how == "stale":
            if self.service.delivery.dated:
                return None
            fresh, old = (self.service.request(self.state, updates, now - age_s) for age_s in (0.0, _AGE_S))
            return old if old != fresh else None
        wrong, again = (self.service.request(state, updates, now) for state in (self.other, self.state))
        differing, volatile = _differing(genuine, wrong), _differing(genuine, again)
        proofs = differing - volatile or {name for name in differing if _SIGNED.search(name)}
        if not proofs and genuine.url == wrong.url:
            return None if again.body != genuine.body else _forged_body(genuine, wrong, how)
        kept = tuple(pair for pair in genuine.headers if pair[0].lower() not in proofs)
        given = tuple(pair for pair in wrong.headers if pair[0].lower() in proofs)
        if how == "wrong":
            return HttpRequest(genuine.method, wrong.url, kept + given, genuine.body)
        return HttpRequest(genuine.method, _without_proof(genuine, wrong), kept, genuine.body)

    def unknown_event(self, like: HttpRequest, to: str, now: float) -> bytes | None:  # noqa: ARG002
        """As the platform words it."""
        return self.service.unknown_event(self.state, to, now) if isinstance(self.service, Examinable) else None


class OfficeSource:
    """An agent of a helpdesk writes, in a ticket that ``correct`` (a bot as it should be) has opened at the beginning.

    Raises ``Unsupported`` where a correct bot cannot get one.
    """

    def __init__(self, office: Office, url: str, correct: Correct, now: Callable[[], float]) -> None:
        self.service: Desk[Any] = office.desk
        self.state: Any = office.state
        self.other: Any = _other(office.desk, office.settings, url, office.base_url)
        self._house = house = House(office.desk, correct, office.settings)
        for agent in house.state.seats.values():
            office.desk.hire(office.state, agent.agent)
        house.state, house.now = office.state, now()
        try:
            self._ticket = house.hand_over()
        except (ValueError, KeyError) as error:
            raise Unsupported(f"{office.name}: no ticket could be opened: {error}") from error
        house.act(self._ticket, Accept(agent="bob"))
        house.updates()

    def message(self, number: int, text: str, now: float) -> tuple[tuple[Update, ...], str]:  # noqa: ARG002
        """The agent's answers, all in one ticket."""
        self._house.now = now
        self._house.act(self._ticket, Reply(agent="bob", parts=(Text(text=text),)))
        made = self._house.updates()
        telling = [update for update in made if self._tells_a_reply(update)] or made
        if not telling:
            raise Unsupported(f"no webhook of {self.service.title} tells the bot what an agent writes")
        return (telling[0],), self._ticket

    def _tells_a_reply(self, update: Update) -> bool:
        try:
            told = self._house.bot.read_hook(self._house.request(update))
        except ValueError:
            return False
        return any(each.kind == "reply" for each in told)

    def forge(self, genuine: HttpRequest, updates: Sequence[Update], how: Forgery, now: float) -> HttpRequest | None:  # noqa: ARG002
        """As the desk forges it."""
        try:
            return self.service.forge(self.state, genuine, how, now)
        except Unsupported:
            return None

    def unknown_event(self, like: HttpRequest, to: str, now: float) -> bytes | None:  # noqa: ARG002
        """The genuine body with another word for what it is about, where one of the usual fields has it."""
        try:
            value = msgspec.json.decode(like.body)
        except msgspec.DecodeError:
            return None
        field = next((each for each in _KINDS if isinstance(value, dict) and isinstance(value.get(each), str)), None)
        return None if field is None else msgspec.json.encode({**value, field: _NOVELTY})


def _differing(one: HttpRequest, two: HttpRequest) -> set[str]:
    """The names of the headers in which two webhooks differ."""
    return {name.lower() for name, _ in set(one.headers) ^ set(two.headers)}


def _forged_body(genuine: HttpRequest, wrong: HttpRequest, how: Forgery) -> HttpRequest | None:
    """The same where the proof stands among the fields of a form; ``None`` where there is none."""
    if genuine.body == wrong.body or genuine.content_type != _FORM:
        return None
    if how == "wrong":
        return wrong
    other = parse_qsl(wrong.body.decode(), keep_blank_values=True)
    shared = [pair for pair in parse_qsl(genuine.body.decode(), keep_blank_values=True) if pair in other]
    return HttpRequest(genuine.method, genuine.url, genuine.headers, urlencode(shared).encode())


def _without_proof(genuine: HttpRequest, wrong: HttpRequest) -> str:
    """The address without those arguments that another account would have written otherwise."""
    if genuine.url == wrong.url:
        return genuine.url
    shared = [pair for pair in genuine.query if pair in wrong.query]
    return urlunsplit(urlsplit(genuine.url)._replace(query=urlencode(shared)))


def _other(service: Service[Any], settings: Mapping[str, str], url: str, base_url: str) -> Any:
    """The same account, every secret changed in its last letter, so that it keeps its shape."""
    secret = {each.name for each in service.settings if each.secret}
    changed = {name: _changed(value) if name in secret and value else value for name, value in settings.items()}
    state = service.open(changed, Seed(1).stream("other"))
    state.webhook_url, state.base_url = url, base_url
    return state


def _changed(value: str) -> str:
    return value[:-1] + ("A" if value[-1] != "A" else "B")
