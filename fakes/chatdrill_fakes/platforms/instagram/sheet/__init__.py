"""What Meta's reference says of Instagram messaging, as examples: what the conformance kit holds this fake to."""

from __future__ import annotations

from collections.abc import Mapping

from chatdrill.model import Contact, Customer, Event, Other, Text, Write
from chatdrill.wire import HttpRequest
from chatdrill.wire.sheets import Ask, Happens, Sheet
from chatdrill_fakes.families.graph_sheets import ASKED_FOR_NUMBER, send
from chatdrill_fakes.families.meta_sheets import heeded_handshake, is_signed

from ..limits import FIELDS, SILENT_FIELDS
from .calls import EXAMPLES, REFUSED
from .golden import GOLDEN
from .limits import BOUNDS, UNTRIED
from .mistakes import ERRORS

_OWNED = Event(name="take_thread_control")


def believes(environment: Mapping[str, str], request: HttpRequest, now: float) -> bool:  # noqa: ARG001 (no date is signed)
    """The signature of the raw body under the app secret."""
    return is_signed(request, environment["INSTAGRAM_APP_SECRET"])


SHEET = Sheet(
    headers=(("Authorization", "Bearer {token}"),),
    says=send({"text": "{text}"}),
    believes=believes,
    customer=Customer(
        key="anna",
        first_name="Anna",
        last_name="Nowak",
        username="anna.n",
        phone="+49 151 55501234",
        email="anna@example.org",
        locale="de_DE",
    ),
    settings={"subscribed_fields": ",".join(FIELDS)},
    golden=GOLDEN,
    examples=EXAMPLES,
    told=(Happens(Write(parts=(Text(text="hi"),)), after=(_OWNED,)),),
    refused=REFUSED,
    errors=ERRORS,
    bounds=BOUNDS,
    untried=UNTRIED,
    parts={
        "contact": Happens(
            Write(parts=(Contact(name="Anna Nowak", phone="+49 151 55501234", own=True),)), after=(ASKED_FOR_NUMBER,)
        ),
        "other": Other(kind="ig_post"),
    },
    silent={
        "api_error": "the next call fails",
        "message_access": "every send fails until it is switched on again",
        **dict.fromkeys(SILENT_FIELDS, "a field that can be subscribed to, and is never sent"),
    },
    file_key="url",
    file_asks=(Ask("{file}", method="GET", headers=()),),
    fetched=heeded_handshake,
)
