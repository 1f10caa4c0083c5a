"""After the human part, HO-42, HO-43 and HO-46: the bot knows what happened, and whoever comes back is served as well."""

from __future__ import annotations

import re
from itertools import pairwise

from chatdrill.checks.handoff.deadlines import is_faulted, is_reachable, settle
from chatdrill.checks.handoff.dialogs import Dialog, Episode, Out
from chatdrill.checks.handoff.laws import rule
from chatdrill.checks.handoff.matching import normal, words_of
from chatdrill.checks.handoff.oracles import compiled, patterns
from chatdrill.checks.handoff.silence import (
    LOST,
    VISIT_S,
    appended,
    cause,
    disturbances,
    ended_by,
    is_for_the_agents,
    is_passed_on,
    quoted,
    silence_to,
    was_withdrawn,
    words_after,
)
from chatdrill.checks.parameters import Parameters, choice, duration
from chatdrill.checks.registry import Outcome
from chatdrill.engine.durations import say_seconds
from chatdrill.model import HandoffAsked, HandoffFailed, Press, Start, TicketOpened, Write
from chatdrill.trace import Acted, Called, Filed

# ------------------------------------------------------------------------------------------------------------ HO-42
_GREETING = re.compile(
    r"^\W*(?:hello|hi|hey|welcome|good (?:morning|afternoon|evening|day)|здравствуйте|привет\w*|добр(?:ый|ое|ая) \w+|"
    r"dzień dobry|cześć|witam|witaj\w*|hallo|guten (?:tag|morgen|abend)|bonjour|salut|hola|buen(?:os|as) \w+|olá|bom dia|"
    r"добро пожаловать)\b",
    re.IGNORECASE,
)
_INTRODUCTION = re.compile(
    r"\bwelcome to\b|\bi(?: am|'m) (?:\w+, )?(?:the|a|an|your) (?:\w+ ){0,3}(?:bot|assistant|chatbot)\b|добро пожаловать|"
    r"\bя (?:[-—] ?)?(?:ваш )?(?:виртуальн|чат-?бот|бот\b)|jestem (?:\w+ )?(?:wirtualn\w+ |\w+ )?(?:bot|asystent)|\bwitamy w\b|"
    r"\bich bin (?:der|ein|ihr) (?:\w+ ){0,2}(?:bot|assistent)|willkommen bei|bienvenue|bienvenid|bem-vind",
    re.IGNORECASE,
)
_AGAIN = re.compile(r"\b(?:again|back|снова|опять|вернул\w*|ponownie|znów|znowu|wrócił\w*|wieder|zurück|de nouveau|"
                    r"de retour|de nuevo|otra vez|de volta|novamente)\b", re.IGNORECASE)  # fmt: skip


@rule(
    "HO-42",
    "The bot knows what happened while a person was in charge: it does not contradict that, nor greet as if it were new.",
    contradicts=patterns(),
    greets=patterns(),
    visit=duration("1h"),
)
def knows_what_happened(dialog: Dialog, parameters: Parameters, outcome: Outcome) -> None:
    wrong = compiled(parameters["contradicts"], dialog.case.began.facts)
    greets = compiled(parameters["greets"], dialog.case.began.facts)
    for episode in dialog.episodes:
        said = _said_after(dialog, episode)
        outcome.evidence += bool(said)
        contrary = next((out for out in said if any(pattern.search(out.text) for pattern in wrong)), None)
        if contrary is not None:
            _accuse_contrary(dialog, episode, contrary, outcome)
        anew = next((out for out in said if _greets_anew(dialog, episode, out, greets, parameters["visit"])), None)
        if anew is not None:
            assert episode.returned is not None
            outcome.fail(
                f"after the human part the bot greets as if the customer were new: {anew.text[:80]!r}",
                cites=(anew.record.n, episode.returned.n),
                conv=dialog.conv,
            )


def _said_after(dialog: Dialog, episode: Episode) -> list[Out]:
    if episode.returned is None or episode.accepted is None:
        return []
    following = [other.asked.n for other in dialog.episodes if other.number > episode.number]
    between = dialog.outs_between(episode.returned.n, min(following, default=float("inf")))
    return [out for out in between if out.kind != "agent"]


def _accuse_contrary(dialog: Dialog, episode: Episode, out: Out, outcome: Outcome) -> None:
    replies = [(record, entry) for record, entry in dialog.agent_replies if episode.holds(record.n)]
    last = f"; the agent's last word was {replies[-1][1].text[:80]!r}" if replies else ""
    outcome.fail(
        f"the bot contradicts the human part: {out.text[:80]!r}{last}",
        cites=(out.record.n, *(record.n for record, _ in replies[-1:])),
        conv=dialog.conv,
    )


