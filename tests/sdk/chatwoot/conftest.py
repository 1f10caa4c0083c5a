"""An account of Chatwoot on a socket, clients with the tokens of a user and of the bot, and a bot that checks signatures."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator

import httpx
import pytest

from chatdrill_fakes.desks.chatwoot import desk
from sdk.desk_kit import Helpdesk, Hook


def genuine(hook: Hook, secret: str) -> bool:
    """``sha256=`` and the hex HMAC over timestamp, a dot and the body."""
    signed = hook.headers.get("x-chatwoot-timestamp", "").encode() + b"." + hook.body
    wanted = "sha256=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return hmac.compare_digest(hook.headers.get("x-chatwoot-signature", ""), wanted)


@pytest.fixture
def helpdesk(request: pytest.FixtureRequest) -> Iterator[Helpdesk]:
    """The account; ``@pytest.mark.parametrize("helpdesk", [{...}], indirect=True)`` sets it otherwise."""
    with Helpdesk(desk, **getattr(request, "param", {})) as made:
        made.bot.genuine = lambda hook: genuine(hook, made.env["CHATWOOT_WEBHOOK_SECRET"])
        yield made
        assert not made.bot.refused


def account(helpdesk: Helpdesk, token: str) -> httpx.Client:
    root = f"{helpdesk.root}/api/v1/accounts/{helpdesk.env['CHATWOOT_ACCOUNT_ID']}"
    return httpx.Client(base_url=root, headers={"api_access_token": token}, timeout=5)


@pytest.fixture
def user(helpdesk: Helpdesk) -> Iterator[httpx.Client]:
    """The application API with the token of an administrator."""
    with account(helpdesk, helpdesk.env["CHATWOOT_API_ACCESS_TOKEN"]) as client:
        yield client


@pytest.fixture
def bot(helpdesk: Helpdesk) -> Iterator[httpx.Client]:
    """The application API with the token of the agent bot."""
    with account(helpdesk, helpdesk.env["CHATWOOT_BOT_ACCESS_TOKEN"]) as client:
        yield client


@pytest.fixture
def inbox(helpdesk: Helpdesk) -> Iterator[httpx.Client]:
    """The client API of the inbox, which needs no token."""
    root = f"{helpdesk.root}/public/api/v1/inboxes/{helpdesk.env['CHATWOOT_INBOX_IDENTIFIER']}"
    with httpx.Client(base_url=root, timeout=5) as client:
        yield client


@pytest.fixture
def talk(inbox: httpx.Client) -> int:
    """A conversation of Ann's that is the bot's."""
    about = {"source_id": "tg-42", "identifier": "user-42", "name": "Ann", "phone_number": "+4915112345678"}
    assert inbox.post("/contacts", json=about).status_code == 200
    return int(inbox.post("/contacts/tg-42/conversations", json={}).json()["id"])
