"""The numbers of Bitrix24, each with where it stands."""

from __future__ import annotations

from chatdrill.wire import Limit
from chatdrill_fakes.desks.bitrix24 import batching, calls, hooks
from chatdrill_fakes.desks.bitrix24.methods import bots, connectors, crm, oldbots

PER_S, BURST = 2.0, 50.0
PER_S_ENTERPRISE, BURST_ENTERPRISE = 5.0, 250.0
_DOCS = "Bitrix24 REST documentation (2026-08): "

LIMITS: tuple[Limit, ...] = (
    Limit("requests", PER_S, "calls per second", f"{_DOCS}limits"),
    Limit("requests.burst", BURST, "calls", f"{_DOCS}limits"),
    Limit("requests.enterprise", PER_S_ENTERPRISE, "calls per second", f"{_DOCS}limits"),
    Limit("requests.enterprise.burst", BURST_ENTERPRISE, "calls", f"{_DOCS}limits"),
    Limit("batch", batching.CALLS_MAX, "calls", f"{_DOCS}batch"),
    Limit("page", calls.PAGE, "rows", f"{_DOCS}lists"),
    Limit("access_token", hooks.TOKEN_S, "seconds", f"{_DOCS}OAuth"),
    Limit("name", connectors.NAME_MAX, "characters", f"{_DOCS}imconnector.send.messages"),
    Limit("bots", bots.BOTS_MAX, "of an application", f"{_DOCS}imbot.v2.Bot.register"),
    Limit("bots.old", oldbots.BOTS_MAX, "of an application", f"{_DOCS}imbot.register"),
    Limit("bot.token", bots.TOKEN_MAX, "characters", f"{_DOCS}imbot.v2.Bot.register"),
    Limit("bot.text", bots.TEXT_MAX, "characters", f"{_DOCS}imbot.v2.Chat.Message.send"),
    Limit("bot.file", bots.FILE_MAX_BYTES, "bytes", f"{_DOCS}imbot.v2.File.upload"),
    Limit("bot.events", bots.EVENTS_MAX, "in one answer", f"{_DOCS}imbot.v2.Event.get"),
    Limit("duplicate.values", crm.VALUES_MAX, "values", f"{_DOCS}crm.duplicate.findbycomm"),
)
