"""The connector: tokens, errors, limits, conversations, members, attachments, and what is declared."""

from __future__ import annotations

import base64
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest

from chatdrill.errors import SettingsError
from chatdrill.model import EntryChanged, TicketOpened
from chatdrill.wire import Exchange, HttpRequest, HttpResponse
from chatdrill_fakes.desks.botframework import desk
from chatdrill_fakes.desks.botframework.routes import ACTIVITY_MAX_BYTES, ROUTES
from chatdrill_fakes.desks.botframework.serving import UPLOAD_MAX_BYTES
from desks.botframework.kit import (
    APP,
    BASE,
    BOT,
    NOW,
    PNG,
    TOKEN,
    USER,
    Hub,
    answer,
    asking,
    names,
    refused,
    said,
    status,
)

ONE = "/v3/conversations/cnv-1"


@pytest.mark.parametrize("token", [None, "", "wrong"])
def test_a_call_needs_the_token(hub: Hub, token: str | None) -> None:
    handled = hub.post(asking(), token=token)
    assert refused(handled) == (401, "Unauthorized") and not hub.state.tickets


FORM = {"grant_type": "client_credentials", "client_id": APP, "client_secret": "chatdrill~app~password"}


def login(hub: Hub, **change: str) -> Any:
    path = "/botframework.com/oauth2/v2.0/token"
    body = urlencode({**FORM, "scope": "https://api.botframework.com/.default", **change}).encode()
    return hub.call("POST", path, body, token=None, kind="application/x-www-form-urlencoded")


def test_the_token_is_given_for_id_and_password(hub: Hub) -> None:
    handled = login(hub)
    valid = {"expires_in": 86399, "ext_expires_in": 86399}
    assert answer(handled) == {"token_type": "Bearer", **valid, "access_token": TOKEN}
    assert handled.call is not None and "client_secret" not in handled.call.arguments


@pytest.mark.parametrize(
    ("change", "status_code", "error", "code"),
    [
        ({"client_secret": "x"}, 401, "invalid_client", 7000215),
        ({"client_id": "x"}, 400, "unauthorized_client", 700016),
        ({"grant_type": "password"}, 400, "unsupported_grant_type", 70003),
    ],
)
def test_the_token_is_denied_in_the_words_of_the_login(
    hub: Hub, change: dict[str, str], status_code: int, error: str, code: int
) -> None:
    handled = login(hub, **change)
    assert (status(handled), answer(handled)["error"], answer(handled)["error_codes"]) == (status_code, error, [code])
    assert answer(handled)["error_description"].startswith(f"AADSTS{code}: ")


def test_50_calls_in_a_second_are_too_many_by_one() -> None:
    hub = Hub(rate_limits="yes")
    assert {status(hub.call("GET", "/v3/conversations")) for _ in range(50)} == {200}
    handled = hub.call("GET", "/v3/conversations")
    assert refused(handled) == (429, "Throttled") and handled.response is not None
    assert handled.response.header("Retry-After") == "1"
    hub.now += 1
    assert status(hub.call("GET", "/v3/conversations")) == 200


@pytest.mark.parametrize(("over", "code"), [(0, 200), (1, 413)])
def test_an_activity_has_256_kb_at_most(hub: Hub, over: int, code: int) -> None:
    hub.asked()
    empty = len(msgspec.json.encode(said("")))
    handled = hub.post(said("x" * (ACTIVITY_MAX_BYTES - empty + over)))
    assert status(handled) == code and (code == 200 or refused(handled)[1] == "MessageSizeTooBig")


@pytest.mark.parametrize(("over", "code"), [(0, 201), (1, 413)])
def test_an_upload_has_4_mb_at_most(hub: Hub, over: int, code: int) -> None:
    hub.asked()
    content = base64.b64encode(bytes(UPLOAD_MAX_BYTES + over)).decode()
    assert status(hub.call("POST", f"{ONE}/attachments", {"type": "x/y", "originalBase64": content})) == code


