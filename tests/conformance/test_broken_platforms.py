"""Every law of a messenger can fail: for each there is a platform that breaks it."""

from __future__ import annotations

import itertools
import re
import socket
from collections.abc import Mapping
from dataclasses import replace as anew
from pathlib import Path
from typing import Any

import pytest

from chatdrill.clock import real_now
from chatdrill.conformance import PLATFORM_LAWS, Law, Scene, check_platform
from chatdrill.model import Receipt
from chatdrill.run.registry import load_platform, load_sheet
from chatdrill.wire import Ack, Coverage, HttpRequest, HttpResponse, Limit, Observed, Retry
from chatdrill.wire.sheets import Sheet
from chatdrill_fakes.families import meta, meta_sheets
from conformance.crowded import Crowded
from conformance.spoiled import (
    Spoiled,
    answers,
    asked,
    bodies,
    calls,
    capable,
    raising,
    replace,
    requests,
    shouting,
    updates,
)

TRUE, SHEET = load_platform("whatsapp"), load_sheet("whatsapp")


def credulous(environment: Any, request: HttpRequest, now: float) -> bool:
    return request.header("X-Hub-Signature-256") is not None


def by_default(request: HttpRequest) -> HttpRequest:
    """Signed by the default secret, whatever was set."""
    return meta.webhook_request(request.url, request.body, "chatdrill-app-secret")


def growing(request: HttpRequest, count: Any = itertools.count()) -> HttpRequest:  # noqa: B008
    return replace(request, body=request.body + b" " * next(count))


def torn(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    is_file = "attachments" in request.path
    return replace(response, body=response.body[:-1]) if is_file else response


def own_time(true: Any, state: Any, to: str, act: Any, now: float) -> Any:
    return true.encode(state, to, act, real_now())


def silent(true: Any, state: Any, to: str, act: Any, now: float) -> Any:
    return () if isinstance(act, Receipt) else true.encode(state, to, act, now)


def alone(true: Any, state: Any, several: Any, now: float) -> HttpRequest:
    return true.request(state, several[:1], now)


def any_token(request: HttpRequest) -> HttpRequest:
    headers = tuple((name, value) for name, value in request.headers if name != "Authorization")
    return replace(request, headers=(*headers, ("Authorization", "Bearer EAAchatdrillwhatsapp")))


def calling(true: Any, state: Any, exchange: Any) -> Any:
    socket.socket().close()
    return true.handle(state, exchange)


def moody(_true: Any, *_given: Any) -> Any:
    raise KeyError("what was it again")


def numbered(name: str, value: float) -> tuple[Limit, ...]:
    return tuple(anew(limit, value=value) if limit.name == name else limit for limit in TRUE.limits)


def endless(true: Any) -> Any:
    return anew(true.delivery, retry=Retry(delays_s=(1.0,)))


def to(change: HttpResponse, status: int) -> HttpResponse:
    return replace(change, status=status)


PRIVATE = re.compile(rb'"latitude":[-\d.]+')
BROKEN: Mapping[str, Mapping[str, Any]] = {
    "golden_payloads": {"encode": bodies(lambda body: body.replace(b'"type":"text"', b'"kind":"text"'))},
    "honest_is_believed": {"request": requests(lambda request: replace(request, headers=request.headers[:3]))},
    "wrong_secret_is_refused": {"request": requests(by_default)},
    "missing_proof_is_refused": {"request": requests(by_default)},
    "tampering_is_seen": {},
    "stale_is_refused": {},
    "handshake_is_checked": {"read_handshake": lambda *_: None},
    "examinations_are_signed": {"sign": lambda true, state, body, now: true.sign(state, body + b" ", now)},
    "redelivery_is_identical": {"request": requests(growing)},
    "retries_end": {"delivery": endless(TRUE)},
    "success_is_as_declared": {"read_ack": lambda *_: Ack(True)},
    "order_is_kept": {"encode": updates(lambda update: setattr(update, "lane", update.id))},
    "batches_fit": {"request": alone},
    "any_text_arrives": {"encode": bodies(lambda body: body.replace(b"<", b"&lt;"))},
    "any_text_is_shown": {"handle": shouting},
    "parts_arrive": {"encode": bodies(lambda body: PRIVATE.sub(b'"latitude":0', body))},
    "files_arrive": {"handle": answers(torn)},
    "receipts_are_told": {"encode": silent},
    "writing_is_read_back": {"decode": lambda *_: ()},
    "acts_are_read_back": {"decode": lambda *_: ()},
    "calls_are_observed": {"observe": lambda *_: Observed()},
    "acts_are_declared": {"capabilities": capable(TRUE, acts=lambda acts: acts - {"react"})},
    "parts_are_declared": {"capabilities": capable(TRUE, customer_parts=lambda parts: parts - {"location"})},
    "events_are_declared": {"capabilities": capable(TRUE, events=lambda events: events | {"eclipse"})},
    "bot_parts_are_shown": {"capabilities": capable(TRUE, bot_parts=lambda parts: parts | {"order"})},
    "coverage_is_exercised": {"coverage": (*TRUE.coverage, Coverage("POST /dream", "supported"))},
    "refused_is_loud": {"handle": calls(lambda _state, call: replace(call, ok=True))},
    "settings_are_told": {"settings": TRUE.settings * 2},
    "limits_are_told": {"limits": (*TRUE.limits, Limit("a number", 1, "", ""))},
    "limits_hold": {"limits": numbered("text", 4000)},
    "windows_close": {"limits": numbered("window", 3600)},
    "errors_are_the_vendors": {"handle": answers(lambda _, old: to(old, 422) if old.status == 400 else old)},
    "wrong_token_is_refused": {"handle": asked(any_token)},
    "injected_errors_are_calm": {"refusal": moody},
    "broken_bodies_are_answered": {"handle": raising(lambda request: len(request.body) > 1_000_000)},
    "odd_values_are_answered": {"handle": raising(lambda request: b"[[]]" in request.body)},
    "odd_requests_are_answered": {
        "handle": answers(lambda asked, old: to(old, 500) if asked.method == "PATCH" else old)
    },
    "time_is_given": {"encode": own_time},
    "secrets_stay": {"handle": calls(lambda state, call: replace(call, note=state.settings["app_secret"]))},
    "no_network": {"handle": calling},
    "imported_alone": {},
}
SHEETS = {
    "tampering_is_seen": anew(SHEET, believes=credulous),
    "stale_is_refused": anew(SHEET, stale_after_s=300.0),
}
"""Where the fault is that nobody looks at the signature, or at the date."""


@pytest.mark.parametrize("law", PLATFORM_LAWS, ids=lambda law: law.name)
def test_a_platform_that_breaks_the_law_is_told(law: Law[Scene], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[1]))
    make = Crowded if law.name == "imported_alone" else Spoiled
    [result] = check_platform(make(TRUE, **BROKEN[law.name]), SHEETS.get(law.name, SHEET), laws=[law]).results
    assert result.verdict == "broken" and result.detail


