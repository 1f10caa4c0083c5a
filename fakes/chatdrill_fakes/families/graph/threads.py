"""Thread control: which app answers a person (the handover calls under conversation routing).

Top-level codes of refusals are not documented; code 10 goes with the documented subcodes here.
"""

from __future__ import annotations

from . import errors, reading
from .call import Answered, Endpoint, success
from .limits import METADATA_MAX, THREAD_EXTENSION_MAX_S, THREAD_IDLE_S
from .recipients import Asked, chat_of
from .state import GraphChat


def pass_control(asked: Asked) -> Answered:
    """Hand the thread to another app; only its owner may, or anyone while nobody owns it."""
    chat = chat_of(asked, asked.values.get("recipient"))
    target = reading.identifier(asked.values.get("target_app_id"), "target_app_id")
    metadata = _metadata(asked)
    _must_own(asked, chat)
    chat.give(target, chat.at(asked.now), metadata)
    return success()


def take_control(asked: Asked) -> Answered:
    """Take the thread back: the right of the default app."""
    chat = chat_of(asked, asked.values.get("recipient"))
    metadata = _metadata(asked)
    if asked.state.default_app != asked.state.app_id:
        raise asked.state.product.refusals.thread_refused(
            "Only the default app of the Page can take thread control", 2018171
        )
    chat.give(asked.state.app_id, chat.at(asked.now), metadata)
    return success()


def request_control(asked: Asked) -> Answered:
    """Ask the owner for the thread; the owner decides."""
    chat = chat_of(asked, asked.values.get("recipient"))
    metadata = _metadata(asked)
    if asked.state.owner_of(chat, chat.at(asked.now)) == asked.state.app_id:
        raise asked.state.product.refusals.thread_refused("The app already owns the thread", 2018321)
    chat.requests.append(metadata or "")
    return success()


def release_control(asked: Asked) -> Answered:
    """Let the thread idle."""
    chat = chat_of(asked, asked.values.get("recipient"))
    _must_own(asked, chat)
    chat.give(None, chat.at(asked.now))
    return success()


def extend_control(asked: Asked) -> Answered:
    """Own the thread for ``duration`` seconds from now, at most seven days."""
    chat = chat_of(asked, asked.values.get("recipient"))
    duration = reading.number(asked.values.get("duration"), "duration")
    if not 0 < duration <= THREAD_EXTENSION_MAX_S:
        raise errors.invalid(f"Param duration must be between 1 and {THREAD_EXTENSION_MAX_S}")
    _must_own(asked, chat)
    chat.owner, chat.owner_until = asked.state.app_id, chat.at(asked.now) + duration
    return success()


def thread_owner(asked: Asked) -> Answered:
    """``GET /{page}/thread_owner?recipient={psid}``"""
    recipient = asked.values.get("recipient")
    chat = chat_of(asked, recipient if isinstance(recipient, dict) else {"id": recipient})
    at = chat.at(asked.now)
    owner = asked.state.owner_of(chat, at)
    if owner is None:
        return Answered({"data": []})
    until = chat.owner_until if chat.owner is not None else (chat.last_customer_at or at) + THREAD_IDLE_S
    return Answered({"data": [{"thread_owner": {"app_id": owner, "expiration": int(until)}}]})


def secondary_receivers(asked: Asked) -> Answered:
    """The apps a thread can be passed to."""
    return Answered({"data": [{"id": id, "name": name} for id, name in asked.state.receivers.items()]})


def _metadata(asked: Asked) -> str | None:
    return reading.optional_text(asked.values.get("metadata"), "metadata", METADATA_MAX)


def _must_own(asked: Asked, chat: GraphChat) -> None:
    owner = asked.state.owner_of(chat, chat.at(asked.now))
    if owner is not None and owner != asked.state.app_id:
        raise asked.state.product.refusals.thread_refused(
            "Thread control can only be changed by the app that owns the thread", 2018105
        )


CONTROL: tuple[Endpoint, ...] = (
    ("pass_thread_control", "POST", pass_control),
    ("take_thread_control", "POST", take_control),
    ("request_thread_control", "POST", request_control),
    ("release_thread_control", "POST", release_control),
    ("extend_thread_control", "POST", extend_control),
    ("thread_owner", "GET", thread_owner),
    ("secondary_receivers", "GET", secondary_receivers),
)
