"""The vendor's refusals: an exception while a call is worked on, an answer when it leaves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chatdrill.wire import Fetch, Hold, HttpResponse
from chatdrill_fakes.platforms.telegram.encoding import clean, dumps

_PREFIXES = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 500: "Internal Server Error"}


class ApiError(Exception):
    """The call is refused with ``code`` (also the HTTP status) and ``description``."""

    def __init__(self, code: int, description: str, parameters: Mapping[str, Any] | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = clean(description)
        self.parameters = parameters


class MustWait(Exception):
    """The call cannot be answered yet: a long poll, or a URL that has to be read first."""

    def __init__(self, wait: Hold | Fetch) -> None:
        super().__init__(str(wait))
        self.wait = wait


def refuse(code: int, message: str) -> ApiError:
    """An error in the vendor's spelling.

    The prefix of the code comes first; the message's first letter is lower-cased unless the second is a capital or
    ``_`` (so ``BUTTON_DATA_INVALID`` stays). Source: tdlib/telegram-bot-api, Client::fail_query_with_error.
    """
    prefix = _PREFIXES[code]
    if message.startswith(prefix):
        return ApiError(code, message)
    keep = len(message) > 1 and (message[1] == "_" or "A" <= message[1] <= "Z")
    return ApiError(code, f"{prefix}: {message if keep else message[:1].lower() + message[1:]}")


def bad_request(message: str) -> ApiError:
    """400 ``Bad Request: ...``."""
    return refuse(400, message)


def forbidden(message: str) -> ApiError:
    """403 ``Forbidden: ...``."""
    return refuse(403, message)


def too_many_requests(retry_after_s: int) -> ApiError:
    """429, to be tried again after ``retry_after_s`` seconds."""
    return ApiError(429, f"Too Many Requests: retry after {retry_after_s}", {"retry_after": retry_after_s})


_OTHER = {
    401: "Unauthorized",
    403: "Forbidden: bot was blocked by the user",
    404: "Not Found",
    413: "Request Entity Too Large",
    500: "Internal Server Error",
    502: "Bad Gateway",
    504: "Gateway Timeout",
}


def any_refusal(status: int, retry_after_s: int | None) -> ApiError:
    """The error of an HTTP status, whatever was called; only 429 says how long to wait."""
    if status == 429:
        return too_many_requests(retry_after_s or 1)
    return ApiError(status, _OTHER.get(status, "Bad Request" if status < 500 else "Internal Server Error"))


def error_response(error: ApiError) -> HttpResponse:
    """The answer that carries ``error``."""
    body: dict[str, Any] = {"ok": False, "error_code": error.code, "description": error.description}
    headers = [("Content-Type", "application/json")]
    if error.parameters:
        body["parameters"] = dict(error.parameters)
        if "retry_after" in error.parameters:
            headers.append(("Retry-After", str(error.parameters["retry_after"])))
    return HttpResponse(error.code, tuple(headers), dumps(body))