def dated(true: Any, state: Any, several: Any, now: float) -> HttpRequest:
    request = true.request(state, several, now)
    stamp = meta.signature(state.settings["app_secret"], b"%d" % now)
    return replace(request, headers=(*request.headers, ("X-Date", str(int(now))), ("X-Stamp", stamp)))


def punctual(environment: Any, request: HttpRequest, now: float) -> bool:
    date = request.header("X-Date") or "0"
    stamp = meta.signature(environment["WHATSAPP_APP_SECRET"], date.encode())
    young = stamp == request.header("X-Stamp") and now - int(date) <= 300
    return young and meta_sheets.is_signed(request, environment["WHATSAPP_APP_SECRET"])


def test_a_dated_webhook_is_believed_while_it_is_young() -> None:
    hooks = [law for law in PLATFORM_LAWS if law.prove.__module__.endswith("hooks") and "examin" not in law.name]
    sheet = anew(SHEET, believes=punctual, stale_after_s=300.0)
    report = check_platform(Spoiled(TRUE, request=dated), sheet, laws=hooks)
    assert {result.verdict for result in report.results} == {"holds"}, report


def test_a_report_says_which_laws_are_broken() -> None:
    hooks = [law for law in PLATFORM_LAWS if law.prove.__module__.endswith("hooks")]
    report = check_platform(Spoiled(TRUE, **BROKEN["batches_fit"]), SHEET, laws=hooks)
    assert [result.law.name for result in report.broken] == ["batches_fit"]
    assert str(report).startswith("whatsapp\nholds          Every golden payload has a source")


def test_each_law_has_an_account_of_its_own() -> None:
    scene = Scene(TRUE, SHEET)
    scene.happens(SHEET.golden[0].act)
    assert scene.told and not scene.anew().told and scene.anew({"quirks": "no_read"}).settings["quirks"] == "no_read"


def test_what_a_bare_sheet_leaves_out_is_told() -> None:
    bare = Sheet(says=SHEET.says, believes=SHEET.believes, headers=SHEET.headers, settings=SHEET.settings)
    told = [law for law in PLATFORM_LAWS if law.prove.__module__.endswith("declared")] + [_law("golden_payloads")]
    broken = {result.law.name for result in check_platform(TRUE, bare, laws=told).broken}
    left_out = {"golden_payloads", "bot_parts_are_shown", "coverage_is_exercised", "events_are_declared"}
    left_out |= {"refused_is_loud", "limits_are_told"}
    assert broken == left_out


def test_settings_that_are_given_win() -> None:
    [result] = check_platform(TRUE, SHEET, settings={"coexistence": "no"}, laws=[_law("acts_are_declared")]).results
    assert result.verdict == "broken" and "coexistence" in result.detail


def _law(name: str) -> Any:
    return next(law for law in PLATFORM_LAWS if law.name == name)
