"""What the Bot API prescribes for the bot's side of a webhook, and webhooks that were never seen."""

from __future__ import annotations

import msgspec

from chatdrill.wire import HttpRequest, Matter, Rule, Update
from chatdrill_fakes.platforms.telegram.state import TelegramState
from chatdrill_fakes.platforms.telegram.webhooks import webhook_request

_API = "core.telegram.org/bots/api, setWebhook, 2026-05"
_SERVER = "github.com/tdlib/telegram-bot-api, WebhookActor, commit 01a3679, 2026-05-07"

RULES: dict[Matter, Rule] = {
    "signature": Rule(
        "the secret_token of setWebhook comes in the header X-Telegram-Bot-Api-Secret-Token of every webhook, and nobody else"
        " knows it",
        _API,
    ),
    "acknowledgement": Rule(
        "a webhook that is not answered 2xx within 60 s is sent again, and holds up the later ones of its chat", _SERVER
    ),
    "redelivery": Rule("an update that was not acknowledged comes again with the same update_id", _SERVER),
    "unknown": Rule(
        "an Update has at most one of its optional fields, and every version of the Bot API adds fields and kinds; what is"
        " refused comes again for 24 hours",
        "core.telegram.org/bots/api, Update and Recent changes, 2026-05",
    ),
    "text": Rule("a text has 1 to 4096 characters, of any script", "core.telegram.org/bots/api, Message, 2026-05"),
}


def sign(state: TelegramState, body: bytes, now: float) -> HttpRequest:
    """There is no signature; the secret stands in a header."""
    return webhook_request(state, Update(id="0", kind="probe", to=None, lane="probe", body=body, made_at=now))


def unknown_event(state: TelegramState, to: str, now: float) -> bytes:
    """An update whose only field nobody knows."""
    news = {"from": {"id": int(to), "is_bot": False, "first_name": "Probe"}, "date": int(now)}
    number = state.chance.randrange(1_000_000_000, 2_000_000_000)
    return msgspec.json.encode({"update_id": number, "chatdrill_novelty": news})
