"""What a file may declare otherwise than the example does."""

from __future__ import annotations

import base64
import hashlib
import hmac
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from chatdrill.errors import SettingsError, Unsupported
from chatdrill.model import (
    Accept,
    AgentTyping,
    Close,
    ContactFiled,
    DeleteReply,
    EntryAdded,
    Media,
    Rate,
    Rated,
    Release,
    Reply,
    TakeOver,
    Text,
)
from chatdrill.wire.files import describe
from chatdrill_fakes.desks.generic import declare
from desks.generic.kit import HOOK, MIRROR, NOW, SECRET, Office, body, names, status

_ANSWER = Reply(agent="bob", parts=(Text(text="Hello & bye"),))


def _chat(mirror: Office) -> str:
    return str(body(mirror.call("POST", "/chats?who=tg-42", {}))[0])


def test_a_desk_that_mirrors_opens_with_the_bot_and_asks_by_a_request_of_its_own(mirror: Office) -> None:
    assert mirror.desk.capabilities.mirrors and mirror.desk.capabilities.reopens == "same"
    opened = mirror.call("POST", "/chats?who=tg-42", {})
    assert "HandoffAsked" not in names(opened.events) and mirror.owner("1") == "bot"
    asked = mirror.call("POST", "/chats/1/person", {"t": "A person!"})
    assert names(asked.events) == ["EntryAdded", "StateChanged", "HandoffAsked"] and mirror.owner("1") == "queue"


def test_a_template_keeps_types_and_fills_headers(mirror: Office) -> None:
    response = mirror.call("POST", "/chats?who=tg-42", {}).response
    assert response is not None and (response.body, response.header("x-ticket")) == (b'[1,"1"]', "1")


def test_a_contact_is_filed_once_under_its_key(mirror: Office) -> None:
    first = mirror.call("POST", "/person", {"id": "tg-42", "phone": "+49", "name": "Ann"})
    assert first.events == (ContactFiled(contact="1", keys=("tg-42", "+49"), name="Ann"),)
    assert mirror.call("POST", "/person", {"id": "tg-42"}).events == ()


def test_who_writes_where_nothing_is_read_is_declared(mirror: Office) -> None:
    _chat(mirror)
    for sent in ({"t": "a"}, {"t": "b", "who": "customer"}, {"t": "c", "shown": False}):
        assert status(mirror.call("POST", "/chats/1", sent)) == 200
    entries = mirror.state.tickets["1"].entries
    assert [(each.author, each.public) for each in entries] == [("bot", True), ("customer", True), ("bot", False)]


def test_a_customers_word_reopens_what_is_over_where_the_file_says_so(mirror: Office) -> None:
    _chat(mirror)
    mirror.call("POST", "/chats/1/person", {})
    mirror.act(Accept(agent="bob"), "1")
    mirror.act(Close(agent="bob"), "1")
    mirror.call("POST", "/chats/1", {"t": "by the way"})
    assert mirror.state.tickets["1"].status == "done"
    mirror.call("POST", "/chats/1", {"t": "Hi again", "who": "customer"})
    assert (mirror.state.tickets["1"].status, mirror.owner("1")) == ("bot", "bot")
    assert "TicketReopened" in names(mirror.call("POST", "/chats/1/person", {}).events)


def test_a_form_is_signed_by_sha1_in_base64_over_address_and_body(mirror: Office) -> None:
    _chat(mirror)
    mirror.act(TakeOver(agent="bob"), "1")
    mirror.told()
    file = describe(b"x", mirror.state.blobs, name="a.txt", mime="text/plain")
    mirror.act(Reply(agent="bob", parts=(*_ANSWER.parts, Media(kind="document", file=file))), "1")
    (request,) = mirror.requests()
    form = parse_qs(request.body.decode())
    mac = hmac.new(SECRET.encode(), HOOK.encode() + b"|" + request.body, hashlib.sha1).digest()
    assert request.content_type == "application/x-www-form-urlencoded"
    assert (form["data"], form["n"]) == (["Hello & bye"], ["1"]) and '"file"' in form["list"][0]
    assert request.header("x-sign") == base64.b64encode(mac).decode()
    with pytest.raises(Unsupported, match="no time"):
        mirror.desk.forge(mirror.state, request, "stale", NOW)


