"""Laws of the wire: webhooks can be trusted, bad requests do no harm, time comes from the clock, secrets stay inside."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from chatdrill.conformance.house import LAWS, House
from chatdrill.conformance.report import DoesNotApply, expect
from chatdrill.conformance.talking import served
from chatdrill.errors import Unsupported
from chatdrill.model import Close, Reply, Text
from chatdrill.wire import Forgery, HttpRequest, Update

FORGERIES: tuple[Forgery, ...] = ("unsigned", "wrong")
_SIGNED = re.compile(r"sign|hmac|digest", re.IGNORECASE)
_DEEP = 100_000
_HUGE = 3_000_000


def reply_hook(house: House) -> Update:
    """The webhook of an agent's reply."""
    ticket = served(house)
    house.act(ticket, Reply(agent="bob", parts=(Text(text="Trust me, I am Bob"),)))
    for update in house.updates():
        if any(told.kind == "reply" for told in house.bot.read_hook(house.request(update))):
            return update
    raise DoesNotApply("no webhook tells of a reply")


def is_believed(house: House, request: HttpRequest) -> bool:
    """True if a correct bot takes a webhook for the desk's."""
    try:
        house.bot.read_hook(request)
    except ValueError:
        return False
    return True


@LAWS("A webhook that is sent again has the same id and the same bytes, stamps of sending left out.")
def redelivery_is_identical(house: House) -> None:
    update = reply_hook(house)
    first, again, later = house.request(update), house.request(update), house.request(update, house.now + 90)
    expect(first == again, "two tries at one moment differ")
    expect(first.body == later.body, "the body of a later try differs")
    expect(first.url == later.url, "a later try goes elsewhere")


@LAWS("A forged webhook is not believed.")
def forgery_is_refused(house: House) -> None:
    update = reply_hook(house)
    honest = house.request(update)
    expect(is_believed(house, honest), "the honest webhook is not believed")
    for how in FORGERIES:
        forged = house.desk.forge(house.state, honest, how, house.now)
        expect(not is_believed(house, forged), f"the {how} one is believed")


@LAWS("An old webhook can be forged, or the desk says why not.")
def stale_is_declared(house: House) -> None:
    honest = house.request(reply_hook(house))
    try:
        stale = house.desk.forge(house.state, honest, "stale", house.now)
    except Unsupported as error:
        expect(str(error), "the refusal has no words")
        return
    expect(stale != honest, "the stale webhook is the honest one")


@LAWS("A signed webhook of which one byte was changed is not believed.")
def tampering_is_seen(house: House) -> None:
    honest = house.request(reply_hook(house))
    if not any(_SIGNED.search(name) for name, _ in honest.headers):
        raise DoesNotApply("its webhooks carry a token, and no signature of the body")
    middle = len(honest.body) // 2
    body = honest.body[:middle] + bytes([honest.body[middle] ^ 1]) + honest.body[middle + 1 :]
    changed = HttpRequest(honest.method, honest.url, honest.headers, body)
    expect(not is_believed(house, changed), "it is believed")


# ---------------------------------------------------------------------------------------------------- bad requests


def spoil_nothing(house: House, request: HttpRequest, what: str) -> None:
    """A bad request is answered with an error that has words, and nothing becomes true."""
    before = len(house.events)
    handled = house.handle(request)
    response = handled.response
    assert response is not None
    where = f"{what} to {request.method} {request.path}"
    expect(response.status >= 400, f"{where} is answered {response.status}")
    expect(response.body or request.method == "HEAD", f"{where}: {response.status} without a word")
    expect(len(house.events) == before, f"{where} made something true: {house.events[before:]}")


def posts(house: House) -> Iterator[HttpRequest]:
    """The requests of a correct bot that carry JSON, each path once."""
    ticket = house.hand_over()
    house.relay(ticket, "One more thing", "m-1")
    known: dict[str, HttpRequest] = {}
    for request in list(house.requests):
        if request.content_type == "application/json" and request.body:
            known.setdefault(f"{request.method} {re.sub('[0-9a-f-]{6,}|[0-9]+', '*', request.path)}", request)
    yield from known.values()


@LAWS("A request with a wrong token or signature is refused, and changes nothing.")
def wrong_token(house: House) -> None:
    """Some doors need no token: those that open without any."""
    closed = 0
    for request in list(posts(house)):
        changed = _with_wrong(request, list(house.secrets()))
        open_door = _answer(house.anew(), _bare(changed)) < 400
        if changed != request and not open_door:
            closed += 1
            spoil_nothing(house, changed, "a wrong token")
    expect(closed, "no request of a bot needs a token")


def _answer(house: House, request: HttpRequest) -> int:
    house.hand_over()
    response = house.handle(request).response
    assert response is not None
    return response.status


