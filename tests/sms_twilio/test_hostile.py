"""Whatever a bot sends or answers, the fake answers in Twilio's words."""

from __future__ import annotations

from urllib.parse import urlencode

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatdrill.model import Text, Write
from chatdrill.wire import HttpFailure, HttpRequest, HttpResponse
from chatdrill_fakes.platforms.twilio import platform
from chatdrill_fakes.platforms.twilio.routes import ROUTES
from deep import tries
from sms_twilio.kit import NOW, OURS, ROOT, THEIRS, Account, basic

LAX = settings(max_examples=tries(30, 4000), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
NAMES = ["To", "From", "Body", "MediaUrl", "StatusCallback", "MessagingServiceSid", "SendAt", "ScheduleType", "ValidityPeriod", "Status",
         "Outcome", "PageSize", "Page", "DateSent", "DateSent<", "SmsUrl", "SmsMethod", "ContentSid", "MaxPrice"]  # fmt: skip
WORDS = [
    THEIRS,
    OURS,
    "fixed",
    "canceled",
    "http://127.0.0.1:9/x",
    "https://[",
    "9999-12-31T23:59:59Z",
    "7" * 40,
    "-1",
    "\x00",
    "\ud83d",
    "whatsapp:+1",
]
words = st.one_of(st.sampled_from(WORDS), st.text(max_size=40))
XML = st.one_of(st.text(max_size=80), st.lists(st.sampled_from(["<Response>", "</Response>", "<Message>", "</Message>", "<Media>", "<Redirect>/x", "&amp;", "&x;", "<![CDATA[", "]]>", "x"]), max_size=12).map("".join))  # fmt: skip


@LAX
@given(
    route=st.sampled_from(sorted(ROUTES)),
    values=st.lists(st.tuples(st.sampled_from(NAMES), words), max_size=8),
    sid=words,
)
def test_no_argument_breaks_a_call(
    account: Account, route: tuple[str, str], values: list[tuple[str, str]], sid: str
) -> None:
    method, shape = route
    known = [*account.state.sms, sid]
    path = "/".join(known[0] if step == "*" else step for step in shape.split("/"))
    body = urlencode(values, errors="replace")
    headers = (basic(), ("Content-Type", "application/x-www-form-urlencoded"))
    url = f"{ROOT}/{path}.json{'?' + body if method == 'GET' else ''}"
    handled = account.handle(HttpRequest(method, url, headers, b"" if method == "GET" else body.encode()))
    assert handled.response is not None and handled.response.status < 500 and handled.call is not None
    account.play(handled)
    account.state.webhook_url = account.state.webhook_url or "http://127.0.0.1:9/hook"


@LAX
@given(
    body=XML,
    kind=st.sampled_from(["text/xml", "application/xml", "text/html", "text/plain", "application/json", ""]),
    status=st.integers(100, 599),
)
def test_no_answer_breaks_a_webhook(account: Account, body: str, kind: str, status: int) -> None:
    updates = account.updates(Write(parts=(Text(text="Hi"),)))
    response = HttpResponse(status, (("Content-Type", kind),), body.encode("utf-8", "replace"))
    ack = platform.read_ack(account.state, updates, response, NOW)
    assert ack.ok is (200 <= status < 300) or ack.error
    for call in ack.calls:
        assert account.handle(call, "webhook_answer").call is not None
    assert not platform.read_ack(account.state, updates, HttpFailure("reset"), NOW).ok


def test_nothing_grows_by_refused_calls(account: Account) -> None:
    for _ in range(200):
        account.send(To="nobody", Body="x")
        platform.read_ack(account.state, account.updates(Write(parts=(Text(text="Hi"),))), HttpResponse(500), NOW)
    assert len(account.state.sms) == 200 and not account.state.tries and not account.state.links
