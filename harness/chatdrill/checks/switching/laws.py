"""A customer goes on in another channel by a link of the bot's: it can be opened, it is theirs alone, and what was said before is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from chatdrill.checks.evidence import CaseEvidence, Evidence, Heard, is_spoken
from chatdrill.checks.parameters import Parameters
from chatdrill.checks.registry import Outcome, case_check, suite_check
from chatdrill.checks.switching.links import Link, links_in
from chatdrill.model import Event, Press, Start, Text, Write, part_text
from chatdrill.trace import Acted

_GROUP = "switching"


def _has_channels(case: CaseEvidence) -> bool:
    return bool(case.began.channels)


@dataclass(frozen=True, slots=True)
class _Sent:
    """A link in a message of the bot's."""

    heard: Heard
    link: Link

    @property
    def conv(self) -> str:
        """Who got it."""
        return self.heard.record.conv or ""


@dataclass(frozen=True, slots=True)
class _Arrival:
    """Somebody comes by a link; ``act`` is what they do."""

    sent: _Sent
    act: Acted

    @property
    def conv(self) -> str:
        """Where they come to."""
        return self.act.conv or ""


def _sent(case: CaseEvidence) -> Iterator[_Sent]:
    for heard in case.heard:
        for link in links_in(heard.message.text):
            yield _Sent(heard, link)


def _arrivals(case: CaseEvidence) -> Iterator[_Arrival]:
    """Each conversation that is entered by what a link carried, once."""
    known = {sent.link.token: sent for sent in _sent(case) if sent.link.token}
    if not known:
        return
    seen: set[tuple[str, str]] = set()
    for act in case.acts:
        words = _entered_by(act)
        token = next((token for token in known if token in words), None) if words else None
        if token is not None and act.conv != known[token].conv and (act.conv or "", token) not in seen:
            seen.add((act.conv or "", token))
            yield _Arrival(known[token], act)


def _entered_by(record: Acted) -> str:
    """What a link may have carried into an act."""
    act = record.act
    if isinstance(act, Start):
        return f"{act.payload or ''} {act.referral.ref if act.referral else ''}"
    if isinstance(act, Write):
        words = " ".join(part.text for part in act.parts if isinstance(part, Text))
        return f"{words} {act.referral.ref if act.referral else ''}"
    return ""


@case_check(
    "links-usable",
    "A link into a messenger that the bot sends can be opened there, by somebody who is there.",
    group=_GROUP,
    applies=_has_channels,
    broken="the bot sent a link that the customer cannot use",
)
def links_usable(case: CaseEvidence, _parameters: Parameters, outcome: Outcome) -> None:
    """What its messenger does not take, and a messenger on which the scenario has somebody else, but not this person. Excused: a person of
    whom the scenario has no other account, for nobody knows what is on their phone."""
    for sent in _sent(case):
        theirs = {case.began.platform_of(conv) for conv in _accounts(case, sent.conv)}
        outcome.evidence += 1
        wrong = sent.link.wrong
        if not wrong and len(theirs) > 1 and sent.link.platform not in theirs:
            wrong = f"this customer is on {', '.join(sorted(theirs))}, and not on {sent.link.platform}"
        if wrong:
            outcome.fail(
                f"the link {sent.link.url!r} cannot be used: {wrong}", cites=(sent.heard.record.n,), conv=sent.conv
            )


def _accounts(case: CaseEvidence, conv: str) -> list[str]:
    """The conversations of the person whose conversation this is."""
    known = [f"{case.name}/{key}" for key in case.began.customers]
    return [one for one in known if one == conv or case.began.is_one_person(one, conv)]


@suite_check("links-personal", "A link with a token is for one person: nobody else is sent it.", group=_GROUP)
def links_personal(evidence: Evidence, _parameters: Parameters, outcome: Outcome) -> None:
    """A token is what looks drawn by chance: a link that is the same for everybody has words. Only conversations of people who are in several
    channels are looked at."""
    first: dict[tuple[str, str], tuple[CaseEvidence, _Sent]] = {}
    for case in evidence.cases.values():
        for sent in _sent(case) if _has_channels(case) else ():
            if sent.link.token is None:
                continue
            outcome.evidence += 1
            other, before = first.setdefault((sent.link.platform, sent.link.token), (case, sent))
            if other is not case or sent.conv not in _accounts(case, before.conv):
                outcome.fail(
                    f"the link {sent.link.url!r} was sent to somebody else before ({before.conv}): both of them can read what is behind it",
                    case=case.name,
                    cites=(sent.heard.record.n, before.heard.record.n),
                    conv=sent.conv,
                )


