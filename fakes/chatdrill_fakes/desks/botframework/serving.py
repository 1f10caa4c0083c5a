"""The rest of the connector: lists of conversations and members, attachments, tokens."""

from __future__ import annotations

from typing import Any

from chatdrill.model import File
from chatdrill.wire import HttpResponse, json_response
from chatdrill.wire.files import describe
from chatdrill_fakes.desks.botframework import hub, tokens
from chatdrill_fakes.desks.botframework.activities import unbase64
from chatdrill_fakes.desks.botframework.answers import At, conversation_of, refuse
from chatdrill_fakes.desks.botframework.state import Conversation, Stored
from chatdrill_fakes.families.connector import login

UPLOAD_MAX_BYTES = 4 * 1024 * 1024
TOKEN_VALID_S = 86_399
PAGE_MAX = 100


def _members(visit: At, conversation: Conversation) -> list[dict[str, Any]]:
    agents = [hub.account_of(visit.state, conversation.assignee)] if conversation.assignee else []
    return [*conversation.members.values(), hub.bot_account(visit.state), *agents]


def conversations(visit: At) -> HttpResponse:
    """GET /v3/conversations."""
    found = [{"id": each.address, "members": _members(visit, each)} for each in visit.state.tickets.values()]
    return json_response({"conversations": found, "continuationToken": ""})


def members(visit: At) -> HttpResponse:
    """GET .../members, of the conversation or of one activity."""
    return json_response(_members(visit, conversation_of(visit)))


def member(visit: At) -> HttpResponse:
    """GET .../members/{id}."""
    found = {each["id"]: each for each in _members(visit, conversation_of(visit))}
    if visit.params["member"] not in found:
        raise refuse(404, "NotFound", "The member is not in the conversation")
    return json_response(found[visit.params["member"]])


def paged_members(visit: At) -> HttpResponse:
    """GET .../pagedmembers?pageSize=&continuationToken=; the token is the number of those seen."""
    found = _members(visit, conversation_of(visit))
    size, seen = (
        str(visit.values.get(name) or fallback) for name, fallback in (("pageSize", "50"), ("continuationToken", "0"))
    )
    if not (size.isdecimal() and seen.isdecimal() and len(size + seen) < 19):
        raise refuse(400, "BadArgument", "pageSize or continuationToken is invalid")
    end = int(seen) + min(max(1, int(size)), PAGE_MAX)
    return json_response({"members": found[int(seen) : end], "continuationToken": str(end) if end < len(found) else ""})


def remove_member(visit: At) -> HttpResponse:
    """DELETE .../members/{id}: a customer leaves; agents and the bot cannot be removed so."""
    conversation = conversation_of(visit)
    if conversation.members.pop(visit.params["member"], None) is None:
        raise refuse(404, "NotFound", "The member is not in the conversation")
    return HttpResponse(200)


# ----------------------------------------------------------------------------------------------- attachments


def upload(visit: At) -> HttpResponse:
    """POST .../attachments: a file in base64 gets an id."""
    conversation_of(visit)
    file = _decoded(visit, "originalBase64")
    if file is None:
        raise refuse(400, "MissingProperty", "The 'OriginalBase64' property is required")
    return json_response({"id": visit.state.keep(file, _decoded(visit, "thumbnailBase64")).id}, status=201)


def _decoded(visit: At, name: str) -> File | None:
    text, kind, label = (visit.values.get(each) for each in (name, "type", "name"))
    if not text:
        return None
    if not all(isinstance(each, str | None) for each in (text, kind, label)) or text is None:
        raise refuse(400, "BadArgument", "type, name and base64 are texts")
    content = unbase64(text)
    if len(content) > UPLOAD_MAX_BYTES:
        raise refuse(413, "MessageSizeTooBig", "The attachment is larger than 4 MB")
    return describe(content, visit.state.blobs, name=label, mime=kind)


def _stored(visit: At) -> Stored:
    stored = visit.state.attachments.get(visit.params["id"])
    if stored is None:
        raise refuse(404, "NotFound", "Unknown attachment id")
    return stored


def attachment(visit: At) -> HttpResponse:
    """GET /v3/attachments/{id}."""
    stored = _stored(visit)
    views = [{"viewId": "original", "size": stored.file.size_bytes}]
    if stored.thumbnail is not None:
        views.append({"viewId": "thumbnail", "size": stored.thumbnail.size_bytes})
    return json_response({"name": stored.file.name, "type": stored.file.mime, "views": views})


def view(visit: At) -> HttpResponse:
    """GET /v3/attachments/{id}/views/{view}: the bytes, for whoever has the link."""
    stored = _stored(visit)
    file = {"original": stored.file, "thumbnail": stored.thumbnail}.get(visit.params["view"])
    if file is None or file.sha256 not in visit.state.blobs:
        raise refuse(404, "NotFound", "Unknown view id")
    return HttpResponse(200, (("Content-Type", file.mime),), visit.state.blobs.get(file.sha256))


# ---------------------------------------------------------------------------------------------------- tokens


def token(visit: At) -> HttpResponse:
    """POST {tenant}/oauth2/v2.0/token: the login service gives the shared token for app id and password."""
    settings = visit.state.settings
    problem = login.problem(visit.values, settings["app_id"], settings["app_password"])
    return problem or login.granted(settings["token"], TOKEN_VALID_S)


def metadata(visit: At) -> HttpResponse:
    """GET /v1/.well-known/openidconfiguration."""
    return login.metadata(visit.base_url)


def keys(visit: At) -> HttpResponse:
    """GET /v1/.well-known/keys."""
    return json_response(tokens.keys(visit.state.settings["channel_id"]))


def tenant(visit: At) -> HttpResponse:
    """GET {tenant}/v2.0/.well-known/openid-configuration."""
    return login.tenant(visit.base_url, visit.params["tenant"])


def instances(visit: At) -> HttpResponse:
    """GET /common/discovery/instance."""
    return login.instances(visit.base_url)
