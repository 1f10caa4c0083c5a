"""No false alarm about ends, surveys, faults and restarts: whatever a correct bot goes through, HO-40 to HO-52 say nothing."""

from __future__ import annotations

import random

import pytest

import chatdrill.checks.handoff.endings
import chatdrill.checks.handoff.restarts
import chatdrill.checks.handoff.robustness
import chatdrill.checks.handoff.surveys
import chatdrill.checks.handoff.visits  # noqa: F401
from chatdrill.model import Button, Keyboard
from chatdrill.trace import Dropped
from checks.handoff.traces import Told

RULES = [f"HO-{number}" for number in range(40, 53)]
STARS = Keyboard(style="inline", rows=tuple((Button(title=f"{n} ★", kind="callback"),) for n in range(1, 6)))
ASKS = [
    "where is my order 553?",
    "спасибо",
    "Wann kommt es?",
    "size 5",
    "ok",
    "and now?",
    "a long story " * 30,
    "いつですか",
]
REPLIES = ["Hello, Bob here.", "Let me look.", "It comes on Friday.", "Добрый день!", "Could you send a photo?"]
ANSWERS = ["On its way.", "At ten.", "Заказ в пути.", "I see, anything else?", "ご注文は発送されました"]
BACK = ["The bot is back. How can I help?", "С вами снова бот.", "ボットに戻りました", "Bob has left."]
SURVEY = "How did we do? Please rate from 1 to 5."


class Play:
    """A conversation of one to three handovers, by chance. ``asked``: the customer was asked how it was."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.mirrored, self.told, self.asked = self.chance.random() < 0.5, Told(), False

    def happens(self, share: float) -> bool:
        return self.chance.random() < share

    def says(self, text: str, *, relayed: bool = False) -> None:
        self.told.says(text)
        if self.mirrored or relayed:
            self.told.mirrors()

    def bot(self, text: str) -> None:
        self.told.bot(text)
        if self.mirrored:
            self.told.mirrors_bot()

    def play(self) -> Told:
        self.told.says("hello").bot(self.chance.choice(["Hello! This is Stepwell.", "Здравствуйте! Чем помочь?"]))
        for number in range(self.chance.randint(1, 3)):
            self.called(again=number > 0)
            for _ in range(self.chance.randint(0, 5)):
                self.chance.choice([self.reply, self.word, self.word, self.state, self.fault])()
            self.ends()
            self.rated()
            self.visits()
        self.told.wait(self.chance.choice([0, 1, 20, 100]))
        return self.told.ends(self.chance.choice(["done", "done", "stopped"]))

    def called(self, *, again: bool) -> None:
        if not again and self.happens(0.2):
            self.told.opens().takes_over()
            return
        self.says("a person, please")
        if again and (self.mirrored or self.happens(0.5)):
            self.told.reopens(by="bot").asks()
        elif again:
            self.told.opens().asks()
        else:
            self.told.handoff()
        self.told.notice(self.chance.choice(["I am calling a colleague.", "Зову коллегу.", "担当者におつなぎします"]))
        if self.happens(0.2):
            self.told.declines()
        self.told.accepts(self.chance.choice(["bob", "carol"]))

    def reply(self) -> None:
        self.told.replies(f"{self.chance.choice(REPLIES)} {self.chance.random()}")
        self.told.passes_on(prefix=self.chance.choice(["", "Bob: "]))

    def word(self) -> None:
        self.told.says(self.chance.choice(ASKS)).mirrors()

    def state(self) -> None:
        self.told.sets(self.chance.choice(["pending", "snoozed", "solved", "open"]))

    def fault(self) -> None:
        told = self.told
        kind = self.chance.choice(["twice", "swap", "lost", "forged", "restart", "note"])
        if kind == "lost":
            told.replies(f"lost {self.chance.random()}").made.pop()
            told.add(Dropped, platform=told.desk, updates=("lost",), reason="fault: lost for good")
            told.wait(self.chance.uniform(1, 50)).passes_on()
        elif kind == "twice":
            told.transfers().notice("Carol has joined.").hooked("assigned", number=2, note="fault: delivered twice")
        elif kind == "swap":
            told.hooked("note", note="fault: overtaken by the next one")
        else:
            {"forged": told.forges, "restart": told.restarts, "note": lambda: told.notes("a good customer")}[kind]()

    def ends(self) -> None:
        how = self.chance.choice(["closed", "closed", "released", "cancelled"])
        if how == "closed":
            self.told.closes()
        elif how == "released":
            self.told.owner("bot", by="agent", after=2)
        else:
            self.told.says("bot").mirrors().owner("bot", by="bot", after=1)
        for text in self.chance.sample(BACK, self.chance.randint(0, 2)):
            self.told.notice(text)

    def rated(self) -> None:
        if self.asked or self.happens(0.5):
            return
        self.asked = True
        if self.happens(0.5):
            self.told.bot(SURVEY, STARS).says("5") if self.happens(0.5) else self.told.bot(SURVEY, STARS)
            return
        self.told.enters("system", SURVEY, by="desk").surveys(after=0).bot(SURVEY)
        if self.happens(0.6):
            self.told.says("4").mirrors().rated(4, None)

    def visits(self) -> None:
        for _ in range(self.chance.randint(0, 3)):
            if self.happens(0.4):
                self.told.skips(self.chance.choice([60, 400, 90_000]))
            self.says(self.chance.choice(ASKS))
            for _ in range(self.chance.randint(1, 2)):
                self.bot(f"{self.chance.choice(ANSWERS)} {self.chance.random()}")


@pytest.mark.parametrize("start", range(0, 100, 20))
def test_a_correct_bot_is_accused_of_nothing_to_the_end(start):
    for seed in range(start, start + 20):
        told = Play(seed).play()
        for rule in RULES:
            alarms = [finding for finding in told.findings(rule) if finding.verdict != "inconclusive"]
            assert not alarms, (seed, rule, alarms[0].message, told.cited(alarms[0]))


def test_every_rule_had_something_to_judge():
    played = [Play(seed).play() for seed in range(60)]
    judged = {rule for told in played for rule in RULES if told.judge(rule).evidence}
    assert judged == set(RULES) - {"HO-51"}