@pytest.mark.parametrize(
    ("body", "kind", "code"),
    [
        (b'{"type": ', "application/json", "BadSyntax"),
        (b"[1]", "application/json", "BadSyntax"),
        (b"type=message", "application/x-www-form-urlencoded", "BadSyntax"),
        ({"text": "x"}, "application/json", "MissingProperty"),
        ({"type": "message"}, "application/json", "MissingProperty"),
        ({"type": "message", "text": 5}, "application/json", "BadArgument"),
        ({"type": "message", "attachments": "x"}, "application/json", "BadArgument"),
        ({"type": "message", "attachments": [{"contentUrl": "a.png"}]}, "application/json", "BadArgument"),
        ({"type": "message", "attachments": [{"contentUrl": "data:x;base64,?"}]}, "application/json", "BadArgument"),
        (
            {"type": "message", "attachments": [{"contentUrl": f"{BASE}/v3/attachments/7"}]},
            "application/json",
            "BadArgument",
        ),
        ({"type": "invoke"}, "application/json", "BadArgument"),
    ],
)
def test_a_wrong_activity_is_refused_and_nothing_stored(hub: Hub, body: Any, kind: str, code: str) -> None:
    hub.asked()
    assert refused(hub.post(body, kind=kind)) == (400, code) and len(hub.shown()) == 1


@pytest.mark.parametrize(
    "activity",
    [
        {"type": "typing"},
        {"type": "handoff"},
        {"type": "trace", "value": {"a": 1}},
        {"type": "conversationUpdate", "membersAdded": [USER]},
        {"type": "messageReaction", "reactionsAdded": [{"type": "like"}]},
        {"type": "event", "name": "webchat/join"},
        {"type": "command"},
        {"type": "of the future"},
    ],
)
def test_other_activities_are_dropped_with_a_note(hub: Hub, activity: dict[str, Any]) -> None:
    hub.asked()
    handled = hub.post(activity)
    assert answer(handled)["id"].startswith("cnv-1|") and handled.events == () and len(hub.shown()) == 1
    assert handled.call is not None and "dropped" in str(handled.call.note)
    assert refused(hub.post({"type": "invoke"})) == (400, "BadArgument")


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/"), ("POST", "/v3/botstate/x"), ("PATCH", ONE), ("POST", "/v2/conversations")]
)
def test_an_unknown_path_is_not_found(hub: Hub, method: str, path: str) -> None:
    handled = hub.call(method, path)
    assert refused(handled) == (404, "NotFound")
    assert handled.call is not None and handled.call.support == "unknown"


# ------------------------------------------------------------------------------------- conversations, members


def test_a_conversation_is_made_each_time(hub: Hub) -> None:
    body = {"bot": BOT, "members": [USER], "topicName": "Shoes", "channelData": {"phone": "+48600"}}
    first, second = (hub.call("POST", "/v3/conversations", body) for _ in range(2))
    id = answer(first)["id"]
    assert status(first) == 201 and answer(first) == {"activityId": "", "serviceUrl": f"{BASE}/", "id": id}
    assert answer(second)["id"] != id and names(second.events) == ["ContactFiled", "TicketOpened"]
    (opened,) = [event for event in first.events if isinstance(event, TicketOpened)]
    assert {"tg-42", "+48600", id} <= set(opened.keys) and (opened.subject, hub.owner(id)) == ("Shoes", "bot")
    assert [each["id"] for each in answer(hub.call("GET", "/v3/conversations"))["conversations"]] == [
        *hub.state.tickets
    ]


def test_a_conversation_may_begin_with_an_activity(hub: Hub) -> None:
    handled = hub.call("POST", "/v3/conversations", {"members": [USER], "activity": asking(said("Hi"))})
    made = answer(handled)
    assert made["activityId"].startswith(f"{made['id']}|") and hub.owner(made["id"]) == "queue"
    assert names(handled.events).count("ContactFiled") == 1


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "MissingProperty"),
        ({"members": []}, "MissingProperty"),
        ({"members": [{"name": "Anna"}]}, "MissingProperty"),
        ({"members": "tg-42"}, "BadArgument"),
        ({"members": [USER], "activity": {"text": "x"}}, "MissingProperty"),
        ({"members": [USER], "activity": []}, "BadArgument"),
    ],
)
def test_a_wrong_conversation_is_not_made(hub: Hub, body: dict[str, Any], code: str) -> None:
    assert refused(hub.call("POST", "/v3/conversations", body)) == (400, code) and not hub.state.tickets


