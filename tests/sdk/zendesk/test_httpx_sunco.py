"""Sunshine Conversations over a real socket, from its documentation: messages, files, and who has control."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from sdk.desk_kit import PNG, Helpdesk

OBJECT_ID = re.compile("[0-9a-f]{24}")
ANN = {"type": "user", "userExternalId": "tg-42"}
BOT = {"type": "business", "displayName": "Bot"}
WORKSPACE = {"switchboardIntegration": "zd:agentWorkspace"}


@pytest.fixture
def talk(sunco: httpx.Client) -> str:
    """A conversation of Ann's, which the bot has."""
    profile = {"givenName": "Ann", "email": "ann@example.com", "locale": "de"}
    assert sunco.post("/users", json={"externalId": "tg-42", "profile": profile}).status_code == 201
    about = {"type": "personal", "participants": [{"userExternalId": "tg-42", "subscribeSDKClient": False}]}
    return str(sunco.post("/conversations", json=about).json()["conversation"]["id"])


def say(sunco: httpx.Client, talk: str, author: Any = ANN, **content: Any) -> httpx.Response:
    given = {"type": "text", **content}
    return sunco.post(f"/conversations/{talk}/messages", json={"author": author, "content": given})


def control(sunco: httpx.Client, talk: str, action: str, **body: Any) -> httpx.Response:
    return sunco.post(f"/conversations/{talk}/{action}", json=body)


def active(sunco: httpx.Client, talk: str) -> str | None:
    shown = sunco.get(f"/conversations/{talk}").json()["conversation"]
    return shown.get("activeSwitchboardIntegration", {}).get("name")


def kind(name: str) -> Callable[[Any], bool]:
    return lambda hook: hook.get("events", [{}])[0].get("type") == name


def from_agent(hook: Any) -> bool:
    message = hook["events"][0]["payload"].get("message", {}) if "events" in hook else {}
    return "__zendesk_msg.agent.id" in message.get("metadata", {})


# ------------------------------------------------------------------------------------- authentication, users, talks


def jwt(key: str, secret: str, scope: str) -> str:
    parts = ({"alg": "HS256", "typ": "JWT", "kid": key}, {"scope": scope})
    head = b".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in parts)
    mac = hmac.new(secret.encode(), head, hashlib.sha256).digest()
    return (head + b"." + base64.urlsafe_b64encode(mac).rstrip(b"=")).decode()


def test_a_token_signed_with_the_key_opens_the_app_and_a_forged_one_does_not(helpdesk: Helpdesk) -> None:
    env = helpdesk.env
    key, secret, app = env["SUNCO_KEY_ID"], env["SUNCO_KEY_SECRET"], env["SUNCO_APP_ID"]
    for token, status in ((jwt(key, secret, "app"), 200), (jwt(key, "guessed", "app"), 401), ("x.y.z", 401)):
        with helpdesk.client(headers={"Authorization": f"Bearer {token}"}) as client:
            assert client.get(f"/sc/v2/apps/{app}").status_code == status


def test_missing_or_wrong_keys_are_401(helpdesk: Helpdesk) -> None:
    path = f"/sc/v2/apps/{helpdesk.env['SUNCO_APP_ID']}/users"
    for auth in (None, (helpdesk.env["SUNCO_KEY_ID"], "guessed"), ("app_0", helpdesk.env["SUNCO_KEY_SECRET"])):
        with helpdesk.client(auth=auth) as client:
            answer = client.post(path, json={"externalId": "x"})
            assert answer.status_code == 401 and answer.json()["errors"][0]["code"] == "unauthorized"


def test_the_older_address_without_sc_is_the_same(helpdesk: Helpdesk, sunco: httpx.Client, talk: str) -> None:
    with helpdesk.client(auth=sunco.auth) as client:
        path = f"/v2/apps/{helpdesk.env['SUNCO_APP_ID']}/conversations/{talk}"
        assert client.get(path).json()["conversation"]["id"] == talk


def test_a_user_has_one_external_id_and_is_found_by_it(sunco: httpx.Client, talk: str) -> None:
    found = sunco.get("/users/tg-42").json()["user"]
    assert OBJECT_ID.fullmatch(found["id"]) and found["externalId"] == "tg-42" and found["signedUpAt"]
    assert found["profile"]["givenName"] == "Ann" and sunco.get(f"/users/{found['id']}").json()["user"] == found
    twice = sunco.post("/users", json={"externalId": "tg-42"})
    assert (twice.status_code, twice.json()["errors"][0]["code"]) == (409, "conflict")
    assert twice.json()["errors"][0]["title"] == "User already exists"


