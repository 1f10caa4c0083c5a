"""The bytes of heads: what is completed, what is folded, and that a cache never gives one request another's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatdrill.serve.heads import Heads, request_bytes, target_of
from chatdrill.wire import HttpRequest, HttpResponse
from chatdrill.wire.http import Headers

NAMES = ["Host", "hOST", "Authorization", "Content-Length", "X-Other", "Accept"]
URLS = ["http://127.0.0.1:8/a", "http://127.0.0.1:8/a?b=1", "http://ann:pw@127.0.0.1:8/a", "https://localhost/"]
HEADERS = st.lists(st.tuples(st.sampled_from(NAMES), st.text("abc 1", max_size=5)), max_size=4).map(tuple)
FRAMING = {"host", "authorization", "content-length"}


@given(st.sampled_from(["GET", "POST", "PUT"]), st.sampled_from(URLS), HEADERS, st.binary(max_size=9))
def test_a_request_keeps_its_headers_and_is_given_only_those_it_lacks(
    method: str, url: str, headers: Headers, body: bytes
) -> None:
    target = target_of(url)
    made = request_bytes(HttpRequest(method, url, headers, body), target)
    head = made.removesuffix(body).decode().removesuffix("\r\n\r\n")
    first, *lines = head.split("\r\n")
    given = [f"{name}: {value}" for name, value in headers]
    lacking = FRAMING - {name.lower() for name, _ in headers}
    added = {
        "host": f"Host: {target.host_header}",
        "authorization": target.authorization and f"Authorization: {target.authorization}",
        "content-length": f"Content-Length: {len(body)}" if body or method != "GET" else None,
    }
    assert first == f"{method} {target.path} HTTP/1.1"
    assert [line for line in lines if line in given] == given
    assert sorted(lines) == sorted([*given, *(line for name, line in added.items() if name in lacking and line)])


@pytest.mark.parametrize(
    "value", ["a\r\nSet-Cookie: b", "a\n b", " a", "a ", "a  b", "a\tb", "a\x85b", "a\x00b", "naïve", ""]
)
def test_every_header_of_an_answer_is_one_line_with_single_spaces(value: str) -> None:
    made = Heads(lambda: 0.0).answer(HttpResponse(200, (("X-Name", value), ("X-Next", "1"))))
    lines = made.decode("latin-1").split("\r\n")
    assert lines[1:3] == [" ".join(f"X-Name: {value}".split()), "X-Next: 1"]
    assert len(lines) == 7  # with the status, the date, the length and the empty lines
