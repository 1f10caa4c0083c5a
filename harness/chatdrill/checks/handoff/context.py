"""What is known travels, is not asked for again, and stays out where it must; the language stays (HO-10 to HO-13)."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import unquote_plus

import msgspec

from chatdrill.checks.evidence import CaseEvidence
from chatdrill.checks.handoff.deadlines import settle
from chatdrill.checks.handoff.dialogs import Dialog, Episode, Out
from chatdrill.checks.handoff.languages import hinted, language_of
from chatdrill.checks.handoff.laws import case_rule, rule
from chatdrill.checks.handoff.matching import squeezed, words_of
from chatdrill.checks.handoff.oracles import compiled, patterns
from chatdrill.checks.handoff.tickets import quoted
from chatdrill.checks.parameters import Parameters, choice, duration
from chatdrill.checks.registry import Outcome
from chatdrill.model import ContactFiled, EntryAdded, HandoffAsked, Press, TicketOpened, Write
from chatdrill.trace import Acted, Called, Filed
from chatdrill.wire import strings_in

# ------------------------------------------------------------------------------------------------------- HO-10


@rule(
    "HO-10",
    "What the customer has told the bot reaches the agents.",
    ticket_within=duration("10s"),
    facts_in=choice("anywhere", "fields"),
)
def facts_travel(dialog: Dialog, parameters: Parameters, outcome: Outcome) -> None:
    """The facts are the scenario's (``facts``), as far as this customer has said them before the handover. They may stand in the
    transcript, a note or a field; with ``facts_in: fields`` in a field only."""
    for episode in dialog.episodes:
        if episode.by_agent or episode.asked.by != "bot":
            continue
        told = [(name, value, act) for name, value, act in _facts_told(dialog) if act.n < episode.asked.n]
        if not told:
            continue
        shown = list(_shown(dialog, with_entries=parameters["facts_in"] == "anywhere"))
        lacking = [
            (name, value, act) for name, value, act in told if not any(squeezed(value) in text for text in shown)
        ]
        end = settle(dialog.case, episode.asked, parameters["ticket_within"])
        outcome.evidence += len(told) - len(lacking) if end != "over" else len(told)
        for name, value, act in lacking if end == "over" else ():
            outcome.fail(
                f"the customer had told the bot the {name}, {value!r}, and the ticket does not show it",
                cites=(episode.asked.n, act.n),
                conv=dialog.conv,
            )
        if lacking and end == "cut":
            outcome.undecided(
                "the conversation was cut short before all facts could reach the ticket",
                cites=(episode.asked.n,),
                conv=dialog.conv,
            )


def _facts_told(dialog: Dialog) -> Iterator[tuple[str, str, Acted]]:
    """Each fact with the message in which the customer gave it first."""
    for name, given in dialog.case.began.facts.items():
        value = str(given)
        wanted = re.compile(rf"(?<!\w){re.escape(value)}(?!\w)", re.IGNORECASE)
        letters = squeezed(value)
        for act in dialog.said:
            words = _said(act)
            if letters and (wanted.search(words) or (len(letters) >= _LONG_MIN and letters in squeezed(words))):
                yield name, value, act
                break


_LONG_MIN = 6  # letters and digits: a phone number with other spaces is the same


def _said(act: Acted) -> str:
    if isinstance(act.act, Write):
        return words_of(act)
    return act.act.button.title if isinstance(act.act, Press) else ""


def _shown(dialog: Dialog, *, with_entries: bool) -> Iterator[str]:
    for file in dialog.tickets.values():
        for record in file.records:
            if isinstance(record.event, TicketOpened | HandoffAsked | ContactFiled):
                yield from map(squeezed, _strings(record))
            elif isinstance(record.event, EntryAdded) and with_entries:
                yield squeezed(record.event.entry.text)
    for record in dialog.contacts:
        yield from map(squeezed, _strings(record))


def _strings(record: Filed) -> Sequence[str]:
    return [*strings_in(msgspec.to_builtins(record.event)), *_numbers_in(msgspec.to_builtins(record.event))]


def _numbers_in(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for each in value.values():
            yield from _numbers_in(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _numbers_in(each)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield f"{value:g}" if isinstance(value, float) else str(value)


# ------------------------------------------------------------------------------------------------------- HO-11

_SENTENCE = re.compile(r"[^.!?？…\n]*[?？]")
_ANYTHING = re.compile(
    r"\b(?:help|assist|do for you|else|need|помочь|помоч|ещё|еще|интересует|pomóc|jeszcze|potrzeb|helfen|aider|ayudar|ajudar)\w*",
    re.IGNORECASE,
)
"""Questions of this kind ask for nothing in particular, and may be asked again."""
_EXTRA_WORDS_MAX = 3


@rule(
    "HO-11",
    "What the customer has told is not asked again once they are handed over.",
    questions=patterns(),
)
def no_repeated_question(dialog: Dialog, parameters: Parameters, outcome: Outcome) -> None:
    """A question is known by its words: it was asked before, and the customer answered with a fact of the scenario. Asked again, it
    is held against the bot during the handover; before the customer has spoken after it; or where they have to say the same
    again. ``questions`` are patterns of questions that must not come at all once a person was called. A question that names the
    value asks for a confirmation."""
    if not dialog.episodes:
        return
    first, own = dialog.episodes[0], compiled(parameters["questions"], dialog.case.began.facts)
    for name, value, act in _facts_told(dialog):
        questions = _asked_for(dialog, value, act)
        for out in dialog.outs_between(max(first.asked.n, act.n), float("inf")):
            if out.kind != "bot" or squeezed(value) in squeezed(out.text):
                continue
            outcome.evidence += 1
            again = questions & _questions(out.text)
            if again and _is_needless(dialog, out, value):
                outcome.fail(
                    f"the customer had given the {name}, {value!r}, and was asked again: {quoted(out.text)}",
                    cites=(out.record.n, act.n),
                    conv=dialog.conv,
                )
                return
    _accuse_listed(dialog, first, own, outcome)


def _asked_for(dialog: Dialog, value: str, act: Acted) -> set[str]:
    """The questions that a message answered, which says little more than the value."""
    if len(_said(act).split()) > len(value.split()) + _EXTRA_WORDS_MAX:
        return set()
    before = max((each.n for each in dialog.said if each.n < act.n), default=-1)
    asked: set[str] = set()
    for out in dialog.outs_between(before, act.n):
        asked |= _questions(out.text)
    return asked


def _questions(text: str) -> set[str]:
    return {squeezed(found) for found in _SENTENCE.findall(text) if not _ANYTHING.search(found) and squeezed(found)}


def _is_needless(dialog: Dialog, out: Out, value: str) -> bool:
    number = out.record.n
    if dialog.owner_at(number) in ("queue", "agent"):
        return True
    returned = max(
        (each.returned.n for each in dialog.episodes if each.returned is not None and each.returned.n < number),
        default=-1,
    )
    if not any(returned < act.n < number for act in dialog.said):
        return True
    answer = next((act for act in dialog.said if act.n > number), None)
    return answer is not None and squeezed(value) in squeezed(_said(answer))


def _accuse_listed(dialog: Dialog, first: Episode, own: Sequence[re.Pattern[str]], outcome: Outcome) -> None:
    for out in dialog.outs_between(first.asked.n, float("inf")):
        if out.kind != "bot" or not own:
            continue
        outcome.evidence += 1
        if any(pattern.search(out.text) for pattern in own):
            outcome.fail(
                f"after the handover the bot asked what it knew: {quoted(out.text)}",
                cites=(out.record.n, first.asked.n),
                conv=dialog.conv,
            )
            return


# ------------------------------------------------------------------------------------------------------- HO-12

_ENCODED_MIN = 6  # characters: shorter ones stand in every Base64 text by chance


@case_rule("HO-12", "Nothing that the scenario calls a secret reaches the helpdesk, whatever form it takes.")
def secrets_stay_out(case: CaseEvidence, _parameters: Parameters, outcome: Outcome) -> None:
    """Looks at all that the bot files or sends to the desk: entries, fields, contacts, names and addresses of files, the arguments
    of its calls. A secret is found with other spaces and hyphens, percent-encoded, as hexadecimal digits and in Base64. What an
    agent writes is the agent's. The trigger is a secret that a customer has said."""
    for secret in case.began.secrets:
        spoken = [act for act in case.acts if isinstance(act.act, Write) and _finds(secret)(_said(act))]
        if not spoken:
            continue
        outcome.evidence += 1
        is_in = _finds(secret)
        for record in case.records:
            if record.n > spoken[0].n and any(is_in(text) for text in _told_to_desk(case, record)):
                outcome.fail(
                    f"a secret that the customer wrote ({len(secret)} characters) reached the helpdesk",
                    cites=(record.n, spoken[0].n),
                    conv=record.conv,
                    details={"hint": "blot it out before anything is handed over"},
                )
                break


