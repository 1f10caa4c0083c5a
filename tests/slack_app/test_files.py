"""Files of both sides: three steps up, a token down."""

from __future__ import annotations

import pytest

from chatdrill.model import Media, Sent, Write
from chatdrill.wire import HttpRequest
from slack_app.kit import BASE, Account, answer, error, good

PDF = b"%PDF-1.4 x"


def place(account: Account, name: str = "a.pdf", length: int = len(PDF)) -> dict[str, str]:
    url = f"/api/files.getUploadURLExternal?filename={name}&length={length}"
    return good(account.handle(HttpRequest("GET", url, (("Authorization", f"Bearer {account.state.token}"),))))


def bring(account: Account, url: str, content: bytes = PDF) -> int:
    handled = account.handle(HttpRequest("POST", url.removeprefix(BASE), (), content))
    assert handled.response is not None
    return handled.response.status


def test_a_file_is_announced_brought_and_shared(account):
    made = place(account)
    assert bring(account, made["upload_url"]) == 200
    files = [{"id": made["file_id"], "title": "Bill"}]
    done = account.call("files.completeUploadExternal", files=files, channel_id=account.dm, initial_comment="Here")
    (effect,) = done.effects
    assert (
        isinstance(effect, Sent)
        and [part.kind for part in effect.message.media] == ["document"]
        and "ts" not in answer(done)
    )
    (told,) = account.play(done)
    assert (told["subtype"], told["text"], told["files"][0]["title"]) == ("file_share", "Here", "Bill")


def test_other_bytes_than_announced_are_no_upload(account):
    made = place(account)
    assert bring(account, made["upload_url"], b"x") == 400
    assert (
        error(account.call("files.completeUploadExternal", files=[{"id": made["file_id"]}], channel_id=account.dm))
        == "file_not_found"
    )


def test_a_person_is_no_channel_to_share_in(account):
    made = place(account)
    bring(account, made["upload_url"])
    assert (
        error(account.call("files.completeUploadExternal", files=[{"id": made["file_id"]}], channel_id=account.to))
        == "channel_not_found"
    )


@pytest.mark.parametrize(("login", "status"), [("redirect", 302), ("page", 200)])
def test_without_a_token_there_is_a_page_and_no_error(login, status):
    account = Account(file_login=login)
    event = account.told(Write(parts=(Media(kind="document", file=account.file(PDF, name="a b.pdf")),)))[0]
    url = event["files"][0]["url_private"].removeprefix(BASE)
    token = ("Authorization", f"Bearer {account.state.token}")
    whole, bare = (account.handle(HttpRequest("GET", url, headers)).response for headers in ((token,), ()))
    assert whole.body == PDF and (bare.status, bare.header("content-type")) == (status, "text/html; charset=utf-8")


def test_a_file_knows_where_it_was_shared_and_who_may_delete_it(account):
    event = account.told(Write(parts=(Media(kind="document", file=account.file(PDF)),)))[0]
    id = event["files"][0]["id"]
    assert good(account.form("files.info", file=id))["file"]["ims"] == [account.dm]
    assert error(account.call("files.delete", file=id)) == "cant_delete_file"


def test_a_deleted_file_is_gone(account):
    made = place(account)
    bring(account, made["upload_url"])
    good(account.call("files.completeUploadExternal", files=[{"id": made["file_id"]}]))
    good(account.call("files.delete", file=made["file_id"]))
    assert error(account.form("files.info", file=made["file_id"])) == "file_deleted"


@pytest.mark.parametrize(
    "path",
    ["/files-pri/../../etc/passwd", "/files-pri/", "/upload/v1/", "/upload/v1/../x", "/avatars/", "/files-pri/%2e%2e"],
)
def test_paths_lead_nowhere_else(account, path):
    token = (("Authorization", f"Bearer {account.state.token}"),)
    for method in ("GET", "POST", "DELETE"):
        assert account.handle(HttpRequest(method, path, token)).response.status in (404, 405)
