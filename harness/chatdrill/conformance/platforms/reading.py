"""Laws of reading back: what a webhook tells is the act that made it, and a call did what the fake says that it did."""

from __future__ import annotations

from typing import Any, cast

import msgspec

from chatdrill.conformance.platforms.talk import answered, sample, says
from chatdrill.conformance.report import DoesNotApply, expect
from chatdrill.conformance.samples import ACTS, EXTREMES
from chatdrill.conformance.scene import LAWS, Scene, short
from chatdrill.model import Act, Part, Press, Sent, Text, Write
from chatdrill.seeds import Seed
from chatdrill.wire import Exchange, Readable, Said, Update
from chatdrill.wire.reading import comparable


def _readable(scene: Scene) -> Readable[Any]:
    if getattr(scene.platform, "reads", None) is None:
        raise DoesNotApply("its webhooks are not read back")
    return cast("Readable[Any]", scene.platform)


def _decoded(scene: Scene, updates: list[Update]) -> list[Said]:
    platform = _readable(scene)
    return [said for update in updates for said in platform.decode(scene.state, scene.webhook(update))]


def _same(scene: Scene, given: Act, updates: list[Update], what: str) -> None:
    """One act is read, and it is the one that was given, but for what no webhook carries."""
    said = _decoded(scene, updates)
    expect(said and said[0].to == scene.to, f"{what}: {short(updates[0].body)} is read as {said}")
    loses = _readable(scene).reads.loses
    wanted, got = comparable(given, loses), [comparable(each.act, loses) for each in said]
    expect(wanted in got, f"{what}: {wanted} is read as {got}")


@LAWS("What is written is read back from its webhook: every part that the platform declares, and any text.")
def writing_is_read_back(scene: Scene) -> None:
    for name in sorted(_readable(scene).reads.parts):
        place = scene.anew()
        answered(place)
        step = sample(place, name)
        updates = place.happens(step)
        if updates:  # some are told together with something else
            _same(place, place.act(step.act), updates, name)
    if "text" in _readable(scene).reads.parts:
        for text in EXTREMES:
            act = Write(parts=(Text(text=text),))
            _same(scene, act, scene.happens(act), repr(text))


@LAWS("Every act that the platform declares is read back from its webhook.")
def acts_are_read_back(scene: Scene) -> None:
    for name in sorted(_readable(scene).reads.acts - {"write"}):
        place = scene.anew()
        answered(place)
        act = place.act(_pressable(place) if name == "press" else ACTS[name])
        if name == "unblock":
            place.happens(ACTS["block"])
        updates = place.happens(act)
        if updates:
            _same(place, act, updates, name)


def _pressable(scene: Scene) -> Act:
    """A press of the kind of button that the platform tells of."""
    given = ACTS["press"]
    assert isinstance(given, Press)
    # No message shows this button, so its title is known by the payload alone where webhooks show the message.
    button = msgspec.structs.replace(given.button, kind=_readable(scene).reads.presses, title="yes")
    return msgspec.structs.replace(given, button=button)


@LAWS(
    "A call that the vendor answered is seen to have done what it did, at an account that knows no more than what passed."
)
def calls_are_observed(scene: Scene) -> None:
    platform = _readable(scene)
    shadow = platform.open(scene.settings, Seed(11).stream("shadow"))
    act = Write(parts=(Text(text="hello"),))
    for said in _decoded(scene, scene.happens(act)):
        platform.meet(shadow, said, scene.sheet.customer, scene.now)
    handled = says(scene, "hello to you")
    wanted = [effect.message for effect in handled.effects if isinstance(effect, Sent)]
    request = scene.request(scene.sheet.says)
    assert handled.response is not None
    seen = platform.observe(shadow, Exchange(request, scene.now, scene.base), handled.response)
    got = [effect.message for effect in seen.effects if isinstance(effect, Sent)]
    expect(seen.call is not None and seen.call.ok and seen.unread is None, f"it is seen as {seen}")
    has_ids = "message.ids" not in platform.reads.loses
    expect(_kept(wanted, has_ids) == _kept(got, has_ids), f"{wanted} is seen as {got}")


def _kept(messages: list[Any], has_ids: bool) -> list[tuple[tuple[str, ...], tuple[Part, ...]]]:
    return [(message.ids if has_ids else (), message.parts) for message in messages]
