"""What a customer writes, changes and takes back, and how they react.

Source: docs.slack.dev, Events API: message and its subtypes, reaction_added (2026-08). That a voice note is a file with the subtype
slack_audio, and a video note one with slack_video, is what Slack's own clips look like.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from msgspec import structs

from chatdrill.errors import Unsupported
from chatdrill.model import Delete, Edit, Form, Media, Message, Part, React, Text, Write
from chatdrill_fakes.platforms.slack import ids
from chatdrill_fakes.platforms.slack.mrkdwn import escaped, rich
from chatdrill_fakes.platforms.slack.objects import Scene, Told, add_to_thread, new_file, team_of
from chatdrill_fakes.platforms.slack.state import Json, Room, Stored
from chatdrill_fakes.platforms.slack.views import submit

_CLIPS = {"voice": "slack_audio", "video_note": "slack_video"}
_EMOJI = {
    "+1": "\N{THUMBS UP SIGN}", "-1": "\N{THUMBS DOWN SIGN}", "heart": "\N{HEAVY BLACK HEART}\ufe0f", "eyes": "\N{EYES}",
    "tada": "\N{PARTY POPPER}", "white_check_mark": "\N{WHITE HEAVY CHECK MARK}", "joy": "\N{FACE WITH TEARS OF JOY}",
    "fire": "\N{FIRE}", "pray": "\N{PERSON WITH FOLDED HANDS}", "clap": "\N{CLAPPING HANDS SIGN}", "smile": "\N{SMILING FACE WITH OPEN MOUTH AND SMILING EYES}",
    "wave": "\N{WAVING HAND SIGN}", "ok_hand": "\N{OK HAND SIGN}", "x": "\N{CROSS MARK}", "thinking_face": "\N{THINKING FACE}",
    "hourglass_flowing_sand": "\N{HOURGLASS WITH FLOWING SAND}",
}  # fmt: skip
_NAMES = {emoji.strip("\ufe0f"): name for name, emoji in _EMOJI.items()} | {"\N{THUMBS UP SIGN}": "+1"}
_ALIASES = {"thumbsup": "+1", "thumbsdown": "-1"}


def emoji_of(name: str) -> str:
    """The sign of a name, as far as it is known; else the name as it is written."""
    return _EMOJI.get(_ALIASES.get(name, name), f":{name}:")


def name_of(emoji: str) -> str:
    """The name of a sign."""
    bare = emoji.strip("\ufe0f")
    if bare in _NAMES:
        return _NAMES[bare]
    words = unicodedata.name(bare[:1], "grey question") if bare else "grey question"
    return "".join(sign if sign.isalnum() else "_" for sign in words.lower())


def write(scene: Scene, act: Write) -> Told:
    """One message with all its words and files. Raises ``Unsupported`` for what nobody can send on Slack."""
    forms = [part for part in act.parts if isinstance(part, Form)]
    if forms:
        return submit(scene, forms[0])
    texts, media = _sorted(act.parts)
    if not texts and not media:
        raise Unsupported("slack: a customer cannot send an empty message")
    raw = _raw(scene, "\n".join(texts))
    told: Told = ()
    if media:
        stored = [_file(scene, part) for part in media]
        raw |= {"subtype": "file_share", "files": [one.raw for one in stored], "upload": False, "display_as_bot": False}
    room = scene.dm
    if act.reply_to in room.messages:
        raw["thread_ts"] = _root(room, str(act.reply_to))
        add_to_thread(room, raw)
    _keep(scene, room, raw, act.parts, raw.get("thread_ts"))
    told += scene.tell_message(room, raw, kind="message.file_share" if media else "message")
    for shared in raw.get("files", ()):
        scene.state.files[shared["id"]].shares.append((room.id, raw["ts"]))
        told += scene.tell(file_event(scene, "file_shared", shared["id"]))
    return told


def file_event(scene: Scene, name: str, file_id: str) -> Json:
    """What is told of a file beside the message that it came with."""
    return {
        "type": name,
        "file_id": file_id,
        "user_id": scene.chat.address,
        "file": {"id": file_id},
        "channel_id": scene.chat.dm,
        "event_ts": f"{scene.at:.6f}",
    }


def _root(room: Room, ts: str) -> str:
    """Slack's threads have one level."""
    return str(room.messages[ts].get("thread_ts") or ts)


def _sorted(parts: Iterable[Part]) -> tuple[list[str], list[Media]]:
    texts: list[str] = []
    media: list[Media] = []
    for part in parts:
        if isinstance(part, Text):
            texts.append(part.text)
        elif isinstance(part, Media):
            media.append(part)
            texts += [part.caption.text] if part.caption else []
        else:
            name = type(part).__name__.lower()
            raise Unsupported(f"slack: a customer cannot send {name}: Slack has nothing of the kind")
    return texts, media


def _raw(scene: Scene, words: str) -> Json:
    """A message as Slack's servers know it."""
    state, team = scene.state, team_of(scene.state)
    ts = state.stamp(scene.at)
    blocks = {"blocks": [rich(words, ts[-5:])]} if words else {}
    return {
        "type": "message",
        "user": scene.chat.address,
        "text": escaped(words),
        "ts": ts,
        "client_msg_id": ids.uuid_of(f"{scene.chat.address}{ts}"),
        "team": team,
        **({"user_team": team, "source_team": team} if team != state.team else {}),
        **blocks,
    }


