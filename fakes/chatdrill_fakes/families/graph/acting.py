"""What customers do alike in both messengers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from chatdrill.errors import Unsupported
from chatdrill.model import (
    Block,
    Button,
    Contact,
    Echo,
    Edit,
    Keyboard,
    Media,
    Message,
    Part,
    Press,
    React,
    Text,
    Typing,
    Unblock,
)
from chatdrill.model.parts import ButtonKind
from chatdrill.wire import Update

from . import reactions
from . import scene as scenes
from .limits import EDITS_MAX
from .menus import entries, payload_of
from .scene import Told
from .state import GraphChat, Json, millis

Scene = scenes.Scene[Any, Any]
Encoder = Callable[[Any, Any], Told]
"""What the bot is told of an act of one kind."""
Presser = Callable[[Any, Button], Told]
Content = tuple[Json, tuple[Part, ...]]
"""A message to be: its record without an id, and what it is made of."""
_VARIANTS = "\ufe0f🏻🏼🏽🏾🏿"
"""What may follow a sign and changes only its look."""


# ------------------------------------------------------------------------------------------------------ buttons


def pressing(pressers: Mapping[ButtonKind, Presser]) -> Encoder:
    """What a tap does, by the kind of the button."""

    def press(scene: Scene, act: Press) -> Told:
        return pressers[act.button.kind](scene, act.button)

    return press


def silence(_scene: Scene, _button: Button) -> Told:
    """Something happens on the customer's phone only."""
    return ()


def no_such(scene: Scene, button: Button) -> Told:
    """Raises ``Unsupported``."""
    raise Unsupported(f"{scene.state.product.title} has no button {button.payload!r} that a customer could press")


def tap(scene: Scene, button: Button, menu: list[Json] | None = None) -> Told:
    """A button with a payload, or else an entry of the own ``menu`` or the profile's, or an ice breaker."""
    payload = button.payload if button.payload is not None else payload_of(entries(scene.state, menu), button.title)
    if payload is None:
        raise Unsupported(
            f"the button {button.title!r} has no payload, and neither the menu nor the ice breakers have it"
        )
    referral, scene.chat.referral = scene.chat.referral, None  # how the customer came rides on the first tap
    return scene.postback(button.title, payload, referral, (Text(text=button.title),))


def say_title(scene: Scene, button: Button) -> Told:
    """A quick reply."""
    record: Json = {"text": button.title, "quick_reply": {"payload": button.payload or ""}}
    return scene.customer_message(record, (Text(text=button.title),))


def share_phone(scene: Scene, _button: Button) -> Told:
    """A chip with the own number."""
    return _share(scene, "phone", scene.chat.customer.phone)


def share_email(scene: Scene, _button: Button) -> Told:
    """A chip with the own address."""
    return _share(scene, "email", scene.chat.customer.email)


def _share(scene: Scene, what: str, own: str) -> Told:
    """A chip with the customer's own phone or e-mail, which is both text and payload."""
    if not own:
        raise Unsupported(f"{scene.chat.customer.key} has no {what} to share")
    return scene.customer_message({"text": own, "quick_reply": {"payload": own}}, (Text(text=own),))


PRESSERS: Mapping[ButtonKind, Presser] = {
    "reply": say_title,
    "postback": tap,
    "callback": tap,
    "request_contact": share_phone,
    "request_email": share_email,
    "other": no_such,
    "url": silence,
    "call": silence,
    "copy": silence,
    "request_location": silence,
}

# ------------------------------------------------------------------------------------------------- other acts


def arrive(scene: Scene, referral: Json | None, field: str) -> Told:
    """How somebody came is told at once in a known thread, else with the first message or tap."""
    if not scene.chat.opened:
        scene.chat.referral = referral
        return ()
    if referral is None:
        return ()
    scene.hear()
    id = f"referral:{scene.chat.address}:{millis(scene.at)}"
    return scene.customer_event(field, "referral", referral, id)


def edit(scene: Scene, act: Edit, field: str) -> Told:
    """Other words for an own message, five times at most."""
    title = scene.state.product.title
    message = own_message(scene.chat, act.message_id)
    texts = [part.text for part in act.parts if isinstance(part, Text)]
    if len(texts) != 1 or len(texts) != len(act.parts) or not any(isinstance(part, Text) for part in message.parts):
        raise Unsupported(f"on {title} only a message of words can be edited, and only into words")
    count = scene.chat.edits.get(act.message_id, 0) + 1
    if count > EDITS_MAX:
        raise Unsupported(f"{title} lets a customer edit a message {EDITS_MAX} times, not {count}")
    scene.chat.edits[act.message_id] = count
    edited = msgspec.structs.replace(message, parts=act.parts, edited_at=scene.at)
    scene.chat.keep(edited, {**scene.chat.records[act.message_id], "text": texts[0]})
    value: Json = {"mid": act.message_id, "text": texts[0], "num_edit": count}
    return scene.customer_event(field, "message_edit", value, f"edit:{act.message_id}:{count}")


