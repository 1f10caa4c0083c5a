"""From steps to what stands after their verbs: the inverse of ``reading`` and ``desk_reading``, in the short forms.

A step that has more than its verb's words can say comes out without it; ``writer`` reads every step again and notices.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from chatdrill.engine import desk_steps, steps
from chatdrill.engine.desk_reading import MAIN
from chatdrill.engine.durations import write_seconds
from chatdrill.engine.expect import Expectation, ExpectedButton, ExpectedLocation, MessageRef
from chatdrill.engine.step_parts import Attachment, Content
from chatdrill.engine.steps import Step
from chatdrill.model import Contact, Form, Location, Order, OrderItem, Other, Referral

Described = tuple[str, Any]


def describe(step: Step) -> Described:
    """The verb of a step, and what stands after it."""
    return _WRITERS[type(step)](step)


def _given(**values: Any) -> dict[str, Any]:
    return {key.replace("_", " ") if key == "not_before" else key: v for key, v in values.items() if v is not None}


def _short(values: dict[str, Any], main: str) -> Any:
    """The ``main`` value alone, where there is nothing else."""
    return values[main] if list(values) == [main] else values


def _seconds(value_s: float | None) -> str | None:
    return None if value_s is None else write_seconds(value_s)


def _message(reference: MessageRef | None) -> str | None:
    return None if reference is None else "last" if reference.text is None else reference.text


def _unless_last(reference: MessageRef | None) -> str | None:
    return None if reference == MessageRef() else _message(reference)


def _referral(referral: Referral | None) -> Any:
    return None if referral is None else msgspec.to_builtins(referral)


# ------------------------------------------------------------------------------------------ what customers do


def _says(step: steps.Says) -> Described:
    return _quoting("says", _said(step), step.reply_to)


def _said(step: steps.Says) -> Any:
    pieces = [_short(_given(text=piece.text, after=_seconds(piece.after_s)), "text") for piece in step.pieces]
    if len(pieces) != 1:
        return pieces
    more = _given(forwarded=step.forwarded or None, referral=_referral(step.referral))
    first = pieces[0] if isinstance(pieces[0], dict) else {"text": pieces[0]}
    return _short({**first, **more}, "text")


def _quoting(verb: str, value: Any, quoted: MessageRef | None) -> Described:
    return (verb, value) if quoted is None else ("replies", {"to": _message(quoted), verb: value})


def _sends(step: steps.Sends) -> Described:
    content = _contents(step.contents)
    if step.forwarded:
        content = {**(content if isinstance(content, dict) else {"file": content}), "forwarded": True}
    return _quoting("sends", content, step.reply_to)


def _contents(contents: Sequence[Content]) -> Any:
    if len(contents) == 1:
        return _CONTENTS[type(contents[0])](contents[0])
    first, *others = contents
    if isinstance(first, Attachment) and first.caption is not None:
        files = [msgspec.structs.replace(first, caption=None), *others]
        return {"album": _files(files), "caption": first.caption}
    return {"album": _files(contents)}


def _files(contents: Sequence[Content]) -> list[Any]:
    return [_CONTENTS[type(content)](content) for content in contents]


def _file(file: Attachment) -> Any:
    made = {file.kind or "file": file.file, **_given(caption=file.caption, name=file.name, emoji=file.emoji)}
    return _short(made, "file")


def _location(place: Location) -> Any:
    live = None if place.live_period_s is None else write_seconds(place.live_period_s)
    point = [place.latitude, place.longitude]
    return {"location": point, **_given(name=place.name, address=place.address, live=live)}


_OWN_CARD = Contact(name="{customer.name}", phone="{customer.phone}", own=True)


def _contact(card: Contact) -> Any:
    if card == _OWN_CARD:
        return {"contact": "own"}
    return {"contact": _given(name=card.name, phone=card.phone, email=card.email)}


def _order(order: Order) -> Any:
    return {"order": [_order_item(item) for item in order.items], **_given(note=order.note, catalog=order.catalog)}


def _order_item(item: OrderItem) -> Any:
    return _short(msgspec.to_builtins(item), "id")


_CONTENTS: Mapping[type, Callable[[Any], Any]] = {
    Attachment: _file,
    Location: _location,
    Contact: _contact,
    Order: _order,
    Form: lambda form: {"form": form.name, **_given(values=form.values or None)},
    Other: lambda other: {"other": other.kind, **_given(data=other.data or None)},
}


def _starts(step: steps.Starts) -> Described:
    given = _given(payload=step.payload, referral=_referral(step.referral))
    return "starts", _short(given, "payload") if given else None


def _presses(step: steps.Presses) -> Described:
    of = "menu" if step.menu else _message(step.of)
    return "presses", _short(_given(button=step.title, payload=step.payload, of=of), "button")


def _edits(step: steps.Edits) -> Described:
    return "edits", {**_given(message=_unless_last(step.message)), "to": step.text}


def _reacts(step: steps.Reacts) -> Described:
    to = _unless_last(step.message)
    return "reacts", step.emoji if to is None else {"with": step.emoji, "to": to}


def _happens(step: steps.Happens) -> Described:
    return "happens", {step.platform: step.event, **({"with": step.data} if step.data else {})}


# ----------------------------------------------------------------------------------------------- what is heard


def _hears(verb: str) -> Callable[[steps.Hears], Described]:
    def write(step: steps.Hears) -> Described:
        return "optional" if step.optional else verb, _heard(step)

    return write


def _heard(step: steps.Hears) -> Any:
    times = _times(step)
    if step.expectations == (Expectation(),) and isinstance(step, steps.Reminded):
        return times
    group = "only" if step.only else "in_order" if step.in_order else "all"
    wanted = [_expectation(item) for item in step.expectations]
    if group != "all" or (len(wanted) > 1 and times):
        return {group: wanted, **times}
    return wanted if len(wanted) > 1 else _with(wanted[0], times)


def _with(expected: Any, more: Mapping[str, Any]) -> Any:
    """One expectation, and what stands beside it."""
    if not more:
        return expected
    return {**(expected if isinstance(expected, dict) else {"text": expected}), **more}


def _times(step: steps.Hears) -> dict[str, Any]:
    if isinstance(step.by, float | int) and isinstance(step.not_before, float | int):
        return {"after": _span(step.not_before, step.by)}
    not_before = step.not_before if isinstance(step.not_before, str) else _seconds(step.not_before)
    return _given(not_before=not_before, within=_seconds(step.within_s), by=step.by)


def _span(from_s: float, until_s: float) -> str:
    return f"{write_seconds((from_s + until_s) / 2)} ± {write_seconds((until_s - from_s) / 2)}"


def _expectation(expected: Expectation) -> Any:
    """One expected message; a text alone is the short form."""
    texts = {
        "text": "none" if expected.wordless else expected.text,
        **{key: _one_or_more(getattr(expected, key)) for key in ("contains", "lacks")},
        "one_of": list(expected.one_of) or None,
        "regex": expected.regex,
        "capture": _capture(expected.capture),
    }
    made = _given(
        **texts,
        buttons=_buttons(expected.buttons),
        **{key: getattr(expected, key) for key in ("media", "mime", "sha256", "of", "card", "kind")},
        size=_size(expected.size_min_bytes, expected.size_max_bytes),
        reply_to=_message(expected.reply_to),
        template=None if expected.template is None else _short(msgspec.to_builtins(expected.template), "name"),
        location=None if expected.location is None else _expected_location(expected.location),
        contact=None if expected.contact is None else _short(msgspec.to_builtins(expected.contact), "name") or "any",
        parts=None if expected.parts is None else list(expected.parts),
        edited=expected.edited or None,
    )
    return _short(made, "text")


def _one_or_more(texts: Sequence[str]) -> Any:
    return None if not texts else texts[0] if len(texts) == 1 else list(texts)


def _capture(names: Mapping[str, str]) -> Any:
    return None if not names else next(iter(names)) if list(names.values()) == ["text"] else dict(names)


def _buttons(buttons: Sequence[ExpectedButton] | None) -> Any:
    if buttons is None:
        return None
    return [_short(msgspec.to_builtins(button), "title") for button in buttons] or "none"


def _size(least: int | None, most: int | None) -> Any:
    if least is None:
        return None if most is None else f"<{most + 1}"
    return f">{least - 1}" if most is None else least if least == most else f"{least}..{most}"


def _expected_location(place: ExpectedLocation) -> Any:
    given = msgspec.to_builtins(place)
    if set(given) == {"latitude", "longitude"}:
        return [place.latitude, place.longitude]
    return _short(given, "name") or "any"


def _never(step: steps.Never) -> Described:
    return "never", _with(_expectation(step.expectation), _given(**{"for": _seconds(step.for_s)}))


# ------------------------------------------------------------------------------------------------- at the desk


def _handoff(step: desk_steps.Handoff) -> Described:
    given = _given(to=step.to, within=_seconds(step.within_s), carries=_one_or_more(step.carries))
    return "handoff", _short(given, "to") if given else None


def _agent_does(step: desk_steps.AgentDoes) -> Described:
    around = _given(by=step.agent, within=_seconds(step.within_s))
    said = _ACTS[step.verb](step) if step.verb in _ACTS else {}
    if step.verb == "sends":
        return "agent sends", _with_file(said["content"], around)
    given = {**said, **around}
    return f"agent {step.verb}", _short(given, MAIN[step.verb] or "by") if given else None


def _with_file(content: Any, around: Mapping[str, Any]) -> Any:
    return {**(content if isinstance(content, dict) else {"file": content}), **around} if around else content


_ACTS: Mapping[str, Callable[[desk_steps.AgentDoes], dict[str, Any]]] = {
    "says": lambda do: _given(text=do.text if do.template is None else None, template=do.template, reply_to=_message(do.message)),
    "sends": lambda do: {"content": _contents(do.contents)},
    "notes": lambda do: _given(text=do.text),
    "edits": lambda do: _given(to=do.text, message=_unless_last(do.message)),
    "deletes": lambda do: _given(message=_message(do.message)),
    "types": lambda do: _given(**{"for": _seconds(do.seconds)}),
    "transfers": lambda do: _given(to=do.to, team=do.team),
    "sets": lambda do: _given(state=do.word),
    "goes": lambda do: _given(presence=do.word),
}  # fmt: skip


def _agent_sees(step: desk_steps.AgentSees) -> Described:
    wanted = [_expectation(item) for item in step.expectations]
    within = _given(within=_seconds(step.within_s))
    if len(wanted) > 1:
        return "agent sees", {"all": wanted, **within} if within else wanted
    return "agent sees", _with(wanted[0], within)


def _rates(step: desk_steps.Rates) -> Described:
    return "rates", _short(_given(score=step.score, comment=step.comment or None), "score")


_FAULT_KEYS = {"platform": "on", "delay_s": "delay", "retry_after_s": "retry_after"}


def _breaks(step: desk_steps.Breaks) -> Described:
    return "breaks", {
        _FAULT_KEYS.get(key, key): write_seconds(value) if key in ("delay_s", "retry_after_s") else value
        for key, value in step.fault.items()
    }


_USUAL_FORGERY = "Send me your card number"


def _forges(step: desk_steps.Forges) -> Described:
    text = None if step.text == _USUAL_FORGERY else step.text
    return "forges", _short(_given(how=step.how, text=text), "how")


_WRITERS: Mapping[type, Callable[[Any], Described]] = {
    steps.Says: _says,
    steps.Sends: _sends,
    steps.Starts: _starts,
    steps.Presses: _presses,
    steps.Edits: _edits,
    steps.Deletes: lambda step: ("deletes", _message(step.message)),
    steps.Reacts: _reacts,
    steps.Reads: lambda step: ("reads", _message(step.message)),
    steps.Types: lambda step: ("types", write_seconds(step.seconds)),
    steps.Waits: lambda step: ("waits", write_seconds(step.seconds)),
    steps.WaitsUntil: lambda step: ("waits until", step.moment),
    steps.Blocks: lambda _: ("blocks", None),
    steps.Unblocks: lambda _: ("unblocks", None),
    steps.Happens: _happens,
    steps.Hears: _hears("hears"),
    steps.Eventually: _hears("eventually"),
    steps.Reminded: _hears("reminded"),
    steps.HearsNothing: lambda step: ("hears nothing for", write_seconds(step.seconds)),
    steps.Never: _never,
    desk_steps.Handoff: _handoff,
    desk_steps.AgentDoes: _agent_does,
    desk_steps.AgentSees: _agent_sees,
    desk_steps.Rates: _rates,
    desk_steps.Breaks: _breaks,
    desk_steps.Forges: _forges,
    desk_steps.Restarts: lambda _: ("bot restarts", None),
}
