"""How Zendesk says no: the Ticketing API and Sunshine Conversations have words of their own."""

from __future__ import annotations

from typing import Any, NoReturn

from chatdrill.wire import HttpRequest, HttpResponse, json_response
from chatdrill_fakes.families.desks import Refused

FORBIDDEN = "You do not have access to this page. Please contact the account owner of this help desk for further help."
_SUPPORT: dict[int, dict[str, Any]] = {
    400: {"error": "BadRequest", "description": "Bad request"},
    401: {"error": "Couldn't authenticate you"},
    403: {"error": {"title": "Forbidden", "message": FORBIDDEN}},
    404: {"error": "RecordNotFound", "description": "Not found"},
    409: {"error": "UpdateConflict", "description": "Database collision"},
    422: {"error": "RecordInvalid", "description": "Record validation errors", "details": {}},
    500: {"error": "InternalServerError", "description": "Internal server error"},
    503: {"error": "ServiceUnavailable", "description": "Service temporarily unavailable"},
}
_SUNCO: dict[int, tuple[str, str]] = {
    400: ("bad_request", "Bad request"),
    401: ("unauthorized", "Authorization is required"),
    403: ("forbidden", "Forbidden"),
    404: ("not_found", "Resource not found"),
    409: ("conflict", "Conflict"),
    413: ("payload_too_large", "Payload too large"),
    423: ("locked", "Locked"),
    429: ("too_many_requests", "Too many requests"),
    500: ("internal_error", "Internal error"),
    501: ("not_implemented", "Not implemented"),
    503: ("service_unavailable", "Service unavailable"),
}
TOO_MANY = b"Number of allowed API requests per minute exceeded"


# ------------------------------------------------------------------------------------------------------- Support


def support(status: int, *, description: str | None = None, retry_after_s: int | None = None) -> HttpResponse:
    """An error of the Ticketing API with this status."""
    headers = (("Retry-After", str(retry_after_s)),) if retry_after_s is not None else ()
    if status == 429:
        return HttpResponse(429, (("Content-Type", "text/plain; charset=utf-8"), *headers), TOO_MANY)
    body = _SUPPORT.get(status, {"error": "Error", "description": f"Status {status}"})
    return json_response(
        {**body, **({"description": description} if description else {})}, status=status, headers=headers
    )


def refuse(status: int, why: str) -> NoReturn:
    """Refuse a call of the Ticketing API in the vendor's words for ``status``."""
    raise Refused(support(status), why)


def bad_request(error: str, description: str) -> NoReturn:
    """Refuse with 400."""
    raise Refused(json_response({"error": error, "description": description}, status=400), description)


def invalid(field: str, description: str, error: str = "InvalidValue") -> NoReturn:
    """Refuse with 422 ``RecordInvalid`` about one field."""
    details = {field: [{"description": description, "error": error}]}
    body = {"error": "RecordInvalid", "description": "Record validation errors", "details": details}
    raise Refused(json_response(body, status=422), description)


def outdated() -> NoReturn:
    """Refuse with 409: somebody else has changed the ticket since."""
    text = "Safe Update prevented the update due to outdated ticket data. Please fetch the latest ticket data and try again."
    raise Refused(json_response({"error": "UpdateConflict", "description": text}, status=409), text)


def unknown(request: HttpRequest) -> HttpResponse:
    """The answer to a path that nobody has."""
    if is_sunco(request.path):
        return sunco(404)
    return json_response({"error": "InvalidEndpoint", "description": "Not found"}, status=404)


# --------------------------------------------------------------------------------------------------------- SunCo


def is_sunco(path: str) -> bool:
    """True for paths of Sunshine Conversations."""
    return path.startswith(("/sc/", "/v2/"))


def sunco(status: int, code: str = "", title: str = "", *, retry_after_s: int | None = None) -> HttpResponse:
    """An error of Sunshine Conversations."""
    known = _SUNCO.get(status, ("error", f"Status {status}"))
    headers = (("Retry-After", str(retry_after_s)),) if retry_after_s is not None else ()
    error = {"code": code or known[0], "title": title or known[1]}
    return json_response({"errors": [error]}, status=status, headers=headers)


def fail(status: int, code: str = "", title: str = "") -> NoReturn:
    """Refuse a call of Sunshine Conversations."""
    known = _SUNCO[status]
    raise Refused(sunco(status, code, title), f"{code or known[0]}: {title or known[1]}")


def wrong(title: str) -> NoReturn:
    """Refuse with 400 ``bad_request``."""
    fail(400, title=title)
