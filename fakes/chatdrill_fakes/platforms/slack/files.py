"""``files.*``: the upload in three steps, and files of both sides.

Source: docs.slack.dev, Working with files; files.getUploadURLExternal, files.completeUploadExternal (2026-08). That a download without
a token leads to the login, and is not refused, is what bots have to live with.
"""

from __future__ import annotations

from typing import Any

from msgspec import structs

from chatdrill.model import File, Media, MediaKind, Part, Sent
from chatdrill.wire import Call, Exchange, Handled, HttpRequest, HttpResponse, read_arguments
from chatdrill.wire.files import describe
from chatdrill_fakes.platforms.slack import limits
from chatdrill_fakes.platforms.slack.calls import Answered, Asked, customer_of
from chatdrill_fakes.platforms.slack.chatting import echo, meet_trouble
from chatdrill_fakes.platforms.slack.errors import ApiError, missing
from chatdrill_fakes.platforms.slack.mrkdwn import shown
from chatdrill_fakes.platforms.slack.objects import add_to_thread, names_of, new_file, own_message
from chatdrill_fakes.platforms.slack.people import paged
from chatdrill_fakes.platforms.slack.posting import Draft, message
from chatdrill_fakes.platforms.slack.state import Json, Room, SlackState, Stored, Upload

DOWNLOADS, UPLOADS, AVATARS = "/files-pri/", "/upload/v1/", "/avatars/"
LOGIN = b"<!DOCTYPE html><html><head><title>Slack</title></head><body><h1>Sign in to your workspace</h1></body></html>"
_HTML = (("Content-Type", "text/html; charset=utf-8"),)


def is_file(path: str) -> bool:
    """True for where files are fetched and brought, and for pictures of people."""
    return path.startswith((DOWNLOADS, UPLOADS, AVATARS))


def key_of(path: str) -> str:
    """The id in such a path."""
    parts = path.split("/")
    if path.startswith(UPLOADS):
        return parts[3]
    return parts[2].rpartition("-")[2] if path.startswith(DOWNLOADS) else parts[2].partition("_")[0]


# --------------------------------------------------------------------------------------------------------------- methods


def get_upload_url(asked: Asked) -> Answered:
    """Where to bring a file."""
    name, length = asked.optional("filename"), asked.optional("length")
    if not name or not (length.isascii() and length.isdigit() and len(length) < 15) or int(length) == 0:
        raise ApiError("missing_argument", why="filename, and a length that is not 0")
    most = limits.SNIPPET_MAX_BYTES if asked.has("snippet_type") else limits.FILE_MAX_BYTES
    if int(length) > most:
        raise ApiError("snippet_too_large" if asked.has("snippet_type") else "file_upload_size_restricted")
    if len(asked.optional("alt_txt")) > limits.ALT_TXT_MAX:
        raise ApiError("alt_txt_too_large")
    key, file_id = asked.state.chance.base64url(40), asked.state.new_id("F")
    asked.state.uploads[key] = Upload(file_id, name, int(length))
    return Answered({"upload_url": f"{asked.state.known_url}{UPLOADS}{key}", "file_id": file_id})


def complete(asked: Asked) -> Answered:
    """The files are there: share them, in one message. Its ``ts`` is not told."""
    uploads, titles = _wanted(asked)
    rooms = _rooms(asked)
    thread = asked.ts("thread_ts", "invalid_thread_ts") if asked.has("thread_ts") else ""
    for room in rooms:
        meet_trouble(asked, customer_of(asked.state, room, thread))
    stored = [_stored(asked, upload, titles[upload.file_id]) for upload in uploads]
    done = Answered({"files": [one.raw for one in stored]})
    for room in rooms:
        _share(asked, room, stored, thread, done)
    return done


def _wanted(asked: Asked) -> tuple[list[Upload], dict[str, str]]:
    given = asked.json("files", "invalid_arguments")
    if not isinstance(given, list) or not given:
        raise missing("files")
    known = {upload.file_id: upload for upload in asked.state.uploads.values()}
    found: list[Upload] = []
    titles: dict[str, str] = {}
    for one in given:
        id = one.get("id") if isinstance(one, dict) else None
        if not isinstance(id, str) or id not in known or known[id].content is None:
            raise ApiError("file_not_found", why="every file has to be brought to its upload_url first")
        title = one.get("title")
        found.append(known[id])
        titles[id] = title if isinstance(title, str) and title else known[id].name
    return found, titles


