"""What the fake of Twilio declares: its settings, and what people and bots can say."""

from __future__ import annotations

from chatdrill.wire import Capabilities, Setting
from chatdrill_fakes.families.sms import lacks as sms
from chatdrill_fakes.platforms.twilio.events import EVENT_NAMES

SETTINGS: tuple[Setting, ...] = (
    Setting("account_sid", "AC5d0c1e7a94b2483fa6c0d8e1f2b3a475", "the account", "TWILIO_ACCOUNT_SID"),
    Setting("auth_token", "5f3c0e6a9b1d4872a0c4e1f2b3d4a596", "password of the account; it signs the webhooks", "TWILIO_AUTH_TOKEN", secret=True),
    Setting("api_key", "SK1b7e40d2c9a8453f8e6d7c5b4a392817", "key that may call in the place of the account", "TWILIO_API_KEY"),
    Setting("api_secret", "chatdrillTwilioSecretOfTheApiKey", "secret of that key", "TWILIO_API_SECRET", secret=True),
    Setting("phone_number", "+12025550199", "the number that customers write to", "TWILIO_PHONE_NUMBER"),
    Setting("phone_number_sid", "PN2a9d4c7e1f8b4360a5c2e9d8b7f61403", "id of the number", "TWILIO_PHONE_NUMBER_SID"),
    Setting("messaging_service_sid", "MG8c1f5b2e7d9a4064b3e8f1a2c5d7906e", "service that has the number", "TWILIO_MESSAGING_SERVICE_SID"),
    Setting("in_service", "no", "the service handles what comes in: webhooks name it", "TWILIO_IN_SERVICE"),
    Setting("status_callback", "", "where fates of messages are told that name no StatusCallback", "TWILIO_STATUS_CALLBACK"),
    Setting("fallback_url", "", "where a webhook goes that failed", "TWILIO_FALLBACK_URL"),
    Setting("method", "POST", "POST or GET: how the webhook is called", "TWILIO_WEBHOOK_METHOD"),
    Setting("voice_url", "", "where calls are told; empty: where messages are", "TWILIO_VOICE_URL"),
    Setting("voice_fallback_url", "", "where a call goes whose document cannot be had", "TWILIO_VOICE_FALLBACK_URL"),
    Setting("voice_status_callback", "", "where the end of a call is told", "TWILIO_VOICE_STATUS_CALLBACK"),
    Setting("opt_out", "default", "default, advanced (webhooks have OptOutType) or no (the bot's own business)", "TWILIO_OPT_OUT"),
    Setting("sender", "long_code", "long_code, toll_free or short_code", "TWILIO_SENDER"),
    Setting("receipts", "delivered", "delivered, sent (the carrier confirms nothing), swapped (delivered before sent) or no", "TWILIO_RECEIPTS"),
    Setting("mms", "yes", "MMS everywhere; 'us': in the US and Canada only, as in life; 'no': not on this number", "TWILIO_MMS"),
    Setting("blocked_regions", "", "beginnings of numbers, by commas, that geo permissions refuse (+7,+86)", "TWILIO_BLOCKED_REGIONS"),
    Setting("verified_only", "", "numbers, by commas, that a trial account may write to; all, if there are none", "TWILIO_VERIFIED_ONLY"),
    Setting("rate_limits", "yes", "refuse what does not fit into the queue (21611), break loops (14107)", "TWILIO_RATE_LIMITS"),
)  # fmt: skip
FOR_BOTS = frozenset(
    {"account_sid", "auth_token", "api_key", "api_secret", "phone_number", "phone_number_sid", "messaging_service_sid"}
)
WORDS = {
    "method": ("POST", "GET"),
    "opt_out": ("default", "advanced", "no"),
    "sender": ("long_code", "toll_free", "short_code"),
    "receipts": ("delivered", "sent", "swapped", "no"),
    "mms": ("yes", "us", "no"),
}
"""Settings with a choice of words."""

LACKS = {
    **sms.LACKS,
    "media.caption": "the caption is the text of the same message",
    "albums": "up to ten files are one message; more are several",
    "template": "content templates (ContentSid) are not emulated: write whenever the customer has not opted out",
}

CAPABILITIES = Capabilities(
    customer_parts=frozenset({"text", *(f"media.{kind}" for kind in sms.MEDIA)}),
    bot_parts=frozenset({"text", "media.photo", "media.video", "media.audio", "media.voice", "media.document", "media.animation", "keyboard.numbered"}),
    acts=sms.ACTS,
    events=EVENT_NAMES,
    lacks=LACKS,
)  # fmt: skip