def test_another_receiver_has_its_address_in_the_settings_and_a_token_in_its_header(mirror: Office) -> None:
    _chat(mirror)
    mirror.call("POST", "/chats/1", {"t": "I am the bot"})
    (request,) = mirror.requests()
    assert (request.method, request.url, request.body) == ("PUT", "http://127.0.0.1:9/echo", b'"I am the bot"')
    assert (request.header("x-key"), request.header("x-to")) == (f"key {SECRET}", "")
    wrong = mirror.desk.forge(mirror.state, request, "wrong", NOW)
    assert wrong.header("x-key") == f"key not-{SECRET}"
    assert mirror.desk.forge(mirror.state, request, "unsigned", NOW).header("x-key") is None
    with pytest.raises(Unsupported, match="no time"):
        mirror.desk.forge(mirror.state, request, "stale", NOW)


def test_a_signature_may_cover_the_id_of_the_delivery(mirror: Office) -> None:
    _chat(mirror)
    mirror.call("POST", "/chats/1/person", {})
    request = next(each for each in mirror.requests() if each.header("webhook-id"))
    stale = mirror.desk.forge(mirror.state, request, "stale", NOW)
    for each in (request, stale):
        signed = f"{each.header('webhook-id')}.{each.header('webhook-timestamp')}.".encode() + each.body
        assert each.header("x-signature") == hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    assert stale.header("webhook-timestamp") == "1768470300"


def test_an_unsigned_webhook_cannot_be_forged(mirror: Office) -> None:
    _chat(mirror)
    mirror.act(Close(agent="bob"), "1")
    request = next(each for each in mirror.requests() if b"rate" in each.body)
    with pytest.raises(Unsupported, match="not signed"):
        mirror.desk.forge(mirror.state, request, "wrong", NOW)


def test_a_rating_comes_by_the_page_or_by_a_request(mirror: Office) -> None:
    _chat(mirror)
    mirror.call("POST", "/chats/1/person", {})
    mirror.act(Accept(agent="bob"), "1")
    mirror.act(_ANSWER, "1")
    assert "SurveyAsked" in names(mirror.act(Close(agent="bob"), "1"))
    expected = Rated(ticket="1", score=4, word="4", agent="bob", comment="ok")
    assert mirror.act(Rate(agent="", score=4, comment="ok"), "1") == [expected]
    assert mirror.call("POST", "/chats/1/rating", {"stars": 4, "words": "ok"}).events == (expected,)
    assert status(mirror.call("POST", "/chats/1/rating", {"stars": 6})) == 400


def test_a_desk_without_a_token_takes_anybody(mirror: Office) -> None:
    assert status(mirror.call("POST", "/chats?who=x", {}, token=None)) == 200
    assert status(mirror.call("POST", "/chats/1/typing", {}, token=None)) == 200


def test_what_no_hook_tells_the_bot_agents_cannot_do(mirror: Office) -> None:
    _chat(mirror)
    mirror.act(TakeOver(agent="bob"), "1")
    (added,) = mirror.act(_ANSWER, "1")
    assert isinstance(added, EntryAdded)
    for act in (DeleteReply(agent="bob", entry_id=added.entry.id), AgentTyping(agent="bob")):
        with pytest.raises(Unsupported, match="no hook on"):
            mirror.act(act, "1")
    assert names(mirror.act(Release(agent="bob"), "1"))[-1] == "TicketClosed"


def test_a_receiver_without_an_address_is_not_told(tmp_path: Path) -> None:
    file = tmp_path / "mirror.yaml"
    file.write_text(MIRROR)
    office = Office(file)
    office.state.webhook_url = None
    office.call("POST", "/chats?who=x", {})
    office.call("POST", "/chats/1", {"t": "a"})
    assert office.told() == []


def test_an_address_for_a_receiver_that_the_file_does_not_have_is_an_error() -> None:
    with pytest.raises(SettingsError, match="none but main"):
        Office(hooks="echo=http://127.0.0.1:9/echo")


def test_a_desk_of_its_own_is_declared_under_its_own_name(tmp_path: Path) -> None:
    file = tmp_path / "acme.yaml"
    file.write_text(MIRROR)
    acme = declare("acme-desk", file)
    assert (acme.name, acme.title, acme.capabilities.mirrors) == ("acme-desk", "Mirror", True)
    assert [each.env for each in acme.settings][:2] == ["ACME_DESK_SPEC", "ACME_DESK_TOKEN"]
