"""Every law holds on every messenger that comes with chatdrill."""

from __future__ import annotations

from functools import cache

import pytest

from chatdrill.conformance import PLATFORM_LAWS, Law, Report, Scene, check_platform
from chatdrill.run.registry import load_platform, load_sheet, platform_names
from deep import tries


@cache
def report_of(name: str, law: Law[Scene]) -> Report:
    return check_platform(load_platform(name), load_sheet(name), laws=[law], effort=tries(1, 25))


@pytest.mark.parametrize("law", PLATFORM_LAWS, ids=lambda law: law.name)
@pytest.mark.parametrize("name", platform_names())
def test_the_law_holds(name: str, law: Law[Scene]) -> None:
    report = report_of(name, law)
    assert not report.broken, report


IDLE = {
    "telegram": {"tampering_is_seen", "stale_is_refused", "handshake_is_checked", "receipts_are_told"},
    "whatsapp": {"stale_is_refused"},
    "messenger": {"stale_is_refused"},
    "instagram": {"stale_is_refused"},
    "infobip": {"tampering_is_seen", "handshake_is_checked", "stale_is_refused", "windows_close"},
    "twilio": {"handshake_is_checked", "stale_is_refused", "windows_close"},
    "viber": {"stale_is_refused"},
    "declared": {"handshake_is_checked", "windows_close"},
    "wechat": {"missing_proof_is_refused", "tampering_is_seen", "stale_is_refused", "receipts_are_told"},
    "line": {"stale_is_refused", "handshake_is_checked", "receipts_are_told"},
    "slack": {"receipts_are_told"},
    "webchat": {"tampering_is_seen", "handshake_is_checked", "receipts_are_told", "windows_close"},
    "rasa": {
        "tampering_is_seen",
        "stale_is_refused",
        "handshake_is_checked",
        "files_arrive",
        "receipts_are_told",
        "windows_close",
    },
    "email": {
        "wrong_secret_is_refused",
        "missing_proof_is_refused",
        "tampering_is_seen",
        "stale_is_refused",
        "handshake_is_checked",
        "windows_close",
    },
}
"""No old date is refused; WeChat signs no plain bodies, and its proof stands in the address; Telegram's webhooks have a secret and no
signature, nothing comes before them, and nothing after a message. Slack says nothing of what became of one. Whoever delivers mail shares no
secret with whoever takes it."""


@pytest.mark.parametrize("name", IDLE)
def test_few_laws_do_not_apply(name: str) -> None:
    quick = [law for law in PLATFORM_LAWS if law.prove.__module__.rpartition(".")[2] in ("hooks", "talk", "calls")]
    results = [result for law in quick for result in report_of(name, law).results]
    assert {result.law.name for result in results if result.verdict == "does not apply"} == IDLE[name]


@pytest.mark.parametrize("name", platform_names())
def test_a_sheet_tries_more_than_it_leaves_out(name: str) -> None:
    platform, sheet = load_platform(name), load_sheet(name)
    assert len(sheet.errors) >= 20 and len(sheet.golden) >= 9
    assert len({bound.limit for bound in sheet.bounds}) >= len(platform.limits) // 3
