"""Events that only Messenger has, by its own names: a standard payload that a scenario may override.

Some of them also change what Meta's servers know: who owns a thread, whether the Page may send, which tokens are valid.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from chatdrill.errors import Unsupported, did_you_mean
from chatdrill.model import Event

from ..errors import PROFILE_SUBCODES, failure
from ..ids import PAGE_INBOX_APP, millis
from ..limits import DAY_S, LINKING_TOKEN_LIFE_S
from ..state import Comment, Grant, Json, UtilityTemplate
from .scene import Scene, Told


@dataclass(frozen=True, slots=True)
class _Kind:
    """``shape`` says which part of a webhook the event is: of the customer, of the Page, or a change."""

    field: str
    key: str
    sample: Callable[[Scene, Mapping[str, Any]], Json]
    effect: Callable[[Scene, Json], None] | None = None
    shape: str = "customer"


def event(scene: Scene, act: Event) -> Told:
    """The updates of an event. ``act.data`` overrides the standard payload, deeply; ``None`` removes a key."""
    if act.name == "api_error":
        return _fail(scene, act.data)
    kind = _KINDS.get(_ALIASES.get(act.name, act.name))
    if kind is None:
        raise Unsupported(f"Messenger has no event {act.name!r}{did_you_mean(act.name, EVENT_NAMES)}")
    value = overlay(kind.sample(scene, act.data), act.data)
    if kind.effect is not None:
        kind.effect(scene, value)
    id = f"{kind.key}:{scene.chat.address}:{millis(scene.at)}"
    if kind.shape == "change":
        return scene.tell_change(kind.field, value, id)
    # Checkbox plugins know no PSID yet, so their event has no sender.
    faceless = kind.shape == "page" or "user_ref" in value
    return (scene.page_event if faceless else scene.customer_event)(kind.field, kind.key, value, id)


def _fail(scene: Scene, data: Mapping[str, Any]) -> Told:
    """Let the next calls go wrong: those that send, or that read the profile where the error is one of these."""
    try:
        wanted = [failure(data, scene.at) for _ in range(int(data.get("times", 1)))]
    except (TypeError, ValueError) as error:
        raise Unsupported(f"code, subcode, status and times of api_error are numbers: {error}") from error
    of_profile = wanted and wanted[0].subcode in PROFILE_SUBCODES
    (scene.chat.profile_failures if of_profile else scene.chat.failures).extend(wanted)
    return ()


def overlay(base: Json, over: Mapping[str, Any]) -> Json:
    """``base`` with the values of ``over``: objects are merged, ``None`` removes, everything else replaces."""
    merged = dict(base)
    for key, value in over.items():
        if value is None:
            merged.pop(key, None)
        elif isinstance(value, Mapping) and isinstance(merged.get(key), dict):
            merged[key] = overlay(merged[key], value)
        else:
            merged[key] = value
    return merged


# ------------------------------------------------------------------------------------------- opt-ins and accounts


def _optin(scene: Scene, data: Mapping[str, Any]) -> Json:
    if data.get("type") == "one_time_notif_req":
        token = scene.state.chance.digits(19)
        return {"type": "one_time_notif_req", "payload": "back-in-stock", "one_time_notif_token": token}
    if "type" not in data and ("ref" in data or "user_ref" in data):
        return {"ref": "checkbox"}
    return {
        "type": "notification_messages",
        "payload": "weekly-deals",
        "title": "Weekly deals",
        "notification_messages_token": scene.state.chance.digits(19),
        "notification_messages_timezone": "Europe/Vienna",
        "token_expiry_timestamp": millis(scene.at + 180 * DAY_S),
        "user_token_status": "NOT_REFRESHED",
    }


def _grant(scene: Scene, value: Json) -> None:
    state, to = scene.state, scene.chat.address
    if token := value.get("notification_messages_token"):
        state.grants[str(token)] = Grant(to, once=False)
    if token := value.get("one_time_notif_token"):
        state.grants[str(token)] = Grant(to, once=True)
    if user_ref := value.get("user_ref"):
        state.user_refs[str(user_ref)] = to


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


# --------------------------------------------------------------------------------------------------- thread control


def _passed(scene: Scene, _data: Mapping[str, Any]) -> Json:
    owner = scene.state.owner_of(scene.chat, scene.at)
    previous = PAGE_INBOX_APP if owner in (None, scene.state.app_id) else owner
    return {
        "previous_owner_app_id": previous,
        "new_owner_app_id": scene.state.app_id,
        "metadata": "back to the bot",
    }


def _taken(scene: Scene, _data: Mapping[str, Any]) -> Json:
    return {
        "previous_owner_app_id": scene.state.app_id,
        "new_owner_app_id": PAGE_INBOX_APP,
        "metadata": "a person takes over",
    }


def _change_owner(scene: Scene, value: Json) -> None:
    owner, metadata = value.get("new_owner_app_id"), value.get("metadata")
    scene.chat.give(None if owner is None else str(owner), scene.at, None if metadata is None else str(metadata))


def _requested(_scene: Scene, _data: Mapping[str, Any]) -> Json:
    return {"requested_owner_app_id": PAGE_INBOX_APP, "metadata": "please"}


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


def _hear(scene: Scene, _value: Json) -> None:
    scene.hear()


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


_KINDS: dict[str, _Kind] = {
    "optin": _Kind("messaging_optins", "optin", _optin, _grant),
    "optout": _Kind("messaging_optouts", "optin", _optout, _stop),
    "account_linking": _Kind("messaging_account_linking", "account_linking", _linking, _link),
    "pass_thread_control": _Kind("messaging_handovers", "pass_thread_control", _passed, _change_owner),
    "take_thread_control": _Kind("messaging_handovers", "take_thread_control", _taken, _change_owner),
    "request_thread_control": _Kind("messaging_handovers", "request_thread_control", _requested),
    "app_roles": _Kind("messaging_handovers", "app_roles", _roles, shape="page"),
    "policy_enforcement": _Kind("messaging_policy_enforcement", "policy_enforcement", _policy, _restrict, "page"),
    "messaging_feedback": _Kind("messaging_feedback", "messaging_feedback", _feedback),
    "response_feedback": _Kind("response_feedback", "response_feedback", _thumb),
    "order": _Kind("send_cart", "order", _cart, _hear),
    "form": _Kind("messaging_in_thread_lead_form_submit", "form", _lead, _hear),
    "game_play": _Kind("messaging_game_plays", "game_play", _game),
    "referral": _Kind("messaging_referrals", "referral", _referral, _hear),
    "inbox_labels": _Kind("inbox_labels", "inbox_labels", _inbox_label, _put_label, "change"),
    "feed": _Kind("feed", "feed", _comment, _remember_comment, "change"),
    "message_template_status_update": _Kind(
        "message_template_status_update", "message_template_status_update", _reviewed, _review, "change"
    ),
}
_ALIASES = {kind.field: name for name, kind in _KINDS.items() if kind.field not in ("messaging_handovers",)}
EVENT_NAMES = frozenset({*_KINDS, *_ALIASES, "api_error"})
