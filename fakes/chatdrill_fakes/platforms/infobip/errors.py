"""Refused calls, in the shape of the newer and of the older API. Source: infobip.com/docs/api, errors (2026)."""

from __future__ import annotations

from typing import Any

from chatdrill.wire import HttpResponse, json_response

NAMES = {
    400: "BAD_REQUEST",
    401: "UNAUTHORIZED",
    403: "FORBIDDEN",
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    415: "UNSUPPORTED_MEDIA_TYPE",
    429: "TOO_MANY_REQUESTS",
    500: "GENERAL_ERROR",
    503: "SERVICE_UNAVAILABLE",
}
TEXTS = {
    400: "Bad request",
    401: "Invalid login details",
    403: "Forbidden",
    404: "Requested URL not found",
    405: "Method not allowed",
    415: "Unsupported media type",
    429: "Too many requests",
    500: "Something went wrong. Please contact support.",
    503: "Service unavailable",
}
_NEW = {
    400: ("Request cannot be processed.", "Check the syntax, violations and adjust the request."),
    401: ("The request lacks valid authentication credentials.", "Check the credentials."),
}


class ApiError(Exception):
    """A call that is refused. ``violations`` are places with what is wrong there; ``note`` is for the trace."""

    def __init__(
        self, status: int, detail: str = "", *, note: str | None = None, refused: bool = False, **violations: str
    ) -> None:
        self.status, self.note, self.refused = status, note, refused
        self.violations: dict[str, str] = dict(violations)
        self.text = f"{TEXTS.get(status, 'Bad request')}{f': {detail}' if detail else ''}"
        super().__init__(self.text)

    @property
    def told(self) -> str:
        """For the trace."""
        wrong = "; ".join(f"{place} {words}" for place, words in self.violations.items())
        return f"{self.status} {self.text}{f' ({wrong})' if wrong else ''}"

    def response(self, *, is_new: bool) -> HttpResponse:
        """The answer."""
        return json_response(self._newer() if is_new else self._older(), status=self.status)

    def _newer(self) -> dict[str, Any]:
        description, action = _NEW.get(self.status, (self.text, "Try again or contact support."))
        return {
            "errorCode": f"E{self.status}",
            "description": description,
            "action": action,
            "violations": [{"property": place, "violation": words} for place, words in self.violations.items()],
            "resources": [{"name": "API documentation", "url": "https://www.infobip.com/docs/api"}],
        }

    def _older(self) -> dict[str, Any]:
        fault: dict[str, Any] = {"messageId": NAMES.get(self.status, "GENERAL_ERROR"), "text": self.text}
        if self.violations:
            fault["validationErrors"] = {place: [words] for place, words in self.violations.items()}
        return {"requestError": {"serviceException": fault}}


def violated(place: str, words: str) -> ApiError:
    """400: something is wrong at a place of the body."""
    error = ApiError(400)
    error.violations[place] = words
    return error


def refusal(status: int) -> HttpResponse:
    """How an answer with this status looks, whatever the call."""
    return ApiError(status).response(is_new=False)
