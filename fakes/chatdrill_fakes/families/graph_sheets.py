"""What the sheets of Messenger and Instagram share: calls of the Graph API, and how they are refused; no run needs it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from chatdrill.model import Event
from chatdrill.wire.sheets import Ask, Bound, Happens, Mistake, Refused, Step
from chatdrill_fakes.families.meta_sheets import wrong

V = "/v25.0"
_APP = (("Authorization", "Bearer {app_id}|{app_secret}"),)
SHOP = "https://shop.example"
PICTURE = f"{SHOP}/map.png"
POSTBACK = {"type": "postback", "title": "Track parcel", "payload": "TRACK"}
LINK = {"type": "web_url", "title": "Shop", "url": SHOP}
YES = {"content_type": "text", "title": "Yes", "payload": "YES"}
ENTRY = {"type": "postback", "title": "Help", "payload": "HELP"}
"""One of a persistent menu."""
HUMAN = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
REMOVED_TAG = {"messaging_type": "MESSAGE_TAG", "tag": "ACCOUNT_UPDATE"}
_SENDS = "POST /me/messages"
_TO: dict[str, Any] = {"recipient": {"id": "{to}"}}

# --------------------------------------------------------------------------------------------------------- calls


def send(message: Any, *after: Step, **more: Any) -> Ask:
    """A message to the customer; its id is kept as ``message``."""
    body = {"recipient": {"id": "{to}"}, "message": message, **more}
    return Ask(f"{V}/me/messages", body, after=after, keeps={"message": "message_id"})


def template(kind: str, *after: Step, **payload: Any) -> Ask:
    """A template as an attachment."""
    return send({"attachment": {"type": "template", "payload": {"template_type": kind, **payload}}}, *after)


def attachment(kind: str, url: str, **payload: Any) -> dict[str, Any]:
    """A file by its address."""
    return {"attachment": {"type": kind, "payload": {"url": url, **payload}}}


def action(name: str, **payload: str) -> Ask:
    """Something that is shown and is no message."""
    body = {"recipient": {"id": "{to}"}, "sender_action": name}
    return Ask(f"{V}/me/messages", {**body, "payload": payload} if payload else body)


def get(path: str, *after: Step, app: bool = False, keeps: dict[str, str] | None = None) -> Ask:
    """A question."""
    return Ask(f"{V}{path}", method="GET", after=after, headers=_APP if app else None, keeps=keeps or {})


def post(path: str, *after: Step, keeps: dict[str, str] | None = None, **body: Any) -> Ask:
    """A change."""
    return Ask(f"{V}{path}", body, after=after, keeps=keeps or {})


def delete(path: str, *after: Step, **body: Any) -> Ask:
    """A deletion."""
    return Ask(f"{V}{path}", body or None, method="DELETE", after=after)


def chips(*replies: dict[str, Any]) -> dict[str, Any]:
    """A text with quick replies."""
    return {"text": "?", "quick_replies": list(replies)}


def to(recipient: dict[str, str], *after: Step, **more: Any) -> Ask:
    """A message to somebody who is not named by id."""
    return post("/me/messages", *after, recipient=recipient, message={"text": "Hi!"}, **more)


def shown_as(kind: str, ask: Ask) -> Ask:
    """A send by its name in the coverage."""
    return replace(ask, shows=f"{_SENDS} {kind}")


def upload(**more: Any) -> Ask:
    """A picture for many messages; its id is kept as ``upload``."""
    picture = attachment("image", PICTURE, is_reusable=True)
    return post("/me/message_attachments", keeps={"upload": "attachment_id"}, **more, message=picture)


ASKED_FOR_NUMBER = send(chips({"content_type": "user_phone_number"}))
ACTIONS = (
    action("typing_on"),
    action("typing_off"),
    action("mark_seen"),
    action("react", message_id="{mine}", reaction="love"),
    action("unreact", message_id="{mine}"),
)
_OPTED_IN = Happens(Event(name="optin"), keeps={"grant": "messaging.0.optin.notification_messages_token"})
MARKETING = shown_as("marketing message", to({"notification_messages_token": "{grant}"}, _OPTED_IN))


def private_reply(commented: Happens) -> Ask:
    """An answer to a comment, whose id is kept as ``comment``."""
    return to({"comment_id": "{comment}"}, commented)


def files(sound: str) -> tuple[Ask, ...]:
    """A file of each kind, ``sound`` by its name, and several pictures at once."""
    several = send({"attachments": [attachment("image", PICTURE)["attachment"]] * 2})
    return (
        send(attachment("image", PICTURE)),
        send(attachment("image", f"{SHOP}/a.gif")),
        send(attachment("audio", f"{SHOP}/{sound}")),
        send(attachment("video", f"{SHOP}/a.mp4")),
        send(attachment("file", f"{SHOP}/a.pdf")),
        shown_as("several images", several),
    )


def control(inbox: str) -> tuple[Ask, ...]:
    """A thread is passed to the ``inbox`` and asked for."""
    passed = post("/me/pass_thread_control", **_TO, target_app_id=inbox)
    return (
        passed,
        post("/me/request_thread_control", passed, **_TO),
        get("/me/thread_owner?recipient={to}"),
        get("/me/secondary_receivers"),
    )


def control_by_default(inbox: str, settings: Mapping[str, str]) -> Iterator[Ask]:
    """What only the default app may, with ``settings`` that make it the bot."""
    passed = control(inbox)[0]
    yield replace(post("/me/take_thread_control", passed, **_TO), settings=settings)
    yield replace(post("/me/extend_thread_control", **_TO, duration=3600), settings=settings)
    yield replace(post("/me/release_thread_control", **_TO), settings=settings)


def threads(conversations: str) -> tuple[Ask, ...]:
    """What was said, read by way of the ``conversations``."""
    thread = get(conversations, keeps={"thread": "data.0.id"})
    return (thread, get("/{thread}", thread), get("/{thread}/messages", thread), get("/{sent}"), get("/{to}"))


def subscriptions(of: str) -> tuple[Ask, ...]:
    """The app's webhook for the objects ``of`` a product."""
    hook = {
        "object": of,
        "callback_url": "http://127.0.0.1:8000/hook",
        "verify_token": "s3cret",
        "fields": "messages,messaging_postbacks",
    }
    there = f"{V}/{{app_id}}/subscriptions"
    return (
        Ask(there, hook, headers=_APP),
        get("/{app_id}/subscriptions", app=True),
        Ask(there, method="DELETE", headers=_APP),
    )


