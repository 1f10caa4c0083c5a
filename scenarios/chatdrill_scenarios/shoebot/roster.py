"""Every messenger that the bot can speak."""

from __future__ import annotations

from pathlib import Path

from .api import Api
from .channels import Channel
from .channels.declared import Declared
from .channels.email import Email
from .channels.infobip import Infobip
from .channels.instagram import Instagram
from .channels.line import Line
from .channels.messenger import Messenger
from .channels.rasa import Rasa
from .channels.slack import Slack
from .channels.telegram import Telegram
from .channels.twilio import Twilio
from .channels.viber import Viber
from .channels.webchat import WebChat
from .channels.wechat import WeChat
from .channels.whatsapp import WhatsApp
from .config import Settings
from .lending import Files
from .store import Store


def channels(settings: Settings, api: Api, assets: Path, files: Files, store: Store) -> dict[str, Channel]:
    """Those that the settings ask for, by name."""
    every: tuple[Channel, ...] = (
        Telegram(settings, api, assets),
        WhatsApp(settings, api, assets),
        Messenger(settings, api, assets),
        Viber(settings, api, assets, files),
        WeChat(settings, api, assets, files),
        Instagram(settings, api, assets, files),
        Line(settings, api, assets, files),
        Slack(settings, api, assets),
        Twilio(settings, api, assets, files, store),
        Infobip(settings, api, assets, files, store),
        Email(settings, assets, files, store),
        Declared(settings, api, assets, files),
        WebChat(settings, api, assets, files),
        Rasa(settings, api, assets, files),
    )
    return {channel.name: channel for channel in every if channel.name in settings.platforms}
