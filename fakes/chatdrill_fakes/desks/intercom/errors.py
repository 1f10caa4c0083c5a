"""How Intercom words an error: a list with a request id. Source: Intercom's OpenAPI description 2.14 (MIT), its examples."""

from __future__ import annotations

from collections.abc import Iterable

from chatdrill.wire import HttpResponse, json_response
from chatdrill_fakes.desks.intercom.state import IntercomState, uuid
from chatdrill_fakes.families.desks import Refused

BY_STATUS: dict[int, tuple[str, str]] = {
    400: ("parameter_invalid", "Bad request"),
    401: ("unauthorized", "Access Token Invalid"),
    403: ("api_plan_restricted", "Active subscription needed."),
    404: ("not_found", "Resource Not Found"),
    409: ("conflict", "Conflict"),
    422: ("data_invalid", "Unprocessable entity"),
    429: ("rate_limit_exceeded", "The rate limit for the App has been exceeded"),
    500: ("server_error", "Server Error"),
    503: ("service_unavailable", "Sorry, the API service is temporarily unavailable"),
}


def error(
    state: IntercomState, status: int, code: str, message: str, headers: Iterable[tuple[str, str]] = ()
) -> HttpResponse:
    """An error list of one."""
    body = {
        "type": "error.list",
        "request_id": uuid(state.chance),
        "errors": [{"code": code, "message": message}],
    }
    return json_response(body, status=status, headers=headers)


def refuse(state: IntercomState, status: int, code: str, message: str) -> Refused:
    """The same to be raised."""
    return Refused(error(state, status, code, message), f"{status} {code}: {message}")


def not_found(state: IntercomState, what: str = "Resource") -> Refused:
    """404; ``what`` is ``Resource`` or ``User``."""
    return refuse(state, 404, "not_found", f"{what} Not Found")


def invalid(state: IntercomState, message: str) -> Refused:
    """400 ``parameter_invalid``."""
    return refuse(state, 400, "parameter_invalid", message)


def missing(state: IntercomState, message: str) -> Refused:
    """400 ``parameter_not_found``."""
    return refuse(state, 400, "parameter_not_found", message)


def any_error(state: IntercomState, status: int, headers: Iterable[tuple[str, str]] = ()) -> HttpResponse:
    """The error of a status, whatever was called."""
    near = BY_STATUS[500] if status >= 500 else BY_STATUS[400]
    return error(state, status, *BY_STATUS.get(status, near), headers)
