"""Laws of what a platform declares: acts, parts, events, settings, coverage, limits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import msgspec

from chatdrill.conformance.platforms.talk import answered, parts_of
from chatdrill.conformance.report import Broken, expect
from chatdrill.conformance.samples import ACTS, PARTS, name_of
from chatdrill.conformance.scene import LAWS, Scene
from chatdrill.errors import ChatdrillError, Unsupported
from chatdrill.model import Act, Block, Event, Press, Sent, Write
from chatdrill.wire import Update
from chatdrill.wire.sheets import Happens, Step

_PRESSABLE = ("callback", "postback", "reply")


@LAWS("What a customer can do here is declared, and what they cannot is refused with a reason.")
def acts_are_declared(scene: Scene) -> None:
    able, lacks = scene.platform.capabilities.acts, scene.platform.capabilities.lacks
    expect(able <= set(ACTS), f"unknown acts: {sorted(able - set(ACTS))}")
    for name in ACTS.keys() - {"event"}:
        place = scene.anew()
        answered(place)
        if name == "unblock" and "block" in able:
            place.happens(Block())
        refusal, updates = tried(place, _press(place) if name == "press" else ACTS[name])
        reason = lacks.get("block" if name == "unblock" else name)
        if name in able:
            expect(refusal is None, f"{name} is declared, and refused: {refusal}")
            expect(updates or reason, f"the bot is told nothing of {name}, and lacks does not say so")
        else:
            expect(refusal, f"{name} is not declared, and it happens")
            expect(reason, f"lacks does not say what happens instead of {name}")
            expect(str(reason) in str(refusal), f"{name} is refused for another reason than lacks says: {refusal}")


def tried(scene: Scene, act: Act | Happens) -> tuple[str | None, list[Update]]:
    """Why an act is refused, if it is, and what the bot is told of it."""
    try:
        return None, scene.happens(act)
    except Unsupported as error:
        return str(error) or "without a word", []


def _press(scene: Scene) -> Act:
    """The press of the first button that an example shows."""
    for ask in scene.sheet.examples:
        for effect in scene.ask(ask).effects:
            buttons = effect.message.buttons if isinstance(effect, Sent) and effect.to == scene.to else ()
            for button in buttons:
                if button.kind in _PRESSABLE:
                    return Press(button=button, message_id=effect.message.ids[-1])  # type: ignore[union-attr]
    return ACTS["press"]


@LAWS("What a customer can send is declared, and what they cannot is refused with a reason.")
def parts_are_declared(scene: Scene) -> None:
    able, lacks = scene.platform.capabilities.customer_parts, scene.platform.capabilities.lacks
    expect(able <= set(PARTS), f"unknown parts: {sorted(able - set(PARTS))}")
    for name, part in PARTS.items():
        if name in able:
            continue
        refused, _ = tried(scene, Write(parts=(part,)))
        expect(refused, f"{name} is not declared, and a customer can send it")
        said = len(str(refused)) > _REASON_MIN or (lacks.get(name) or "\0") in str(refused)
        expect(said, f"{name} is refused without a reason: {refused}")


_REASON_MIN = 30
"""Characters of a refusal that is more than the name of what is refused."""


@LAWS("Every declared event is told, or the sheet says why not at once; an unknown one suggests the nearest.")
def events_are_declared(scene: Scene) -> None:
    for name in sorted(scene.platform.capabilities.events):
        place = scene.anew()
        answered(place)
        step = next((each for each in scene.sheet.told if _event_of(each) == name), Event(name=name))
        refused, updates = tried(place, step if isinstance(step, Happens) else Event(name=name))
        expect(refused is None, f"the event {name} is declared, and refused: {refused}")
        expect(updates or name in scene.sheet.silent, f"the bot is told nothing of {name}")
    if scene.platform.capabilities.events:
        name = max(scene.platform.capabilities.events)
        refused, _ = tried(scene, Event(name=name[:-1]))
        expect(refused and name in refused, f"an unknown event does not suggest {name}: {refused}")


def _event_of(step: object) -> str | None:
    act = step.act if isinstance(step, Happens) else step
    return act.name if isinstance(act, Event) else None


@LAWS("Every part that a bot can show is shown by one of the examples, and no other.")
def bot_parts_are_shown(scene: Scene) -> None:
    seen = Counter(
        name_of(part) for place in examples(scene) for handled in place.handled for part in parts_of(handled)
    )
    declared = scene.platform.capabilities.bot_parts
    expect(declared <= set(seen), f"declared, and never shown: {sorted(declared - set(seen))}")
    expect(set(seen) <= declared, f"shown, and not declared: {sorted(set(seen) - declared)}")


def examples(scene: Scene) -> Iterator[Scene]:
    """A scene for each example, after it."""
    for ask in scene.sheet.examples:
        place = scene.anew(ask.settings)
        answered(place)
        place.ask(ask)
        place.shown.add(ask.shows)
        yield place


@LAWS("Everything that is emulated is exercised by an example or told, under the name that the coverage has.")
def coverage_is_exercised(scene: Scene) -> None:
    """Names of calls are those that stand in the trace; what is in part only says what is missing."""
    names = Counter(each.name for each in scene.platform.coverage)
    doubled = sorted(name for name, count in names.items() if count > 1)
    expect(names and not doubled, f"named more than once, or nothing at all: {doubled}")
    for each in scene.platform.coverage:
        expect(each.status == "supported" or each.note, f"{each.name} is {each.status}, and nothing says why")
    seen = {name for place in examples(scene) for name in (*_called(place), *place.shown)} | _told(scene)
    emulated = [each.name for each in scene.platform.coverage if each.status != "refused"]
    missing = [name for name in emulated if not any(one == name or one.startswith(f"{name} ") for one in seen)]
    expect(not missing, f"nothing shows {missing}")


def _called(scene: Scene) -> Iterator[str]:
    """The names of good calls, which have the support that the coverage says."""
    status = {each.name: each.status for each in scene.platform.coverage}
    for handled in scene.handled:
        if handled.call is not None and handled.call.ok:
            call = handled.call
            expect(
                status.get(call.method) == call.support,
                f"{call.method} is {status.get(call.method)}, not {call.support}",
            )
            yield call.method


def _told(scene: Scene) -> set[str]:
    found: set[str] = set()
    for place, step in _tellings(scene):
        try:
            place.take((step,))
        except (ChatdrillError, Broken):
            continue  # other laws say what is wrong with it
        name = _event_of(step)
        found |= {f"event {name}"} if name else set()
        found |= {form.format(kind=update.kind, event=name) for update in place.told for form in scene.sheet.names}
    return found


def _tellings(scene: Scene) -> Iterator[tuple[Scene, Step]]:
    """What the bot is told of, each with an account where it can happen."""
    for golden in scene.sheet.golden:
        place = scene.anew(golden.settings)
        place.arranged(golden)
        yield place, golden.act
    for step in (*scene.sheet.told, *(Event(name=name) for name in scene.platform.capabilities.events)):
        place = scene.anew()
        answered(place)
        place.play(place.handled[-1])
        yield place, step


@LAWS("What is not emulated answers loudly: as refused, and never as if it had worked.")
def refused_is_loud(scene: Scene) -> None:
    answered(scene)
    names = {each.name for each in scene.platform.coverage if each.status == "refused"}
    seen: set[str] = set()
    for ask in scene.sheet.refused:
        handled = scene.tries(ask)
        call, response = handled.call, handled.response
        assert response is not None
        expect(call is not None and call.support == "refused" and not call.ok, f"{ask.path} is {call}")
        assert call is not None
        expect(response.status >= 400 or _says_error(response.body), f"{call.method} is answered {response.status}")
        expect(not handled.effects, f"{call.method} has effects")
        seen |= {call.method, call.method.partition(" ")[2]}
    for name in sorted(names - seen):  # what is no call is an event that is never told
        expect(name in scene.sheet.silent, f"{name} was not tried, and the sheet does not say that it is never told")
        expect(tried(scene, Event(name=name))[0], f"the event {name} is not emulated, and it happens")


def _says_error(body: bytes) -> bool:
    """For vendors who answer 200 to everything."""
    try:
        value = msgspec.json.decode(body)
    except msgspec.DecodeError:
        return False
    return isinstance(value, dict) and any(
        value.get(key) not in (None, 0, True) for key in ("status", "error", "errcode", "ok")
    )


@LAWS("Settings have a name, a variable of their own, and words of help; the environment has the secret ones.")
def settings_are_told(scene: Scene) -> None:
    settings = scene.platform.settings
    for what, names in (("setting", [s.name for s in settings]), ("variable", [s.env for s in settings])):
        doubled = sorted(name for name, count in Counter(names).items() if count > 1 or not name)
        expect(not doubled, f"the same {what} twice: {doubled}")
    for each in settings:
        expect(each.help.strip(), f"the setting {each.name} has no help")
    environment = scene.platform.environment(scene.state, scene.base)
    expect(scene.base in " ".join(environment.values()), "the environment does not say where the API is")
    for secret in scene.secrets():
        expect(secret in environment.values(), "a bot is not told one of its secrets")


@LAWS("Every limit has a unit and a dated source, and is shown by a call, or the sheet says why none can.")
def limits_are_told(scene: Scene) -> None:
    names = Counter(limit.name for limit in scene.platform.limits)
    expect(max(names.values(), default=0) <= 1, f"named more than once: {names}")
    tried, untried = {bound.limit for bound in scene.sheet.bounds}, set(scene.sheet.untried)
    for limit in scene.platform.limits:
        expect(
            limit.unit.strip() and any(c.isdigit() for c in limit.source), f"{limit.name} has no unit or dated source"
        )
    expect(tried <= set(names), f"no such limits: {sorted(tried - set(names))}")
    expect(not tried & untried, f"tried and untried: {sorted(tried & untried)}")
    expect(set(names) <= tried | untried, f"nothing is said of {sorted(set(names) - tried - untried)}")
    expect(untried <= set(names) and all(scene.sheet.untried.values()), f"odd: {sorted(untried - set(names))}")
