"""The shop's telephone: callers wait for a person, and may go on in a messenger instead.

Each webhook of a call is answered by a document; `step` in its address says which. What a link stands for is kept in the store: a
link is for one call, for a while, and for the first conversation that comes by it.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import quote
from xml.sax.saxutils import escape

from .api import ApiError
from .channels import Channel
from .channels.twilio import Twilio
from .config import Settings
from .model import Event, Switch
from .store import Store
from .texts import text

TOKEN_BYTES = 16  # 22 characters of those that every messenger takes in a link
_TOKEN = re.compile(r"(?<![\w-])[\w-]{22}(?![\w-])")
_ORDER = re.compile(r"\w{1,12}")
# Who shows no number has one of these (twilio.com/docs: ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN, UNAVAILABLE).
WITHHELD = frozenset({"+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253"})
_LANGUAGES = {"RU": "ru", "BY": "ru", "KZ": "ru", "PL": "pl"}
_VOICES = {"en": "en-GB", "ru": "ru-RU", "pl": "pl-PL"}
_TITLES = {"telegram": "Telegram", "whatsapp": "WhatsApp", "messenger": "Messenger"}
_QUEUE = "support"
Fields = Mapping[str, str]


class Phone:
    """What callers hear, and who came from a call. Links go out by SMS."""

    def __init__(self, settings: Settings, store: Store, channels: Mapping[str, Channel]) -> None:
        self._settings, self._store, self._channels = settings, store, channels
        wanted = settings["SHOEBOT_CALL_MESSENGERS"].split(",")
        self._messengers = [name for name in map(str.strip, wanted) if name in settings.platforms and name in _LINKS]
        self._good_s = float(settings["SHOEBOT_CALL_LINK_MINUTES"]) * 60

    async def answer(self, fields: Fields, step: str) -> bytes:
        """The document that the call goes on with."""
        language = _LANGUAGES.get(fields.get("FromCountry", ""), "en")
        match step:
            case "queue":
                body = self._enter(fields)
            case "wait":
                body = self._offer(fields, language)
            case "chat":
                body = await self._leave(fields, language)
            case "left":
                body = "<Hangup/>" if fields.get("QueueResult") == "leave" else ""
            case _:
                body = self._menu(language)
        return f"<Response>{body}</Response>".encode()

    def _menu(self, language: str) -> str:
        onward = self._at("queue")
        asks = f'<Gather numDigits="6" timeout="8" action="{onward}">{_say(language, "call.menu")}</Gather>'
        return f"{asks}<Redirect>{onward}</Redirect>"

    def _enter(self, fields: Fields) -> str:
        """Into the queue. What was keyed in is not asked for again, wherever the talk goes on."""
        if _ORDER.fullmatch(fields.get("Digits", "")):
            self._store.keep_note(_name(fields), fields["Digits"])
        return f'<Enqueue waitUrl="{self._at("wait")}" action="{self._at("left")}">{_QUEUE}</Enqueue>'

    def _offer(self, fields: Fields, language: str) -> str:
        said = [text("call.place", language, place=fields.get("QueuePosition", "1"))]
        for key, name in enumerate(self._messengers, 1):
            said.append(text("call.offer", language, key=str(key), messenger=_TITLES[name]))
        music = f"<Play>{self._settings.public_url}/hold.mp3</Play>"
        return f'<Gather numDigits="1" timeout="3" action="{self._at("chat")}">{_spoken(language, " ".join(said))}{music}</Gather>'

    def _at(self, step: str) -> str:
        return f"{Twilio.path}?step={step}"

    # ---------------------------------------------------------------------------------------------- out of the call

    async def _leave(self, fields: Fields, language: str) -> str:
        """The link goes out, and the caller leaves the queue; who cannot have it stays."""
        key = fields.get("Digits", "")
        if not (key.isdigit() and 0 < int(key) <= len(self._messengers)):
            return ""
        problem = await self._text(fields, self._messengers[int(key) - 1], language)
        return _say(language, problem) if problem else f"{_say(language, 'call.sent')}<Leave/>"

    async def _text(self, fields: Fields, messenger: str, language: str) -> str:
        """Why no link was sent, if it was not. A key that is pressed twice sends one."""
        caller = fields["From"]
        if caller in WITHHELD:
            return "call.withheld"
        if self._store.has_left(f"twilio:{caller}"):
            return "call.stopped"
        switch = Switch(self._token(), fields["CallSid"], caller, self._store.note(_name(fields)), time.time())
        if not self._store.open_switch(switch):
            return ""
        try:
            await self._texting().text(
                caller, text("call.link", language, link=self._link(messenger, switch.token, language))
            )
        except ApiError:
            self._store.close_switch(switch.call)
            return "call.unsent"
        return ""

    def _texting(self) -> Twilio:
        channel = self._channels[Twilio.name]
        assert isinstance(channel, Twilio)
        return channel

    def _token(self) -> str:
        return secrets.token_urlsafe(TOKEN_BYTES)

    def _link(self, messenger: str, token: str, language: str) -> str:
        words = quote(text("call.words", language, token=token))
        return _LINKS[messenger].format(token=token, words=words, **self._settings.env)

    # ------------------------------------------------------------------------------------------ into the messenger

    def followed(self, event: Event) -> Event:
        """What somebody does who came by a link: a start, that says what the call was about. Anything else stays as it is."""
        found = _TOKEN.search(event.payload or event.text) if event.kind in ("start", "text") else None
        switch = self._store.switch(found[0]) if found else None
        if switch is None:
            return event
        return replace(event, kind="start", text="", payload=self._call(switch, event))

    def _call(self, switch: Switch, event: Event) -> str:
        if time.time() - switch.at > self._good_s and switch.used_by != event.conversation:
            return "call_late_"
        if not self._is_theirs(switch, event) or not self._store.use_switch(switch.token, event.conversation):
            return "call_taken_"
        return f"call_called_{switch.topic}"

    def _is_theirs(self, switch: Switch, event: Event) -> bool:
        """Where a messenger tells the number, it must be the caller's."""
        return event.channel != "whatsapp" or event.user.lstrip("+") == switch.caller.lstrip("+")


def _name(fields: Fields) -> str:
    return f"call:{fields['CallSid']}"


def _say(language: str, text_id: str) -> str:
    return _spoken(language, text(text_id, language))


def _spoken(language: str, words: str) -> str:
    return f'<Say language="{_VOICES[language]}">{escape(words)}</Say>'


_LINKS = {
    "telegram": "https://t.me/{TELEGRAM_BOT_USERNAME}?start={token}",
    "whatsapp": "https://wa.me/{WHATSAPP_DISPLAY_PHONE_NUMBER}?text={words}",
    "messenger": "https://m.me/{MESSENGER_PAGE_ID}?ref={token}",
}
"""Where a link leads. The fields of the environment are the shop's names; WhatsApp carries nothing but words."""
