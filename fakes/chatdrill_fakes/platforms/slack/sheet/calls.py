"""A good call of everything, and calls of what is not emulated."""

from __future__ import annotations

from typing import Any

from chatdrill.conformance.samples import FILES
from chatdrill.model import Event, File, Form, Media, Write
from chatdrill.wire.sheets import Ask, Happens, Step

PLAIN: dict[str, Any] = {"type": "plain_text", "text": "Yes", "emoji": False}
BUTTON: dict[str, Any] = {"type": "button", "action_id": "yes", "text": PLAIN, "value": "yes"}
OPTION: dict[str, Any] = {"text": PLAIN, "value": "yes"}
INPUT: dict[str, Any] = {
    "type": "input", "block_id": "c", "label": {"type": "plain_text", "text": "Comment"}, "element": {"type": "plain_text_input", "action_id": "t"},
}  # fmt: skip
MODAL: dict[str, Any] = {
    "type": "modal", "callback_id": "survey", "title": {"type": "plain_text", "text": "Survey"}, "submit": PLAIN,
    "notify_on_close": True, "blocks": [INPUT],
}  # fmt: skip
COMMAND = Happens(Event(name="slash_command"), keeps={"trigger": "trigger_id", "answer": "response_url"})


def call(method: str, after: tuple[Step, ...] = (), **body: Any) -> Ask:
    """A call with a JSON body."""
    return Ask(f"/api/{method}", body, after=after)


def read(query: str, after: tuple[Step, ...] = ()) -> Ask:
    """A call whose arguments stand in the address, as those that take no JSON want it."""
    return Ask(f"/api/{query}", None, "GET", after=after)


def says(**content: Any) -> Ask:
    """A message to the customer."""
    return call("chat.postMessage", channel="{to}", **content)


def section(**fields: Any) -> Ask:
    """A message with one section."""
    return says(text="x", blocks=[{"type": "section", "text": {"type": "mrkdwn", "text": "?"}, **fields}])


def actions(*elements: dict[str, Any], **fields: Any) -> Ask:
    """A message with elements to press."""
    return says(text="?", blocks=[{"type": "actions", "elements": list(elements), **fields}])


def modal(**fields: Any) -> Ask:
    """A modal that is opened by a command."""
    return call("views.open", (COMMAND,), trigger_id="{trigger}", view={**MODAL, **fields})


def sent(method: str = "", **body: Any) -> Ask:
    """A call about the bot's last message."""
    return call(method, (LAST,), channel="{dm}", **body)


LAST = Ask("/api/chat.postMessage", {"channel": "{to}", "text": "one"}, keeps={"dm": "channel", "ts": "ts"})
OPENED = Ask(
    "/api/views.open",
    {"trigger_id": "{trigger}", "view": MODAL},
    after=(COMMAND,),
    keeps={"view": "view.id", "hash": "view.hash"},
)
AGAIN = Happens(Event(name="slash_command"), after=(OPENED,), keeps={"trigger": "trigger_id"})
STREAM = Ask("/api/chat.startStream", {"channel": "{to}", "markdown_text": "one"}, keeps={"dm": "channel", "ts": "ts"})


def uploaded(name: str, kind: str = "document") -> tuple[Step, ...]:
    """Both steps before the last of an upload, and where it can be shared."""
    first = Ask(f"/api/files.getUploadURLExternal?filename={name}&length={len(FILES[kind])}", None, "GET",
                keeps={"upload": "upload_url", "file_id": "file_id"})  # fmt: skip
    return LAST, first, Ask("{upload}", files={"file": (name, kind)}, headers=())


def shared(name: str, kind: str = "document") -> Ask:
    """A file in the customer's direct message."""
    files = [{"id": "{file_id}", "title": "A file"}]
    return call(
        "files.completeUploadExternal", uploaded(name, kind), files=files, channel_id="{dm}", initial_comment="Here"
    )


PHOTO = Happens(
    Write(parts=(Media(kind="photo", file=File(name="check.png")),)),
    keeps={"file": "event.files.0.url_private", "file_id": "event.files.0.id"},
)


SUBMITTED = Happens(Write(parts=(Form(name="survey", values={"t": "fine"}),)), after=(OPENED,))

