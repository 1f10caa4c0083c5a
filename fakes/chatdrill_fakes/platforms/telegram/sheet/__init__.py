"""What the Bot API's reference says, as examples: what the conformance kit holds this fake to."""

from __future__ import annotations

import hmac
from collections.abc import Mapping

from chatdrill.model import Other
from chatdrill.wire import HttpRequest
from chatdrill.wire.sheets import Sheet
from chatdrill_fakes.platforms.telegram.sheet.calls import EXAMPLES, FILE_ASKS, REFUSED, SAYS, SUBSCRIBED
from chatdrill_fakes.platforms.telegram.sheet.events import TOLD
from chatdrill_fakes.platforms.telegram.sheet.golden import GOLDEN
from chatdrill_fakes.platforms.telegram.sheet.limits import BOUNDS, UNTRIED
from chatdrill_fakes.platforms.telegram.sheet.mistakes import ERRORS


def believes(environment: Mapping[str, str], request: HttpRequest, now: float) -> bool:  # noqa: ARG001 (no date is sent)
    """There is no signature: the secret of setWebhook stands in a header."""
    told = request.header("X-Telegram-Bot-Api-Secret-Token") or ""
    return hmac.compare_digest(told.encode(), environment["TELEGRAM_WEBHOOK_SECRET"].encode())


SHEET = Sheet(
    says=SAYS,
    believes=believes,
    now=1_767_225_600.0,
    opening=(SUBSCRIBED,),
    golden=GOLDEN,
    examples=EXAMPLES,
    told=TOLD,
    refused=REFUSED,
    errors=ERRORS,
    bounds=BOUNDS,
    untried=UNTRIED,
    file_key="file_id",
    file_asks=FILE_ASKS,
    recoded=frozenset(("media.photo",)),
    parts={"other": Other(kind="dice")},
    names=("update:{kind}", "update:{event}"),
)
