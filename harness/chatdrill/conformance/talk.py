"""Laws of what is said: from the customer to the agent and back, nothing lost, repeated or taken for something else."""

from __future__ import annotations

from hashlib import sha256

from chatdrill.conformance.law import Law, Make, expect, law
from chatdrill.conformance.trial import ANN, SAID, Trial
from chatdrill.model import Close, EntryAdded, Note, Reply, Text, TicketClosed, TicketOpened
from chatdrill.wire import Upload

BOOK: list[Law] = []

# A family, a flag, Arabic, a combining accent, and a letter outside the basic plane.
_EXTREMES = "👩‍👩‍👧 🇵🇱 مرحبا e\u0301 𝄞 <b>&amp;</b> \"quoted\""
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"


def _said_by(trial: Trial, ticket: str, author: str) -> list[str]:
    return [entry.text for entry in trial.entries(ticket) if entry.author == author and entry.public]


@law("A handover makes one ticket, known by the person's key, and the queue has it.", BOOK)
def a_handover_makes_one_ticket_in_the_queue(make: Make) -> None:
    trial = make()
    ticket = trial.hand_over()
    opened = [event for event in trial.events if isinstance(event, TicketOpened)]
    expect([event.ticket for event in opened] == [ticket], f"one ticket, {ticket}", opened)
    keys = {key for event in trial.events for key in getattr(event, "keys", ())}
    expect(any(ANN.key in key for key in keys), f"the person's key {ANN.key} is among the contact's", keys)
    expect(trial.owner(ticket) == "queue", "the queue has it", trial.owner(ticket))


@law("What was said before stands in the ticket once and in order.", BOOK)
def the_history_is_there_once_and_in_order(make: Make) -> None:
    trial = make()
    ticket = trial.hand_over()
    whole = "\n".join(entry.text for entry in trial.entries(ticket))
    places = [whole.find(text) for _, text in SAID]
    expect(-1 not in places and places == sorted(places), "every line, in order", whole)
    expect(all(whole.count(text) == 1 for _, text in SAID), "every line once", whole)


@law("A burst of the customer's messages stands in the ticket in order, each once.", BOOK)
def a_burst_is_relayed_in_order(make: Make) -> None:
    trial = make()
    ticket = trial.accepted()
    for number in range(5):
        answer = trial.relay(ticket, f"line {number}", f"m-{number}")
        expect(answer.status < 300, "the relay is taken", answer)
    lines = [text for text in _said_by(trial, ticket, "customer") if text.startswith("line ")]
    expect(lines == [f"line {number}" for number in range(5)], "five lines in order", lines)


@law("Every script and emoji arrives as it was written.", BOOK)
def no_letter_is_lost(make: Make) -> None:
    trial = make()
    ticket = trial.accepted()
    trial.relay(ticket, _EXTREMES, "m-1")
    said = _said_by(trial, ticket, "customer")
    expect(_EXTREMES in said, f"{_EXTREMES!r} is among the customer's words", said[-1:])
    trial.act(ticket, Reply(agent="bob", parts=(Text(text=_EXTREMES),)))
    told = [one.text for one in trial.told() if one.kind == "reply"]
    expect(told == [_EXTREMES], f"the bot is told {_EXTREMES!r}", told)


@law("A file keeps its bytes.", BOOK)
def a_file_keeps_its_bytes(make: Make) -> None:
    trial = make()
    ticket = trial.accepted()
    trial.file = PNG
    answer = trial.bot.relay_file(trial.call, ticket, ANN, Upload("file", "shoe.png", "image/png", PNG), "m-1")
    expect(answer.status < 300, "the file is taken", answer)
    found = [file.sha256 for entry in trial.entries(ticket) for file in entry.files]
    expect(found == [sha256(PNG).hexdigest()], "one file with the same digest", found)


@law("An agent's reply is told once, with its words.", BOOK)
def a_reply_is_told_once(make: Make) -> None:
    trial = make()
    ticket = trial.accepted()
    events = trial.act(ticket, Reply(agent="bob", parts=(Text(text="Hello, Bob here."),)))
    added = [event for event in events if isinstance(event, EntryAdded) and event.entry.author == "agent"]
    expect(len(added) == 1, "one entry of the agent's", events)
    told = [(one.ticket, one.text) for one in trial.told() if one.kind == "reply"]
    expect(told == [(ticket, "Hello, Bob here.")], "one reply in this ticket", told)


@law("A private note is never told as a reply.", BOOK)
def a_note_is_no_reply(make: Make) -> None:
    trial = make()
    ticket = trial.accepted()
    if "note" not in trial.desk.capabilities.acts:
        return
    trial.act(ticket, Note(agent="bob", text="a difficult customer"))
    told = [one for one in trial.told() if one.kind == "reply"]
    expect(not told, "no reply", told)
    public = [entry.text for entry in trial.entries(ticket) if entry.public]
    expect(not any("difficult" in text for text in public), "the note is private", public)


@law("When the agent closes, the ticket is said to be closed, the bot is told, and no person has it.", BOOK)
def closing_ends_the_human_part(make: Make) -> None:
    trial = make()
    ticket = trial.accepted()
    trial.act(ticket, Reply(agent="bob", parts=(Text(text="All done."),)))
    trial.updates()
    events = trial.act(ticket, Close(agent="bob"))
    expect(any(isinstance(event, TicketClosed) for event in events), "the ticket is closed", events)
    expect(trial.owner(ticket) in ("bot", "none"), "nobody of the desk has it", trial.owner(ticket))
    kinds = [one.kind for one in trial.told()]
    expect("closed" in kinds, "the bot is told of the end", kinds)


@law("A webhook that comes again has the same bytes, and the same id.", BOOK)
def a_redelivery_is_the_same(make: Make) -> None:
    trial = make()
    ticket = trial.accepted()
    trial.act(ticket, Reply(agent="bob", parts=(Text(text="Hello"),)))
    update, *_ = trial.updates()
    first = trial.desk.request(trial.state, (update,), trial.now)
    again = trial.desk.request(trial.state, (update,), trial.now)
    expect(first == again, "at the same moment, the same request", (first, again))
    later = trial.desk.request(trial.state, (update,), trial.now + 60)
    one, other = ([told.entry_id for told in trial.bot.read_hook(request)] for request in (first, later))
    expect(one == other, "a minute later, the same ids", (one, other))
