"""A file that is wrong is told with its line, and with the nearest thing that would be right."""

from __future__ import annotations

import pytest

from chatdrill.errors import SettingsError
from chatdrill_fakes.desks.generic.loading import load, read
from desks.generic.kit import TEXT

LINES = TEXT.splitlines()


def _line(part: str) -> int:
    return next(number for number, line in enumerate(LINES, 1) if part in line)


MISTAKES: dict[str, tuple[str, str, str]] = {
    "key at the top": ("\nhooks:\n", "\nhoks:\n", "'hoks'; did you mean 'hooks'?"),
    "key of a request": ("    once: origin", "    onec: origin", "'onec'; did you mean 'once'?"),
    "what is read": ("      contact: customer.id", "      contct: customer.id", "did you mean 'contact'?"),
    "deed": ("    does: open", "    does: opn", "unknown deed 'opn'; did you mean 'open'?"),
    "method": ("    method: GET", "    method: GTE", "unknown method 'GTE'; did you mean 'GET'?"),
    "status of a move": ("  accept: active", "  accept: actve", "unknown status 'actve'; did you mean 'active'?"),
    "move": ("  release: returned", "  relase: returned", "did you mean 'release'?"),
    "owner": ("{owner: queue, state: open}", "{owner: que, state: open}", "unknown owner 'que'; did you mean 'queue'?"),
    "state": ("{owner: agent, state: snoozed}", "{owner: agent, state: snozed}", "did you mean 'snoozed'?"),
    "event": ("  - on: note", "  - on: notes", "unknown event 'notes'; did you mean 'note'?"),
    "name in a hook": ('note: {id: "{message}"', 'note: {id: "{mesage}"', "no {mesage} here; did you mean 'message'?"),
    "name in an answer": (
        'body: {id: "{ticket}", status: "{status}", created',
        'body: {id: "{tickt}", created',
        "did you mean 'ticket'?",
    ),
    "name in an error": ('code: ticket_closed, message: "{reason}"', 'code: x, message: "{why}"', "no {why} here"),
    "path's variable": (
        "read: {ticket: path:id, message: path:message",
        "read: {ticket: path:id, message: path:mesage",
        "did you mean 'message'?",
    ),
    "source": ("header:Idempotency-Key", "head:Idempotency-Key", "begins with none of path:, query:, header:"),
    "place": ("files[].url\n      uploads", "files[0]..url\n      uploads", "is no place"),
    "author": (
        "    authors: {customer: customer, bot: bot}\n    require",
        "    authors: {customer: custmer}\n    require",
        "did you mean 'customer'?",
    ),
    "delivery status": (
        "seen: read, failed",
        "seen: red, failed",
        "unknown delivery status 'red'; did you mean 'read'?",
    ),
    "error": ("  too_fast:", "  too_quick:", "knows no key 'too_quick'"),
    "status of an error": ("closed_ticket: {status: 409", "closed_ticket: {status: 200", "400 or more"),
    "no HTTP status": (
        '      status: 201\n      body: {id: "{ticket}"',
        '      status: 2010\n      body: {id: "{ticket}"',
        "2010 is no HTTP status",
    ),
    "kind of signature": ("  kind: hmac", "  kind: hmc", "unknown kind of signature 'hmc'; did you mean 'hmac'?"),
    "hash": ("  hash: sha256", "  hash: md5", "unknown hash 'md5'"),
    "what is signed": ('"{timestamp}.{body}"', '"{time}.{body}"', "no {time} here; did you mean 'timestamp'?"),
    "id that is signed": ('"{timestamp}.{body}"', '"{id}.{body}"', "no header of the hook is '{id}'"),
    "number": ("text_max: 4096", "text_max: many", "must be a number, not 'many'"),
    "truth": ("text_max: 4096", "text_max: true", "must be a number"),
    "list": ("retry_s: [5, 30, 120]", "retry_s: 5", "must be a list, not 5"),
    "path": ("    path: /tickets\n", "    path: tickets\n", "begins with '/'"),
    "missing key": ("    does: open\n", "", "lacks the key 'does'"),
    "same ids": ('ticket: "T-{number}"', "ticket: T", "would have the same id"),
    "survey": ("survey: none", "survey: pag", "did you mean 'page'?"),
    "repetition": ("    once: request_key", "    once: orgin", "unknown key of repetition"),
    "repetition of lists": ("    once: request_key", "    once: origin", "no one origin"),
    "twice": ("    path: /tickets/{id}/reopen", "    path: /tickets/{id}/close", "already"),
    "requirement": ("    require: [contact]", "    require: [contract]", "did you mean 'contact'?"),
    "key twice": ("title: Example Desk", "title: Example Desk\ntitle: x", "is here twice"),
    "no YAML": ("title: Example Desk", "title: [", "not YAML"),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_a_mistake_is_told_with_file_line_and_the_nearest_word(case: str) -> None:
    right, wrong, words = MISTAKES[case]
    assert right in TEXT
    with pytest.raises(SettingsError) as error:
        read(TEXT.replace(right, wrong, 1), "desk.yaml")
    assert words in str(error.value)
    line = int(str(error.value).removeprefix("desk.yaml:").partition(":")[0])
    at = TEXT[: TEXT.index(right)].count("\n") + 1
    assert case == "no YAML" or at - 12 <= line <= at + 5


def test_the_line_is_that_of_the_wrong_word() -> None:
    right = "      contact: customer.id"
    with pytest.raises(SettingsError, match=rf"^desk\.yaml:{_line(right)}:7: "):
        read(TEXT.replace(right, "      contct: customer.id"), "desk.yaml")


NEEDS = {"add": "ticket", "rate": "ticket", "delivery": "ticket", "contact": "contact"}


@pytest.mark.parametrize("does", NEEDS)
def test_a_deed_needs_what_it_is_about(does: str) -> None:
    wrong = TEXT.replace("does: show\n    read: {ticket: path:id}", f"does: {does}\n    read: {{text: x}}")
    with pytest.raises(SettingsError, match=f"that does '{does}' must read '{NEEDS[does]}'"):
        read(wrong, "desk.yaml")


def test_a_desk_must_be_able_to_open_a_ticket() -> None:
    wrong = TEXT.replace("    does: open", "    does: contact")
    with pytest.raises(SettingsError, match="no request opens a ticket"):
        read(wrong, "desk.yaml")


def test_reopening_needs_a_status() -> None:
    wrong = TEXT.replace("after_close: error", "after_close: reopen").replace("  reopen: waiting\n", "")
    with pytest.raises(SettingsError, match=r"moves\.reopen"):
        read(wrong, "desk.yaml")


@pytest.mark.parametrize(("text", "words"), [("", "not 0"), ("a: 1\n---\nb: 2", "not 2"), ("[]", "must be a table")])
def test_a_file_is_one_table(text: str, words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        read(text, "desk.yaml")


def test_a_file_that_cannot_be_read_is_named(tmp_path: object) -> None:
    with pytest.raises(SettingsError, match=r"none\.yaml cannot be read: No such file"):
        load(f"{tmp_path}/none.yaml")
