"""What Slack's reference says, as examples: what the conformance kit holds this fake to."""

from __future__ import annotations

import hmac
from collections.abc import Mapping

from chatdrill.model import Button, Event, Press
from chatdrill.wire import Fetched, HttpRequest
from chatdrill.wire.sheets import Ask, Happens, Sheet
from chatdrill_fakes.platforms.slack.limits import STALE_S
from chatdrill_fakes.platforms.slack.names import EFFECTS
from chatdrill_fakes.platforms.slack.sheet.calls import EXAMPLES, OPENED, REFUSED, SUBMITTED, says
from chatdrill_fakes.platforms.slack.sheet.golden import DRAWN, GOLDEN
from chatdrill_fakes.platforms.slack.sheet.limits import BOUNDS, UNTRIED
from chatdrill_fakes.platforms.slack.sheet.mistakes import MISTAKES
from chatdrill_fakes.platforms.slack.webhooks import SIGNATURE, TIMESTAMP, challenge_of, signature


def believes(environment: Mapping[str, str], request: HttpRequest, now: float) -> bool:
    """The signature of the raw body and the time, which must not be older than five minutes."""
    stamp = request.header(TIMESTAMP) or ""
    if not (stamp.isascii() and stamp.isdigit()) or abs(now - int(stamp)) > STALE_S:
        return False
    expected = signature(environment["SLACK_SIGNING_SECRET"], stamp, request.body)
    return hmac.compare_digest((request.header(SIGNATURE) or "").encode(), expected.encode())


def _fetched(url: str) -> Fetched:
    """The right answer to the challenge."""
    return Fetched(challenge_of(url).encode())


_WORDS = {"type": "plain_text", "text": "{text}", "emoji": False}
_BUTTON = Press(button=Button(title="Yes", kind="callback", payload="yes"), message_id="{sent}")
SHEET = Sheet(
    headers=(("Authorization", "Bearer {token}"),),
    # Words that are not markup: in the argument text a correct bot writes three signs otherwise.
    says=says(blocks=[{"type": "section", "text": _WORDS}]),
    believes=believes,
    stale_after_s=STALE_S,
    golden=GOLDEN,
    drawn=DRAWN,
    names=("event {kind}",),
    examples=EXAMPLES,
    told=(SUBMITTED, _BUTTON, Happens(Event(name="view_closed"), after=(OPENED,))),
    refused=REFUSED,
    errors=MISTAKES,
    bounds=BOUNDS,
    untried=UNTRIED,
    parts={"form": SUBMITTED},
    silent={
        **dict.fromkeys(EFFECTS, "later calls meet it"),
        "disconnect": "it closes a WebSocket, where there is one",
    },
    file_key="url_private",
    file_asks=(Ask("{file}", None, "GET"),),
    fetched=_fetched,
)
