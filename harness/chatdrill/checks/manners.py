"""Checks of how the bot talks: not to itself, not without end, and to every word in its turn."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from chatdrill.checks.evidence import CaseEvidence, Heard, Turn
from chatdrill.checks.parameters import Parameters, whole
from chatdrill.checks.registry import Outcome, case_check
from chatdrill.checks.webhooks import is_injected
from chatdrill.model import Activity, Echo, Edited, Message, Sent, part_text
from chatdrill.trace import Acted, Took

_PROMPT_S = 10.0
"""An answer comes within this time; what comes later is an idea of the bot's own, such as a reminder."""

_QUOTE_WORDS_MIN = 3
_REPEATS_MIN = 3


@case_check(
    "no-echo",
    "The bot never answers an echo: the news of its own message is no word of a customer.",
    broken="the bot answered the news of its own message",
)
def no_echo(case: CaseEvidence, _parameters: Parameters, outcome: Outcome) -> None:
    """Held against the bot: right after an echo it quotes all of it (three words or more) behind words of its own; or it
    repeats itself three times, each time right after an echo. Who was not told of an echo cannot have answered it, and for every
    word of the customer's that the bot was told of one message is the answer to that, however late the word came."""
    if Echo not in case.kinds:
        return
    chains: dict[str | None, _Chain] = defaultdict(_Chain)
    for record in case.records:
        if isinstance(record, Acted) and record.cause != "platform":
            chains[record.conv].listen([attempt.began_t for attempt in case.tries_of([record])])
        elif isinstance(record, Acted) and isinstance(record.act, Echo) and record.act.message.author == "bot":
            tries = case.tries_of([record])
            outcome.evidence += bool(tries)
            if tries:
                chains[record.conv].hear(record, record.act.message.text, min(attempt.began_t for attempt in tries))
        elif isinstance(record, Took) and isinstance(record.effect, Sent):
            chain = chains[record.conv]
            if not chain.takes_answer(record.t):
                _accuse_echo(chain, record, record.effect.message.text, case, outcome)


@dataclass
class _Chain:
    """The newest echo since the bot last answered the customer, and how often the bot said the same right after one. ``owed`` are the
    customer's words that have no answer yet: the times at which the bot was told of each."""

    echo: Acted | None = None
    text: str = ""
    told_t: float = 0.0
    repeats: int = 0
    accused: bool = False
    owed: list[list[float]] = field(default_factory=list)

    def hear(self, echo: Acted, text: str, told_t: float) -> None:
        self.echo, self.text, self.told_t = echo, text, told_t

    def listen(self, told: list[float]) -> None:
        """The customer does something; a word that no webhook carries is told at once."""
        if told:
            self.owed.append(told)
        else:
            self.rest()

    def takes_answer(self, t: float) -> bool:
        """True if what the bot says now is the answer to a word of which it was told a moment ago; that word is answered then."""
        self.owed = [told for told in self.owed if max(told) >= t - _PROMPT_S]
        due = next((told for told in self.owed if any(t - _PROMPT_S <= each <= t for each in told)), None)
        if due is not None:
            self.owed.remove(due)
            self.rest()
        return due is not None

    def rest(self) -> None:
        self.echo, self.repeats, self.accused = None, 0, False


def _accuse_echo(chain: _Chain, record: Took, text: str, case: CaseEvidence, outcome: Outcome) -> None:
    echo, words = chain.echo, chain.text.strip()
    if echo is None or chain.accused or not words or record.t <= chain.told_t:
        return
    if record.at - echo.at > _PROMPT_S * case.speed:
        return
    quotes = text.find(words) > 0 and len(words.split()) >= _QUOTE_WORDS_MIN
    if text.strip() == words:
        chain.echo, chain.repeats = None, chain.repeats + 1  # the next one must follow an echo of its own
    else:
        chain.repeats = 0
    if quotes or chain.repeats >= _REPEATS_MIN:
        chain.accused = True
        outcome.fail(f"the bot answered its own echo: {text[:80]!r}", cites=(record.n, echo.n), conv=record.conv)


@case_check(
    "no-runaway",
    "The bot does not flood: a bounded number of messages for one word of the customer.",
    broken="the bot flooded the customer with messages",
    limit=whole(30),
)
def no_runaway(case: CaseEvidence, parameters: Parameters, outcome: Outcome) -> None:
    limit = parameters["limit"]
    outcome.evidence = len(case.heard)
    for turn in case.turns:
        if len(turn.messages) > limit:
            outcome.fail(
                f"the bot sent {len(turn.messages)} messages without a word of the customer (the limit is {limit})",
                cites=(turn.messages[limit].record.n,),
                conv=turn.conv,
            )


