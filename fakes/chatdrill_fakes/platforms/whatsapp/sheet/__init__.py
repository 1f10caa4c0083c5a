"""What Meta's reference says of the Cloud API, as examples: what the conformance kit holds this fake to."""

from __future__ import annotations

from collections.abc import Mapping

from chatdrill.model import Customer, Form
from chatdrill.wire import HttpRequest
from chatdrill.wire.sheets import Ask, Sheet
from chatdrill_fakes.families.meta_sheets import heeded_handshake, is_signed
from chatdrill_fakes.platforms.whatsapp.sheet.bodies import BODIES
from chatdrill_fakes.platforms.whatsapp.sheet.calls import EXAMPLES, MESSAGES, REFUSED
from chatdrill_fakes.platforms.whatsapp.sheet.golden import DRAWN, GOLDEN
from chatdrill_fakes.platforms.whatsapp.sheet.limits import BOUNDS, UNTRIED
from chatdrill_fakes.platforms.whatsapp.sheet.mistakes import ERRORS
from chatdrill_fakes.platforms.whatsapp.sheet.told import TOLD

_BEARER = (("Authorization", "Bearer {token}"),)


def believes(environment: Mapping[str, str], request: HttpRequest, now: float) -> bool:  # noqa: ARG001 (no date is signed)
    """The signature of the raw body under the app secret."""
    return is_signed(request, environment["WHATSAPP_APP_SECRET"])


SHEET = Sheet(
    headers=_BEARER,
    says=MESSAGES(**{**BODIES["text"], "text": {"body": "{text}"}}),
    believes=believes,
    customer=Customer(key="anna", first_name="Jürgen", last_name="K.", phone="+49 151 55501234", locale="de_DE"),
    settings={"coexistence": "yes"},  # so that edits, deletions and echoes are told
    golden=GOLDEN,
    drawn=DRAWN,
    examples=EXAMPLES,
    told=TOLD,
    refused=REFUSED,
    errors=ERRORS,
    bounds=BOUNDS,
    untried=UNTRIED,
    parts={"form": Form(name="flow", values={"flow_token": "tok-77", "rating": "4"})},
    silent={"next_send_fails": "the next call fails"},
    file_key="url",
    file_asks=(Ask("{file}", method="GET"),),
    fetched=heeded_handshake,
)
