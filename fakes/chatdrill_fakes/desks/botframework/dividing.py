"""One hub that several workers hold: which calls are whose. The bot may have named a conversation itself."""

from __future__ import annotations

import re

from chatdrill_fakes.desks.botframework.routes import ROUTES
from chatdrill_fakes.desks.botframework.state import BotFrameworkState
from chatdrill_fakes.families.desks import Division

DIVISION: Division[BotFrameworkState] = Division(
    routes=ROUTES,
    owned=re.compile(r"/v3/attachments/\{id\}"),
    params=("id",),
    fields=(),
    shared=re.compile(r"(?!)"),  # where the bot takes activities is a matter of settings
    words=("conversation",),
    known=lambda state, word: word in state.tickets,
    shape=re.compile(r"[A-Za-z0-9_-]{20}\d\d"),
)
