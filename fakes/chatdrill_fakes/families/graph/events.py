"""Events of Meta's by their own names: a standard payload that a scenario may override.

Some of them also change what Meta's servers know: who owns a thread, whether the business may send, which tokens are valid.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from chatdrill.errors import Unsupported, did_you_mean
from chatdrill.model import Event

from . import scene as scenes
from .errors import Known, failure
from .limits import DAY_S
from .scene import Told
from .state import Grant, Json, millis

Scene = scenes.Scene[Any, Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """``shape`` says which part of a webhook the event is: of the customer, of the business, or a change."""

    field: str
    key: str
    sample: Callable[[Any, Mapping[str, Any]], Json]
    effect: Callable[[Any, Json], None] | None = None
    shape: str = "customer"


@dataclass(frozen=True, slots=True)
class Kinds:
    """The events of a product by their names, other names of them, and the words of errors that a scenario may ask for.

    ``of_profile`` are the subcodes of what goes wrong when a profile is read.
    """

    by_name: Mapping[str, Kind]
    aliases: Mapping[str, str]
    words: Known
    of_profile: Collection[int]

    @property
    def names(self) -> frozenset[str]:
        """All of them."""
        return frozenset({*self.by_name, *self.aliases, "api_error"})


def tell(kinds: Kinds, scene: Scene, act: Event) -> Told:
    """The updates of an event. ``act.data`` overrides the standard payload, deeply; ``None`` removes a key."""
    if act.name == "api_error":
        return _fail(kinds, scene, act.data)
    kind = kinds.by_name.get(kinds.aliases.get(act.name, act.name))
    if kind is None:
        title = scene.state.product.title
        raise Unsupported(f"{title} has no event {act.name!r}{did_you_mean(act.name, kinds.names)}")
    value = overlay(kind.sample(scene, act.data), act.data)
    if kind.effect is not None:
        kind.effect(scene, value)
    id = f"{kind.key}:{scene.chat.address}:{millis(scene.at)}"
    if kind.shape == "change":
        return scene.tell_change(kind.field, value, id)
    # Checkbox plugins know no id of the person yet, so their event has no sender.
    faceless = kind.shape == "page" or "user_ref" in value
    return (scene.page_event if faceless else scene.customer_event)(kind.field, kind.key, value, id)


def _fail(kinds: Kinds, scene: Scene, data: Mapping[str, Any]) -> Told:
    """Let the next calls go wrong: those that send, or that read the profile where the error is one of these."""
    try:
        wanted = [failure(data, scene.at, kinds.words) for _ in range(int(data.get("times", 1)))]
    except (TypeError, ValueError) as error:
        raise Unsupported(f"code, subcode, status and times of api_error are numbers: {error}") from error
    of_profile = wanted and wanted[0].subcode in kinds.of_profile
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


def optin(scene: Scene, _data: Mapping[str, Any]) -> Json:
    """The opt-in to marketing messages."""
    return {
        "type": "notification_messages",
        "payload": "weekly-deals",
        "title": "Weekly deals",
        "notification_messages_token": scene.state.chance.digits(19),
        "notification_messages_timezone": "Europe/Vienna",
        "token_expiry_timestamp": millis(scene.at + 180 * DAY_S),
        "user_token_status": "NOT_REFRESHED",
    }


def grant(scene: Scene, value: Json) -> None:
    """The token of an opt-in may be used from then on."""
    state, to = scene.state, scene.chat.address
    if token := value.get("notification_messages_token"):
        state.grants[str(token)] = Grant(to, once=False)
    if token := value.get("one_time_notif_token"):
        state.grants[str(token)] = Grant(to, once=True)


def passed(scene: Scene, _data: Mapping[str, Any]) -> Json:
    """The thread comes back to the bot."""
    owner = scene.state.owner_of(scene.chat, scene.at)
    previous = scene.state.product.inbox if owner in (None, scene.state.app_id) else owner
    return {
        "previous_owner_app_id": previous,
        "new_owner_app_id": scene.state.app_id,
        "metadata": "back to the bot",
    }


def taken(scene: Scene, _data: Mapping[str, Any]) -> Json:
    """A person takes the thread."""
    return {
        "previous_owner_app_id": scene.state.app_id,
        "new_owner_app_id": scene.state.product.inbox,
        "metadata": "a person takes over",
    }


def change_owner(scene: Scene, value: Json) -> None:
    """From now on the new owner has the thread."""
    owner, metadata = value.get("new_owner_app_id"), value.get("metadata")
    scene.chat.give(None if owner is None else str(owner), scene.at, None if metadata is None else str(metadata))


def requested(scene: Scene, _data: Mapping[str, Any]) -> Json:
    """Another app asks for the thread."""
    return {"requested_owner_app_id": scene.state.product.inbox, "metadata": "please"}


def hear(scene: Scene, _value: Json) -> None:
    """The event opens the window."""
    scene.hear()
