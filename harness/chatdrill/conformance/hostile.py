"""Laws of what a broken bot, or somebody who is no friend, may do."""

from __future__ import annotations

from collections.abc import Iterator

from chatdrill.conformance.law import Law, Make, expect, law
from chatdrill.conformance.trial import ANN, SAID, Trial
from chatdrill.errors import Unsupported
from chatdrill.model import EntryAdded, Reply, Text, TicketOpened
from chatdrill.wire import Forgery, HttpRequest

BOOK: list[Law] = []

_BODIES = (
    b"", b"{", b"null", b"[]", b'"text"', b"\xff\xfe\x00", b"[" * 50_000, b'{"a":' * 20_000, b"x" * 2_000_000,
    b'{"content": 1, "message": [], "text": {}, "MESSAGES": 5, "conversation": null}',
)  # fmt: skip
_FORGERIES: tuple[Forgery, ...] = ("unsigned", "wrong")


@law("A bot with the wrong secrets opens no ticket.", BOOK)
def nobody_gets_in_without_the_secrets(make: Make) -> None:
    trial = make()
    secret = {each.env for each in trial.desk.settings if each.secret}
    wrong = {name: "x" * len(value) if name in secret else value for name, value in trial.environment.items()}
    try:
        trial.stranger(wrong).hand_over(trial.call, ANN, SAID)
    except (ValueError, KeyError):
        pass
    opened = [event for event in trial.events if isinstance(event, TicketOpened)]
    expect(not opened, "no ticket", opened)
    expect(any(answer.status in (400, 401, 403, 404) for answer in trial.answers), "an error", trial.answers)


@law("What is said in a ticket that does not exist stands nowhere.", BOOK)
def an_unknown_ticket_takes_no_words(make: Make) -> None:
    trial = make()
    trial.hand_over()
    trial.events.clear()
    try:
        answer = trial.relay("999999999", "Is anybody there?", "m-1")
    except (ValueError, KeyError):
        return
    added = [event for event in trial.events if isinstance(event, EntryAdded)]
    expect(answer.status >= 400 or not added or _is_addressed_by_person(trial), "an error, or nothing", answer)


def _is_addressed_by_person(trial: Trial) -> bool:
    """Where the bot names the person and never the ticket, an unknown one cannot be named."""
    return all(b"999999999" not in request.body and "999999999" not in request.url for request in trial.sent[-1:])


@law("Whatever a bot sends is answered; nothing is raised, and nothing of it becomes true.", BOOK)
def nothing_a_bot_sends_raises(make: Make) -> None:
    trial = make()
    ticket = trial.accepted()
    trial.relay(ticket, "Hello", "m-1")
    for request in tuple(trial.sent):
        for bad in _worse(request):
            response = trial.call(bad)
            expect(100 <= response.status < 600, f"an answer to {bad.method} {bad.path}", response)


def _worse(request: HttpRequest) -> Iterator[HttpRequest]:
    for body in _BODIES:
        yield HttpRequest(request.method, request.url, request.headers, body)
    yield HttpRequest("BREW", request.url, request.headers, request.body)
    yield HttpRequest(request.method, f"{request.url}/%00%ff/x?a[]=1&a[]=2&=", request.headers, request.body)
    yield HttpRequest(request.method, request.url, (), request.body)


@law("A webhook that was not signed by the desk is not believed.", BOOK)
def a_forged_webhook_is_not_believed(make: Make) -> None:
    trial = make()
    ticket = trial.accepted()
    trial.act(ticket, Reply(agent="bob", parts=(Text(text="Hello"),)))
    request = trial.hooks()[0]
    for how in _FORGERIES:
        try:
            forged = trial.desk.forge(trial.state, request, how, trial.now)
        except Unsupported:
            continue
        try:
            told = trial.bot.read_hook(forged)
        except ValueError:
            continue
        expect(False, f"ValueError for a webhook that is {how}", told)


@law("No secret stands in the record of a call.", BOOK)
def no_secret_is_recorded(make: Make) -> None:
    trial = make()
    trial.relay(trial.accepted(), "Hello", "m-1")
    secret = {trial.environment.get(each.env, "") for each in trial.desk.settings if each.secret}
    for call in trial.calls:
        leaked = [value for value in secret if len(value) > 7 and value in repr(call.arguments)]
        expect(not leaked, f"nothing secret in the arguments of {call.method}", leaked)
