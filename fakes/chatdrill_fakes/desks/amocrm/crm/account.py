"""The account, its users and its pipeline."""

from __future__ import annotations

from chatdrill.wire import HttpResponse
from chatdrill_fakes.desks.amocrm.crm.reading import extras, link, page
from chatdrill_fakes.desks.amocrm.errors import hal, problem
from chatdrill_fakes.desks.amocrm.state import FINAL, PIPELINE, STAGES, UNSORTED, AmoState, Document
from chatdrill_fakes.families.desks import Visit

_ALL = {"view": "A", "edit": "A", "add": "A", "delete": "A", "export": "A"}
_TASK_TYPES = [
    {"id": 1, "name": "Follow-up", "color": None, "icon_id": None, "code": "FOLLOW_UP"},
    {"id": 2, "name": "Meeting", "color": None, "icon_id": None, "code": "MEETING"},
]


def account(visit: Visit[AmoState]) -> HttpResponse:
    """``GET /account``; ``with`` adds the id in the chats API and the rest."""
    state, more = visit.state, extras(visit)
    subdomain = state.settings["subdomain"]
    found: Document = {
        "id": state.account_id,
        "name": subdomain,
        "subdomain": subdomain,
        "current_user_id": state.bot_user,
        "country": "RU",
        "customers_mode": "disabled",
        "is_unsorted_on": True,
        "is_loss_reason_enabled": False,
        "is_helpbot_enabled": False,
        "is_technical_account": False,
        "contact_name_display_order": 1,
    }
    if "amojo_id" in more:
        found["amojo_id"] = state.settings["amojo_id"]
    if "version" in more:
        found["version"] = 16
    found["_links"] = link(visit, "account")
    inner: Document = {}
    if "amojo_rights" in more:
        inner["amojo_rights"] = {"can_direct": True, "can_create_groups": True}
    if "users_groups" in more:
        inner["users_groups"] = [{"id": 0, "name": "Support", "uuid": None}]
    if "task_types" in more:
        inner["task_types"] = _TASK_TYPES
    return hal({**found, "_embedded": inner})


def users(visit: Visit[AmoState]) -> HttpResponse:
    """``GET /users``: the agents, and the user of the integration."""
    return page(visit, "users", [_user(visit, id) for id in _ids(visit.state)])


def user(visit: Visit[AmoState]) -> HttpResponse:
    """``GET /users/{id}``."""
    id = visit.params["id"]
    if id not in _ids(visit.state):
        raise problem(404, "User not found")
    return hal(_user(visit, id))


def _ids(state: AmoState) -> list[str]:
    return [str(state.bot_user), *(seat.id for seat in state.seats.values())]


def _user(visit: Visit[AmoState], id: str) -> Document:
    state, more = visit.state, extras(visit)
    key = state.agent_by_id(id)
    agent = None if key is None else state.seats[key].agent
    found: Document = {
        "id": int(id),
        "name": "Chat bot" if agent is None else agent.name,
        "email": f"{'bot' if agent is None else agent.key}@example.com" if not (agent and agent.email) else agent.email,
        "lang": "en" if agent is None else agent.languages[0],
        "rights": {
            "leads": _ALL,
            "contacts": _ALL,
            "companies": _ALL,
            "tasks": {"edit": "A", "delete": "A"},
            "mail_access": False,
            "catalog_access": False,
            "status_rights": [],
            "is_admin": agent is None,
            "is_free": False,
            "is_active": True,
            "group_id": 0,
            "role_id": None,
        },
        "_links": link(visit, f"users/{id}"),
        "_embedded": {},
    }
    if "amojo_id" in more:
        found["amojo_id"] = state.settings["bot_id"] if key is None else state.amojo_ids[key]
    if "group" in more:
        found["_embedded"]["groups"] = [{"id": 0, "name": "Support"}]
    if "role" in more:
        found["_embedded"]["roles"] = []
    return found


def pipelines(visit: Visit[AmoState]) -> HttpResponse:
    """``GET /leads/pipelines``: the account has one."""
    return hal(
        {"_total_items": 1, "_links": link(visit, "leads/pipelines"), "_embedded": {"pipelines": [_pipeline(visit)]}}
    )


def pipeline(visit: Visit[AmoState]) -> HttpResponse:
    """``GET /leads/pipelines/{id}``."""
    if visit.params["id"] != str(PIPELINE):
        raise problem(404, "Pipeline not found")
    return hal(_pipeline(visit))


def _pipeline(visit: Visit[AmoState]) -> Document:
    path, account_id = f"leads/pipelines/{PIPELINE}", visit.state.account_id
    stages = [
        {
            "id": id,
            "name": name,
            "sort": 10_000 + id if id in FINAL else 10 * (number + 1),
            "is_editable": id not in (*FINAL, UNSORTED),
            "pipeline_id": PIPELINE,
            "color": "#99ccff",
            "type": 1 if id == UNSORTED else 0,
            "account_id": account_id,
            "_links": link(visit, f"{path}/statuses/{id}"),
        }
        for number, (id, name) in enumerate(STAGES.items())
    ]
    return {
        "id": PIPELINE,
        "name": "Support",
        "sort": 1,
        "is_main": True,
        "is_unsorted_on": True,
        "is_archive": False,
        "account_id": account_id,
        "_links": link(visit, path),
        "_embedded": {"statuses": stages},
    }