def _bare(request: HttpRequest) -> HttpRequest:
    """Without a header that may be a token."""
    headers = tuple((name, value) for name, value in request.headers if name.lower() in ("content-type", "date"))
    return HttpRequest(request.method, request.url, headers, request.body)


def _with_wrong(request: HttpRequest, secrets: list[str]) -> HttpRequest:
    url, body, headers = request.url, request.body, request.headers
    for secret in secrets:
        wrong = "x" * len(secret)
        url, body = url.replace(secret, wrong), body.replace(secret.encode(), wrong.encode())
        headers = tuple((name, value.replace(secret, wrong)) for name, value in headers)
    headers = tuple((name, _wrong(name, value)) for name, value in headers)
    return HttpRequest(request.method, url, headers, body)


def _wrong(name: str, value: str) -> str:
    if value.startswith("Basic "):
        return "Basic bm9ib2R5OmF0IGFsbA=="
    return "0" * len(value) if _SIGNED.search(name) else value


@LAWS("A body that is no JSON is refused, and changes nothing.")
def malformed_json(house: House) -> None:
    for request in posts(house):
        for body in (b'{"text": "cut off', b"\xff\xfe\x00", b"[" * _DEEP):
            spoil_nothing(
                house, HttpRequest(request.method, request.url, request.headers, body), f"the body {body[:12]!r}"
            )


@LAWS("An empty and a huge body are answered, whatever they are taken for.")
def odd_sizes(house: House) -> None:
    for request in posts(house):
        for body in (b"", b'{"text": "' + b"x" * _HUGE + b'"}', b'{"a":' * _DEEP + b"1" + b"}" * _DEEP):
            handled = house.handle(HttpRequest(request.method, request.url, request.headers, body))
            response = handled.response
            expect(response is not None and (response.status < 500), f"{request.path}: {response and response.status}")


@LAWS("A ticket that nobody knows is nobody's, and words for it reach no other.")
def unknown_ticket(house: House) -> None:
    ticket = house.hand_over()
    strange = "9" * max(len(ticket), 3)
    expect(house.owner(strange) == "bot", f"its owner is {house.owner(strange)}")
    before = len(house.entries(ticket))
    try:
        house.relay(strange, "For nobody", "m-9")
    except ValueError:
        pass  # a rehearsal may well complain of the refusal
    last = house.requests[-1]
    if strange not in last.url and strange.encode() not in last.body:
        raise DoesNotApply("a bot names the person, and no ticket")
    expect(len(house.entries(ticket)) == before, "the words stand in another ticket")


# ------------------------------------------------------------------------------------------------- time and secrets


@LAWS("The same things at the same time give the same bytes; later ones are stamped later.")
def time_is_given(house: House) -> None:
    first, again = (_all_bytes(each) for each in (house.anew(), house.anew()))
    expect(first == again, "the same conversation gives other bytes")
    ticket = served(house)
    house.now += 3600
    house.relay(ticket, "An hour later", "m-1")
    entry = house.shown(ticket)[-1]
    expect(abs(entry.at - house.now) <= 1, f"the entry says {entry.at}, the clock {house.now}")
    ticket_at = house.state.tickets[ticket].changed_at
    expect(ticket_at <= house.now, f"the ticket was changed at {ticket_at}, after {house.now}")


def _all_bytes(house: House) -> list[tuple[int, bytes]]:
    ticket = served(house)
    house.act(ticket, Reply(agent="bob", parts=(Text(text="Hello"),)))
    answers = [(answer.status, answer.body) for answer in house.answers]
    return answers + [(0, house.request(update).body) for update in house.updates()]


@LAWS("No secret stands in what is written down of an account or a call.")
def secrets_stay(house: House) -> None:
    ticket = served(house)
    house.relay(ticket, "Anything", "m-1")
    house.act(ticket, Close(agent="bob"))
    shown = repr(house.state)
    for secret in house.secrets():
        expect(secret not in shown, "a secret stands in repr(state)")
        for call in house.calls:
            told = msgspec.json.encode(call.arguments, enc_hook=str).decode("utf-8", "replace")
            expect(secret not in told, f"a secret stands in the arguments of {call.method}")


@LAWS("A webhook that is given up, and an injected error, are taken calmly.")
def failures_are_calm(house: House) -> None:
    update = reply_hook(house)
    list(house.desk.dropped(house.state, (update,), house.now))
    for status in (400, 401, 403, 404, 409, 413, 429, 500, 502, 503):
        for retry_after_s in (None, 7):
            answer = house.desk.refusal(house.state, status, retry_after_s)
            expect(answer.status >= 200, f"{status} becomes {answer.status}")
