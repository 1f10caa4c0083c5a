"""What customers and agents of a generated conversation do with each other, and with a bot that does everything right."""

from __future__ import annotations

from chatdrill.calendars import read_calendar
from chatdrill.model import Assigned, Button, Echo, File, Keyboard, Message, Part, Text
from checks.handoff.floor import Floor
from checks.handoff.talk import FACT, SECRET, TWICE, Script, Talk
from checks.handoff.words import NOTES, other_kinds

CLOSED = {"zone": "Europe/Warsaw", "hours": {"mon-fri": "09:00-17:00"}}
HOURS = read_calendar("hours", CLOSED, "the model", others={})
STARS = Keyboard(style="inline", rows=tuple((Button(title=f"{n} ★", kind="callback"),) for n in range(1, 6)))
DAY_S = 24 * 3600.0


class Life(Talk):
    """What the customer and the agents do with each other, and with the bot."""

    floor: Floor
    closed_hours = False
    unserved = False
    ignored = False

    # ------------------------------------------------------------------------------------------------- the whole

    def plays(self) -> Script:
        yield self.between(0, 20)
        for _ in range(self.chance.randint(1, 3)):
            yield from self.chats()
            if self.owner == "bot":
                yield from self.called() if self.happens(0.85) else self.uncalled()
            if self.owner == "queue":
                yield from self.waits()
            if self.owner == "agent":
                yield from self.served()
                yield from self.ends()
            yield from self.visits()

    def chats(self) -> Script:
        """The customer talks with the bot."""
        for _ in range(self.chance.randint(0, 4)):
            if self.owner != "bot":
                return
            if self.happens(0.2):
                self.stage.starts(after=0)
            if self.happens(0.15) and not any(FACT in line.text for line in self.lines):
                self.does(self.tells("question", as_bot=True))
                yield self.between(5, 10)
                self.says(FACT)
            elif self.happens(0.05):
                self.says(f"🔑 {SECRET}")
            else:
                self.says_something()
            yield self.gap()
            if self.happens(0.03):
                yield from self.echoes()
            if self.has_ticket and self.happens(0.2):
                self.stirs()
                yield self.between(0.5, 3)

    def gap(self) -> float:
        """Customers write in bursts, or after a while."""
        return self.between(0.05, 1) if self.happens(0.25) else self.between(4, 20)

    def echoes(self) -> Script:
        """A person answers in the vendor's own inbox: the bot keeps quiet for a while."""
        if self.lanes["in"]:
            return
        parts = (Text(text=self.word("replies")),)
        message = Message(ids=(f"o{next(self.stage.ids)}",), author="agent", parts=parts, at=self.stage.drill(self.who))
        self.stage.acts(Echo(message=message), cause="platform", after=0)
        self.hushed_until = self.stage.now + 320
        yield self.between(2, 100)
        if self.happens(0.5):
            self.says_something()
        yield self.hushed_until - self.stage.now

    def stirs(self) -> None:
        """Something happens at the desk that is no takeover."""
        stage = self.stage
        deeds = [
            lambda: stage.files(Assigned(ticket=stage.ticket, team="support", automatic=True), by="desk"),
            lambda: stage.notes(self.chance.choice(NOTES), after=0),
            lambda: stage.presence("carol", "away", after=0),
        ]
        self.chance.choice(deeds)()

    # ------------------------------------------------------------------------------------------------- the customer

    def says(self, text: str, intent: str = "answers", **more: bool) -> None:
        self.sends(Text(text=text), intent=intent)

    def sends(self, *parts: Part, intent: str = "answers") -> None:
        self.stage.sends(*parts, after=0)
        act = self.stage.message()
        if self.mishap():
            again = lambda: self.stage.attempt(self.stage.platform, act.updates, number=2, note=TWICE)
            self.stage.later(self.between(0.1, 3), self.who, again)
        self.does(self.hears(act, intent))

    def says_something(self) -> None:
        """Words most often; else a file, a place, a long story."""
        number = self.chance.randrange(10**6)
        if self.happens(0.7):
            self.says(self.word("asks") if self.happens(0.6) else f"{self.word('asks')} {number}")
        else:
            self.sends(*self.chance.choice([*other_kinds(number), (Text(text=self.story()),)]))

    def changes_mind(self) -> Script:
        """A message is changed, or deleted, once it has arrived."""
        self.says(f"№ {self.chance.randrange(10**6)}")
        act = self.stage.message()
        yield self.between(6, 15)
        if self.stage.message() is not act:
            return
        if self.happens(0.7):
            text = f"№ {self.chance.randrange(10**6)}"
            self.stage.edits(text, after=0)
            self.does(self.changes(act, text))
        else:
            self.stage.deletes(after=0)
            self.does(self.changes(act, None))

    # ------------------------------------------------------------------------------------------------- the handover

    def called(self) -> Script:
        self.says(self.word("person"), "person")
        for _ in range(200):
            yield 0.2
            if self.owner != "bot" or not self.lanes["in"]:
                break
            if self.happens(0.02):
                self.says_something()
        yield 0.3

    def uncalled(self) -> Script:
        """An agent takes a conversation that nobody has handed over."""
        free = self.floor.free()
        if self.lanes["in"] or not self.has_ticket or not free:
            return
        yield self.between(1, 5)
        self.taken_over(self.chance.choice(free))

    def taken_over(self, agent: str) -> None:
        self.stage.takes_over(agent, after=0)
        self.floor.held[agent] += 1
        for line in self.lines:
            line.shown = True
        self.has_agent(agent)

    def has_agent(self, agent: str) -> None:
        self.owner, self.agent, self.is_over = "agent", agent, False
        if self.manner.joins or self.unserved:
            self.does(self.introduces(), "out")

    def introduces(self) -> Script:
        yield self.between(0.1, 1)
        if self.owner == "agent":
            yield from self.tells("joined")

    def hands_over(self) -> Script:
        if self.manner.early and not self.closed_hours:
            yield from self.tells("called")
        if not self.has_ticket or (self.is_over and self.manner.new_ticket and not self.is_mirrored):
            yield from self.opens_ticket()
        yield from self.hands_history()
        if self.happens(0.05):
            self.stage.fails_to_hand_over()
            yield self.between(0.1, 1)
            yield from self.tells("failed")
            return
        if self.owner != "bot":
            return
        if any(FACT in line.text for line in self.lines):
            self.fields["order"] = int(FACT)
        self.stage.asks(**self.fields)
        self.fields.clear()
        self.owner, self.is_over = "queue", False
        if not self.ignored:
            self.floor.joins(self)
        yield self.between(0.1, 2)
        if self.closed_hours and self.is_closed():
            yield from self.tells("closed")
        elif not self.manner.early or self.closed_hours:
            yield from self.tells("called")

    def is_closed(self) -> bool:
        return self.opens_at() > self.stage.drill(self.who)

    def opens_at(self) -> float:
        """The next moment at which somebody is there, or the present one."""
        opens = HOURS.next_open(self.stage.drill(self.who))
        assert opens is not None
        return opens

    def waits(self) -> Script:
        """Until somebody accepts, the time is over, or the customer has had enough."""
        began, told = self.stage.now, self.stage.now
        if self.closed_hours and self.is_closed():
            yield from self.waits_for_monday()
            return
        while self.owner == "queue":
            yield self.between(0.5, 4)
            waited = self.stage.now - began
            if self.owner != "queue":
                return
            if self.happens(0.08):
                self.says_something()
            elif self.happens(0.01) and waited > 12:
                yield from self.cancels()
            elif waited > 121:
                yield from self.nobody_comes()
                return
            elif self.stage.now - told > 61 and waited < 110:
                told = self.stage.now
                self.does(self.while_waiting("waits"))
            elif self.happens(0.02) and not self.floor.automatic and not self.ignored:
                self.stage.declines(self.chance.choice(["bob", "carol"]), after=0)

    def while_waiting(self, kind: str) -> Script:
        yield 0.1
        if self.owner == "queue":
            yield from self.tells(kind)

    def waits_for_monday(self) -> Script:
        yield 8.0
        if self.happens(0.5):
            self.returns()
            yield 1.0
            return
        yield from self.stage.skipping(self.opens_at() + 300 - self.stage.drill(self.who))
        if self.ignored:
            self.ignored = False
            self.floor.joins(self)
        while self.owner == "queue":
            yield 1.0

    def nobody_comes(self) -> Script:
        self.does(self.while_waiting("nobody"))
        yield self.between(2, 3)
        if self.owner != "queue":
            return
        stays = self.happens(0.3)
        if not stays:
            self.returns()
        yield self.between(10, 40)
        free = self.floor.free()
        if not stays and free and self.happens(0.4) and self.owner == "bot" and not self.lanes["in"]:
            self.taken_over(self.chance.choice(free))
        elif stays and self.ignored:
            self.ignored = False
            self.floor.joins(self)
            while self.owner == "queue":
                yield 1.0

    def returns(self) -> None:
        """The bot takes the conversation back."""
        self.unserved = self.owner == "queue"
        self.floor.leaves(self)
        self.owner = "bot"
        self.stage.owner("bot", by="bot")

    def cancels(self) -> Script:
        self.does(self.gives_in(self.word("cancel")))
        yield self.between(5, 6)

    def gives_in(self, wish: str) -> Script:
        """The customer wants the bot back, and gets it."""
        if self.happens(0.5):
            self.stage.presses("🤖 Bot", after=0)
        else:
            self.stage.says(wish, after=0)
        yield self.between(0.2, 2)
        if self.owner in ("queue", "agent"):
            self.returns()
        yield from self.tells("back")

    # ------------------------------------------------------------------------------------------------- with an agent

    def served(self) -> Script:
        deeds = [self.reply] * 5 + [self.ask] * 4 + [self.note, self.passed, self.typed, self.state, self.bill]
        for _ in range(self.chance.randint(1, 9)):
            if self.owner != "agent":
                return
            yield from self.chance.choice([*deeds, self.changes_mind, self.takes_back, self.faces])()
            yield self.gap() if self.happens(0.9) else self.between(60, 500)

    def reply(self) -> Script:
        text = self.word("replies") if self.happens(0.9) else self.story()
        self.replies(text)
        yield self.between(0.5, 4)

    def ask(self) -> Script:
        self.says_something()
        yield 0.1

    def bill(self) -> Script:
        names = [File(sha256=f"b{self.chance.randrange(10**6)}", mime="application/pdf", name="bill.pdf")]
        self.replies(self.chance.choice(["", "Here it is."]), tuple(names))
        yield 1.0

    def note(self) -> Script:
        self.stage.notes(self.chance.choice(NOTES), after=0)
        yield 0.1

    def typed(self) -> Script:
        self.stage.agent_types(self.agent, after=0).types(after=0.2)
        yield 1.0

    def state(self) -> Script:
        self.stage.sets(self.chance.choice(["pending", "snoozed", "solved", "open"]), after=0)
        yield 0.1

    def takes_back(self) -> Script:
        """The agent changes or deletes a reply."""
        self.replies(f"the number of your parcel is {self.chance.randrange(10**6)}")
        entry = self.stage.entries[self.who][-1]
        yield self.between(0.1, 5)
        if self.stage.entries[self.who][-1] is entry and self.owner == "agent":
            gone = self.happens(0.5)
            self.withdrawn |= {entry.id} if gone else set()
            self.stage.agent_edits("" if gone else "It has no number yet.", deleted=gone, after=0)

    def passed(self) -> Script:
        free = [agent for agent in self.floor.free() if agent != self.agent]
        if free:
            self.floor.held[self.agent] -= 1
            self.agent = free[0]
            self.floor.held[self.agent] += 1
            self.stage.transfers(self.agent, after=0)
        yield 1.0

    def faces(self) -> Script:
        """A forgery is refused, or the bot is started anew."""
        if self.happens(0.5):
            self.stage.forges(self.chance.choice(["signature", "stale"]), status=self.chance.choice([401, 403]))
        elif self.happens(0.3):
            self.stage.restarts()
            for life in self.everybody:
                life.down_until = self.stage.now + 0.5
        yield 1.0

    everybody: tuple[Life, ...] = ()

    # ------------------------------------------------------------------------------------------------- the end

    def ends(self) -> Script:
        if self.owner != "agent":
            return
        how = self.chance.choice(["closed", "closed", "closed", "released", "cancelled", "silent"])
        if how == "cancelled":
            yield from self.cancels()
        elif how == "silent":
            yield self.between(1000, 1200)
            self.returns()
            self.does(self.bids_farewell("back"))
        else:
            self.floor.leaves(self)
            self.owner, self.is_over = "bot", how == "closed"
            if how == "closed":
                self.stage.closes(after=0)
                self.does(self.bids_farewell("over"))
            else:
                self.stage.owner("bot", by="agent").hooked("released")
                self.does(self.bids_farewell("back"))
        yield self.between(2, 5)
        if how == "closed" and self.manner.survey is not None and self.owner == "bot":
            yield from self.surveyed()

    def bids_farewell(self, kind: str) -> Script:
        yield self.between(0.1, 1)
        if self.happens(0.7):
            yield from self.tells(kind, as_bot=True)

    def surveyed(self) -> Script:
        at = self.stage.drill(self.who)
        if self.lanes["in"] or self.lanes["out"] or at - self.surveyed_at < 1.1 * DAY_S:
            return
        self.surveyed_at = at
        text = self.word("survey")
        if self.manner.survey == "desk":
            self.stage.enters("system", text, by="desk").surveys(after=0).bot(text)
        else:
            self.stage.bot(text, STARS)
        yield self.between(3, 30)
        if self.happens(0.6) and self.owner == "bot":
            self.says(str(self.chance.randint(1, 5)), "rating")
            yield self.between(4, 8)

    def visits(self) -> Script:
        """The customer comes back later."""
        for _ in range(self.chance.randint(0, 2)):
            if self.happens(0.4):
                yield from self.stage.skipping(self.chance.choice([60, 400, 90_000]))
            self.says_something()
            yield self.between(4, 12)
