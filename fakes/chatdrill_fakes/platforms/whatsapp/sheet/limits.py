"""Limits that a call shows, and why the other ones cannot be shown so."""

from __future__ import annotations

from typing import Any

from chatdrill.model import Delete, Edit, Text, Write
from chatdrill.wire.sheets import Ask, Bound, Happens, Refused
from chatdrill_fakes.families.meta_sheets import wrong
from chatdrill_fakes.platforms.whatsapp.sheet.bodies import BODIES, CONTACT, row
from chatdrill_fakes.platforms.whatsapp.sheet.calls import APP, MADE, MESSAGES, NUMBER, TEMPLATE, UPLOADED, edge

_LONG = wrong(400, 131009)
_BUTTON = "interactive.action.buttons"
_SECTION = "interactive.action.sections"


def _sent(limit: str, body: str, place: str, of: Any = "x", refused: Refused = _LONG, fixed: int = 0) -> Bound:
    return Bound(limit, MESSAGES(**BODIES[body]), refused, place, of, fixed)


def _made(limit: str, place: str, of: Any, subcode: int, *components: Any) -> Bound:
    body = {**TEMPLATE, "components": [*TEMPLATE["components"], *components]}
    return Bound(limit, Ask(MADE.path, body), wrong(400, 100, subcode), place, of)


_CARD = {
    "type": "cta_url",
    "header": {"type": "image", "image": {"link": "https://bot.example/1.png"}},
    "body": {"text": "Kurs"},
    "action": {"name": "cta_url", "parameters": {"display_text": "Buchen", "url": "https://atelier.example/a"}},
}
_REPLY = {"type": "reply", "reply": {"id": "id-{i}", "title": "Knopf {i}"}}
_ITEM = {"product_retailer_id": "MUG-{i}"}
_TEMPLATED = "template.components.0.parameters.0.text"
_FILLED = Bound(
    "template.filled",
    MESSAGES(
        (MADE,),
        type="template",
        template={
            "name": "parcel_today",
            "language": {"code": "de"},
            "components": [{"type": "body", "parameters": [{"type": "text"}, {"type": "text", "text": "77"}]}],
        },
    ),
    wrong(400, 132005),
    _TEMPLATED,
    "x",
    len("Hallo , dein Paket 77 kommt heute an."),
)

_AGAIN = Write(parts=(Text(text="Hallo"),))  # it opens the window again
_OLD = Happens(_AGAIN, keeps={"old": "changes.0.value.messages.0.id"})

