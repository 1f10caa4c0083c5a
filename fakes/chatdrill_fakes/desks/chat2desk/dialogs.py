"""Calls that move dialogs: open, assign, transfer, close."""

from __future__ import annotations

from chatdrill.model import HandoffAsked
from chatdrill.wire import HttpResponse
from chatdrill_fakes.desks.chat2desk import moving, shapes
from chatdrill_fakes.desks.chat2desk.answers import (
    At,
    agent_of,
    client_of,
    dialog_of,
    message_of,
    number,
    page,
    refuse,
    success,
    text,
    truth,
    wrong,
)
from chatdrill_fakes.desks.chat2desk.state import Dialog

STATES = ("open", "closed")


def listed(visit: At) -> HttpResponse:
    """GET /dialogs, by operator and state."""
    agent, state = agent_of(visit), text(visit, "state")
    if state is not None and state not in STATES:
        raise wrong("state", "is not included in the list")
    found = [
        dialog
        for dialog in visit.state.tickets.values()
        if agent in (None, dialog.assignee) and (state is None or dialog.is_open is (state == "open"))
    ]
    return _page(visit, found[::-1] if text(visit, "order") == "desc" else found)


def unanswered(visit: At) -> HttpResponse:
    """GET /dialogs/unanswered: open ones in which the customer had the last word."""
    return _page(
        visit,
        [
            dialog
            for dialog in visit.state.tickets.values()
            if dialog.is_open and dialog.messages and dialog.messages[-1].kind == "from_client"
        ],
    )


def _page(visit: At, dialogs: list[Dialog]) -> HttpResponse:
    return page(visit, [shapes.dialog(visit.state, dialog) for dialog in dialogs])


def show(visit: At) -> HttpResponse:
    """GET /dialogs/{id}."""
    return success(shapes.dialog(visit.state, dialog_of(visit, visit.params["id"])))


def change(visit: At) -> HttpResponse:
    """PUT /dialogs/{id}: open or close it, give it to an operator, or (``operator_id`` null) take it from them."""
    dialog, state = dialog_of(visit, visit.params["id"]), text(visit, "state")
    if state is not None and state not in STATES:
        raise wrong("state", "is not included in the list")
    agent = agent_of(visit)
    if state == "closed":
        visit.events += moving.close_dialog(visit.state, dialog, visit.at)
    elif agent is not None:
        give(visit, dialog, agent)
    else:
        if state == "open":
            _ask(visit, dialog, {"state": "open"})
        if "operator_id" in visit.values and dialog.is_open:
            visit.events += moving.assign(visit.state, dialog, None, visit.at)
        visit.events += moving.queue(visit.state, dialog, visit.at)
    return success(shapes.dialog(visit.state, dialog))


def _ask(visit: At, dialog: Dialog, fields: dict[str, object]) -> None:
    if not dialog.is_open:
        visit.events += moving.open_dialog(visit.state, dialog, visit.at)
        visit.events.append(HandoffAsked(ticket=dialog.address, fields=fields))


def give(visit: At, dialog: Dialog, agent: str) -> None:
    """Give a dialog to an operator who has a place for it; ``force_assign`` does not ask. Raises ``Refused``."""
    state = visit.state
    is_full = dialog.assignee != agent and state.load_of(agent) >= state.capacity_of(agent)
    if is_full and not truth(visit, "force_assign"):
        raise wrong("operator_id", "Operator has maximum of opened dialogs")
    _ask(visit, dialog, {"operator_id": state.operator_id(agent)})
    visit.events += moving.assign(state, dialog, agent, visit.at)


def assign(visit: At) -> HttpResponse:
    """/messages/{id}/assign and /messages/{id}/transfer: the dialog of that message is an operator's now."""
    dialog, agent = dialog_of(visit, message_of(visit).dialog), agent_of(visit)
    if agent is None:
        raise wrong("operator_id", "can't be blank")
    give(visit, dialog, agent)
    return success(shapes.dialog(visit.state, dialog))


def transfer_to_group(visit: At) -> HttpResponse:
    """POST /messages/{id}/transfer_to_group: the dialog of that message lies in the queue of a group."""
    dialog, group = dialog_of(visit, message_of(visit).dialog), number(visit, "group_id")
    teams = visit.state.teams()
    if group is None or not 1 <= group <= len(teams):
        raise wrong("group_id", "Group not found")
    _ask(visit, dialog, {"group_id": group})
    visit.events += moving.send_to_team(visit.state, dialog, teams[group - 1], visit.at)
    return success(shapes.dialog(visit.state, dialog))


def close_request(visit: At) -> HttpResponse:
    """PUT /requests/close: end the open case of a client."""
    dialog = visit.state.dialog_of(client_of(visit, text(visit, "client_id")))
    if dialog is None or dialog.request is None or not dialog.request.open:
        raise refuse(404, "Request not found")
    visit.events += moving.close_request(visit.state, dialog, visit.at)
    return success({"request_id": int(dialog.request.id), "client_id": int(dialog.client.id)})
