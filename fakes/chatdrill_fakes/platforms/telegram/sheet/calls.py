"""A good call of every method, and one of every method that is not emulated."""

from __future__ import annotations

from typing import Any

from chatdrill.model import Button, Event, Press, Text, Write
from chatdrill.wire.sheets import Ask, Happens
from chatdrill_fakes.platforms.telegram.coverage import COVERAGE
from chatdrill_fakes.platforms.telegram.state import UPDATE_NAMES

GROUP = {"id": -4801122334, "title": "Acme support", "type": "group"}
JOINED = Happens(Event(name="my_chat_member", data={"chat": GROUP}))
_YES = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}


def call(method: str, after: tuple[Any, ...] = (), keeps: dict[str, str] | None = None, **arguments: Any) -> Ask:
    """A call with a JSON body."""
    return Ask(f"/bot{{token}}/{method}", arguments, after=after, keeps=keeps or {})


def send(method: str, after: tuple[Any, ...] = (), **arguments: Any) -> Ask:
    """A call that names the customer, and keeps the message's id as ``message``."""
    keeps = {} if method in _NO_MESSAGE else {"message": "result.message_id"}
    return call(method, after, keeps, chat_id="{to}", **arguments)


def upload(kind: str, method: str, filename: str, sample: str) -> Ask:
    """A file in the request; its id is kept as ``file``."""
    path = f"/bot{{token}}/{method}"
    return Ask(path, {"chat_id": "{to}"}, files={kind: (filename, sample)}, keeps={"message": "result.message_id"})


def on(method: str, first: Ask, **arguments: Any) -> Ask:
    """A call about the message that another one sent."""
    return call(method, (first,), chat_id="{to}", message_id="{message}", **arguments)


_NO_MESSAGE = frozenset(("sendChatAction", "sendMessageDraft", "sendMediaGroup", "getChat", "getChatMember"))
SUBSCRIBED = call("setWebhook", url="{webhook}", secret_token="{webhook_secret}", allowed_updates=list(UPDATE_NAMES))
SAYS = send("sendMessage", text="{text}")
FILE_ASKS = (
    call("getFile", file_id="{file}", keeps={"path": "result.file_path"}),
    Ask("/file/bot{token}/{path}", method="GET"),
)
TEXT = send("sendMessage", text="first", reply_markup=_YES)
PHOTO = upload("photo", "sendPhoto", "a.png", "photo")
_PLACE = send("sendLocation", latitude=50.45, longitude=30.52, live_period=900)
_POLL = send("sendPoll", question="Q?", options=["a", "b"])
PRESSED = Happens(
    Press(button=Button(title="Yes", kind="callback", payload="y"), message_id="{message}"),
    after=(TEXT,),
    keeps={"press": "callback_query.id"},
)
CONNECTED = Happens(Event(name="business_connection"), keeps={"connection": "business_connection.id"})
CLIENT = Happens(
    Event(name="business_message", data={"text": "hello shop"}),
    after=(CONNECTED,),
    keeps={"client": "business_message.message_id"},
)
_EVA = Happens(Write(parts=(Text(text="hi"),)), who="eva")
_COMMANDS = [{"command": "start", "description": "Begin"}]


def _keyboard(**markup: Any) -> Ask:
    return send("sendMessage", text="x", reply_markup=markup)


