"""What the customer is told about a handover: only what is true, and once (HO-05 and HO-06)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from chatdrill.checks.evidence import CaseEvidence
from chatdrill.checks.excuses import allowed_within_s
from chatdrill.checks.handoff.deadlines import is_faulted, is_reachable, is_refused, settle
from chatdrill.checks.handoff.dialogs import Dialog, Episode, Out, all_dialogs
from chatdrill.checks.handoff.languages import is_foreign
from chatdrill.checks.handoff.laws import GROUP, notices, rule
from chatdrill.checks.handoff.matching import squeezed
from chatdrill.checks.handoff.oracles import patterns
from chatdrill.checks.handoff.tickets import quoted
from chatdrill.checks.parameters import Parameters, duration
from chatdrill.checks.registry import Outcome, case_check
from chatdrill.model import Edited, HandoffAsked, HandoffFailed, PressAnswered, Sent
from chatdrill.trace import Called, Filed, Record, Took

_FAR = float("inf")

# ------------------------------------------------------------------------------------------------------- HO-05

_PROMISE = re.compile(
    # English
    r"\b(?:(?:i am|i'm|we are|we're|i'll|i will|now|just) (?:now )?(?:connect|transferr?|call|forward|pass|hand|fetch)(?:ing)? (?:you|a|an|our|this|the|in)\b"
    r"|(?:connecting|transferring|forwarding) you|you (?:are|have been|are being|are now) (?:now )?(?:being )?(?:connected|transferred|handed)"
    r"|(?:agent|colleague|operator|specialist|representative|person|human|somebody|someone) (?:will|is going to) (?:answer|reply|join|be with|take|help|assist|write|contact))"
    # Russian
    r"|\b(?:зову коллег|зову оператор|соединяю|перевожу вас|переключаю|передаю (?:вас|диалог|ваш)|вас перев[её]л|вам (?:скоро )?ответят"
    r"|(?:оператор|коллега|специалист|сотрудник|менеджер) (?:скоро |сейчас |уже )?(?:ответит|подключится|присоединится|поможет|напишет))"
    # Polish
    r"|\b(?:łączę|przekazuję|przełączam|przekierowuję|wzywam|wołam|(?:konsultant|kolega|koleżanka|pracownik|doradca) (?:zaraz |wkrótce |już )?(?:odpowie|dołączy|pomoże|odpisze))"
    # German, French, Spanish
    r"|\b(?:ich verbinde|sie werden (?:jetzt )?verbunden|je vous (?:mets en relation|transfère)|(?:le|lo|la|te) (?:paso|comunico|transfiero|conecto) con)",
    re.IGNORECASE,
)  # fmt: skip
_NO_PROMISE = re.compile(
    r"[?？]|\b(?:if|shall|would you|should|could|may|can i|want|wish|cannot|can't|unable|not able|not|sorry|unfortunately|later|tomorrow|when|once|after|until|before|monday|"
    r"если|хотите|могу|можно|не|к сожалению|завтра|когда|после|позже|czy|jeśli|gdy|kiedy|mogę|można|nie|niestety|jutro|później|po|"
    r"wenn|möchten|nicht|leider|morgen|si|voulez|malheureusement|demain|quiere|desea|mañana|no)\b|\d{1,2}[:.]\d{2}|\d+ ?(?:am|pm)\b",
    re.IGNORECASE,
)
"""An offer, a condition, a refusal, or a promise for another time is none that can be held against the desk of now."""

REFUSAL = re.compile(
    r"\b(?:sorry|unfortunately|could not|couldn't|cannot|can't|nobody|no one|not available|unavailable|failed|try again|later|"
    r"к сожалению|извините|простите|не удалось|не получилось|никого|никто|недоступ\w*|позже|"
    r"niestety|przepraszam|nie udało|nikt|nikogo|niedostępn\w*|później|leider|niemand|désolé|malheureusement|personne|"
    r"lo siento|nadie|lamentablemente)\b",
    re.IGNORECASE,
)


def has_a_desk(case: CaseEvidence) -> bool:
    """True for a case with a helpdesk behind the bot, whether the bot ever called it or not."""
    return case.began.desk is not None or bool(case.filed)


@case_check(
    "HO-05",
    "What the bot says of a handover is true: who hears that somebody is called has a ticket, or hears that it failed.",
    group=GROUP,
    applies=has_a_desk,
    notices=notices(),
    promises=patterns(),
    ticket_within=duration("10s"),
)
def promise_is_fact(case: CaseEvidence, parameters: Parameters, outcome: Outcome) -> None:
    """``promises`` are patterns of the bot's own promises, beside the usual ones in seven languages. Offers, conditions and
    promises for later are none. What a desk refused to hand over is judged by HO-36."""
    own = [re.compile(pattern, re.IGNORECASE) for pattern in parameters["promises"]]
    for dialog in all_dialogs(case):
        for out in dialog.outs:
            if out.kind != "agent" and promises_person(out.text, own):
                outcome.evidence += _judge_promise(dialog, out, parameters["ticket_within"], outcome)


_SO = re.compile(r",\s*(?:so|therefore|поэтому|więc|dlatego|deshalb|daher|donc|así que)\b", re.IGNORECASE)


def says_person_comes(text: str) -> bool:
    """True for words that say that a person takes over now, also where they begin with why: "I cannot help, so I am calling a colleague"."""
    return any(promises_person(part) for part in (text, *_SO.split(text)[1:]))


def promises_person(text: str, own: Sequence[re.Pattern[str]] = ()) -> bool:
    """True for words that say that a person takes over now."""
    if any(pattern.search(text) for pattern in own):
        return True
    sentences = re.split(r"(?<=[.!?…])\s+|\n", text)
    return any(_PROMISE.search(sentence) and not _NO_PROMISE.search(sentence) for sentence in sentences)


def _judge_promise(dialog: Dialog, out: Out, within_s: float, outcome: Outcome) -> bool:
    """Whether there was something to judge."""
    case, number = dialog.case, out.record.n
    if dialog.owner_at(number) in ("queue", "agent") or any(
        abs(case.seconds_between(fact, out.record)) <= within_s for fact in _facts(dialog)
    ):
        return True
    tried = [call for call in case.calls if _is_troubled(case, call, dialog) and call.n > number]
    since = tried[-1] if tried else out.record
    soon_s = within_s + allowed_within_s(case, since, within_s)
    later = [fact for fact in _facts(dialog) if fact.n > number and case.seconds_between(since, fact) <= soon_s]
    failed = [record for record in dialog.records(HandoffFailed) if record.n > number]
    if later or failed or any(_refuses(case, each, since, soon_s) for each in dialog.outs_between(number, _FAR)):
        return True
    match settle(case, since, within_s):
        case "over":
            outcome.fail(
                f"the bot said {quoted(out.text)}, and nobody was asked at the helpdesk",
                cites=(number, *(call.n for call in tried[:3])),
                conv=dialog.conv,
                details={"expected": "a handover at the helpdesk, or a word that it failed"},
            )
            return True
        case "cut":
            outcome.undecided(
                f"the bot said {quoted(out.text)}, and the conversation was cut short before it could come true",
                cites=(number,),
                conv=dialog.conv,
            )
    return False


def _refuses(case: CaseEvidence, out: Out, since: Record, within_s: float) -> bool:
    return bool(REFUSAL.search(out.text)) and case.seconds_between(since, out.record) <= within_s


def _facts(dialog: Dialog) -> list[Filed]:
    """The moments at which somebody was asked for, or took over."""
    taken = [span.since for span in dialog.spans if span.owner in ("queue", "agent") and span.since is not None]
    failed = {record.call for record in dialog.records(HandoffFailed) if record.call is not None}
    asked = [each for each in dialog.records(HandoffAsked) if each.call not in failed]
    return [*taken, *asked]


def _is_troubled(case: CaseEvidence, call: Called, dialog: Dialog) -> bool:
    """A call to the desk that was refused or spoiled: the bot may try again."""
    if call.conv not in (None, dialog.conv) or case.began.is_messenger(call.platform):
        return False
    return not call.ok or "fault:" in (call.note or "")


# ------------------------------------------------------------------------------------------------------- HO-06


@rule(
    "HO-06",
    "Who is handed over hears of it soon, and once.",
    ack=duration("5s"),
    ticket_within=duration("10s"),
)
def acknowledged_once(dialog: Dialog, parameters: Parameters, outcome: Outcome) -> None:
    """Any visible word counts: a message in whatever language, an edited one, the answer to a press, an agent who is there at
    once. A word from before counts if it came after what the customer said last. Words said twice after a webhook that was
    delivered twice are left to ``once``."""
    for episode in dialog.episodes:
        asked = _asked(dialog, episode)
        if asked is None or _was_for_the_agent(dialog, asked):
            continue
        if is_reachable(dialog.case, dialog.conv, _since_n(dialog, asked)):
            outcome.evidence += _judge_silence(dialog, episode, asked, parameters, outcome)
            _accuse_repeated(dialog, episode, asked, parameters, outcome)


def _asked(dialog: Dialog, episode: Episode) -> Filed | None:
    """The bot's request with which an episode began."""
    if episode.by_agent or episode.asked.by != "bot":
        return None
    before = max((each.ends_n for each in dialog.episodes if each.number < episode.number), default=-1)
    own = [each for each in dialog.records(HandoffAsked) if each.by == "bot" and before < each.n < episode.ends_n]
    return next(iter(own), None)


