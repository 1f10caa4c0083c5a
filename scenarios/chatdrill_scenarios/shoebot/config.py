"""Settings, read from the environment once at start-up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .policy import DEFAULTS as HABITS
from .policy import Policy, read_policy

PLATFORMS = (
    "telegram",
    "whatsapp",
    "messenger",
    "viber",
    "wechat",
    "instagram",
    "line",
    "slack",
    "twilio",
    "infobip",
    "email",
    "declared",
    "webchat",
    "rasa",
)
GRAPH_VERSION = "v25.0"

DEFAULTS: dict[str, str] = {
    "SHOEBOT_HOST": "127.0.0.1",
    "PORT": "8080",
    "PUBLIC_URL": "http://127.0.0.1:8080",
    "SHOEBOT_PLATFORMS": ",".join(PLATFORMS),
    "SHOEBOT_DEBOUNCE_S": "0.8",
    "SHOEBOT_DB": ":memory:",
    "CHATDRILL_SPEED": "1",
    **HABITS,
    # A token is the bot's id, a colon and 35 characters; shorter ones are refused as malformed.
    "TELEGRAM_BOT_TOKEN": "7012345678:AAchatdrillDrillDrillDrillDrillDril",
    "TELEGRAM_API_ROOT": "http://127.0.0.1:7700/telegram",
    "TELEGRAM_WEBHOOK_SECRET": "chatdrill-secret",
    "WHATSAPP_TOKEN": "EAAchatdrillwhatsapp",
    "WHATSAPP_PHONE_NUMBER_ID": "441122334455667",
    "WHATSAPP_BUSINESS_ACCOUNT_ID": "330011223344556",
    "WHATSAPP_APP_SECRET": "chatdrill-app-secret",
    "WHATSAPP_VERIFY_TOKEN": "chatdrill-verify",
    "WHATSAPP_API_ROOT": "http://127.0.0.1:7700/whatsapp",
    "MESSENGER_PAGE_TOKEN": "EAAchatdrillmessenger",
    "MESSENGER_PAGE_ID": "104837562910475",
    "MESSENGER_APP_ID": "728451930662814",
    "MESSENGER_APP_SECRET": "chatdrill-app-secret",
    "MESSENGER_VERIFY_TOKEN": "chatdrill-verify",
    "MESSENGER_API_ROOT": "http://127.0.0.1:7700/messenger",
    "MESSENGER_INBOX_APP_ID": "263902037430900",
    "VIBER_TOKEN": "5217a3b4c6d8e0f1-9a8b7c6d5e4f3021-1122334455667788",
    "VIBER_BOT_NAME": "Stepwell Shoes",
    "VIBER_API_ROOT": "http://127.0.0.1:7700/viber/pa",
    "WECHAT_ACCOUNT": "gh_7c1d2e3f4a5b",
    "WECHAT_APPID": "wx5a1c0ffee0123456",
    "WECHAT_SECRET": "9f2b6c1d4e8a7035b1c2d3e4f5061728",
    "WECHAT_TOKEN": "chatdrillToken2f",
    "WECHAT_ENCODING_AES_KEY": "kQ7tVb2mXw9Zc4Hn6Rj1Ls8Pd3Fy5Ga0Ue7Ti4Ko2Mq",
    "WECHAT_MODE": "plain",
    "WECHAT_API_ROOT": "http://127.0.0.1:7700/wechat",
    "INSTAGRAM_TOKEN": "IGAAchatdrillinstagram",
    "INSTAGRAM_APP_SECRET": "chatdrill-instagram-secret",
    "INSTAGRAM_VERIFY_TOKEN": "chatdrill-verify",
    "INSTAGRAM_API_ROOT": "http://127.0.0.1:7700/instagram",
    "LINE_CHANNEL_ACCESS_TOKEN": "chatdrillLineAccessToken0123456789abcdefghijklmnopqrstuvwxyz+/ABCDEFGHIJKLMNOPQRSTUVWXYZ=",
    "LINE_CHANNEL_SECRET": "3f9a1c77d2e84b60a5c1f0b29e6d7a84",
    "LINE_API_ROOT": "http://127.0.0.1:7700/line",
    "LINE_DATA_API_ROOT": "http://127.0.0.1:7700/line",
    "SLACK_BOT_TOKEN": "xoxb-7012345678901-7012345678902-ChatdrillBotTokenAbc123",
    "SLACK_SIGNING_SECRET": "8f742231b10e8888abcd99yyyzzz85a5",
    "SLACK_API_ROOT": "http://127.0.0.1:7700/slack/api",
    "TWILIO_ACCOUNT_SID": "AC5d0c1e7a94b2483fa6c0d8e1f2b3a475",
    "TWILIO_AUTH_TOKEN": "5f3c0e6a9b1d4872a0c4e1f2b3d4a596",
    "TWILIO_PHONE_NUMBER": "+12025550199",
    "TWILIO_API_ROOT": "http://127.0.0.1:7700/twilio",
    "INFOBIP_API_KEY": "8f3c2b1a9d7e4f60b5c8a1d2e3f40516-0f9e8d7c-6b5a-4c3d-8e2f-1a0b9c8d7e6f",
    "INFOBIP_SENDER": "447860099299",
    "INFOBIP_WEBHOOK_USER": "chatdrill",
    "INFOBIP_WEBHOOK_PASSWORD": "chatdrill-infobip-hooks",
    "INFOBIP_API_ROOT": "http://127.0.0.1:7700/infobip",
    "EMAIL_ADDRESS": "support@bench.example",
    "EMAIL_NAME": "Stepwell Shoes",
    "EMAIL_USER": "support@bench.example",
    "EMAIL_PASSWORD": "mail-drill-secret",
    "EMAIL_SIGNING_KEY": "key-3ax6xnjp29jd6fds4gc373sgvjxteol0",
    "EMAIL_SMTP_URL": "smtp://127.0.0.1:7725",
    # A port of its own, where mail is delivered by SMTP; without one it comes by webhook only.
    "EMAIL_MX_PORT": "",
    "DECLARED_API_ROOT": "http://127.0.0.1:7700/declared",
    "DECLARED_TOKEN": "declared-token",
    "DECLARED_SECRET": "declared-secret",
    # Where a caller can go on, by the keys 1, 2 ...; how long the link is good; how the messengers' links name the shop.
    "SHOEBOT_CALL_MESSENGERS": "telegram,whatsapp",
    "SHOEBOT_CALL_LINK_MINUTES": "30",
    "TELEGRAM_BOT_USERNAME": "acme_help_bot",
    "WHATSAPP_DISPLAY_PHONE_NUMBER": "15550107788",
    "WEBCHAT_SERVICE_URL": "http://127.0.0.1:7700/webchat/",
    "WEBCHAT_LOGIN_URL": "http://127.0.0.1:7700/webchat/botframework.com/oauth2/v2.0/token",
    "WEBCHAT_OPENID_METADATA_URL": "http://127.0.0.1:7700/webchat/v1/.well-known/openidconfiguration",
    "RASA_PROXY_TOKEN": "chatdrill-rasa-proxy",
    "RASA_CALLBACK_URL": "http://127.0.0.1:7700/rasa/callback/chatdrill-rasa-callback",
    # The helpdesk, if there is one: chatwoot, zendesk, intercom, amocrm, bitrix24, chat2desk, botframework,
    # messenger_inbox or generic.
    "SHOEBOT_DESK": "",
    "CHATWOOT_API_ROOT": "http://127.0.0.1:7700/chatwoot",
    "CHATWOOT_ACCOUNT_ID": "1",
    "CHATWOOT_INBOX_IDENTIFIER": "cwInboxChatdrill",
    "CHATWOOT_API_ACCESS_TOKEN": "cwUserTokenChatdrill",
    "CHATWOOT_BOT_ACCESS_TOKEN": "cwBotTokenChatdrill",
    "CHATWOOT_WEBHOOK_SECRET": "cw-webhook-chatdrill",
    "CHATWOOT_CSAT_SURVEY_ENABLED": "no",
    "CHAT2DESK_API_ROOT": "http://127.0.0.1:7700/chat2desk",
    "CHAT2DESK_TOKEN": "c2d0f3b1a5e84d7c92b6e0a4f8d13c",
    "CHAT2DESK_CHANNEL_ID": "15",
    "CHAT2DESK_WEBHOOK_SECRET": "",  # many accounts sign nothing
    "CHAT2DESK_SIGNATURE_HEADER": "X-Signature",
    "CHAT2DESK_SIGNATURE_HASH": "sha256",
    "CHAT2DESK_SURVEY": "",
    "CHAT2DESK_AUTO_ASSIGN": "no",
    "BOTFRAMEWORK_API_ROOT": "http://127.0.0.1:7700/botframework",
    "BOTFRAMEWORK_HUB_TOKEN": "chatdrill-hub-token",
    "MicrosoftAppId": "5b1f3c5e-9a0d-4c8b-8f27-6d0f4e2a7c11",
    "MicrosoftAppPassword": "chatdrill~app~password",
    "BOTFRAMEWORK_LOGIN_URL": "http://127.0.0.1:7700/botframework/botframework.com",
    "INTERCOM_API_ROOT": "http://127.0.0.1:7700/intercom",
    "INTERCOM_ACCESS_TOKEN": "dG9rOmNoYXRkcmlsbA==",
    "INTERCOM_CLIENT_SECRET": "chatdrill-ic-secret",
    "INTERCOM_ADMIN_ID": "991267459",
    "INTERCOM_TEAM_ID": "5017691",
    "INTERCOM_CSAT": "no",
    "GENERIC_API_ROOT": "http://127.0.0.1:7700/generic",
    "GENERIC_TOKEN": "generic-token",
    "GENERIC_SECRET": "generic-secret",
    "ZENDESK_API_ROOT": "http://127.0.0.1:7700/zendesk",
    "ZENDESK_EMAIL": "bot@chatdrill.example",
    "ZENDESK_API_TOKEN": "zdChatdrillApiTokenZdChatdrillApiToken00",
    "ZENDESK_CSAT": "no",
    "SUNCO_APP_ID": "5ebee0975ac5304b664a12fa",
    "SUNCO_KEY_ID": "app_5f4eaef81e3dcc117c7ba48a",
    "SUNCO_KEY_SECRET": "scChatdrillKeySecretScChatdrillKeySecret",
    "SUNCO_INTEGRATION_ID": "5f11a650e4e987667c2051d1",
    "SUNCO_WEBHOOK_SECRET": "8564b3e6a8b20a4bdb68b05ce9bc5936",
    "SUNCO_SWITCHBOARD_NAME": "bot",
    "SUNCO_WORKSPACE_NAME": "zd-agentWorkspace",
    "AMOCRM_API_ROOT": "http://127.0.0.1:7700/amocrm",
    "AMOCRM_ACCESS_TOKEN": "eyJ0eXAiOiJKV1QifQ.chatdrill.amocrm",
    "AMOCRM_ACCOUNT_ID": "30990011",
    "AMOCRM_USER_ID": "8100200",
    "AMOCRM_NPS": "no",
    "AMOJO_API_ROOT": "http://127.0.0.1:7700/amocrm",
    "AMOJO_ACCOUNT_ID": "af9945ff-1490-4cad-807d-945c15d88bec",
    "AMOJO_CHANNEL_ID": "f90ba33d-c9d9-44da-b76c-c349b0ecbe41",
    "AMOJO_CHANNEL_SECRET": "da39a3ee5e6b4b0d3255bfef95601890afd80709",
    "AMOJO_BOT_ID": "f1910c7f-b1e0-4184-bd09-c7def2a9109a",
    "AMOJO_SCOPE_ID": "f90ba33d-c9d9-44da-b76c-c349b0ecbe41_af9945ff-1490-4cad-807d-945c15d88bec",
    "BITRIX24_API_ROOT": "http://127.0.0.1:7700/bitrix24",
    "BITRIX24_ACCESS_TOKEN": "c978b990071b0008440001b0895f697a",
    "BITRIX24_REFRESH_TOKEN": "4s386p3q0tr8dy89xvmt96234v3dljg8",
    "BITRIX24_CLIENT_ID": "local.67d1a2b3c4d5e6.12345678",
    "BITRIX24_CLIENT_SECRET": "chatdrillclientsecret",
    "BITRIX24_APPLICATION_TOKEN": "831c76b092f9f135d9b6b36c3a720757",
    "BITRIX24_USER_ID": "1",
    "BITRIX24_CONNECTOR": "chatdrill",
    "BITRIX24_LINE": "107",
}


@dataclass(frozen=True, slots=True)
class Settings:
    """The environment with the defaults filled in; `speed` divides every wait of the bot."""

    env: Mapping[str, str]

    @classmethod
    def read(cls, env: Mapping[str, str]) -> Settings:
        found = {key: env.get(key) or default for key, default in DEFAULTS.items()}
        return cls({**found, "SHOEBOT_DESK": found["SHOEBOT_DESK"] or env.get("CHATDRILL_DESK", "")})

    def __getitem__(self, key: str) -> str:
        return self.env[key]

    @property
    def platforms(self) -> frozenset[str]:
        wanted = {name.strip() for name in self["SHOEBOT_PLATFORMS"].split(",") if name.strip()}
        if unknown := wanted - set(PLATFORMS):
            raise ValueError(f"SHOEBOT_PLATFORMS: unknown {sorted(unknown)}; known are {list(PLATFORMS)}")
        return frozenset(wanted)

    @property
    def speed(self) -> float:
        return max(float(self["CHATDRILL_SPEED"]), 0.001)

    @property
    def debounce_s(self) -> float:
        return float(self["SHOEBOT_DEBOUNCE_S"]) / self.speed

    @property
    def public_url(self) -> str:
        return self["PUBLIC_URL"].rstrip("/")

    @property
    def policy(self) -> Policy:
        return read_policy(self.env)

    def root(self, platform: str) -> str:
        return self[f"{platform.upper()}_API_ROOT"].rstrip("/")
