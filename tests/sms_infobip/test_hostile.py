"""Whatever a bot sends, the fake answers in Infobip's words."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatdrill_fakes.platforms.infobip.routes import ROUTES
from deep import tries
from sms_infobip.kit import OURS, THEIRS, Account

LAX = settings(max_examples=tries(30, 4000), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
NAMES = ["messages", "destinations", "to", "messageId", "sender", "from", "content", "text", "options", "webhooks", "delivery", "url", "schedule",
         "sendAt", "bulkId", "status", "validityPeriod", "amount", "timeUnit", "platform", "callbackData", "messageSegments", "type", "contentUrl"]  # fmt: skip
SHAPES = [
    THEIRS,
    OURS,
    "LINK",
    "TEXT",
    "PENDING",
    "CANCELED",
    "9999-12-31T23:59:59Z",
    "http://127.0.0.1:9/x",
    "https://[",
    "7" * 40,
    "\x00",
    "\ud83d",
]
words = st.one_of(st.sampled_from(SHAPES), st.text(max_size=30), st.integers(), st.booleans(), st.none(), st.floats())
values = st.recursive(
    words,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(NAMES), inner, max_size=5)),
    max_leaves=12,
)


@LAX
@given(route=st.sampled_from(sorted(ROUTES)), body=st.dictionaries(st.sampled_from(NAMES), values, max_size=6))
def test_no_argument_breaks_a_call(account: Account, route: tuple[str, str], body: dict[str, Any]) -> None:
    method, path = route
    content = json.dumps(body).encode("utf-8", "surrogatepass")
    handled = account.call(method, path, content)
    assert handled.response is not None and handled.response.status < 500 and handled.call is not None
    account.play(handled)


@LAX
@given(
    message=st.fixed_dictionaries(
        {"destinations": st.just([{"to": THEIRS}])}, optional=dict.fromkeys(NAMES[2:], values)
    )
)
def test_no_message_breaks_a_send(account: Account, message: dict[str, Any]) -> None:
    account.now += 1
    for path in ("/sms/3/messages", "/sms/2/text/advanced", "/mms/2/messages"):
        handled = account.call("POST", path, json.dumps({"messages": [message]}).encode())
        assert handled.response is not None and handled.response.status in (200, 400)
        account.play(handled)
