"""No false alarm: conversations with a correct bot, of whatever style and on whatever kind of desk, break no rule."""

from __future__ import annotations

import random

import pytest

import chatdrill.checks.handoff.context
import chatdrill.checks.handoff.history
import chatdrill.checks.handoff.media
import chatdrill.checks.handoff.owners
import chatdrill.checks.handoff.promises
import chatdrill.checks.handoff.quiet
import chatdrill.checks.handoff.tickets  # noqa: F401
from chatdrill.model import Sent, Write
from chatdrill.trace import Acted, Took
from checks.handoff.traces import Told

RULES = [f"HO-{number:02}" for number in range(1, 22)]
SPEECH = {
    "en": {
        "asks": [
            "Where is my order?",
            "Do you deliver on Sunday?",
            "ok",
            "My order is 553",
            "It's too small\nand too red",
        ],
        "answers": ["It is on its way.", "Yes, we do, all day long.", "Anything else?"],
        "person": ["A person, please", "operator!!"],
        "called": ["I am calling a colleague.", "One moment please, I'll connect you with an agent."],
        "joined": ["{} has joined the chat.", "You are talking to {} now."],
        "waits": ["You are number 2 in the queue.", "Sorry for the wait, somebody will be here soon."],
        "over": ["The conversation is over, I am back with you.", "How did {} do? Please rate from 1 to 5."],
        "replies": ["Good morning, how can I help you?", "I have looked: it comes on Friday.", "Yes", "👍"],
    },
    "ru": {
        "asks": ["Где мой заказ?", "Можно вернуть обувь, если она не подошла?", "Да", "Номер 553", "Спасибо"],
        "answers": ["Заказ уже в пути.", "Да, в течение 14 дней."],
        "person": ["Позовите оператора", "Хочу поговорить с человеком"],
        "called": ["Зову коллегу. Вам ответят здесь.", "Соединяю с оператором"],
        "joined": ["К вам подключился специалист {}.", "{} на связи"],
        "waits": ["Вы второй в очереди.", "Подождите ещё минуту, пожалуйста."],
        "over": ["Диалог завершён, я снова с вами.", "Оцените, пожалуйста, работу: от 1 до 5."],
        "replies": ["Здравствуйте! Сейчас посмотрю.", "Заказ придёт в пятницу", "Да"],
    },
    "pl": {
        "asks": ["Gdzie jest moje zamówienie?", "Czy mogę zwrócić buty?", "tak", "Numer 553", "Dziękuję"],
        "answers": ["Zamówienie jest już w drodze.", "Tak, w ciągu 14 dni."],
        "person": ["Proszę o rozmowę z konsultantem", "Chcę człowieka"],
        "called": ["Łączę z konsultantem.", "Wzywam kolegę, proszę chwilę poczekać."],
        "joined": ["{} dołączył do rozmowy.", "Rozmawia Pan teraz z konsultantem: {}."],
        "waits": ["Jest Pan drugi w kolejce.", "Proszę jeszcze chwilę poczekać."],
        "over": ["Rozmowa została zakończona, wróciłem.", "Proszę ocenić rozmowę od 1 do 5."],
        "replies": ["Dzień dobry, już sprawdzam.", "Zamówienie dotrze w piątek", "Tak"],
    },
    "fi": {
        "asks": ["Missä tilaukseni on?", "Voinko palauttaa kengät?", "Joo", "Numero 553"],
        "answers": ["Tilauksesi on jo matkalla.", "Kyllä, neljäntoista päivän ajan."],
        "person": ["Haluan puhua ihmisen kanssa"],
        "called": ["Yhdistän sinut asiakaspalvelijaan, odota hetki."],
        "joined": ["{} vastaa sinulle nyt."],
        "waits": ["Olet jonossa toisena, asiakaspalvelija vastaa pian."],
        "over": ["Keskustelu asiakaspalvelijan kanssa päättyi, palasin takaisin."],
        "replies": ["Hei, tarkistan heti.", "Se saapuu perjantaina"],
    },
}


