"""Whatever a vendor or a bot may send: reading it back gives acts, or says in a ValueError that it is none of this vendor's."""

from __future__ import annotations

import dataclasses
import json
from functools import lru_cache
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatdrill.conformance import Scene
from chatdrill.conformance.platforms.talk import answered
from chatdrill.conformance.samples import ACTS
from chatdrill.errors import Unsupported
from chatdrill.model import Customer
from chatdrill.run.registry import load_platform, load_sheet, platform_names
from chatdrill.seeds import Seed
from chatdrill.wire import Exchange, HttpRequest, HttpResponse, Readable, Update
from deep import tries

READABLE = [name for name in platform_names() if isinstance(load_platform(name), Readable)]
ANNA = Customer(key="customer", first_name="Anna")
LAX = settings(max_examples=tries(15, 2000), deadline=None)
JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(max_size=5),
    st.sampled_from(["U0", "9" * 400, 10**400, -1, "1e999", [], {}, [[]], [None], [{}], {"id": None}, {"type": 5}]),
)


@lru_cache(maxsize=32)
def told(name: str) -> tuple[Update, ...]:
    """Updates of every kind that the platform tells."""
    scene = Scene(load_platform(name), load_sheet(name))
    found: list[Update] = []
    for step in [*(one.act for one in scene.sheet.golden if not one.settings), *ACTS.values()]:
        place = scene.anew()
        answered(place)
        try:
            found += place.happens(step)
        except (Unsupported, AssertionError):
            continue
    return tuple(found)


@lru_cache(maxsize=32)
def called(name: str) -> tuple[tuple[HttpRequest, HttpResponse, Any], ...]:
    """Good calls of the sheet, as they were answered."""
    found = []
    sheet = load_sheet(name)
    for ask in [sheet.says, *sheet.examples]:
        scene = Scene(load_platform(name), sheet, ask.settings)
        asked: list[tuple[HttpRequest, HttpResponse, Any]] = []
        handle = scene.handle

        def kept(request: HttpRequest, source: Any = "http", asked: Any = asked, handle: Any = handle) -> Any:
            handled = handle(request, source)
            asked.append((request, handled.response, source))
            return handled

        scene.handle = kept  # type: ignore[method-assign]
        answered(scene)
        scene.ask(ask)
        found += [one for one in asked if one[1] is not None]
    return tuple(found)


def spoiled(value: Any, draw: Any) -> Any:
    """The same with something wrong somewhere."""
    if isinstance(value, dict) and value and draw(st.integers(0, 3)):
        key = draw(st.sampled_from(sorted(value)))
        kept = {name: each for name, each in value.items() if name != key}
        return kept if not draw(st.integers(0, 4)) else {**value, key: spoiled(value[key], draw)}
    if isinstance(value, list) and value and draw(st.integers(0, 3)):
        return [spoiled(value[0], draw), *value[1:]]
    return draw(JUNK)


def encoded(value: Any) -> bytes:
    return json.dumps(value).encode("utf-8", "surrogatepass")


@pytest.mark.parametrize("name", READABLE)
@LAX
@given(data=st.data())
def test_a_webhook_is_read_or_refused(name: str, data: st.DataObject) -> None:
    scene = Scene(load_platform(name), load_sheet(name))
    platform: Any = scene.platform
    update = data.draw(st.sampled_from(told(name)))
    body = json.loads(update.body) if update.body[:1] == b"{" else {"body": update.body.decode("utf-8", "replace")}
    for _ in range(data.draw(st.integers(1, 3))):
        body = spoiled(body, data.draw)
    body = body if isinstance(body, dict) else {"body": body}
    request = scene.webhook(dataclasses.replace(update, body=encoded(body)))
    try:
        said = platform.decode(scene.state, request)
    except ValueError:
        return
    shadow = platform.open(scene.settings, Seed(1).stream("shadow"))
    for one in said:
        platform.meet(shadow, one, ANNA, scene.now)
        assert one.to is None or isinstance(one.to, str)
        msgspec.json.encode(one.act)


@pytest.mark.parametrize("name", READABLE)
@LAX
@given(
    body=st.one_of(st.binary(max_size=60), st.recursive(JUNK, lambda inner: st.lists(inner, max_size=3)).map(encoded))
)
def test_garbage_is_refused(name: str, body: bytes) -> None:
    scene = Scene(load_platform(name), load_sheet(name))
    request = HttpRequest("POST", "/", (("Content-Type", "application/json"),), body)
    platform: Any = scene.platform
    try:
        assert isinstance(list(platform.decode(scene.state, request)), list)
    except ValueError:
        return


@pytest.mark.parametrize("name", READABLE)
@LAX
@given(data=st.data())
def test_a_call_is_observed_whatever_was_asked_and_answered(name: str, data: st.DataObject) -> None:
    scene = Scene(load_platform(name), load_sheet(name))
    platform: Any = scene.platform
    shadow = platform.open(scene.settings, Seed(1).stream("shadow"))
    for update in scene.happens(ACTS["write"]):
        for said in platform.decode(shadow, scene.webhook(update)):
            platform.meet(shadow, said, ANNA, scene.now)
    request, response, source = data.draw(st.sampled_from(called(name)))
    if request.content_type == "application/json" and data.draw(st.booleans()):
        body = spoiled(json.loads(request.body), data.draw)
        request = msgspec.structs.replace(request, body=encoded(body))
    if response.body[:1] == b"{" and data.draw(st.booleans()):
        response = HttpResponse(
            response.status, response.headers, encoded(spoiled(json.loads(response.body), data.draw))
        )
    seen = platform.observe(shadow, Exchange(request, scene.now, "", source), response)
    for effect in seen.effects:
        msgspec.json.encode(effect)
