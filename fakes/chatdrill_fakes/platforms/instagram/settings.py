"""What a user may set for an account and its app."""

from __future__ import annotations

from chatdrill.wire import Setting
from chatdrill_fakes.families.graph.settings import shared

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
    *shared("INSTAGRAM", "verify_token"),
    Setting(
        "subscribed_fields",
        ",".join(FIELDS),
        "webhook fields the account is subscribed to, comma-separated; POST /me/subscribed_apps changes them",
        "INSTAGRAM_SUBSCRIBED_FIELDS",
    ),
    *shared("INSTAGRAM", "default_app", "testers"),
    Setting("human_agent", "yes", "is the app approved for the tag HUMAN_AGENT: yes or no", "INSTAGRAM_HUMAN_AGENT"),
    *shared("INSTAGRAM", "graph_version", "rate_limits", "strict"),
)
