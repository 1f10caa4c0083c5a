"""Whatever a bot sends, it gets an answer."""

from __future__ import annotations

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from deep import tries
from desks.generic.kit import TICKETS, Office

_NAMES = st.sampled_from(
    [
        "customer",
        "id",
        "transcript",
        "text",
        "from",
        "at",
        "files",
        "url",
        "external_id",
        "status",
        "error",
        "subject",
        "fields",
    ]
)
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_NAMES, inner, max_size=3),
    max_leaves=12,
)
_PATHS = st.sampled_from(
    [
        TICKETS,
        f"{TICKETS}/T-1",
        f"{TICKETS}/T-1/messages",
        f"{TICKETS}/T-1/close",
        f"{TICKETS}/T-1/reopen",
        f"{TICKETS}/T-1/messages/x/status",
        "/_files/x",
    ]
)


@settings(max_examples=tries(25, 100), deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["GET", "POST"]), _PATHS, st.dictionaries(_NAMES, _VALUES, max_size=5)), max_size=4
    )
)
def test_any_body_to_any_call_gets_an_answer(calls: list[tuple[str, str, dict[str, object]]]) -> None:
    office = Office(rate_limits="no")
    office.ticket()
    for method, url, sent in calls:
        handled = office.call(method, url, sent)
        assert handled.response is not None and handled.call is not None
        assert 200 <= handled.response.status < 500 and (handled.response.body or handled.response.status == 204)
        msgspec.json.encode([handled.events, handled.call.arguments])
    for update in office.told():
        msgspec.json.decode(update.body)


@settings(max_examples=tries(20, 60), deadline=None)
@given(
    st.text(max_size=60),
    st.binary(max_size=60),
    st.sampled_from(["", "application/json", "multipart/form-data; boundary=b"]),
)
def test_any_path_and_any_bytes_get_an_error(path: str, sent: bytes, kind: str) -> None:
    office = Office()
    for url in (f"/{path}", TICKETS):
        handled = office.raw("POST", url, sent, ("Content-Type", kind))
        assert handled.response is not None and handled.response.status >= 400 and handled.response.body