def _told_to_desk(case: CaseEvidence, record: object) -> Iterator[str]:
    if isinstance(record, Filed) and record.by == "bot":
        yield from strings_in(msgspec.to_builtins(record.event))
        yield from _numbers_in(msgspec.to_builtins(record.event))
    elif isinstance(record, Called) and not case.began.is_messenger(record.platform):
        yield from strings_in(dict(record.arguments))


def _finds(secret: str) -> Any:
    plain = [re.escape(char) for char in secret if char.isalnum()] or [re.escape(char) for char in secret]
    spaced = re.compile(r"(?<![^\W_])" + r"[\s\-._/]{0,2}".join(plain) + r"(?![^\W_])", re.IGNORECASE)
    forms = _encoded(secret) if len(secret) >= _ENCODED_MIN else set()

    def is_in(text: str) -> bool:
        return any(spaced.search(each) for each in (text, unquote_plus(text))) or any(form in text for form in forms)

    return is_in


def _encoded(secret: str) -> set[str]:
    """Hexadecimal digits, and the part of Base64 that does not depend on what stands around, for each of its three places."""
    data = secret.encode()
    forms = {data.hex(), data.hex().upper()}
    for lead in range(3):
        text = base64.b64encode(b"\0" * lead + data).decode().rstrip("=")
        first = (lead * 8 + 5) // 6
        last = (lead + len(data)) * 8 // 6
        forms |= {text[first:last], text[first:last].replace("+", "-").replace("/", "_")}
    return {form for form in forms if len(form) >= _ENCODED_MIN}