def _file(scene: Scene, part: Media) -> Stored:
    stored = new_file(scene.state, part.file, by=scene.chat.address, to=scene.chat.address, at=scene.at)
    clip = _CLIPS.get(part.kind)
    if clip is not None:
        stored.raw |= {
            "subtype": clip,
            "transcription": {"status": "complete", "locale": "en-US", "preview": {"content": ""}},
        }
    return stored


def _keep(scene: Scene, room: Room, raw: Json, parts: tuple[Part, ...], thread: str | None) -> None:
    ts = raw["ts"]
    room.messages[ts] = raw
    chat = scene.chat
    chat.opened, chat.last_customer_at = True, scene.at
    chat.messages[ts] = Message(ids=(ts,), author="customer", parts=parts, at=scene.at, reply_to=thread)


# ------------------------------------------------------------------------------------------------ changes and reactions


def edit(scene: Scene, act: Edit) -> Told:
    """An own message has other words; Slack tells both."""
    room = scene.dm
    before = room.messages.get(act.message_id)
    if before is None or before.get("user") != scene.chat.address:
        raise Unsupported(f"slack: {act.message_id!r} is no message of {scene.chat.customer.key}'s")
    texts, media = _sorted(act.parts)
    if media:
        raise Unsupported("slack: an edit changes the words of a message, and not its files")
    words, ts = "\n".join(texts), scene.state.stamp(scene.at)
    stamp = {"user": scene.chat.address, "ts": f"{ts.partition('.')[0]}.000000"}
    after = {**before, "text": escaped(words), "blocks": [rich(words, ts[-5:])], "edited": stamp}
    room.messages[act.message_id] = after
    known = scene.chat.messages.get(act.message_id)
    if known is not None:
        scene.chat.messages[act.message_id] = structs.replace(known, parts=act.parts, edited_at=scene.at)
    return changed(scene, room, before, after, ts)


def changed(scene: Scene, room: Room, before: Json, after: Json, ts: str) -> Told:
    """The event of a message that is not as it was."""
    event = {
        "type": "message",
        "subtype": "message_changed",
        "hidden": True,
        "ts": ts,
        "message": after,
        "previous_message": before,
    }
    return scene.tell_message(room, event, kind="message.message_changed")


def delete(scene: Scene, act: Delete) -> Told:
    """An own message is gone; one with replies leaves a tombstone."""
    room = scene.dm
    before = room.messages.get(act.message_id)
    if before is None or before.get("user") != scene.chat.address:
        raise Unsupported(f"slack: {act.message_id!r} is no message of {scene.chat.customer.key}'s")
    return deleted(scene, room, before)


def deleted(scene: Scene, room: Room, before: Json) -> Told:
    """The event of a message that is gone."""
    gone, ts = before["ts"], scene.state.stamp(scene.at)
    if before.get("reply_count"):
        kept: Json = {
            key: before[key] for key in ("thread_ts", "reply_count", "reply_users", "latest_reply") if key in before
        }
        after: Json = {"type": "message", "subtype": "tombstone", "text": "This message was deleted.", "user": "USLACKBOT",
                 "hidden": True, "ts": gone, **kept}  # fmt: skip
        room.messages[gone] = after
        return changed(scene, room, before, after, ts)
    room.messages.pop(gone, None)
    event = {
        "type": "message",
        "subtype": "message_deleted",
        "hidden": True,
        "ts": ts,
        "deleted_ts": gone,
        "previous_message": before,
    }
    return scene.tell_message(room, event, kind="message.message_deleted")


def react(scene: Scene, act: React) -> Told:
    """A reaction comes or goes: without an emoji every one of the customer's goes."""
    room, me = scene.dm, scene.chat.address
    raw = room.messages.get(act.message_id)
    if raw is None:
        raise Unsupported(f"slack: there is no message {act.message_id!r} to react to")
    reactions: list[Json] = raw.setdefault("reactions", [])
    if act.emoji is None:
        mine = [one["name"] for one in reactions if me in one["users"]]
        for name in mine:
            unreact(raw, name, me)
        return tuple(update for name in mine for update in _reaction(scene, "reaction_removed", raw, name))
    name = name_of(act.emoji)
    add_reaction(raw, name, me)
    return _reaction(scene, "reaction_added", raw, name)


def add_reaction(raw: Json, name: str, user: str) -> bool:
    """False if it was there already."""
    reactions: list[Json] = raw.setdefault("reactions", [])
    found = next((one for one in reactions if one["name"] == name), None)
    if found is None:
        reactions.append({"name": name, "users": [user], "count": 1})
        return True
    if user in found["users"]:
        return False
    found["users"].append(user)
    found["count"] += 1
    return True


def unreact(raw: Json, name: str, user: str) -> bool:
    """False if it was not there."""
    for one in raw.get("reactions", ()):
        if one["name"] == name and user in one["users"]:
            one["users"].remove(user)
            one["count"] -= 1
            raw["reactions"] = [each for each in raw["reactions"] if each["count"]]
            return True
    return False


def _reaction(scene: Scene, kind: str, raw: Json, name: str) -> Told:
    item = {"type": "message", "channel": scene.chat.dm, "ts": raw["ts"]}
    event = {"type": kind, "user": scene.chat.address, "reaction": name, "item_user": raw.get("user", ""), "item": item,
             "event_ts": scene.state.stamp(scene.at)}  # fmt: skip
    return scene.tell(event)
