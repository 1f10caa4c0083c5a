"""A trace written by hand: what three messengers' customers and a bot may do to each other, judged in every way."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pytest
from PIL import Image, ImageDraw

from chatdrill.checks.results import CaseJudgement, CheckResult, Finding, Judgement, Latency, Statistic, worst
from chatdrill.model import (
    Activity,
    Blobs,
    Block,
    Button,
    Card,
    Carousel,
    Contact,
    Customer,
    Delete,
    Edit,
    Edited,
    File,
    Form,
    Keyboard,
    Location,
    MarkedRead,
    Media,
    Message,
    Order,
    OrderItem,
    Other,
    Part,
    Press,
    PressAnswered,
    Products,
    React,
    Receipt,
    Sent,
    Span,
    Start,
    Template,
    Text,
    Write,
)
from chatdrill.trace import (
    Acted,
    Attempt,
    BotOutput,
    Called,
    CaseBegan,
    CaseEnded,
    Dropped,
    Record,
    RunBegan,
    RunEnded,
    Skipped,
    StepBegan,
    StepEnded,
    Took,
    Trouble,
)
from chatdrill_reports.contract import Run

EVIL = "</script><img src=x onerror=alert(1)><script>document.title='broken'</script>"
SUNDAY = 1_795_338_900.0  # 2026-11-22 09:15:00 UTC


class Scribe:
    """Numbers the records of a run; ``story`` begins a case."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.blobs = Blobs()
        self.t = 0.0
        run = {"version": "0.1.0", "seed": 4711, "clock": "scaled", "speed": 10.0, "bot": "http://127.0.0.1:8080"}
        self.add(RunBegan, SUNDAY, platforms=("telegram", "whatsapp", "messenger"), **run)

    def add(self, kind: Callable[..., Record], at: float, **fields: Any) -> int:
        """Append a record and return its number."""
        self.records.append(kind(n=len(self.records), t=round(self.t, 6), at=at, **fields))
        return len(self.records) - 1

    def story(self, name: str, platform: str, *people: Customer, **fields: Any) -> Story:
        """A new case."""
        return Story(self, name, platform, people, **fields)

    def picture(self, width: int, height: int, hue: int) -> File:
        """A small JPEG with something on it."""
        image = Image.new("HSV", (width, height), (hue, 60, 230)).convert("RGB")
        pen = ImageDraw.Draw(image)
        pen.ellipse((width * 0.15, height * 0.45, width * 0.85, height * 0.8), fill=(90, 60, 40))
        pen.rectangle((width * 0.1, height * 0.75, width * 0.9, height * 0.82), fill=(240, 240, 235))
        out = io.BytesIO()
        image.save(out, "JPEG")
        content = out.getvalue()
        sha256 = self.blobs.put(content)
        facts = {"mime": "image/jpeg", "width": width, "height": height}
        return File(sha256=sha256, size_bytes=len(content), name=f"shoe-{hue}.jpg", **facts)