def _was_for_the_agent(dialog: Dialog, asked: Filed) -> bool:
    """The last word before crossed an agent's goodbye, and opened the conversation again: nobody called anybody."""
    last = max((act for act in dialog.said if act.n < asked.n), key=lambda act: act.n, default=None)
    return last is not None and dialog.case.crosses_a_closing(last)


def _since_n(dialog: Dialog, asked: Filed) -> int:
    """The number of what the customer said last before."""
    return max((act.n for act in dialog.said if act.n < asked.n), default=-1)


def _judge_silence(dialog: Dialog, episode: Episode, asked: Filed, parameters: Parameters, outcome: Outcome) -> bool:
    case, ack_s = dialog.case, parameters["ack"]
    since_n = _since_n(dialog, asked)
    slow = is_faulted(case, asked.desk, since_n, asked.n)
    soon_s = ack_s + allowed_within_s(case, asked, ack_s)
    for took in _visible(dialog):
        if since_n < took.n < asked.n and (slow or case.seconds_between(took, asked) <= parameters["ticket_within"]):
            return True
        if took.n > asked.n and case.seconds_between(asked, took) <= soon_s:
            return True
    for out in _before(dialog, asked):
        may_be = out.kind == "notice" or is_foreign(out.text)
        near = case.seconds_between(out.record, asked) <= parameters["ticket_within"]
        if may_be and (near or is_refused(case, asked.desk, out.record.n, asked.n)):
            return True
    match settle(case, asked, ack_s, until=episode.returned):
        case "over":
            outcome.fail(
                f"the conversation was handed over, and the customer heard nothing of it for {ack_s:g} s",
                cites=(asked.n,),
                conv=dialog.conv,
                details={"expected": f"a word to the customer within {ack_s:g} s"},
            )
            return True
        case "cut":
            outcome.undecided(
                "the conversation was cut short before the customer could hear of the handover",
                cites=(asked.n,),
                conv=dialog.conv,
            )
    return False


