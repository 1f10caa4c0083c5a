"""What callbacks are made of: the user, the envelope, and the update that carries both."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

import msgspec

from chatdrill.wire import Update
from chatdrill_fakes.platforms.viber import ids
from chatdrill_fakes.platforms.viber.errors import HOSTNAME
from chatdrill_fakes.platforms.viber.state import FILTERABLE, Json, ViberChat, ViberState

Told = tuple[Update, ...]

AVATAR_PATH = "/download_photo"
NAMELESS = "Subscriber"
"""The name of a customer who lets bots know none, as production clients have seen it; Viber does not document it."""
_encode = msgspec.json.Encoder().encode


def body_of(value: Json) -> bytes:
    """The exact bytes of a callback: compact JSON in plain UTF-8. They are what is signed."""
    return _encode(value)


@dataclass(slots=True)
class Scene:
    """An act of a customer (or upon one) at drill time ``at``."""

    state: ViberState
    chat: ViberChat
    at: float

    def tell(self, event: str, token: str, fields: Json, *, id: str | None = None) -> Told:
        """One callback, if the bot wants its kind. ``id`` is what it is known by where the token is not enough."""
        content = fields.get("message")
        kind = f"{event}.{content.get('type')}" if isinstance(content, dict) else event
        if event in FILTERABLE and event not in self.state.wanted:
            return ()
        head: Json = {
            "event": event,
            "timestamp": ids.millis(self.at),
            "chat_hostname": HOSTNAME,
            "message_token": int(token),
        }
        to = self.chat.address
        return (Update(id=id or token, kind=kind, to=to, lane=to, body=body_of({**head, **fields}), made_at=self.at),)

    def user(self) -> Json:
        """The customer as callbacks show them."""
        return user_object(self.state, self.chat)


def user_object(state: ViberState, chat: ViberChat) -> Json:
    """``sender`` of messages and ``user`` of everything else."""
    told = state.on("personalization")
    named = state.send_name and told
    pictured = {"avatar": avatar_url(state, chat)} if state.send_photo and told else {}
    return {
        "id": chat.address,
        "name": chat.customer.name if named else NAMELESS,
        **pictured,
        "country": country_of(chat),
        "language": chat.customer.language,
        "api_version": state.level,
    }


def country_of(chat: ViberChat) -> str:
    """The country of the customer's locale, which stands for that of their number."""
    region = chat.customer.locale.replace("-", "_").partition("_")[2][:2].upper()
    return region if len(region) == 2 and region.isalpha() else "US"


def avatar_url(state: ViberState, chat: ViberChat) -> str:
    """The link to a customer's picture."""
    return f"{state.known_url}{AVATAR_PATH}?dlid={quote(chat.address, safe='')}&fltp=jpg&imsz=0000"
