"""The envelope of every answer, and arguments read as the API reads them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from chatdrill.wire import HttpResponse, json_response
from chatdrill_fakes.desks.chat2desk.state import Chat2DeskState, Client, Dialog, Message
from chatdrill_fakes.families.desks import Refused, Visit

PAGE, PAGE_MAX = 20, 200

At = Visit[Chat2DeskState]


def success(data: object, **more: object) -> HttpResponse:
    """``{"status": "success", "data": ...}``."""
    return json_response({"status": "success", "data": data, **more})


def failure(
    status: int,
    message: str | None = None,
    errors: Mapping[str, Sequence[str]] | None = None,
    headers: Sequence[tuple[str, str]] = (),
) -> HttpResponse:
    """``{"status": "error", ...}`` with a message, with errors by field, or both."""
    body: dict[str, Any] = {"status": "error"}
    if message is not None:
        body["message"] = message
    if errors is not None:
        body["errors"] = errors
    return json_response(body, status=status, headers=headers)


def refuse(status: int, message: str) -> Refused:
    """To be raised: an error without fields."""
    return Refused(failure(status, message), message)


def wrong(name: str, problem: str, status: int = 400) -> Refused:
    """To be raised: one argument is wrong."""
    return Refused(failure(status, errors={name: [problem]}), f"{name}: {problem}")


def page(visit: At, items: Sequence[object]) -> HttpResponse:
    """One page of a list: ``limit`` (20, at most 200) and ``offset``."""
    limit = min(max(1, number(visit, "limit") or PAGE), PAGE_MAX)
    offset = max(0, number(visit, "offset") or 0)
    meta = {"total": len(items), "limit": limit, "offset": offset}
    return success(items[offset : offset + limit], meta=meta)


# ------------------------------------------------------------------------------------------------- arguments


def text(visit: At, name: str) -> str | None:
    """A text, or a number as text; raises ``Refused`` for anything else."""
    value = visit.values.get(name)
    if value is None or value == "":
        return None
    if isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
        return str(value)
    raise wrong(name, "is invalid")


def number(visit: At, name: str) -> int | None:
    """A whole number, also one in a string; raises ``Refused`` for anything else."""
    value = visit.values.get(name)
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise wrong(name, "is not a number")
    try:
        return int(str(value)[:20])
    except ValueError:
        raise wrong(name, "is not a number") from None


def truth(visit: At, name: str) -> bool:
    """A yes or no, in JSON or in words."""
    value = visit.values.get(name)
    return value is True or str(value).lower() in ("1", "true")


def ids(visit: At, name: str) -> list[str]:
    """A list of numbers; raises ``Refused`` for anything else."""
    value = visit.values.get(name)
    items = value if isinstance(value, list) else [value]
    if not all(isinstance(item, int | str) and not isinstance(item, bool) for item in items) or not items:
        raise wrong(name, "is invalid")
    return [str(item) for item in items]


# --------------------------------------------------------------------------------------------------- lookups


def client_of(visit: At, id: str | None) -> Client:
    """The client with this id; ``visit.to`` is its dialog. Raises ``Refused``."""
    client = visit.state.clients.get(id or "")
    if client is None:
        raise refuse(404, "Client not found")
    visit.to = client.dialog
    return client


def dialog_of(visit: At, id: str | None) -> Dialog:
    """The dialog with this id; raises ``Refused``."""
    dialog = visit.state.tickets.get(id or "")
    if dialog is None:
        raise refuse(404, "Dialog not found")
    visit.to = dialog.address
    return dialog


def message_of(visit: At) -> Message:
    """The message of the path; ``visit.to`` is its dialog. Raises ``Refused``."""
    message = visit.state.messages.get(visit.params["id"])
    if message is None:
        raise refuse(404, "Message not found")
    visit.to = message.dialog
    return message


def agent_of(visit: At, name: str = "operator_id") -> str | None:
    """The key of the operator an argument names, if it does; raises ``Refused`` for an unknown one."""
    id = number(visit, name)
    if id is None:
        return None
    agent = visit.state.agent_by_id(str(id))
    if agent is None:
        raise wrong(name, "Operator not found")
    return agent