def _greets_anew(
    dialog: Dialog, episode: Episode, out: Out, greets: tuple[re.Pattern[str], ...], visit_s: float
) -> bool:
    assert episode.returned is not None
    if dialog.case.drill_seconds_between(episode.returned, out.record) > visit_s:
        return False
    since = [act for act in dialog.said if episode.returned.n < act.n < out.record.n]
    before = [act for act in dialog.said if act.n < episode.returned.n]
    since += [act for act in before[-1:] if isinstance(act.act, Start)]  # a new start may itself end the human part
    if any(isinstance(act.act, Start) or _GREETING.match(_words(act)) for act in since):
        return False  # who is greeted, or told to begin again, greets
    if any(pattern.search(out.text) for pattern in greets):
        return True
    if not _GREETING.match(out.text) or _AGAIN.search(out.text):
        return False
    opening = next((other for other in dialog.outs if other.kind != "agent"), out)
    repeats = opening.record.n < episode.asked.n and normal(opening.text) == normal(out.text)
    return repeats or bool(_INTRODUCTION.search(out.text))


def _words(act: Acted) -> str:
    if isinstance(act.act, Press):
        return normal(act.act.button.title)
    return words_of(act) if isinstance(act.act, Write) else ""


# ------------------------------------------------------------------------------------------------------------ HO-43


@rule(
    "HO-43",
    "A customer who comes back is heard: what they write is answered or reopens the matter, and is not put unseen into a "
    "closed ticket.",
    answer_within=duration("30s"),
    reopen=duration("24h"),
    linked=choice("contact", "ticket"),
)
def return_visits(dialog: Dialog, parameters: Parameters, outcome: Outcome) -> None:
    for episode in dialog.episodes:
        end = ended_by(episode)
        words = words_after(dialog, episode)
        if end is None or not words:
            continue
        visits = [words[0]] + [later for earlier, later in pairwise(words) if later.at - earlier.at >= VISIT_S]
        for act in visits:
            outcome.evidence += 1
            _accuse_unheard(dialog, episode, end, act, parameters["answer_within"], outcome)
    if parameters["linked"] == "ticket":
        _accuse_unlinked(dialog, parameters["reopen"], outcome)


def _accuse_unheard(
    dialog: Dialog, episode: Episode, end: Filed, act: Acted, within_s: float, outcome: Outcome
) -> None:
    away_s = dialog.case.drill_seconds_between(end, act)
    entry = appended(dialog, act, within_s)
    if entry is None and (away_s < VISIT_S or cause(dialog, episode, act.n) is not None):
        return  # the talk still goes on (HO-40), or the bot was not told of the end (HO-48, HO-49)
    silence = silence_to(dialog, episode, act, within_s)
    if silence is None:
        return
    if silence.settled == "cut":
        outcome.undecided(
            f"the case was stopped before {quoted(act)} could be answered", cites=(act.n,), conv=dialog.conv
        )
    elif silence.settled == "over":
        where = "got no answer" if entry is None else "was put into a closed ticket, which nobody reads"
        outcome.fail(
            f"{say_seconds(away_s)} after the end the customer came back, and {quoted(act)} {where}",
            cites=(act.n, *(() if entry is None else (entry.n,)), end.n),
            conv=dialog.conv,
        )


def _accuse_unlinked(dialog: Dialog, reopen_s: float, outcome: Outcome) -> None:
    for before, after in pairwise(dialog.episodes):
        end, opened = ended_by(before), dialog.tickets[after.ticket].opened
        if end is None or opened is None or opened.n < end.n:
            continue  # the same ticket was opened again
        outcome.evidence += 1
        event = opened.event
        assert isinstance(event, TicketOpened)
        told = [event.subject, event.follows or "", *map(str, event.fields.values())]
        linked = event.follows is not None or any(before.ticket in text for text in told)
        if not linked and dialog.case.drill_seconds_between(end, opened) < reopen_s:
            outcome.fail(
                f"ticket {after.ticket} does not say that it goes on from ticket {before.ticket}",
                cites=(opened.n, end.n),
                conv=dialog.conv,
            )


# ------------------------------------------------------------------------------------------------------------ HO-46


