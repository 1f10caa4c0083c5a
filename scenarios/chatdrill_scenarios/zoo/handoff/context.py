"""Defects in what the agents learn of the talk before: HO-07 to HO-13."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from ...shoebot import shown as shown_module
from ...shoebot.bot import Bot
from ...shoebot.channels import Channel
from ...shoebot.counter import Counter
from ...shoebot.desks import File, Handover, Line, Person
from ...shoebot.desks import chatwoot as chatwoot_module
from ...shoebot.desks.chatwoot import Chatwoot
from ...shoebot.model import Media, Reply, Say, State
from ...shoebot.skills import talk
from ...shoebot.store import Store
from ...shoebot.texts import text
from ...shoebot.turn import Turn
from ..specimen import instead, of_handoff

_lines, _open, _line_of, _file_of = Store.lines, Chatwoot.open, Counter._line, Counter._file
_come_back, _announce, _add, _person = Bot._come_back, talk.hand_over, Chatwoot._add, Counter._person

Row = tuple[str, str, str, float, Media | None]


def _last_first(store: Store, conversation: str, count_max: int) -> list[Row]:
    """The page of a list that begins with the newest, posted as it comes, and stamped with the time of the page."""
    rows = _lines(store, conversation, count_max)
    newest = max((row[3] for row in rows), default=0.0)
    return [(*row[:3], newest, row[4]) for row in reversed(rows)]


def _first_page(store: Store, conversation: str, count_max: int) -> list[Row]:
    return _lines(store, conversation, 4)


def _only_the_last(store: Store, conversation: str, count_max: int) -> list[Row]:
    return _lines(store, conversation, 1)


def _nothing_answered(counter: Counter, conversation: str, replies: Iterable[Reply]) -> None:
    """The bot keeps what it hears, not what it says."""


async def _opened_twice(desk: Chatwoot, handover: Handover) -> str:
    """The history is posted by a worker that runs again, and does not look what is there."""
    ticket = await _open(desk, handover)
    for line in handover.lines:
        await desk._add(ticket, handover.person, line)
    return ticket


async def _everything_from_the_customer(desk: Chatwoot, ticket: str, person: Person, line: Line) -> None:
    await _add(desk, ticket, person, replace(line, author="customer"))


async def _as_a_link(counter: Counter, channel: Channel, media: Media) -> None:
    """The file stays where it is; its address is good enough."""


async def _linked(
    counter: Counter, channel: Channel, mark: str, author: str, words: str, at: float, media: Any
) -> Line:
    line = await _line_of(counter, channel, mark, author, words, at, None)
    return replace(line, text=f"{words} https://files.example/{media.ref}") if media else line


async def _read_as_text(counter: Counter, channel: Channel, media: Media) -> File | None:
    """The bytes go through a decoder that puts a question mark for what it does not know."""
    file = await _file_of(counter, channel, media)
    return replace(file, content=file.content.decode("utf-8", "replace").encode()) if file else None


async def _without_documents(counter: Counter, channel: Channel, media: Media) -> File | None:
    return await _file_of(counter, channel, media) if media.mime.startswith("image/") else None


def _cut(text: str) -> list[str]:
    return [text[:200]]


def _by_code_points(text: str) -> list[str]:
    """A limit of characters, counted as a computer counts them: 120 end in the middle of the family."""
    at = text.find("\u200d") if "\u200d" in text else len(text)
    return [text[:at], text[at:]] if text[at:] else [text]


def _asking(text_id: str) -> Any:
    def come_back(bot: Bot, state: State, *, asks: bool) -> list[Reply]:
        return [*_come_back(bot, state, asks=asks), Say(text(text_id, state.language, order="553"))]

    return come_back


def _as_it_is(words: str) -> str:
    return words


def _in_a_field(secret: str) -> Any:
    async def opened(desk: Chatwoot, handover: Handover) -> str:
        return await _open(desk, replace(handover, facts={**handover.facts, "paid_with": secret}))

    return opened


def _announced_in_english(turn: Turn, text_id: str) -> None:
    language, turn.state.language = turn.state.language, "en"
    _announce(turn, text_id)
    turn.state.language = language


def _back_in_english(bot: Bot, state: State, *, asks: bool) -> list[Reply]:
    language, state.language = state.language, "en"
    replies = _come_back(bot, state, asks=asks)
    state.language = language
    return replies


def _english(counter: Counter, conversation: str, state: State) -> Person:
    return replace(_person(counter, conversation, state), language="en")


TALK, RETURN, STORY = "A long talk", "A return with a photo and much said before", "A long story with an emoji in it"
POLISH = "A person is called in Polish"
CARD = "4111 1111 1111 1111"

SPECIMENS = (
    of_handoff("the history ends with its first page", "HO-07", "botpress#13304", RETURN, instead(Store, lines=_first_page)),
    of_handoff("the history is posted newest first", "HO-07", "aws-lex-web-ui#513", TALK, instead(Store, lines=_last_first)),
    of_handoff("the history has no word of the bot's", "HO-07", "botpress#13749", TALK,
           instead(Counter, note_answered=_nothing_answered)),
    of_handoff("the history is posted twice", "HO-07", "BotBuilder-Samples#2164", TALK, instead(Chatwoot, open=_opened_twice)),
    of_handoff("the history is all the customer's", "HO-07", "chatjs#227", TALK,
           instead(Chatwoot, _add=_everything_from_the_customer)),
    of_handoff("files are links to where they were", "HO-08", "chatwoot#12507", RETURN,
           instead(Counter, _file=_as_a_link, _line=_linked)),
    of_handoff("the bytes of files are read as text", "HO-08", "botpress#13784", RETURN, instead(Counter, _file=_read_as_text)),
    of_handoff("only pictures are passed on", "HO-08", "chatwoot#12442", RETURN, instead(Counter, _file=_without_documents)),
    of_handoff("long texts are cut at a limit", "HO-09", "botpress#15432", STORY, instead(chatwoot_module, _pieces=_cut)),
    of_handoff("a family is cut in two", "HO-09", "botpress#13426", STORY,
           instead(chatwoot_module, _pieces=_by_code_points)),
    of_handoff("the ticket has the last words only", "HO-10", "BotBuilder-Samples#2164", RETURN,
           instead(Store, lines=_only_the_last)),
    of_handoff("the form begins again after the person", "HO-11", "rasa#8119", RETURN,
           instead(Bot, _come_back=_asking("ask.reason"))),
    of_handoff("card numbers are copied", "HO-12", "zendesk redaction", TALK, instead(shown_module, _masked=_as_it_is)),
    of_handoff("a card number becomes a field", "HO-12", "zendesk redaction", TALK, instead(Chatwoot, open=_in_a_field(CARD))),
    of_handoff("the call is announced in English to everybody", "HO-13", "botpress default texts", POLISH,
           instead(talk, hand_over=_announced_in_english)),
    of_handoff("the return is announced in English to everybody", "HO-13", "botpress default texts", POLISH,
           instead(Bot, _come_back=_back_in_english)),
    of_handoff("every ticket says English", "HO-13", "chatwoot conversation_language", POLISH,
           instead(Counter, _person=_english), desk="botframework"),
)  # fmt: skip