def test_a_conversation_begins_with_the_bot(sunco: httpx.Client, talk: str) -> None:
    (shown,) = sunco.get("/conversations", params={"filter[userExternalId]": "tg-42"}).json()["conversations"]
    assert (shown["id"], shown["type"], shown["isDefault"]) == (talk, "personal", True)
    station = shown["activeSwitchboardIntegration"]
    assert set(station) == {"id", "name", "integrationId", "integrationType"} and station["name"] == "bot"


# -------------------------------------------------------------------------------------------------------- messages


def test_a_message_comes_back_with_its_author_and_source(sunco: httpx.Client, talk: str) -> None:
    answer = say(sunco, talk, text="Where is my parcel?")
    (message,) = answer.json()["messages"]
    assert answer.status_code == 201 and OBJECT_ID.fullmatch(message["id"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", message["received"])
    assert (message["author"]["type"], message["author"]["displayName"]) == ("user", "Ann")
    assert message["content"] == {"type": "text", "text": "Where is my parcel?"}
    assert message["source"] == {"type": "api:conversations"}


def test_messages_are_paged_backwards_the_newest_page_first(sunco: httpx.Client, talk: str) -> None:
    for number in range(103):
        say(sunco, talk, text=str(number))
    page = sunco.get(f"/conversations/{talk}/messages").json()
    assert [one["content"]["text"] for one in page["messages"]] == [str(number) for number in range(3, 103)]
    assert page["meta"]["hasMore"] is True
    older = sunco.get(page["links"]["prev"]).json()
    assert [one["content"]["text"] for one in older["messages"]] == ["0", "1", "2"] and not older["meta"]["hasMore"]


def test_lists_have_the_size_that_is_asked_for_but_messages_come_by_the_hundred(sunco: httpx.Client, talk: str) -> None:
    for word in ("one", "two"):
        say(sunco, talk, text=word)
        sunco.post("/conversations", json={"type": "personal", "participants": [{"userExternalId": "tg-42"}]})
    asked = {"filter[userExternalId]": "tg-42", "page[size]": 2}
    page = sunco.get("/conversations", params=asked).json()
    assert len(page["conversations"]) == 2 and page["meta"]["hasMore"] is True
    rest = sunco.get(page["links"]["next"]).json()
    assert len(rest["conversations"]) == 1 and rest["meta"]["hasMore"] is False
    assert len(sunco.get(f"/conversations/{talk}/messages", params={"page[size]": 1}).json()["messages"]) == 2


def test_a_file_is_uploaded_posted_and_read_by_an_agent(helpdesk: Helpdesk, sunco: httpx.Client, talk: str) -> None:
    query = {"access": "public", "for": "message", "conversationId": talk}
    up = sunco.post("/attachments", params=query, files={"source": ("a.png", PNG, "image/png")})
    link = up.json()["attachment"]["mediaUrl"]
    assert up.status_code == 201 and up.json()["attachment"]["mediaType"] == "image/png"
    (message,) = say(sunco, talk, type="image", mediaUrl=link, altText="photo").json()["messages"]
    assert (message["content"]["mediaType"], message["content"]["mediaSize"]) == ("image/png", len(PNG))
    assert httpx.get(link).content == PNG
    other = sunco.post("/conversations", json={"type": "personal", "participants": [{"userExternalId": "tg-42"}]})
    answer = say(sunco, other.json()["conversation"]["id"], type="image", mediaUrl=link)
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("author", "content"),
    [
        (ANN, {"type": "text", "text": "x" * 4097}),
        (ANN, {"type": "audio", "mediaUrl": "http://127.0.0.1/a.ogg"}),
        (ANN, {"type": "text"}),
        ({"type": "agent"}, {"type": "text", "text": "Hi"}),
    ],
)
def test_a_message_that_cannot_be_is_a_bad_request(sunco: httpx.Client, talk: str, author: Any, content: Any) -> None:
    answer = say(sunco, talk, author, **content)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "bad_request")
    assert sunco.get(f"/conversations/{talk}/messages").json()["messages"] == []