EXAMPLES: tuple[Ask, ...] = (
    says(text="Hello *you*"),
    says(blocks=[{"type": "header", "text": PLAIN}, {"type": "divider"}, {"type": "context", "elements": [PLAIN]}]),
    says(text="?", blocks=[{"type": "image", "image_url": "https://a.test/p.png", "alt_text": "a shoe"}]),
    says(blocks=[{"type": "video", "video_url": "https://a.test/v.mp4", "thumbnail_url": "https://a.test/p.png", "alt_text": "v", "title": PLAIN}]),
    says(blocks=[{"type": "markdown", "text": "**bold**"}]),
    section(accessory={"type": "static_select", "action_id": "s", "placeholder": PLAIN, "options": [OPTION]}),
    actions(BUTTON),
    says(text="with an attachment", attachments=[{"text": "more", "fields": [{"title": "a", "value": "b"}]}]),
    sent("chat.update", ts="{ts}", text="two"),
    sent("chat.delete", ts="{ts}"),
    sent("chat.postEphemeral", user="{to}", text="only you"),
    read("chat.getPermalink?channel={dm}&message_ts={ts}", (LAST,)),
    STREAM,
    Ask("/api/chat.appendStream", {"channel": "{dm}", "ts": "{ts}", "markdown_text": " two"}, after=(STREAM,)),
    Ask("/api/chat.stopStream", {"channel": "{dm}", "ts": "{ts}", "markdown_text": " three"}, after=(STREAM,)),
    call("reactions.add", channel="{to}", timestamp="{mine}", name="eyes"),
    call("reactions.remove", (call("reactions.add", channel="{to}", timestamp="{mine}", name="eyes"),),
         channel="{to}", timestamp="{mine}", name="eyes"),
    read("reactions.get?channel={to}&timestamp={mine}"),
    sent("assistant.threads.setStatus", channel_id="{dm}", thread_ts="{mine}", status="is thinking"),
    sent("assistant.threads.setTitle", channel_id="{dm}", thread_ts="{mine}", title="Order"),
    call("api.test", foo="bar"),
    call("auth.test"),
    read("auth.revoke?test=1"),
    Ask("/api/apps.connections.open", {}, headers=(("Authorization", "Bearer {app_token}"),), shows="link"),
    Ask("/api/oauth.v2.access?client_id={client_id}&client_secret={client_secret}&code={code}", None, "GET", headers=()),
    read("bots.info?bot={bot_id}"),
    read("team.info"),
    read("emoji.list"),
    call("conversations.open", users="{to}", return_im=True),
    call("conversations.close", channel="{to}"),
    read("conversations.info?channel={to}&include_num_members=1"),
    read("conversations.history?channel={to}&limit=5"),
    read("conversations.replies?channel={to}&ts={mine}"),
    read("conversations.list?types=public_channel,im"),
    read("conversations.members?channel={to}"),
    call("conversations.join", channel="{channel}"),
    call("conversations.leave", channel="{channel}"),
    call("conversations.invite", channel="{channel}", users="{to}"),
    call("conversations.create", name="returns"),
    call("conversations.archive", channel="{channel}"),
    call("conversations.mark", channel="{to}", ts="{mine}"),
    read("users.info?user={to}&include_locale=true"),
    read("users.list?limit=10"),
    read("users.lookupByEmail?email=anna@example.org"),
    read("users.profile.get?user={to}"),
    read("users.conversations?types=im&user={to}"),
    read("users.getPresence?user={to}"),
    call("users.setPresence", presence="auto"),
    read("files.getUploadURLExternal?filename=a.pdf&length=10"),
    read("files.list"),
    *(shared(f"a.{kind}", kind) for kind in ("document", "audio", "animation")),
    read("files.info?file={file_id}", (PHOTO,)),
    call("files.delete", (shared("b.pdf"),), file="{file_id}"),
    Ask("{file}", None, "GET", after=(PHOTO,)),
    modal(),
    call("views.push", (AGAIN,), trigger_id="{trigger}", view=MODAL),
    call("views.update", (OPENED,), view_id="{view}", hash="{hash}", view=MODAL),
    call("views.publish", user_id="{to}", view={"type": "home", "blocks": []}),
    Ask("{answer}", {"text": "Thank you"}, headers=(), after=(COMMAND,)),
    Ask("/services/{team}/{bot_id}/abc", {"text": "Good morning"}, headers=()),
    Ask("/avatars/{to}_48.png", None, "GET", headers=()),
    Ask("/oauth/v2/authorize?client_id={client_id}&redirect_uri=https://bot.example/back&state=1", None, "GET", headers=()),
)  # fmt: skip

REFUSED: tuple[Ask, ...] = (
    call("chat.meMessage", channel="{to}", text="waves"),
    call("chat.scheduleMessage", channel="{to}", text="x", post_at=1),
    call("chat.deleteScheduledMessage", channel="{to}", scheduled_message_id="Q1"),
    call("chat.scheduledMessages.list"),
    call("chat.unfurl", channel="{to}", ts="{mine}", unfurls={}),
    call("apps.event.authorizations.list", event_context="x"),
    call("assistant.threads.setSuggestedPrompts", channel_id="{to}", prompts=[]),
    call("bookmarks.add", channel_id="{to}", title="x", type="link"),
    call("dialog.open", trigger_id="x", dialog={}),
    call("dnd.info"),
    call("pins.add", channel="{to}", timestamp="{mine}"),
    call("reactions.list"),
    call("rtm.connect"),
    call("usergroups.list"),
    call("files.upload", channels="{to}", content="x"),
    call("files.sharedPublicURL", file="F0"),
)
