"""XML from people who need not be friends."""

from __future__ import annotations

import pytest

from chatdrill.wire.xml import DEPTH_MAX, XmlError, legal, read_xml, write_xml

BILLION = (
    b'<!DOCTYPE a [<!ENTITY x "ha">'
    + b"".join(b'<!ENTITY x%d "%s">' % (n, b"&x%d;" % (n - 1) * 10) for n in range(1, 10))
    + b"]><a>&x9;</a>"
)
QUADRATIC = b'<!DOCTYPE a [<!ENTITY x "' + b"x" * 50_000 + b'">]><a>' + b"&x;" * 50_000 + b"</a>"


def test_what_is_written_is_read() -> None:
    fields = {"Name": "a <b> & ]]> \n 漢字 😀", "Count": 5, "List": {"item": [{"A": "1"}, {"A": "2"}]}, "Empty": ""}
    assert read_xml(write_xml("xml", fields).encode()) == ("xml", {**fields, "Count": "5"})


def test_an_element_that_comes_again_is_a_list() -> None:
    assert read_xml(b"<r><a>1</a><b/><a>2</a><a>3</a></r>") == ("r", {"a": ["1", "2", "3"], "b": ""})


def test_signs_that_no_document_can_hold_are_left_out() -> None:
    assert legal("a\0\x1b\ufffe\ud83d\tb\n") == "a\tb\n"
    assert read_xml(write_xml("r", {"a": "x\0y"}).encode())[1] == {"a": "xy"}


@pytest.mark.parametrize(
    "content",
    [
        BILLION,
        QUADRATIC,
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "http://127.0.0.1/">]><a>&x;</a>',
        b'<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1/"> %x;]><a/>',
        b"<!DOCTYPE a><a/>",
        b"<a>&nobody;</a>",
        b"",
        b"{}",
        b"<a>",
        b"<a></b>",
        b"\xff\xfe",
        b'<?xml version="1.0" encoding="nobody-knows"?><a/>',
        b"<a/><a/>",
        b"<a>" * (DEPTH_MAX + 1) + b"</a>" * (DEPTH_MAX + 1),
        b"<a>" * 1_000_000,
    ],
    ids=lambda content: repr(content[:20]),
)
def test_what_is_broken_or_a_bomb_is_refused(content: bytes) -> None:
    with pytest.raises(XmlError):
        read_xml(content)


def test_so_many_elements_may_stand_in_one_another() -> None:
    assert read_xml(b"<a>" * DEPTH_MAX + b"</a>" * DEPTH_MAX)[0] == "a"
