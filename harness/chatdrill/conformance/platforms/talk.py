"""Laws of what is said: any text, every declared part, files, receipts."""

from __future__ import annotations

from base64 import b64decode
from typing import Any

from chatdrill.conformance.report import Broken, DoesNotApply, expect
from chatdrill.conformance.samples import DRAWN, EXTREMES, FILES, PARTS, values_of
from chatdrill.conformance.scene import LAWS, Scene, body_of, leaves, short
from chatdrill.errors import Unsupported
from chatdrill.model import Echo, Part, Receipt, Sent, Text, Write
from chatdrill.seeds import Seed
from chatdrill.wire import Handled, Update
from chatdrill.wire.sheets import Happens

DRAWS = 20
_CLOSE = 1e-5  # degrees: about a metre, and the precision that vendors keep


def says(scene: Scene, text: str) -> Handled:
    """The bot sends a text, and the vendor takes it."""
    scene.words["text"] = text
    return scene.ask(scene.sheet.says)


def answered(scene: Scene) -> None:
    """The customer has written and the bot has answered."""
    scene.happens(Write(parts=(Text(text="hello"),)))
    says(scene, "hello to you")


@LAWS("Any text of a customer's arrives, whatever signs are in it.")
def any_text_arrives(scene: Scene) -> None:
    for text in EXTREMES:
        updates = scene.happens(Write(parts=(Text(text=text),)))
        expect(updates, f"the bot is told nothing of {text!r}")
        _expect_values(updates, [text], f"{text!r}")
        expect(scene.believes(scene.webhook(updates[0])), f"the webhook with {text!r} is not believed")


@LAWS("Any text of the bot's is shown, whatever signs are in it.")
def any_text_is_shown(scene: Scene) -> None:
    scene.happens(Write(parts=(Text(text="hello"),)))
    for text in EXTREMES:
        shown = [effect.message.text for effect in says(scene, text).effects if isinstance(effect, Sent)]
        expect(shown == [text], f"{text!r} is shown as {shown}")


@LAWS("Every declared part of a customer's, drawn anew each time, can be read from what the bot is told.")
def parts_arrive(scene: Scene) -> None:
    chance = Seed(7).stream("parts")
    for name in sorted(scene.platform.capabilities.customer_parts):
        fixed = name in scene.sheet.parts or name not in DRAWN
        for _ in range(1 if fixed else DRAWS * scene.effort):
            step = sample(scene, name) if fixed else Happens(Write(parts=(DRAWN[name](chance),)))
            place = scene.anew() if fixed else scene
            if fixed:
                answered(place)
            updates = place.happens(step)
            expect(updates, f"the bot is told nothing of {name}")
            for part in step.act.parts if isinstance(step.act, Write) else ():
                _expect_values(updates, values_of(part), name)


def sample(scene: Scene, name: str) -> Happens:
    """A declared part as the customer sends it: the sheet's, or the kit's own."""
    given = scene.sheet.parts.get(name, PARTS.get(name))
    if given is None:
        raise Broken(f"nobody knows the part {name}")
    return given if isinstance(given, Happens) else Happens(Write(parts=(given,)))


def _expect_values(updates: list[Update], wanted: list[str | float], what: str) -> None:
    read = [value for update in updates for _, value in leaves(body_of(update))]
    for value in wanted:
        expect(any(_same(value, each) for each in read), f"{what}: {value!r} is not in {short(updates[0].body)}")


def _same(wanted: str | float, read: Any) -> bool:
    if isinstance(wanted, str):
        return isinstance(read, str | int) and (wanted in str(read) or (wanted.isdecimal() and wanted in _digits(read)))
    try:
        return abs(float(read) - wanted) < _CLOSE
    except (TypeError, ValueError):
        return False


def _digits(read: object) -> str:
    """A phone number without what people write between its digits."""
    return "".join(sign for sign in str(read) if sign.isdecimal())


@LAWS("A customer's file reaches the bot, with the same bytes where the vendor does not make it anew.")
def files_arrive(scene: Scene) -> None:
    kinds = [name for name in scene.platform.capabilities.customer_parts if name.startswith("media.")]
    if not kinds:
        raise DoesNotApply("customers send no files")
    expect(scene.sheet.file_key, "the sheet does not say how a file is fetched")
    for name in sorted(set(kinds) - scene.sheet.fileless):
        place = scene.anew()
        answered(place)
        updates = place.happens(sample(scene, name))
        found = [value for update in updates for value in _under(scene.sheet.file_key, body_of(update))]
        expect(found, f"{name}: nothing stands under {scene.sheet.file_key}")
        wanted = FILES[name.partition(".")[2]]
        got = [content for value in found if (content := _fetched(place, str(value)))]
        expect(wanted in got or (got and name in scene.sheet.recoded), f"{name} has other bytes")


def _under(key: str, value: Any) -> list[Any]:
    return [each for place, each in leaves(value) if place.rpartition(".")[2] == key]


def _fetched(scene: Scene, file: str) -> bytes | None:
    if not scene.sheet.file_asks:  # it travels inside
        return b64decode(file)
    scene.words["file"] = file.removeprefix(scene.base)
    response = None
    for ask in scene.sheet.file_asks:
        try:
            response = scene.ask(ask).response
        except Exception:  # noqa: BLE001  one of several values may lead nowhere
            return None
    return None if response is None else response.body


@LAWS("The bot is told of its messages' fates as declared, each with the message's id.")
def receipts_are_told(scene: Scene) -> None:
    if "receipt" not in scene.platform.capabilities.acts:
        expect(scene.platform.capabilities.lacks.get("receipt"), "lacks does not say what happens instead")
        raise DoesNotApply("the bot is not told what becomes of its messages")
    scene.happens(Write(parts=(Text(text="hello"),)))
    handled = says(scene, "hello to you")
    sent = scene.words["sent"]
    by_itself = [later for later in handled.later if not isinstance(later.act, Echo)]
    told = scene.play(handled)
    expect(not by_itself or told, "what the platform does by itself is not told")
    statuses = [status for status in ("sent", "delivered", "read", "failed") if _is_told(scene, sent, status)]
    expect(statuses, "no fate is told")
    times = [later.after_s for later in handled.later]
    expect(times == sorted(times) and all(each >= 0 for each in times), f"it happens after {times} s")


def _is_told(scene: Scene, sent: str, status: Any) -> bool:
    """True if the bot is told, at this or another account; a fate that the vendor never tells is refused or silent."""
    try:
        updates = scene.happens(Receipt(message_id=sent, status=status))
    except Unsupported as error:
        expect(str(error), f"{status} is refused without a reason")
        return False
    for update in updates:
        named = any(_same(sent, value) for _, value in leaves(body_of(update)))
        timed = any(_is_time(value) for _, value in leaves(body_of(update)))
        expect(named or timed, f"{status} names neither the message nor a time")
    return bool(updates)


def _is_time(value: Any) -> bool:
    return isinstance(value, int) and value > 10**9


def parts_of(handled: Handled) -> tuple[Part, ...]:
    """The parts of what the bot sent."""
    return tuple(part for effect in handled.effects if isinstance(effect, Sent) for part in effect.message.parts)
