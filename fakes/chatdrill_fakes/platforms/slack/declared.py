"""What the fake of Slack declares: its settings, and what people and bots can say."""

from __future__ import annotations

from chatdrill.wire import Capabilities, Setting
from chatdrill_fakes.platforms.slack.names import EVENT_NAMES

SCOPES = (
    "app_mentions:read,assistant:write,channels:history,channels:join,channels:manage,channels:read,chat:write,chat:write.customize,"
    "chat:write.public,commands,files:read,files:write,groups:history,groups:read,groups:write,im:history,im:read,im:write,links:read,"
    "mpim:history,mpim:read,mpim:write,reactions:read,reactions:write,team:read,users.profile:read,users:read,users:read.email"
)
SETTINGS: tuple[Setting, ...] = (
    Setting("token", "xoxb-7012345678901-7012345678902-ChatdrillBotTokenAbc123", "token of the bot", "SLACK_BOT_TOKEN", secret=True),
    Setting(
        "signing_secret", "8f742231b10e8888abcd99yyyzzz85a5", "secret that signs what Slack sends", "SLACK_SIGNING_SECRET", secret=True
    ),
    Setting(
        "app_token", "xapp-1-A0CHATDRILL-7012345678903-chatdrillapptoken0123456789abcdef", "token of the app, for Socket Mode",
        "SLACK_APP_TOKEN", secret=True,
    ),
    Setting("client_secret", "chatdrillclientsecret0123456789a", "secret of the app, for installing", "SLACK_CLIENT_SECRET", secret=True),
    Setting("verification_token", "vtChatdrillVerification1", "old token in every payload", "SLACK_VERIFICATION_TOKEN"),
    Setting("code", "7012345678901.7012345678905.chatdrillcode0123456789", "code that oauth.v2.access takes once", "SLACK_CODE"),
    Setting("client_id", "7012345678901.7012345678904", "id of the app, for installing", "SLACK_CLIENT_ID"),
    Setting("team", "T0CHATDRILL", "id of the workspace", "SLACK_TEAM_ID"),
    Setting("team_domain", "chatdrill", "name of the workspace in addresses", "SLACK_TEAM_DOMAIN"),
    Setting("app_id", "A0CHATDRILL", "id of the app", "SLACK_APP_ID"),
    Setting("bot_id", "B0CHATDRILL", "id of the bot", "SLACK_BOT_ID"),
    Setting("bot_user", "U0CHATDRBOT", "id of the bot as a member", "SLACK_BOT_USER_ID"),
    Setting("name", "acmehelp", "name of the bot", "SLACK_BOT_NAME"),
    Setting("channel", "C0CHATDRILL", "id of the channel #support, where app_mention happens", "SLACK_CHANNEL_ID"),
    Setting("scopes", SCOPES, "what the bot's token may do", "SLACK_SCOPES"),
    Setting("events", "*", "events that the app has subscribed to, with commas between; * for all", "SLACK_EVENTS"),
    Setting("socket_mode", "no", "the bot connects by WebSocket, nothing is sent to an address", "SLACK_SOCKET_MODE"),
    Setting("interactivity_url", "", "address for presses and views, if not that of the events", "SLACK_INTERACTIVITY_URL"),
    Setting("commands_url", "", "address for slash commands, if not that of the events", "SLACK_COMMANDS_URL"),
    Setting("customers", "members", "members, guests, or strangers (of another workspace, Slack Connect)", "SLACK_CUSTOMERS"),
    Setting("echo", "yes", "tell the bot of its own messages", "SLACK_ECHO"),
    Setting("file_login", "redirect", "a file without a token: redirect to the login, or its page", "SLACK_FILE_LOGIN"),
    Setting("rate_limits", "yes", "refuse what is too much (status 429)", "SLACK_RATE_LIMITS"),
)  # fmt: skip
FOR_BOTS = frozenset(
    {
        "token", "signing_secret", "app_token", "client_secret", "client_id", "verification_token", "team", "app_id", "bot_id",
        "bot_user", "channel",
    }
)  # fmt: skip

LACKS = {
    "start": "a chat is opened without a word of the customer's (app_home_opened); a link to it carries nothing",
    "referral": "a link to the bot carries nothing",
    "media.sticker": "there are no stickers in Slack: one arrives as a picture",
    "location": "nobody can send a place in Slack",
    "contact": "nobody can send a contact in Slack",
    "forwarded": "a message that was forwarded comes as one of the customer's own",
    "typing": "the bot is not told that a customer types; it shows that it does by assistant.threads.setStatus only",
    "read": "the bot is not told what was read",
    "block": "nobody can block an app: an administrator takes it away (event app_uninstalled)",
    "receipt": "Slack tells nothing of what became of a message",
    "order": "Slack has no orders",
    "products": "Slack has no products",
    "template": "Slack has no templates: a bot may write whenever it likes",
    "carousel": "cards side by side are not emulated: send sections",
    "keyboard.reply": "Slack has no keys in the place of a keyboard: send an actions block",
    "keyboard.quick_replies": "Slack has no quick replies: send an actions block",
    "other": "there is nothing that only Slack has words for, beside its events",
}

CAPABILITIES = Capabilities(
    customer_parts=frozenset(
        {
            "text", "media.photo", "media.video", "media.voice", "media.audio", "media.document", "media.animation",
            "media.video_note", "media.sticker", "form",
        }
    ),
    bot_parts=frozenset(
        {
            "text", "media.photo", "media.video", "media.audio", "media.document", "media.animation",
            "keyboard.inline", "keyboard.list", "form",
        }
    ),
    acts=frozenset({"write", "press", "edit", "delete", "react", "start", "typing", "read", "echo", "event"}),
    events=EVENT_NAMES,
    lacks=LACKS,
)  # fmt: skip
