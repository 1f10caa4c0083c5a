"""Every act of a customer as the activities that the bot gets.

Source: github.com/microsoft/botframework-sdk, specs/botframework-activity; BotFramework-WebChat (2025-12).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec

from chatdrill.errors import Unsupported
from chatdrill.model import (
    Act,
    Delete,
    Edit,
    Event,
    Form,
    Media,
    Message,
    Part,
    Press,
    React,
    Start,
    Text,
    Typing,
    Write,
)
from chatdrill_fakes.platforms.webchat import events, limits
from chatdrill_fakes.platforms.webchat.activities import Told, activity, told
from chatdrill_fakes.platforms.webchat.declared import LACKS
from chatdrill_fakes.platforms.webchat.state import Json, WebChat, WebChatState

REACTIONS = {"👍": "like", "❤️": "heart", "❤": "heart", "😆": "laugh", "😮": "surprised", "😢": "sad", "😡": "angry"}
"""What Teams calls them; any other sign goes by itself."""
JOIN = "webchat/join"
_CAPABLE = [{"type": "ClientCapabilities", "requiresBotState": True, "supportsListening": True, "supportsTts": True}]
_ABLE = frozenset(f"media.{kind}" for kind in ("photo", "video", "voice", "audio", "document", "animation"))


@dataclass(slots=True)
class Scene:
    """An act of a customer (or upon one) at drill time ``at``."""

    state: WebChatState
    chat: WebChat
    at: float

    def activity(self, kind: str, id: str | None = None) -> Json:
        """What every activity has."""
        return activity(self.state, self.chat, kind, self.at, id)

    def tell(self, said: Json, mark: str = "") -> Told:
        """The bot is told, and so is who else reads the conversation."""
        if said["type"] in SHOWN:
            self.chat.note(said)
        return (told(self.chat, said, self.at, mark),)


SHOWN = frozenset({"message", "event", "messageReaction", "messageUpdate", "messageDelete", "endOfConversation"})
"""What clients of Direct Line read; the rest is between the channel and the bot."""


def encode(state: WebChatState, to: str, act: Act, now: float) -> Told:
    """The activities of an act; ``now`` is the chat's drill time. See ``Platform.encode``."""
    chat = state.chats.get(to)
    if chat is None:
        raise Unsupported(f"webchat: nobody has a conversation {to!r}")
    encoder = _ENCODERS.get(type(act))
    if encoder is None:
        name = type(act).__name__.lower()
        raise Unsupported(f"webchat: {LACKS['block' if name == 'unblock' else name]}")
    return encoder(Scene(state, chat, now), act)


def introduce(scene: Scene) -> Told:
    """The bot is told who is here, once."""
    if scene.chat.introduced:
        return ()
    scene.chat.introduced = True
    return scene.tell({**scene.activity("conversationUpdate"), **events.members(scene.state, scene.chat)})


# ------------------------------------------------------------------------------------------------------- messages


def _write(scene: Scene, act: Write) -> Told:
    """One message with all its words and files; a filled form comes as its value."""
    words, files, forms = _pieces(act.parts)
    if len(forms) > 1 or not (words or files or forms):
        raise Unsupported("webchat: a message has words, files or one form")
    first = introduce(scene)
    said = message(scene, "\n".join(words), [_attached(scene.state, one) for one in files])
    if forms:
        said["value"] = forms[0].values
        said["channelData"]["postBack"] = True
        if not words:
            del said["text"]
    return (*first, *_say(scene, said, act.parts))


def message(scene: Scene, text: str, attachments: list[Json]) -> Json:
    """A message of the customer's."""
    said = scene.activity("message")
    said |= {"textFormat": "plain", "locale": scene.chat.locale, "text": text}
    if attachments:
        said["attachments"] = attachments
    said["entities"] = _CAPABLE
    said["channelData"] = {"clientActivityID": f"{scene.state.chance.getrandbits(64):016x}"}
    if scene.state.mode != "normal":
        said["deliveryMode"] = scene.state.mode
    return said


def _pieces(parts: tuple[Part, ...]) -> tuple[list[str], list[Media], list[Form]]:
    words: list[str] = []
    files: list[Media] = []
    forms: list[Form] = []
    for part in parts:
        if isinstance(part, Text):
            words.append(part.text)
        elif isinstance(part, Media) and f"media.{part.kind}" in _ABLE:
            files.append(part)
            words += [part.caption.text] if part.caption else []
        elif isinstance(part, Form):
            forms.append(part)
        else:
            tag = str(type(part).__struct_config__.tag)
            name = f"{tag}.{part.kind}" if isinstance(part, Media) else tag
            raise Unsupported(f"webchat: {LACKS.get(name, f'a customer cannot send {name} in a web chat: write it')}")
    return words, files, forms


