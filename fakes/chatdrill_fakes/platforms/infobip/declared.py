"""What the fake of Infobip declares: its settings, and what people and bots can say."""

from __future__ import annotations

from chatdrill.wire import Capabilities, Setting
from chatdrill_fakes.families.sms import lacks as sms
from chatdrill_fakes.platforms.infobip.events import EVENT_NAMES

SETTINGS: tuple[Setting, ...] = (
    Setting("api_key", "8f3c2b1a9d7e4f60b5c8a1d2e3f40516-0f9e8d7c-6b5a-4c3d-8e2f-1a0b9c8d7e6f", "key of the API", "INFOBIP_API_KEY", secret=True),
    Setting("username", "chatdrill", "user who may call instead of the key", "INFOBIP_USERNAME"),
    Setting("password", "chatdrill-infobip-password", "password of that user", "INFOBIP_PASSWORD", secret=True),
    Setting("client_id", "chatdrill-client", "client of OAuth", "INFOBIP_CLIENT_ID"),
    Setting("client_secret", "chatdrill-infobip-client-secret", "secret of that client", "INFOBIP_CLIENT_SECRET", secret=True),
    Setting("sender", "447860099299", "the number that customers write to", "INFOBIP_SENDER"),
    Setting("webhook_auth", "basic", "basic, hmac (of the body) or none: what webhooks prove themselves by", "INFOBIP_WEBHOOK_AUTH"),
    Setting("webhook_user", "chatdrill", "name in basic webhooks", "INFOBIP_WEBHOOK_USER"),
    Setting("webhook_password", "chatdrill-infobip-hooks", "password in basic webhooks, key of HMAC", "INFOBIP_WEBHOOK_PASSWORD", secret=True),
    Setting("hmac_algorithm", "SHA_256", "MD5, SHA_1, SHA_224, SHA_256, SHA_384 or SHA_512", "INFOBIP_HMAC_ALGORITHM"),
    Setting("hmac_header", "X-Signature", "header of the HMAC (Infobip's own name is not known to us)", "INFOBIP_HMAC_HEADER"),
    Setting("delivery_url", "", "where reports go of messages that name no address", "INFOBIP_DELIVERY_URL"),
    Setting("keywords", "", "keywords of the number, by commas: they stand apart in webhooks", "INFOBIP_KEYWORDS"),
    Setting("opt_out", "yes", "STOP puts a customer on the blocklist, START takes them off", "INFOBIP_OPT_OUT"),
    Setting("receipts", "yes", "report what becomes of messages", "INFOBIP_RECEIPTS"),
    Setting("rate_limits", "yes", "refuse what is too much (429, status 20)", "INFOBIP_RATE_LIMITS"),
)  # fmt: skip
FOR_BOTS = frozenset(
    {
        "api_key",
        "username",
        "password",
        "client_id",
        "client_secret",
        "sender",
        "webhook_auth",
        "webhook_user",
        "webhook_password",
        "hmac_algorithm",
        "hmac_header",
    }
)
WORDS = {
    "webhook_auth": ("basic", "hmac", "none"),
    "hmac_algorithm": ("MD5", "SHA_1", "SHA_224", "SHA_256", "SHA_384", "SHA_512"),
}
"""Settings with a choice of words."""

LACKS = {
    **sms.LACKS,
    "media.caption": "the caption is a text in the same MMS",
    "albums": "all files of a message are one MMS",
    "template": "SMS has no templates: write whenever the customer is not on the blocklist",
}
_SHOWN = ("photo", "video", "audio", "document", "animation")

CAPABILITIES = Capabilities(
    customer_parts=frozenset({"text", *(f"media.{kind}" for kind in sms.MEDIA)}),
    bot_parts=frozenset({"text", *(f"media.{kind}" for kind in _SHOWN), "keyboard.numbered"}),
    acts=sms.ACTS,
    events=EVENT_NAMES,
    lacks=LACKS,
)