class Story:
    """One case; every method moves its time on and returns the number of the record to cite."""

    def __init__(self, scribe: Scribe, name: str, platform: str, people: Sequence[Customer], **fields: Any) -> None:
        self.scribe, self.name, self.platform = scribe, name, platform
        self.people = {person.key: person for person in people}
        self.case = f"{name}-{platform}-{len(scribe.records)}"
        self.who = people[0].key
        self.at = SUNDAY
        self.ids = 100
        self.began_t = scribe.t
        self.fields = {"persona": "patient", "seed": 4711, "file": "drills/shop.drill.yaml", "line": 12, **fields}
        self.add(CaseBegan, conv=None, name=name, platform=platform, customers=self.people, **self._began())

    def _began(self) -> dict[str, Any]:
        return {"steps": (), **{key: self.fields[key] for key in self.fields if key != "replay"}}

    def add(self, kind: Callable[..., Record], **fields: Any) -> int:
        """A record of this case and, unless told otherwise, of the conversation of ``self.who``."""
        fields = {"conv": f"{self.case}/{self.who}", **fields}
        return self.scribe.add(kind, self.at, case=self.case, **fields)

    def wait(self, seconds: float) -> Story:
        """Drill time passes; a tenth of it in reality."""
        self.at += seconds
        self.scribe.t += seconds / 10
        return self

    def new_id(self) -> str:
        """The next message id."""
        self.ids += 1
        return str(self.ids)

    def act(self, act: Any, *, ids: tuple[str, ...] = (), cause: str = "step", step: int | None = 0) -> int:
        """An act that the bot is told of at once."""
        update = f"9{self.case[:2]}{len(self.scribe.records)}"
        n = self.add(Acted, act=act, ids=ids, updates=(update,), cause=cause, step=step)
        self.attempt(update)
        return n

    def attempt(self, update: str, *, status: int | None = 200, number: int = 1, **fields: Any) -> int:
        """A webhook for an update."""
        began_t, convs = self.scribe.t, (f"{self.case}/{self.who}",)
        self.scribe.t += 0.013
        fields = {"ok": status == 200, "took_s": 0.013, "url": "http://127.0.0.1:8080/hook", **fields}
        more = {"platform": self.platform, "updates": (update,), "convs": convs, "number": number}
        return self.add(Attempt, conv=None, began_t=began_t, status=status, **more, **fields)

    def says(self, *parts: Part | str, cause: str = "step", **fields: Any) -> int:
        """The customer writes."""
        act = Write(parts=tuple(Text(text=part) if isinstance(part, str) else part for part in parts), **fields)
        return self.act(act, ids=(self.new_id(),), cause=cause)

    def call(self, method: str, **fields: Any) -> int:
        """The bot calls the API."""
        fields = {"status": 200, "ok": True, "took_s": 0.002, "arguments": {"chat_id": 77, "text": "..."}, **fields}
        return self.add(Called, platform=self.platform, method=method, **fields)

    def effect(self, method: str, effect: Callable[..., Any], **fields: Any) -> int:
        """The bot calls the API with success."""
        call = self.call(method)
        return self.add(Took, platform=self.platform, call=call, effect=effect(to="77", **fields))

    def bot(self, *parts: Part | str, **fields: Any) -> int:
        """The bot writes."""
        words = tuple(Text(text=part) if isinstance(part, str) else part for part in parts)
        message = Message(ids=(self.new_id(),), author="bot", parts=words, at=self.at, **fields)
        return self.effect("sendMessage", Sent, message=message)

    def receipt(self, status: Any, message_id: str | None = None, error: int | None = None) -> int:
        """The platform reports on the last message, or the named one."""
        act = Receipt(message_id=message_id or str(self.ids), status=status, error=error)
        return self.act(act, cause="platform", step=None)

    def step(self, step: int, outcome: str = "met", detail: str | None = None) -> int:
        """A step begins and ends."""
        self.add(StepBegan, step=step)
        return self.add(StepEnded, step=step, outcome=outcome, detail=detail)

    def end(self, outcome: str = "done", detail: str | None = None) -> None:
        """The case ends."""
        self.add(CaseEnded, conv=None, outcome=outcome, detail=detail)

    def judged(self, *findings: Finding, evidence: int = 1, messages: int = 0) -> CaseJudgement:
        """The verdict, from findings without case."""
        own = tuple(Finding(**{**_fields(finding), "case": self.case}) for finding in findings)
        verdict = worst(finding.verdict for finding in own) if own else ("pass" if evidence else "none")
        results = [CheckResult(check=f.check, verdict=f.verdict, evidence=1, findings=(f,)) for f in own]
        results.append(CheckResult(check="sla.first_response", verdict="pass", evidence=evidence))
        latencies = tuple(
            Latency(name=name, platform=self.platform, case=self.case, t=self.began_t + i, seconds=value)
            for name, values in _LATENCIES.items()
            for i, value in enumerate(values.get(self.platform, ()))
        )
        took_s, keep = self.scribe.t - self.began_t, ("seed", "persona", "row", "tags", "file", "line")
        about = {key: self.fields[key] for key in keep if key in self.fields}
        about["replay"] = (
            f"chatdrill run drills/shop.drill.yaml -k '{self.name}' --platform {self.platform} --seed 4711"
        )
        counts = {"messages": messages or 9, "began_t": self.began_t, "took_s": took_s}
        place = {"case": self.case, "name": self.name, "platform": self.platform, "verdict": verdict}
        return CaseJudgement(**place, **about, **counts, results=tuple(results), latencies=latencies)


_LATENCIES: dict[str, dict[str, tuple[float, ...]]] = {
    "first_response": {
        "telegram": (0.8, 1.2, 1.1, 2.4, 0.9),
        "whatsapp": (1.9, 2.2, 3.1, 8.4),
        "messenger": (1.0, 1.4, 1.6),
    },
    "next_response": {
        "telegram": (0.4, 0.5, 0.7, 1.3, 0.6, 0.5),
        "whatsapp": (1.1, 1.2, 4.0, 12.5),
        "messenger": (0.9, 1.3),
    },
}


def _fields(finding: Finding) -> dict[str, Any]:
    return {name: getattr(finding, name) for name in finding.__struct_fields__}


