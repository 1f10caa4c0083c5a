"""Whether the bot answers once it is in charge again: shared by the rules that hold it against the bot, each for its own cause."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from chatdrill.checks.evidence import is_spoken
from chatdrill.checks.excuses import allowed_within_s
from chatdrill.checks.handoff.arrivals import arrivals
from chatdrill.checks.handoff.deadlines import Settled, is_reachable, settle, was_told
from chatdrill.checks.handoff.dialogs import Dialog, Episode, Out
from chatdrill.checks.handoff.matching import shows
from chatdrill.checks.handoff.ratings import asks_rating, score_of
from chatdrill.model import (
    Echo,
    Entry,
    EntryChanged,
    HandoffAsked,
    Rated,
    StateChanged,
    TicketReopened,
    Write,
    part_text,
)
from chatdrill.trace import Acted, Attempt, Dropped, Filed

LOST = "lost for good"
OVERTAKEN = "overtaken by the next one"
DELIVERED = "fault: delivered "
"""What the notes of the injected faults say."""

_COURTESY = re.compile(
    r"^\W*(?:ok(?:ay|ey)?|fine|great|perfect|super|cool|good|bye|goodbye|thanks?(?: you)?|thank you|thx|cheers|спасибо|хорошо|ок|"
    r"пока|до свидания|отлично|понятно|благодарю|dzięki|dziękuję|dobrze|super|do widzenia|pa|danke|gut|tschüss|merci|au revoir|"
    r"gracias|adiós|vale|obrigad[oa]|tchau|grazie|ciao)\b",
    re.IGNORECASE,
)
_END = re.compile(
    r"\b(?:conversation|chat|ticket|talk|dialog(?:ue)?|colleague|agent|operator)\b[^.!?]{0,40}\b(?:closed|ended|over|finished|resolved|left)\b|"
    r"\bbot is back|\bback with you|\b(?:i am|i'm) back\b|"
    r"\b(?:диалог|разговор|чат|обращени|коллег|оператор)\w*[^.!?]{0,40}(?:закры|заверш|оконч)|снова с вами|\bбот вернул|"
    r"\b(?:rozmow|czat|zgłoszeni|koleg|koleż|konsultant)\w*[^.!?]{0,40}(?:zamkn|zakończ)|znowu z (?:tobą|pan)|\bbot wróci|"
    r"\b(?:gespräch|chat|ticket|kolleg)\w*[^.!?]{0,40}(?:beendet|geschlossen)|\bconversation[^.!?]{0,40}terminé|"
    r"\b(?:conversación|chat|conversa|conversazione)\b[^.!?]{0,40}(?:terminad|finaliz|cerrad|encerrad|terminat)",
    re.IGNORECASE,
)
"""How a bot announces the end of the human part. That a shop is closed is an answer."""
_COURTESY_MAX = 40  # characters: a longer text says more than thanks


_WISH_S = 10.0
"""What is followed so soon by the end of the episode may have been the wish to end it."""
VISIT_S = 300.0
"""Who comes back later than this comes back for a visit of their own (HO-43); before, the talk goes on (HO-40)."""


@dataclass(frozen=True)
class Silence:
    """The bot is in charge and says nothing to ``act``. ``settled`` says whether there was time enough."""

    act: Acted
    settled: Settled


AT_ONCE_S = 0.25
"""Nobody tells a bot anything in less."""


def words_after(dialog: Dialog, episode: Episode) -> list[Acted]:
    """What the customer says once the human part is over, until the next begins, as far as it wants an answer. What is said at the very
    moment of the end, or while the news of it were held up, is the agent's: the bot hears of both at once, in either order."""
    returned = episode.returned
    if returned is None:
        return []
    at_once_s = AT_ONCE_S + allowed_within_s(dialog.case, returned, AT_ONCE_S)
    return [
        act
        for act in dialog.said
        if returned.n < act.n < _next_n(dialog, episode)
        and dialog.case.drill_seconds_between(returned, act) > at_once_s
        and wants_answer(act)
        and act.cause == "step"
        and was_told(dialog.case, act)
    ]


def wants_answer(act: Acted) -> bool:
    """False for a rating, thanks and goodbyes, or a message without words: a bot may leave those alone."""
    if score_of(act) is not None:
        return False
    if not isinstance(act.act, Write):
        return is_spoken(act)
    words = _words(act)
    return any(map(str.isalnum, words)) and not (len(words) <= _COURTESY_MAX and _COURTESY.match(words))


def answers_two(dialog: Dialog, first: Out) -> bool:
    """True where the customer had said more than one thing before a message of the bot's, so that it may come once for each."""
    before = max((out.record.n for out in dialog.outs if out.record.n < first.record.n), default=-1)
    return sum(before < act.n < first.record.n and dialog.owner_at(act.n) == "bot" for act in dialog.said) > 1


def is_hushed(dialog: Dialog, act: Acted) -> bool:
    """True where a person has written from the vendor's inbox of late: the bot is to keep quiet (HO-17)."""
    return any(
        isinstance(each.act, Echo)
        and each.act.message.author == "agent"
        and each.conv == act.conv
        and each.n < act.n
        and dialog.case.seconds_between(each, act) <= VISIT_S
        for each in dialog.case.acts
    )


