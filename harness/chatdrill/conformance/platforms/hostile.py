"""Laws of bad requests: whatever comes on whatever route is answered, soon and as a vendor would."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from chatdrill.clock import real_monotonic
from chatdrill.conformance.platforms.talk import answered
from chatdrill.conformance.report import Broken, expect
from chatdrill.conformance.scene import LAWS, Scene, leaves, put, short, written
from chatdrill.seeds import Seed
from chatdrill.wire import HttpRequest
from chatdrill.wire.sheets import Ask

_DEEP, _HUGE = 100_000, 3_000_000
_SOON_S = 5.0
"""Real seconds after which a request counts as one that hangs, on a machine that does other things as well."""
_JSON = ("Content-Type", "application/json")
BODIES: dict[str, bytes] = {
    "cut off": b'{"text": "cut off',
    "not UTF-8": b'{"text": "\xff\xfe"}',
    "zeros": b"\0" * 50,
    "empty": b"",
    "a list": b"[1, 2]",
    "a number": b"5",
    "deep lists": b"[" * _DEEP,
    "deep objects": b'{"a":' * _DEEP + b"1" + b"}" * _DEEP,
    "huge": b'{"text": "' + b"x" * _HUGE + b'"}',
    "half a surrogate": b'{"text": "\\ud83d", "to": "\\udc00"}',
}
TYPES = (
    "application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "multipart/form-data",
    "text/xml",
    "",
    "\0;=",
)
ODD: tuple[Any, ...] = (
    None, True, -1, 0, 1e308, 2**63, "", " ", "\0", "\ud83d", "9" * 400, "x" * 5000, "../../etc/passwd", "{", "[[]]",
    [], {}, [[]], [None], {"": None}, {"id": {"id": []}}, "http://[", "https://x:99999/", "//[", "attach://x", "\u202e\ufeff", "%00", "'--",
)  # fmt: skip
TRIES = 40
"""Odd values for each call of the sheet; all of them meet all the odd values together."""


def routes(scene: Scene) -> Iterator[Ask]:
    """Every call of the sheet, each method and path once."""
    known: dict[tuple[str, str], Ask] = {}
    for ask in (scene.sheet.says, *scene.sheet.examples, *scene.sheet.refused):
        known.setdefault((ask.method, ask.path.partition("?")[0]), ask)
    yield from known.values()


def meets(scene: Scene, request: HttpRequest, what: str) -> None:
    """A request that may be anything is answered, and never by a failure of our own."""
    where = f"{what} to {request.method} {request.path}"
    begun = real_monotonic()
    try:
        handled = scene.handle(request)
    except Broken:
        raise
    except Exception as error:
        raise Broken(f"{where} raises {type(error).__name__}: {error}") from error
    took_s = real_monotonic() - begun
    expect(took_s < _SOON_S, f"{where} takes {took_s:.1f} s")
    response = handled.response
    assert response is not None
    refused = handled.call is not None and handled.call.support == "refused"
    fine = response.status < 500 or (refused and response.status == 501)
    expect(response.status >= 200 and fine, f"{where} is answered {response.status} {short(response.body)}")
    if "json" in (response.header("content-type") or ""):
        try:
            msgspec.json.decode(response.body)
        except msgspec.DecodeError as error:
            raise Broken(f"{where} is answered by broken JSON: {short(response.body)}") from error


@LAWS("A body that is broken, huge, deep or of another type is answered on every route.")
def broken_bodies_are_answered(scene: Scene) -> None:
    for ask in routes(scene):
        place = scene.anew(ask.settings)
        answered(place)
        place.take(ask.after)
        request = place.request(Ask(ask.path, method=ask.method, headers=ask.headers))
        for name, body in BODIES.items():
            meets(place, HttpRequest(request.method, request.url, (*request.headers, _JSON), body), name)
        for kind in TYPES:
            headers = (*request.headers, ("Content-Type", kind))
            meets(place, HttpRequest(request.method, request.url, headers, b"a=1&to=%00&x[y][=2"), f"type {kind!r}")


@LAWS("A call with odd values in the place of good ones is answered, wherever they stand.")
def odd_values_are_answered(scene: Scene) -> None:
    chance = Seed(7).stream("odd values")
    turn = 0
    for ask in (scene.sheet.says, *scene.sheet.examples):
        places = [place for place, _ in leaves(ask.body)] if isinstance(ask.body, dict) else []
        if not places:
            continue
        stage = scene.anew(ask.settings)
        answered(stage)
        stage.take(ask.after)
        for _ in range(TRIES * scene.effort):
            turn += 1
            place, value = chance.choice(places), ODD[turn % len(ODD)]
            steps = place.split(".")
            place = ".".join(steps[: chance.randint(1, len(steps))])
            body = put(stage.filled(ask.body), place, value)
            request = stage.request(Ask(ask.path, None, ask.method, headers=ask.headers))
            meets(stage, written(request, body), f"{place}={value!r:.30}")


@LAWS("A path, query or method that nobody knows is answered.")
def odd_requests_are_answered(scene: Scene) -> None:
    answered(scene)
    odd = (
        "",
        "/..",
        "/%00",
        "//",
        "/" + "x" * 5000,
        "?" + "a=1&" * 2000,
        "?%ff=%ff&a[]=1&a[b]=2",
        "/\xe9\xff",
        "?limit=-1",
    )
    for ask in routes(scene):
        request = scene.request(Ask(ask.path, method=ask.method, headers=ask.headers))
        for tail in odd:
            meets(scene, HttpRequest(request.method, request.url + tail, request.headers), f"{tail[:20]!r}")
        for method in ("GET", "PUT", "PATCH", "HEAD", "OPTIONS", "XYZZY"):
            meets(scene, HttpRequest(method, request.url, request.headers), "another method")
    for url in ("/", "//[", "/../../etc/passwd", "*", "/%2e%2e/", "/\0", "/?", "x"):
        meets(scene, HttpRequest("POST", url, ((*_JSON,),), b"{}"), "a strange address")
