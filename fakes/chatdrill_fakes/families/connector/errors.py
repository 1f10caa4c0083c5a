"""Errors of the Bot Connector, by their status.

Source: github.com/microsoft/botframework-sdk, botframework-channel.json: ErrorResponse (2025-12).
"""

from __future__ import annotations

from collections.abc import Sequence

from chatdrill.wire import HttpResponse, json_response

CODES = {
    400: "BadArgument",
    401: "Unauthorized",
    403: "Forbidden",
    404: "NotFound",
    413: "MessageSizeTooBig",
    429: "Throttled",
}
"""The usual word for a status; any other is a ``ServiceError``."""


def error(status: int, code: str, message: str, headers: Sequence[tuple[str, str]] = ()) -> HttpResponse:
    """``{"error": {"code": ..., "message": ...}}``."""
    return json_response({"error": {"code": code, "message": message}}, status=status, headers=headers)


def refusal(status: int, retry_after_s: int | None) -> HttpResponse:
    """An error with this status, whatever was asked."""
    headers = () if retry_after_s is None else (("Retry-After", str(retry_after_s)),)
    return error(status, CODES.get(status, "ServiceError"), f"The service answers with status {status}", headers)
