"""Events that only Messenger has, by its own names: a standard payload that a scenario may override.

Some of them also change what Meta's servers know: who owns a thread, whether the Page may send, which tokens are valid.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chatdrill.errors import Unsupported
from chatdrill.model import Event
from chatdrill_fakes.families.graph import events
from chatdrill_fakes.families.graph.events import Kind, Kinds
from chatdrill_fakes.families.graph.scene import Told
from chatdrill_fakes.families.graph.state import Comment, Json

from ..errors import KNOWN, PROFILE_SUBCODES
from ..limits import LINKING_TOKEN_LIFE_S
from ..state import UtilityTemplate
from .scene import Scene


def event(scene: Scene, act: Event) -> Told:
    """The updates of an event; see ``families.graph.events``."""
    return events.tell(_ALL, scene, act)


# ------------------------------------------------------------------------------------------- opt-ins and accounts


def _optin(scene: Scene, data: Mapping[str, Any]) -> Json:
    if data.get("type") == "one_time_notif_req":
        token = scene.state.chance.digits(19)
        return {"type": "one_time_notif_req", "payload": "back-in-stock", "one_time_notif_token": token}
    if "type" not in data and ("ref" in data or "user_ref" in data):
        return {"ref": "checkbox"}
    return events.optin(scene, data)


def _grant(scene: Scene, value: Json) -> None:
    events.grant(scene, value)
    if user_ref := value.get("user_ref"):
        scene.state.user_refs[str(user_ref)] = scene.chat.address


def _optout(scene: Scene, _data: Mapping[str, Any]) -> Json:
    token = next((token for token, grant in scene.state.grants.items() if grant.to == scene.chat.address), "")
    return {
        "type": "notification_messages",
        "payload": "weekly-deals",
        "notification_messages_token": token or scene.state.chance.digits(19),
        "notification_messages_status": "STOP NOTIFICATIONS",
    }


def _stop(scene: Scene, value: Json) -> None:
    grant = scene.state.grants.get(str(value.get("notification_messages_token")))
    if grant is not None:
        grant.stopped = value.get("notification_messages_status") == "STOP NOTIFICATIONS"


def _linking(_scene: Scene, data: Mapping[str, Any]) -> Json:
    if data.get("status") == "unlinked":
        return {"status": "unlinked"}
    return {"status": "linked", "authorization_code": "AUTH-91"}


def _link(scene: Scene, value: Json) -> None:
    """The token of the login page is not part of the event; a scenario may name it to make it known."""
    token = value.pop("account_linking_token", None)
    if token is not None:
        scene.state.linking_tokens[str(token)] = (scene.chat.address, scene.at + LINKING_TOKEN_LIFE_S)


def _roles(scene: Scene, data: Mapping[str, Any]) -> Json:
    return {} if data else {scene.state.app_id: ["primary_receiver"]}


# ------------------------------------------------------------------------------------------------ the Page's affairs


def _policy(_scene: Scene, data: Mapping[str, Any]) -> Json:
    action = data.get("action", "block")
    return {"action": action} if action == "unblock" else {"action": action, "reason": "The Page sent spam."}


def _restrict(scene: Scene, value: Json) -> None:
    if value.get("action") in ("block", "unblock"):
        scene.state.restricted = value["action"] == "block"


def _feedback(_scene: Scene, _data: Mapping[str, Any]) -> Json:
    follow_up = {"type": "free_form", "payload": "quick answer"}
    questions = {"q-csat": {"type": "csat", "payload": "4", "follow_up": follow_up}}
    return {"feedback_screens": [{"screen_id": 0, "questions": questions}]}


def _thumb(scene: Scene, _data: Mapping[str, Any]) -> Json:
    last = next((key for key, one in reversed(scene.chat.messages.items()) if one.author == "bot"), "")
    return {"feedback": "Good response", "mid": last}


def _cart(_scene: Scene, _data: Mapping[str, Any]) -> Json:
    product: Json = {
        "id": "5218907442",
        "retailer_id": "MUG-01",
        "name": "Blue mug",
        "unit_price": 18.0,
        "currency": "EUR",
        "quantity": 2,
    }
    return {"products": [product], "note": "gift wrap"}


def _lead(_scene: Scene, _data: Mapping[str, Any]) -> Json:
    return {"id": "99001122"}


def _game(scene: Scene, _data: Mapping[str, Any]) -> Json:
    return {
        "game_id": "1",
        "player_id": scene.chat.address,
        "context_type": "SOLO",
        "context_id": "3",
        "score": 10,
        "payload": "{}",
    }


def _referral(_scene: Scene, _data: Mapping[str, Any]) -> Json:
    return {"ref": "flyer-17", "source": "SHORTLINK", "type": "OPEN_THREAD"}


def _inbox_label(scene: Scene, _data: Mapping[str, Any]) -> Json:
    label = {"id": "44551", "page_label_name": "vip"}
    return {"user": {"id": scene.chat.address}, "action": "add", "label": label}


def _put_label(scene: Scene, value: Json) -> None:
    label = value.get("label")
    if not isinstance(label, dict):
        raise Unsupported(f"the label of inbox_labels is an object with id and page_label_name, not {label!r}")
    key = str(label.get("id", ""))
    if value.get("action") == "remove":
        scene.chat.labels.pop(key, None)
        return
    scene.state.labels[key] = str(label.get("page_label_name", ""))
    scene.chat.labels[key] = None


def _comment(scene: Scene, _data: Mapping[str, Any]) -> Json:
    post = f"{scene.state.page_id}_{scene.state.chance.digits(15)}"
    return {
        "item": "comment",
        "verb": "add",
        "comment_id": f"{post.partition('_')[2]}_{scene.state.chance.digits(15)}",
        "post_id": post,
        "parent_id": post,
        "from": {"id": scene.chat.address, "name": scene.chat.customer.name},
        "message": "price?",
        "created_time": int(scene.at),
    }


def _remember_comment(scene: Scene, value: Json) -> None:
    """A comment opens no window, but it may be answered in private once."""
    for key in ("comment_id", "post_id") if value.get("item") == "comment" else ("post_id",):
        if key in value:
            scene.state.comments.setdefault(str(value[key]), Comment(scene.chat.address, scene.at))


def _reviewed(scene: Scene, _data: Mapping[str, Any]) -> Json:
    return {
        "event": "APPROVED",
        "message_template_id": int(scene.state.chance.digits(15)),
        "message_template_name": "parcel_update",
        "message_template_language": "en",
        "reason": "NONE",
    }


def _review(scene: Scene, value: Json) -> None:
    """A template that Meta reviews exists from then on, also if it was written in the dashboard."""
    name, language = str(value.get("message_template_name")), str(value.get("message_template_language"))
    key = f"{name}:{language}"
    known = scene.state.templates.get(key)
    if known is None:
        number = str(value.get("message_template_id"))
        known = UtilityTemplate(number, name, language, "UTILITY", "PENDING", named=True, components=[])
        scene.state.templates[key] = known
    known.status = str(value.get("event"))


_KINDS: dict[str, Kind] = {
    "optin": Kind("messaging_optins", "optin", _optin, _grant),
    "optout": Kind("messaging_optouts", "optin", _optout, _stop),
    "account_linking": Kind("messaging_account_linking", "account_linking", _linking, _link),
    "pass_thread_control": Kind("messaging_handovers", "pass_thread_control", events.passed, events.change_owner),
    "take_thread_control": Kind("messaging_handovers", "take_thread_control", events.taken, events.change_owner),
    "request_thread_control": Kind("messaging_handovers", "request_thread_control", events.requested),
    "app_roles": Kind("messaging_handovers", "app_roles", _roles, shape="page"),
    "policy_enforcement": Kind("messaging_policy_enforcement", "policy_enforcement", _policy, _restrict, "page"),
    "messaging_feedback": Kind("messaging_feedback", "messaging_feedback", _feedback),
    "response_feedback": Kind("response_feedback", "response_feedback", _thumb),
    "order": Kind("send_cart", "order", _cart, events.hear),
    "form": Kind("messaging_in_thread_lead_form_submit", "form", _lead, events.hear),
    "game_play": Kind("messaging_game_plays", "game_play", _game),
    "referral": Kind("messaging_referrals", "referral", _referral, events.hear),
    "inbox_labels": Kind("inbox_labels", "inbox_labels", _inbox_label, _put_label, "change"),
    "feed": Kind("feed", "feed", _comment, _remember_comment, "change"),
    "message_template_status_update": Kind(
        "message_template_status_update", "message_template_status_update", _reviewed, _review, "change"
    ),
}
_ALIASES = {kind.field: name for name, kind in _KINDS.items() if kind.field not in ("messaging_handovers",)}
_ALL = Kinds(_KINDS, _ALIASES, KNOWN, PROFILE_SUBCODES)
EVENT_NAMES = _ALL.names
