"""Comments: who says what in a ticket of Support."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chatdrill.model import Entry
from chatdrill_fakes.desks.zendesk import ids, shapes
from chatdrill_fakes.desks.zendesk.changing import set_status
from chatdrill_fakes.desks.zendesk.origins import origin_of
from chatdrill_fakes.desks.zendesk.scene import Step
from chatdrill_fakes.desks.zendesk.state import Attachment, Comment, Person, ZendeskState


def author_word(state: ZendeskState, person: Person) -> Any:
    """``customer``, ``bot`` or ``agent``: the API user is the bot, an end user the customer."""
    if person.id == state.api_user_id:
        return "bot"
    return "agent" if person.is_staff else "customer"


def add_comment(
    step: Step,
    author: Person,
    body: str,
    *,
    public: bool = True,
    html: str | None = None,
    attachments: list[Attachment] | None = None,
    metadata: Mapping[str, Any] | None = None,
    at: float | None = None,
    origin_id: str | None = None,
) -> Comment:
    """A comment; an end user's public one on a waiting or solved ticket opens it again."""
    scene, record = step.scene, step.record
    given = dict(metadata or {})
    comment = Comment(
        id=ids.number(scene.state.chance),
        author_id=author.id,
        body=body,
        html=html or shapes.html_of(body),
        public=public,
        at=scene.now if at is None else at,
        audit_id=step.audit_id,
        channel=scene.channel,
        attachments=list(attachments or ()),
        metadata=given,
    )
    record.comments.append(comment)
    if len(record.comments) == 1 and not record.description:
        record.description = body
    step.metadata.update(given)
    _tell(step, comment)
    word = author_word(scene.state, author)
    scene.add(entry_of(comment, word, author.name, origin_id or origin_of(given), at))
    if public and word == "agent":
        record.agent_spoke = True
    if public and word == "customer" and record.status in ("pending", "hold", "solved"):
        set_status(step, "open")
    return comment


def entry_of(comment: Comment, word: Any, name: str, origin_id: str | None, at: float | None) -> Entry:
    """A comment as the agents see it."""
    return Entry(
        id=str(comment.id),
        author=word,
        at=comment.at,
        text=comment.body,
        public=comment.public,
        files=tuple(each.file for each in comment.attachments),
        origin_id=origin_id,
        origin_at=at,
        said_by=name,
    )


def _tell(step: Step, comment: Comment) -> None:
    state = step.scene.state
    shown = shapes.comment(comment, state.base_url)
    step.audited.append({key: value for key, value in shown.items() if key not in ("created_at", "via", "metadata")})
    hooked = shapes.hooked_comment(state, comment)
    step.hooked.append(("ticket.comment_added", {"comment": hooked}))
    for each in comment.attachments:
        file = {
            "id": str(each.id),
            "content_type": each.file.mime,
            "content_url": shapes.attachment(each, state.base_url)["content_url"],
            "filename": each.name,
            "is_public": comment.public,
        }
        event = {"attachment": file, "comment": {"id": str(comment.id)}}
        step.hooked.append(("ticket.attachment_linked_to_comment", event))