BOUNDS = (
    _sent("text", "text", "text.body", "😀", wrong(400, 100)),
    _sent("caption", "image", "image.caption", "😀", wrong(400, 100)),
    _sent("contacts", "contacts", "contacts", CONTACT),
    _sent("interactive.body", "interactive.button", "interactive.body.text"),
    _sent("interactive.body.list", "interactive.list", "interactive.body.text"),
    _sent("interactive.header", "interactive.button", "interactive.header.text"),
    _sent("interactive.footer", "interactive.button", "interactive.footer.text", "ж"),
    _sent("button.count", "interactive.button", _BUTTON, _REPLY),
    _sent("button.title", "interactive.button", f"{_BUTTON}.0.reply.title", "ж"),
    _sent("button.id", "interactive.button", f"{_BUTTON}.0.reply.id"),
    _sent("list.label", "interactive.list", "interactive.action.button"),
    _sent("list.sections", "interactive.list", _SECTION, {"title": "Tag {i}", "rows": [row("{i}")]}),
    _sent("list.section_title", "interactive.list", f"{_SECTION}.0.title"),
    _sent("list.rows", "interactive.list", f"{_SECTION}.0.rows", row("{i}")),
    _sent("list.row_title", "interactive.list", f"{_SECTION}.0.rows.0.title"),
    _sent("list.row_description", "interactive.list", f"{_SECTION}.0.rows.0.description"),
    _sent("list.row_id", "interactive.list", f"{_SECTION}.0.rows.0.id"),
    _sent("cta_url.label", "interactive.cta_url", "interactive.action.parameters.display_text"),
    _sent("flow.label", "interactive.flow", "interactive.action.parameters.flow_cta"),
    _sent("carousel.cards", "interactive.carousel", "interactive.action.cards", _CARD),
    _sent("carousel.card_body", "interactive.carousel", "interactive.action.cards.0.body.text"),
    _sent("product_list.products", "interactive.product_list", f"{_SECTION}.0.product_items", _ITEM),
    _sent("callback_data", "text", "biz_opaque_callback_data", "x", wrong(400, 100)),
    Bound("prompts", edge("conversational_automation"), wrong(400, 100), "prompts", "Preis {i}?"),
    Bound("prompt", edge("conversational_automation", prompts=[""]), wrong(400, 100), "prompts.0"),
    Bound("commands", edge("conversational_automation"), _LONG, "commands",
          {"command_name": "kurs{i}", "command_description": "Kurs"}),
    Bound("command.name", edge("conversational_automation", commands=[{"command_description": "Kurs"}]), wrong(400, 100),
          "commands.0.command_name"),
    Bound("command.hint", edge("conversational_automation", commands=[{"command_name": "kurs"}]), wrong(400, 100),
          "commands.0.command_description"),
    _FILLED,
    _made("template.name", "name", "x", 2388040),
    _made("template.header", "components.2.text", "x", 2388047, {"type": "HEADER", "format": "TEXT"}),
    _made("template.footer", "components.1.text", "x", 2388073),
    _made("template.body", "components.0.text", "x", 2388040),
    _made("template.buttons", "components.2.buttons", {"type": "QUICK_REPLY", "text": "Ja {i}"}, 2388040, {"type": "BUTTONS"}),
    _made("template.button_label", "components.2.buttons.0.text", "x", 2388040,
          {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY"}]}),
    Bound("callback_url", Ask(f"{APP}/subscriptions", {"object": "whatsapp_business_account", "verify_token": "s"}),
          wrong(400, 100), "callback_url", "https://bot.example/"),
    Bound("edit.age", Happens(Edit(message_id="{mine}", parts=_AGAIN.parts)), None),
    Bound("delete.age", Happens(Delete(message_id="{mine}")), None),
    Bound("window", MESSAGES(**BODIES["text"]), Refused(200, later=131047)),
    Bound("reaction.age", MESSAGES((_OLD,), type="reaction", reaction={"message_id": "{old}", "emoji": "👍"}),
          Refused(200, later=131009), then=(_AGAIN,)),
    Bound("read.age", Ask(f"{NUMBER}/messages", {"messaging_product": "whatsapp", "status": "read", "message_id": "{old}"}, after=(_OLD,)),
          _LONG),
    Bound("media.url_valid", Ask("{path}", method="GET", after=(
        Ask("/v25.0/{media}", method="GET", after=(UPLOADED,), keeps={"path": "url"}),)), Refused(404)),
    Bound("media.upload_kept", Ask("/v25.0/{media}", method="GET", after=(UPLOADED,)), wrong(400, 100, 33)),
)  # fmt: skip

_SIZE = "megabytes: tests/whatsapp/test_media.py"
_RATE = "a rate, and the laws switch rates off"
_CUSTOMER = "limits what a customer does: tests/whatsapp/test_inbound.py"
UNTRIED = {
    "blocked_users": "64,000 customers",
    "templates": "250 of them: tests/whatsapp/test_templates.py",
    "template.creations": _RATE,
    "media.image": _SIZE,
    "media.video": _SIZE,
    "media.audio": _SIZE,
    "media.sticker": _SIZE,
    "media.document": _SIZE,
    "media.static_sticker": _SIZE,
    "media.from_customer": _CUSTOMER,
    "media.link_cached": "an older one is read again, and nothing is refused: tests/whatsapp/test_sending.py",
    "media.from_customer_kept": "of a customer's file: tests/whatsapp/test_media.py",
    "throughput": _RATE,
    "throughput.coexistence": _RATE,
    "pair_rate.interval": _RATE,
    "pair_rate.burst": _RATE,
    "management_calls": _RATE,
    "registrations": "ten in a row: tests/whatsapp/test_account.py",
    "allowed_recipients": "limits a setting",
    "free_entry_point": "changes the price of a message: tests/whatsapp/test_statuses.py",
    "webhook.batch": "limits what is sent to the bot",
    "webhook.size": "limits what is sent to the bot",
}
