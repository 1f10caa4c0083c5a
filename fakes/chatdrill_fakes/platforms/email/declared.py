"""What the fake of mail declares: its settings, and what people and bots can say."""

from __future__ import annotations

from chatdrill.wire import NO_BUTTONS, Capabilities, Setting

CLIENTS = ("gmail", "outlook", "apple", "yandex", "thunderbird", "bare")
PARSERS = ("mailgun", "sendgrid", "sendgrid-raw")
CHARSETS = ("utf-8", "windows-1251", "koi8-r", "iso-8859-1", "iso-8859-2", "gb18030", "iso-2022-jp")
ENCODINGS = ("auto", "8bit", "quoted-printable", "base64")

SETTINGS: tuple[Setting, ...] = (
    Setting("address", "support@bench.example", "address of the bot's mailbox", "EMAIL_ADDRESS"),
    Setting("name", "Bench Support", "name that the bot's mails come under", "EMAIL_NAME"),
    Setting("user", "support@bench.example", "user of the outgoing server", "EMAIL_USER"),
    Setting("password", "mail-drill-secret", "password of the outgoing server", "EMAIL_PASSWORD", secret=True),
    Setting("token", "ya29.mail-drill-token", "token for XOAUTH2, instead of the password", "EMAIL_TOKEN", secret=True),
    Setting(
        "signing_key",
        "key-3ax6xnjp29jd6fds4gc373sgvjxteol0",
        "key by which webhooks with parsed mail are signed",
        "EMAIL_SIGNING_KEY",
        secret=True,
    ),
    Setting("parser", "mailgun", f"whose webhooks an http address gets: {', '.join(PARSERS)}", "EMAIL_PARSER"),
    Setting("auth", "required", "the outgoing server wants a password: required or no", "EMAIL_AUTH"),
    Setting("tls", "no", "STARTTLS of the outgoing server: no, offered or required", "EMAIL_TLS"),
    Setting("client", "gmail", f"program of the customers: {', '.join(CLIENTS)}", "EMAIL_CLIENT"),
    Setting("quotes", "yes", "customers' replies quote what they answer", "EMAIL_QUOTES"),
    Setting("html", "yes", "customers' mails have HTML beside the plain text", "EMAIL_HTML"),
    Setting("charset", "utf-8", f"charset of the customers' mails: {', '.join(CHARSETS)}", "EMAIL_CHARSET"),
    Setting("encoding", "auto", f"how their text is coded: {', '.join(ENCODINGS)}", "EMAIL_ENCODING"),
    Setting("greylist", "no", "the first mail to everybody is put off for five minutes (451)", "EMAIL_GREYLIST"),
    Setting("rate_limits", "no", "refuse more mails in a day than daily_max", "EMAIL_RATE_LIMITS"),
    Setting("daily_max", "2000", "mails that the bot may send in a day", "EMAIL_DAILY_MAX"),
)
FOR_BOTS = frozenset({"address", "name", "user", "password", "token", "signing_key"})

LACKS = {
    "text.spans": "formatting is HTML beside the plain text: the bot is judged by its plain words",
    "media.sticker": "a sticker is a picture that is attached",
    "media.video_note": "mail has no round videos: a video is an attached file",
    "location": "mail has no places: people write an address or a link",
    "order": "mail has no orders",
    "form": "mail has no forms",
    "products": "mail has no products",
    "other": "what is attached is a file of some type",
    "start": "nobody opens a chat: the first mail begins the conversation",
    "edit": "a mail that was sent cannot be changed",
    "delete": "a mail that was sent cannot be taken back: the bot is not told",
    "react": "mail has no reactions",
    "typing": "the bot is not told that somebody types",
    "echo": "a bot is never shown its own mails",
    "read": "the bot is told only if it asked for a note (Disposition-Notification-To)",
    "block": "nothing is told; the next mail to the customer is refused (550)",
    "referral": "a mail carries no context of a link",
    "template": "bots have no templates: they write whenever they like",
    "keyboard.inline": NO_BUTTONS,
    "keyboard.reply": NO_BUTTONS,
    "keyboard.quick_replies": NO_BUTTONS,
    "keyboard.list": NO_BUTTONS,
    "carousel": NO_BUTTONS,
    "bot.edit": "a bot cannot change or take back a mail",
}


def capabilities(events: frozenset[str]) -> Capabilities:
    """What people, bots and mail servers can do here."""
    return Capabilities(
        customer_parts=frozenset(
            {
                "text",
                "media.photo",
                "media.video",
                "media.voice",
                "media.audio",
                "media.document",
                "media.animation",
                "media.sticker",
                "contact",
            }
        ),
        bot_parts=frozenset(
            {"text", "media.photo", "media.video", "media.audio", "media.document", "keyboard.numbered"}
        ),
        acts=frozenset({"write", "press", "delete", "typing", "read", "block", "unblock", "receipt", "event"}),
        events=events,
        lacks=LACKS,
    )