# ------------------------------------------------------------------------------------------------------- HO-13


@rule(
    "HO-13", "A handover does not change the language: notices are in the customer's, and the ticket says which it is."
)
def language_preserved(dialog: Dialog, _parameters: Parameters, outcome: Outcome) -> None:
    """Judged where both languages are sure, which short texts seldom are. Any language that the customer has, or may have, used will do. A bot
    that had spoken another one all along does not change it at the handover, so it is not judged."""
    for episode in dialog.episodes:
        spoken = _languages_of(dialog, episode)
        if not spoken:
            continue
        _accuse_locale(dialog, episode, spoken, outcome)
        for out in dialog.outs:
            if out.kind != "notice" or not _is_about(dialog, out, episode):
                continue
            language = language_of(out.text)
            outcome.evidence += language is not None
            if language is not None and language not in spoken and language not in _hinted(dialog, out):
                outcome.fail(
                    f"the customer speaks {'/'.join(sorted(spoken))}, and the notice is in {language}: {quoted(out.text)}",
                    cites=(out.record.n, *[act.n for act in dialog.said if act.n < out.record.n][-1:]),
                    conv=dialog.conv,
                )
                break


_NOTICE_S = 10.0


def _is_about(dialog: Dialog, out: Out, episode: Episode) -> bool:
    """Whether a notice belongs to an episode: from just before it until just after."""
    case, number = dialog.case, out.record.n
    if episode.holds(number):
        return True
    if number < episode.asked.n:
        return case.seconds_between(out.record, episode.asked) <= _NOTICE_S
    return episode.returned is not None and case.seconds_between(episode.returned, out.record) <= _NOTICE_S


def _languages_of(dialog: Dialog, episode: Episode) -> set[str]:
    """Those that the customer has used so far; none where the bot's own words were in another before the handover."""
    spoken = {language_of(_said(act)) for act in dialog.said if act.n < episode.ends_n} - {None}
    answered = {
        language_of(out.text) for out in dialog.outs if out.kind == "bot" and out.record.n < episode.asked.n
    } - {None}
    return {each for each in spoken if each is not None} if answered <= spoken else set()


def _hinted(dialog: Dialog, out: Out) -> set[str]:
    return {language for act in dialog.said if act.n < out.record.n for language in hinted(_said(act))}


def _accuse_locale(dialog: Dialog, episode: Episode, spoken: set[str], outcome: Outcome) -> None:
    opened = dialog.tickets[episode.ticket].opened if episode.ticket in dialog.tickets else None
    if opened is None or not isinstance(opened.event, TicketOpened) or not opened.event.locale:
        return
    outcome.evidence += 1
    language = re.split(r"[-_]", opened.event.locale)[0].lower()
    if language not in spoken and opened.by == "bot":
        outcome.fail(
            f"the customer speaks {'/'.join(sorted(spoken))}, and the ticket says {opened.event.locale}",
            cites=(opened.n,),
            conv=dialog.conv,
        )
