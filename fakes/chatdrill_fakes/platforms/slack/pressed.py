"""What interactions say was pressed, chosen or filled in, as the model has it. Source: docs.slack.dev, Interaction payloads (2026-08)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chatdrill.model import Button, Form

Json = Mapping[str, Any]
_PICKED = (
    "selected_user", "selected_users", "selected_conversation", "selected_conversations", "selected_channel", "selected_channels",
    "selected_date", "selected_time", "selected_date_time",
)  # fmt: skip


def button_of(action: Json) -> Button:
    """The button, or the option that was chosen; of a date or a person it is the element's own."""
    id = str(action.get("action_id") or "")
    option = action.get("selected_option") or next(reversed(action.get("selected_options") or [None]), None)
    if option is not None:
        value = str(option.get("value") or "")
        return Button(title=_words(option.get("text")) or value, kind="callback", payload=value)
    title = _words(action.get("text")) or _words(action.get("placeholder"))
    if action.get("type") != "button":
        return Button(title=title or id, kind="other", payload=id)
    payload, url = str(action.get("value") or id), action.get("url")
    if url:
        return Button(title=title or payload, kind="url", payload=payload, url=str(url))
    return Button(title=title or payload, kind="callback", payload=payload)


def form_of(view: Json) -> Form:
    """What was filled in, by the ids of the fields."""
    values = {
        str(id): _filled(given)
        for fields in ((view.get("state") or {}).get("values") or {}).values()
        for id, given in fields.items()
    }
    return Form(name=str(view.get("callback_id") or "") or _words(view.get("title")), values=values)


def _filled(given: Json) -> Any:
    if "selected_options" in given:
        return [one.get("value") for one in given["selected_options"] or ()]
    if "selected_option" in given:
        return (given["selected_option"] or {}).get("value")
    return next((given[name] for name in _PICKED if name in given), given.get("value"))


def _words(value: Any) -> str:
    return str(value.get("text") or "") if isinstance(value, dict) else ""
