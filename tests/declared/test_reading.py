"""What a declared messenger tells is read back by the same file, whichever file that is, and so is what was called and answered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatdrill.clock import WallClock
from chatdrill.conformance.samples import FILES
from chatdrill.importing.captures import captures
from chatdrill.model import Act, Button, Edited, Location, Media, Press, Read, Sent, Text, Typing, Write
from chatdrill.recording.scribe import Scribe
from chatdrill.serve.errands import Outcome
from chatdrill.trace import Acted, Called, Recorder, Took
from chatdrill.wire import HttpRequest, HttpResponse, Said
from chatdrill_fakes.platforms.declared import Declared
from chatdrill_fakes.platforms.declared.capturing import captured
from chatdrill_fakes.platforms.declared.telling import name_of
from declared.kit import COMPANY, Account
from deep import tries

LAX = settings(max_examples=tries(80, 5000), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
JSON = (("Content-Type", "application/json"),)
HEAD = {"id": "u-1", "at": 1790000000500, "chat": {"id": "c-5", "name": "Eva Łąka", "language": "pl", "newer": 1}}
MESSAGE = {"event": "message", **HEAD, "message": {"id": "m-9", "text": "Where?", "thread": None}, "newer": [1]}
FORM = """
title: Small
source: written for this test in 11/2026
tells:
  - {on: message, encoding: form, parts: [text, media], body: {from: "tel:{phone}", who: "{customer}", words: "{text}", more: {all: "{files}"}}}
  - {on: react, method: PUT, url: "/chats/{customer}/reactions?to={message}", body: {emoji: "{emoji}"}, headers: {X-Id: "{id}"}}
takes:
  - {method: POST, path: /say, does: send, read: {to: to, text: text, origin: ref}}
  - {method: POST, path: /change, does: edit, read: {to: to, text: text, message: ref}}
