"""Meta's own business SDK for Python: forms with JSON in their fields, a proof of the secret, errors as exceptions.

It is not among the dependencies (1.7 MB under Meta's platform licence): without it these tests are left out.
"""

from __future__ import annotations

from typing import Any

import pytest

from chatdrill.model import Button, Keyboard, Text, Write

api = pytest.importorskip("facebook_business.api")
errors = pytest.importorskip("facebook_business.exceptions")


@pytest.fixture
async def business(rehearsal: Any) -> Any:
    """The SDK with the account's token; its calls take another root as a documented argument."""
    known = rehearsal.stage.environment()
    session = api.FacebookSession(known["INSTAGRAM_APP_ID"], known["INSTAGRAM_APP_SECRET"], known["INSTAGRAM_TOKEN"])
    made = api.FacebookAdsApi(session, api_version="v25.0")

    def call(method: str, *path: str, **params: Any) -> Any:
        return made.call(method, path, params, url_override=known["INSTAGRAM_API_ROOT"]).json()

    yield call
    session.requests.close()


async def test_a_form_with_json_in_it_is_a_message(rehearsal: Any, business: Any) -> None:
    rehearsal.act(Write(parts=(Text(text="hi"),)))
    chip = {"content_type": "text", "title": "Да", "payload": "YES"}
    message = {"text": "Сегодня?", "quick_replies": [chip]}
    answer = await rehearsal.does(business, "POST", "me", "messages", recipient={"id": rehearsal.to}, message=message)
    keyboard = Keyboard(style="quick_replies", rows=((Button(title="Да", kind="reply", payload="YES"),),))
    assert answer["recipient_id"] == rehearsal.to and rehearsal.sent == [(Text(text="Сегодня?"), keyboard)]


async def test_profiles_and_conversations_are_read(rehearsal: Any, business: Any) -> None:
    (mid,) = rehearsal.act(Write(parts=(Text(text="hi"),)))
    profile = await rehearsal.does(business, "GET", rehearsal.to, fields=["name", "username"])
    listed = await rehearsal.does(business, "GET", "me", "conversations", platform="instagram", fields="messages")
    assert profile == {"name": "Anna Huber", "username": "anna.h", "id": rehearsal.to}
    assert [one["id"] for one in listed["data"][0]["messages"]["data"]] == [mid]


async def test_a_refusal_is_the_sdks_own_exception(rehearsal: Any, business: Any) -> None:
    with pytest.raises(errors.FacebookRequestError) as refused:
        await rehearsal.does(business, "POST", "me", "messages", recipient={"id": "1"}, message={"text": "hi"})
    found = refused.value
    assert (found.http_status(), found.api_error_code(), found.api_error_subcode()) == (400, 100, 2534014)
    assert found.api_error_message() == "No matching Instagram user"
