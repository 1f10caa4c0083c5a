"""The errors of the Web API: status 200 and ``ok: false``, but for too many calls. Source: docs.slack.dev, Web API (2026-08)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from chatdrill.wire import HttpResponse

_encode = msgspec.json.Encoder().encode
_JSON = ("Content-Type", "application/json; charset=utf-8")
RATE_LIMITED = "ratelimited"
BY_STATUS = {
    400: "invalid_arguments",
    401: "invalid_auth",
    403: "access_denied",
    404: "unknown_method",
    408: "request_timeout",
    409: "fatal_error",
    413: "request_timeout",
    429: RATE_LIMITED,
    503: "service_unavailable",
}
"""What stands in an injected answer of this status; any other is ``internal_error``."""


class ApiError(Exception):
    """A call that Slack refuses, by its word; ``more`` stands beside it in the answer, ``why`` only in the trace."""

    def __init__(self, word: str, *, why: str = "", retry_after_s: int | None = None, **more: Any) -> None:
        super().__init__(word)
        self.word, self.why, self.more, self.retry_after_s = word, why, more, retry_after_s

    @property
    def body(self) -> dict[str, Any]:
        """The JSON answer."""
        return {"ok": False, "error": self.word, **self.more}

    @property
    def told(self) -> str:
        """For the trace."""
        said: Sequence[str] = self.more.get("response_metadata", {}).get("messages", ())
        words = self.why or "; ".join(said)
        return f"{self.word}: {words}" if words else self.word


def invalid_arguments(*messages: str) -> ApiError:
    """What is missing or of a wrong type."""
    return ApiError("invalid_arguments", response_metadata={"messages": [f"[ERROR] {one}" for one in messages]})


def missing(name: str) -> ApiError:
    """A required argument is not there."""
    return invalid_arguments(f"missing required field: {name}")


def invalid_blocks(problems: Iterable[str], word: str = "invalid_blocks") -> ApiError:
    """What is wrong with blocks, each problem with where it stands."""
    told = list(problems)[:10]
    messages = [f"[ERROR] {one}" for one in told]
    return ApiError(word, errors=told, response_metadata={"messages": messages})


def answer(body: Mapping[str, Any], headers: Iterable[tuple[str, str]] = (), status: int = 200) -> HttpResponse:
    """Any answer of the Web API."""
    return HttpResponse(status, (_JSON, *headers), _encode(body))


def answer_to(error: ApiError, headers: Iterable[tuple[str, str]] = ()) -> HttpResponse:
    """The answer to a refused call."""
    if error.retry_after_s is not None:
        return answer(error.body, (("Retry-After", str(error.retry_after_s)), *headers), 429)
    return answer(error.body, headers)


def refusal(status: int, retry_after_s: int | None) -> HttpResponse:
    """How an answer with an HTTP status looks, whatever the call."""
    headers = (("Retry-After", str(retry_after_s or 1)),) if status == 429 or retry_after_s else ()
    return answer({"ok": False, "error": BY_STATUS.get(status, "internal_error")}, headers, status)
