"""Defects in what a bot makes of webhooks that come twice, late, together or in another order, and of the vendor's other news."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from functools import partial
from itertools import count
from typing import Any

from ..shoebot.bot import Bot
from ..shoebot.channels import Channel
from ..shoebot.channels import telegram as telegram_module
from ..shoebot.channels.messenger import Messenger
from ..shoebot.channels.slack import Slack
from ..shoebot.channels.telegram import Telegram
from ..shoebot.channels.whatsapp import WhatsApp
from ..shoebot.model import Event
from ..shoebot.store import Store
from ..shoebot.web import Answer, Application
from .specimen import instead, specimen

_accept, _webhook, _file = Store.accept, Application._webhook, Bot._file
_whatsapp_items, _whatsapp_events = WhatsApp.items, WhatsApp.events
_telegram_events, _messenger_events = Telegram.events, Messenger.events
_slack_events = Slack._events
_numbers = count()
_tasks: set[asyncio.Task[None]] = set()
Item = Mapping[str, Any]


def _every_time(store: Store, event: Event) -> bool:
    """Nobody looks whether it was there before."""
    _accept(store, event)
    return True


def _in_two_steps(bot: Bot, events: Iterator[Event]) -> None:
    """Looks first and writes down later, with a database between the two that takes its time."""
    task = asyncio.get_running_loop().create_task(_looked_up(bot, list(events)))
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)


async def _looked_up(bot: Bot, events: list[Event]) -> None:
    query = "SELECT 1 FROM inbox WHERE id = ?"
    known = [bot.store._db.execute(query, (f"{one.channel}:{one.id}",)).fetchone() is not None for one in events]
    await asyncio.sleep(0.05 * (1 + next(_numbers) % 2))
    for event, is_known in zip(events, known, strict=True):
        if not is_known:
            _accept(bot.store, event)
            bot._conversations.put(event)


def _same_words_are_the_same(store: Store, event: Event) -> bool:
    """What says the same in the same chat was here before."""
    seen = store.__dict__.setdefault("words", set())
    key = (event.conversation, event.kind, event.text)
    is_new = bool(_accept(store, event)) and not (event.text and key in seen)
    seen.add(key)
    return is_new


def _only_the_last_is_known(store: Store, event: Event) -> bool:
    """One id is remembered: that of the message before."""
    is_new = bool(store.__dict__.get("last") != event.id)
    store.__dict__["last"] = event.id
    _accept(store, event)
    return is_new


def _in_one_second(store: Store, event: Event) -> bool:
    """A message that comes within a second of another is a redelivery of it."""
    now = asyncio.get_running_loop().time()
    times = store.__dict__.setdefault("times", {})
    is_new = now - times.get(event.conversation, -10.0) >= 1.0
    times[event.conversation] = now
    return bool(_accept(store, event)) and is_new


async def _fails_after_the_work(application: Application, channel: Channel, scope: Any, receive: Any) -> Answer:
    """The last line of the handler, which writes statistics, has no database."""
    status, body = await _webhook(application, channel, scope, receive)
    return (500, b"no database") if status == 200 else (status, body)


async def _works_first(application: Application, channel: Channel, scope: Any, receive: Any) -> Answer:
    """The webhook is acknowledged when the answer is out and the model has been asked for a summary."""
    answer = await _webhook(application, channel, scope, receive)
    await application.bot.idle()
    await asyncio.sleep(4.0)
    return answer


def _first_of(items: Any) -> Any:
    def first(channel: Any, update: Item) -> Iterator[Item]:
        """A webhook has one message: whoever heard of more?"""
        yield from list(items(channel, update))[:1]

    return first


def _echoes_too(channel: Messenger, item: Item) -> Iterator[Event]:
    """Whatever comes from the Page is answered like a sticker, and the answer comes from the Page."""
    message = item.get("message") or {}
    if message.get("is_echo") and message.get("text"):
        yield Event("messenger", item["recipient"]["id"], message["mid"], "sticker")
    yield from _messenger_events(channel, item)


def _slack_echoes_too(channel: Slack, number: str, event: Item) -> Iterator[Event]:
    """Whatever is said in the channel is answered there."""
    if event["type"] == "message" and event.get("bot_id"):
        yield Event("slack", event["channel"], number, "text", text=event["text"])
    yield from _slack_events(channel, number, event)


def _previews_too(channel: Slack, number: str, event: Item) -> Iterator[Event]:
    """A message that was changed has been said anew."""
    if event.get("subtype") == "message_changed":
        message = event["message"]
        yield Event("slack", message["user"], number, "text", text=message["text"], message_id=message["ts"])
    else:
        yield from _slack_events(channel, number, event)


def _receipts_too(channel: Messenger, item: Item) -> Iterator[Event]:
    """Everything that a customer causes is a message of the customer's."""
    yield from _messenger_events(channel, item)
    if "read" in item:
        yield Event("messenger", item["sender"]["id"], f"read:{item['timestamp']}", "text", text="read")


