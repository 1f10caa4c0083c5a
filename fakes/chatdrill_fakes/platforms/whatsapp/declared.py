"""What the fake of WhatsApp declares: settings, capabilities, delivery."""

from __future__ import annotations

from typing import Any

from chatdrill.model import ACT_NAMES
from chatdrill.wire import Capabilities, Delivery, Retry, Setting
from chatdrill_fakes.platforms.whatsapp.contents import LACKS
from chatdrill_fakes.platforms.whatsapp.events import EVENT_NAMES

QUIRKS = {
    "no_delivered": "'delivered' never comes",
    "no_read": "customers have read receipts switched off",
    "statuses_swapped": "'delivered' comes before 'sent'",
    "statuses_doubled": "every status comes twice",
    "no_contacts": "messages come without the contacts array",
    "hidden_numbers": "customers hide their number: only user ids are told",
    "no_media_url": "media in webhooks come without url",
}

SETTINGS: tuple[Setting, ...] = (
    Setting("token", "EAAchatdrillwhatsapp", "access token of the business", "WHATSAPP_TOKEN", secret=True),
    Setting("phone_number_id", "441122334455667", "id of the business phone number", "WHATSAPP_PHONE_NUMBER_ID"),
    Setting("business_account_id", "330011223344556", "id of the account (WABA)", "WHATSAPP_BUSINESS_ACCOUNT_ID"),
    Setting("display_phone_number", "15550107788", "the business phone number", "WHATSAPP_DISPLAY_PHONE_NUMBER"),
    Setting("app_id", "728451930662814", "id of the app", "WHATSAPP_APP_ID"),
    Setting("app_secret", "chatdrill-app-secret", "signs the webhooks", "WHATSAPP_APP_SECRET", secret=True),
    Setting("verify_token", "chatdrill-verify", "shown in the handshake", "WHATSAPP_VERIFY_TOKEN", secret=True),
    Setting("graph_version", "v25.0", "version of the webhooks: v23.0 tells conversations", "WHATSAPP_GRAPH_VERSION"),
    Setting("rate_limits", "yes", "refuse what is too fast (130429, 131056)", "WHATSAPP_RATE_LIMITS"),
    Setting("receipts", "yes", "report sent, delivered and read", "WHATSAPP_RECEIPTS"),
    Setting("coexistence", "no", "the number also lives in the WhatsApp Business app", "WHATSAPP_COEXISTENCE"),
    Setting("strict", "no", "refuse Graph versions that are not in service", "WHATSAPP_STRICT"),
    Setting("allowed_recipients", "", "numbers a test number may write to, by commas", "WHATSAPP_ALLOWED_RECIPIENTS"),
    Setting("quirks", "", f"by commas: {', '.join(QUIRKS)}", "WHATSAPP_QUIRKS"),
)
FOR_BOTS = frozenset(
    {
        "token",
        "phone_number_id",
        "business_account_id",
        "display_phone_number",
        "app_id",
        "app_secret",
        "verify_token",
        "graph_version",
    }
)

PROFILE = {
    "about": "Keramik",
    "address": "Ring 1",
    "description": "Atelier Wien",
    "email": "a@atelier.example",
    "profile_picture_url": "https://pps.whatsapp.net/v/p.jpg",
    "websites": ["https://atelier.example/"],
    "vertical": "RETAIL",
}


def documents() -> dict[str, dict[str, Any]]:
    """What an account has stored under the edges of its number before a bot changes it."""
    return {
        "whatsapp_commerce_settings": {"is_cart_enabled": True, "is_catalog_visible": False, "id": "727705352028726"},
        "conversational_automation": {"enable_welcome_message": False, "commands": [], "prompts": []},
    }


_MEDIA = ("photo", "video", "voice", "audio", "document", "sticker")
CAPABILITIES = Capabilities(
    customer_parts=frozenset(
        {
            "text",
            *(f"media.{kind}" for kind in _MEDIA),
            "media.animation",
            "location",
            "contact",
            "order",
            "form",
            "other",
        }
    ),
    bot_parts=frozenset(
        {
            "text",
            *(f"media.{kind}" for kind in _MEDIA),
            "location",
            "contact",
            "keyboard.inline",
            "keyboard.list",
            "carousel",
            "template",
            "products",
            "form",
        }
    ),
    acts=frozenset(ACT_NAMES),
    events=EVENT_NAMES,
    lacks={
        **LACKS,
        "start": "whatsapp has no start: it is a text, the one that the link carries or a greeting",
        "typing": "whatsapp never tells the bot that a customer types",
        "block": "blocking makes no event; later sends fail with 131026",
        "edit": "without the setting 'coexistence' the bot gets an unsupported message of type edit",
        "delete": "without the setting 'coexistence' the bot is told nothing",
        "echo": "only with the setting 'coexistence': what a person types in the WhatsApp Business app",
        "spans": "whatsapp has bold, italic, struck, code and quoted words; others are sent as plain ones",
        "referral.link": "a link leaves no trace but the text that it fills in; the customer sends it or start",
        "referral.plugin": "a button on a website is a link; the bot sees a text",
        "keyboard.reply": "whatsapp has no reply keyboard; send reply buttons or a list",
        "keyboard.quick_replies": "whatsapp has no quick replies; send reply buttons",
    },
)

DELIVERY = Delivery(
    ack_timeout_s=10.0,
    success="200",
    retry=Retry(delays_s=(0.0, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0), attempts_max=10),
    order="first_try",
    concurrency_max=100,
    batch_max=1000,
    source="Meta, Webhooks (2025): success is status 200, delivery is concurrent and retried with growing pauses for up "
    "to 7 days; the time-out of 10 s and the pauses of 0, 1, 2 ... 128 s are those of an existing fake (whelx), for Meta "
    "publishes neither",
)