"""


def asked(body: Any, path: str = "/hooks/declared", method: str = "POST") -> HttpRequest:
    return HttpRequest(method, path, JSON, json.dumps(body).encode())


def read(account: Account, request: HttpRequest) -> Said:
    (said,) = account.platform.decode(account.state, request)
    return said


def test_a_message_of_the_vendors_is_read(account: Account) -> None:
    assert read(account, asked(MESSAGE)) == Said(
        to="c-5", act=Write(parts=(Text(text="Where?"),)), at=1790000000.5, ids=("m-9",), update="u-1",
        person={"first_name": "Eva", "last_name": "Łąka", "locale": "pl"},
    )  # fmt: skip


def test_an_event_that_the_file_has_not_is_kept_under_its_name(account: Account) -> None:
    said = read(account, asked({"event": "poll", **HEAD, "poll": {"a": 1}}))
    assert (said.unread, said.to) == ("poll", "c-5") and said.act.data["poll"] == {"a": 1}  # type: ignore[union-attr]


SHOE = Media(kind="photo", file=Account().media("photo").file)
ACTS: tuple[Act, ...] = (
    Write(parts=(Text(text="Hello"),)),
    Write(parts=(Location(latitude=48.2, longitude=16.37),)),
    Press(button=Button(title="Yes", kind="postback", payload="yes")),
    Typing(),
)


@pytest.mark.parametrize("spec", ["company", "sunco", "chatwoot", "intercom", "chat2desk"])
def test_every_shipped_file_is_read_back(spec: str) -> None:
    """The recorder sees openings, and the answers that give later requests their ids."""
    vendor = Account(spec)
    wire = Wire(spec=spec)
    answer = {
        "user": {"id": "U7"},
        "conversation": {"id": "C8"},
        "id": "X9",
        "source_id": "S1",
        "conversation_id": "C8",
        "data": {"client_id": 4},
    }
    done: list[Act] = []
    for act in (*ACTS, Write(parts=(vendor.media("photo"),))):
        if isinstance(act, Write) and name_of(act.parts[0]) not in vendor.state.spec.parts:
            continue
        updates = vendor.updates(act)
        for update in updates:
            wire.told(vendor.request(update), answer)
            assert vendor.answered(update, 201 if spec == "sunco" else 200, answer).ok
        is_told = any(update.kind not in ("make user", "make contact", "make conversation") for update in updates)
        done += [act] if is_told else []
    told = [acted for acted in wire.of(Acted) if str(acted.act.__struct_config__.tag) != "event"]
    assert len({acted.conv for acted in wire.of(Acted)}) == 1 and len(told) == len(done) >= 2
    for acted, act in zip(told, done, strict=True):
        if isinstance(act, Press):
            assert act.button.title in str(acted.act)
        elif isinstance(act, Write) and isinstance(act.parts[0], Media):
            assert acted.act.parts[0].kind == ("document" if spec == "intercom" else "photo")  # which tells links alone
        else:
            assert acted.act == act


def test_who_opened_before_the_recording_is_known_by_what_was_kept() -> None:
    account = Account("chatwoot")
    path = "/hooks/declared/public/api/v1/inboxes/i/contacts/S1/conversations/C8/messages"
    said = read(account, asked({"content": "Hi", "echo_id": "m-1"}, path))
    assert (said.to, said.ids, said.act) == ("C8", ("m-1",), Write(parts=(Text(text="Hi"),)))


def test_forms_addresses_and_headers_are_read(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(FORM, "utf-8")
    account = Account(tmp_path / "small.yaml")
    files = json.dumps(
        {"all": [{"url": "https://a.test/b.pdf", "name": "b.pdf", "type": "application/pdf", "size": 7}]}
    )
    form = urlencode({"from": "tel:+48501", "who": "Anna 1", "words": "a+b=c&d", "more": files})
    request = HttpRequest("POST", "/hooks/x", (("Content-Type", "application/x-www-form-urlencoded"),), form.encode())
    said = read(account, request)
    assert said.to == "Anna 1" and said.person == {"phone": "+48501"} and said.act.parts[0] == Text(text="a+b=c&d")  # type: ignore[union-attr]
    (file,) = [part for part in said.act.parts if isinstance(part, Media)]  # type: ignore[union-attr]
    assert (file.kind, file.file.name, file.file.size_bytes, file.file.url) == (
        "document",
        "b.pdf",
        7,
        "https://a.test/b.pdf",
    )
    reaction = HttpRequest(
        "PUT", "/hooks/x/chats/Anna%201/reactions?to=m-5", (*JSON, ("x-id", "r-1")), b'{"emoji": "\xf0\x9f\x91\x8d"}'
    )
    said = read(account, reaction)
    assert (said.to, said.update, said.act.message_id, said.act.emoji) == ("Anna 1", "r-1", "m-5", "👍")  # type: ignore[union-attr]


def test_files_in_the_body_are_media() -> None:
    vendor, account = Account("chatwoot"), Account("chatwoot")
    for update in vendor.updates(Write(parts=(Text(text="See"), vendor.media("document", name="bill.pdf")))):
        request = vendor.request(update)
        assert vendor.answered(update, 200, {"source_id": "S1", "id": "C8"}).ok
    said = read(account, request)
    assert [getattr(part, "kind", "text") for part in said.act.parts] == ["text", "document"]  # type: ignore[union-attr]
    assert said.act.parts[1].file.name == "bill.pdf" and said.act.parts[1].file.size_bytes == len(FILES["document"])  # type: ignore[union-attr]


def test_a_file_says_what_is_read_back() -> None:
    platform = Declared()
    company = platform.reads
    platform.open(
        {each.name: each.default for each in platform.settings} | {"spec": "chat2desk"}, Account().state.chance
    )
    assert {"edit", "delete", "press", "read"} <= company.acts and company.parts >= {"text", "media.photo", "contact"}
    assert (
        platform.reads.acts == {"write"}
        and "write.reply_to" in platform.reads.loses
        and "write.reply_to" not in company.loses
    )


UNREADABLE = [b"", b"{", b"[]", b"{}", b'{"event": 7}', b'{"event": "message"}', b'{"chat": {"id": "c-5"}}', b"\xff", b"[" * 90_000,
              b'{"event":"message","chat":{"id":"c-5"},"message":' + b'{"a":' * 300 + b"1" + b"}" * 301,
              b'{"event":"edit","chat":{"id":"c-5"}}', b'{"event":"receipt","chat":{"id":"c-5"},"message":{"id":"m","status":"lost"}}',
              b'{"event":"message","chat":{"id":"c-5"},"message":{"location":{"latitude":"x","longitude":1}}}']  # fmt: skip


@pytest.mark.parametrize("body", UNREADABLE, ids=lambda body: str(body[:60]))
def test_what_the_file_does_not_declare_is_refused(account: Account, body: bytes) -> None:
    with pytest.raises(ValueError):
        account.platform.decode(account.state, HttpRequest("POST", "/", JSON, body))


VALUES = st.recursive(
    st.one_of(st.none(), st.text(max_size=8), st.integers(), st.floats(), st.sampled_from(["message", "press", "edit", "9" * 400])),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(st.sampled_from(["id", "text", "files", "url", "latitude"]), inner, max_size=3)),
    max_leaves=5,
)  # fmt: skip


@LAX
@given(more=st.dictionaries(st.sampled_from(["event", "id", "at", "chat", "message", "press", "link"]), VALUES, max_size=4),
       spec=st.sampled_from(["company", "sunco", "chatwoot", "chat2desk"]), tail=st.text(max_size=12))  # fmt: skip
def test_no_request_breaks_the_reader(more: dict[str, Any], spec: str, tail: str) -> None:
    account = Account(spec)
    for body in ({**MESSAGE, **more}, more):
        request = asked(body, f"/hooks/{tail}/messages/inbox" if spec == "chat2desk" else f"/hooks/{tail}")
        try:
            for said in account.platform.decode(account.state, request):
                account.platform.meet(account.state, said, account.chat.customer, account.now)
                msgspec.json.encode(said)
        except ValueError:
            continue


# ---------------------------------------------------------------------------------------------------------- observing


class Wire:
    """What passes between a declared messenger itself and the other side."""

    def __init__(self, **given: str) -> None:
        clock = WallClock()
        self.recorder = Recorder(clock)
        self.scribe = Scribe(self.recorder, clock, [Declared()], {"declared": given})

    def told(self, request: HttpRequest, answer: Any = None) -> None:
        content = b"" if answer is None else json.dumps(answer).encode()
        updates = self.scribe.webhook_came("declared", request)
        status = 201 if "sunco" in str(self.recorder.records[:1]) or answer is not None else 200
        self.scribe.webhook_answered("declared", request, updates, Outcome(HttpResponse(status, JSON, content), 0.1))

    def called(self, method: str, path: str, body: Any, answer: Any = None, status: int = 200) -> None:
        headers = (*JSON, ("Authorization", "Bearer vendors-own-token"))
        request = HttpRequest(method, path, headers, b"" if body is None else json.dumps(body).encode())
        content = b"" if answer is None else json.dumps(answer).encode()
        self.scribe.called("declared", request, HttpResponse(status, (), content), 0.1)

    def of(self, kind: Any) -> list[Any]:
        return [record for record in self.recorder.records if isinstance(record, kind)]


@pytest.fixture
def wire() -> Wire:
    made = Wire()
    made.told(asked(MESSAGE))
    return made


def test_each_kind_of_call_is_told_with_the_vendors_ids(wire: Wire) -> None:
    buttons = [{"title": "Yes", "payload": "y"}]
    wire.called(
        "POST",
        "/v1/messages",
        {"chat": "c-5", "text": "Sure?", "buttons": buttons, "files": [{"url": "https://a.test/x.png"}]},
        {"id": "V1"},
        201,
    )
    wire.called("PATCH", "/v1/chats/c-5/messages/V1", {"text": "Done"}, {"id": "V1"})
    wire.called("POST", "/v1/chats/c-5/typing", {}, status=204)
    wire.called("POST", "/v1/chats/c-5/messages/m-9/read", {}, status=204)
    wire.called("DELETE", "/v1/chats/c-5/messages/V1", None, status=204)
    effects = [took.effect for took in wire.of(Took)]
    assert [str(effect.__struct_config__.tag) for effect in effects] == [
        "sent",
        "edited",
        "activity",
        "marked_read",
        "deleted",
    ]
    assert effects[0].message.id == "V1" and effects[0].message.buttons[0].payload == "y" and effects[0].message.media
    assert isinstance(effects[1], Edited) and effects[1].message.text == "Done" and effects[4].message_ids == ("V1",)
    assert not wire.scribe.unread


def test_a_change_by_the_other_sides_own_id_is_found(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(FORM, "utf-8")
    wire = Wire(spec=str(tmp_path / "small.yaml"))
    wire.called("POST", "/say", {"to": "c-1", "text": "Hi", "ref": "own-1"}, {"any": 1})
    wire.called("POST", "/change", {"to": "c-1", "text": "Hi there", "ref": "own-1"}, {"any": 1})
    assert [took.effect.message.text for took in wire.of(Took)] == ["Hi", "Hi there"] and not wire.scribe.unread


def test_what_was_refused_did_nothing_and_what_is_not_known_is_named(wire: Wire) -> None:
    wire.called("POST", "/v1/messages", {"chat": "c-5", "text": "x"}, {"error": {"code": "blocked"}}, 403)
    wire.called("PATCH", "/v1/chats/c-5/messages/V0", {"text": "Done"}, {"id": "V0"})
    refused, unknown = wire.of(Called)
    assert not refused.ok and "blocked" in refused.error and unknown.ok and sum(wire.scribe.unread.values()) == 1


def test_messages_in_the_answer_are_said() -> None:
    wire = Wire()
    wire.told(
        asked(MESSAGE), {"messages": [{"text": "Hello"}, {"text": "?", "buttons": [{"title": "Yes", "payload": "y"}]}]}
    )
    wire.told(asked(MESSAGE), {"messages": [{"text": "Hello"}]})
    sent = [took.effect.message for took in wire.of(Took) if isinstance(took.effect, Sent)]
    assert [message.text for message in sent] == ["Hello", "?"] and sent[1].buttons[0].title == "Yes"


# ------------------------------------------------------------------------------------------------------------ importing


def test_captured_traffic_is_turns() -> None:
    (shipped,) = [one for one in captures() if one.platform == "declared"]
    own = captured("acme", COMPANY, ("chat.acme.example",))
    assert (
        shipped.knows(MESSAGE)
        and not shipped.knows({"event": "poll", **HEAD})
        and not shipped.knows({"chat": {"id": "c-5"}})
    )
    assert not shipped.knows({"update_id": 1, "message": {"message_id": 5, "chat": {"id": 1}, "text": "x"}})
    told = [*own.webhook(MESSAGE, 1.0), *own.webhook({"event": "read", **HEAD, "message": {"id": "m"}}, 2.0)]
    said = own.call("https://chat.acme.example/v1/messages", {"chat": "c-5", "text": "On its way"}, {"id": "V1"}, 3.0)
    answers = own.answer(MESSAGE, '{"messages": [{"text": "Hello"}]}', 4.0)
    assert [(chat, turn.role, turn.text) for chat, turn in (*told, *said, *answers)] == [
        ("c-5", "customer", "Where?"), ("c-5", "bot", "On its way"), ("c-5", "bot", "Hello")
    ]  # fmt: skip


def test_reading_is_an_act_of_its_own(account: Account) -> None:
    assert read(account, asked({"event": "read", **HEAD, "message": {"id": "m-3"}})).act == Read(message_id="m-3")
