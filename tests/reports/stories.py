"""What three messengers' customers and a bot may do to each other, judged in every way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from chatdrill.checks.results import CaseJudgement, CheckResult, Finding, Judgement, Statistic, worst
from chatdrill.model import (
    Activity,
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
    Press,
    PressAnswered,
    Products,
    React,
    Span,
    Start,
    Template,
    Text,
)
from chatdrill.trace import (
    BotOutput,
    Dropped,
    RunEnded,
    Skipped,
    Trouble,
)
from chatdrill_reports.contract import Run
from reports.scribe import SUNDAY, Scribe

EVIL = "</script><img src=x onerror=alert(1)><script>document.title='broken'</script>"


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
