"""Comments, the conversation log, files, redaction."""

from __future__ import annotations

import re
from typing import Any

from chatdrill.model import EntryChanged
from chatdrill.wire import HttpResponse, json_response
from chatdrill.wire.files import describe
from chatdrill_fakes.desks.zendesk import ids, problems, shapes
from chatdrill_fakes.desks.zendesk.ids import iso
from chatdrill_fakes.desks.zendesk.limits import UPLOAD_KEPT_S, UPLOAD_MAX_BYTES
from chatdrill_fakes.desks.zendesk.scene import begin, finish
from chatdrill_fakes.desks.zendesk.state import Attachment, Comment, Message, Record, Upload, ZendeskTicket
from chatdrill_fakes.desks.zendesk.support.reading import Call, listed, number, scene, ticket
from chatdrill_fakes.desks.zendesk.support.tickets import check_open
from chatdrill_fakes.desks.zendesk.talking import words_of
from chatdrill_fakes.families.desks import plain_words

_REDACT = re.compile(r"<redact>(.*?)</redact>", re.DOTALL)


def index(visit: Call) -> HttpResponse:
    """``GET /tickets/{id}/comments``."""
    _, record = ticket(visit)
    newest_first = visit.values.get("sort_order") == "desc" or visit.values.get("sort") == "-created_at"
    found = record.comments[::-1] if newest_first else record.comments
    return listed(visit, "comments", found, lambda each: shapes.comment(each, visit.base_url))


def conversation_log(visit: Call) -> HttpResponse:
    """``GET /tickets/{id}/conversation_log``: comments and, of a conversation, its messages too."""
    of, record = ticket(visit)
    found: list[tuple[float, dict[str, Any]]] = [(each.at, _logged(each, visit.base_url)) for each in record.comments]
    if of.talk is not None:
        found += [(each.at, _logged_message(each)) for each in of.talk.messages]
    found.sort(key=lambda pair: pair[0])
    return listed(visit, "events", [event for _, event in found], lambda event: event)


def _logged(each: Comment, base_url: str) -> dict[str, Any]:
    told = shapes.comment(each, base_url)
    return {
        "id": str(each.id),
        "type": "Comment",
        "created_at": iso(each.at),
        "author": {"id": str(each.author_id)},
        "public": each.public,
        "content": {"type": "html", "body": each.html},
        "attachments": told["attachments"],
    }


def _logged_message(each: Message) -> dict[str, Any]:
    return {
        "id": each.id,
        "type": "Messaging",
        "created_at": iso(each.at),
        "author": {"id": str(each.agent) if each.agent is not None else each.user_id, "type": each.author["type"]},
        "public": True,
        "content": {"type": each.content.get("type"), "text": words_of(each.content)},
        "attachments": [],
    }


# ---------------------------------------------------------------------------------------------------------- files


def upload(visit: Call) -> HttpResponse:
    """``POST /uploads?filename=``: raw bytes; with ``token`` they join those that wait already."""
    query = dict(visit.request.query)
    name = query.get("filename") or ""
    if not name:
        problems.bad_request("AttachmentUnprocessable", "filename is required")
    if len(visit.request.body) > UPLOAD_MAX_BYTES:
        problems.invalid("base", "Attachment: is too large (maximum is 50 MB)", "ValueTooLong")
    waiting = visit.state.uploads.get(query.get("token", ""))
    if "token" in query and waiting is None:
        problems.invalid("token", f"Token: {query['token']} is not valid or has expired")
    made = new_attachment(visit, name, visit.request.body, visit.request.content_type or None)
    if waiting is None:
        waiting = Upload(token=ids.upload_token(visit.state.chance), attachments=[], expires_at=0.0)
        visit.state.uploads[waiting.token] = waiting
    waiting.attachments.append(made)
    waiting.expires_at = visit.at + UPLOAD_KEPT_S
    shown = [shapes.attachment(each, visit.base_url) for each in waiting.attachments]
    told = {
        "token": waiting.token,
        "expires_at": iso(waiting.expires_at),
        "attachment": shown[-1],
        "attachments": shown,
    }
    return json_response({"upload": told}, status=201)


