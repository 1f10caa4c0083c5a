"""An account of Zendesk on a socket, a client for each of its two APIs, and a bot that believes only genuine webhooks."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import httpx
import pytest

from chatdrill_fakes.desks.zendesk import desk
from sdk.desk_kit import Helpdesk, Hook


def genuine(hook: Hook, env: Mapping[str, str]) -> bool:
    """Support signs timestamp and body with the webhook's secret; Sunshine Conversations shows a key."""
    shown = hook.headers.get("x-zendesk-webhook-signature")
    if shown is None:
        return hmac.compare_digest(hook.headers.get("x-api-key", ""), env["SUNCO_WEBHOOK_SECRET"])
    stamp = hook.headers["x-zendesk-webhook-signature-timestamp"]
    mac = hmac.new(env["ZENDESK_WEBHOOK_SECRET"].encode(), stamp.encode() + hook.body, hashlib.sha256)
    return hmac.compare_digest(shown, base64.b64encode(mac.digest()).decode())


def opened(made: Helpdesk) -> Iterator[Helpdesk]:
    with made:
        made.bot.genuine = lambda hook: genuine(hook, made.env)
        yield made
        assert not made.bot.refused


@pytest.fixture
def helpdesk(request: pytest.FixtureRequest) -> Iterator[Helpdesk]:
    """The account; ``@pytest.mark.parametrize("helpdesk", [{...}], indirect=True)`` sets it otherwise."""
    yield from opened(Helpdesk(desk, **getattr(request, "param", {})))


@pytest.fixture
def api(helpdesk: Helpdesk) -> Iterator[httpx.Client]:
    """The Ticketing API as the API user."""
    with support(helpdesk, helpdesk.env["ZENDESK_EMAIL"]) as client:
        yield client


@pytest.fixture
def as_user(helpdesk: Helpdesk) -> Callable[[str], httpx.Client]:
    """The Ticketing API as somebody else."""
    return lambda email: support(helpdesk, email)


def support(helpdesk: Helpdesk, email: str) -> httpx.Client:
    auth = (f"{email}/token", helpdesk.env["ZENDESK_API_TOKEN"])
    return httpx.Client(base_url=f"{helpdesk.root}/api/v2", auth=auth, timeout=5)


@pytest.fixture
def sunco(helpdesk: Helpdesk) -> Iterator[httpx.Client]:
    """Sunshine Conversations with the app's key."""
    env = helpdesk.env
    root = f"{helpdesk.root}/sc/v2/apps/{env['SUNCO_APP_ID']}"
    with httpx.Client(base_url=root, auth=(env["SUNCO_KEY_ID"], env["SUNCO_KEY_SECRET"]), timeout=5) as client:
        yield client


@pytest.fixture
def ann(api: httpx.Client) -> dict[str, Any]:
    about = {"external_id": "tg-42", "name": "Ann", "email": "ann@example.com"}
    made: dict[str, Any] = api.post("/users/create_or_update", json={"user": about}).json()["user"]
    return made


@pytest.fixture
def ticket(api: httpx.Client, ann: dict[str, Any]) -> int:
    """A ticket of Ann's, with her words."""
    asked = {
        "subject": "Parcel",
        "comment": {"body": "Where is my parcel?", "author_id": ann["id"]},
        "requester_id": ann["id"],
        "external_id": "dialog-42",
        "tags": ["bot_handoff"],
    }
    return int(api.post("/tickets", json={"ticket": asked}).json()["ticket"]["id"])