def _statuses_too(channel: WhatsApp, update: Item) -> Iterator[Item]:
    yield from _whatsapp_items(channel, update)
    for entry in update.get("entry", ()):
        for status in entry["changes"][0]["value"].get("statuses", ()):
            if status["status"] == "read":
                words = {"type": "text", "text": {"body": "status"}}
                yield {"from": status["recipient_id"], "id": f"{status['id']}:read", **words}


def _reactions_too(channel: Telegram, item: Item) -> Iterator[Event]:
    yield from _telegram_events(channel, item)
    if reaction := item.get("message_reaction"):
        yield Event("telegram", str(reaction["chat"]["id"]), str(item["update_id"]), "text", text="\U0001f44d")


def _whatsapp_reactions_too(channel: WhatsApp, item: Item) -> Iterator[Event]:
    yield from _whatsapp_events(channel, item)
    if item.get("type") == "reaction":
        yield Event("whatsapp", item["from"], item["id"], "text", text="reaction")


def _as_new_messages(number: str, message: Item) -> Iterator[Event]:
    yield from telegram_module._message(number, message)


def _no_edits(number: str, message: Item) -> Iterator[Event]:
    """Edits are for people."""
    yield from ()


def _messenger_without_edits(channel: Messenger, item: Item) -> Iterator[Event]:
    if "message_edit" not in item:
        yield from _messenger_events(channel, item)


def _edits_as_messages(channel: Messenger, item: Item) -> Iterator[Event]:
    for event in _messenger_events(channel, item):
        yield Event(event.channel, event.user, event.id, "text", text=event.text) if event.kind == "edit" else event


def _deaf_once_in_three(bot: Bot, events: Iterator[Event]) -> None:
    """A queue between door and bot that loses what comes while it is being emptied."""
    bot.__dict__["count"] = bot.__dict__.get("count", 0) + 1
    if bot.__dict__["count"] % 3:
        _file(bot, events)


TWICE, AT_ONCE, AGAIN = "Every webhook comes twice", "Two webhooks at the same moment", "The same words again"
EDITED, SAME_EDIT = "An edited order number", "An edit that changes nothing"
REACTION, BURST = "A reaction needs no answer", "One answer for a burst"
ASKS = ("Where is order 553?",)

ECHOES = ("messenger.subscribed_fields=messages,messaging_postbacks,message_reads,message_echoes",)
AT_A_TIME = ("SHOEBOT_DEBOUNCE_S=0",)
"""What comes twice at once hides in a burst; these bots answer each message by itself."""

