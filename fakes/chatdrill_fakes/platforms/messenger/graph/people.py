"""Personas, labels and moderation: how the Page appears, and how it sorts and keeps out people."""

from __future__ import annotations

from chatdrill_fakes.families.graph import reading
from chatdrill_fakes.families.graph.call import Answered, success
from chatdrill_fakes.families.graph.recipients import chat_of
from chatdrill_fakes.families.graph.selection import page, read_fields, select
from chatdrill_fakes.families.graph.state import Json

from .. import errors, limits
from ..state import MessengerChat, Persona
from .call import Asked

# ----------------------------------------------------------------------------------------------------- personas


def create_persona(asked: Asked) -> Answered:
    """``POST /{page}/personas``; the picture is not fetched."""
    name = reading.text(asked.values.get("name"), "name", limits.PERSONA_NAME_MAX)
    picture = reading.url(asked.values.get("profile_picture_url"), "profile_picture_url")
    persona = Persona(asked.state.new_id(10), name, picture)
    asked.state.personas[persona.id] = persona
    return Answered({"id": persona.id})


def list_personas(asked: Asked) -> Answered:
    """``GET /{page}/personas``"""
    return Answered(page([_shown(one) for one in asked.state.personas.values()], asked))


def read_persona(asked: Asked) -> Answered:
    """``GET /{persona}``"""
    fields = read_fields(asked.values.get("fields"), "name,profile_picture_url")
    return Answered(select(_shown(asked.state.personas[asked.node]), fields))


def delete_persona(asked: Asked) -> Answered:
    """``DELETE /{persona}``"""
    del asked.state.personas[asked.node]
    return success()


def _shown(persona: Persona) -> Json:
    return {"name": persona.name, "profile_picture_url": persona.picture, "id": persona.id}


# ------------------------------------------------------------------------------------------------------- labels


def create_label(asked: Asked) -> Answered:
    """``POST /me/custom_labels``; a name that exists gives the label that has it."""
    given = asked.values.get("page_label_name") or asked.values.get("name")
    name = reading.text(given, "page_label_name")
    known = next((key for key, value in asked.state.labels.items() if value == name), None)
    key = known or asked.state.new_id(14)
    asked.state.labels[key] = name
    return Answered({"id": key})


def list_labels(asked: Asked) -> Answered:
    """``GET /me/custom_labels?fields=page_label_name``"""
    return Answered(page([_label(asked, key) for key in asked.state.labels], asked))


def read_label(asked: Asked) -> Answered:
    """``GET /{label}``"""
    return Answered(_label(asked, asked.node))


def labels_of(asked: Asked) -> Answered:
    """``GET /{psid}/custom_labels``"""
    return Answered(page([_label(asked, key) for key in asked.chat.labels if key in asked.state.labels], asked))


def _label(asked: Asked, key: str) -> Json:
    values = {"id": key, "page_label_name": asked.state.labels[key], "name": asked.state.labels[key]}
    return select(values, read_fields(asked.values.get("fields"), "id"))


def delete_label(asked: Asked) -> Answered:
    """``DELETE /{label}``; it also comes off everybody who wears it."""
    del asked.state.labels[asked.node]
    for chat in asked.state.chats.values():
        chat.labels.pop(asked.node, None)
    return success()


def put_label(asked: Asked) -> Answered:
    """``POST /{label}/label``"""
    _labelled(asked).labels[asked.node] = None
    return success()


def take_label(asked: Asked) -> Answered:
    """``DELETE /{label}/label``"""
    _labelled(asked).labels.pop(asked.node, None)
    return success()


def _labelled(asked: Asked) -> MessengerChat:
    chat: MessengerChat = chat_of(asked, {"id": asked.values.get("user")})
    return chat


# --------------------------------------------------------------------------------------------------- moderation

_ACTIONS = {"BLOCK_USER": True, "BAN_USER": True, "UNBLOCK_USER": False, "UNBAN_USER": False, "MOVE_TO_SPAM": None}


def moderate(asked: Asked) -> Answered:
    """``POST /me/moderate_conversations``: who is banned can neither write nor be written to."""
    users = reading.objects(asked.values.get("user_ids"), "user_ids", 1, 10)
    actions = reading.items(asked.values.get("actions"), "actions", 1, 2)
    words = [reading.one_of(one, f"actions[{n}]", tuple(_ACTIONS)) for n, one in enumerate(actions)]
    chats = [asked.state.chats.get(reading.identifier(one.get("id"), f"{where}[id]")) for where, one in users]
    if any(chat is None for chat in chats):
        raise errors.no_such_user()
    for chat in chats:
        for word in words:
            banned = _ACTIONS[word]
            if chat is not None and banned is not None:
                chat.banned = banned
    return success()
