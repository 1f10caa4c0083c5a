"""However a bot writes the arguments of a call, they arrive; whatever it writes, nothing breaks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatdrill.wire import HttpRequest, read_arguments

MULTIPART = (
    b'--b\r\nContent-Disposition: form-data; name="chat_id"\r\n\r\n5\r\n'
    b'--b\r\nContent-Disposition: form-data; name="photo"; filename="a.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
    b"\xff\xd8\r\n\x00\r\n--b--\r\n"
)


def request(content_type: str, body: bytes, url: str = "/send?chat_id=5") -> HttpRequest:
    return HttpRequest("POST", url, (("Content-Type", content_type),), body)


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b'{"text": "h\\u00ed"}'),
        ("application/json; charset=utf-8", '{"text": "hí"}'.encode()),
        ("application/x-www-form-urlencoded", b"text=h%C3%AD"),
        (
            "multipart/form-data; boundary=b",
            '--b\r\nContent-Disposition: form-data; name="text"\r\n\r\nhí\r\n--b--'.encode(),
        ),
        ("", b'{"text": "h\\u00ed"}'),
        ("text/plain", b"text=h%C3%AD"),
    ],
)
def test_every_encoding_gives_the_same_arguments(content_type, body):
    arguments = read_arguments(request(content_type, body))
    assert dict(arguments.values) == {"chat_id": "5", "text": "hí"}
    assert arguments.problem is None


def test_the_body_wins_over_the_query():
    assert read_arguments(request("application/json", b'{"chat_id": 7}')).values["chat_id"] == 7


def test_files_keep_their_bytes_name_and_type():
    upload = read_arguments(request("multipart/form-data; boundary=b", MULTIPART)).files["photo"]
    assert (upload.filename, upload.content_type, upload.content) == ("a.jpg", "image/jpeg", b"\xff\xd8\r\n\x00")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (b'name="f"; filename="a b.pdf"', "a b.pdf"),
        ("name=f; filename=счёт.pdf".encode(), "счёт.pdf"),  # pyTelegramBotAPI quotes nothing
        ('filename="счёт.pdf"; name="f"'.encode(), "счёт.pdf"),
        (b'name="f"; filename="a\\"b;c.pdf"', 'a"b;c.pdf'),
        (b'name="f"; filename="a.pdf"; filename*=UTF-8\'\'b.pdf', "a.pdf"),
        (b'name="f"; filename=""', ""),
        ('name="f"; filename="счёт"'.encode("cp1251"), "\ufffd" * 4),
    ],
)
def test_a_files_name_is_read_however_it_is_written(written, read):
    body = b"--b\r\ncontent-disposition: form-data; " + written + b"\r\nContent-Length: 1\r\n\r\nx\r\n--b--\r\n"
    arguments = read_arguments(request("multipart/form-data; boundary=b", body))
    assert (arguments.files["f"].filename, arguments.files["f"].content) == (read, b"x")


@pytest.mark.parametrize(
    ("content_type", "body", "says"),
    [
        ("application/json", b'{"text": ', "invalid JSON"),
        ("application/json", b"[1]", "not an object"),
        ("application/json", b"[" * 100_000, "invalid JSON"),
        ("multipart/form-data", MULTIPART, "without a boundary"),
        ("multipart/form-data; boundary=b", MULTIPART[:-20], "broken multipart"),
        ("image/jpeg", b"\xff\xd8", "unreadable content type"),
    ],
)
def test_a_broken_body_is_a_problem_in_words(content_type, body, says):
    assert says in (read_arguments(request(content_type, body)).problem or "")


@given(
    st.sampled_from(
        ["application/json", "multipart/form-data; boundary=b", "application/x-www-form-urlencoded", "", "x"]
    ),
    st.binary(max_size=400),
)
def test_nothing_that_a_bot_sends_raises(content_type, body):
    arguments = read_arguments(request(content_type, body))
    assert arguments.values["chat_id"] is not None


@pytest.mark.parametrize("url", ["http://[", "//[", "http://[::1/send?a=1", "x://", "*", ""])
def test_an_address_that_is_none_is_only_cut(url):
    odd = HttpRequest("GET", url)
    assert isinstance(odd.path, str) and isinstance(odd.path_in_parts, str) and isinstance(odd.query, tuple)


def test_half_a_surrogate_pair_stands_in_no_path_and_no_argument():
    assert HttpRequest("GET", "/a/\ud83d.json").path == "/a/\ufffd.json"
    request = HttpRequest("GET", "/a/\ud83d.json?b=\udc00&c=ї")
    assert (request.path, request.path_in_parts, request.query) == (
        "/a/\ufffd.json",
        "/a/\ufffd.json",
        (("b", "\ufffd"), ("c", "ї")),
    )