def react(scene: Scene, act: React, shape: Callable[[str, str, bool], Json]) -> Told:
    """A reaction, or none any more; ``shape`` words it by the message, the bare sign and whether it was taken back."""
    message_of(scene.chat, act.message_id)
    before = scene.chat.reactions.pop(act.message_id, None)
    if act.emoji is not None:
        scene.chat.reactions[act.message_id] = act.emoji
        scene.hear()
    emoji = act.emoji or before
    if emoji is None:
        return ()
    value = shape(act.message_id, emoji, act.emoji is None)
    return scene.customer_event("message_reactions", "reaction", value, f"reaction:{act.message_id}:{millis(scene.at)}")


def reaction_word(emoji: str, own: Mapping[str, str]) -> str:
    """The word for a sign; ``own`` has those that only this product has."""
    sign = emoji.rstrip(_VARIANTS)
    return own.get(sign) or reactions.WORDS.get(sign, reactions.OTHER)


def echo(
    scene: Scene,
    act: Echo,
    contents: Callable[[Message], Iterator[Content]],
    shown: Callable[[Json, Message], Json],
) -> Told:
    """The bot's own message again, or one that a person wrote at the business: that is one or several by its ``contents``.
    ``shown`` is how the product shows the record of one."""
    message, chat = act.message, scene.chat
    if message.ids and message.id in chat.records:
        return scene.echo(shown(chat.records[message.id], message), message.id, chat.messages[message.id].at)
    told: list[Update] = []
    for number, (content, parts) in enumerate(contents(message)):
        mid = message.id if message.ids and number == 0 else scene.state.new_mid(chat)
        scene.state.mids[mid] = chat.address
        record: Json = {"mid": mid, **content}
        chat.keep(msgspec.structs.replace(message, ids=(mid,), parts=parts, at=scene.at), record)
        told.extend(scene.echo(shown(record, message), mid, scene.at))
    return tuple(told)


def typing(_scene: Scene, _act: Typing) -> Told:
    """There is no webhook for a customer who types."""
    return ()


def block(scene: Scene, _act: Block) -> Told:
    """The bot is not told; it learns from the error of its next message."""
    scene.chat.blocked = True
    return ()


def unblock(scene: Scene, _act: Unblock) -> Told:
    """Nor of this."""
    scene.chat.blocked = False
    return ()


ENCODERS: Mapping[type[Any], Encoder] = {Typing: typing, Block: block, Unblock: unblock}


def message_of(chat: GraphChat, message_id: str) -> Message:
    """A message of the thread; raises ``Unsupported`` where there is none."""
    message = chat.messages.get(message_id)
    if message is None:
        raise Unsupported(f"there is no message {message_id!r} in the thread with {chat.customer.key}")
    return message


def own_message(chat: GraphChat, message_id: str) -> Message:
    """One of the customer's own."""
    message = message_of(chat, message_id)
    if message.author != "customer":
        raise Unsupported(f"{chat.customer.key} can only change own messages; {message_id!r} is the {message.author}'s")
    return message


def contents(message: Message, attachment: Callable[[Media], Json]) -> Iterator[Content]:
    """The messages that one of several parts becomes, as their records and parts: words and media do not share
    one."""
    words = tuple(part for part in message.parts if isinstance(part, Text))
    if not message.parts or len(words) + len(message.media) != len(message.parts):
        raise Unsupported("a person in the inbox can send text and media, and nothing else")
    captions = tuple(one.caption for one in message.media if one.caption is not None)
    if message.media:
        bare = tuple(Media(kind=one.kind, file=one.file, emoji=one.emoji) for one in message.media)
        yield {"attachments": [attachment(one) for one in bare]}, bare
    for part in (*captions, *words):
        yield {"text": part.text}, (part,)


def grouped(parts: tuple[Part, ...], album: Collection[str], most: int | None = None) -> Sequence[Part | list[Media]]:
    """The parts of what a customer writes at once. Media of the kinds of an ``album`` that follow each other are one message, of ``most`` of
    them; any other medium is one by itself."""
    if len(parts) == 1 and not isinstance(parts[0], Media):  # nearly every message
        return parts
    return list(_grouped(parts, album, most))


def _grouped(parts: tuple[Part, ...], album: Collection[str], most: int | None) -> Iterator[Part | list[Media]]:
    together: list[Media] = []
    for part in parts:
        if isinstance(part, Media) and part.kind in album:
            if len(together) == most:
                yield together
                together = []
            together.append(part)
            continue
        if together:
            yield together
            together = []
        yield [part] if isinstance(part, Media) else part
    if together:
        yield together


def own_number(scene: Scene, part: Contact) -> str:
    """There are no contact cards; the own number goes by the chip that the bot's last message offers."""
    last = next((one for one in reversed(scene.chat.messages.values()) if one.author != "customer"), None)
    keyboards = [one for one in last.parts if isinstance(one, Keyboard)] if last is not None else []
    if part.own and any(button.kind == "request_contact" for one in keyboards for button in one.buttons):
        return part.phone
    raise Unsupported(
        f"{scene.state.product.title} has no contact cards; write the number as text, or press the quick reply "
        "user_phone_number of the bot's last message"
    )
