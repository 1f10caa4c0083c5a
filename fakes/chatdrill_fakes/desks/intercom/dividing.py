"""One Intercom workspace that several workers hold: which calls are whose."""

from __future__ import annotations

import re

from chatdrill_fakes.desks.intercom.routes import ROUTES
from chatdrill_fakes.desks.intercom.state import IntercomState
from chatdrill_fakes.families.desks import Division

DIVISION: Division[IntercomState] = Division(
    routes=ROUTES,
    owned=re.compile(r"/(contacts|conversations|tickets|jobs/status)/\{id\}"),
    params=("id",),
    fields=("conversation_id", "conversation_to_link_id", "from.id", "contacts.id", "into"),
    shared=re.compile(r"/tags"),
    words=("sha256",),
    known=lambda state, word: word in state.blobs,
)
