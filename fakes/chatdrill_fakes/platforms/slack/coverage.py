"""How faithfully each method and event is emulated, and the test that shows it."""

from __future__ import annotations

from collections.abc import Iterable

from chatdrill.wire import Coverage
from chatdrill_fakes.platforms.slack.names import EFFECTS, INTERACTIONS, PLAIN, SUBTYPES
from chatdrill_fakes.platforms.slack.routes import ROUTES

_NOTES = {
    "oauth.v2.access": "tokens do not rotate, and the same workspace is installed each time",
    "emoji.list": "the workspace has no signs of its own",
    "chat.startStream": "words and blocks; tasks and plans are shown to nobody",
    "chat.appendStream": "words; tasks and plans are shown to nobody",
    "chat.stopStream": "words; tasks and plans are shown to nobody",
    "assistant.threads.setTitle": "nobody sees the title",
    "users.getPresence": "everybody is always there",
    "files.list": "filters are not emulated",
    "files.upload": "method_deprecated, as of Slack",
    "files.sharedPublicURL": "not_allowed_token_type: it needs a person's token",
    "chat.scheduleMessage": "nothing is posted later: let the bot wait itself",
    "link_shared": "the answer to it (chat.unfurl) is not emulated",
    "block_suggestion": "the options of the answer are checked, and shown to nobody",
    "event block_suggestion": "the options of the answer are checked, and shown to nobody",
}
_REFUSED_NOTE = "not needed to serve customers; answered unknown_method"
_SENT, _TOLD = "tests/slack_app/test_sending.py", "tests/slack_app/test_inbound.py"
_PROOFS = {"chat": _SENT, "reactions": _SENT, "files": "tests/slack_app/test_files.py", "views": "tests/slack_app/test_views.py",
           "apps": "tests/slack_app/test_socket_mode.py"}  # fmt: skip


def _methods() -> Iterable[Coverage]:
    for name, route in ROUTES.items():
        note = _NOTES.get(name, _REFUSED_NOTE if route.support == "refused" else "")
        proof = _PROOFS.get(name.partition(".")[0], "tests/slack_app/test_people.py")
        assert route.support != "unknown"
        yield Coverage(name, route.support, proof, note)


_ROUTES: tuple[Coverage, ...] = (
    Coverage("upload", "supported", "tests/slack_app/test_files.py"),
    Coverage("GET file", "supported", "tests/slack_app/test_files.py"),
    Coverage("GET avatar", "partial", "tests/slack_app/test_people.py", "the same picture for everybody"),
    Coverage("GET authorize", "partial", "tests/slack_app/test_people.py", "everybody agrees at once"),
    Coverage("response_url", "supported", "tests/slack_app/test_interactivity.py"),
    Coverage("incoming_webhook", "partial", "tests/slack_app/test_interactivity.py", "into #support only"),
    Coverage("link", "supported", "tests/slack_app/test_socket_mode.py"),
)


def _told() -> Iterable[Coverage]:
    for name in ("message", "message.file_share", "message.echo", "app_mention", "app_rate_limited"):
        yield Coverage(f"event {name}", "supported", _TOLD)
    for name in PLAIN:
        note = _NOTES.get(name, "")
        yield Coverage(f"event {name}", "partial" if note else "supported", _TOLD, note)
    for subtype in SUBTYPES:
        yield Coverage(f"event message.{subtype}", "supported", _TOLD)
    for name in ("block_actions", "view_submission", *INTERACTIONS):
        note = _NOTES.get(name, "")
        yield Coverage(
            f"event {name}", "partial" if note else "supported", "tests/slack_app/test_interactivity.py", note
        )
    for name in EFFECTS:
        yield Coverage(f"event {name}", "supported", "tests/slack_app/test_errors.py")


COVERAGE: tuple[Coverage, ...] = (*_methods(), *_ROUTES, *_told())
