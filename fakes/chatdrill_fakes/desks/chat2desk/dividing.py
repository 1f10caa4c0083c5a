"""One Chat2Desk account that several workers hold: which calls are whose."""

from __future__ import annotations

import re

from chatdrill_fakes.desks.chat2desk.routes import ROOT, ROUTES
from chatdrill_fakes.desks.chat2desk.state import Chat2DeskState
from chatdrill_fakes.families.desks import Division, route

DIVISION: Division[Chat2DeskState] = Division(
    routes=(*ROUTES, route("GET", "/uploads/{key*}", None)),
    owned=re.compile(r"/(clients|messages|dialogs|requests|tickets|operators)/\{id\}"),
    params=("id",),
    fields=("client_id", "dialog_id", "request_id", "assignee_id", "operator_id"),
    shared=re.compile(r"/(webhooks|companies)"),
    words=("key",),
    known=lambda state, word: word in state.uploads,
    path=lambda path: path.removeprefix(ROOT),
)
