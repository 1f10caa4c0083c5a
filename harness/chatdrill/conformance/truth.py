"""Laws of what a desk says about itself: owners, capabilities, time, chance, settings."""

from __future__ import annotations

from typing import Any

from chatdrill.conformance.law import Law, Make, expect, law
from chatdrill.conformance.trial import NOW, Trial
from chatdrill.errors import Unsupported, UsageError
from chatdrill.model import (
    Accept,
    AgentAct,
    AgentTyping,
    Close,
    Decline,
    DeleteReply,
    EditReply,
    Note,
    Rate,
    Release,
    Reopen,
    Reply,
    SetPresence,
    SetState,
    TakeOver,
    Text,
    Transfer,
)

BOOK: list[Law] = []

_STATUSES = (400, 401, 403, 404, 409, 413, 422, 429, 500, 502, 503)
_ACTS: dict[str, AgentAct] = {
    "accept": Accept(agent="bob"),
    "decline": Decline(agent="bob"),
    "take_over": TakeOver(agent="bob"),
    "reply": Reply(agent="bob", parts=(Text(text="Hello"),)),
    "edit_reply": EditReply(agent="bob", entry_id="unknown", text="Hallo"),
    "delete_reply": DeleteReply(agent="bob", entry_id="unknown"),
    "note": Note(agent="bob", text="psst"),
    "agent_typing": AgentTyping(agent="bob"),
    "transfer": Transfer(agent="bob", to_agent="eve"),
    "set_state": SetState(agent="bob", state="pending"),
    "close": Close(agent="bob"),
    "release": Release(agent="bob"),
    "reopen": Reopen(agent="bob"),
    "set_presence": SetPresence(agent="bob", presence="away"),
    "rate": Rate(agent="", score=5),
}


@law("Whoever accepts owns the ticket, until they close it.", BOOK)
def whoever_accepts_owns(make: Make) -> None:
    trial = make()
    ticket = trial.accepted()
    expect(trial.owner(ticket) == "agent", "an agent has it", trial.owner(ticket))
    held = trial.state.tickets[ticket].assignee
    expect(held == "bob", "Bob has it", held)


@law("A ticket that nobody knows is the bot's, and no agent can do anything with it.", BOOK)
def an_unknown_ticket_is_the_bots(make: Make) -> None:
    trial = make()
    expect(trial.owner("unknown-ticket") == "bot", "the bot has it", trial.owner("unknown-ticket"))
    try:
        trial.act("unknown-ticket", Reply(agent="bob", parts=(Text(text="Hello"),)))
    except UsageError:
        return
    expect(False, "UsageError for a ticket that nobody knows")


@law("Agents can do what the capabilities name, and nothing else; what is missing is explained.", BOOK)
def the_capabilities_are_true(make: Make) -> None:
    can = make().desk.capabilities
    for name, act in _ACTS.items():
        refused = [_is_refused(make(), stage, act) for stage in ("queue", "agent")]
        if name in can.acts:
            expect(not all(refused), f"{name} is among the capabilities, so it is possible somewhere")
        else:
            expect(all(refused), f"{name} is not among the capabilities, so it is Unsupported")
            expect(can.lacks.get(name), f"`lacks` says why there is no {name}", dict(can.lacks))


def _is_refused(trial: Trial, stage: str, act: AgentAct) -> bool:
    """True for what the desk has not at all; what cannot be just now is another matter."""
    ticket = trial.hand_over() if stage == "queue" else trial.accepted()
    try:
        trial.act(ticket, act)
    except Unsupported:
        return True
    except UsageError:
        return False
    return False


@law("The same seed, calls and time give the same events, answers and webhooks.", BOOK)
def the_same_seed_gives_the_same_bytes(make: Make) -> None:
    first, second = _story(make()), _story(make())
    for one, other in zip(first, second, strict=True):
        expect(one == other, "twice the same", (one, other))


def _story(trial: Trial) -> list[Any]:
    ticket = trial.accepted()
    trial.relay(ticket, "Are you there?", "m-1")
    trial.act(ticket, Reply(agent="bob", parts=(Text(text="Yes"),)))
    hooks = trial.hooks()
    trial.act(ticket, Close(agent="bob"))
    return [*trial.events, *trial.answers, *hooks, *trial.hooks()]


@law("All times come from the clock.", BOOK)
def all_times_come_from_the_clock(make: Make) -> None:
    trial = make()
    ticket = trial.accepted()
    stamps = [entry.at for entry in trial.entries(ticket)]
    expect(all(abs(at - NOW) <= 1 for at in stamps), f"entries of {NOW:.0f}", stamps)
    trial.now = NOW + 86_400
    trial.act(ticket, Reply(agent="bob", parts=(Text(text="A day later"),)))
    last = trial.entries(ticket)[-1].at
    expect(abs(last - trial.now) <= 1, f"an entry of {trial.now:.0f}", last)


@law("Every setting has a variable and a word of help; every method of the coverage has one row.", BOOK)
def the_declarations_are_whole(make: Make) -> None:
    desk = make().desk
    bare = [each.name for each in desk.settings if not each.help or not each.env]
    expect(not bare, "every setting has `env` and `help`", bare)
    names = [row.name for row in desk.coverage]
    expect(len(names) == len(set(names)), "no row twice", sorted({name for name in names if names.count(name) > 1}))
    unproven = [row.name for row in desk.coverage if row.status == "supported" and not row.proof]
    expect(not unproven, "whatever is supported names its proof", unproven)


@law("An injected error has the status that was asked for, and a webhook that is given up hurts nobody.", BOOK)
def faults_have_the_vendors_words(make: Make) -> None:
    trial = make()
    for status in _STATUSES:
        response = trial.desk.refusal(trial.state, status, 7)
        expect(response.status >= 400 or response.body, f"an answer like {status}", response)
    ticket = trial.accepted()
    trial.act(ticket, Reply(agent="bob", parts=(Text(text="Hello"),)))
    for update in trial.updates():
        trial.desk.dropped(trial.state, (update,), trial.now)
