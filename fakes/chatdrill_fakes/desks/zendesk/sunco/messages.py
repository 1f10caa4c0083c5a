"""Messages, attachments and activities of conversations."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, unquote

from chatdrill.model import EntryChanged, File
from chatdrill.wire import HttpResponse, json_response
from chatdrill_fakes.desks.zendesk import ids, problems, routing, switchboard, talking
from chatdrill_fakes.desks.zendesk.limits import ALT_TEXT_MAX, MESSAGES_MAX, MESSAGES_PAGE, TEXT_MAX
from chatdrill_fakes.desks.zendesk.state import Message, SuncoUser, Talk, ZendeskState
from chatdrill_fakes.desks.zendesk.sunco.reading import (
    Call,
    conversation,
    last_page,
    metadata,
    named_user,
    scene,
    text,
)
from chatdrill_fakes.families.desks import fetched_file, uploaded_file

SUBTYPES = ("AI", "activity", "agent", "bot")
_LISTS = {"carousel": "items", "list": "items", "form": "fields", "formResponse": "fields"}
TYPES = ("text", "image", "file", "location", "template", *_LISTS)
_MEDIA = "/sc/attachments/v2/"


def post(visit: Call) -> HttpResponse:
    """``POST /conversations/{id}/messages``."""
    ticket, talk = conversation(visit)
    if len(talk.messages) >= MESSAGES_MAX:
        problems.fail(423, "locked", f"Message limit of {MESSAGES_MAX} per conversation reached.")
    author, person = _author(visit, talk)
    content = _content(visit)
    told = metadata(visit.values.get("metadata"))
    files = _files(visit, content, talk)
    acting = scene(visit, ticket)
    message = Message(
        id=ids.object_id(visit.state.chance, acting.now),
        author=author,
        content={**content, **_measured(files)},
        source=dict(talking.API_SOURCE),
        at=acting.now,
        user_id=None if person is None else person.id,
        metadata=told,
        files=files,
    )
    if person is not None:
        switchboard.settle(visit.state, talk)
    talking.post(acting, message)
    routing.route(acting)
    return json_response({"messages": [talking.shape(message)]}, status=201)


def _author(visit: Call, talk: Talk) -> tuple[dict[str, Any], SuncoUser | None]:
    given = visit.values.get("author")
    if not isinstance(given, dict) or given.get("type") not in ("user", "business"):
        problems.wrong("author.type must be user or business")
    names = {name: str(given[name]) for name in ("displayName", "avatarUrl") if given.get(name)}
    if given["type"] == "business":
        return {"type": "business", **_subtypes(given), **names}, None
    person = named_user(visit.state, given)
    if person.id not in talk.user_ids:
        problems.wrong("The author is not a participant of the conversation")
    name = {"displayName": person.name} if person.name else {}
    return {"type": "user", "userId": person.id, **name, **names}, person


def _subtypes(given: dict[str, Any]) -> dict[str, Any]:
    subtypes = given.get("subtypes")
    if subtypes is None:
        return {}
    if not isinstance(subtypes, list) or len(subtypes) != 1 or subtypes[0] not in SUBTYPES:
        problems.wrong(f"author.subtypes must be one of {', '.join(SUBTYPES)}")
    return {"subtypes": subtypes}


# -------------------------------------------------------------------------------------------------------- content


def _content(visit: Call) -> dict[str, Any]:
    """The content, checked by its type; refused with 400."""
    given = visit.values.get("content")
    if not isinstance(given, dict) or given.get("type") not in TYPES:
        problems.wrong(f"content.type must be one of {', '.join(TYPES)}")
    kind = str(given["type"])
    said = given.get("text")
    if said is not None and (not isinstance(said, str) or len(said) > TEXT_MAX):
        problems.wrong(f"content.text must be a string of at most {TEXT_MAX} characters")
    if kind == "text" and not any(given.get(name) for name in ("text", "actions", "htmlText", "markdownText")):
        problems.wrong("content.text is required")
    if kind in ("image", "file") and not str(given.get("mediaUrl") or "").startswith(("http://", "https://")):
        problems.wrong("content.mediaUrl must be a URL")
    text(given.get("altText"), "content.altText", ALT_TEXT_MAX)
    if kind in _LISTS and not (isinstance(given.get(_LISTS[kind]), list) and given[_LISTS[kind]]):
        problems.wrong(f"content.{_LISTS[kind]} is required")
    if kind == "location":
        _check_place(given.get("coordinates"))
    return dict(given)


def _check_place(given: object) -> None:
    known = given if isinstance(given, dict) else {}
    if not all(isinstance(known.get(name), int | float) for name in ("lat", "long")):
        problems.wrong("content.coordinates must have lat and long")


def _files(visit: Call, content: dict[str, Any], talk: Talk) -> tuple[File, ...]:
    if content["type"] not in ("image", "file"):
        return ()
    url = str(content["mediaUrl"])
    held = _held(visit, url, talk)
    if held is not None:
        return (held,)
    (fetched,) = visit.read(url)
    name = unquote(url.partition("?")[0].rpartition("/")[2]) or None
    return (fetched_file(fetched, visit.state.blobs, url=url, name=name),)


def _held(visit: Call, url: str, talk: Talk) -> File | None:
    """A file that lies here; one of another conversation is refused."""
    _, found, rest = url.partition(_MEDIA)
    id = rest.partition("/")[0]
    if not found or id not in visit.state.media:
        return None
    owner = visit.state.media_of.get(id)
    if owner is not None and owner != talk.id:
        problems.wrong("The mediaUrl belongs to another conversation")
    return visit.state.media[id]


def _measured(files: tuple[File, ...]) -> dict[str, Any]:
    return {"mediaType": files[0].mime, "mediaSize": files[0].size_bytes} if files and files[0].sha256 else {}


# ----------------------------------------------------------------------------------------------- reading, deleting


def index(visit: Call) -> HttpResponse:
    """``GET /conversations/{id}/messages``: the newest page unless a cursor says otherwise."""
    _, talk = conversation(visit)
    return last_page(visit, "messages", talk.messages, lambda each: each.id, talking.shape, MESSAGES_PAGE)


def remove(visit: Call) -> HttpResponse:
    """``DELETE /conversations/{id}/messages/{mid}``: a place-holder stays."""
    ticket, talk = conversation(visit)
    found = next((each for each in talk.messages if each.id == visit.params["mid"]), None)
    if found is None:
        problems.fail(404, "message_not_found", "Message not found")
    found.deleted = True
    if any(entry.id == found.id for entry in ticket.entries):
        visit.events.append(EntryChanged(ticket=ticket.address, entry_id=found.id, deleted=True))
    return json_response({})


def remove_all(visit: Call) -> HttpResponse:
    """``DELETE /conversations/{id}/messages``."""
    ticket, talk = conversation(visit)
    standing = {entry.id for entry in ticket.entries}
    gone = [each.id for each in talk.messages if each.id in standing and not each.deleted]
    visit.events += [EntryChanged(ticket=ticket.address, entry_id=id, deleted=True) for id in gone]
    talk.messages.clear()
    talk.filed = 0
    return json_response({})


# ---------------------------------------------------------------------------------------------------- attachments


def upload(visit: Call) -> HttpResponse:
    """``POST /attachments``: multipart field ``source``."""
    query = dict(visit.request.query)
    if query.get("access") not in (None, "public"):
        problems.wrong("access must be public")
    source = visit.arguments.files.get("source")
    if source is None:
        problems.wrong("The multipart field source is required")
    talk_id = query.get("conversationId")
    if talk_id is not None and not _is_talk(visit.state, talk_id):
        problems.fail(404, "conversation_not_found", "Conversation not found")
    file = uploaded_file(source, visit.state.blobs)
    url = keep(visit.state, file, visit.at, visit.base_url, owner=talk_id)
    return json_response({"attachment": {"mediaUrl": url, "mediaType": file.mime}}, status=201)


def _is_talk(state: ZendeskState, id: str) -> bool:
    ticket = state.tickets.get(id)
    return ticket is not None and ticket.talk is not None


def keep(state: ZendeskState, file: File, at: float, base_url: str, *, owner: str | None) -> str:
    """Let a file be downloaded; returns the link. ``owner`` is the conversation it belongs to."""
    id = ids.ulid(state.chance, at)
    state.media[id] = file
    if owner is not None:
        state.media_of[id] = owner
    return f"{base_url.rstrip('/')}{_MEDIA}{id}/{quote(file.name or 'file')}"


def download(visit: Call) -> HttpResponse:
    """The bytes behind a ``mediaUrl``."""
    file = visit.state.media.get(visit.params["id"])
    if file is None or file.sha256 not in visit.state.blobs:
        problems.fail(404, "not_found", "Attachment not found")
    return HttpResponse(200, (("Content-Type", file.mime),), visit.state.blobs.get(file.sha256))


def remove_file(visit: Call) -> HttpResponse:
    """``POST /attachments/remove``."""
    url = str(visit.values.get("mediaUrl") or "")
    _, found, rest = url.partition(_MEDIA)
    if not found:
        problems.wrong(f"Unsupported media URL for attachment deletion: {url}")
    if visit.state.media.pop(rest.partition("/")[0], None) is None:
        problems.fail(404, "not_found", "Attachment not found")
    return json_response({})


# ------------------------------------------------------------------------------------------------------- activity


def activity(visit: Call) -> HttpResponse:
    """``POST /conversations/{id}/activity``: somebody types or has read."""
    ticket, talk = conversation(visit)
    kind = visit.values.get("type")
    if kind not in ("typing:start", "typing:stop", "conversation:read"):
        problems.wrong("type must be typing:start, typing:stop or conversation:read")
    author, person = _author(visit, talk)
    acting = scene(visit, ticket)
    if person is not None:
        talking.tell_activity(acting, str(kind), author, person)
    elif kind == "conversation:read":
        talk.business_read_at = acting.now
    return json_response({})
