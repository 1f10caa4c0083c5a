"""What a user may set for a Page and its app."""

from __future__ import annotations

from chatdrill.wire import Setting
from chatdrill_fakes.families.graph.settings import shared

from .limits import FIELDS

DEFAULT_FIELDS = tuple(field for field in FIELDS if field != "message_echoes")
"""Everything except echoes: a bot that forgot to skip its own echo would talk to itself, as it would at Meta."""

SETTINGS = (
    Setting("page_token", "EAAchatdrillmessenger", "Page access token", "MESSENGER_PAGE_TOKEN", secret=True),
    Setting("page_id", "104837562910475", "id of the Facebook Page", "MESSENGER_PAGE_ID"),
    Setting("page_name", "Acme Shop", "name of the Facebook Page", "MESSENGER_PAGE_NAME"),
    Setting("app_id", "728451930662814", "id of the Meta app that is the bot", "MESSENGER_APP_ID"),
    Setting("app_secret", "chatdrill-app-secret", "app secret: signs webhooks", "MESSENGER_APP_SECRET", secret=True),
    *shared("MESSENGER", "verify_token"),
    Setting(
        "subscribed_fields",
        ",".join(DEFAULT_FIELDS),
        "webhook fields the Page is subscribed to, comma-separated; POST /me/subscribed_apps changes them",
        "MESSENGER_SUBSCRIBED_FIELDS",
    ),
    *shared("MESSENGER", "default_app", "testers", "graph_version", "rate_limits", "strict"),
)
