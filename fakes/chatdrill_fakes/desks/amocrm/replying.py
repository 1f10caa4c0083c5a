"""An agent writes to the customer."""

from __future__ import annotations

from chatdrill.errors import Unsupported, UsageError
from chatdrill.model import Accepted, File, Keyboard, Media, MediaKind, Part, Reply, Template, Text
from chatdrill_fakes.desks.amocrm import ids, outgoing, work
from chatdrill_fakes.desks.amocrm.declared import CAPABILITIES
from chatdrill_fakes.desks.amocrm.outgoing import Outgoing, Speaker
from chatdrill_fakes.desks.amocrm.scene import Scene
from chatdrill_fakes.desks.amocrm.state import Document

_TYPES: dict[MediaKind, str] = {
    "photo": "picture",
    "video": "video",
    "voice": "voice",
    "audio": "audio",
    "document": "file",
    "sticker": "sticker",
    "animation": "video",
    "video_note": "video",
}


def reply(scene: Scene, act: Reply) -> None:
    """One message, or for several files one each, of one group; who writes has the conversation from then on."""
    messages = _messages(scene, act)
    _check_window(scene)
    if scene.ticket.chat is None:
        outgoing.write_first(scene)
    if scene.ticket.assignee is None:
        scene.tell(Accepted(ticket=scene.ticket.address, agent=act.agent))
        scene.ticket.waiting = False
        scene.assigned(act.agent)
    work.join_talk(scene)
    speaker = Speaker(scene.state.amojo_ids[act.agent], scene.state.seats[act.agent].agent.name)
    for message in messages:
        outgoing.send(scene, speaker, message)


def _messages(scene: Scene, act: Reply) -> list[Outgoing]:
    media, more = [part for part in act.parts if isinstance(part, Media)], _more(scene, act.parts)
    words = [part.text for part in act.parts if isinstance(part, Text | Template)]
    words += [part.caption.text for part in media if part.caption is not None and len(media) == 1]
    text = "\n".join(words)
    if not media:
        if not text:
            raise UsageError("amocrm: an agent's message needs words or a file")
        return [Outgoing(text=text, more=more, reply_to=act.reply_to)]
    if len(media) > 1:
        more = {**more, "media_group_id": ids.uuid(scene.state.chance)}
    return [_file(part, number, text, more, act, len(media)) for number, part in enumerate(media)]


def _file(part: Media, number: int, text: str, more: Document, act: Reply, count: int) -> Outgoing:
    """The words go with the first file, and of several files each keeps its own."""
    caption = part.caption.text if part.caption is not None and count > 1 else ""
    words = "\n".join(each for each in (text if number == 0 else "", caption) if each)
    file: File = part.file
    return Outgoing(kind=_TYPES[part.kind], text=words, file=file, more=more, reply_to=act.reply_to)


def _more(scene: Scene, parts: tuple[Part, ...]) -> Document:
    more: Document = {}
    for part in parts:
        if isinstance(part, Keyboard):
            more["markup"] = _markup(part)
        elif isinstance(part, Template):
            more["template"] = _template(scene, part)
        elif not isinstance(part, Text | Media):
            raise Unsupported(f"amocrm: {CAPABILITIES.lacks['part']}")
    return more


def _markup(keyboard: Keyboard) -> Document:
    rows = [
        [{"text": button.title, **({"url": button.url} if button.url else {})} for button in row]
        for row in keyboard.rows
    ]
    return {"mode": "inline", "buttons": rows}


def _template(scene: Scene, template: Template) -> Document:
    params = [{"key": f"{{{{{number}}}}}", "value": value} for number, value in enumerate(template.parameters, 1)]
    content = template.text
    return {"id": scene.state.next_id(), "external_id": template.name, "content": content, "params": params}


def _check_window(scene: Scene) -> None:
    state, window = scene.state, scene.state.number("reply_window_s")
    connection = state.scopes.get(state.scope_id, {})
    if not window or connection.get("is_time_window_disabled"):
        return
    last = scene.ticket.customer_at
    if last is None or scene.now - last > window:
        raise UsageError(f"amocrm: the customer wrote more than {window:g} s ago, and the channel's window is over")
