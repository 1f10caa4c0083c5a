"""LINE's errors: a message, and details that name the property. Source: developers.line.biz, Messaging API reference (2026-08); what
the reference leaves open (401, 415, a wrong type) is worded as users of the live service quote it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from chatdrill.wire import HttpResponse, json_response

NOT_FOUND = "Not found"
BUSY = "The API rate limit has been exceeded. Try again later."
USED_UP = "You have reached your monthly limit."
NO_ACCESS = "Access to this API is not available for your account"
BAD_REPLY_TOKEN = "Invalid reply token"
NO_RECIPIENT = "Failed to send messages"
NO_HEADER = "Authorization header required. Must follow the scheme, 'Authorization: Bearer <ACCESS TOKEN>'"
BAD_TOKEN = "Authentication failed. Confirm that the access token in the authorization header is valid."
_WORDS = {
    400: "The request body has 1 error(s)",
    401: BAD_TOKEN,
    403: NO_ACCESS,
    404: NOT_FOUND,
    409: "The retry key is already accepted",
    410: "The content is gone",
    413: "The request body is too large",
    429: BUSY,
}


class ApiError(Exception):
    """An answer that is an error. ``body`` takes the place of message and details, ``note`` is for the trace, ``refused``
    what of the call chatdrill does not emulate."""

    def __init__(
        self,
        status: int,
        message: str,
        details: Sequence[Mapping[str, str]] = (),
        *,
        headers: tuple[tuple[str, str], ...] = (),
        body: Mapping[str, Any] | None = None,
        note: str | None = None,
        refused: str = "",
    ) -> None:
        super().__init__(message)
        self.status, self.headers, self.note, self.refused = status, headers, note, refused
        known: dict[str, Any] = {"message": message, **({"details": list(details)} if details else {})}
        self.body: Mapping[str, Any] = known if body is None else body
        self.details = details

    @property
    def told(self) -> str:
        """For the trace: status, words, and what is wrong where."""
        where = "; ".join(f"{one.get('property', '?')}: {one.get('message', '')}" for one in self.details)
        return f"{self.status} {self}" + (f" ({where})" if where else "")


def invalid(details: Sequence[Mapping[str, str]]) -> ApiError:
    """What the validator says: all that is wrong, counted."""
    return ApiError(400, f"The request body has {len(details)} error(s)", details)


def malformed(name: str) -> ApiError:
    """A property of a wrong type or form."""
    return ApiError(400, f"The property, {name}, in the request body is invalid (line: -, column: -)")


def oauth(error: str, words: str) -> ApiError:
    """What the calls about access tokens say."""
    return ApiError(400, f"{error}: {words}", body={"error": error, "error_description": words})


def refusal(status: int, retry_after_s: int | None) -> HttpResponse:
    """How an answer with this status looks, whatever the call."""
    headers = (("Retry-After", str(retry_after_s)),) if retry_after_s is not None else ()
    return json_response(
        {"message": _WORDS.get(status, "An internal error has occurred")}, status=status, headers=headers
    )
