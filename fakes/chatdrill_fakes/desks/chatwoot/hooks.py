"""Webhooks: who is told of what, the signature, and the same webhook from somebody who does not know the secret.

Source: Chatwoot v4.15.1, lib/webhooks/trigger.rb, app/listeners/webhook_listener.rb and agent_bot_listener.rb.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from chatdrill.errors import Unsupported
from chatdrill.wire import Forgery, Hook, HttpRequest, Retry, Update
from chatdrill_fakes.desks.chatwoot import shapes
from chatdrill_fakes.desks.chatwoot.state import ChatwootState, Conversation, Message, uuid

ONCE = Retry(delays_s=(0.0,), attempts_max=1)
AGENT_BOT, INBOX, ACCOUNT = "agent_bot", "inbox", "account"
KINDS = (ACCOUNT, INBOX, AGENT_BOT)
OWN_BOT = 1  # the id of the agent bot that the account begins with
SUBSCRIPTIONS = (
    "conversation_status_changed",
    "conversation_updated",
    "conversation_created",
    "contact_created",
    "contact_updated",
    "message_created",
    "message_updated",
    "webwidget_triggered",
    "inbox_created",
    "inbox_updated",
    "conversation_typing_on",
    "conversation_typing_off",
)
_BOTH = frozenset({INBOX, ACCOUNT})
_ALL = _BOTH | {AGENT_BOT}
RECEIVERS: dict[str, frozenset[str]] = {
    "message_created": _ALL,
    "message_updated": _ALL,
    "conversation_created": _BOTH,
    "conversation_updated": _ALL,
    "conversation_status_changed": _ALL,
    "conversation_opened": frozenset({AGENT_BOT}),
    "conversation_resolved": frozenset({AGENT_BOT}),
    "conversation_typing_on": _BOTH,
    "conversation_typing_off": _BOTH,
    "contact_created": frozenset({ACCOUNT}),
    "contact_updated": frozenset({ACCOUNT}),
    "inbox_updated": frozenset({ACCOUNT}),
}
_STALE_S = 900.0  # more than the five minutes that receivers commonly allow


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """``sha256=<hex>`` over timestamp, dot and body."""
    mac = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256)
    return f"sha256={mac.hexdigest()}"


def identifier_hash(hmac_token: str, identifier: str) -> str:
    """What proves the identity of a contact in the client API."""
    return hmac.new(hmac_token.encode(), identifier.encode(), hashlib.sha256).hexdigest()


# -------------------------------------------------------------------------------------------------------- who


def _hooks(state: ChatwootState, kind: str, event: str, talk: Conversation | None) -> Iterator[Hook | None]:
    """The hooks of one kind that hear of an event; ``None`` is the webhook that the user named, as the bot's."""
    named = kind in state.plays and state.webhook_url is not None
    if kind == ACCOUNT:
        yield from (hook for hook in state.hooks.values() if event in hook.wants)
    elif kind == INBOX and state.inbox.hook.url:
        yield state.inbox.hook
        named = False
    elif kind == AGENT_BOT:
        assigned = talk.bot if talk is not None else None
        bots = {bot.id: bot for bot in (assigned, state.inbox.bot) if bot is not None}
        yield from (bot.hook for bot in bots.values() if bot.hook is not None)
        if named and any(bot.id == OWN_BOT and bot.hook is None for bot in bots.values()):
            yield None
        return
    if named and state.webhook_url is not None:
        hook = state.named[kind]
        hook.url = state.webhook_url
        yield hook


def publish(
    state: ChatwootState, event: str, payload: Mapping[str, Any], now: float, talk: Conversation | None
) -> None:
    """Put an event into the outbox, once for every receiver; each has a delivery id of its own."""
    hooks = [hook for kind in KINDS if kind in RECEIVERS[event] for hook in _hooks(state, kind, event, talk)]
    if not hooks:
        return
    body, to = msgspec.json.encode({**payload, "event": event}), talk.address if talk is not None else None
    for hook in hooks:
        lane = f"{hook.id if hook else AGENT_BOT}:{to}"
        state.outbox.put(Update(uuid(state.chance), event, to, lane, body, now, hook=hook))


# ------------------------------------------------------------------------------------------------------- what


def message_payload(state: ChatwootState, talk: Conversation, each: Message, now: float) -> dict[str, Any]:
    """A message as webhooks have it: kinds are words, and the conversation lies inside."""
    files = [shapes.attachment(state, each, file) for file in each.attachments]
    return {
        "account": shapes.account(state),
        "additional_attributes": each.additional_attributes,
        "content_attributes": each.content_attributes,
        "content_type": each.content_type,
        "content": each.content,
        "conversation": shapes.pushed_conversation(state, talk, now),
        "created_at": shapes.iso(each.at),
        "id": each.id,
        "inbox": shapes.inbox(state),
        "message_type": each.message_type,
        "private": each.private,
        "sender": shapes.hooked(state, each.sender),
        "source_id": each.source_id,
        **({"attachments": files} if files else {}),
    }


def changed(changes: Mapping[str, tuple[Any, Any]]) -> list[dict[str, Any]]:
    """``changed_attributes`` of a webhook."""
    return [{name: {"previous_value": old, "current_value": new}} for name, (old, new) in changes.items()]


# -------------------------------------------------------------------------------------------------------- how


def request(state: ChatwootState, updates: list[Update], now: float) -> HttpRequest:
    """The POST that carries one update. A retry has a new timestamp, and so a new signature, but the same delivery id."""
    (update,) = updates
    hook = update.hook
    url = (hook.url if hook else state.webhook_url) or ""
    secret = hook.secret if hook else state.bots[OWN_BOT].secret
    return HttpRequest(
        "POST", url, (*_PLAIN, ("X-Chatwoot-Delivery", update.id), *_signed(secret, now, update.body)), update.body
    )


_PLAIN = (("Content-Type", "application/json"), ("Accept", "application/json"))


def _signed(secret: str, now: float, body: bytes) -> tuple[tuple[str, str], ...]:
    if not secret:
        return ()
    timestamp = str(int(now))
    return ("X-Chatwoot-Timestamp", timestamp), ("X-Chatwoot-Signature", signature(secret, timestamp, body))


def forge(state: ChatwootState, genuine: HttpRequest, how: Forgery, now: float) -> HttpRequest:
    """The webhook unsigned, signed by another secret, or signed rightly a quarter of an hour ago.

    Raises ``Unsupported`` where the receiver has no secret: then nothing tells a forged one from a genuine one.
    """
    secret = _secret_of(state, genuine.url)
    if not secret:
        raise Unsupported("chatwoot signs only where a secret exists; set webhook_secret to have something to forge")
    bare = tuple(header for header in genuine.headers if not header[0].startswith(("X-Chatwoot-T", "X-Chatwoot-S")))
    signs = {"unsigned": ("", now), "wrong": (f"not-{secret}", now), "stale": (secret, now - _STALE_S)}
    return HttpRequest(genuine.method, genuine.url, (*bare, *_signed(*signs[how], genuine.body)), genuine.body)


def _secret_of(state: ChatwootState, url: str) -> str:
    own = [bot.hook for bot in state.bots.values() if bot.hook is not None]
    for hook in (*state.hooks.values(), state.inbox.hook, *own):
        if hook.url == url:
            return hook.secret
    return state.bots[OWN_BOT].secret