@case_check(
    "typing",
    "The bot shows that it types only while it is about to say something.",
    broken="the bot showed that it was typing, on and on",
    limit=whole(20),
)
def typing(case: CaseEvidence, parameters: Parameters, outcome: Outcome) -> None:
    """Counts how often it is shown without a message of the bot's or a word of the customer's between. Who shows it again every four or
    five seconds while a slow model writes has more than a minute."""
    if Activity not in case.kinds:
        return
    limit = parameters["limit"]
    shown: dict[str | None, int] = defaultdict(int)
    for record in case.records:
        if isinstance(record, Took) and isinstance(record.effect, Activity):
            outcome.evidence += 1
            shown[record.conv] += 1
            if shown[record.conv] == limit + 1:
                outcome.fail(
                    f"the bot showed more than {limit} times that it was typing, and said nothing",
                    cites=(record.n,),
                    conv=record.conv,
                )
        elif isinstance(record, Took | Acted) and _speaks(record):
            shown[record.conv] = 0


def _speaks(record: Took | Acted) -> bool:
    return record.cause == "step" if isinstance(record, Acted) else isinstance(record.effect, Sent | Edited)


@case_check(
    "order",
    "The bot's answers keep the order of the customer's messages.",
    broken="the bot answered in another order than it was asked",
)
def order(case: CaseEvidence, _parameters: Parameters, outcome: Outcome) -> None:
    """Looks at answers that say which message of the turn they answer: by quoting it, or by repeating all its words in
    one and the same frame ("Order ... is on its way"). Further answers to the same message may come whenever they like,
    and so may all answers where the platform itself delivered out of order. What came before the bot was told of a message
    is no answer to it, whatever it repeats: the same words may have been said before."""
    for turn in case.turns:
        if len(turn.acts) == 1:
            continue
        acts = [act for act in turn.acts if act.ids and act.cause == "step"]
        if len(acts) > 1 and not _is_disturbed(case, acts):
            answers = _by_reply(turn, acts) or _by_words(turn, acts)
            _accuse_disorder(turn, [one for one in answers if _was_told(case, acts[one[0]], one[1])], outcome)


def _is_disturbed(case: CaseEvidence, acts: list[Acted]) -> bool:
    return any(not attempt.ok or attempt.number > 1 or is_injected(attempt) for attempt in case.tries_of(acts))


def _was_told(case: CaseEvidence, act: Acted, answer: Heard) -> bool:
    """An attempt is written down when it is over, and a bot may answer before that."""
    began = [each for each in case.tries_of([act]) if each.n < answer.record.n or each.began_t < answer.record.t]
    return bool(began) or not case.tries_of([act])


Answer = tuple[int, Heard]


def _accuse_disorder(turn: Turn, answers: list[Answer], outcome: Outcome) -> None:
    first: dict[int, Heard] = {}
    for position, item in answers:
        first.setdefault(position, item)
    outcome.evidence += len(first) if len(first) > 1 else 0
    newest = -1
    for position, item in first.items():
        if position < newest:
            outcome.fail(
                f"the bot answered a later message first, then {item.message.text[:80]!r}",
                cites=(item.record.n, first[newest].record.n),
                conv=turn.conv,
            )
            return
        newest = position


def _by_reply(turn: Turn, acts: list[Acted]) -> list[Answer]:
    places = {identity: place for place, act in enumerate(acts) for identity in act.ids}
    return [(places[to], item) for item in turn.messages if (to := item.message.reply_to) in places]


def _by_words(turn: Turn, acts: list[Acted]) -> list[Answer]:
    """The answers that repeat all words of exactly one message, if they agree in what they put around them."""
    spoken = [_words(act) for act in acts]
    framed = [found for item in turn.messages for found in _frames(item, spoken)]
    return [(place, item) for place, item, frame in framed if frame == framed[0][2]]


def _words(act: Acted) -> str:
    return " ".join(part_text(part) for part in getattr(act.act, "parts", ())).strip()


def _frames(item: Heard, spoken: list[str]) -> Iterator[tuple[int, Heard, str]]:
    text = _plain(item.message)
    hits = [place for place, words in enumerate(spoken) if words and _stands_in(words, text)]
    if len(hits) == 1:
        before, _, after = text.partition(spoken[hits[0]])
        yield hits[0], item, before or f"\0{after}"


def _plain(message: Message) -> str:
    return " ".join(message.text.split())


def _stands_in(words: str, text: str) -> bool:
    """Whether ``words`` stand in ``text`` as words of their own."""
    before, found, after = text.partition(words)
    return bool(found) and not before[-1:].isalnum() and not after[:1].isalnum()
