"""Laws of what a desk declares: capabilities, settings, limits, coverage."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from chatdrill.conformance.house import AGENTS, LAWS, House
from chatdrill.conformance.report import expect
from chatdrill.errors import Unsupported, UsageError
from chatdrill.model import (
    Accept,
    AgentAct,
    AgentTyping,
    Close,
    Decline,
    DeleteReply,
    EditReply,
    Elapse,
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

_SAMPLES: dict[str, tuple[AgentAct, ...]] = {
    "accept": (Accept(agent="bob"),),
    "decline": (Decline(agent="bob"),),
    "take_over": (TakeOver(agent="carol"),),
    "reply": (Reply(agent="bob", parts=(Text(text="Hello"),)),),
    "edit_reply": (EditReply(agent="bob", entry_id="?", text="Goodbye"),),
    "delete_reply": (DeleteReply(agent="bob", entry_id="?"),),
    "note": (Note(agent="bob", text="a note"),),
    "agent_typing": (AgentTyping(agent="bob"),),
    "transfer": (Transfer(agent="bob", to_agent="carol"),),
    "set_state": tuple(
        SetState(agent="bob", state=state) for state in ("pending", "snoozed", "solved", "closed", "open")
    ),
    "close": (Close(agent="bob"),),
    "release": (Release(agent="bob"),),
    "reopen": (Reopen(agent="bob"),),
    "set_presence": (SetPresence(agent="bob", presence="away"),),
    "rate": (Rate(agent="", score=5),),
    "elapse": (Elapse(agent="", what="anything"),),
}


def moments(house: House) -> Iterator[str]:
    """A conversation in the queue, with an agent, and over; the same ticket."""
    ticket = house.hand_over()
    yield ticket
    house.act(ticket, Accept(agent="bob"))
    house.act(ticket, Reply(agent="bob", parts=(Text(text="Hello there"),)))
    yield ticket
    house.act(ticket, Close(agent="bob"))
    yield ticket


def tried(house: House, ticket: str, act: AgentAct) -> type[Exception] | None:
    """What trying an act raises, if it raises."""
    if isinstance(act, EditReply | DeleteReply):
        own = house.entries(ticket, "agent")
        act = type(act)(
            **{**{name: getattr(act, name) for name in act.__struct_fields__}, "entry_id": own[-1].id if own else "?"}
        )
    try:
        house.act(ticket, act)
    except (Unsupported, UsageError) as error:
        return type(error)
    return None


@LAWS("What agents can do here is declared, and what they cannot is refused with a reason.")
def acts_are_declared(house: House) -> None:
    able = house.desk.capabilities.acts
    expect(able <= set(_SAMPLES), f"unknown acts: {sorted(able - set(_SAMPLES))}")
    ticket = house.hand_over()
    for tag, acts in _SAMPLES.items():
        if tag not in able:
            expect(
                any(key.partition(".")[0] == tag for key in house.desk.capabilities.lacks),
                f"lacks says nothing of {tag}",
            )
            refused = tried(house, ticket, acts[0])
            expect(refused is Unsupported, f"{tag} is not declared, and trying it gives {refused and refused.__name__}")


@LAWS("A declared act is possible here: at the wrong moment it is refused, at some moment it is known.")
def acts_are_known(house: House) -> None:
    """``elapse`` has a word of the desk's own for what is over, and ``rate`` may need a setting."""
    for tag in sorted(house.desk.capabilities.acts - {"elapse"}):
        outcomes = {tried(place, ticket, act) for act in _SAMPLES[tag] for place, ticket in _moments_apart(house)}
        expect(outcomes - {Unsupported}, f"{tag} is declared, and always refused as unknown")


def _moments_apart(house: House) -> Iterator[tuple[House, str]]:
    """Each moment in a house of its own, so that what is tried at one does not show at the next."""
    for place in range(3):
        other = house.anew()
        for number, ticket in enumerate(moments(other)):
            if number == place:
                yield other, ticket
                break


@LAWS("Settings have a name, a variable of their own, and words of help.")
def settings_are_told(house: House) -> None:
    settings = house.desk.settings
    for name, count in Counter(each.name for each in settings).items():
        expect(count == 1, f"the setting {name} is declared {count} times")
    for env, count in Counter(each.env for each in settings).items():
        expect(env and count == 1, f"the variable {env!r} is declared {count} times")
    for each in settings:
        expect(each.help.strip(), f"the setting {each.name} has no help")


@LAWS("What is emulated is named once, and what is only in part says what is missing.")
def coverage_is_told(house: House) -> None:
    names = Counter(each.name for each in house.desk.coverage)
    expect(names, "nothing is named")
    doubled = sorted(name for name, count in names.items() if count > 1)
    expect(not doubled, f"named more than once: {doubled}")
    for each in house.desk.coverage:
        expect(each.status == "supported" or each.note, f"{each.name} is {each.status}, and nothing says why")


@LAWS("Every limit says where it stands.")
def limits_have_sources(house: House) -> None:
    for limit in house.desk.limits:
        expect(limit.source.strip() and limit.unit.strip(), f"the limit {limit.name} has no unit or no source")


@LAWS("To hire somebody twice changes nothing.")
def hiring_is_idempotent(house: House) -> None:
    before = {key: seat.id for key, seat in house.state.seats.items()}
    for agent in AGENTS:
        house.desk.hire(house.state, agent)
    expect(before == {key: seat.id for key, seat in house.state.seats.items()}, "somebody got another account")