class Play:
    """One conversation, drawn from a seed: how the desk is filled, how the bot words and sends things, what happens."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.style = self.chance.choice(["mirror", "entries", "transcript", "note", "field"])
        self.prefix = self.chance.choice(["", "Bob: ", "*Bob Baker:* ", "👤 Bob Baker — "])
        self.early = self.chance.random() < 0.3
        self.speech = SPEECH[self.chance.choice(list(SPEECH))]
        self.told = Told(facts={"order": "553"}, clock=self.chance.choice(["virtual", "real"]))
        self.mirrored = self.style == "mirror"
        self.shown = 0

    def word(self, kind: str) -> str:
        return self.chance.choice(self.speech[kind]).format("Bob")

    def wait(self, low: float, high: float) -> None:
        self.told.wait(self.chance.uniform(low, high))

    def customer(self, kind: str = "asks", *, relayed: bool = False) -> None:
        if kind == "asks" and self.chance.random() < 0.15:
            self.told.photo(f"sha{self.chance.randrange(999)}")
        else:
            self.told.says(self.word(kind))
        if self.chance.random() < 0.2:
            self.told.delivers(number=2)
        if relayed or self.mirrored:
            self.told.mirrors(after=self.chance.uniform(0.1, 2.0))

    def bot(self, kind: str) -> None:
        text = self.word(kind)
        pieces = text.split(". ") if self.chance.random() < 0.3 and ". " in text else [text]
        for piece in pieces:
            self.told.bot(piece, after=self.chance.uniform(0.2, 1.0))
            if self.mirrored:
                self.told.mirrors_bot()

    def play(self) -> Told:
        for _ in range(self.chance.randint(1, 3)):
            self.talk()
            if self.chance.random() < 0.2:
                self.uncalled()
            else:
                self.called()
            self.served()
            self.over()
        self.wait(0, 60)
        return self.told.done() if self.chance.random() < 0.8 else self.told.ends("stopped")

    def talk(self) -> None:
        for _ in range(self.chance.randint(0, 4)):
            self.customer()
            self.bot("answers")
            self.wait(1, 20)

    def called(self) -> None:
        self.customer("person")
        if self.early:
            self.bot("called")
        self.hand_over()
        if not self.early:
            self.bot("called")
        if self.chance.random() < 0.3:
            self.wait(0.1, 5)
            self.customer(relayed=True)
        if self.chance.random() < 0.4:
            self.wait(60, 90)
            self.bot("waits")
        if self.chance.random() < 0.2:
            self.told.declines()
        self.wait(2, 30)
        self.told.accepts()
        if self.chance.random() < 0.7:
            self.bot("joined")

    def uncalled(self) -> None:
        self.told.ticket  # noqa: B018  one is made where there is none
        self.wait(1, 5)
        self.told.takes_over()

    def hand_over(self) -> None:
        told, lines = self.told, self.lines()
        if "anna" not in told.tickets:
            told.opens(fields={"history": " / ".join(lines)} if self.style == "field" else {"order": 553})
        elif self.style == "field":
            told.enters("bot", " / ".join(lines), public=False)
        if self.style == "entries":
            self.entries()
        elif self.style == "transcript":
            told.enters("bot", "\n".join(lines))
        elif self.style == "note":
            told.enters("bot", "<br>".join(lines), public=False)
        if self.style != "mirror":
            self.files()
        self.shown = len(told.made)
        told.asks(order=553)

    def history(self) -> list[tuple[str, str]]:
        found = []
        for record in self.told.made[self.shown :]:
            if isinstance(record, Acted) and isinstance(record.act, Write) and not self.is_shown(record):
                found.append(("customer", "\n".join(getattr(part, "text", "") for part in record.act.parts)))
            elif isinstance(record, Took) and isinstance(record.effect, Sent):
                found.append(("bot", record.effect.message.text))
        return found

    def is_shown(self, act: Acted) -> bool:
        return any(entry.origin_id in act.ids for entry in self.told.entries.get("anna", ()) if entry.origin_id)

    def lines(self) -> list[str]:
        return [f"[12:00] {'Anna' if who == 'customer' else 'Bot'}: {text}" for who, text in self.history()]

    def entries(self) -> None:
        for who, text in self.history():
            if text:
                self.told.enters(who, text)

    def files(self) -> None:
        for record in self.told.made[self.shown :]:
            if isinstance(record, Acted) and isinstance(record.act, Write) and not self.is_shown(record):
                files = tuple(part.file for part in record.act.parts if hasattr(part, "file"))
                if files:
                    self.told.enters("customer", "", files=files, origin_id=record.ids[0])

    def served(self) -> None:
        for _ in range(self.chance.randint(1, 5)):
            self.chance.choice([self.reply, self.reply, self.reply, self.ask, self.note, self.passed])()
            self.wait(0, 200)

    def reply(self) -> None:
        if self.chance.random() < 0.2:
            self.told.agent_types().types()
        self.told.replies(self.word("replies")).passes_on(prefix=self.prefix, after=self.chance.uniform(0.2, 3.0))

    def ask(self) -> None:
        self.customer(relayed=not self.mirrored)

    def note(self) -> None:
        self.told.notes("a good customer")

    def passed(self) -> None:
        self.told.transfers(self.chance.choice(["bob", "carol"]))

    def over(self) -> None:
        self.told.closes()
        if self.chance.random() < 0.7:
            self.bot("over")
        self.shown = len(self.told.made)
        if self.chance.random() < 0.5:
            self.wait(1, 9)
            self.customer()
            self.bot("answers")


@pytest.mark.parametrize("start", range(0, 100, 20))
def test_a_correct_bot_is_accused_of_nothing(start):
    for seed in range(start, start + 20):
        told = Play(seed).play()
        found = {rule: told.judge(rule) for rule in RULES}
        alarms = [
            finding for result in found.values() for finding in result.findings if finding.verdict != "inconclusive"
        ]
        assert not alarms, (
            seed,
            alarms[0].check,
            alarms[0].message,
            [str(told.made[n])[:300] for n in alarms[0].cites],
        )