def _at(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def _statistics(cases: Iterable[CaseJudgement]) -> tuple[Statistic, ...]:
    groups: dict[tuple[str, str], list[float]] = {}
    for case in cases:
        for latency in case.latencies:
            for platform in (latency.platform, "*"):
                groups.setdefault((latency.name, platform), []).append(latency.seconds)
    return tuple(
        Statistic(
            name=name,
            platform=platform,
            samples=len(values),
            p50_s=_at(values, 0.5),
            p90_s=_at(values, 0.9),
            p95_s=_at(values, 0.95),
            p99_s=_at(values, 0.99),
            max_s=max(values),
        )
        for (name, platform), values in sorted(groups.items())
    )


def _says(text: str) -> dict[str, Any]:
    return {"step": "says", "pieces": [{"text": text}]}


def _hears(text: str) -> dict[str, Any]:
    return {"step": "hears", "expectations": [{"contains": [text]}], "within_s": 5.0}


# ------------------------------------------------------------------------------------------------- the stories


def order_status(scribe: Scribe, name: str = "order status") -> CaseJudgement:
    """Telegram, Russian: a burst, typing, an inline keyboard, a press with a toast, an edit by the bot. Passes."""
    olga = Customer(key="olga", first_name="Ольга", last_name="Петрова", locale="ru_RU")
    steps = (_says("где мой заказ?"), _hears("44-10231"))
    story = scribe.story(name, "telegram", olga, persona="fragmenter", tags=("smoke", "ru"), steps=steps)
    story.act(Start(payload="promo-nov"), step=0)
    story.wait(2).says("Здравствуйте 👋")
    story.wait(1.8).says("где мой заказ?")
    story.wait(2.2).says("номер 44-10231, заказывала на прошлой неделе")
    story.wait(0.3).effect("sendChatAction", Activity, action="typing")
    track = Button(title="Где посылка?", kind="callback", payload="track:10231")
    person = Button(title="Позвать человека", kind="callback", payload="person")
    keyboard = Keyboard(style="inline", rows=((track, person),))
    text = "Здравствуйте, Ольга! Заказ 44-10231 передан в доставку."
    story.wait(0.9).bot(Text(text=text, spans=(Span(24, 14, "bold"),)), keyboard)
    sent_id = str(story.ids)
    story.step(1)
    story.wait(4).act(Press(button=track, message_id=sent_id))
    story.effect("answerCallbackQuery", PressAnswered, press_id="5", text="Смотрю, где посылка…")
    changed = Message(
        ids=(sent_id,), author="bot", parts=(Text(text=text + "\nКурьер приедет завтра."), keyboard), at=0
    )
    story.wait(0.5).effect("editMessageText", Edited, message=changed)
    story.wait(6).act(React(message_id=sent_id, emoji="👍"))
    story.end()
    return story.judged(messages=4)


def return_with_photo(scribe: Scribe) -> CaseJudgement:
    """WhatsApp, Polish: an album, two days of silence, a retry, a refused send, a failed receipt, unmet words. Fails."""
    anna = Customer(key="anna", first_name="Żaneta", last_name="Brzęczyszczykiewicz", locale="pl_PL")
    steps = (_says("chcę zwrócić buty"), {"step": "sends"}, _hears("etykieta"))
    more = {"persona": "impatient", "row": {"size": 42, "reason": "za małe"}, "steps": steps, "tags": ("returns", "pl")}
    story = scribe.story("three-day return", "whatsapp", anna, **more)
    first = story.says("Dzień dobry, chcę zwrócić buty — są za małe, a kupiłam je na ślub siostry w sobotę")
    story.effect("messages.read", MarkedRead, message_id=str(story.ids))
    story.wait(1.9).bot("Przykro mi! Proszę o zdjęcie butów i numer zamówienia.", reply_to="101")
    for status in ("sent", "delivered", "read"):
        story.wait(0.4).receipt(status)
    story.wait(9)
    photos = [Media(kind="photo", file=scribe.picture(1280, 960, hue)) for hue in (20, 140)]
    caption = Text(text="oto one, z przodu i z boku")
    story.says(photos[0], Media(kind="photo", file=photos[1].file, caption=caption))
    story.wait(0.2).says("numer 88120")
    update = story.scribe.records[-1].updates[0]  # type: ignore[union-attr]
    story.wait(1).attempt(update, status=500, number=2, retry_in_s=2.0, error="the bot answered 500")
    story.wait(2).attempt(update, number=3)
    story.wait(1.1).bot("Dziękuję, sprawdzam zamówienie 88120.")
    story.receipt("delivered")
    story.wait(12).add(Skipped, seconds=172_800.0)
    story.at += 172_800
    nudge = story.says("??", cause="persona")
    error = "(#131047) Re-engagement message: more than 24 hours have passed"
    refused = story.wait(3).call("messages", status=400, ok=False, error=error)
    template = Template(name="return_ready", language="pl", parameters=("88120",), text="Zwrot 88120 czeka na Ciebie.")
    late = story.wait(9.5).bot(template)
    story.receipt("failed", error=131026)
    unmet = story.step(2, "unmet", "no message within 5 s")
    story.end("unmet")
    nearest = {"expected": "a message that contains “etykieta”", "nearest": "“Zwrot 88120 czeka na Ciebie.”"}
    return story.judged(
        _expectation((nudge, unmet), nearest),
        Finding(
            check="sla.next_response",
            verdict="fail",
            fault="bot",
            message="Żaneta waited 12.5 s for an answer; at most 5 s were promised.",
            cites=(late, nudge),
            details={"limit": "5 s (suite)", "measured": "12.5 s"},
        ),
        Finding(
            check="delivery.window",
            verdict="fail",
            fault="bot",
            message="The bot wrote freely after WhatsApp's 24-hour window had closed.",
            cites=(refused, first),
        ),
        messages=7,
    )


def _expectation(cites: tuple[int, ...], details: dict[str, str]) -> Finding:
    return Finding(
        check="expectation",
        verdict="fail",
        fault="bot",
        step=2,
        message="Step 3 wanted a message that contains “etykieta”, and none came within 5 s.",
        cites=cites,
        details={**details, "hint": "the nearest message came 12.5 s after “??”, and names no label"},
    )


def shop_window(scribe: Scribe) -> CaseJudgement:
    """Messenger, English, hostile: a carousel, quick replies, location, contact, order, form, a deleted message."""
    mallory = Customer(key="mallory", first_name=EVIL, last_name="`rm -rf`", locale="en_GB")
    story = scribe.story(f"shop window {EVIL}", "messenger", mallory, persona="angry", row={"note": EVIL})
    story.says(f"Hello {EVIL} ```\n\x1b[31mred\x07 \u202egnp.exe\u202c")
    yes = Button(title=EVIL, kind="postback", payload="yes")
    link = Button(title="Open the shop", kind="url", url="javascript:alert(1)")
    shop = Button(title="Sizes", kind="url", url="https://shop.example/sizes?a=1&b=2")
    card = Card(title="Runner 42", subtitle="light & fast", image=scribe.picture(400, 300, 90), buttons=(yes, link))
    other = Card(title="Walker 41", subtitle=EVIL, url="https://shop.example/walker", buttons=(shop,))
    story.wait(1.4).bot(Carousel(cards=(card, other, Card(title="Hiker 43", subtitle="for wet hills"))))
    chips = tuple(Button(title=title, kind="reply", payload=title) for title in ("Yes, please", "No", "A person"))
    story.wait(0.2).bot("Do any of these fit you?", Keyboard(style="quick_replies", rows=(chips,)))
    story.wait(5).act(Press(button=chips[0], message_id=str(story.ids)), ids=(story.new_id(),))
    story.wait(1).says(Location(latitude=52.2297, longitude=21.0122, name="Home", address="ul. Długa 1, Warszawa"))
    story.wait(1).says(Contact(name="Mallory", phone="+48 600 100 200", own=True))
    story.wait(2).says("my card number is 4111 1111 1111 1111")
    story.wait(3).act(Delete(message_id=str(story.ids)))
    story.wait(1).says("my name is Malory")
    story.wait(2).act(Edit(message_id=str(story.ids), parts=(Text(text="my name is Mallory"),)))
    basket = (OrderItem(id="r42", quantity=2, price=39.9, name="Runner 42"), OrderItem(id="w41", price=59.0))
    story.wait(1.3).bot(Order(items=basket, number="A-17", total=138.8), Text(text="Thank you!"))
    story.wait(1).bot(Form(name="fitting", values={"day": "Friday"}), Products(ids=("r42", "w41")))
    odd = story.wait(1).says(Other(kind="poll", data={"question": "Which one?", "evil": EVIL}))
    story.wait(2).act(Block(), step=None)
    story.end()
    text = f"The bot never answered the poll of {EVIL}."
    finding = Finding(check="replies.unanswered", verdict="inconclusive", fault="scenario", message=text, cites=(odd,))
    return story.judged(finding, messages=11)


def night_call(scribe: Scribe) -> CaseJudgement:
    """Telegram, Arabic: a voice message, a document, a sticker, a reply to a message. Passes."""
    layla = Customer(key="layla", first_name="ليلى", last_name="حداد", locale="ar_EG")
    story = scribe.story("night call", "telegram", layla, persona="night-owl", tags=("voice",))
    voice = File(sha256="0" * 64, size_bytes=24_100, mime="audio/ogg", duration_s=7.4)
    story.says("مرحبا، أين طلبي رقم 10231؟")
    story.wait(0.8).bot("مرحبا ليلى! لحظة من فضلك.")
    story.wait(5).says(Media(kind="voice", file=voice), reply_to=str(story.ids))
    invoice = File(sha256="1" * 64, size_bytes=182_000, mime="application/pdf", name="فاتورة-10231.pdf")
    story.wait(2.4).bot(Media(kind="document", file=invoice, caption=Text(text="الفاتورة")))
    story.wait(3).says(
        Media(kind="sticker", emoji="❤️", file=File(size_bytes=9_000, mime="image/webp", width=512, height=512))
    )
    link = Text(text="تتبع الطلب هنا", spans=(Span(0, 9, "link", "https://shop.example/t/10231"),))
    story.wait(1).bot(link)
    story.end()
    return story.judged(messages=6)


def two_customers(scribe: Scribe) -> CaseJudgement:
    """WhatsApp: two customers at once; the bot mixes them up and then dies. An error."""
    people = (Customer(key="jan", first_name="Jan", last_name="Kowalski"), Customer(key="eva", first_name="Eva"))
    story = scribe.story("two at once", "whatsapp", *people, line=40)
    story.says("Order 1 please")
    story.who = "eva"
    story.wait(0.2).says("Order 2 please")
    mixed = story.wait(1.2).bot("Order 1 is on its way, Jan.")
    story.who = "jan"
    story.wait(3).says("hello?", cause="persona")
    last = story.scribe.records[-2]
    update = last.updates[0]  # type: ignore[union-attr]
    story.wait(1).attempt(update, status=None, number=2, error="connection refused", retry_in_s=5.0)
    story.add(Dropped, platform="whatsapp", updates=(update,), reason="7 attempts failed")
    story.add(Trouble, fault="bot", what="the bot under test ended with exit code 139")
    story.add(BotOutput, conv=None, stream="stderr", line="Segmentation fault (core dumped) </pre><b>x")
    story.end("broken", "the bot is gone")
    leak = "Eva was told “Order 1 is on its way, Jan.”, which is about Jan."
    return story.judged(
        Finding(check="privacy.cross_talk", verdict="fail", fault="bot", message=leak, cites=(mixed,)),
        Finding(check="bot.alive", verdict="error", fault="bot", message="The bot went away in the middle of it."),
        messages=4,
    )


STORIES = (order_status, return_with_photo, shop_window, night_call, two_customers)


def make_run(stories: Sequence[Callable[[Scribe], CaseJudgement]] = STORIES) -> Run:
    """A whole run: the stories, one finding of the suite, statistics."""
    scribe = Scribe()
    cases = tuple(story(scribe) for story in stories)
    scribe.add(RunEnded, SUNDAY)
    slow = Finding(
        check="sla.suite",
        verdict="fail",
        fault="bot",
        message="95 % of next responses on WhatsApp took up to 12.5 s (4 samples); at most 5 s were promised.",
    )
    suite = (CheckResult(check="sla.suite", verdict="fail", evidence=4, findings=(slow,)),)
    verdict = worst([*(case.verdict for case in cases), "fail"])
    judgement = Judgement(verdict=verdict, cases=cases, results=suite, statistics=_statistics(cases))
    command = "chatdrill run drills/ --seed 4711"
    return Run(records=scribe.records, judgement=judgement, blobs=scribe.blobs, title="Shoe shop", command=command)


@pytest.fixture(scope="session")
def run() -> Run:
    """The sample run; do not change it."""
    return make_run()


@pytest.fixture
def scribe() -> Scribe:
    """An empty run to write into."""
    return Scribe()


@pytest.fixture
def telegram(scribe: Scribe) -> Story:
    """A case with one customer on Telegram, to write into."""
    return scribe.story("chat", "telegram", Customer(key="anna", first_name="Anna", last_name="Nowak"))


@pytest.fixture(scope="session")
def evil() -> str:
    """A text that would run a script and leave its element, if it could."""
    return EVIL


@pytest.fixture(scope="session")
def many_conversations() -> Run:
    """A run of 300 conversations, a third of them with a photo and findings."""
    return make_run([STORIES[i % 3] for i in range(300)])