def test_a_body_over_100_kilobytes_is_too_large(sunco: httpx.Client, talk: str) -> None:
    body = {"author": ANN, "content": {"type": "text", "text": "x"}, "metadata": {"filler": "x" * 102_400}}
    answer = sunco.post(f"/conversations/{talk}/messages", json=body)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (413, "payload_too_large")


def test_what_is_unknown_is_404_with_its_own_code(sunco: httpx.Client, talk: str) -> None:
    nobody = "0" * 24
    codes = {f"/conversations/{nobody}": "conversation_not_found", f"/users/{nobody}": "user_not_found"}
    for path, code in codes.items():
        answer = sunco.get(path)
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (404, code)
    assert control(sunco, nobody, "passControl", **WORKSPACE).status_code == 404


def test_a_deleted_message_keeps_its_place(sunco: httpx.Client, talk: str) -> None:
    id = say(sunco, talk, text="4111 1111").json()["messages"][0]["id"]
    answer = sunco.delete(f"/conversations/{talk}/messages/{id}")
    assert (answer.status_code, answer.json()) == (200, {})
    (left,) = sunco.get(f"/conversations/{talk}/messages").json()["messages"]
    assert left["id"] == id and left["deleted"] is True and "4111" not in str(left)


def test_typing_is_taken_and_other_activities_are_not(sunco: httpx.Client, talk: str) -> None:
    path = f"/conversations/{talk}/activity"
    for type in ("typing:start", "typing:stop", "conversation:read"):
        assert sunco.post(path, json={"author": {"type": "business"}, "type": type}).json() == {}
    assert sunco.post(path, json={"author": {"type": "business"}, "type": "dancing"}).status_code == 400


# ---------------------------------------------------------------------------------------------------------- control


def test_passing_control_makes_a_ticket_of_what_was_said(
    helpdesk: Helpdesk, sunco: httpx.Client, api: httpx.Client, talk: str
) -> None:
    say(sunco, talk, text="Where is my parcel?")
    fields = {
        "dataCapture.systemField.tags": "bot_handoff,vip",
        "dataCapture.systemField.priority": "high",
        "dataCapture.ticketField.360001": "telegram",
    }
    assert control(sunco, talk, "passControl", **WORKSPACE, metadata=fields).json() == {}
    (ticket,) = api.get("/tickets").json()["tickets"]
    assert (ticket["tags"], ticket["priority"], ticket["from_messaging_channel"]) == (
        ["bot_handoff", "vip"],
        "high",
        True,
    )
    assert ticket["custom_fields"] == [{"id": 360001, "value": "telegram"}]
    assert api.get(f"/users/{ticket['requester_id']}").json()["user"]["email"] == "ann@example.com"
    assert active(sunco, talk) == "zd-agentWorkspace" and helpdesk.owner(talk) == "queue"


def test_an_agent_answers_and_the_bot_hears_who_it_is(helpdesk: Helpdesk, sunco: httpx.Client, talk: str) -> None:
    control(sunco, talk, "passControl", **WORKSPACE)
    helpdesk.agent("accept")
    helpdesk.agent(text="Hello, Bob here")
    heard = helpdesk.bot.until(from_agent).json
    payload = heard["events"][0]["payload"]
    assert heard["app"] == {"id": helpdesk.env["SUNCO_APP_ID"]} and heard["webhook"]["version"] == "v2"
    assert payload["conversation"]["activeSwitchboardIntegration"]["integrationType"] == "zd:agentWorkspace"
    author, message = payload["message"]["author"], payload["message"]
    assert (author["type"], author["displayName"], author["subtypes"]) == ("business", "Bob", ["agent"])
    assert message["content"] == {"type": "text", "text": "Hello, Bob here"}
    assert message["source"] == {"type": "zd:agentWorkspace"}
    assert message["metadata"]["__zendesk_msg.agent.id"].isdecimal()


def test_control_comes_back_when_the_ticket_is_closed(helpdesk: Helpdesk, sunco: httpx.Client, talk: str) -> None:
    control(sunco, talk, "passControl", **WORKSPACE)
    helpdesk.agent("accept")
    assert helpdesk.agent("close")["owner"] == "bot"
    released = helpdesk.bot.until(kind("switchboard:releaseControl")).json["events"][0]
    assert released["payload"]["reason"] == "ticketClosed"
    assert active(sunco, talk) is None
    say(sunco, talk, text="Thanks")
    assert active(sunco, talk) == "bot"


