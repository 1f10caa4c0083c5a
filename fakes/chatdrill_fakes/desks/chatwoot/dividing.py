"""One Chatwoot account that several workers hold: which calls are whose."""

from __future__ import annotations

import re

from chatdrill_fakes.desks.chatwoot.common import link_by
from chatdrill_fakes.desks.chatwoot.routes import ROUTES
from chatdrill_fakes.desks.chatwoot.state import ChatwootState
from chatdrill_fakes.families.desks import Division

DIVISION: Division[ChatwootState] = Division(
    routes=ROUTES,
    owned=re.compile(r".*\{(conversation_id|contact_id|uuid|key)\}"),
    params=("conversation_id", "contact_id", "uuid", "key"),
    fields=("contact_id", "conversation_id"),
    shared=re.compile(r"/api/v1/accounts/\{account_id\}/(teams|inboxes|agent_bots|webhooks)"),
    words=("source_id",),
    known=lambda state, word: link_by(state, word) is not None,
)
