"""How a declared fake says no: by the answers that its file words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chatdrill.wire import HttpResponse, json_response
from chatdrill_fakes.families.declared.filling import fill, fill_text
from chatdrill_fakes.families.declared.templates import Answer


def refusal(errors: Mapping[str, Answer], name: str, reason: str) -> HttpResponse:
    """The answer that the file words for an error, ``reason`` in it."""
    declared, names = errors[name], {"reason": reason}
    headers = [(key, one_line(fill_text(value, names))) for key, value in declared.headers.items()]
    return respond(declared.status, fill(declared.body, names), headers)


def respond(status: int, body: Any, headers: list[tuple[str, str]]) -> HttpResponse:
    """An answer with JSON, or with nothing."""
    if body is None:
        return HttpResponse(status, tuple(headers))
    return json_response(body, status=status, headers=headers)


def one_line(text: str) -> str:
    """A text as a header may have it."""
    return " ".join(text.splitlines())


def any_refusal(errors: Mapping[str, Answer], status: int, retry_after_s: int | None) -> HttpResponse:
    """The error that the file words for a status, or a plain one."""
    declared = next((name for name, each in errors.items() if each.status == status), None)
    usual = respond(status, {"error": f"status {status}"}, [])
    response = usual if declared is None else refusal(errors, declared, "injected")
    kept = [header for header in response.headers if header[0].lower() != "retry-after" or retry_after_s is None]
    after = [] if retry_after_s is None else [("Retry-After", str(retry_after_s))]
    return HttpResponse(response.status, (*kept, *after), response.body)
