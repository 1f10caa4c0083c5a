"""Laws of purity: time from the clock that is passed, chance from the seed, no network, no secret, nobody else's module."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from importlib.metadata import entry_points
from typing import Any

import msgspec

from chatdrill.clock import real_now
from chatdrill.conformance.platforms.declared import examples
from chatdrill.conformance.platforms.talk import answered, sample, says
from chatdrill.conformance.report import Broken, expect
from chatdrill.conformance.scene import LAWS, Scene, body_of, leaves
from chatdrill.model import Text, Write
from chatdrill.wire import Update

_NEAR_S = 300.0
"""How near to the machine's clock a number is no accident: one of ten digits hits it once in fifteen million."""
_DAY_S = 86_400.0


def conversation(scene: Scene) -> list[Update]:
    """Every declared part, an answer, and all that the platform does by itself."""
    answered(scene)
    for name in sorted(scene.platform.capabilities.customer_parts):
        scene.happens(sample(scene, name))
        scene.now += 1
    scene.play(says(scene, "good-bye"))
    return scene.told


@LAWS("The same things at the same time give the same bytes, and every update is dated by the clock that is passed.")
def time_is_given(scene: Scene) -> None:
    one, two = scene.anew(), scene.anew()
    first, second = ([update.body for update in conversation(each)] for each in (one, two))
    expect(first == second, "the same conversation gives other bytes")
    answers = [[handled.response.body for handled in each.handled if handled.response] for each in (one, two)]
    expect(answers[0] == answers[1], "the same calls are answered by other bytes")
    for scene_now in (scene.now, scene.now + 400 * _DAY_S):
        later = scene.anew()
        later.now = scene_now
        for update in (later.happens(Write(parts=(Text(text="hello"),))))[:1]:
            expect(update.made_at == scene_now, f"an update says {update.made_at}, the clock {scene_now}")
    _none_reads_the_machines_clock(scene)


def _none_reads_the_machines_clock(scene: Scene) -> None:
    real = real_now()
    for shift in (0.0, 400 * _DAY_S):
        later = scene.anew()
        later.now += shift
        if abs(later.now - real) < 2 * _NEAR_S + 100:
            continue  # here nobody could tell the two clocks apart
        values = [(place, value) for update in conversation(later) for place, value in leaves(body_of(update))]
        for handled in later.handled:
            values += _values(handled.response.body if handled.response else b"")
        for place, value in values:
            expect(not _is_near(value, real), f"{place} has the machine's time: {value}")


def _values(body: bytes) -> list[tuple[str, Any]]:
    try:
        return list(leaves(msgspec.json.decode(body)))
    except msgspec.DecodeError:
        return []


def _is_near(value: Any, real: float) -> bool:
    if isinstance(value, str):
        value = int(value) if value.isdecimal() and len(value) in (10, 13) else 0
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return any(abs(value / unit - real) < _NEAR_S for unit in (1, 1000))


@LAWS("No secret stands in what is written down of an account, a call or an effect.")
def secrets_stay(scene: Scene) -> None:
    for place in examples(scene):
        shown = repr(place.state)
        for secret in scene.secrets():
            expect(secret not in shown, "a secret stands in repr(state)")
            for handled in place.handled:
                written = msgspec.json.encode((handled.call, handled.effects, handled.later), enc_hook=str)
                method = handled.call.method if handled.call else "a call"
                expect(secret.encode() not in written, f"a secret stands in the record of {method}")


_watched: ContextVar[list[str] | None] = ContextVar("watched", default=None)
_FORBIDDEN = (
    "socket.",
    "subprocess.",
    "os.system",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "urllib.",
    "http.",
    "smtplib.",
)
_is_hooked: list[bool] = []


def _audit(event: str, args: tuple[Any, ...]) -> None:
    seen = _watched.get()
    if seen is None:
        return
    if event.startswith(_FORBIDDEN):
        seen.append(event)
    if event == "open" and len(args) > 1 and isinstance(args[1], str) and set(args[1]) & set("wax+"):
        seen.append(f"writing {args[0]}")


@contextmanager
def watched() -> Iterator[list[str]]:
    """What the code inside asks of the operating system that sans-I/O code must not."""
    if not _is_hooked:
        sys.addaudithook(_audit)  # it cannot be taken away again, and costs nothing while nobody watches
        _is_hooked.append(True)
    seen: list[str] = []
    token = _watched.set(seen)
    try:
        yield seen
    finally:
        _watched.reset(token)


@LAWS("Nothing opens a socket, starts a program or writes a file.")
def no_network(scene: Scene) -> None:
    conversation(scene.anew())  # what is loaded once is loaded
    with watched() as seen:
        place = scene.anew()
        for update in conversation(place):
            place.webhook(update)
        for ask in scene.sheet.examples:
            stage = scene.anew(ask.settings)
            answered(stage)
            stage.ask(ask)
    expect(not seen, f"it did: {sorted(set(seen))}")


@LAWS("Importing the platform loads no other platform or desk.")
def imported_alone(scene: Scene) -> None:
    own = type(scene.platform).__module__
    code = f"import sys, {own}; print('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    if done.returncode != 0:
        raise Broken(f"{own} cannot be imported alone: {done.stderr[-300:]}")
    others = {
        point.value.partition(":")[0]
        for group in ("chatdrill.platforms", "chatdrill.desks")
        for point in entry_points(group=group)
    }
    loaded = {name for name in done.stdout.split() for other in others if name == other and not _is_ours(own, name)}
    expect(not loaded, f"loaded as well: {sorted(loaded)}")


def _is_ours(own: str, name: str) -> bool:
    """True for the package that the platform lives in, and for a desk that is a part of it."""
    home = own.rpartition(".")[0]
    return bool(home) and (name == home or name.startswith(f"{home}.") or own.startswith(f"{name}."))