@pytest.mark.parametrize("helpdesk", [{"deliver_standby_events": "no"}], indirect=True)
def test_who_is_on_standby_hears_nothing_unless_it_wants_to(helpdesk: Helpdesk, sunco: httpx.Client, talk: str) -> None:
    control(sunco, talk, "passControl", **WORKSPACE)
    helpdesk.agent("accept")
    helpdesk.agent(text="Between us")
    helpdesk.agent("close")
    say(sunco, talk, text="Thanks")
    helpdesk.bot.until(lambda hook: kind("conversation:message")(hook) and "Thanks" in str(hook))
    assert not any("Between us" in hook.body.decode() for hook in helpdesk.bot.taken)


def test_an_offer_is_accepted_by_the_one_it_was_made_to(helpdesk: Helpdesk, sunco: httpx.Client, talk: str) -> None:
    control(sunco, talk, "passControl", **WORKSPACE)
    assert control(sunco, talk, "offerControl", switchboardIntegration="bot").status_code == 200
    assert active(sunco, talk) == "zd-agentWorkspace"
    assert control(sunco, talk, "acceptControl", metadata={}).json() == {}
    assert active(sunco, talk) == "bot"
    helpdesk.bot.until(kind("switchboard:acceptControl"))


def test_a_wrong_target_is_told_later_by_an_event(helpdesk: Helpdesk, sunco: httpx.Client, talk: str) -> None:
    assert control(sunco, talk, "passControl", switchboardIntegration="nobody").status_code == 200
    failed = helpdesk.bot.until(kind("switchboard:passControl:failure")).json["events"][0]
    assert failed["payload"]["error"]["code"].startswith("switchboard_") and active(sunco, talk) == "bot"
    assert control(sunco, talk, "acceptControl").status_code == 200
    failed = helpdesk.bot.until(kind("switchboard:acceptControl:failure")).json["events"][0]
    assert failed["payload"]["error"]["code"] == "switchboard_invalid_action"


def test_an_integration_releases_only_what_it_has(helpdesk: Helpdesk, sunco: httpx.Client, talk: str) -> None:
    control(sunco, talk, "passControl", **WORKSPACE)
    token = {"Authorization": f"Bearer {helpdesk.env['SUNCO_INTEGRATION_TOKEN']}"}
    with httpx.Client(base_url=sunco.base_url, headers=token, timeout=5) as integration:
        for action in ("releaseControl", "acceptControl"):
            answer = control(integration, talk, action)
            assert (answer.status_code, answer.json()["errors"][0]["code"]) == (403, "forbidden")
    assert control(sunco, talk, "releaseControl").status_code == 200 and active(sunco, talk) is None


def test_an_event_that_was_not_taken_comes_again_with_its_id(
    helpdesk: Helpdesk, sunco: httpx.Client, talk: str
) -> None:
    helpdesk.bot.until(kind("conversation:create"))
    helpdesk.bot.answers = [404]
    say(sunco, talk, text="lost for good")
    say(sunco, talk, text="next")
    lost, after = helpdesk.bot.all_until(kind("conversation:message"), 2)
    assert "lost for good" in str(lost.json) and "next" in str(after.json)
    assert lost.json["events"][0]["id"] != after.json["events"][0]["id"]


def test_a_webhook_of_an_integration_has_a_secret_of_its_own(
    helpdesk: Helpdesk, sunco: httpx.Client, talk: str
) -> None:
    path = f"/integrations/{helpdesk.env['SUNCO_INTEGRATION_ID']}/webhooks"
    asked = {"target": f"{helpdesk.bot.url}/own", "triggers": ["conversation:message"], "includeFullUser": True}
    made = sunco.post(path, json=asked)
    webhook = made.json()["webhook"]
    assert made.status_code == 201 and webhook["version"] == "v2" and webhook["triggers"] == ["conversation:message"]
    helpdesk.bot.genuine = lambda hook: hook.path != "/own" or hook.headers["x-api-key"] == webhook["secret"]
    say(sunco, talk, text="Hi")
    heard = helpdesk.bot.until(lambda hook: hook.get("webhook", {}).get("id") == webhook["id"])
    assert heard.json["events"][0]["payload"]["message"]["author"]["user"]["profile"]["givenName"] == "Ann"
    assert sunco.delete(f"{path}/{webhook['id']}").status_code == 200