def _attached(state: WebChatState, media: Media) -> Json:
    if media.file.size_bytes > limits.UPLOAD_MAX_BYTES:
        raise Unsupported(
            f"webchat: an upload has at most {limits.UPLOAD_MAX_BYTES} bytes, not {media.file.size_bytes}"
        )
    stored = state.keep(media.file)
    name = media.file.name or f"{media.kind}.{media.file.mime.rpartition('/')[2]}"
    return {"contentType": media.file.mime, "contentUrl": state.link(stored), "name": name}


def _say(scene: Scene, said: Json, parts: tuple[Part, ...]) -> Told:
    chat, id = scene.chat, said["id"]
    chat.messages[id] = Message(ids=(id,), author="customer", parts=parts, at=scene.at)
    chat.opened, chat.last_customer_at = True, scene.at
    return scene.tell(said)


def _press(scene: Scene, act: Press) -> Told:
    """What is on the button decides whether its words are shown as the customer's."""
    button = act.button
    if button.kind in ("url", "call", "copy"):
        return ()
    known = scene.chat.actions.get((act.message_id or "", button.title, button.payload))
    action = known or {
        "type": "postBack" if button.kind == "callback" else "imBack",
        "value": button.payload or button.title,
    }
    first = introduce(scene)
    said = message(scene, "", [])
    said |= _pressed(action)
    said["channelData"] |= {} if action["type"] == "imBack" else {action["type"]: True}
    return (*first, *_say(scene, said, (Text(text=said.get("text") or button.title),)))


def _pressed(action: Json) -> Json:
    value = action.get("value")
    if action["type"] == "messageBack":
        return {"text": action.get("text") or "", **({} if value is None else {"value": value})}
    return {"text": value} if isinstance(value, str) else {"text": "", "value": value}


# ------------------------------------------------------------------------------------------------ changes of messages


def _edit(scene: Scene, act: Edit) -> Told:
    words, _, _ = _pieces(act.parts)
    known = _own(scene, act.message_id)
    scene.chat.messages[act.message_id] = msgspec.structs.replace(known, parts=act.parts, edited_at=scene.at)
    said = scene.activity("messageUpdate", act.message_id)
    said |= {"textFormat": "plain", "locale": scene.chat.locale, "text": "\n".join(words)}
    return scene.tell(said, f":update:{scene.state.chance.hex(8)}")


def _delete(scene: Scene, act: Delete) -> Told:
    _own(scene, act.message_id)
    del scene.chat.messages[act.message_id]
    return scene.tell(scene.activity("messageDelete", act.message_id), ":delete")


def _own(scene: Scene, id: str) -> Message:
    known = scene.chat.messages.get(id)
    if known is None or known.author != "customer":
        raise Unsupported("webchat: the customer has written no such message")
    return known


def _react(scene: Scene, act: React) -> Told:
    """A reaction in the place of another one takes that back."""
    before = scene.chat.reactions.pop(act.message_id, None)
    said: Json = {**scene.activity("messageReaction"), "replyToId": act.message_id}
    if act.emoji is not None:
        now = scene.chat.reactions[act.message_id] = REACTIONS.get(act.emoji, act.emoji)
        said["reactionsAdded"] = [{"type": now}]
    if before is not None:
        said["reactionsRemoved"] = [{"type": before}]
    return scene.tell(said)


# ----------------------------------------------------------------------------------------------------- coming and going


def _start(scene: Scene, act: Start) -> Told:
    """The page opens the chat, and says what it knows."""
    first = introduce(scene)
    ref = act.payload or (act.referral.ref if act.referral else None)
    said = scene.activity("event")
    said |= {"name": JOIN, "locale": scene.chat.locale}
    said["value"] = {"language": scene.chat.locale, **({"ref": ref} if ref else {})}
    scene.chat.opened = True
    return (*first, *scene.tell(said))


def _typing(scene: Scene, _act: Typing) -> Told:
    return (*introduce(scene), *scene.tell(scene.activity("typing")))


def _event(scene: Scene, act: Event) -> Told:
    return events.event(scene.state, scene.chat, act, scene.at)


_ENCODERS: dict[type, Callable[[Scene, Any], Told]] = {
    Write: _write,
    Press: _press,
    Edit: _edit,
    Delete: _delete,
    React: _react,
    Start: _start,
    Typing: _typing,
    Event: _event,
}