@case_check(
    "context-kept",
    "Who goes on elsewhere by the bot's link need not say again what they said before.",
    group=_GROUP,
    applies=_has_channels,
    broken="the bot forgot what the customer had said on another channel",
)
def context_kept(case: CaseEvidence, _parameters: Parameters, outcome: Outcome) -> None:
    """The scenario's ``facts`` that the customer told where the link was sent, before they came by it. Held against the bot: it asks a question
    or offers choices and shows none of them, or the customer says one of them before the bot does. Excused: a link that somebody else opened."""
    for arrival in _arrivals(case):
        facts = _told(case, arrival.sent.conv, arrival.act.n)
        if not facts or not case.began.is_one_person(arrival.conv, arrival.sent.conv):
            continue
        outcome.evidence += 1
        answers, more = _answer(case, arrival)
        shown = " ".join(heard.message.text for heard in answers)
        asks = "?" in shown or any(heard.message.buttons for heard in answers)
        known = {name for name, value in facts.items() if value in shown}
        lost = facts if asks and not known else _said_again(facts, known, more)
        if lost:
            there, told = case.began.platform_of(arrival.sent.conv), ", ".join(f"{name} {facts[name]}" for name in lost)
            outcome.fail(
                f"the customer came from {there} by the bot's link, and what they had told there is lost: {told}",
                cites=(arrival.sent.heard.record.n, arrival.act.n, *(heard.record.n for heard in answers)),
                conv=arrival.conv,
            )


def _said_again(facts: Mapping[str, str], known: set[str], more: Acted | None) -> list[str]:
    """What the customer says once more, before the bot has shown that it knows."""
    return (
        [] if more is None else [name for name, value in facts.items() if name not in known and value in _words(more)]
    )


@case_check(
    "context-private",
    "Whoever opens a link that was sent to somebody else hears nothing of what that person said.",
    group=_GROUP,
    applies=_has_channels,
    broken="the bot told somebody what another customer had said",
)
def context_private(case: CaseEvidence, _parameters: Parameters, outcome: Outcome) -> None:
    """The scenario's ``facts``, in all that the bot says there. Excused: what the reader has said themselves."""
    for arrival in _arrivals(case):
        facts = _told(case, arrival.sent.conv, arrival.act.n)
        if not facts or case.began.is_one_person(arrival.conv, arrival.sent.conv):
            continue
        outcome.evidence += 1
        own = " ".join(_words(act) for act in case.acts if act.conv == arrival.conv)
        for heard in case.heard:
            if heard.record.conv != arrival.conv or heard.record.n < arrival.act.n:
                continue
            known = [
                f"{name} {value}" for name, value in facts.items() if value in heard.message.text and value not in own
            ]
            if known:
                outcome.fail(
                    f"somebody opened the link of another customer ({arrival.sent.conv}) and was told what that one had said: {', '.join(known)}",
                    cites=(arrival.sent.heard.record.n, arrival.act.n, heard.record.n),
                    conv=arrival.conv,
                )


def _told(case: CaseEvidence, conv: str, before: int) -> dict[str, str]:
    """The facts of the scenario that a customer has told in a conversation by then."""
    said = " ".join(_words(act) for act in case.acts if act.conv == conv and act.n < before)
    return {name: str(value) for name, value in case.began.facts.items() if str(value) and str(value) in said}


def _words(record: Acted) -> str:
    """What a customer says, presses or keys in."""
    act = record.act
    if isinstance(act, Write):
        return " ".join(part_text(part) for part in act.parts)
    if isinstance(act, Press):
        return act.button.title
    return (
        " ".join(str(value) for value in act.data.values())
        if isinstance(act, Event) and record.cause != "platform"
        else ""
    )


def _answer(case: CaseEvidence, arrival: _Arrival) -> tuple[list[Heard], Acted | None]:
    """What the bot says to who has come, and what they say next."""
    more = next(
        (act for act in case.acts if act.conv == arrival.conv and act.n > arrival.act.n and is_spoken(act)), None
    )
    end = more.n if more is not None else float("inf")
    heard = [one for one in case.heard if one.record.conv == arrival.conv and arrival.act.n < one.record.n < end]
    return heard, more
