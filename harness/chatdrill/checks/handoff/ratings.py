"""Surveys and the answers to them: which message asks how it was, and which word of the customer is a rating."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chatdrill.checks.handoff.deadlines import was_told
from chatdrill.checks.handoff.dialogs import Dialog, Out
from chatdrill.checks.handoff.matching import normal
from chatdrill.model import Entry, EntryAdded, Message, Press, SurveyAsked, Write, part_text
from chatdrill.trace import Acted, Filed, Took

_STARS = "★⭐🌟"
_SCORE = re.compile(
    rf"^\s*(?P<digits>10|\d)\s*(?:(?:/|of|из|z|von)\s*(?:5|10))?\s*(?:stars?|points?|[{_STARS}]+|балл\w*|звезд\w*|gwiazd\w*)?\s*[.!]?\s*$",
    re.IGNORECASE,
)
_ANSWER_S = 86_400.0
"""Drill seconds for which a lone number is taken for an answer to a survey."""
_ONLY_STARS = re.compile(rf"^\s*(?:[{_STARS}]\ufe0f?\s*){{1,5}}$")
_BUTTONS_MIN = 3
"""So many buttons with scores are a survey; one or two with digits may be anything."""

_ASKS = re.compile(
    # English
    r"\b(?:please|would you|could you|to|can you) rate\b|^rate (?:us|our|me|the|your|this)\b|how (?:would|do) you rate|"
    r"how (?:did|was|were) (?:i|we|our|the|your) (?:do\b|doing|conversation|chat|service|support|experience)|\bhow satisfied\b|"
    # Russian, Polish
    r"\bоцените\b|\bоценить\b|как (?:бы )?вы оцен|как вам (?:моя |наша )?(?:помощь|работа|поддержка)|"
    r"\boce(?:ń|nić)\b|\bproszę ocenić|jak ocenia|jak mi poszło|"
    # German, French, Spanish, Portuguese
    r"\bbewerten sie|wie zufrieden|\bévaluez\b|notez (?:notre|la|votre)|comment évalu|\bcalifi(?:que|ca)\b|\bvalore\b|"
    r"cómo (?:calific|valor)|\bavalie\b|como avalia",
    re.IGNORECASE,
)  # fmt: skip


@dataclass(frozen=True)
class Ask:
    """A customer is asked how it was: by the desk (``filed``), by a message of the bot's (``out``), or by a message of the
    desk's that the bot passed on (both)."""

    filed: Filed | None = None
    out: Out | None = None

    @property
    def record(self) -> Filed | Took:
        """The first record of it."""
        if self.filed is not None:
            return self.filed
        assert self.out is not None
        return self.out.record

    @property
    def is_bots(self) -> bool:
        """True where the bot thought of it, not the desk."""
        return self.filed is None or self.filed.by == "bot"

    @property
    def message(self) -> Message | None:
        """What the customer saw in the chat, if it was asked there."""
        return None if self.out is None else self.out.heard.message


def asks_rating(out: Out, patterns: Sequence[re.Pattern[str]]) -> bool:
    """True for a message of the bot's that asks how it was: by a pattern of the scenario, by buttons with scores, by words."""
    if out.kind == "agent":
        return False
    if any(pattern.search(out.text) for pattern in patterns):
        return True
    return _has_scores(out.heard.message) or bool(_ASKS.search(out.text))


def _has_scores(message: Message) -> bool:
    scores = [score for button in message.buttons if (score := score_in(button.title)) is not None]
    return len(scores) >= _BUTTONS_MIN and len(scores) == len(set(scores))


def score_in(text: str) -> int | None:
    """The number of a text that is nothing but a rating: ``5``, ``4/5``, ``3 stars``, ``★★``."""
    found = _SCORE.match(text)
    if found:
        return int(found["digits"])
    return sum(text.count(star) for star in _STARS) if _ONLY_STARS.match(text) else None


def score_of(act: Acted) -> int | None:
    """The rating that a customer's act is, if it is nothing else."""
    if isinstance(act.act, Press):
        return score_in(act.act.button.title)
    if isinstance(act.act, Write):
        return score_in(" ".join(filter(None, map(part_text, act.act.parts))))
    return None


def asks(dialog: Dialog, patterns: Sequence[re.Pattern[str]]) -> list[Ask]:
    """Every time that the customer was asked, in order. A message that shows the desk's own question belongs to it; a second
    such message is an ask of its own."""
    filed = dialog.records(SurveyAsked)
    shown: dict[int, Out] = {}
    found: list[Ask] = []
    for out in dialog.outs:
        source = _shown_by(dialog, filed, out)
        if source is not None and source.n not in shown:
            shown[source.n] = out
        elif source is not None or asks_rating(out, patterns):
            found.append(Ask(out=out))
    found += [Ask(record, shown.get(record.n)) for record in filed]
    return sorted(found, key=lambda ask: ask.record.n)


_NEIGHBOURS = 6  # records: what one act at a desk files at once
_PIECE_MIN = 12  # characters: a shorter piece of the question may be the bot's own word


def _shown_by(dialog: Dialog, filed: Sequence[Filed], out: Out) -> Filed | None:
    """The desk's question that a message shows, the newest one."""
    said = normal(out.text)
    for record in reversed(filed):
        if record.n < out.record.n and any(_is_in(entry, said) for entry in _questions(dialog, record)):
            return record
    return None


def _questions(dialog: Dialog, asked: Filed) -> Iterator[Entry]:
    """What the desk wrote into the ticket as it asked."""
    ticket = dialog.tickets.get(asked.event.ticket or "")
    for record in ticket.records if ticket is not None else ():
        if abs(record.n - asked.n) > _NEIGHBOURS or (record.by, record.call) != (asked.by, asked.call):
            continue
        if isinstance(record.event, EntryAdded) and record.event.entry.author in ("system", "bot"):
            yield record.event.entry


def _is_in(entry: Entry, said: str) -> bool:
    words = normal(entry.text)
    return bool(words) and (words in said or (len(said) >= _PIECE_MIN and said in words))


def answers(dialog: Dialog, asked: Sequence[Ask]) -> Iterator[tuple[Ask, Acted]]:
    """The words that are ratings: the first that the customer says after a survey in the chat, if it is a score on its scale."""
    for ask in asked:
        if ask.out is None:
            continue
        said = next((act for act in dialog.said if act.n > ask.out.record.n), None)
        if said is None or dialog.case.drill_seconds_between(ask.out.record, said) > _ANSWER_S:
            continue
        score, scale = score_of(said), scale_of(ask)
        if score is not None and scale is not None and scale[0] <= score <= scale[1] and was_told(dialog.case, said):
            yield ask, said


def scale_of(ask: Ask) -> tuple[int, int] | None:
    """The lowest and the highest score that the customer was shown, as far as the message shows them."""
    message = ask.message
    if message is None:
        return None
    titles = [found for button in message.buttons if (found := score_in(button.title)) is not None]
    scale = titles or [int(digits) for digits in re.findall(r"(?<!\d)(?:10|\d)(?!\d)", message.text)]
    return (min(scale), max(scale)) if len(scale) > 1 else None