def test_members_are_the_customer_the_bot_and_the_agent(hub: Hub) -> None:
    hub.asked()
    hub.reply()
    ids = ["tg-42", APP, hub.state.seats["bob"].id]
    for path in (f"{ONE}/members", f"{ONE}/activities/x/members"):
        assert [each["id"] for each in answer(hub.call("GET", path))] == ids
    page = answer(hub.call("GET", f"{ONE}/pagedmembers?pageSize=2"))
    rest = answer(hub.call("GET", f"{ONE}/pagedmembers?pageSize=2&continuationToken={page['continuationToken']}"))
    assert [each["id"] for each in page["members"] + rest["members"]] == ids and rest["continuationToken"] == ""
    assert answer(hub.call("GET", f"{ONE}/members/tg-42"))["name"] == "Anna"
    assert refused(hub.call("GET", f"{ONE}/members/x")) == (404, "NotFound")
    assert refused(hub.call("GET", f"{ONE}/pagedmembers?pageSize=x")) == (400, "BadArgument")
    assert status(hub.call("DELETE", f"{ONE}/members/tg-42")) == 200
    assert refused(hub.call("DELETE", f"{ONE}/members/tg-42")) == (404, "NotFound")


def test_history_is_imported_without_asking_for_anybody(hub: Hub) -> None:
    hub.call("POST", "/v3/conversations", {"members": [USER]})
    (ticket,) = hub.state.tickets
    body = {"activities": [said("Hi"), said("Hello", BOT), {"type": "trace"}]}
    handled = hub.call("POST", f"/v3/conversations/{ticket}/activities/history", body)
    assert [(entry.author, entry.text) for entry in hub.shown(ticket)] == [("customer", "Hi"), ("bot", "Hello")]
    assert hub.owner(ticket) == "bot" and answer(handled)["id"]


def test_history_with_an_id_that_is_known_is_not_shown_again(hub: Hub) -> None:
    hub.asked()
    hub.post(said("Hello?", channelData={"clientActivityID": "m-1"}))
    for _ in range(2):
        body = {"activities": [said("Hello?", id="m-1"), said("Anybody?", id="m-2"), said("Hm")]}
        assert status(hub.call("POST", f"{ONE}/activities/history", body)) == 200
    assert [entry.text for entry in hub.shown()] == ["Hi", "Hello?", "Anybody?", "Hm", "Hm"]


def test_a_reply_names_what_it_answers(hub: Hub) -> None:
    hub.asked()
    hub.reply()
    id = hub.told()[-1]["id"]
    hub.post(said("Thanks"), reply_to=id)
    assert hub.shown()[-1].reply_to == id


def test_a_message_is_changed_and_deleted(hub: Hub) -> None:
    hub.asked()
    id = answer(hub.post(said("Helo")))["id"]
    path = f"{ONE}/activities/{id}"
    changed = hub.call("PUT", path, said("Hello"))
    assert answer(changed) == {"id": id} and changed.events == (
        EntryChanged(ticket="cnv-1", entry_id=id, text="Hello"),
    )
    again = hub.post({"type": "messageUpdate", "id": id, "text": "Hello!"})
    assert names(again.events) == ["EntryChanged"] and hub.shown()[-1].text == "Hello!"
    gone = hub.call("DELETE", path)
    assert status(gone) == 200 and gone.events == (EntryChanged(ticket="cnv-1", entry_id=id, deleted=True),)
    assert refused(hub.call("DELETE", path)) == (404, "NotFound")
    assert refused(hub.post({"type": "messageDelete", "id": id})) == (404, "NotFound")


def test_the_words_of_an_agent_are_not_the_bots_to_change(hub: Hub) -> None:
    hub.asked()
    hub.reply()
    path = f"{ONE}/activities/{hub.shown()[-1].id}"
    assert refused(hub.call("PUT", path, said("x"))) == refused(hub.call("DELETE", path)) == (403, "Forbidden")


# ------------------------------------------------------------------------------------------------ attachments


