"""One amoCRM account that several workers hold: which calls are whose. Most calls of the CRM carry a list."""

from __future__ import annotations

import re

import msgspec

from chatdrill.wire import HttpRequest
from chatdrill.wire.doors import one_owner
from chatdrill_fakes.desks.amocrm.routes import ROUTES
from chatdrill_fakes.desks.amocrm.state import AmoState
from chatdrill_fakes.families.desks import Division
from chatdrill_fakes.families.desks.dividing import named_in, own_mark

_ITEM_FIELDS = ("id", "entity_id", "contact_id", "_embedded.contacts.id", "_embedded.leads.id", "chat_id")


class AmoDivision(Division[AmoState]):
    """By path and fields, by the things of a list, or by the bot's own name of a chat."""

    def owner_of(self, state: AmoState, request: HttpRequest) -> str | None:
        """See ``chatdrill.wire.doors.Divisible``. Things of several workers in one list are refused."""
        owner = super().owner_of(state, request)
        if owner is not None:
            return owner
        try:
            body = msgspec.json.decode(request.body) if request.body[:1] in (b"[", b"{") else None
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return None  # whoever answers will say what is wrong with it
        if isinstance(body, list):
            named = (next(named_in(item, _ITEM_FIELDS), None) for item in body)
            return one_owner([id for id in named if id is not None], f"{request.method} {request.path}")
        chats = named_in(body, ("payload.conversation_id", "conversation_id"))
        return own_mark(state) if any(chat in state.client_ids for chat in chats) else None


DIVISION = AmoDivision(
    routes=ROUTES,
    owned=re.compile(r"(?!/api/v4/(users|leads/pipelines)/).*\{(id|uid|msgid)\}"),
    params=("id", "uid", "msgid"),
    fields=(
        "payload.conversation_ref_id",
        "conversation_ref_id",
        "contact_id",
        "chat_id",
        "filter[id]",
        "filter[id][]",
        "filter[entity_id]",
        "filter[entity_id][]",
        "link.entity_id",
    ),
    shared=re.compile(r"/api/v4/webhooks|/oauth2/access_token|.*/(dis)?connect$"),
    words=("conversation", "path"),
    known=lambda state, word: word in state.conversations or word in state.client_ids or word in state.files,
    shape=re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
)