def new_attachment(visit: Call, name: str, content: bytes, mime: str | None) -> Attachment:
    """A file at Support."""
    state = visit.state
    file = describe(content, state.blobs, name=name, mime=mime)
    made = Attachment(id=ids.number(state.chance), name=name, file=file, token=state.chance.base64url(26))
    state.attachments[made.token] = made
    return made


def forget_upload(visit: Call) -> HttpResponse:
    """``DELETE /uploads/{token}``."""
    if visit.state.uploads.pop(visit.params["token"], None) is None:
        problems.refuse(404, "there is no such upload")
    return HttpResponse(204)


def show_attachment(visit: Call) -> HttpResponse:
    """``GET /attachments/{id}``."""
    wanted = number(visit.params["id"])
    found = next((each for each in visit.state.attachments.values() if each.id == wanted), None)
    if found is None:
        problems.refuse(404, f"there is no attachment {wanted}")
    return json_response({"attachment": shapes.attachment(found, visit.base_url)})


def download(visit: Call) -> HttpResponse:
    """The bytes behind a ``content_url``."""
    found = visit.state.attachments.get(visit.params["token"])
    if found is None or found.file.sha256 not in visit.state.blobs:
        problems.refuse(404, "there is no such file")
    if found.redacted:
        return HttpResponse(200, (("Content-Type", "text/plain"),), b"\n")
    headers = (("Content-Type", found.file.mime), ("Content-Disposition", "inline"))
    return HttpResponse(200, headers, visit.state.blobs.get(found.file.sha256))


# ------------------------------------------------------------------------------------------------------ redaction


def redact(visit: Call) -> HttpResponse:
    """``PUT /comment_redactions/{comment_id}``: what stands between ``<redact>`` is blacked out for good."""
    visit_ticket = visit.state.find(number(visit.values.get("ticket_id")) or 0)
    wanted = number(visit.params["id"])
    comments = visit_ticket[1].comments if visit_ticket is not None else []
    comment = next((each for each in comments if each.id == wanted), None)
    if visit_ticket is None or comment is None:
        problems.refuse(404, f"there is no comment {wanted} in this ticket")
    of, record = visit_ticket
    visit.to = of.address
    check_open(record)
    told = visit.values.get("html_body")
    black_out(visit, of, record, comment, None if told is None else str(told))
    return json_response({"comment": shapes.comment(comment, visit.base_url)})


def black_out(visit: Call, of: ZendeskTicket, record: Record, comment: Comment, html: str | None) -> None:
    """Change the comment, and tell of it."""
    acting = scene(visit, of)
    if html is not None:
        comment.html = _REDACT.sub(lambda found: shapes.blacked(found[1]), html)
        comment.body = plain_words(comment.html)
    urls = visit.values.get("external_attachment_urls")
    for each in comment.attachments:
        if isinstance(urls, list) and shapes.attachment(each, visit.base_url)["content_url"] in urls:
            each.redacted = True
    step = begin(acting, record)
    step.hooked.append(("ticket.comment_redacted", {"comment": {"id": str(comment.id)}}))
    finish(step)
    visit.events.append(EntryChanged(ticket=of.address, entry_id=str(comment.id), text=comment.body))


def make_private(visit: Call) -> HttpResponse:
    """``PUT /tickets/{id}/comments/{comment}/make_private``."""
    of, record = ticket(visit)
    wanted = number(visit.params["comment"])
    comment = next((each for each in record.comments if each.id == wanted), None)
    if comment is None:
        problems.refuse(404, f"there is no comment {wanted} in this ticket")
    check_open(record)
    comment.public = False
    step = begin(scene(visit, of), record)
    step.hooked.append(("ticket.comment_made_private", {"comment": {"id": str(comment.id)}}))
    finish(step)
    return HttpResponse(200, (("Content-Type", "application/json"),), b"{}")
