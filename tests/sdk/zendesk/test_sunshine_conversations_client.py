"""Zendesk's own client of Sunshine Conversations, unmodified: made from the specification, it checks every answer against it.

It (17.0.1) sends ``filter`` and ``page`` as JSON rather than in brackets, and knows no messages of the subtype ``agent``, which
the specification (17.12.1) has; so lists with a filter and what agents wrote are left to the tests with httpx.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from sdk.desk_kit import PNG, Helpdesk
from sdk.late import late

client = late("sunshine_conversations_client", "sunshine-conversations-client")


@pytest.fixture
def caller(helpdesk: Helpdesk) -> Iterator[Any]:
    env = helpdesk.env
    known = {"username": env["SUNCO_KEY_ID"], "password": env["SUNCO_KEY_SECRET"]}
    with client.ApiClient(client.Configuration(host=f"{helpdesk.root}/sc", **known)) as made:
        yield made
        made.rest_client.pool_manager.clear()


@pytest.fixture
def app(helpdesk: Helpdesk) -> str:
    return helpdesk.env["SUNCO_APP_ID"]


@pytest.fixture
def ann(caller: Any, app: str) -> Any:
    profile = {"givenName": "Ann", "email": "ann@example.com", "locale": "de"}
    body = client.UserCreateBody.from_dict({"externalId": "tg-42", "profile": profile})
    return client.UsersApi(caller).create_user(app, body).user


@pytest.fixture
def talk(caller: Any, app: str, ann: Any) -> str:
    about = {"type": "personal", "participants": [{"userId": ann.id, "subscribeSDKClient": False}]}
    body = client.ConversationCreateBody.from_dict(about)
    return str(client.ConversationsApi(caller).create_conversation(app, body).conversation.id)


def say(caller: Any, app: str, talk: str, **content: Any) -> Any:
    body = {"author": {"type": "user", "userExternalId": "tg-42"}, "content": {"type": "text", **content}}
    return client.MessagesApi(caller).post_message(app, talk, client.MessagePost.from_dict(body)).messages[0]


def messages(caller: Any, app: str, talk: str) -> list[Any]:
    return list(client.MessagesApi(caller).list_messages(app, talk).messages)


def test_a_user_and_a_conversation_are_made_and_found(caller: Any, app: str, ann: Any, talk: str) -> None:
    users, talks = client.UsersApi(caller), client.ConversationsApi(caller)
    assert users.get_user(app, "tg-42").user.profile.given_name == "Ann"
    changed = client.UserUpdateBody.from_dict({"metadata": {"vip": True}})
    assert users.update_user(app, ann.id, changed).user.metadata == {"vip": True}
    assert talks.get_conversation(app, talk).conversation.active_switchboard_integration.name == "bot"


def test_a_dialog_is_handed_over_and_comes_back(caller: Any, app: str, helpdesk: Helpdesk, talk: str) -> None:
    say(caller, app, talk, text="Where is my parcel?")
    switchboard = client.SwitchboardActionsApi(caller)
    body = client.PassControlBody.from_dict({"switchboardIntegration": "zd:agentWorkspace", "metadata": {"a": "b"}})
    switchboard.pass_control(app, talk, body)
    switchboard.offer_control(app, talk, client.OfferControlBody.from_dict({"switchboardIntegration": "bot"}))
    helpdesk.agent("accept")
    (asked,) = messages(caller, app, talk)
    assert asked.author.type == "user" and asked.content.actual_instance.text == "Where is my parcel?"
    assert helpdesk.agent(text="It is here")["owner"] == "agent"
    switchboard.accept_control(app, talk, client.AcceptControlBody.from_dict({"metadata": {}}))
    shown = client.ConversationsApi(caller).get_conversation(app, talk).conversation
    assert shown.active_switchboard_integration.name == "bot"


def test_files_places_and_lists_are_posted_and_read_back(caller: Any, app: str, talk: str) -> None:
    up = client.AttachmentsApi(caller).upload_attachment(app, "public", ("a.png", PNG), "message", talk)
    link = up.attachment.media_url
    assert httpx.get(link).content == PNG
    image = say(caller, app, talk, type="image", mediaUrl=link, altText="photo").content.actual_instance
    assert (image.media_type, image.media_size) == ("image/png", len(PNG))
    say(caller, app, talk, type="file", mediaUrl=link)
    say(caller, app, talk, type="location", coordinates={"lat": 52.23, "long": 21.01})
    kinds = [one.content.actual_instance.type for one in messages(caller, app, talk)]
    assert kinds == ["image", "file", "location"]


def test_webhooks_and_the_switchboard_are_administrated(caller: Any, app: str, helpdesk: Helpdesk) -> None:
    own = helpdesk.env["SUNCO_INTEGRATION_ID"]
    hooks = client.WebhooksApi(caller)
    asked = {"target": "http://127.0.0.1:9/hook", "triggers": ["conversation:message"]}
    made = hooks.create_webhook(app, own, client.WebhookCreateBody.from_dict(asked)).webhook
    assert made.secret and hooks.get_webhook(app, own, made.id).webhook.triggers == ["conversation:message"]
    hooks.delete_webhook(app, own, made.id)
    (board,) = client.SwitchboardsApi(caller).list_switchboards(app).switchboards
    stations = client.SwitchboardIntegrationsApi(caller).list_switchboard_integrations(app, board.id)
    assert [one.name for one in stations.switchboard_integrations] == ["bot", "zd-agentWorkspace"]


def test_errors_arrive_as_the_clients_own(caller: Any, app: str, helpdesk: Helpdesk, ann: Any) -> None:
    with pytest.raises(client.exceptions.NotFoundException) as caught:
        client.ConversationsApi(caller).get_conversation(app, "0" * 24)
    assert "conversation_not_found" in caught.value.body
    with pytest.raises(client.exceptions.ConflictException):
        client.UsersApi(caller).create_user(app, client.UserCreateBody.from_dict({"externalId": "tg-42"}))
    wrong = client.Configuration(host=f"{helpdesk.root}/sc", username="app_0", password="guessed")
    with client.ApiClient(wrong) as stranger, pytest.raises(client.exceptions.UnauthorizedException):
        client.AppsApi(stranger).get_app(app)
    stranger.rest_client.pool_manager.clear()
