"""Laws of the bot's calls: limits at n and n + 1, the vendor's errors, tokens."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec

from chatdrill.conformance.platforms.declared import tried
from chatdrill.conformance.platforms.talk import answered
from chatdrill.conformance.report import DoesNotApply, expect
from chatdrill.conformance.scene import LAWS, Scene, coded, decoded, mismatch, put, short
from chatdrill.model import Act, Receipt
from chatdrill.wire import Handled, HttpRequest, Limit
from chatdrill.wire.sheets import Ask, Bound, Happens, Refused

_HEADER = "headers."
"""Where the place of a bound is in the headers, once for each."""
UNITS: dict[str, Any] = {
    "characters": len,
    "utf-16 units": lambda text: len(text.encode("utf-16-le")) // 2,
    "bytes": lambda text: len(text.encode()),
}
"""How long a string is, by the unit of its limit."""


@LAWS("Every limit of the sheet holds: n are accepted, n + 1 are refused by the vendor's error.")
def limits_hold(scene: Scene) -> None:
    bounds = [bound for bound in scene.sheet.bounds if bound.place]
    if not bounds:
        raise DoesNotApply("no limit is shown by a call")
    _hold(scene, bounds)


@LAWS("Every window of the sheet closes: what comes n seconds later is accepted, a second after that it is refused.")
def windows_close(scene: Scene) -> None:
    bounds = [bound for bound in scene.sheet.bounds if not bound.place]
    if not bounds:
        raise DoesNotApply("no window is shown by a call")
    _hold(scene, bounds)


def _hold(scene: Scene, bounds: list[Bound]) -> None:
    limits = {limit.name: limit for limit in scene.platform.limits}
    for bound in bounds:
        limit = limits[bound.limit]
        most = int(limit.value)
        problem = _attempt(scene, bound, limit, most, None)
        expect(problem is None, f"{bound.limit}: {most} {limit.unit}: {problem}")
        problem = _attempt(scene, bound, limit, most + 1, bound.refused or _UNSUPPORTED)
        expect(problem is None, f"{bound.limit}: {most + 1} {limit.unit}: {problem}")


def _attempt(scene: Scene, bound: Bound, limit: Limit, size: int, expected: Refused | None) -> str | None:
    """What is wrong with the outcome of trying ``size``; ``expected`` is ``None`` where it has to be accepted."""
    place = scene.anew(bound.settings)
    answered(place)
    step = bound.ask
    if bound.place:
        step = _with(step, bound.place, filling(bound.of, limit.unit, size - bound.fixed))
    place.take(step.after)
    place.now += 0 if bound.place else size
    place.take(bound.then)
    if isinstance(step, Ask):
        handled = place.tries(replace(step, after=()))
        return refused_otherwise(place, expected, handled) if expected else _why_refused(handled)
    refusal, updates = tried(place, replace(step, after=()))
    if expected is not None:
        return None if refusal else "the customer can do it"
    return refusal or (None if updates else "the bot is told nothing")


def _with(step: Ask | Happens, place: str, value: Any) -> Ask | Happens:
    if isinstance(step, Ask) and place.startswith(_HEADER):
        name = place.removeprefix(_HEADER)
        kept = tuple(pair for pair in step.headers or () if pair[0] != name)
        return replace(step, headers=(*kept, *((name, each) for each in value)))
    if isinstance(step, Ask):
        return replace(step, body=put(step.body, place, value))
    return replace(step, act=msgspec.convert(put(msgspec.to_builtins(step.act), place, value), Act))


_UNSUPPORTED = Refused(0)
"""In the place of a vendor's error: what a customer's app does not let them do."""


def filling(of: Any, unit: str, size: int) -> Any:
    """``size`` of something: a string so long in the limit's unit, or a list."""
    if isinstance(of, int):
        return size
    if not isinstance(of, str) or unit.lower() not in UNITS:
        return [_numbered(of, number) for number in range(size)]
    measure = UNITS[unit.lower()]
    text = of * (size // measure(of))
    return text + "x" * (size - measure(text))


def _numbered(of: Any, number: int) -> Any:
    if isinstance(of, str):
        return of.replace("{i}", str(number))
    if isinstance(of, dict):
        return {key: _numbered(value, number) for key, value in of.items()}
    return [_numbered(value, number) for value in of] if isinstance(of, list) else of


def _why_refused(handled: Handled) -> str | None:
    """Why a call counts as refused, if it does."""
    response = handled.response
    assert response is not None
    if response.status >= 400 or (handled.call is not None and not handled.call.ok):
        return f"refused: {response.status} {short(response.body)}"
    later = _failure(handled)
    return None if later is None else f"it fails later with {later}"


def _failure(handled: Handled) -> int | None:
    """The code with which an accepted message fails afterwards."""
    fates = (later.act for later in handled.later if isinstance(later.act, Receipt))
    return next((fate.error or 0 for fate in fates if fate.status == "failed"), None)


def refused_otherwise(scene: Scene, expected: Refused, handled: Handled) -> str | None:
    """What is wrong with a refusal, if anything is."""
    assert handled.response is not None
    if expected.later is not None:
        found = _failure(handled)
        return None if found == expected.later else f"it fails later with {found}, not {expected.later}"
    if handled.effects or (handled.call is not None and handled.call.ok):
        return f"it is accepted: {handled.response.status} {short(handled.response.body)}"
    return mismatch(scene, expected, handled.response)


@LAWS("Every error of the sheet comes with the vendor's status, words and headers, and has no effect.")
def errors_are_the_vendors(scene: Scene) -> None:
    if not scene.sheet.errors:
        raise DoesNotApply("the sheet names no error")
    for mistake in scene.sheet.errors:
        place = scene.anew(mistake.settings)
        answered(place)
        problem = refused_otherwise(place, mistake.answer, place.tries(mistake.ask))
        expect(problem is None, f"{mistake.name}: {problem}")


@LAWS("A call with a wrong token is refused, and changes nothing.")
def wrong_token_is_refused(scene: Scene) -> None:
    answered(scene)
    scene.words["text"] = "for nobody"
    request = scene.request(scene.sheet.says)
    changed = _with_wrong(request, scene.secrets())
    expect(changed != request, "the call carries no secret")
    handled = scene.handle(changed)
    response = handled.response
    assert response is not None
    expect(not handled.effects and (handled.call is None or not handled.call.ok), "it has effects")
    expect(response.status >= 400 or response.body, f"it is answered {response.status} without a word")


def _with_wrong(request: HttpRequest, secrets: list[str]) -> HttpRequest:
    url, body, headers = request.url, request.body, request.headers
    for secret in secrets:
        wrong = secret[:-4] + "xxxx"
        url, body = url.replace(secret, wrong), body.replace(secret.encode(), wrong.encode())
        headers = tuple((name, coded(decoded(value).replace(secret, wrong))) for name, value in headers)
    return HttpRequest(request.method, url, headers, body)


@LAWS("An injected error looks like the vendor's, whatever its status.")
def injected_errors_are_calm(scene: Scene) -> None:
    for status in (400, 401, 403, 404, 408, 409, 413, 429, 500, 502, 503, 504):
        for retry_after_s in (None, 7):
            answer = scene.platform.refusal(scene.state, status, retry_after_s)
            expect(answer.status == status or answer.status == 200, f"{status} becomes {answer.status}")
            expect(answer.body, f"{status} has no words")