_ATTACHED = get(
    "/{message}?fields=attachments",
    send(attachment("image", PICTURE)),
    keeps={"file": "attachments.data.0.image_data.url"},
)
BATCH_AND_FILE = (
    Ask(f"{V}/", {"batch": [{"method": "GET", "relative_url": "me?fields=id"}]}),
    Ask("{file}", method="GET", headers=(), after=(_ATTACHED,)),
)
_NODES = {"page": "/me", "user": "/{to}", "app": "/{app_id}", "root": "", "message": "/{mine}"}


def not_emulated(refused: Mapping[tuple[str, str], str]) -> tuple[Ask, ...]:
    """One call of each path that a product's routes refuse."""
    return tuple(get(f"{_NODES[place]}/{edge}") for place, edge in refused)


# ------------------------------------------------------------------------------------------------------ mistakes


def bad(name: str, ask: Ask, code: int, subcode: int | None = None, status: int = 400, **error: Any) -> Mistake:
    """A call with its error."""
    return Mistake(name, ask, wrong(status, code, subcode, **error))


def bad_message(name: str, message: Any, subcode: int | None = None) -> Mistake:
    """A message with something wrong in it."""
    return bad(name, send(message), 100, subcode)


def injected(code: int, subcode: int | None, status: int) -> Mistake:
    """An error that a scenario asks for."""
    data = {"code": code} if subcode is None else {"code": code, "subcode": subcode}
    failing = send({"text": "hi"}, Event(name="api_error", data=data))
    return bad(f"{code}/{subcode}", failing, code, subcode, status)


