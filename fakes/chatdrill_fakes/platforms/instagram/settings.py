"""What a user may set for an account and its app."""

from __future__ import annotations

from chatdrill.wire import Setting

from .limits import FIELDS

LOGINS = ("instagram", "page")

SETTINGS = (
    Setting(
        "login",
        "instagram",
        "instagram (Instagram Login, graph.instagram.com) or page (token of a linked Page, graph.facebook.com)",
        "INSTAGRAM_LOGIN",
    ),
    Setting(
        "token",
        "IGAAchatdrillinstagram",
        "access token: of the account, or of the Page",
        "INSTAGRAM_TOKEN",
        secret=True,
    ),
    Setting("account_id", "17841460012345678", "id of the professional account, as webhooks name it", "INSTAGRAM_ID"),
    Setting("username", "acme.shop", "name of the account", "INSTAGRAM_USERNAME"),
    Setting("page_id", "104837562910476", "id of the linked Facebook Page (login page only)", "INSTAGRAM_PAGE_ID"),
    Setting("app_id", "614052937184620", "id of the app that is the bot", "INSTAGRAM_APP_ID"),
    Setting(
        "app_secret",
        "chatdrill-instagram-secret",
        "signs webhooks: the Instagram app's secret, or with a Page the Meta app's",
        "INSTAGRAM_APP_SECRET",
        secret=True,
    ),
    Setting("verify_token", "chatdrill-verify", "token of the handshake", "INSTAGRAM_VERIFY_TOKEN", secret=True),
    Setting(
        "subscribed_fields",
        ",".join(FIELDS),
        "webhook fields the account is subscribed to, comma-separated; POST /me/subscribed_apps changes them",
        "INSTAGRAM_SUBSCRIBED_FIELDS",
    ),
    Setting(
        "default_app",
        "",
        "app id that gets new conversations (conversation routing); empty: no default app, every app may answer",
        "INSTAGRAM_DEFAULT_APP",
    ),
    Setting(
        "testers",
        "",
        "keys of customers, comma-separated: the app is in development mode and only they may be written to; "
        "empty: the app is live",
        "INSTAGRAM_TESTERS",
    ),
    Setting("human_agent", "yes", "is the app approved for the tag HUMAN_AGENT: yes or no", "INSTAGRAM_HUMAN_AGENT"),
    Setting("graph_version", "v25.0", "Graph API version the bot is told to use", "INSTAGRAM_GRAPH_VERSION"),
    Setting("rate_limits", "yes", "refuse calls beyond the vendor's rates: yes or no", "INSTAGRAM_RATE_LIMITS"),
    Setting("strict", "no", "refuse Graph versions that are not in service: yes or no", "INSTAGRAM_STRICT"),
)