_delivery = partial(specimen, "delivery")
SPECIMENS = (
    _delivery("answers whatever is delivered again", "chatwoot#11901", "once", TWICE, instead(Store, accept=_every_time), env=AT_A_TIME,
              minimum=ASKS),
    _delivery("answers whatever WhatsApp delivers again", "Neurotech-HQ/heyoo#23", "once", TWICE,
              instead(Store, accept=_every_time), env=AT_A_TIME, platform="whatsapp", minimum=ASKS),
    _delivery("answers whatever Messenger delivers again", "sunshine-conversations-ruby#7", "once", TWICE,
              instead(Store, accept=_every_time), env=AT_A_TIME, platform="messenger", minimum=ASKS),
    _delivery("answers whatever Slack delivers again", "slackapi/bolt-python#868", "once", TWICE, instead(Store, accept=_every_time), env=AT_A_TIME,
              platform="slack", minimum=ASKS),
    _delivery("misses Slack's three seconds and answers each retry", "slackapi/bolt-python#693", "acknowledged | once", AGAIN,
              instead(Application, _webhook=_works_first) + instead(Store, accept=_every_time), env=AT_A_TIME, platform="slack",
              minimum=ASKS),
    _delivery("answers twice what comes twice at the same moment", "chatwoot#5433", "once | unexpected | expected", AT_ONCE,
              instead(Bot, _file=_in_two_steps), env=AT_A_TIME, minimum=ASKS),
    _delivery("answers twice what WhatsApp sends twice at the same moment", "ArnasDon/wacrm#367", "once | unexpected | expected", AT_ONCE,
              instead(Bot, _file=_in_two_steps), env=AT_A_TIME, platform="whatsapp", minimum=ASKS),
    _delivery("answers again when its acknowledgement was lost", "telegram-bot-api#211", "once", "The acknowledgement is lost",
              instead(Store, accept=_every_time), env=AT_A_TIME, minimum=ASKS),
    _delivery("takes the same words for a redelivery", "vercel/chat#799", "expected", AGAIN,
              instead(Store, accept=_same_words_are_the_same), minimum=ASKS * 2,
            fuzzed_by="answered"),
    _delivery("takes what comes within a second for a redelivery", "trinity#2727", "expected", BURST,
              instead(Store, accept=_in_one_second), minimum=("Hi", "order 553, where is it?"),
            fuzzed_by="answered"),
    _delivery("fails after the work is done", "telegraf#806", "acknowledged", AGAIN,
              instead(Application, _webhook=_fails_after_the_work), minimum=ASKS),
    _delivery("acknowledges when the work is done", "chatwoot#13523", "probe:acknowledgement", "",
              instead(Application, _webhook=_works_first)),
    _delivery("acknowledges to WhatsApp when the work is done", "hermes-agent#102079", "probe:acknowledgement", "",
              instead(Application, _webhook=_works_first), platform="whatsapp"),
    _delivery("reads the first message of a webhook only", "whatsapp batches", "probe:batch-effect", "",
              instead(WhatsApp, items=_first_of(WhatsApp.items)), platform="whatsapp"),
    _delivery("reads the first message of Messenger's webhook only", "messenger batches", "probe:batch-effect", "",
              instead(Messenger, items=_first_of(Messenger.items)), platform="messenger"),
    _delivery("answers the echo of its own words", "botpress#12707", "no-echo", "The answer of the platform is lost",
              instead(Messenger, events=_echoes_too), platform="messenger", settings=ECHOES, minimum=("Hello",)),
    _delivery("answers the echo of its own words on Slack", "slackapi/python-slack-sdk#390", "no-echo | no-runaway", AGAIN,
              instead(Slack, _events=_slack_echoes_too), platform="slack", minimum=("Hello",)),
    _delivery("takes the preview of a link for a message", "slack-knowledgebase-chatgpt-responder#983", "unexpected | expected", "News that are no customer",
              instead(Slack, _events=_previews_too), platform="slack"),
    _delivery("answers the news that it was read", "chatwoot#14529", "unexpected", REACTION,
              instead(Messenger, events=_receipts_too), platform="messenger"),
    _delivery("answers WhatsApp's statuses", "whatsapp-api-manager#102", "unexpected | expected", REACTION,
              instead(WhatsApp, items=_statuses_too), platform="whatsapp"),
    _delivery("answers reactions", "fazer-ai/chatwoot#373", "unexpected | expected", REACTION,
              instead(Telegram, events=_reactions_too)),
    _delivery("answers reactions on WhatsApp", "fazer-ai/chatwoot#373", "unexpected | expected", REACTION,
              instead(WhatsApp, events=_whatsapp_reactions_too), platform="whatsapp"),
    _delivery("takes an edit for a new message", "evolution-api#453", "unexpected | expected", SAME_EDIT,
              instead(telegram_module, _edit=_as_new_messages)),
    _delivery("takes Messenger's edits for new messages", "chatwoot#15770", "unexpected | expected", SAME_EDIT,
              instead(Messenger, events=_edits_as_messages), platform="messenger"),
    _delivery("does not hear edits", "chatwoot#10637", "expected", EDITED, instead(telegram_module, _edit=_no_edits),
              minimum=("Where is my order 553?",),
            fuzzed_by="answered"),
    _delivery("does not hear edits on Messenger", "chatwoot#10637", "expected", EDITED,
              instead(Messenger, events=_messenger_without_edits), platform="messenger"),
    _delivery("subscribes to messages only, and hears no presses", "python-telegram-bot#4057", "expected", "A fitting by buttons",
              instead(telegram_module, ALLOWED_UPDATES=["message"])),
    _delivery("loses every third message", "openfang#605", "expected", "Every webhook comes twice | Hello again",
              instead(Bot, _file=_deaf_once_in_three)),
)  # fmt: skip
