"""The app, its switchboard, integrations and webhooks."""

from __future__ import annotations

import re
from typing import Any

from chatdrill.wire import Hook, HttpResponse, json_response
from chatdrill_fakes.desks.zendesk import gate, ids, problems
from chatdrill_fakes.desks.zendesk.declared import SUNCO_RETRY
from chatdrill_fakes.desks.zendesk.limits import (
    HISTORY_MAX,
    STATION_NAME_MAX,
    STATIONS_MAX,
    SUNCO_TIMEOUT_S,
    WEBHOOKS_MAX,
)
from chatdrill_fakes.desks.zendesk.state import Integration, Station, SuncoHook, Switchboard
from chatdrill_fakes.desks.zendesk.sunco.reading import Call, listed

_NAME = re.compile(rf"[A-Za-z0-9_-]{{1,{STATION_NAME_MAX}}}")
TRIGGERS = frozenset(
    {f"client:{word}" for word in ("add", "remove", "update")}
    | {f"conversation:{word}" for word in ("create", "join", "leave", "remove", "message", "postback", "read")}
    | {"conversation:referral", "conversation:typing", "passthrough:messaging", "switchboard:releaseControl"}
    | {f"conversation:message:delivery:{word}" for word in ("channel", "user", "failure")}
    | {
        f"switchboard:{word}{end}"
        for word in ("passControl", "offerControl", "acceptControl")
        for end in ("", ":failure")
    }
    | {f"user:{word}" for word in ("merge", "update", "remove")}
)


def app(visit: Call) -> HttpResponse:
    """``GET /apps/{appId}``."""
    state = visit.state
    settings = {"appLocalizationEnabled": True, "maskCreditCardNumbers": False, "multiConvoEnabled": True}
    told = {"id": state.settings["app_id"], "displayName": "chatdrill", "settings": settings, "metadata": {}}
    return json_response({"app": {**told, "subdomain": state.settings["subdomain"]}})


# ---------------------------------------------------------------------------------------------------- switchboard


def _needs_app(visit: Call) -> None:
    if gate.scope(visit).name == "integration":
        problems.fail(403)


def _board(visit: Call) -> Switchboard:
    board = visit.state.switchboard
    if board is None or board.id != visit.params["sid"]:
        problems.fail(404, "switchboard_not_found", "Switchboard not found")
    return board


def _board_shape(board: Switchboard) -> dict[str, Any]:
    default = {} if board.default_id is None else {"defaultSwitchboardIntegrationId": board.default_id}
    return {"id": board.id, "enabled": board.enabled, **default}


def switchboards(visit: Call) -> HttpResponse:
    """``GET /switchboards``."""
    _needs_app(visit)
    board = visit.state.switchboard
    return json_response({"switchboards": [] if board is None else [_board_shape(board)]})


def create_switchboard(visit: Call) -> HttpResponse:
    """``POST /switchboards``: one in an app, switched off at first."""
    _needs_app(visit)
    if visit.state.switchboard is not None:
        problems.wrong("Only one switchboard can be created per app")
    visit.state.switchboard = Switchboard(id=ids.object_id(visit.state.chance, visit.at), enabled=False)
    return json_response({"switchboard": _board_shape(visit.state.switchboard)}, status=201)


def update_switchboard(visit: Call) -> HttpResponse:
    """``PATCH /switchboards/{sid}``."""
    _needs_app(visit)
    board = _board(visit)
    default = visit.values.get("defaultSwitchboardIntegrationId", board.default_id)
    enabled = visit.values.get("enabled", board.enabled)
    if default is not None and default not in tuple(visit.state.stations):
        problems.fail(404, "switchboard_integration_not_found", "SwitchboardIntegration not found")
    if enabled is True and default is None:
        text = "Enabled switchboard must have an associated default switchboardIntegration"
        problems.fail(404, "switchboard_integration_not_found", text)
    board.enabled, board.default_id = enabled is True, default
    return json_response({"switchboard": _board_shape(board)})


def remove_switchboard(visit: Call) -> HttpResponse:
    """``DELETE /switchboards/{sid}``: with its integrations; nobody has control of anything."""
    _needs_app(visit)
    _board(visit)
    visit.state.switchboard = None
    visit.state.stations.clear()
    for _, talk in visit.state.talks():
        talk.active = talk.pending = None
    return json_response({})


