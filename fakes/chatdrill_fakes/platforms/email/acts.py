"""Every act of a customer as the mails that the bot gets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chatdrill.errors import Unsupported
from chatdrill.model import Act, Block, Contact, Event, Media, Message, Press, Read, Receipt, Text, Unblock, Write
from chatdrill.model import Part as ModelPart
from chatdrill.wire import typed
from chatdrill_fakes.platforms.email import reports
from chatdrill_fakes.platforms.email.declared import LACKS
from chatdrill_fakes.platforms.email.events import event
from chatdrill_fakes.platforms.email.letters import Envelope, Part, Scene, Told, attached, letter, references, shortened
from chatdrill_fakes.platforms.email.state import Answer, MailState

_SUBJECT_MAX = 50
_THREAD_SEEN = 20
"""Mails of a conversation that a program still knows when nobody has answered."""
_MEDIA = frozenset({"photo", "video", "voice", "audio", "document", "animation", "sticker"})


def encode(state: MailState, to: str, act: Act, now: float) -> Told:
    """The mails of an act; ``now`` is the mailbox's drill time. See ``Platform.encode``."""
    chat = state.chats.get(to)
    if chat is None:
        raise Unsupported(f"email: nobody with the address {to!r} has joined")
    name = str(type(act).__struct_config__.tag)
    encoder = _ENCODERS.get(name)
    if encoder is None:
        raise Unsupported(f"email: {LACKS[name]}")
    return encoder(Scene(state, chat, now), act)


def _write(scene: Scene, act: Write) -> Told:
    """One mail: all words, and all files attached to it."""
    chat = scene.chat
    words, files = _content(scene, act.parts)
    answer = chat.answers.get(act.reply_to or "", chat.answer)
    part = scene.with_files(scene.part(words, reply=answer) if words or not files else None, files)
    about = _about(scene, words, answer)
    if act.forwarded:
        about.subject = f"Fwd: {about.subject.removeprefix('Re: ')}"
    told = letter(scene, part, about)
    _keep(scene, about.id, act)
    return (told,)


def _about(scene: Scene, words: str, answer: Answer | None) -> Envelope:
    """A reply to the bot's mail, or to one's own where the bot has not answered, or the first mail of a conversation."""
    chat, id = scene.chat, scene.new_id()
    if answer is not None:
        return Envelope(id=id, subject=_re(answer.subject), parent=answer.id, references=references(answer))
    if chat.thread:
        return Envelope(
            id=id, subject=_re(chat.subject), parent=chat.thread[-1], references=shortened(chat.thread[-_THREAD_SEEN:])
        )
    chat.subject = _subject(words)
    return Envelope(id=id, subject=chat.subject)


def _re(subject: str) -> str:
    return subject if subject[:3].lower() == "re:" else f"Re: {subject}"


def _subject(words: str) -> str:
    """People who are in a hurry write the beginning of their question."""
    line = words.strip().partition("\n")[0]
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in line).split())
    if len(line) > _SUBJECT_MAX:
        line = f"{line[:_SUBJECT_MAX].rpartition(' ')[0] or line[:_SUBJECT_MAX]}..."
    return line or "Question"


def _keep(scene: Scene, id: str, act: Write) -> None:
    chat = scene.chat
    chat.thread.append(id)
    chat.opened, chat.last_customer_at, chat.asked = True, scene.now, chat.asked + 1
    chat.automatic = ()
    chat.messages[id] = Message(ids=(id,), author="customer", parts=act.parts, at=scene.now, reply_to=act.reply_to)


def _content(scene: Scene, parts: tuple[ModelPart, ...]) -> tuple[str, list[Part]]:
    words: list[str] = []
    files: list[Part] = []
    for part in parts:
        if isinstance(part, Text):
            words.append(part.text)
        elif isinstance(part, Media) and part.kind in _MEDIA:
            files.append(_file(scene, part))
            if part.caption is not None:
                words.append(part.caption.text)
        elif isinstance(part, Contact):
            files.append(_card(part))
        else:
            raise Unsupported(f"email: {_why_not(part)}")
    return "\n\n".join(words), files


def _why_not(part: ModelPart) -> str:
    tag = str(type(part).__struct_config__.tag)
    name = f"{tag}.{part.kind}" if isinstance(part, Media) else tag
    return LACKS.get(name) or f"a customer cannot send {name} by mail: it is text and attached files"


def _file(scene: Scene, part: Media) -> Part:
    file = part.file
    content = scene.state.blobs.get(file.sha256) if file.sha256 else b""
    ending = file.mime.partition("/")[2].partition(";")[0].partition("+")[0]
    return attached(content, file.mime, file.name or f"{part.kind}.{ending}")


def _card(part: Contact) -> Part:
    """A visiting card. Source: RFC 6350 (2011)."""
    lines = ["BEGIN:VCARD", "VERSION:4.0", f"FN:{part.name}", f"TEL:{part.phone}"]
    lines += [f"EMAIL:{part.email}"] if part.email else []
    return attached("\r\n".join([*lines, "END:VCARD", ""]).encode(), "text/vcard", "contact.vcf")


def _press(scene: Scene, act: Press) -> Told:
    """The number of a choice is typed."""
    if act.button.kind not in ("reply", "postback", "callback"):
        return ()
    return _write(scene, typed(act))


def _read(scene: Scene, act: Read) -> Told:
    """A note that the mail was read, if the bot asked for one."""
    answer = scene.chat.answers.get(act.message_id)
    return () if answer is None or not answer.wants_receipt else (reports.displayed(scene, answer),)


def _block(scene: Scene, _act: Block) -> Told:
    scene.chat.blocked = True
    return ()


def _unblock(scene: Scene, _act: Unblock) -> Told:
    scene.chat.blocked = False
    return ()


def _nothing(_scene: Scene, _act: Any) -> Told:
    """Something happens on the customer's screen only."""
    return ()


def _receipt(scene: Scene, act: Receipt) -> Told:
    """What became of a mail of the bot's."""
    answer = scene.chat.answers.get(act.message_id)
    if answer is None:
        raise Unsupported(f"email: the bot has sent no mail {act.message_id!r} to {scene.chat.address}")
    if act.status == "read":
        return (reports.displayed(scene, answer),)
    if act.status == "delivered":
        return (reports.delivered(scene, answer),)
    if act.status == "failed":
        status = scene.chat.bounces.pop(0) if scene.chat.bounces else "5.1.1"
        return (reports.bounced(scene, answer, status),)
    return ()


def _event(scene: Scene, act: Event) -> Told:
    return event(scene, act)


_ENCODERS: dict[str, Callable[[Scene, Any], Told]] = {
    "write": _write,
    "press": _press,
    "read": _read,
    "delete": _nothing,
    "typing": _nothing,
    "block": _block,
    "unblock": _unblock,
    "receipt": _receipt,
    "event": _event,
}
