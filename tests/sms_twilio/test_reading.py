"""Twilio's own webhooks are read as acts, and what a call or a document did is told as the effects that the fake would give."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatdrill.cli import main
from chatdrill.clock import WallClock
from chatdrill.importing.captures import captures
from chatdrill.model import Button, Event, Location, Press, Receipt, Sent, Template, Text, Write
from chatdrill.recording.scribe import Scribe
from chatdrill.serve.errands import Outcome
from chatdrill.trace import Acted, Attempt, Called, Recorder, Took, read_trace
from chatdrill.wire import HttpRequest, HttpResponse, Said
from chatdrill_fakes.platforms.twilio import platform
from deep import tries
from sms_twilio.kit import Account

LAX = settings(max_examples=tries(80, 5000), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
THEIRS, OURS, ACCOUNT = "+447946000147", "+447946000199", "AC00000000000000000000000000000001"
SMS, CALL = "SM00000000000000000000000000000001", "CA00000000000000000000000000000001"
MESSAGE = {
    "ToCountry": "GB", "SmsMessageSid": SMS, "NumMedia": "0", "SmsSid": SMS, "SmsStatus": "received", "Body": "Where is it?",
    "To": OURS, "NumSegments": "1", "MessageSid": SMS, "AccountSid": ACCOUNT, "From": THEIRS, "ApiVersion": "2010-04-01",
}  # fmt: skip
RINGS = {
    "AccountSid": ACCOUNT, "ApiVersion": "2010-04-01", "CallSid": CALL, "CallStatus": "ringing", "Called": OURS, "Caller": THEIRS,
    "Direction": "inbound", "From": THEIRS, "To": OURS, "StirVerstat": "TN-Validation-Passed-A",
}  # fmt: skip
STATUS = {
    "MessageSid": SMS,
    "SmsSid": SMS,
    "AccountSid": ACCOUNT,
    "From": OURS,
    "To": THEIRS,
    "ApiVersion": "2010-04-01",
}
FORM, XML = ("Content-Type", "application/x-www-form-urlencoded"), ("Content-Type", "text/xml")
BASIC = ("Authorization", "Basic QUMwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDE6dmVuZG9ycy1vd24=")


def webhook(fields: Mapping[str, str], token: str = "one", url: str = "/hooks/twilio") -> HttpRequest:
    return HttpRequest("POST", url, (FORM, ("I-Twilio-Idempotency-Token", token)), urlencode(fields).encode())


def read(account: Account, request: HttpRequest) -> Said:
    (said,) = platform.decode(account.state, request)
    return said


def act_of(account: Account, **fields: str) -> Any:
    return read(account, webhook({**MESSAGE, **fields})).act


def test_a_message_is_read_whatever_stands_around_its_words(account: Account) -> None:
    said = read(account, webhook({**MESSAGE, "Newer": "x"}))
    bare = read(account, webhook({name: MESSAGE[name] for name in ("AccountSid", "SmsSid", "From", "Body")}))
    assert said == bare == Said(
        to=THEIRS, act=Write(parts=(Text(text="Where is it?"),)), ids=(SMS,), update=SMS, kind="message", person={"phone": THEIRS}
    )  # fmt: skip


def test_a_webhook_by_get_is_the_same(account: Account) -> None:
    asked = HttpRequest("GET", f"/hooks/twilio?{urlencode(MESSAGE)}")
    assert read(account, asked) == read(account, webhook(MESSAGE))


def test_files_and_words_are_one_message(account: Account) -> None:
    files = {"NumMedia": "3", "MediaContentType0": "image/jpeg", "MediaUrl0": "https://api.twilio.com/ME01"}
    act = act_of(account, **files, MediaContentType1="text/vcard", MediaUrl1="https://api.twilio.com/ME02")
    assert [getattr(part, "kind", "text") for part in act.parts] == ["text", "photo", "document", "document"]
    assert act.parts[1].file.url == "https://api.twilio.com/ME01" and act.parts[3].file.url is None


def test_what_comes_over_whatsapp_keeps_its_channel(account: Account) -> None:
    whatsapp = {"From": f"whatsapp:{THEIRS}", "ProfileName": "Anna van Dyk", "WaId": "447946000147"}
    said = read(account, webhook({**MESSAGE, **whatsapp}))
    press = act_of(
        account, ButtonText="Yes", ButtonPayload="y", OriginalRepliedMessageSid="SM2", MessageType="button", **whatsapp
    )
    assert (said.to, said.person["first_name"], said.person["last_name"]) == (
        f"whatsapp:{THEIRS}", "Anna", "van Dyk"
    )  # fmt: skip
    assert press == Press(button=Button(title="Yes", kind="postback", payload="y"), message_id="SM2")
    place = act_of(account, Body="", Latitude="48.2", Longitude="16.37", Label="Café")
    assert place.parts == (Location(latitude=48.2, longitude=16.37, name="Café"),)


@pytest.mark.parametrize(
    ("word", "status", "error"),
    [
        ("sent", "sent", None),
        ("delivered", "delivered", None),
        ("undelivered", "failed", 30003),
        ("read", "read", None),
    ],
)
def test_the_fate_of_a_message_is_a_receipt(account: Account, word: str, status: Any, error: int | None) -> None:
    more = {"ErrorCode": str(error)} if error else {}
    said = read(account, webhook({**STATUS, "MessageStatus": word, **more}))
    assert said.to == THEIRS and said.act == Receipt(message_id=SMS, status=status, error=error)


def test_a_fate_without_a_word_and_other_webhooks_are_kept(account: Account) -> None:
    queued = read(account, webhook({**STATUS, "MessageStatus": "queued"}))
    other = read(account, webhook({"AccountSid": ACCOUNT, "EventType": "onMessageAdded", "Body": "x"}))
    events = HttpRequest("POST", "/", (), b'[{"type":"com.twilio.messaging.message.sent","id":"EZ1","data":{}}]')
    assert (queued.unread, other.unread, read(account, events).unread) == (
        "status queued",
        "onMessageAdded",
        "event_stream",
    )


def test_what_a_caller_does_is_told(account: Account) -> None:
    calls = [read(account, webhook(RINGS | more, token)) for token, more in (
        ("a", {}), ("b", {"CallStatus": "in-progress", "Digits": "1"}), ("c", {"CallStatus": "in-progress", "Digits": "1"}),
        ("d", {"SpeechResult": "my order", "CallStatus": "in-progress"}),
        ("e", {"CallStatus": "completed", "CallbackSource": "call-progress-events"}),
    )]  # fmt: skip
    keys = Event(name="keys", data={"digits": "1"})
    assert [said.act for said in calls[:4]] == [
        Event(name="calls"), keys, keys, Event(name="speaks", data={"words": "my order"})
    ]  # fmt: skip
    assert len({said.update for said in calls}) == 5 and {said.to for said in calls} == {THEIRS}
    assert [said.unread for said in calls] == [None, None, None, None, "call.status"]


UNREADABLE = [
    b"",
    b"x",
    b"{",
    b"[1]",
    b'[{"type":7}]',
    b"[" * 90_000,
    b"Body=x&From=%2B1",
    b"\xff\xfe",
    b"AccountSid=&From=x",
]


@pytest.mark.parametrize("body", UNREADABLE, ids=lambda body: str(body[:12]))
def test_what_is_none_of_twilios_is_refused(account: Account, body: bytes) -> None:
    with pytest.raises(ValueError):  # whatever the words, this is the error
        platform.decode(account.state, HttpRequest("POST", "/", (FORM,), body))


NAMES = [
    *MESSAGE,
    *RINGS,
    "MessageStatus",
    "Digits",
    "SpeechResult",
    "Latitude",
    "Longitude",
    "ListId",
    "NumMedia",
    "MediaUrl0",
]


@LAX
@given(
    fields=st.dictionaries(
        st.sampled_from(NAMES), st.one_of(st.text(max_size=20), st.just("1"), st.just(SMS)), max_size=9
    ),
    junk=st.binary(max_size=60),
)
def test_no_webhook_breaks_the_reader(account: Account, fields: dict[str, str], junk: bytes) -> None:
    for body in (urlencode(fields, errors="replace").encode(), junk):
        try:
            for said in platform.decode(account.state, HttpRequest("POST", "/", (), body)):
                platform.meet(account.state, said, account.state.chats[account.to].customer, account.now)
                msgspec.json.encode(said)
        except ValueError:
            continue


# ---------------------------------------------------------------------------------------------------------- observing


class Wire:
    """What passes between Twilio itself and a bot."""

    def __init__(self, path: Path | None = None) -> None:
        clock = WallClock()
        self.recorder = Recorder(clock, path=path)
        self.scribe = Scribe(self.recorder, clock, [platform], {})

    def told(self, request: HttpRequest, answer: HttpResponse | None = None) -> None:
        updates = self.scribe.webhook_came("twilio", request)
        self.scribe.webhook_answered("twilio", request, updates, Outcome(answer or HttpResponse(204), 0.01))

    def called(self, body: list[tuple[str, str]], answer: Any, path: str = "Messages.json", status: int = 201) -> None:
        request = HttpRequest("POST", f"/2010-04-01/Accounts/{ACCOUNT}/{path}", (FORM, BASIC), urlencode(body).encode())
        content = answer if isinstance(answer, bytes) else msgspec.json.encode(answer)
        self.scribe.called("twilio", request, HttpResponse(status, (), content), 0.01)

    def of(self, kind: Any) -> list[Any]:
        return [record for record in self.recorder.records if isinstance(record, kind)]

    def shown(self) -> list[Any]:
        return [took.effect.message for took in self.of(Took) if isinstance(took.effect, Sent)]


@pytest.fixture
def wire() -> Wire:
    made = Wire()
    made.told(webhook(MESSAGE))
    return made


def test_an_account_of_somebody_elses_is_read_with_its_own_ids(wire: Wire) -> None:
    files = [("MediaUrl", "https://shop.test/a.png"), ("MediaUrl", "https://shop.test/b.pdf")]
    wire.called([("To", THEIRS), ("From", OURS), ("Body", "Which?\n1. Status\n2. Return"), *files], {"sid": "MM77"})
    (message,) = wire.shown()
    assert (message.ids, message.sender, message.text) == (("MM77",), OURS, "Which?\n1. Status\n2. Return")
    assert [(part.kind, part.file.url) for part in message.media] == [("photo", files[0][1]), ("document", files[1][1])]
    assert [button.title for button in message.buttons] == ["Status", "Return"] and not wire.scribe.unread


@pytest.mark.parametrize(
    ("fields", "part"),
    [
        ({"ContentSid": "HX5", "ContentVariables": '{"1":"553"}', "MessagingServiceSid": "MG9"},
         Template(name="HX5", language="", parameters=("553",))),
        ({"From": "Acme", "Body": "No reply"}, Text(text="No reply")),
        ({"MessagingServiceSid": "MG9", "Body": "Served"}, Text(text="Served")),
    ],
)  # fmt: skip
def test_each_kind_of_send_is_told(wire: Wire, fields: dict[str, str], part: Any) -> None:
    xml = b"<?xml version='1.0'?><TwilioResponse><Message><Sid>SM77</Sid><To>x</To></Message></TwilioResponse>"
    wire.called([("To", THEIRS), *fields.items()], xml, "Messages")
    (message,) = wire.shown()
    assert (message.ids, message.parts) == (("SM77",), (part,))


def test_another_channel_and_a_stranger_are_told_as_well(wire: Wire) -> None:
    wire.called([("To", f"whatsapp:{THEIRS}"), ("From", f"whatsapp:{OURS}"), ("Body", "Hi")], {"sid": "SM1"})
    wire.called([("To", "+447946000155"), ("From", OURS), ("Body", "Your code")], {"sid": "SM2"})
    assert [(message.id, message.text) for message in wire.shown()] == [("SM1", "Hi"), ("SM2", "Your code")]


def test_what_twilio_refused_did_nothing(wire: Wire) -> None:
    wire.called(
        [("To", THEIRS), ("Body", "Hi")], {"code": 21603, "message": "A 'From' phone number is required."}, status=400
    )
    (called,) = wire.of(Called)
    assert not called.ok and "21603" not in str(called.method) and "From" in called.error and not wire.shown()


def test_documents_in_answers_are_said() -> None:
    wire = Wire()
    document = b"<Response><Message>One</Message><Message><Body>Two</Body><Media>https://a.test/x.png</Media></Message></Response>"
    wire.told(webhook(MESSAGE), HttpResponse(200, (XML,), document))
    wire.told(webhook({**MESSAGE, "MessageSid": "SM2"}), HttpResponse(200, (("Content-Type", "text/plain"),), b"Three"))
    wire.told(
        webhook({**STATUS, "MessageStatus": "sent"}), HttpResponse(200, (("Content-Type", "application/json"),), b"{}")
    )
    assert [message.text for message in wire.shown()] == ["One", "Two", "Three"] and wire.shown()[1].media
    assert (
        all(attempt.ok for attempt in wire.of(Attempt))
        and [one.source for one in wire.of(Called)] == ["webhook_answer"] * 2
    )


def test_a_press_is_answered_by_a_document_as_well() -> None:
    wire = Wire()
    press = {**MESSAGE, "From": f"whatsapp:{THEIRS}", "ButtonText": "Yes", "ButtonPayload": "y"}
    wire.told(webhook(press), HttpResponse(200, (XML,), b"<Response><Message>Noted</Message></Response>"))
    assert [message.text for message in wire.shown()] == ["Noted"] and not wire.scribe.unread


def test_who_left_is_not_answered_by_a_document() -> None:
    wire = Wire()
    answer = HttpResponse(200, (XML,), b"<Response><Message>Bye</Message></Response>")
    wire.told(webhook({**MESSAGE, "Body": " stop "}), answer)
    assert not wire.shown()
    wire.told(webhook({**MESSAGE, "Body": "START", "MessageSid": "SM2"}), answer)
    assert [message.text for message in wire.shown()] == ["Bye"]


def test_a_redirect_leads_to_a_webhook_that_passes_by_as_well() -> None:
    wire = Wire()
    wire.told(webhook(MESSAGE), HttpResponse(200, (XML,), b"<Response><Redirect>/other</Redirect></Response>"))
    wire.told(
        webhook(MESSAGE, url="/hooks/twilio/other"),
        HttpResponse(200, (XML,), b"<Response><Message>There</Message></Response>"),
    )
    assert [message.text for message in wire.shown()] == ["There"] and len(wire.of(Acted)) == 1


def test_what_is_said_on_the_phone_is_heard() -> None:
    wire = Wire()
    menu = b'<Response><Say>Welcome</Say><Gather numDigits="1" action="/key"><Say>Press 1 for orders</Say></Gather></Response>'
    wire.told(webhook(RINGS, "a"), HttpResponse(200, (XML,), menu))
    pressed = RINGS | {"CallStatus": "in-progress", "Digits": "1"}
    wire.told(
        webhook(pressed, "b", "/hooks/twilio/key"),
        HttpResponse(200, (XML,), b"<Response><Play>/a.mp3</Play></Response>"),
    )
    wire.told(webhook(RINGS | {"CallStatus": "completed", "CallbackSource": "call-progress-events"}, "c"))
    assert [message.text for message in wire.shown()] == ["Welcome", "Press 1 for orders", ""]
    assert [message.media[0].kind for message in wire.shown()] == ["voice", "voice", "audio"]
    assert [acted.act.name for acted in wire.of(Acted)] == ["calls", "keys", "call.status"] and dict(
        wire.scribe.unread
    ) == {"twilio: call.status": 1}


def test_a_caller_who_is_led_elsewhere_hears_that(wire: Wire) -> None:
    wire.told(
        webhook(RINGS, "a"), HttpResponse(200, (XML,), b"<Response><Say>Wait</Say><Pause length='60'/></Response>")
    )
    wire.called(
        [("Twiml", "<Response><Say>Here I am</Say></Response>")],
        {"sid": CALL, "status": "in-progress"},
        f"Calls/{CALL}.json",
        200,
    )
    wire.called([("Twiml", "<Response><Say>Who?</Say></Response>")], {"sid": "CA9"}, "Calls/CA9.json", 200)
    assert [message.text for message in wire.shown()] == ["Wait", "Here I am"]


def test_a_recorded_call_is_made_again(tmp_path: Path) -> None:
    wire = Wire(tmp_path / "trace.jsonl")
    wire.scribe.began("a bot")
    menu = b'<Response><Gather numDigits="1" action="/key"><Say>Press 1 for orders</Say></Gather></Response>'
    wire.told(webhook(RINGS, "a"), HttpResponse(200, (XML,), menu))
    wire.told(
        webhook(RINGS | {"CallStatus": "in-progress", "Digits": "1"}, "b", "/hooks/twilio/key"),
        HttpResponse(200, (XML,), b"<Response/>"),
    )
    wire.scribe.ended()
    words = ["--app", "chatdrill_scenarios.shoebot:app", "--platforms", "twilio", "--clock", "virtual", "--port", "0"]
    assert main(["replay", str(tmp_path), *words, "--out", str(tmp_path / "again")]) in (
        0,
        1,
    )  # the shop's bot has words of its own
    acts = [
        one.act
        for one in read_trace(tmp_path / "again" / "trace.jsonl")
        if isinstance(one, Acted) and one.cause == "step"
    ]
    assert acts == [Event(name="calls"), Event(name="keys", data={"digits": "1"})]


# ------------------------------------------------------------------------------------------------------------ importing


def test_captured_traffic_is_turns() -> None:
    (capture,) = [one for one in captures() if one.platform == "twilio"]
    assert capture.knows(MESSAGE) and not capture.knows({"From": "x"})
    told = [*capture.webhook(MESSAGE, 7.0), *capture.webhook({**STATUS, "MessageStatus": "sent"}, 8.0)]
    url = f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    said = capture.call(
        url, {"To": THEIRS, "Body": "On its way", "MediaUrl": "https://a.test/x.png"}, {"sid": "SM2"}, 9.0
    )
    answers = [
        *capture.answer(MESSAGE, "<Response><Message>One</Message></Response>", 9.0),
        *capture.answer(MESSAGE, "Two", 9.0),
    ]
    for text in ('{"ok": true}', "<Response><Mess", "", "<html/>"):
        assert not list(capture.answer(MESSAGE, text, 9.0))
    turns = [(chat, turn.role, turn.text) for chat, turn in (*told, *said, *answers)]
    assert turns == [
        (THEIRS, "customer", "Where is it?"), (THEIRS, "bot", "On its way"), (THEIRS, "bot", "One"), (THEIRS, "bot", "Two")
    ]  # fmt: skip
