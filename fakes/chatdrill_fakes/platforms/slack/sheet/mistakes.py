"""Calls that Slack refuses."""

from __future__ import annotations

from typing import Any

from chatdrill.model import Event
from chatdrill.wire.sheets import Ask, Mistake, Refused
from chatdrill_fakes.platforms.slack.sheet.calls import (
    COMMAND,
    INPUT,
    LAST,
    MODAL,
    OPENED,
    actions,
    call,
    read,
    says,
    section,
    sent,
    uploaded,
)


def refused(word: str, **more: Any) -> Refused:
    """Status 200, and the error."""
    return Refused(200, {"ok": False, "error": word, **more})


def mistake(name: str, ask: Ask, word: str, **settings: str) -> Mistake:
    """A call that meets an error."""
    return Mistake(name, ask, refused(word), settings)


def _after(name: str, **data: Any) -> Ask:
    return call("chat.postMessage", (Event(name=name, data=data),), channel="{to}", text="x")


def _in_channel(name: str) -> Ask:
    return call("chat.postMessage", (Event(name=name),), channel="{channel}", text="x")


_STRANGER = "U0NOBODY000"
_MINE = call("chat.update", channel="{to}", ts="{mine}", text="x")
_RAW = Ask("/api/chat.postMessage", {"channel": "{to}", "text": "x"}, headers=(("Authorization", "Bearer nonsense"),))
_USED = call("views.open", (OPENED,), trigger_id="{trigger}", view=MODAL)
MISTAKES: tuple[Mistake, ...] = (
    mistake("no token", Ask("/api/auth.test", {}, headers=()), "not_authed"),
    mistake("a wrong token", _RAW, "invalid_auth"),
    mistake("a bot's token for the app", call("apps.connections.open"), "not_allowed_token_type"),
    mistake("a token that was taken back", _after("token_trouble"), "token_revoked"),
    mistake("an app that was switched off", _after("token_trouble", error="account_inactive"), "account_inactive"),
    Mistake("a scope that is missing", call("reactions.add", channel="{to}", timestamp="{mine}", name="eyes"),
            refused("missing_scope", needed="reactions:write", provided="chat:write"), {"scopes": "chat:write"}),
    mistake("a method that does not exist", call("chat.sing"), "unknown_method"),
    Mistake("no channel", call("chat.postMessage", text="x"),
            refused("invalid_arguments", response_metadata={"messages": ["[ERROR] missing required field: channel"]})),
    mistake("JSON where only forms are read", call("users.info", user="{to}"), "invalid_arguments"),
    mistake("a channel that nobody knows", call("chat.postMessage", channel="C0NOWHERE00", text="x"), "channel_not_found"),
    mistake("a channel without the bot", _in_channel("bot_removed"), "not_in_channel"),
    mistake("an archived channel", _in_channel("channel_archived"), "is_archived"),
    mistake("somebody who has left", _after("user_disabled"), "user_disabled"),
    mistake("an error that was asked for", _after("api_error", error="fatal_error"), "fatal_error"),
    mistake("nothing to say", says(), "no_text"),
    mistake("two kinds of words", says(text="x", markdown_text="y"), "markdown_text_conflict"),
    mistake("blocks that are no list", says(text="x", blocks={"type": "divider"}), "invalid_blocks_format"),
    Mistake("a block of no kind", says(text="x", blocks=[{"type": "dance"}]),
            refused("invalid_blocks", errors=["unsupported type: dance [json-pointer:/blocks/0/type]"])),
    Mistake("a section without words", says(text="x", blocks=[{"type": "section"}]),
            refused("invalid_blocks", errors=["missing required field: text [json-pointer:/blocks/0]"])),
    mistake("a block_id twice", says(text="x", blocks=[{"type": "divider", "block_id": "a"}] * 2), "invalid_blocks"),
    mistake("markup on a button", actions({"type": "button", "text": {"type": "mrkdwn", "text": "x"}}), "invalid_blocks"),
    mistake("an element that does not belong there", section(accessory=INPUT["element"]), "invalid_blocks"),
    mistake("attachments that are none", says(text="x", attachments=["x"]), "invalid_attachments"),
    mistake("metadata that is none", says(text="x", metadata={"a": 1}), "invalid_metadata_format"),
    mistake("a thread that is none", says(text="x", thread_ts="soon"), "invalid_thread_ts"),
    mistake("a thread that nobody began", says(text="x", thread_ts="1700000000.000100"), "cannot_reply_to_message"),
    mistake("to change what does not exist", sent("chat.update", ts="1700000000.000100", text="x"), "message_not_found"),
    mistake("to change the customer's words", _MINE, "cant_update_message"),
    mistake("to delete the customer's words", call("chat.delete", channel="{to}", ts="{mine}"), "cant_delete_message"),
    mistake("to whisper to somebody else", call("chat.postEphemeral", channel="{channel}", user="{to}", text="x"), "user_not_in_channel"),
    mistake("more of what is no stream", sent("chat.appendStream", ts="{ts}", markdown_text="x"), "message_not_in_streaming_state"),
    mistake("the same reaction twice", call("reactions.add", (call("reactions.add", channel="{to}", timestamp="{mine}", name="eyes"),),
            channel="{to}", timestamp="{mine}", name="eyes"), "already_reacted"),
    mistake("no reaction to take back", call("reactions.remove", channel="{to}", timestamp="{mine}", name="eyes"), "no_reaction"),
    mistake("a reaction to nothing", call("reactions.add", name="eyes"), "no_item_specified"),
    mistake("a person that nobody knows", read(f"users.info?user={_STRANGER}"), "user_not_found"),
    mistake("an address that nobody has", read("users.lookupByEmail?email=a@b.test"), "users_not_found"),
    mistake("to talk with nobody", call("conversations.open"), "users_list_not_supplied"),
    mistake("a thread that is not there", read("conversations.replies?channel={to}&ts=1700000000.000100"), "thread_not_found"),
    mistake("a page that is not there", read("conversations.history?channel={to}&cursor=x"), "invalid_cursor"),
    mistake("a moment that is none", read("conversations.history?channel={to}&oldest=soon"), "invalid_ts_oldest"),
    mistake("a kind of channel that does not exist", read("conversations.list?types=caves"), "invalid_types"),
    mistake("a name that is taken", call("conversations.create", name="support"), "name_taken"),
    mistake("to invite the bot itself", call("conversations.invite", channel="{channel}", users="{bot_user}"), "cant_invite_self"),
    mistake("the old upload", call("files.upload", content="x"), "method_deprecated"),
    mistake("a file without a length", read("files.getUploadURLExternal?filename=a.pdf&length=0"), "missing_argument"),
    mistake("a file that was never brought", call("files.completeUploadExternal", uploaded("a.pdf")[:2], files=[{"id": "{file_id}"}],
            channel_id="{dm}"), "file_not_found"),
    mistake("a file that nobody knows", read("files.info?file=F0NOTHING00"), "file_not_found"),
    mistake("a trigger that is none", call("views.open", trigger_id="1.2.3", view=MODAL), "invalid_trigger_id"),
    mistake("a trigger that was used", _USED, "exchanged_trigger_id"),
    mistake("a view that is not open", call("views.update", view_id="V0", view=MODAL), "not_found"),
    mistake("a view that has changed meanwhile", call("views.update", (OPENED,), view_id="{view}", hash="1.2", view=MODAL), "hash_conflict"),
    mistake("a view without a title", call("views.open", (COMMAND,), trigger_id="{trigger}", view={"type": "modal", "blocks": []}),
            "invalid_arguments"),
    mistake("another app's secret", Ask("/api/oauth.v2.access?client_id={client_id}&client_secret=x&code=y", None, "GET", headers=()),
            "bad_client_secret"),
    mistake("a code that is none", Ask("/api/oauth.v2.access?client_id={client_id}&client_secret={client_secret}&code=y", None, "GET",
            headers=()), "invalid_code"),
    Mistake("an answer to nobody", Ask("/commands/T0/1/nothing", {"text": "x"}, headers=()), Refused(404, {"error": "invalid_url"})),
    Mistake("a file without a token", Ask("/files-pri/T0-F0/a.png", None, "GET", headers=()), Refused(302)),
    Mistake("another message in the same second",
            call("chat.postMessage", (LAST, LAST), channel="{to}", text="x"),
            Refused(429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "1"}), {"rate_limits": "yes"}),
)  # fmt: skip
