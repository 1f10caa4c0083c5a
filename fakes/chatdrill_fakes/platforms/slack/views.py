"""Modals and the home tab: what the bot opens, and what comes back.

Source: docs.slack.dev, Modals, view_submission (2026-08).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import msgspec

from chatdrill.errors import Unsupported, did_you_mean
from chatdrill.model import Edited, Form, Message, Part, PressAnswered, Sent, Text
from chatdrill_fakes.platforms.slack import blocks as screens
from chatdrill_fakes.platforms.slack import interactions, limits, schema
from chatdrill_fakes.platforms.slack.calls import Answered, Asked
from chatdrill_fakes.platforms.slack.errors import ApiError, invalid_arguments, missing
from chatdrill_fakes.platforms.slack.objects import Scene, Told, names_of
from chatdrill_fakes.platforms.slack.state import Json, Pressable, SlackState, Trigger, View

_KEPT = ("callback_id", "external_id", "private_metadata")


def open_view(asked: Asked) -> Answered:
    """A modal over whatever the person sees."""
    trigger, raw = _trigger(asked), _view(asked, "modal")
    return _show(asked, trigger, raw, previous=None)


def push_view(asked: Asked) -> Answered:
    """A modal over a modal."""
    trigger, raw = _trigger(asked), _view(asked, "modal")
    chat = asked.state.chats[trigger.to]
    if not chat.modals:
        raise ApiError("not_found", why="no view is open")
    if len(chat.modals) >= limits.STACK_MAX:
        raise ApiError("push_limit_reached")
    return _show(asked, trigger, raw, previous=chat.modals[-1])


def update_view(asked: Asked) -> Answered:
    """Other content for a modal that is open, by its id or the bot's own one."""
    wanted = asked.optional("view_id") or asked.optional("external_id")
    if not wanted:
        raise missing("view_id")
    known = asked.state.views.values()
    view = asked.state.views.get(wanted) or next((one for one in known if one.raw.get("external_id") == wanted), None)
    if view is None:
        raise ApiError("not_found")
    raw = _view(asked, "modal")
    if asked.has("hash") and asked.optional("hash") != view.raw["hash"]:
        raise ApiError("hash_conflict")
    replace(asked, view, raw)
    return Answered(
        {"view": view.raw}, view.to, (Edited(to=view.to, message=asked.state.chats[view.to].messages[view.id]),)
    )


def publish(asked: Asked) -> Answered:
    """The home tab of a person; nobody of this drill looks at it."""
    chat = asked.person("user_id")
    raw = _view(asked, "home")
    if asked.has("hash") and (chat.home is None or asked.optional("hash") != chat.home["hash"]):
        raise ApiError("hash_conflict")
    whole = _whole(asked.state, raw, None, asked.at(chat.address))
    chat.home = whole
    return Answered({"view": whole}, chat.address)


def _trigger(asked: Asked) -> Trigger:
    given = asked.text("trigger_id")
    found = asked.state.triggers.get(given)
    if found is None:
        raise ApiError("invalid_trigger_id")
    if found.is_used:
        raise ApiError("exchanged_trigger_id")
    if asked.at(found.to) > found.expires_at:
        raise ApiError("expired_trigger_id")
    return found


def _view(asked: Asked, kind: str) -> Json:
    given = asked.json("view")
    if given is None:
        raise missing("view")
    checked(given, kind)
    external = given.get("external_id")
    if (
        external
        and any(one.raw.get("external_id") == external for one in asked.state.views.values())
        and not asked.has("view_id")
    ):
        raise ApiError("duplicate_external_id")
    view: Json = given
    return view


def checked(view: Any, kind: str) -> None:
    """Raise ``invalid_arguments`` or ``view_too_large`` for what is no view."""
    problems = schema.view_problems(view, kind)
    if problems:
        raise invalid_arguments(*problems[:10])
    if kind == "modal" and view.get("submit") is None and any(block["type"] == "input" for block in view["blocks"]):
        raise invalid_arguments("a view with an input block needs submit [json-pointer:/view/submit]")
    if len(msgspec.json.encode(view)) > limits.VIEW_MAX_BYTES:
        raise ApiError("view_too_large")