def _rooms(asked: Asked) -> list[Room]:
    names = asked.names("channels") if asked.has("channels") else [asked.optional("channel_id")]
    if len(names) > limits.SHARES_MAX:
        raise ApiError("channels_limit_exceeded")
    found: list[Room] = []
    for name in filter(None, names):
        if name not in asked.state.rooms:  # a person's id will not do here
            raise ApiError("channel_not_found")
        found.append(Asked(asked.state, asked.exchange, {"channel": name}).joined_room())
    return found


def _stored(asked: Asked, upload: Upload, title: str) -> Stored:
    state = asked.state
    file = describe(upload.content or b"", state.blobs, name=upload.name)
    made = new_file(state, file, by=state.bot_user, to=None, at=asked.now)
    del state.files[made.raw["id"]]
    url = {
        key: value.replace(made.raw["id"], upload.file_id)
        for key, value in made.raw.items()
        if key.startswith("url_private")
    }
    made.raw |= {
        "id": upload.file_id,
        "title": title,
        "permalink": made.raw["permalink"].replace(made.raw["id"], upload.file_id),
        **url,
    }
    state.files[upload.file_id] = made
    state.uploads = {key: one for key, one in state.uploads.items() if one is not upload}
    return made


def _share(asked: Asked, room: Room, stored: list[Stored], thread: str, done: Answered) -> None:
    state, comment = asked.state, asked.optional("initial_comment")
    to = customer_of(state, room, thread)
    at = asked.at(to)
    ts = state.stamp(at)
    raws = [one.raw for one in stored]
    raw = own_message(state, ts, text=comment, subtype="file_share", files=raws, upload=True, display_as_bot=False)
    if thread:
        raw["thread_ts"] = thread
        add_to_thread(room, raw)
    room.messages[ts] = raw
    for one in stored:
        one.shares.append((room.id, ts))
    if to is None:
        return
    parts: list[Part] = [Media(kind=kind_of(one.file), file=one.file) for one in stored]
    parts[:0] = [shown(comment, lambda id: names_of(state, id))] if comment else []
    seen = message(Draft(raw, tuple(parts)), ts, at, reply_to=thread or None)
    state.chats[to].messages[ts] = seen
    done.to = to
    done.effects += (Sent(to=to, message=seen),)
    done.later += tuple(structs.replace(one, after_s=limits.SHARE_AFTER_S) for one in echo(asked, to, seen))


def kind_of(file: File) -> MediaKind:
    """How a file shows."""
    major = file.mime.partition("/")[0]
    if file.mime == "image/gif":
        return "animation"
    return {"image": "photo", "video": "video", "audio": "audio"}.get(major, "document")  # type: ignore[return-value]


def _known(asked: Asked) -> Stored:
    stored = asked.state.files.get(asked.text("file"))
    if stored is None:
        raise ApiError("file_not_found")
    if stored.is_deleted:
        raise ApiError("file_deleted")
    return stored


def info(asked: Asked) -> Answered:
    """One file, and where it was shared."""
    stored = _known(asked)
    shares: Json = {}
    for channel, ts in stored.shares:
        shares.setdefault(channel, []).append({"ts": ts, "channel_name": "", "team_id": asked.state.team})
    ims = [channel for channel in shares if asked.state.rooms[channel].kind == "im"]
    whole = {**stored.raw, "shares": {"private": shares}, "channels": [], "groups": [], "ims": ims}
    return Answered({"file": whole, "comments": [], "response_metadata": {"next_cursor": ""}}, stored.to)


def listed(asked: Asked) -> Answered:
    """All files."""
    every = [one.raw for one in asked.state.files.values() if not one.is_deleted]
    page, _ = paged(asked, every, 100, limits.LIST_MAX)
    return Answered({"files": page, "paging": {"count": 100, "total": len(every), "page": 1, "pages": 1}})


