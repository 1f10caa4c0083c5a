"""What the fake of WeChat declares: its settings, and what people and bots can say."""

from __future__ import annotations

from chatdrill.wire import Capabilities, Setting
from chatdrill_fakes.platforms.wechat.events import EVENT_NAMES

SETTINGS: tuple[Setting, ...] = (
    Setting("account", "gh_7c1d2e3f4a5b", "original id of the account", "WECHAT_ACCOUNT"),
    Setting("appid", "wx5a1c0ffee0123456", "id of the account's app", "WECHAT_APPID"),
    Setting("secret", "9f2b6c1d4e8a7035b1c2d3e4f5061728", "secret with which tokens are fetched", "WECHAT_SECRET", secret=True),
    Setting("token", "chatdrillToken2f", "the word that signs pushes", "WECHAT_TOKEN", secret=True),
    Setting(
        "encoding_aes_key",
        "kQ7tVb2mXw9Zc4Hn6Rj1Ls8Pd3Fy5Ga0Ue7Ti4Ko2Mq",
        "key that seals pushes and replies, 43 characters",
        "WECHAT_ENCODING_AES_KEY",
        secret=True,
    ),
    Setting(
        "access_token",
        "98_chatdrillAccessTokenThatIsThereFromTheBeginning0123456789abcdefghijklmnopqrstuvwxyz",
        "a token that is valid from the beginning, for bots that are given one; empty for none",
        "WECHAT_ACCESS_TOKEN",
        secret=True,
    ),
    Setting("mode", "plain", "plain, compatible or safe: whether pushes are sealed", "WECHAT_MODE"),
    Setting("format", "xml", "xml or json: how pushes and replies are written", "WECHAT_FORMAT"),
    Setting("account_type", "verified", "verified or test: quotas, msgmenu, typing", "WECHAT_ACCOUNT_TYPE"),
    Setting("reply_quota", "5", "messages after one of the customer's; 20 before June 2023", "WECHAT_REPLY_QUOTA"),
    Setting("reply_hours", "48", "hours in which they may be sent", "WECHAT_REPLY_HOURS"),
    Setting("recognition", "no", "voice messages come with their words", "WECHAT_RECOGNITION"),
    Setting("recognized", "", "those words; WeChat often hears none", "WECHAT_RECOGNIZED"),
    Setting("unionid", "no", "the account belongs to an Open Platform account", "WECHAT_UNIONID"),
    Setting("templates", "tplReopen00000000000000000000000000000000001", "ids of approved templates, with commas", "WECHAT_TEMPLATES"),
    Setting("kf_accounts", "anna@bench,oleg@bench", "accounts of the customer service, with commas", "WECHAT_KF_ACCOUNTS"),
    Setting("rate_limits", "yes", "count calls against the daily quotas", "WECHAT_RATE_LIMITS"),
)  # fmt: skip
FOR_BOTS = frozenset({"account", "appid", "secret", "token", "encoding_aes_key", "access_token", "mode", "templates"})

LACKS = {
    "text.spans": "formatting is not transmitted: the bot gets the plain words",
    "media.voice": "a voice note comes as it was recorded; WeChat would make AMR of it",
    "media.animation": "a moving picture arrives as a picture",
    "media.sticker": "a sticker arrives as a picture, or on some phones as words that say so",
    "media.caption": "nothing has a caption: it follows as a message of its own",
    "media.document": "the bot is told of no files: they come, if at all, as words that say so",
    "media.audio": "the bot is told of no sounds but voice notes",
    "contact": "the bot is told of no cards: they come as words that say so",
    "albums": "pictures that were chosen together arrive one by one",
    "reply_to": "the bot is not told what a message answers",
    "forwarded": "the bot is not told that a message was forwarded",
    "referral": "a code carries a scene when it is scanned, a message carries nothing",
    "edit": "nobody can edit a message on WeChat",
    "delete": "the bot is not told that a message was recalled",
    "react": "there are no reactions on WeChat",
    "echo": "a bot is never shown its own messages",
    "receipt": "the bot is not told what becomes of a message; of a template, by the event TEMPLATESENDJOBFINISH",
    "read": "the bot is not told that a message was read",
    "typing": "the bot is not told that a customer types",
    "order": "WeChat has no orders in a chat",
    "form": "WeChat has no forms in a chat",
    "products": "WeChat has no products in a chat",
    "name": "bots have not been told names or pictures since 27 December 2021",
    "keyboard.reply": "WeChat has no keyboards: send a msgmenu, whose lines are said when they are tapped",
    "keyboard.quick_replies": "WeChat has no quick replies: send a msgmenu",
    "keyboard.list": "WeChat has no lists: send a msgmenu",
    "location.sent": "a bot can send no places: send an article with a link",
    "document.sent": "a bot can send no files but pictures, voice notes and videos",
    "bot.edit": "a bot cannot edit, delete or react to anything: no id is returned",
    "failure": "what customers read when a reply fails (该公众号提供的服务出现故障，请稍后再试) stands in the trace, not in the chat",
}

CAPABILITIES = Capabilities(
    customer_parts=frozenset(
        {
            "text",
            "media.photo",
            "media.video",
            "media.voice",
            "media.sticker",
            "media.animation",
            "media.video_note",
            "location",
            "other",
        }
    ),
    bot_parts=frozenset(
        {
            "text",
            "media.photo",
            "media.video",
            "media.voice",
            "media.audio",
            "carousel",
            "keyboard.inline",
            "template",
            "other",
        }
    ),
    acts=frozenset({"write", "press", "delete", "start", "typing", "read", "block", "unblock", "event"}),
    events=EVENT_NAMES,
    lacks=LACKS,
)
