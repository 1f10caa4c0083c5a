"""A file that is wrong is told with its line, and with the nearest thing that would be right."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatdrill.errors import SettingsError
from chatdrill_fakes.platforms.declared.loading import load, read
from chatdrill_fakes.platforms.declared.wire import EXAMPLES
from declared.kit import TEXT, Account

CHATWOOT = (EXAMPLES / "chatwoot.yaml").read_text("utf-8")
MISTAKES: dict[str, tuple[str, str, str]] = {
    "key at the top": ("\ntakes:\n", "\ntaks:\n", "knows no key 'taks'; did you mean 'takes'?"),
    "act": ("  - on: press", "  - on: pres", "unknown act 'pres'; did you mean 'press'?"),
    "key of a tell": ("    several: true", "    severl: true", "'severl'; did you mean 'several'?"),
    "truth": ("    several: true", "    several: often", "must be true or false, not 'often'"),
    "part": ("parts: [text, media, location, contact]\nlimits", "parts: [txt]\nlimits", "did you mean 'text'?"),
    "uncarried part": ("    parts: [text, media, location, contact]\n", "    parts: [text]\n", "no tell on: message carries it"),
    "name in a body": ('text: "{text}"\n        files', 'text: "{txt}"\n        files', "no {txt} here; did you mean 'text'?"),
    "name in an answer": ('{id: "{message}", chat', '{id: "{mesage}", chat', "did you mean 'message'?"),
    "deed": ("    does: send", "    does: sent", "unknown deed 'sent'; did you mean 'send'?"),
    "method": ("    method: PATCH", "    method: PACTH", "unknown method 'PACTH'; did you mean 'PATCH'?"),
    "reading": ("      origin: header", "      orgin: header", "did you mean 'origin'?"),
    "variable of a path": ('message: "path:id", text', 'message: "path:di", text', "has no {di}"),
    "source of a place": ("header:Idempotency-Key", "head:Idempotency-Key", "begins with none of path:, query:, header:"),
    "no customer": ("      to: chat\n      text", "      text", "must read 'to', or find a customer"),
    "what edit needs": ('message: "path:id", text: text', "text: text", "a request that does 'edit' must read 'message'"),
    "error": ("  too_long:", "  to_long:", "did you mean 'too_long'?"),
    "status of an error": ("blocked: {status: 403", "blocked: {status: 200", "400 or more"),
    "kind of signature": ("  kind: hmac", "  kind: hmc", "unknown kind of signature 'hmc'; did you mean 'hmac'?"),
    "kind of proof": ("auth: {kind: token", "auth: {kind: tokn", "did you mean 'token'?"),
    "limit": ("text_max: 4000", "text_max: 0", "must be 1 or more"),
    "button": ("    buttons: {title: title, payload: payload, url: url}\n    require", "    buttons: {titel: title}\n    require", "did you mean 'title'?"),
    "require": ("require: [to]", "require: [too]", "unknown reading 'too'; did you mean 'to'?"),
    "path": ("    path: /v1/messages\n", "    path: v1/messages\n", "a path begins with '/'"),
}  # fmt: skip
HELPDESK: dict[str, tuple[str, str, str]] = {
    "kept value": ("{conversation: conversation.id}\n    read: {text: content, files", "{conversaton: conversation.id}\n    read: {text: content, files", "did you mean 'conversation'?"),
    "name that nothing keeps": ("contacts/{source}/conversations\n", "contacts/{sorce}/conversations\n", "did you mean 'source'?"),
    "encoding": ("encoding: multipart", "encoding: mutipart", "unknown encoding 'mutipart'; did you mean 'multipart'?"),
    "uploads without multipart": ("    encoding: multipart\n", "", "only a body with encoding: multipart"),
    "condition": ("where: {event: message_created,", "where: {head:X: message_created,", "begins with none of"),
    "known name": ("values: {inbox: cwInboxChatdrill}", "values: {text: x, inbox: y}", "{text} is known to templates already"),
    "ack": ("    keep: {source: source_id}", "    ack: 2000\n    keep: {source: source_id}", "2000 is no HTTP status"),
}  # fmt: skip


def _told(text: str, old: str, new: str, hint: str) -> None:
    assert old in text
    wrong = text.replace(old, new, 1)
    lines = [
        number
        for number, pair in enumerate(zip(text.splitlines(), wrong.splitlines(), strict=False), 1)
        if pair[0] != pair[1]
    ]
    with pytest.raises(SettingsError) as caught:
        read(wrong, "mine.yaml")
    words = str(caught.value)
    assert hint in words and words.startswith("mine.yaml:")
    line = int(words.split(":")[1])
    assert line <= len(wrong.splitlines()) and (lines[0] - 8 <= line or "carries" in hint)


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_with_its_line(name: str) -> None:
    _told(TEXT, *MISTAKES[name])


@pytest.mark.parametrize("name", HELPDESK)
def test_a_mistake_in_a_helpdesks_file_is_told(name: str) -> None:
    _told(CHATWOOT, *HELPDESK[name])


def test_the_line_is_that_of_the_word_itself() -> None:
    with pytest.raises(
        SettingsError, match=rf"mine\.yaml:{TEXT.splitlines().index('  - on: press') + 1}:9: unknown act"
    ):
        read(TEXT.replace("  - on: press", "  - on: pres"), "mine.yaml")


def test_a_file_by_which_nothing_can_be_said_is_refused() -> None:
    with pytest.raises(SettingsError, match="nothing can be said to a customer"):
        read("tells: [{on: message, body: {}}]\ntakes: []\n", "mine.yaml")


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"declared: the file .*nowhere\.yaml cannot be read: No such file"):
        Account(tmp_path / "nowhere.yaml")


@pytest.mark.parametrize("file", sorted(EXAMPLES.glob("*.yaml")), ids=lambda file: str(file.stem))
def test_every_shipped_file_has_a_dated_source(file: Path) -> None:
    spec = load(file)
    assert "2026" in spec.source and spec.title