def _whole(state: SlackState, raw: Json, previous: str | None, at: float, id: str = "") -> Json:
    view_id = id or state.new_id("V")
    root = state.views[previous].raw["root_view_id"] if previous else view_id
    return {
        "id": view_id,
        "team_id": state.team,
        "type": raw["type"],
        "blocks": schema.with_ids(raw["blocks"]),
        **{name: raw.get(name) or "" for name in _KEPT},
        "state": {"values": {}},
        "hash": f"{int(at)}.{state.chance.hex(8)}",
        "title": raw.get("title"),
        "clear_on_close": bool(raw.get("clear_on_close")),
        "notify_on_close": bool(raw.get("notify_on_close")),
        "close": raw.get("close"),
        "submit": raw.get("submit"),
        "previous_view_id": previous,
        "root_view_id": root,
        "app_id": state.app,
        "app_installed_team_id": state.team,
        "bot_id": state.bot,
    }


def _show(asked: Asked, trigger: Trigger, raw: Json, *, previous: str | None) -> Answered:
    state, to = asked.state, trigger.to
    chat = state.chats[to]
    trigger.is_used = True
    if previous is None:
        close_all(state, to)
    view = push(asked, to, raw, previous)
    return Answered({"view": view.raw}, to, (Sent(to=to, message=chat.messages[view.id]),))


def push(asked: Asked, to: str, raw: Json, previous: str | None) -> View:
    """Put a modal on top of the others."""
    state, at = asked.state, asked.at(to)
    whole = _whole(state, raw, previous, at)
    view = state.views[whole["id"]] = View(whole["id"], to, whole)
    state.chats[to].modals.append(view.id)
    state.chats[to].messages[view.id] = seen(state, view, at)
    return view


def replace(asked: Asked, view: View, raw: Json) -> None:
    """Give a modal other content."""
    at = asked.at(view.to)
    view.raw = _whole(asked.state, raw, view.raw["previous_view_id"], at, view.id)
    asked.state.chats[view.to].messages[view.id] = seen(asked.state, view, at)


def close_all(state: SlackState, to: str) -> None:
    """Nothing is open any more."""
    for id in state.chats[to].modals:
        state.views.pop(id, None)
    state.chats[to].modals.clear()


def seen(state: SlackState, view: View, at: float) -> Message:
    """A modal as the customer sees it: its words, and a form with its fields."""
    named = partial(names_of, state)
    screen = screens.read(view.raw["blocks"], named)
    view.pressables = screen.pressables
    title = screens.words_of(view.raw["title"], named).text
    fields = {key: label for key, label, _ in _inputs(view)}
    parts: tuple[Part, ...] = (
        Text(text=title),
        *screen.parts,
        Form(name=view.raw["callback_id"] or title, values=fields),
    )
    return Message(ids=(view.id,), author="bot", parts=parts, at=at)


def _inputs(view: View) -> Iterator[tuple[str, str, Json]]:
    for block in view.raw["blocks"]:
        if block["type"] == "input":
            yield block["element"]["action_id"], block["label"]["text"], block


# ---------------------------------------------------------------------------------------------------------- submissions


def submit(scene: Scene, form: Form) -> Told:
    """The customer sends the modal on top. ``form.values`` are by the action's id, the block's or the label."""
    view = _top(scene, form.name)
    payload = interactions.base(scene, "view_submission", view=view.id)
    whole = {**view.raw, "state": {"values": _values(scene, view, form)}}
    return interactions.update(scene, payload | {"view": whole, "response_urls": []})


def _top(scene: Scene, name: str) -> View:
    opened = [scene.state.views[id] for id in scene.chat.modals]
    if not opened:
        raise Unsupported("slack: no modal is open, so there is no form to send")
    view = opened[-1]
    named = scene.chat.messages[view.id].parts[-1]
    if isinstance(named, Form) and name not in (named.name, view.raw["callback_id"], ""):
        raise Unsupported(f"slack: the open modal is {named.name!r}, not {name!r}")
    return view


