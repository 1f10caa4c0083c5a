"""Limits that are about more than one argument of one call."""

from __future__ import annotations

from chatdrill_fakes.platforms.slack import limits
from slack_app.kit import BUTTON, MODAL, Account, answer, error, good


def limited() -> Account:
    return Account(rate_limits="yes")


def test_a_message_a_second_and_a_few_at_once():
    account = limited()

    def tries(count: int) -> list[str | None]:
        return [
            answer(account.call("chat.postMessage", channel=account.to, text="x")).get("error") for _ in range(count)
        ]

    assert tries(limits.BURST_MAX + 1) == [None] * limits.BURST_MAX + ["ratelimited"]
    account.now += 1
    assert tries(2) == [None, "ratelimited"]


def test_one_conversation_does_not_slow_another():
    account = limited()
    for _ in range(limits.BURST_MAX):
        account.post()
    assert good(account.call("chat.postMessage", channel=account.channel, text="x"))


def test_a_method_has_its_rate_by_the_minute():
    account = limited()
    for method, tier, values in (
        ("users.list", 2, {}),
        ("conversations.info", 3, {"channel": account.dm}),
        ("users.info", 4, {"user": account.to}),
    ):
        for _ in range(limits.TIERS[tier]):
            good(account.form(method, **values))
        refused = account.form(method, **values)
        assert (refused.response.status, refused.response.header("retry-after")) == (429, "60")
        account.now += 60
        good(account.form(method, **values))


def test_what_is_longer_than_a_message_is_cut_with_a_warning(account):
    body = good(account.call("chat.postMessage", channel=account.to, text="ї" * 40_001))
    assert (len(body["message"]["text"]), body["warning"]) == (40_000, "message_truncated")


def test_an_address_has_a_most_and_a_form(account):
    def with_url(url: str) -> dict[str, object]:
        return answer(account.call("chat.postMessage", channel=account.to, text="x",
                                   blocks=[{"type": "actions", "elements": [{**BUTTON, "url": url}]}]))  # fmt: skip

    long = "https://a.test/" + "x" * (limits.URL_MAX - len("https://a.test/"))
    assert [with_url(url)["ok"] for url in (long, long + "x", "javascript:alert(1)")] == [True, False, False]


def test_a_view_as_a_whole_has_a_most(account):
    fat = {"type": "section", "text": {"type": "plain_text", "text": "ї" * 3000}}
    view = {**MODAL, "blocks": [fat] * 50}
    assert error(account.call("views.open", trigger_id=account.command()["trigger_id"], view=view)) == "view_too_large"


def test_a_gigabyte_is_the_most(account):
    ask = {"filename": "a.bin", "length": str(limits.FILE_MAX_BYTES)}
    good(account.form("files.getUploadURLExternal", **ask))
    more = {"filename": "a.bin", "length": str(limits.FILE_MAX_BYTES + 1)}
    assert error(account.form("files.getUploadURLExternal", **more)) == "file_upload_size_restricted"
    assert error(account.form("files.getUploadURLExternal", **ask, snippet_type="python")) == "snippet_too_large"
