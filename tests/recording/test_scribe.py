"""What passes between a platform and a bot becomes records: acts, effects and bytes, and no secrets. No socket is opened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from chatdrill.checks import judge
from chatdrill.clock import WallClock
from chatdrill.conformance import Scene
from chatdrill.model import Press, Sent, Text, Write
from chatdrill.recording.scribe import Scribe
from chatdrill.run.registry import load_platform, load_sheet
from chatdrill.serve.errands import Outcome
from chatdrill.trace import Acted, Attempt, Called, CaseBegan, CaseEnded, Record, Recorder, RunBegan, Took
from chatdrill.wire import HttpRequest, HttpResponse, Update
from chatdrill.wire.sheets import Ask

READABLE = (
    "telegram", "whatsapp", "messenger", "instagram", "viber", "rasa", "line", "slack", "webchat", "twilio", "wechat", "infobip", "email", "declared",
)  # fmt: skip
HELLO = Write(parts=(Text(text="hello"),))


class Wire:
    """The vendor is a fake, the bot calls as its sheet says, and the scribe sees what passes."""

    def __init__(self, name: str, path: Path | None = None) -> None:
        platform = load_platform(name)
        self.name, self.scene = name, Scene(platform, load_sheet(name))
        clock = WallClock()
        self.recorder = Recorder(clock, path=path)
        self.scribe = Scribe(self.recorder, clock, [platform], {})
        self.scribe.began("a bot")

    def tell(self, updates: Sequence[Update], *, answer: HttpResponse | None = None) -> None:
        for update in updates:
            request = self.scene.webhook(update)
            seen = self.scribe.webhook_came(self.name, request)
            outcome = Outcome(answer or HttpResponse(200), 0.01)
            self.scribe.webhook_answered(self.name, request, seen, outcome)

    def says(self, text: str) -> None:
        self.scene.words["text"] = text
        self.calls(self.scene.sheet.says)

    def calls(self, ask: Ask, edit: Callable[[HttpRequest], HttpRequest] = lambda request: request) -> None:
        request = edit(self.scene.request(ask))
        response = self.scene.handle(request).response
        assert response is not None
        self.scribe.call_came(request)
        self.scribe.called(self.name, request, response, 0.01)

    def of(self, *kinds: type[Record]) -> list[Any]:
        return [record for record in self.recorder.records if isinstance(record, kinds)]


@pytest.mark.parametrize("name", READABLE)
def test_a_dialog_becomes_acts_and_effects_of_one_conversation(name: str) -> None:
    wire = Wire(name)
    wire.tell(wire.scene.happens(HELLO))
    wire.says("hello to you")
    wire.scribe.ended()
    (acted,), (took,), (began,) = wire.of(Acted), wire.of(Took), wire.of(CaseBegan)
    assert acted.act == HELLO and acted.conv == took.conv == f"{began.case}/customer"
    (sent,) = wire.scene.handled[-1].effects
    has_ids = "message.ids" not in wire.scene.platform.reads.loses
    assert took.call is not None and (not has_ids or took.effect.message.ids == sent.message.ids)
    assert took.effect.message.text == "hello to you" and began.addresses == {"customer": wire.scene.to}
    assert [type(record) for record in wire.recorder.records[:2]] == [RunBegan, CaseBegan] and wire.of(CaseEnded)


@pytest.mark.parametrize("name", READABLE)
def test_no_secret_of_the_account_is_written_down(name: str, tmp_path: Path) -> None:
    wire = Wire(name, tmp_path / "trace.jsonl")
    wire.tell(wire.scene.happens(HELLO))
    wire.says("hello to you")
    wire.scribe.ended()
    written = (tmp_path / "trace.jsonl").read_text("utf-8")
    assert not [secret for secret in wire.scene.secrets() if secret in written]


@pytest.mark.parametrize("name", READABLE)
def test_a_recorded_trace_is_judged_like_any_other(name: str) -> None:
    wire = Wire(name)
    wire.tell(wire.scene.happens(HELLO))
    wire.says("hello to you")
    wire.scribe.ended()
    (case,) = judge(wire.recorder.records).cases
    assert not [finding for finding in case.findings if finding.verdict == "error"] and case.messages == 2


def test_what_is_told_again_is_one_act_and_a_second_attempt() -> None:
    wire = Wire("telegram")
    updates = wire.scene.happens(HELLO)
    wire.tell(updates, answer=HttpResponse(500))
    wire.tell(updates)
    assert len(wire.of(Acted)) == 1
    assert [(one.number, one.status, one.ok) for one in wire.of(Attempt)] == [(1, 500, False), (2, 200, True)]


def test_what_no_word_says_is_kept_and_named() -> None:
    wire = Wire("telegram")
    poll = b'{"update_id": 7, "poll_answer": {"poll_id": "1", "user": {"id": 5, "first_name": "A"}, "option_ids": [0]}}'
    request = HttpRequest("POST", "/", (("Content-Type", "application/json"),), poll)
    wire.scribe.webhook_answered(
        "telegram", request, wire.scribe.webhook_came("telegram", request), Outcome(HttpResponse(200), 0.1)
    )
    (acted,), (attempt,) = wire.of(Acted), wire.of(Attempt)
    assert acted.act.name == "poll_answer" and acted.act.data["option_ids"] == [0] and attempt.body == poll.decode()
    assert wire.scribe.unread == {"telegram: poll_answer": 1}


UNREADABLE = (b"", b"{", b"[]", b'{"object": 7}', b"[" * 90_000, b'{"update_id": 1, "message": {}}', b"\xff")


@pytest.mark.parametrize("name", READABLE)
def test_a_webhook_that_nobody_can_read_is_kept_as_it_came(name: str) -> None:
    wire = Wire(name)
    for body in UNREADABLE:
        request = HttpRequest("POST", "/?x=1", (("Content-Type", "application/json"),), body)
        seen = wire.scribe.webhook_came(name, request)
        wire.scribe.webhook_answered(name, request, seen, Outcome(HttpResponse(200), 0.1))
    attempts = wire.of(Attempt)
    assert [one.body for one in attempts] == [body.decode("utf-8", "replace") for body in UNREADABLE]
    assert {one.note for one in attempts} == {"not read back"} and not wire.of(Acted)


def test_a_press_and_its_answer_belong_together() -> None:
    wire = Wire("telegram")
    wire.tell(wire.scene.happens(HELLO))
    keyboard = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}
    body = {"chat_id": wire.scene.to, "text": "Sure?", "reply_markup": keyboard}
    wire.calls(Ask("/bot{token}/sendMessage", body))
    (took,) = wire.of(Took)
    (button,) = took.effect.message.buttons
    wire.tell(wire.scene.happens(Press(button=button, message_id=took.effect.message.id)))
    key = wire.of(Acted)[-1].ids[0]
    wire.calls(Ask("/bot{token}/answerCallbackQuery", {"callback_query_id": key, "text": "Done"}))
    wire.calls(Ask("/bot{token}/editMessageText", {**body, "message_id": took.effect.message.id, "text": "Thanks"}))
    assert wire.of(Acted)[-1].act == Press(button=button, message_id=took.effect.message.id)
    assert [str(one.effect.__struct_config__.tag) for one in wire.of(Took)] == ["sent", "press_answered", "edited"]
    assert wire.of(Took)[-1].effect.message.text == "Thanks" and wire.of(Took)[-1].effect.message.buttons == (button,)


@pytest.mark.parametrize("name", READABLE)
def test_what_the_vendor_refuses_did_nothing(name: str) -> None:
    wire = Wire(name)
    wire.tell(wire.scene.happens(HELLO))
    wire.calls(wire.scene.sheet.errors[0].ask)
    (called,) = wire.of(Called)
    assert not called.ok and called.error and not wire.of(Took)


def test_a_template_that_only_the_vendor_knows_is_read_from_the_call() -> None:
    wire = Wire("whatsapp")
    wire.tell(wire.scene.happens(HELLO))
    template = {
        "name": "parcel_on_its_way",
        "language": {"code": "pl"},
        "components": [{"type": "body", "parameters": [{"type": "text", "text": "553"}]}],
    }
    body = {"messaging_product": "whatsapp", "to": wire.scene.to, "type": "template", "template": template}
    request = wire.scene.request(Ask("/{phone_number_id}/messages", body, headers=wire.scene.sheet.headers))
    answer = msgspec.json.encode({"messages": [{"id": "wamid.vendor"}]})
    wire.scribe.called("whatsapp", request, HttpResponse(200, (), answer), 0.1)
    (took,) = wire.of(Took)
    (part,) = took.effect.message.parts
    assert isinstance(took.effect, Sent) and took.effect.message.ids == ("wamid.vendor",)
    assert (part.name, part.language, part.parameters) == ("parcel_on_its_way", "pl", ("553",))


@pytest.mark.parametrize("kind", ["image", "document"])
def test_a_file_that_lies_at_the_vendor_is_media_all_the_same(kind: str) -> None:
    wire = Wire("whatsapp")
    wire.tell(wire.scene.happens(HELLO))
    body = {"messaging_product": "whatsapp", "to": wire.scene.to, "type": kind, kind: {"id": "8812"}}
    request = wire.scene.request(Ask("/{phone_number_id}/messages", body, headers=wire.scene.sheet.headers))
    answer = msgspec.json.encode({"messages": [{"id": "wamid.vendor"}]})
    wire.scribe.called("whatsapp", request, HttpResponse(200, (), answer), 0.1)
    (took,) = wire.of(Took)
    assert took.effect.message.media[0].kind == ("photo" if kind == "image" else "document")


def test_updates_that_a_bot_fetches_are_acts_as_well() -> None:
    wire = Wire("telegram")
    updates = wire.scene.happens(HELLO)
    answer = b'{"ok":true,"result":[%b]}' % updates[0].body
    request = HttpRequest("GET", "/bot7012345678:AAchatdrillDrillDrillDrillDrillDril/getUpdates?offset=0")
    wire.scribe.called("telegram", request, HttpResponse(200, (), answer), 0.1)
    assert [one.act for one in wire.of(Acted)] == [HELLO]


def test_a_method_in_the_answer_to_a_webhook_is_a_call() -> None:
    wire = Wire("telegram")
    body = b'{"method": "sendMessage", "chat_id": %b, "text": "at once"}' % wire.scene.to.encode()
    answer = HttpResponse(200, (("Content-Type", "application/json"),), body)
    wire.tell(wire.scene.happens(HELLO), answer=answer)
    (called,), (took,) = wire.of(Called), wire.of(Took)
    assert called.source == "webhook_answer" and took.effect.message.text == "at once"


@pytest.mark.parametrize("name", ["twilio", "infobip"])
def test_a_word_that_the_gateway_takes_for_a_block_is_one_in_a_recording(name: str) -> None:
    wire = Wire(name)
    for text in ("hello", "STOP", "really", "START"):
        wire.tell(wire.scene.happens(Write(parts=(Text(text=text),))))
    assert [acted.blocks for acted in wire.of(Acted)] == [None, True, None, False]
