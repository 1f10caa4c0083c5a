"""Laws of a conversation: it is handed over, people talk, and it ends."""

from __future__ import annotations

import hashlib
import re

from chatdrill.conformance.house import HISTORY, LAWS, PERSON, House
from chatdrill.conformance.report import DoesNotApply, expect
from chatdrill.model import Accept, Accepted, Close, ContactFiled, Entry, Note, Reply, Text, TicketClosed, TicketOpened
from chatdrill.wire import Told, Upload

EXTREMES = (
    "Zażółć gęślą jaźń",
    "👩‍👩‍👧‍👦 🏳️‍🌈 👍🏽",
    "مرحبا بالعالم",
    "e\u0301 against é",
    "two\nlines",
    "a & b < c > d \"e\" 'f' \\g",
    "日本語 한국어 𝒳",
    "100 % {{name}} $1 %s",
)
BURST = 25


def served(house: House) -> str:
    """A ticket that Bob has accepted; the webhooks so far are gone."""
    ticket = house.hand_over()
    house.act(ticket, Accept(agent="bob"))
    house.updates()
    return ticket


def said(house: House, kind: str) -> list[Told]:
    """What the bot is told of this kind."""
    return [told for told in house.told() if told.kind == kind]


@LAWS("A handover makes one ticket, filed under the person.")
def one_ticket(house: House) -> None:
    ticket = house.hand_over()
    opened = [event for event in house.events if isinstance(event, TicketOpened)]
    expect([event.ticket for event in opened] == [ticket], f"tickets opened: {[event.ticket for event in opened]}")
    keys = {key for event in house.events if isinstance(event, ContactFiled | TicketOpened) for key in event.keys}
    known = {PERSON.key, PERSON.phone, PERSON.email}
    expect(any(own and own in key for own in known for key in keys), f"no key of the person among {sorted(keys)}")


@LAWS("After a handover the queue owns the conversation.")
def queue_owns(house: House) -> None:
    ticket = house.hand_over()
    expect(house.owner(ticket) == "queue", f"the owner is {house.owner(ticket)}")


@LAWS("The history stands in the ticket once, in order, each line on its side.")
def history_arrives(house: House) -> None:
    ticket = house.hand_over()
    entries, place = in_order(house.shown(ticket)), (-1, -1)
    for author, words in HISTORY:
        holders = [(number, entry) for number, entry in enumerate(entries) if words in entry.text]
        expect(len(holders) == 1, f"{words!r} stands in {len(holders)} entries")
        number, entry = holders[0]
        here = (number, entry.text.index(words))
        expect(here > place, f"{words!r} stands before what was said earlier")
        alone = entry.text.strip() == words
        expect(not alone or entry.author == author, f"{words!r} stands as the {entry.author}'s")
        place = here


def in_order(entries: list[Entry]) -> list[Entry]:
    """As agents read them: by the times of writing, where the bot stated all of them."""
    if all(entry.origin_at is not None for entry in entries):
        return sorted(entries, key=lambda entry: entry.origin_at or 0.0)
    return entries


@LAWS("Who accepts owns the conversation.")
def accepting_owns(house: House) -> None:
    ticket = house.hand_over()
    events = house.act(ticket, Accept(agent="bob"))
    expect(house.owner(ticket) == "agent", f"the owner is {house.owner(ticket)}")
    expect(any(isinstance(event, Accepted) and event.agent == "bob" for event in events), f"events: {events}")
    expect(house.state.tickets[ticket].assignee == "bob", f"assigned to {house.state.tickets[ticket].assignee}")


@LAWS("An agent's reply is told once, with the same words, as a reply.")
def reply_told(house: House) -> None:
    ticket = served(house)
    house.act(ticket, Reply(agent="bob", parts=(Text(text="Good morning, Bob here"),)))
    found = said(house, "reply")
    expect(len(found) == 1, f"told {len(found)} replies")
    expect(found[0].text == "Good morning, Bob here", f"the words are {found[0].text!r}")
    expect(found[0].ticket == ticket, f"it is about {found[0].ticket}, not {ticket}")


@LAWS("A private note is never told as a reply.")
def note_stays(house: House) -> None:
    ticket = served(house)
    house.act(ticket, Note(agent="bob", text="a private matter"))
    found = [told for told in house.told() if told.kind == "reply" or (told.kind != "note" and "private" in told.text)]
    expect(not found, f"told {found}")


@LAWS("The end of the human part is an event and is told, and no agent owns the conversation any more.")
def closing_returns(house: House) -> None:
    ticket = served(house)
    events = house.act(ticket, Close(agent="bob"))
    expect(any(isinstance(event, TicketClosed) for event in events), f"events: {events}")
    expect(house.owner(ticket) in ("bot", "none"), f"the owner is {house.owner(ticket)}")
    expect(said(house, "closed"), "the bot is not told")


@LAWS("What is relayed in a burst stands in the ticket once each, in order.")
def burst_arrives(house: House) -> None:
    ticket = served(house)
    words = [f"burst number {number:03}" for number in range(BURST)]
    for number, text in enumerate(words):
        status = house.relay(ticket, text, f"m-{number}").status
        expect(status < 300, f"{text!r} is answered {status}")
    shown = [found for entry in house.shown(ticket) for found in re.findall(r"burst number \d{3}", entry.text)]
    expect(shown == words, f"the ticket shows {shown}")


@LAWS("Any text survives, whatever signs are in it.")
def any_text_survives(house: House) -> None:
    ticket = served(house)
    for number, text in enumerate(EXTREMES):
        expect(house.relay(ticket, text, f"x-{number}").status < 300, f"{text!r} is refused")
        expect(house.shown(ticket)[-1].text == text, f"{text!r} became {house.shown(ticket)[-1].text!r}")


@LAWS("Any text of an agent's survives, whatever signs are in it.")
def any_reply_survives(house: House) -> None:
    ticket = served(house)
    for text in EXTREMES:
        house.act(ticket, Reply(agent="bob", parts=(Text(text=text),)))
        heard = [told.text for told in said(house, "reply")]
        expect(heard == [text], f"{text!r} became {heard}")


@LAWS("A file reaches the agents with the same bytes.")
def file_arrives(house: House) -> None:
    ticket = served(house)
    content = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
    upload = house.files["shoe.png"] = Upload("file", "shoe.png", "image/png", content)
    status = house.bot.relay_file(house.call, ticket, PERSON, upload, "m-file").status
    expect(status < 300, f"the file is answered {status}")
    wanted = hashlib.sha256(content).hexdigest()
    hashes = {file.sha256 for entry in house.entries(ticket) for file in entry.files}
    expect(wanted in hashes, f"files in the ticket: {sorted(hashes)}")
    expect(house.state.blobs.get(wanted) == content, "the desk does not hold the bytes")


@LAWS("Two handovers of one person make no second contact.")
def one_contact(house: House) -> None:
    first = house.hand_over()
    house.act(first, Accept(agent="bob"))
    house.act(first, Close(agent="bob"))
    house.now += 60
    house.hand_over((("customer", "Me again"),))
    contacts = {event.contact for event in house.events if isinstance(event, TicketOpened)}
    if len([event for event in house.events if isinstance(event, TicketOpened)]) < 1:
        raise DoesNotApply("no ticket was opened")
    expect(len(contacts) == 1, f"contacts: {sorted(map(str, contacts))}")
