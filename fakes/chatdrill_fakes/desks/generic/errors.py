"""How a declared desk says no."""

from __future__ import annotations

from typing import Any

from chatdrill.wire import HttpResponse, json_response
from chatdrill_fakes.desks.generic.filling import fill, fill_text
from chatdrill_fakes.desks.generic.spec import Spec
from chatdrill_fakes.families.desks import Refused


def error(spec: Spec, name: str, reason: str) -> Refused:
    """The answer that the file words for an error, ``reason`` in it."""
    declared = spec.errors[name]
    names = {"reason": reason}
    headers = [(key, one_line(fill_text(value, names))) for key, value in declared.headers.items()]
    return Refused(respond(declared.status, fill(declared.body, names), headers), f"{name}: {reason}")


def respond(status: int, body: Any, headers: list[tuple[str, str]]) -> HttpResponse:
    """An answer with JSON, or with nothing."""
    if body is None:
        return HttpResponse(status, tuple(headers))
    return json_response(body, status=status, headers=headers)


def one_line(text: str) -> str:
    """A text as a header may have it."""
    return " ".join(text.splitlines())


def any_refusal(spec: Spec, status: int, retry_after_s: int | None) -> HttpResponse:
    """The error that the file words for a status, or a plain one."""
    declared = next((name for name, each in spec.errors.items() if each.status == status), None)
    usual = respond(status, {"error": f"status {status}"}, [])
    response = usual if declared is None else error(spec, declared, "injected").response
    kept = [header for header in response.headers if header[0].lower() != "retry-after" or retry_after_s is None]
    after = [] if retry_after_s is None else [("Retry-After", str(retry_after_s))]
    return HttpResponse(response.status, (*kept, *after), response.body)