def _before(dialog: Dialog, asked: Filed) -> Iterator[Out]:
    """What the customer saw since the last handover was over: they may have gone on writing after a word about this one."""
    since = max((each.ends_n for each in dialog.episodes if each.ends_n < asked.n), default=-1)
    return dialog.outs_between(int(since), asked.n)


def _visible(dialog: Dialog) -> Iterator[Took]:
    for took in dialog.case.took:
        effect = took.effect
        if took.conv == dialog.conv and (
            isinstance(effect, Sent | Edited) or (isinstance(effect, PressAnswered) and bool(effect.text))
        ):
            yield took


def _accuse_repeated(dialog: Dialog, episode: Episode, asked: Filed, parameters: Parameters, outcome: Outcome) -> None:
    case, since_n = dialog.case, _since_n(dialog, asked)
    turn = [act for act in dialog.said if act.n <= asked.n][-3:]
    if any(attempt.number > 1 for attempt in case.tries_of(turn)):
        return
    spoken = [act.n for act in dialog.said]
    said: dict[object, Out] = {}
    for out in dialog.outs_between(since_n, episode.ends_n):
        is_answer = out.record.n < asked.n and (out.kind == "bot" or is_foreign(out.text))
        if (
            out.kind == "agent"
            or is_answer
            or not squeezed(out.text)
            or case.seconds_between(asked, out.record) > parameters["ack"]
        ):
            continue
        first = said.setdefault(out.heard.says, out)
        between = any(first.record.n < n < out.record.n for n in spoken)
        if first is not out and not between and case.seconds_between(first.record, out.record) <= parameters["ack"]:
            outcome.fail(
                f"the customer heard the same of the handover twice: {quoted(out.text)}",
                cites=(out.record.n, first.record.n),
                conv=dialog.conv,
            )
            return