def silence_to(dialog: Dialog, episode: Episode, act: Acted, within_s: float) -> Silence | None:
    """The silence that follows a customer's word; ``None`` where it was answered, or led to another handover."""
    if is_hushed(dialog, act):
        return None
    until = _next_n(dialog, episode)
    farewells = {out.record.n for out in dialog.outs if _is_farewell(out)}
    answered = (took for turn in dialog.case.turns if turn.conv == dialog.conv for took in turn.answers)
    if any(act.n < took.n < until and took.n not in farewells for took in answered) or _follows(
        dialog, episode, act, within_s
    ):
        return None
    if not is_reachable(dialog.case, dialog.conv, act.n):
        return None
    following = _next_episode(dialog, episode)
    return Silence(act, settle(dialog.case, act, within_s, None if following is None else following.asked))


def _is_farewell(out: Out) -> bool:
    """What the bot says at the end of the human part, however late, answers nobody: that it is over, and how it was."""
    sentences = [each for each in re.split(r"(?<=[.!?…])\s+|\n", out.text) if any(map(str.isalnum, each))]
    return out.kind != "agent" and (asks_rating(out, ()) or (bool(sentences) and all(map(_END.search, sentences))))


def _follows(dialog: Dialog, episode: Episode, act: Acted, within_s: float) -> bool:
    following = _next_episode(dialog, episode)
    return following is not None and dialog.case.drill_seconds_between(act, following.asked) <= within_s


def _next_episode(dialog: Dialog, episode: Episode) -> Episode | None:
    return next((other for other in dialog.episodes if other.number == episode.number + 1), None)


def _next_n(dialog: Dialog, episode: Episode) -> float:
    following = _next_episode(dialog, episode)
    return float("inf") if following is None else following.asked.n


def appended(dialog: Dialog, act: Acted, within_s: float) -> Filed | None:
    """The entry in a ticket that is over and stays so, if that is all that came of a customer's message."""
    arrival = arrivals(dialog).get(act.n)
    for entry in arrival.copies if arrival else ():
        ticket = dialog.tickets[entry.event.ticket or ""]
        revived = [
            record
            for record in ticket.events(TicketReopened, HandoffAsked, Rated)
            if act.n < record.n and dialog.case.drill_seconds_between(entry, record) <= within_s
        ]
        states = [record for record in ticket.events(StateChanged) if record.n < entry.n]
        over = bool(states) and state_of(states[-1]) in ("solved", "closed")
        if over and not revived and dialog.owner_at(entry.n) in ("bot", "none"):
            return entry
    return None


def is_for_the_agents(dialog: Dialog, episode: Episode, act: Acted) -> bool:
    """True for words that a bot was told of and passed on, or must pass on: not the wish that ended the episode right after."""
    if not isinstance(act.act, Write) or not was_told(dialog.case, act):
        return False
    returned = episode.returned
    return returned is None or is_passed_on(dialog, act) or dialog.case.seconds_between(act, returned) > _WISH_S


def was_withdrawn(dialog: Dialog, entry: Entry) -> bool:
    """The agent changed or deleted it: the old words need not reach the customer any more."""
    changes = dialog.records(EntryChanged)
    return any(isinstance(one.event, EntryChanged) and one.event.entry_id == entry.id for one in changes)


def is_passed_on(dialog: Dialog, act: Acted) -> bool:
    """True if a later entry of the ticket shows a customer's message. Of several with the same words any entry will do: who passes
    one of them on has not stopped to."""
    if arrivals(dialog)[act.n].first is not None:
        return True
    return any(
        act.n < record.n and shows(entry, act)
        for ticket in dialog.tickets.values()
        for record, entry in ticket.entries()
    )


def state_of(record: Filed) -> str:
    """The status in a record of one."""
    assert isinstance(record.event, StateChanged)
    return record.event.state


def quoted(act: Acted) -> str:
    """A customer's words, for a sentence."""
    return repr(_words(act)[:80]) if isinstance(act.act, Write) else "the customer"


def _words(act: Acted) -> str:
    return " ".join(filter(None, map(part_text, getattr(act.act, "parts", ()))))


# ------------------------------------------------------------------------------------------- what was done to the hooks


def disturbances(dialog: Dialog, *words: str) -> Iterator[Attempt | Dropped]:
    """The desk's webhooks of a dialog that chatdrill lost, repeated or held back, by the words of the fault."""
    desks = {ticket.desk for ticket in dialog.tickets.values()}
    for record in dialog.case.records:
        if isinstance(record, Attempt | Dropped) and record.platform in desks and record.conv in (dialog.conv, None):
            note = (record.note or record.error or "") if isinstance(record, Attempt) else record.reason
            if any(word in note for word in words):
                yield record


def cause(dialog: Dialog, episode: Episode, before: int) -> Attempt | Dropped | None:
    """The disturbance that may be why the bot does not know that an episode is over: one about its end, or its last before."""
    found = [record for record in disturbances(dialog, LOST, OVERTAKEN) if episode.asked.n < record.n < before]
    return found[-1] if found else None


def ended_by(episode: Episode) -> Filed | None:
    """The record with which the human part was over."""
    closed = episode.closed
    if closed is not None and closed.event.ticket != episode.ticket:
        closed = None  # an older ticket of the same customer
    marks = [record for record in (closed, episode.returned) if record is not None]
    return min(marks, key=lambda record: record.n, default=None)
