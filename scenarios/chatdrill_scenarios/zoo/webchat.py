"""Defects of bots behind the Bot Connector, and of bots that speak Rasa's channels."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from ..shoebot.channels import webchat as webchat_module
from ..shoebot.channels.bearers import unpacked
from ..shoebot.channels.rasa import Rasa
from ..shoebot.channels.webchat import WebChat
from ..shoebot.model import Event
from .specimen import instead, specimen

_events, _fits = WebChat.events, WebChat._fits
Headers = Mapping[str, str]


def _believes(channel: WebChat, headers: Headers, raw: bytes) -> bool:
    """The token is the framework's business."""
    return True


def _reads_the_claims(channel: WebChat, headers: Headers, raw: bytes) -> bool:
    """A token is decoded, and what it says of itself is right: nobody has asked who signed it."""
    try:
        claims = json.loads(unpacked(headers.get("authorization", "").split(".")[1]))
    except (ValueError, IndexError):
        return False
    return bool(claims.get("aud") == channel._app)


async def _to_the_last_place(channel: WebChat, user: str, **activity: Any) -> None:
    """One reference of a conversation is kept for the whole bot."""
    last = next(reversed(channel._places), user)
    url = f"{channel._places.get(last, channel._usual).rstrip('/')}/v3/conversations/{last}/activities"
    await channel._post(url, {**activity, "conversation": {"id": user}})


def _at_the_usual_place(channel: WebChat, user: str, place: str) -> None:
    """The address of the connector stands in the settings, and need not be remembered."""
    channel._usual = place.partition("/emea")[0] + "/"


async def _one_token(channel: WebChat) -> str:
    """A token is a token: it is fetched once."""
    if not channel._token:
        told = await channel._api.post(channel._login, "webchat login", form=channel._credentials)
        channel._token = told["access_token"]
    return channel._token


async def _once_only(channel: WebChat, user: str, **activity: Any) -> None:
    root = channel._places.get(user, channel._usual).rstrip("/")
    await channel._post(f"{root}/v3/conversations/{user}/activities", activity)


def _no_newcomers(channel: WebChat, item: Mapping[str, Any]) -> Iterator[Event]:
    """Whoever joins is greeted, and the bot joins first."""
    if item["type"] == "conversationUpdate":
        for number, _ in enumerate(item.get("membersAdded") or ()):
            about = {"channel": channel.name, "user": item["conversation"]["id"], "id": f"{item['id']}:{number}"}
            channel._remember(about["user"], item["serviceUrl"])
            yield Event(**about, kind="start")
        return
    yield from _events(channel, item)


async def _to_default(channel: Rasa, user: str, **message: Any) -> None:
    """Rasa's own default, where nobody has passed the sender on."""
    body = {"recipient_id": "default", **message}
    await channel._api.post(channel._url, "rasa callback", body=body)


async def _at_a_path(channel: Rasa, user: str, **message: Any) -> None:
    """A picture lies beside the page, the bot believes."""
    if "image" in message:
        message["image"] = "/static/" + message["image"].rpartition("/")[2]
    await channel._api.post(channel._url, "rasa callback", body={"recipient_id": user, **message})


HI = ("Hello",)
_on_webchat, _on_rasa = partial(specimen, platform="webchat"), partial(specimen, platform="rasa")
SPECIMENS = (
    _on_webchat("signatures", "looks at no token of the Bot Connector's", "BotBuilder authentication", "probe:signature-wrong | probe:signature-missing", "",
                instead(WebChat, trusts=_believes)),
    _on_webchat("signatures", "reads the Connector's token without asking who signed it", "BotBuilder authentication", "probe:signature-wrong", "",
                instead(WebChat, trusts=_reads_the_claims)),
    _on_webchat("signatures", "takes tokens of the Connector's that have run out", "BotBuilder authentication", "probe:signature-stale", "",
                instead(webchat_module, is_due=lambda claims, now: True)),
    _on_webchat("calls", "answers where the Connector usually is", "botbuilder serviceUrl", "calls-accepted", "Hello again",
                instead(WebChat, _remember=_at_the_usual_place), settings=("webchat.region=emea",), minimum=HI),
    _on_webchat("calls", "keeps its first token for ever", "botbuilder-js token refresh", "calls-accepted", "Thirty days with one customer",
                instead(WebChat, _bearer=_one_token, _send=_once_only)),
    _on_webchat("privacy", "answers the conversation that was there last", "botbuilder-js proactive reference", "calls-proper", "Ten customers at once",
                instead(WebChat, _send=_to_the_last_place)),
    _on_webchat("dialog", "greets every member of a conversation, itself too", "botframework-sdk#4772", "unexpected", "Hello again",
                instead(WebChat, events=_no_newcomers), minimum=HI),
    _on_rasa("calls", "answers Rasa's default sender", "rasa rest channel", "calls-accepted | setup-accepted", "Hello again", instead(Rasa, _say=_to_default), minimum=HI),
    _on_rasa("media", "shows pictures to a page by a path", "rasa responses", "calls-accepted", "The size chart", instead(Rasa, _say=_at_a_path),
             minimum=("What sizes do you have?",)),
)  # fmt: skip