_SENDING = (
    TEXT,
    _keyboard(keyboard=[[{"text": "My number", "request_contact": True}]], one_time_keyboard=True),
    _keyboard(remove_keyboard=True),
    _keyboard(force_reply=True),
    send("sendLocation", latitude=50.45, longitude=30.52),
    send("sendVenue", latitude=1, longitude=2, title="Shop", address="1 Main St"),
    send("sendContact", phone_number="+48123", first_name="Acme"),
    send("sendDice"),
    _POLL,
    PHOTO,
    upload("audio", "sendAudio", "a.mp3", "audio"),
    upload("document", "sendDocument", "a.pdf", "document"),
    upload("video", "sendVideo", "a.mp4", "video"),
    upload("animation", "sendAnimation", "a.gif", "animation"),
    upload("voice", "sendVoice", "a.ogg", "voice"),
    upload("video_note", "sendVideoNote", "a.mp4", "video_note"),
    upload("sticker", "sendSticker", "a.webp", "sticker"),
    Ask(
        "/bot{token}/sendMediaGroup",
        {
            "chat_id": "{to}",
            "media": [{"type": "document", "media": "attach://a"}, {"type": "document", "media": "attach://b"}],
        },
        files={"a": ("a.pdf", "document"), "b": ("b.pdf", "document")},
    ),
    send("sendMessageDraft", draft_id=1, text="He"),
    send("sendChatAction", action="typing"),
    call("forwardMessage", (_EVA,), chat_id="{eva}", from_chat_id="{to}", message_id="{mine}"),
    call("forwardMessages", (_EVA,), chat_id="{eva}", from_chat_id="{to}", message_ids=["{mine}"]),
    call("copyMessage", (_EVA,), chat_id="{eva}", from_chat_id="{to}", message_id="{mine}"),
    call("copyMessages", (_EVA,), chat_id="{eva}", from_chat_id="{to}", message_ids=["{mine}"]),
)
_CHANGING = (
    on("editMessageText", TEXT, text="second"),
    on("editMessageReplyMarkup", TEXT),
    on("editMessageCaption", PHOTO, caption="new"),
    Ask(
        "/bot{token}/editMessageMedia",
        {"chat_id": "{to}", "message_id": "{message}", "media": {"type": "document", "media": "attach://d"}},
        files={"d": ("a.pdf", "document")},
        after=(PHOTO,),
    ),
    on("editMessageLiveLocation", _PLACE, latitude=50.46, longitude=30.53),
    on("stopMessageLiveLocation", _PLACE),
    on("stopPoll", _POLL),
    on("deleteMessage", TEXT),
    call("deleteMessages", chat_id="{to}", message_ids=["{sent}"]),
    call("setMessageReaction", chat_id="{to}", message_id="{mine}", reaction=[{"type": "emoji", "emoji": "👍"}]),
    on("pinChatMessage", TEXT),
    on("unpinChatMessage", on("pinChatMessage", TEXT)),
    call("unpinAllChatMessages", chat_id="{to}"),
    call("answerCallbackQuery", (PRESSED,), callback_query_id="{press}", text="ok"),
)
_ASKING = (
    call("getUpdates", (call("deleteWebhook"),), timeout=0),
    SUBSCRIBED,
    call("deleteWebhook"),
    call("getWebhookInfo"),
    call("getMe"),
    call("logOut"),
    call("close"),
    call("getUserProfilePhotos", user_id="{to}"),
    call(
        "getFile",
        (Ask(PHOTO.path, PHOTO.body, files=PHOTO.files, keeps={"file": "result.photo.0.file_id"}),),
        file_id="{file}",
    ),
    call("leaveChat", (JOINED,), chat_id=GROUP["id"]),
    call("getChat", chat_id="{to}"),
    call("getChatAdministrators", (JOINED,), chat_id=GROUP["id"]),
    call("getChatMemberCount", chat_id="{to}"),
    call("getChatMember", chat_id="{to}", user_id="{to}"),
    call("getBusinessConnection", (CONNECTED,), business_connection_id="{connection}"),
    call(
        "readBusinessMessage",
        (CLIENT,),
        business_connection_id="{connection}",
        chat_id="{to}",
        message_id="{client}",
    ),
    call("deleteBusinessMessages", (CLIENT,), business_connection_id="{connection}", message_ids=["{client}"]),
    call("setMyCommands", commands=_COMMANDS),
    call("deleteMyCommands"),
    call("getMyCommands"),
    call("setMyName", name="Acme"),
    call("getMyName"),
    call("setMyDescription", description="Acme"),
    call("getMyDescription"),
    call("setMyShortDescription", short_description="Acme"),
    call("getMyShortDescription"),
    call("setChatMenuButton", menu_button={"type": "commands"}),
    call("getChatMenuButton"),
)
EXAMPLES = (*_SENDING, *_CHANGING, *_ASKING)
REFUSED = tuple(call(each.name) for each in COVERAGE if each.status == "refused")