def test_an_upload_gets_an_id_and_comes_back(hub: Hub) -> None:
    hub.asked()
    content = base64.b64encode(PNG).decode()
    body = {"type": "image/png", "name": "a.png", "originalBase64": content, "thumbnailBase64": content}
    handled = hub.call("POST", f"{ONE}/attachments", body)
    assert status(handled) == 201 and handled.call is not None and "originalBase64" not in handled.call.arguments
    path = f"/v3/attachments/{answer(handled)['id']}"
    views = [{"viewId": each, "size": len(PNG)} for each in ("original", "thumbnail")]
    assert answer(hub.call("GET", path)) == {"name": "a.png", "type": "image/png", "views": views}
    got = hub.call("GET", f"{path}/views/original", token=None).response
    assert got is not None and (got.body, got.header("content-type")) == (PNG, "image/png")
    hub.post({"type": "message", "from": USER, "attachments": [{"contentUrl": f"{BASE}{path}/views/original"}]})
    assert hub.shown()[-1].files[0].name == "a.png"
    assert refused(hub.call("GET", f"{path}/views/large")) == refused(hub.call("GET", f"{path}x")) == (404, "NotFound")


@pytest.mark.parametrize(
    ("body", "code"),
    [({}, "MissingProperty"), ({"originalBase64": "?"}, "BadArgument"), ({"originalBase64": [1]}, "BadArgument")],
)
def test_a_wrong_upload_is_refused(hub: Hub, body: dict[str, Any], code: str) -> None:
    hub.asked()
    assert refused(hub.call("POST", f"{ONE}/attachments", body)) == (400, code)


def test_a_file_may_stand_inside_its_link(hub: Hub) -> None:
    hub.asked()
    links = [f"data:image/png;base64,{base64.b64encode(PNG).decode()}", "data:text/plain,a%20b"]
    hub.post(said("", attachments=[{"contentUrl": link} for link in links]))
    assert [hub.state.blobs.get(file.sha256) for file in hub.shown()[-1].files] == [PNG, b"a b"]


def test_a_card_is_shown_by_its_words_and_its_kind(hub: Hub) -> None:
    hub.asked()
    kind = "application/vnd.microsoft.card.hero"
    hub.post(said("", BOT, attachments=[{"contentType": kind, "content": {"title": "Boots", "text": "in brown"}}]))
    assert (hub.shown()[-1].kind, hub.shown()[-1].text) == (kind, "Boots\nin brown")


# ---------------------------------------------------------------------------------------------------- declared


def test_every_proof_of_the_coverage_is_a_test() -> None:
    for each in desk.coverage:
        file, _, test = each.proof.partition("::")
        assert f"def {test}(" in (Path(__file__).parents[3] / file).read_text(), each.name


def test_every_call_has_a_line_in_the_coverage() -> None:
    named = {each.name for each in desk.coverage}
    assert {found.name for found in ROUTES} <= named and len(named) == len(desk.coverage)
    assert all(each.note for each in desk.coverage if each.status != "supported")
    support = {found.name: found.support for found in ROUTES}
    assert all(support.get(each.name, each.status) == each.status for each in desk.coverage)


def test_every_limit_has_a_source_with_a_year() -> None:
    assert all(re.search(r"20\d\d", limit.source) and limit.value > 0 for limit in desk.limits)


def test_the_environment_names_what_a_bot_needs(hub: Hub) -> None:
    found = desk.environment(hub.state, f"{BASE}/")
    assert (found["MicrosoftAppId"], found["BOTFRAMEWORK_TOKEN"], found["BOTFRAMEWORK_API_ROOT"]) == (APP, TOKEN, BASE)
    assert found["BOTFRAMEWORK_LOGIN_URL"] == f"{BASE}/botframework.com" and "BOTFRAMEWORK_SKILLS" not in found


def test_no_secret_shows_in_the_repr_of_the_state(hub: Hub) -> None:
    secrets = [hub.state.settings[each.name] for each in desk.settings if each.secret]
    assert len(secrets) == 3 and not [secret for secret in secrets if secret in repr(hub.state)]


@pytest.mark.parametrize("settings", [{"when_nobody": "cry"}, {"accept_timeout_s": "soon"}])
def test_a_setting_that_cannot_be_is_refused(settings: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match=next(iter(settings))):
        Hub(**settings)


def test_the_hub_checks_no_address(hub: Hub) -> None:
    assert desk.handshake(hub.state) is None and desk.read_handshake(hub.state, HttpResponse(500)) is None
    handled = desk.handle(hub.state, Exchange(HttpRequest("GET", "/v3/conversations"), NOW))
    assert status(handled) == 401
