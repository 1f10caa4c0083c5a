"""Mails as values, for laws that look into what is told and write what is called: headers, words, files in Base64."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from email import message_from_bytes, policy
from typing import Any

_BOUNDARY = "chatdrill-conformance"


def values_in(raw: bytes) -> dict[str, Any]:
    """The headers of a mail by their names in lower case, all its words, and its files."""
    parsed = message_from_bytes(raw, policy=policy.default)
    heads = {name.lower(): str(value) for name, value in parsed.items()}
    words: list[str] = []
    files: list[dict[str, Any]] = []
    for part in parsed.walk():
        if part.is_multipart():
            if (
                part.get_content_maintype() == "message"
            ):  # fields for programs: the library takes them for heads of mails
                words.append("\n".join(str(inner) for inner in part.get_payload()))
            continue
        content = part.get_payload(decode=True)
        body = content if isinstance(content, bytes) else b""
        if part.get_content_maintype() in ("text", "message"):
            words.append(body.decode(part.get_content_charset() or "utf-8", "replace").replace("\r\n", "\n"))
        if part.get_content_disposition() is not None:
            files.append({"name": part.get_filename(), "content": b64encode(body).decode()})
    return {**heads, "words": words, "files": files}


def mail_of(value: Any) -> bytes:
    """A mail: the keys are headers, but for ``body`` (its words) and ``parts`` (mails themselves). Anything else is sent as words."""
    if not isinstance(value, Mapping):
        return str(value).encode("utf-8", "surrogatepass")
    lines = [
        f"{name}: {each}" for name, one in value.items() if name not in ("body", "parts") for each in _several(one)
    ]
    parts = value.get("parts")
    if isinstance(parts, list):
        lines.append(f'Content-Type: multipart/mixed; boundary="{_BOUNDARY}"')
        inner = [f"--{_BOUNDARY}\r\n".encode() + mail_of(part) + b"\r\n" for part in parts]
        return _head(lines) + b"".join(inner) + f"--{_BOUNDARY}--\r\n".encode()
    words = str(value.get("body", "")).replace("\r\n", "\n").replace("\n", "\r\n")
    return _head(lines) + words.encode("utf-8", "surrogatepass") + b"\r\n"


def _several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _head(lines: list[str]) -> bytes:
    return "\r\n".join([*lines, "", ""]).encode("utf-8", "surrogatepass")