def _station_shape(each: Station) -> dict[str, Any]:
    more = {"nextSwitchboardIntegrationId": each.next_id, "messageHistoryCount": each.history}
    return {
        "id": each.id,
        "name": each.name,
        "integrationId": each.integration_id,
        "integrationType": each.integration_type,
        "deliverStandbyEvents": each.standby,
        **{key: value for key, value in more.items() if value is not None},
    }


def stations(visit: Call) -> HttpResponse:
    """``GET /switchboards/{sid}/switchboardIntegrations``."""
    _needs_app(visit)
    _board(visit)
    return json_response({"switchboardIntegrations": [_station_shape(each) for each in visit.state.stations.values()]})


def create_station(visit: Call) -> HttpResponse:
    """``POST /switchboards/{sid}/switchboardIntegrations``."""
    _needs_app(visit)
    _board(visit)
    if len(visit.state.stations) >= STATIONS_MAX:
        text = f"Switchboard has reached the max number of switchboard integrations ({STATIONS_MAX})"
        problems.fail(400, "too_many_switchboard_integrations", text)
    given, kind = visit.values.get("integrationId"), visit.values.get("integrationType")
    if (given is None) == (kind is None):
        problems.wrong("One of integrationId or integrationType is required, but not both")
    integration = _integration(visit, given, kind)
    if visit.state.station_of(integration.id) is not None:
        problems.wrong("The integration is on the switchboard already")
    made = Station(
        id=ids.object_id(visit.state.chance, visit.at),
        name="",
        integration_id=integration.id,
        integration_type=integration.type,
    )
    _fill(visit, made, {"name": "", **visit.values})
    visit.state.stations[made.id] = made
    return json_response({"switchboardIntegration": _station_shape(made)}, status=201)


def _integration(visit: Call, id: object, kind: object) -> Integration:
    known = visit.state.integrations
    found = known.get(str(id)) if id is not None else next((each for each in known.values() if each.type == kind), None)
    return found if found is not None else problems.fail(404, "integration_not_found", "Integration not found")


def _fill(visit: Call, each: Station, given: Any) -> None:
    """Change what is given; refused with 400 where it cannot be."""
    name, history = given.get("name", each.name), given.get("messageHistoryCount", each.history)
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        problems.wrong("name must be alphanumeric, - and _, at most 128 characters")
    if any(other.name == name and other is not each for other in visit.state.stations.values()):
        problems.wrong("name is in use already")
    if history is not None and not (isinstance(history, int) and 1 <= history <= HISTORY_MAX):
        problems.wrong(f"messageHistoryCount must be between 1 and {HISTORY_MAX}")
    behind = given.get("nextSwitchboardIntegrationId", each.next_id)
    if behind is not None and behind not in tuple(visit.state.stations):
        problems.fail(404, "switchboard_integration_not_found", "SwitchboardIntegration not found")
    each.name, each.history, each.next_id = name, history, behind
    each.standby = given.get("deliverStandbyEvents", each.standby) is True


def _station(visit: Call) -> Station:
    _needs_app(visit)
    _board(visit)
    found = visit.state.stations.get(visit.params["siid"])
    if found is None:
        problems.fail(404, "switchboard_integration_not_found", "SwitchboardIntegration not found")
    return found


def update_station(visit: Call) -> HttpResponse:
    """``PATCH /switchboards/{sid}/switchboardIntegrations/{siid}``."""
    each = _station(visit)
    _fill(visit, each, visit.values)
    return json_response({"switchboardIntegration": _station_shape(each)})


def remove_station(visit: Call) -> HttpResponse:
    """``DELETE /switchboards/{sid}/switchboardIntegrations/{siid}``: neither the default nor the next of another."""
    each, board = _station(visit), _board(visit)
    if board.default_id == each.id or any(other.next_id == each.id for other in visit.state.stations.values()):
        problems.fail(403)
    del visit.state.stations[each.id]
    for _, talk in visit.state.talks():
        talk.active = None if talk.active == each.id else talk.active
        talk.pending = None if talk.pending == each.id else talk.pending
    return json_response({})


# --------------------------------------------------------------------------------------------------- integrations


def _integration_shape(each: Integration) -> dict[str, Any]:
    return {"id": each.id, "type": each.type, "status": each.status, "displayName": each.display_name}


def integrations(visit: Call) -> HttpResponse:
    """``GET /integrations``."""
    found = list(visit.state.integrations.values())
    return listed(visit, "integrations", found, lambda each: each.id, _integration_shape)


