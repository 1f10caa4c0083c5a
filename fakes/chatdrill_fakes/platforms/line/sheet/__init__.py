"""What LINE's reference says, as examples: what the conformance kit holds this fake to."""

from __future__ import annotations

import hmac
from collections.abc import Mapping

from chatdrill.model import Block, Customer, Start
from chatdrill.wire import HttpRequest
from chatdrill.wire.sheets import Ask, Sheet
from chatdrill_fakes.platforms.line.sheet.asking import push, text
from chatdrill_fakes.platforms.line.sheet.calls import EXAMPLES, REFUSED
from chatdrill_fakes.platforms.line.sheet.golden import DRAWN, golden
from chatdrill_fakes.platforms.line.sheet.limits import BOUNDS, UNTRIED
from chatdrill_fakes.platforms.line.sheet.mistakes import AUTH, ERRORS
from chatdrill_fakes.platforms.line.webhooks import SIGNATURE, signature


def believes(environment: Mapping[str, str], request: HttpRequest, now: float) -> bool:  # noqa: ARG001 (no date is signed)
    """The signature of the raw body under the channel secret."""
    expected = signature(environment["LINE_CHANNEL_SECRET"], request.body)
    return hmac.compare_digest((request.header(SIGNATURE) or "").encode(), expected.encode())


SHEET = Sheet(
    headers=(AUTH,),
    says=push(text("{text}")),
    believes=believes,
    customer=Customer(key="olena", first_name="Olena", last_name="K.", phone="+380501112233", locale="uk_UA"),
    golden=golden(),
    drawn=DRAWN,
    examples=EXAMPLES,
    told=(Block(), Start()),
    refused=REFUSED,
    errors=ERRORS,
    bounds=BOUNDS,
    untried=UNTRIED,
    silent={
        "api_error": "the next send meets it",
        "quota": "every push meets it",
        "standby": "events have no reply token from then on",
        "message coupon": "is a message of the bot's",
    },
    file_key="id",
    file_asks=(Ask("/v2/bot/message/{file}/content", method="GET"),),
    fileless=frozenset({"media.sticker"}),
)
