"""How Chatwoot says no. Source: Chatwoot v4.15.1, concerns/request_exception_handler.rb, access_token_auth_helper.rb."""

from __future__ import annotations

from collections.abc import Sequence

from chatdrill.wire import HttpResponse, json_response
from chatdrill_fakes.families.desks import Refused

NOT_FOUND = "Resource could not be found"
_WORDS = {
    401: "Invalid Access Token",
    403: "You are not authorized to do this action",
    404: NOT_FOUND,
    500: "Internal Server Error",
}


def refused(status: int, problem: str) -> Refused:
    """``{"error": ...}``."""
    return Refused(json_response({"error": problem}, status=status), problem)


def not_found(what: str) -> Refused:
    """404, whatever it was; ``what`` is for the trace."""
    return Refused(json_response({"error": NOT_FOUND}, status=404), f"no such {what}")


def invalid(problem: str, attributes: Sequence[str]) -> Refused:
    """422 for a record that was not saved."""
    return Refused(json_response({"message": problem, "attributes": list(attributes)}, status=422), problem)


def bad_request(why: str) -> Refused:
    """400 for a body that Rails cannot parse."""
    return Refused(json_response({"status": 400, "error": "Bad Request"}, status=400), why)


def not_signed_in() -> Refused:
    """401 without any token."""
    problem = "You need to sign in or sign up before continuing."
    return Refused(json_response({"errors": [problem]}, status=401), problem)


def too_fast() -> Refused:
    """429, without a body."""
    return Refused(any_refusal(429, None), "too many requests")


def any_refusal(status: int, retry_after_s: int | None) -> HttpResponse:
    """An answer with any status in the vendor's manner."""
    headers = () if retry_after_s is None else (("Retry-After", str(retry_after_s)),)
    if status == 429:
        return HttpResponse(429, (("Content-Type", "text/plain"), *headers))
    return json_response({"error": _WORDS.get(status, "Internal Server Error")}, status=status, headers=headers)