def create_integration(visit: Call) -> HttpResponse:
    """``POST /integrations``: a custom one; real channels belong to messengers."""
    _needs_app(visit)
    if visit.values.get("type") != "custom":
        problems.wrong("Invalid integration type")
    id = ids.object_id(visit.state.chance, visit.at)
    name = str(visit.values.get("displayName") or "custom")
    visit.state.integrations[id] = Integration(id=id, type="custom", display_name=name)
    return json_response({"integration": _integration_shape(visit.state.integrations[id])}, status=201)


def show_integration(visit: Call) -> HttpResponse:
    """``GET /integrations/{iid}``."""
    found = _integration(visit, visit.params["iid"], None)
    return json_response({"integration": _integration_shape(found)})


# ------------------------------------------------------------------------------------------------------- webhooks


def _own(visit: Call) -> str:
    """The integration that the path names; another one's is closed to a token of one integration."""
    scope, found = gate.scope(visit), _integration(visit, visit.params["iid"], None)
    if scope.name == "account" or (scope.integration_id is not None and scope.integration_id != found.id):
        problems.fail(403)
    return found.id


def _hook_shape(each: SuncoHook) -> dict[str, Any]:
    return {
        "id": each.hook.id,
        "version": "v2",
        "target": each.hook.url,
        "triggers": sorted(each.hook.wants),
        "secret": each.hook.secret,
        "includeFullUser": each.full_user,
        "includeFullSource": each.full_source,
    }


def webhooks(visit: Call) -> HttpResponse:
    """``GET /integrations/{iid}/webhooks``."""
    own = _own(visit)
    found = [_hook_shape(each) for each in visit.state.sunco_hooks.values() if each.integration_id == own]
    return json_response({"webhooks": found})


def _triggers(value: object) -> frozenset[str]:
    if not isinstance(value, list) or not value:
        problems.wrong("triggers must be a list of trigger names")
    unknown = [each for each in value if not isinstance(each, str) or each not in TRIGGERS]
    if unknown:
        problems.wrong(f"Unknown trigger: {unknown[0]}")
    return frozenset(value)


def _url(value: object) -> str:
    if not isinstance(value, str) or not value.startswith(("http://", "https://")):
        problems.wrong("target must be a URL")
    return value


def create_webhook(visit: Call) -> HttpResponse:
    """``POST /integrations/{iid}/webhooks``: with a secret of its own."""
    own, state = _own(visit), visit.state
    url, wants = _url(visit.values.get("target")), _triggers(visit.values.get("triggers"))
    if len(state.sunco_hooks) >= WEBHOOKS_MAX:
        problems.wrong(f"An app is limited to {WEBHOOKS_MAX} webhooks")
    id, secret = ids.object_id(state.chance, visit.at), state.chance.hex(32)
    hook = Hook(id, url, secret, wants, "sunco", SUNCO_RETRY, SUNCO_TIMEOUT_S)
    made = SuncoHook(hook=hook, integration_id=own)
    _flags(visit, made)
    state.sunco_hooks[id] = made
    return json_response({"webhook": _hook_shape(made)}, status=201)


def _flags(visit: Call, each: SuncoHook) -> None:
    each.full_user = visit.values.get("includeFullUser", each.full_user) is True
    each.full_source = visit.values.get("includeFullSource", each.full_source) is True


def _hook(visit: Call) -> SuncoHook:
    own = _own(visit)
    found = visit.state.sunco_hooks.get(visit.params["wid"])
    return found if found is not None and found.integration_id == own else problems.fail(404)


def show_webhook(visit: Call) -> HttpResponse:
    """``GET /integrations/{iid}/webhooks/{wid}``."""
    return json_response({"webhook": _hook_shape(_hook(visit))})


def update_webhook(visit: Call) -> HttpResponse:
    """``PATCH /integrations/{iid}/webhooks/{wid}``."""
    each = _hook(visit)
    url = _url(visit.values["target"]) if "target" in visit.values else each.hook.url
    wants = _triggers(visit.values["triggers"]) if "triggers" in visit.values else each.hook.wants
    each.hook.url, each.hook.wants = url, wants
    _flags(visit, each)
    visit.state.outbox.changed()
    return json_response({"webhook": _hook_shape(each)})


def remove_webhook(visit: Call) -> HttpResponse:
    """``DELETE /integrations/{iid}/webhooks/{wid}``: what waits for it is not sent any more."""
    each = _hook(visit)
    del visit.state.sunco_hooks[each.hook.id]
    for update in visit.state.outbox:
        if update.hook is each.hook:
            visit.state.outbox.remove(update)
    return json_response({})