@rule(
    "HO-46",
    "The second and the third handover work like the first.",
    ticket_within=duration("10s"),
    relay_within=duration("5s"),
)
def second_time_works(dialog: Dialog, parameters: Parameters, outcome: Outcome) -> None:
    """Says that something worked in the first episode and not at all in a later one; each single message is judged by its own
    rule."""
    if not dialog.episodes:
        return
    first, relay_s = dialog.episodes[0], parameters["relay_within"]
    for later in dialog.episodes[1:]:
        outcome.evidence += 1
        _accuse_lost(dialog, later, outcome, "agent's replies", _shown(dialog, first), _shown(dialog, later), relay_s)
        _accuse_lost(dialog, later, outcome, "customer's words", _seen(dialog, first), _seen(dialog, later), relay_s)
    _accuse_deaf(dialog, first, parameters["ticket_within"], outcome)


Passed = list[tuple[Acted | Filed, bool]]


def _shown(dialog: Dialog, episode: Episode) -> Passed:
    """The agents' replies of an episode, and whether the customer saw them. Platforms make other files of pictures, so it takes
    words to recognise a reply."""
    return [
        (record, bool(dialog.outs_of(record)))
        for record, entry in dialog.agent_replies
        if entry.text and episode.holds(record.n) and not was_withdrawn(dialog, entry)
    ]


def _seen(dialog: Dialog, episode: Episode) -> Passed:
    """What the customer said while an agent was in charge, and whether it stands in the ticket."""
    return [
        (act, is_passed_on(dialog, act))
        for act in dialog.said
        if episode.holds(act.n) and dialog.owner_at(act.n) == "agent" and is_for_the_agents(dialog, episode, act)
    ]


def _accuse_lost(
    dialog: Dialog, later: Episode, outcome: Outcome, what: str, before: Passed, now: Passed, within_s: float
) -> None:
    if not any(passed for _, passed in before) or not now or any(passed for _, passed in now):
        return
    oldest = now[0][0]
    if _is_excused(dialog, later, oldest.n):
        return
    settled = settle(dialog.case, oldest, within_s)
    if settled == "over":
        cites = (oldest.n, later.asked.n, next(record.n for record, passed in before if passed))
        outcome.fail(
            f"in handover {later.number} of this conversation none of the {what} came through; in the first they did",
            cites=cites,
            conv=dialog.conv,
        )
    elif settled == "cut":
        outcome.undecided(
            f"the case was stopped before the {what} could come through", cites=(oldest.n,), conv=dialog.conv
        )


def _is_excused(dialog: Dialog, later: Episode, since: int) -> bool:
    """True where a fault, or the platform, stood in the way."""
    lost = any(later.asked.n < record.n for record in disturbances(dialog, LOST))
    desk = dialog.tickets[later.ticket].desk
    return (
        lost or is_faulted(dialog.case, desk, since, later.ends_n) or not is_reachable(dialog.case, dialog.conv, since)
    )


def _accuse_deaf(dialog: Dialog, first: Episode, within_s: float, outcome: Outcome) -> None:
    """The words that called a person the first time are said again, and all that comes of it is a call about the old ticket,
    which the desk refuses."""
    asked = [act for act in dialog.said if act.n < first.asked.n]
    if first.returned is None or first.by_agent or not asked or len(_words(asked[-1])) < 2:
        return
    for act in dialog.said:
        if act.n > first.returned.n and _words(act) == _words(asked[-1]) and dialog.owner_at(act.n) == "bot":
            outcome.evidence += 1
            refused = _refused_at_desk(dialog, first, act)
            if refused is not None and settle(dialog.case, act, within_s) == "over":
                outcome.fail(
                    f"{quoted(act)} called a person the first time; said again, it called nobody: the desk refused the call about the old ticket",
                    cites=(refused, act.n, first.asked.n),
                    conv=dialog.conv,
                )
                return


def _refused_at_desk(dialog: Dialog, first: Episode, act: Acted) -> int | None:
    """The call about the old ticket that the desk refused, where nothing else came of the customer's words."""
    until = min((other.n for other in dialog.said if other.n > act.n), default=float("inf"))
    desk = dialog.tickets[first.ticket].desk
    begins = [*(episode.asked for episode in dialog.episodes), *dialog.records(HandoffFailed, HandoffAsked)]
    if any(act.n < record.n for record in begins) or is_faulted(dialog.case, desk, act.n, until):
        return None
    calls = (call for call in dialog.case.calls if act.n < call.n < until and call.platform == desk and not call.ok)
    return next((call.n for call in calls if _names(call, first.ticket)), None)


def _names(call: Called, ticket: str) -> bool:
    return ticket in re.split(r"[^\w.=+-]+", f"{call.method} {call.arguments}")
