"""The errors of both APIs: problem documents of the CRM, error objects of the chats API.

Source: amoCRM developer documentation, "Error codes" and "Chats API reference" (2026-01); the OAuth problem as bots have
logged it. The chats API documents the status alone; its object has the three fields that existing clients read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec

from chatdrill.wire import HttpResponse, json_response
from chatdrill_fakes.families.desks import Refused

_TITLES = {
    400: "Bad Request",
    401: "Unauthorized",
    402: "Payment Required",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    422: "Unprocessable Entity",
    429: "Too Many Requests",
    500: "Internal Server Error",
    501: "Not Implemented",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}
_CHAT_TYPES = {400: "BAD_REQUEST", 403: "FORBIDDEN", 404: "NOT_FOUND", 429: "TOO_MANY_REQUESTS", 501: "NOT_IMPLEMENTED"}
_NO_CONTENT = (("Content-Type", "application/json"),)


@dataclass(frozen=True)
class Fault:
    """What is wrong with one field of a call to the CRM; ``path`` has dots: ``custom_fields_values.0.field_id``."""

    code: str
    path: str
    detail: str


NOT_A_CHOICE = "The value you selected is not a valid choice."


def hal(value: object, status: int = 200) -> HttpResponse:
    """An answer of the CRM."""
    return HttpResponse(status, (("Content-Type", "application/hal+json"),), msgspec.json.encode(value))


def no_content(status: int = 204) -> HttpResponse:
    """An answer without a body: an empty list, a deletion, a closed talk."""
    return HttpResponse(status, _NO_CONTENT if status != 204 else ())


def problem_response(status: int, detail: str, *, headers: Iterable[tuple[str, str]] = ()) -> HttpResponse:
    """A problem document of the CRM."""
    body = {
        "title": _TITLES.get(status, "Error"),
        "type": f"https://httpstatus.es/{status}",
        "status": status,
        "detail": detail,
    }
    return HttpResponse(status, (("Content-Type", "application/problem+json"), *headers), msgspec.json.encode(body))


def problem(status: int, detail: str) -> Refused:
    """The CRM says no."""
    return Refused(problem_response(status, detail), f"{status} {detail}")


def invalid(faults: Sequence[tuple[str, Sequence[Fault]]]) -> Refused:
    """The CRM finds fields wrong: per element (by its ``request_id``) what is wrong with it."""
    listed = [
        {
            "request_id": request_id,
            "errors": [{"code": each.code, "path": each.path, "detail": each.detail} for each in wrong],
        }
        for request_id, wrong in faults
    ]
    body = {
        "validation-errors": listed,
        "title": _TITLES[400],
        "type": "https://httpstatus.es/400",
        "status": 400,
        "detail": "Request validation failed",
    }
    response = HttpResponse(400, (("Content-Type", "application/problem+json"),), msgspec.json.encode(body))
    first = faults[0][1][0]
    return Refused(response, f"400 {first.code} at {first.path}: {first.detail}")


def oauth_problem(hint: str) -> Refused:
    """The token endpoint says no."""
    body = {
        "hint": hint,
        "title": "Некорректный запрос",
        "type": "https://developers.amocrm.ru/v3/errors/OAuthProblemJson",
        "status": 400,
        "detail": "В запросе отсутствует ряд параметров или параметры невалидны",
    }
    response = HttpResponse(400, (("Content-Type", "application/problem+json"),), msgspec.json.encode(body))
    return Refused(response, f"400 {hint}")


def chat_response(status: int, description: str, kind: str = "") -> HttpResponse:
    """An error object of the chats API."""
    body = {
        "error_code": status,
        "error_type": kind or _CHAT_TYPES.get(status, "ERROR"),
        "error_description": description,
    }
    return json_response(body, status=status)


def chat_problem(status: int, description: str, kind: str = "") -> Refused:
    """The chats API says no."""
    return Refused(chat_response(status, description, kind), f"{status} {description}")