def delete(asked: Asked) -> Answered:
    """An own file goes."""
    stored = _known(asked)
    if stored.raw["user"] != asked.state.bot_user:
        raise ApiError("cant_delete_file")
    stored.is_deleted = True
    return Answered({})


def share_publicly(asked: Asked) -> Answered:  # noqa: ARG001 (a method like the others)
    """Only a person's token can do that."""
    raise ApiError("not_allowed_token_type")


def upload_of_old(asked: Asked) -> Answered:  # noqa: ARG001
    """The upload in one step, which is no more."""
    raise ApiError("method_deprecated")


# ------------------------------------------------------------------------------------------------------------- transfers


def serve(state: SlackState, exchange: Exchange) -> Handled:
    """Bring or fetch a file."""
    path = exchange.request.path
    if path.startswith(UPLOADS):
        return _take(state, exchange.request)
    if path.startswith(AVATARS):
        return _avatar(state, key_of(path))
    return _give(state, exchange.request)


def _take(state: SlackState, request: HttpRequest) -> Handled:
    upload = state.uploads.get(key_of(request.path))
    if upload is None:
        return _failed(404, "upload", "no such upload_url")
    if request.method.upper() not in ("POST", "PUT"):
        return _failed(405, "upload", "an upload is a POST")
    content = _content(request)
    if len(content) != upload.length:
        return _failed(400, "upload", f"{len(content)} bytes came, {upload.length} were announced")
    upload.content = content
    arguments = {"file_id": upload.file_id, "bytes": len(content)}
    return Handled(
        HttpResponse(200, (("Content-Type", "text/plain"),), b"OK - %d" % len(content)), Call("upload", None, arguments)
    )


def _content(request: HttpRequest) -> bytes:
    """The bytes as the body or as a file in a form."""
    if request.content_type != "multipart/form-data":
        return request.body
    files = read_arguments(request).files
    found: Any = next(iter(files.values()), None)
    return b"" if found is None else bytes(found.content)


def _give(state: SlackState, request: HttpRequest) -> Handled:
    stored = state.files.get(key_of(request.path))
    if request.method.upper() not in ("GET", "HEAD"):
        return _failed(405, "GET file", "a download is a GET")
    to = None if stored is None else stored.to
    scheme, _, token = (request.header("authorization") or "").partition(" ")
    if scheme.lower() != "bearer" or token.strip() != state.token or state.trouble or "files:read" not in state.scopes:
        return _login(state, to)
    if stored is None or stored.is_deleted or not stored.file.sha256:
        return _failed(404, "GET file", "file_not_found")
    response = HttpResponse(200, (("Content-Type", stored.raw["mimetype"]),), state.blobs.get(stored.file.sha256))
    return Handled(response, Call("GET file", to))


def _login(state: SlackState, to: str | None) -> Handled:
    """Not refused, but no file either: a bot has to look at the type of what it gets."""
    error = "no token, or a wrong one: Slack leads to its login"
    call = Call("GET file", to, ok=False, error=error)
    if state.settings["file_login"] == "redirect":
        return Handled(HttpResponse(302, (("Location", f"{state.known_url}/login"), *_HTML), b""), call)
    return Handled(HttpResponse(200, _HTML, LOGIN), call)


def login() -> Handled:
    """The page that everybody without a token ends up at."""
    return Handled(HttpResponse(200, _HTML, LOGIN), Call("GET login", ok=False, error="the login is no file"))


def _avatar(state: SlackState, id: str) -> Handled:
    if id not in state.chats:
        return _failed(404, "GET avatar", "nobody has this picture")
    pixel = bytes.fromhex(
        "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
        "0000000d49444154789c6360483bf31f0003ce0232ba9a835f0000000049454e44ae426082"
    )
    return Handled(
        HttpResponse(200, (("Content-Type", "image/png"),), pixel), Call("GET avatar", id, support="partial")
    )


def _failed(status: int, what: str, error: str) -> Handled:
    response = HttpResponse(status, (("Content-Type", "text/plain; charset=utf-8"),), error.encode())
    return Handled(response, Call(what, ok=False, error=error))