HI = send({"text": "hi"})
UNSIGNED = replace(HI, headers=(), keeps={})
"""A message without a token."""
BUTTON_WITHOUT_PAYLOAD = template("button", text="?", buttons=[{"type": "postback", "title": "A"}])


def wrong_token(token: str) -> Mistake:
    """A token that Meta never gave out."""
    ask = replace(UNSIGNED, headers=(("Authorization", f"Bearer {token}"),))
    return Mistake("wrong token", ask, Refused(401, {"error": {"code": 190, "type": "OAuthException"}}))


# -------------------------------------------------------------------------------------------------------- limits

LONG = wrong(400, 100)
PAYLOAD = "message.attachment.payload"
QUICK_REPLIES = Bound(
    "quick_replies", send({"text": "?"}), LONG, "message.quick_replies", {**YES, "title": "{i}", "payload": "{i}"}
)
REPLY_PAYLOAD = Bound(
    "payload", send(chips({"content_type": "text", "title": "A"})), LONG, "message.quick_replies.0.payload"
)
METADATA = Bound("metadata", send({"text": "x"}), LONG, "message.metadata")
BATCH = Bound("batch", Ask(f"{V}/", {}), LONG, "batch", {"method": "GET", "relative_url": "me"})


def template_bounds(refused: Refused) -> tuple[Bound, ...]:
    """Those of button and generic templates, with the product's error."""
    buttons, elements = f"{PAYLOAD}.buttons", f"{PAYLOAD}.elements"
    return (
        Bound("button_title", template("button", text="?", buttons=[POSTBACK]), refused, f"{buttons}.0.title", "ж"),
        Bound("buttons", template("button", text="?"), refused, buttons, POSTBACK),
        Bound("button_template_text", template("button", buttons=[POSTBACK]), refused, f"{PAYLOAD}.text"),
        Bound("generic_elements", template("generic"), refused, elements, {"title": "{i}", "subtitle": "b"}),
        Bound("generic_title", template("generic", elements=[{"subtitle": "b"}]), refused, f"{elements}.0.title"),
        Bound("generic_subtitle", template("generic", elements=[{"title": "a"}]), refused, f"{elements}.0.subtitle"),
    )


def images(refused: Refused) -> Bound:
    """How many pictures a message may have."""
    return Bound(
        "images_in_a_message", send({}), refused, "message.attachments",
        {"type": "image", "payload": {"url": PICTURE}},
    )  # fmt: skip


def thread_extension(settings: Mapping[str, str]) -> Bound:
    """How long the default app may keep a thread, with ``settings`` that make it the bot."""
    ask = post("/me/extend_thread_control", **_TO)
    return Bound("thread_extension", ask, LONG, "duration", 0, settings=settings)


def windows(late: Refused) -> tuple[Bound, ...]:
    """How long the business may write."""
    return (
        Bound("messaging_window", send({"text": "late"}), late),
        Bound("human_agent_window", send({"text": "late"}, **HUMAN), late),
    )


_RATE = "a rate, and the laws switch rates off"


def untried(customers: str, media: str, events: str) -> dict[str, str]:
    """Why limits cannot be shown by a call, with the tests that show them instead."""
    fetching = f"how long the bot's address may take: {media}"
    return {
        "quick_reply_title_shown": "longer titles are cut on the screen, and nothing is refused",
        "edits": f"limits what a customer does: {customers}",
        "image_size": f"megabytes: {media}",
        "file_size": f"megabytes: {media}",
        "attachment_fetch_timeout": fetching,
        "video_fetch_timeout": fetching,
        "attachment_life": f"90 days, in which the window closes: {media}",
        "sends_per_second": _RATE,
        "audio_video_sends_per_second": _RATE,
        "conversation_calls_per_second": _RATE,
        "private_replies_per_hour": _RATE,
        "profile_calls": _RATE,
        "calls_per_engaged_user": _RATE,
        "thread_idle": f"after it the thread is the bot's again, and nothing is refused: {events}",
        "webhook_ack": "limits the bot's answer",
        "webhook_unsubscribed_after": "limits the bot's answers: tests/messenger/test_platform.py",
    }
