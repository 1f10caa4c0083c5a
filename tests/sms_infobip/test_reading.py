"""Infobip's own webhooks are read as acts, and what a call did is told by what was answered to each destination."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatdrill.clock import WallClock
from chatdrill.importing.captures import captures
from chatdrill.model import Event, Receipt, Sent, Text, Write
from chatdrill.recording.scribe import Scribe
from chatdrill.serve.errands import Outcome
from chatdrill.trace import Acted, Called, Recorder, Took
from chatdrill.wire import HttpRequest, HttpResponse, Said
from chatdrill_fakes.platforms.infobip import platform
from deep import tries
from sms_infobip.kit import Account

LAX = settings(max_examples=tries(80, 5000), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
ANNA, EVA, OURS = "41790000011", "41790000012", "447860000001"
SMS = {
    "messageId": "817790313235066447", "from": ANNA, "to": OURS, "text": "STOP please", "cleanText": "please", "keyword": "STOP",
    "receivedAt": "2026-09-21T16:05:00.000+0000", "smsCount": 1, "price": {"pricePerMessage": 0, "currency": "EUR"},
    "callbackData": "dlg-77", "applicationId": "bench", "entityId": "shop",
}  # fmt: skip
REPORT = {
    "bulkId": "bulk-9", "messageId": "bench-0001", "to": ANNA, "sender": OURS, "sentAt": "2026-09-21T16:00:00.120+0000",
    "doneAt": "2026-09-21T16:00:03.900+0000", "messageCount": 1, "status": {"groupId": 3, "id": 5, "name": "DELIVERED_TO_HANDSET"},
    "error": {"groupId": 0, "id": 0, "name": "NO_ERROR"},
}  # fmt: skip
CLICK = {
    "notificationType": "CLICKED",
    "recipient": ANNA,
    "url": "https://a.test",
    "sendDateTime": 1790006400000,
    "messageId": "b1",
}


def webhook(*results: Any, **beside: Any) -> HttpRequest:
    return HttpRequest("POST", "/hooks/infobip", (), json.dumps({"results": results, **beside}).encode())


def read(account: Account, *results: Any) -> list[Said]:
    return list(platform.decode(account.state, webhook(*results, pendingMessageCount=0)))


def test_messages_of_several_customers_come_in_one_webhook(account: Account) -> None:
    bare = {"messageId": "2", "from": EVA, "text": "Hi"}
    first, second = read(account, SMS, bare)
    assert first == Said(
        to=ANNA, act=Write(parts=(Text(text="STOP please"),)), at=1790006700.0, ids=(SMS["messageId"],), update=SMS["messageId"],
        person={"phone": f"+{ANNA}"},
    )  # fmt: skip
    assert (second.to, second.at, second.ids) == (EVA, None, ("2",))


def test_words_and_files_are_one_message(account: Account) -> None:
    pieces = [
        {"contentType": "text/plain", "value": "hi"},
        {"contentType": "image/jpeg", "url": "https://x.test/mms/1/a"},
    ]
    (said,) = read(
        account,
        {
            "messageId": "3",
            "from": ANNA,
            "message": [*pieces, {"contentType": "text/vcard", "url": "https://x.test/2"}],
        },
    )
    assert isinstance(said.act, Write) and said.act.parts[0] == Text(text="hi")
    assert [(part.kind, part.file.url) for part in said.act.parts[1:]] == [  # type: ignore[union-attr]
        ("photo", "https://x.test/mms/1/a"), ("document", "https://x.test/2")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("group", "status", "error", "receipt"),
    [
        (3, 5, 0, Receipt(message_id="bench-0001", status="delivered")),
        (3, 2, 0, Receipt(message_id="bench-0001", status="sent")),
        (2, 9, 1, Receipt(message_id="bench-0001", status="failed", error=1)),
        (4, 15, 4101, Receipt(message_id="bench-0001", status="failed", error=4101)),
    ],
)
def test_reports_are_receipts(account: Account, group: int, status: int, error: int, receipt: Receipt) -> None:
    (said,) = read(account, {**REPORT, "status": {"groupId": group, "id": status}, "error": {"id": error}})
    assert (said.act, said.to, said.update) == (receipt, ANNA, f"bench-0001:{status}")


def test_a_click_comes_alone_and_what_is_new_is_kept(account: Account) -> None:
    (click,) = platform.decode(account.state, HttpRequest("POST", "/", (), json.dumps(CLICK).encode()))
    pending, other = read(
        account,
        {**REPORT, "status": {"groupId": 1, "name": "PENDING_ENROUTE"}},
        {"from": ANNA, "message": {"type": "LOCATION"}},
    )
    assert isinstance(click.act, Event) and click.act.name == "clicked" and click.unread is None
    assert (pending.unread, other.unread, other.to) == ("report PENDING_ENROUTE", "result LOCATION", ANNA)


UNREADABLE = [
    b"", b"{", b"[]", b"{}", b'{"results":{}}', b'{"results":[7]}', b'{"results":[{"text":"x"}]}', b"\xff", b"[" * 90_000,
    b'{"results":[{"status":{"groupId":3},"to":"1"}]}', b'{"results":[{"text":"x","from":null,"messageId":"1"}]}', b'{"notificationType":"CLICKED"}',
]  # fmt: skip


@pytest.mark.parametrize("body", UNREADABLE, ids=lambda body: str(body[:40]))
def test_what_is_none_of_infobips_is_refused(account: Account, body: bytes) -> None:
    with pytest.raises(ValueError):
        platform.decode(account.state, HttpRequest("POST", "/", (), body))


VALUES = st.recursive(
    st.one_of(st.none(), st.text(max_size=9), st.integers(), st.floats(), st.just("9999-12-31T23:59:59+0000")),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(st.sampled_from(["id", "groupId", "url", "type"]), inner, max_size=3)),
    max_leaves=4,
)  # fmt: skip


@LAX
@given(
    base=st.sampled_from([SMS, REPORT, CLICK]),
    more=st.dictionaries(st.sampled_from([*SMS, *REPORT, *CLICK, "message"]), VALUES, max_size=5),
)
def test_no_webhook_breaks_the_reader(account: Account, base: dict[str, Any], more: dict[str, Any]) -> None:
    for body in ({"results": [{**base, **more}]}, {**base, **more}):
        try:
            for said in platform.decode(account.state, HttpRequest("POST", "/", (), json.dumps(body).encode())):
                platform.meet(account.state, said, account.state.chats[account.to].customer, account.now)
                msgspec.json.encode(said)
        except ValueError:
            continue


# ---------------------------------------------------------------------------------------------------------- observing


class Wire:
    """What passes between Infobip itself and a bot."""

    def __init__(self) -> None:
        clock = WallClock()
        self.recorder = Recorder(clock)
        self.scribe = Scribe(self.recorder, clock, [platform], {})
        request = webhook(SMS, {**SMS, "from": EVA, "messageId": "2"})
        self.scribe.webhook_answered(
            "infobip", request, self.scribe.webhook_came("infobip", request), Outcome(HttpResponse(200), 0.1)
        )

    def called(self, path: str, body: Any, answer: Any, status: int = 200) -> None:
        content = json.dumps(body).encode() if body is not None else b""
        headers = (("Authorization", "App vendors-own-key-1"), ("Content-Type", "application/json"))
        request = HttpRequest("POST" if content else "GET", path, headers, content)
        self.scribe.called("infobip", request, HttpResponse(status, (), json.dumps(answer).encode()), 0.1)

    def of(self, kind: Any) -> list[Any]:
        return [record for record in self.recorder.records if isinstance(record, kind)]

    def shown(self) -> list[tuple[str, str, str]]:
        found = [took.effect for took in self.of(Took) if isinstance(took.effect, Sent)]
        return [(effect.to, effect.message.id, effect.message.text) for effect in found]


def taken(to: str, id: str, key: str = "destination", group: int = 1) -> dict[str, Any]:
    return {key: to, "messageId": id, "status": {"groupId": group, "id": 26 if group == 1 else 14, "name": "X"}}


def test_each_destination_is_judged_by_the_answer() -> None:
    wire = Wire()
    destinations = [{"to": f"+{ANNA}"}, {"to": EVA, "messageId": "mine"}, {"to": "41790000099"}]
    body = {"messages": [{"sender": "447860000077", "destinations": destinations, "content": {"text": "Sale"}}]}
    wire.called(
        "/sms/3/messages",
        body,
        {"bulkId": "b", "messages": [taken(ANNA, "11"), taken(EVA, "mine", group=5), taken("41790000099", "13")]},
    )
    (called,) = wire.of(Called)
    assert wire.shown() == [(ANNA, "11", "Sale"), ("41790000099", "13", "Sale")] and called.error == "14 X"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/sms/2/text/advanced", {"messages": [{"from": OURS, "destinations": [{"to": ANNA}], "text": "Hello"}]}),
        ("/sms/2/text/single", {"from": OURS, "to": ANNA, "text": "Hello"}),
        (f"/sms/1/text/query?username=u&password=p&from=Acme&to={ANNA}&text=Hello", None),
        ("/mms/2/messages", {"messages": [{"sender": OURS, "destinations": [{"to": ANNA}], "content": {"messageSegments": [
            {"type": "TEXT", "text": "Hello"}, {"type": "LINK", "contentUrl": "https://a.test/x.png"}]}}]}),
    ],
)  # fmt: skip
def test_every_way_to_send_is_told(path: str, body: Any) -> None:
    wire = Wire()
    for number in range(12):  # more of the same than the fake would let pass
        wire.called(path, body, {"messages": [taken(ANNA, str(number), "to")]})
    assert wire.shown() == [(ANNA, str(number), "Hello") for number in range(12)] and not wire.scribe.unread


def test_what_the_fake_does_not_emulate_is_kept_and_named() -> None:
    wire = Wire()
    body = {"messages": [{"sender": OURS, "destinations": [{"to": ANNA}], "content": {"hex": "48"}}]}
    wire.called("/sms/3/messages", body, {"messages": [taken(ANNA, "11")]})
    assert wire.shown() == [(ANNA, "11", "")] and sum(wire.scribe.unread.values()) == 1


def test_what_infobip_refused_did_nothing() -> None:
    wire = Wire()
    wire.called(
        "/sms/3/messages", {"messages": []}, {"errorCode": "E400", "description": "Request cannot be processed."}, 400
    )
    wire.called(
        "/sms/2/text/single",
        {},
        {"requestError": {"serviceException": {"messageId": "UNAUTHORIZED", "text": "Invalid login details"}}},
        401,
    )
    assert [one.error for one in wire.of(Called)] == [
        "400 Request cannot be processed.",
        "401 Invalid login details",
    ] and not wire.shown()


def test_what_a_bot_fetches_is_heard_as_well() -> None:
    wire = Wire()
    wire.called("/sms/1/inbox/reports?limit=10", None, {"results": [{**SMS, "messageId": "9", "text": "Fetched"}]})
    wire.called("/sms/3/reports", None, {"results": [REPORT]})
    assert [acted.act for acted in wire.of(Acted)][-2:] == [
        Write(parts=(Text(text="Fetched"),)), Receipt(message_id="bench-0001", status="delivered")
    ]  # fmt: skip


# ------------------------------------------------------------------------------------------------------------ importing


def test_captured_traffic_is_turns() -> None:
    (capture,) = [one for one in captures() if one.platform == "infobip"]
    body = {"results": [SMS, {**SMS, "from": EVA, "messageId": "2"}], "messageCount": 2}
    sends = {"messages": [{"sender": OURS, "destinations": [{"to": ANNA}], "content": {"text": "On its way"}}]}
    said = capture.call("https://abc.api.infobip.com/sms/3/messages", sends, {"messages": [taken(ANNA, "11")]}, 8.0)
    assert all(map(capture.knows, (body, {"results": [REPORT]}, CLICK))) and not capture.knows({"results": [{"a": 1}]})
    assert [(chat, turn.role, turn.text, turn.id) for chat, turn in (*capture.webhook(body, 7.0), *said)] == [
        (ANNA, "customer", "STOP please", SMS["messageId"]), (EVA, "customer", "STOP please", "2"), (ANNA, "bot", "On its way", "11")
    ]  # fmt: skip
