"""Calls about webhooks: subscriptions with events, and the two single hooks of old."""

from __future__ import annotations

from typing import Any

from chatdrill.wire import Hook, HttpResponse
from chatdrill_fakes.desks.chat2desk.answers import At, refuse, success, text, wrong
from chatdrill_fakes.desks.chat2desk.hooks import EVENTS

LEGACY = {
    "web_hook": frozenset({"inbox", "outbox", "comment"}),
    "chat_close_web_hook": frozenset({"close_dialog"}),
}


def shown(visit: At, hook: Hook) -> dict[str, Any]:
    """A webhook."""
    return {
        "id": int(hook.id),
        "url": hook.url,
        "name": visit.state.hook_names.get(hook.id, ""),
        "events": [event for event in EVENTS if event in hook.wants],
        "channels": [int(channel) for channel in visit.state.hook_channels.get(hook.id, ())],
        "status": "enable",
    }


def _url(visit: At) -> str | None:
    url = text(visit, "url")
    if url is not None and not url.startswith(("http://", "https://")):
        raise wrong("url", "is not a valid URL")
    return url


def _events(visit: At) -> frozenset[str] | None:
    events = visit.values.get("events")
    if events is None:
        return None
    wanted = [events] if isinstance(events, str) else events
    if not isinstance(wanted, list) or not wanted or not all(event in EVENTS for event in wanted):
        raise wrong("events", "is not included in the list")
    return frozenset(wanted)


def _channels(visit: At) -> tuple[str, ...] | None:
    channels = visit.values.get("channels")
    if channels is None:
        return None
    if not isinstance(channels, list) or not all(isinstance(each, int | str) for each in channels):
        raise wrong("channels", "is invalid")
    return tuple(str(each) for each in channels)


def _hook(visit: At) -> Hook:
    hook = visit.state.hooks.get(visit.params["id"])
    if hook is None or hook.kind in LEGACY:
        raise refuse(404, "Webhook not found")
    return hook


def create(visit: At) -> HttpResponse:
    """POST /webhooks."""
    url, events, channels = _url(visit), _events(visit), _channels(visit)
    if url is None:
        raise wrong("url", "can't be blank")
    if events is None:
        raise wrong("events", "can't be blank")
    hook = Hook(visit.state.new_id("webhook"), url, wants=events)
    visit.state.hooks[hook.id] = hook
    return _stored(visit, hook, channels)


def change(visit: At) -> HttpResponse:
    """PUT /webhooks/{id}."""
    hook = _hook(visit)
    url, events, channels = _url(visit), _events(visit), _channels(visit)
    hook.url, hook.wants = url or hook.url, events or hook.wants
    return _stored(visit, hook, channels)


def _stored(visit: At, hook: Hook, channels: tuple[str, ...] | None) -> HttpResponse:
    if channels is not None:
        visit.state.hook_channels[hook.id] = channels
    if (name := text(visit, "name")) is not None:
        visit.state.hook_names[hook.id] = name
    visit.state.outbox.changed()
    return success(shown(visit, hook))


def delete(visit: At) -> HttpResponse:
    """DELETE /webhooks/{id}: what is under way to it is not sent any more."""
    hook = _hook(visit)
    del visit.state.hooks[hook.id]
    for update in visit.state.outbox:
        if update.hook is hook:
            visit.state.outbox.remove(update)
    return success(shown(visit, hook))


def listed(visit: At) -> HttpResponse:
    """GET /webhooks."""
    return success([shown(visit, hook) for hook in visit.state.hooks.values() if hook.kind not in LEGACY])


def legacy(kind: str, visit: At) -> HttpResponse:
    """POST /companies/web_hook and /companies/chat_close_web_hook: one address each, an empty one switches it off."""
    url, hooks = _url(visit), visit.state.hooks
    for known in [hook for hook in hooks.values() if hook.kind == kind]:
        del hooks[known.id]
    if url is not None:
        id = visit.state.new_id("webhook")
        hooks[id] = Hook(id, url, wants=LEGACY[kind], kind=kind)
    visit.state.outbox.changed()
    return success({kind: url})


def legacy_url(visit: At, kind: str) -> str | None:
    """The address of a single hook."""
    return next((hook.url for hook in visit.state.hooks.values() if hook.kind == kind), None)
