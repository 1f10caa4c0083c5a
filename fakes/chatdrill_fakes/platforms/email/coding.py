"""How words, names and files are coded in a mail: encoded words, transfer encodings, parameters. Lines end in CRLF."""

from __future__ import annotations

import re
from base64 import b64encode, encodebytes
from binascii import b2a_qp
from urllib.parse import quote

_PLAIN = re.compile(r"[ -~]*\Z")
_ATOMS = re.compile(r"[A-Za-z0-9 !#$%&'*+/=?^_`{|}~-]*\Z")
_WORD_BYTES = 45  # in Base64 with its frame: at most 75 signs, RFC 2047, 2
_LINE_MAX = 900
_MOSTLY = 6
"""Beyond one sign in six Base64 is shorter than quoted-printable, and clients take it."""


def encoded(text: str) -> str:
    """A header's value. Source: RFC 2047 (1996)."""
    if _PLAIN.match(text) and "=?" not in text:
        return text
    words, piece = [], b""
    for sign in text.replace("\r", " ").replace("\n", " "):
        raw = sign.encode("utf-8", "replace")
        if len(piece) + len(raw) > _WORD_BYTES:
            words.append(piece)
            piece = b""
        piece += raw
    return "\r\n ".join(f"=?utf-8?b?{b64encode(word).decode()}?=" for word in (*words, piece))


def address(name: str, mailbox: str) -> str:
    """A mailbox with the name of its owner."""
    if not name:
        return mailbox
    if _ATOMS.match(name):
        return f"{name} <{mailbox}>"
    if _PLAIN.match(name):
        escaped = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}" <{mailbox}>'
    return f"{encoded(name)} <{mailbox}>"


def text_part(text: str, subtype: str, charset: str, encoding: str) -> tuple[str, bytes]:
    """The headers of a text and its body; a charset that lacks one of its signs gives way to UTF-8."""
    try:
        raw = text.replace("\r\n", "\n").encode(charset)
    except (UnicodeEncodeError, LookupError):
        charset = "utf-8"
        raw = text.replace("\r\n", "\n").encode("utf-8", "replace")
    if encoding == "auto":
        encoding = _fitting(raw)
    body = _CODERS[encoding](raw)
    return f'Content-Type: text/{subtype}; charset="{charset}"\r\nContent-Transfer-Encoding: {encoding}', body


def _fitting(raw: bytes) -> str:
    if raw.isascii():
        return "7bit" if len(raw) <= _LINE_MAX or max(map(len, raw.split(b"\n"))) <= _LINE_MAX else "quoted-printable"
    strange = len(raw) - len(raw.decode("ascii", "ignore"))
    return "base64" if strange * _MOSTLY > len(raw) else "quoted-printable"


def _as_is(raw: bytes) -> bytes:
    return raw.replace(b"\n", b"\r\n") + b"\r\n"


def _quoted_printable(raw: bytes) -> bytes:
    return b2a_qp(raw).replace(b"\n", b"\r\n") + b"\r\n"


def _base64(raw: bytes) -> bytes:
    return encodebytes(raw.replace(b"\n", b"\r\n")).replace(b"\n", b"\r\n")


_CODERS = {"7bit": _as_is, "8bit": _as_is, "quoted-printable": _quoted_printable, "base64": _base64}


def file_part(content: bytes, mime: str, name: str | None, *, extra: tuple[str, ...] = ()) -> tuple[str, bytes]:
    """The headers of an attached file and its body. ``extra`` are further headers, ``Content-Disposition`` perhaps among them."""
    heads = [f"Content-Type: {mime}{_parameter('name', name)}", "Content-Transfer-Encoding: base64"]
    if not any(line.startswith("Content-Disposition") for line in extra):
        heads.append(f"Content-Disposition: attachment{_parameter('filename', name)}")
    return "\r\n".join([*heads, *extra]), encodebytes(content).replace(b"\n", b"\r\n")


def _parameter(key: str, value: str | None) -> str:
    """A parameter of a header. Source: RFC 2231 (1997)."""
    if value is None:
        return ""
    if _PLAIN.match(value):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f';\r\n {key}="{escaped}"'
    return f";\r\n {key}*=utf-8''{quote(value, safe='')}"


def joined(kind: str, boundary: str, parts: list[tuple[str, bytes]]) -> tuple[str, bytes]:
    """Several parts as one, of the type ``multipart/`` ``kind``."""
    chunks = [b"--%b\r\n%b\r\n\r\n%b" % (boundary.encode(), heads.encode(), body) for heads, body in parts]
    closing = b"--%b--\r\n" % boundary.encode()
    return f'Content-Type: multipart/{kind}; boundary="{boundary}"', b"".join((*chunks, closing))
