"""What the bot is told: activities with a token of the Connector's, and what its answer means.

Source: learn.microsoft.com, Authenticate requests from the Bot Connector service; Bot Connector REST API reference: deliveryMode (2025).
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from chatdrill.wire import Ack, HttpFailure, HttpRequest, HttpResponse, Update
from chatdrill_fakes.families.connector import tokens
from chatdrill_fakes.platforms.webchat import limits
from chatdrill_fakes.platforms.webchat.state import Spoken, WebChatState

KEY_ID, FIRST_KEY = "chatdrill-connector", "k#first"
CHANNELS = ("webchat", "directline", "emulator", "msteams", "slack", "telegram")
_AGENT = "BF-DirectLine (Microsoft-BotFramework/3.2 +https://botframework.com/ua)"
_EXPECTING = b"expectReplies"
_JSON = ("Content-Type", "application/json; charset=utf-8")


def endorsed(channel: str) -> tuple[str, ...]:
    """The channels that the key is good for."""
    return CHANNELS if channel in CHANNELS else (*CHANNELS, channel)


def token_of(state: WebChatState, now: float) -> str:
    """What the bot is shown at ``now`` by the clock; empty for a bot without an app id. A token serves for some minutes."""
    if not state.app_id:
        return ""
    begins = int(now // limits.TOKEN_STEP_S) * limits.TOKEN_STEP_S
    known = (begins, state.service_url)
    if state.shown[0] != known:
        claims = tokens.claims_of(state.app_id, state.service_url, begins, begins + limits.TOKEN_LIFE_S)
        key = tokens.FIRST if state.settings["signing_key"] == FIRST_KEY else tokens.ANOTHER
        state.shown = (known, tokens.signed(claims, KEY_ID, key))
    return state.shown[1]


def signed(state: WebChatState, body: bytes, conversation: str, now: float) -> HttpRequest:
    """A POST to the bot."""
    token = token_of(state, now)
    proof = (("Authorization", f"Bearer {token}"),) if token else ()
    headers = (_JSON, ("User-Agent", _AGENT), *proof, ("x-ms-conversation-id", conversation))
    return HttpRequest("POST", state.webhook_url or "", headers, body)


def read_ack(updates: Sequence[Update], answer: HttpResponse | HttpFailure) -> Ack:
    """Any 2xx is success; where the bot was asked to, it answers in it. A client of Direct Line waits for what it says."""
    update = updates[0]
    if isinstance(update, Spoken):
        update.answer = answer
    if isinstance(answer, HttpFailure):
        return Ack(False, f"{answer.kind} {answer.detail}".strip())
    if not 200 <= answer.status < 300:
        return Ack(False, f"status {answer.status}")
    return Ack(True, calls=_replies(update, answer.body) if _expects(update) and answer.body.strip() else ())


def _expects(update: Update) -> bool:
    """True for an activity that asks for the replies in the answer to it."""
    if _EXPECTING not in update.body:
        return False
    try:
        found = msgspec.json.decode(update.body, type=_Mode)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False
    return found.deliveryMode == _EXPECTING.decode()


class _Mode(msgspec.Struct):
    deliveryMode: str = ""


def _replies(update: Update, body: bytes) -> tuple[HttpRequest, ...]:
    """The activities in an answer, each as if it had been posted; what is no such list is one call, to be refused."""
    url, heads = f"/v3/conversations/{update.to}/activities", (("Content-Type", "application/json"),)
    try:
        found = msgspec.json.decode(body)["activities"]
        return tuple(HttpRequest("POST", url, heads, msgspec.json.encode(each)) for each in list(found))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, KeyError, TypeError):
        return (HttpRequest("POST", url, heads, body),)