def _values(scene: Scene, view: View, form: Form) -> Json:
    left, values = dict(form.values), {}
    for action_id, label, block in _inputs(view):
        key = next((one for one in (action_id, block["block_id"], label) if one in left), None)
        if key is None and not block.get("optional"):
            raise Unsupported(f"slack: the field {label!r} ({action_id}) has to be filled in")
        given = _given(scene, block, None if key is None else left.pop(key))
        values[block["block_id"]] = {action_id: {"type": block["element"]["type"], **given}}
    if left:
        known = [action_id for action_id, _, _ in _inputs(view)]
        raise Unsupported(f"slack: the modal has no field {next(iter(left))!r}{did_you_mean(next(iter(left)), known)}")
    return values


def _given(scene: Scene, block: Json, value: Any) -> Json:
    """What the state of a view says of one field."""
    element = block["element"]
    if "options" in element:
        options = [one for one in element["options"] if value in (one["value"], one["text"]["text"])]
        if value is not None and not options:
            raise Unsupported(f"slack: {block['label']['text']!r} has no option {value!r}")
        is_multi = element["type"].startswith("multi_") or element["type"] == "checkboxes"
        return {"selected_options": options} if is_multi else {"selected_option": options[0] if options else None}
    picked = interactions.chosen(scene, Pressable(None, element, block["block_id"]))  # type: ignore[arg-type]
    if picked:
        name, usual = next(iter(picked.items()))
        return {name: usual if value is None else value}
    return {"value": None if value is None else str(value)}


def closed(scene: Scene, data: Json) -> Told:
    """The customer closes the modal; the bot is told if it has asked for that."""
    if not scene.chat.modals:
        sample: Json = {"id": "V0CHATDRILL", "type": "modal", "callback_id": "", "blocks": []}
        payload = interactions.base(scene, "view_closed")
        return interactions.update(scene, payload | {"view": sample, "is_cleared": False, **data})
    view = scene.state.views[scene.chat.modals.pop()]
    scene.state.views.pop(view.id, None)
    payload = interactions.base(scene, "view_closed") | {"view": view.raw, "is_cleared": False, **data}
    return interactions.update(scene, payload) if view.raw["notify_on_close"] else ()


def respond(asked: Asked, view_id: str, body: Json) -> Answered:
    """What the answer to a submission means: nothing closes the modal. Raises ``ApiError`` for what Slack would not take."""
    view = asked.state.views.get(view_id)
    if view is None:
        raise ApiError("not_found", why="the view is closed")
    chat = asked.state.chats[view.to]
    action = body.get("response_action")
    if action == "errors":
        return _show_errors(view, body.get("errors"))
    if action in ("update", "push"):
        checked(body.get("view"), "modal")
        if action == "update":
            replace(asked, view, body["view"])
            return Answered({}, view.to, (Edited(to=view.to, message=chat.messages[view.id]),))
        if len(chat.modals) >= limits.STACK_MAX:
            raise ApiError("push_limit_reached")
        above = push(asked, view.to, body["view"], view.id)
        return Answered({}, view.to, (Sent(to=view.to, message=chat.messages[above.id]),))
    if action not in (None, "clear"):
        raise invalid_arguments(f"response_action is {str(action)[:40]!r}")
    if action == "clear":
        close_all(asked.state, view.to)
    else:
        asked.state.views.pop(view.id, None)
        chat.modals[:] = [id for id in chat.modals if id != view.id]
    return Answered({}, view.to)


def _show_errors(view: View, errors: Any) -> Answered:
    known = {block["block_id"] for _, _, block in _inputs(view)}
    if not isinstance(errors, dict) or not errors or not set(errors) <= known:
        raise invalid_arguments(f"errors must be by the block_id of an input: {', '.join(sorted(known))}")
    words = "; ".join(str(one) for one in errors.values())
    return Answered({}, view.to, (PressAnswered(to=view.to, press_id=view.id, text=words, alert=True),))
