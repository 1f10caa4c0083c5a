"""The steps of a scenario in words a person reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from chatdrill.trace.transcript.phrases import length, one_line, platform_title, timing

_UNLABELLED = frozenset({"pieces", "expectations", "expectation", "contents", "text", "moment"})
_UNSAID = frozenset({"step", "when", "seconds", "not_before", "by"})


def step_words(step: Mapping[str, Any]) -> str:
    """A step of a scenario as one line: ``hears contains “44-10231”, within 5s``."""
    verb, pause_s = step.get("step", ""), step.get("seconds")
    if (words := _DESK_STEPS.get(verb)) is not None:
        return one_line(", ".join(filter(None, (words(step), *_rest(step)))))
    pause = "" if pause_s is None else f"{'for ' if verb == 'hears_nothing' else ''}{length(pause_s)}"
    said = [pause]
    said += [_labelled(key, value) for key, value in step.items() if key not in _UNSAID and value is not None]
    said += [timing(step.get("not_before"), step.get("by"))]
    return one_line(f"{verb} ".replace("_", " ").lstrip() + ", ".join(filter(None, said)))


def _labelled(key: str, value: Any) -> str:
    if key.endswith("_s") and isinstance(value, int | float):
        return f"{key[:-2].replace('_', ' ')} {length(value)}"
    if key == "moment":
        return str(value)
    if value is True:
        return key.replace("_", " ")
    words = _value(value)
    return words if key in _UNLABELLED or not words else f"{key.replace('_', ' ')} {words}"


def _value(value: Any) -> str:
    if isinstance(value, str):
        return f"“{value}”"
    if isinstance(value, Mapping):
        return ", ".join(_labelled(key, inner) for key, inner in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(map(_value, value))
    return str(value)


# -------------------------------------------------------------------------------------- steps about what lies behind


def _rest(step: Mapping[str, Any]) -> Iterable[str]:
    """Whom a step is about, where there are several customers, and how long it may take."""
    for key in ("customer", "within_s"):
        if step.get(key) is not None:
            yield _labelled(key, step[key])


def _handoff(step: Mapping[str, Any]) -> str:
    team = f" to the team {step['to']}" if step.get("to") else ""
    carries = [_value(fact) for fact in step.get("carries") or ()]
    return f"handoff{team}" + (f", with {_and(carries)} in the ticket" if carries else "")


def _agent_does(step: Mapping[str, Any]) -> str:
    """``agent ann transfers the ticket to ben``; without a key it is whoever has the ticket."""
    key = str(step.get("agent") or "").partition(".")[0]
    verb = str(step.get("verb", "acts"))
    said = _OBJECTS[verb](step) if verb in _OBJECTS else ""
    return " ".join(filter(None, ("agent", key, verb, said)))


def _content(step: Mapping[str, Any]) -> str:
    text = [_value(step["text"])] if step.get("text") else []
    files = [f"{one.get('kind') or 'file'} {one.get('file') or ''}".strip() for one in step.get("contents") or ()]
    return ", ".join(text + files)


def _message(step: Mapping[str, Any]) -> str:
    wanted = (step.get("message") or {}).get("text")
    to = f" to {_value(step['text'])}" if step.get("text") else ""
    return ("the last message" if wanted is None else f"the message with {_value(wanted)}") + to


def _receiver(step: Mapping[str, Any]) -> str:
    to = str(step["to"]).partition(".")[0] if step.get("to") else f"the team {step.get('team')}"
    return f"the ticket to {to}"


_OBJECTS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    **dict.fromkeys(("says", "sends", "notes"), _content),
    **dict.fromkeys(("edits", "deletes"), _message),
    **dict.fromkeys(("accepts", "declines", "takes over", "closes", "releases", "reopens"), lambda _: "the ticket"),
    "transfers": _receiver,
    "types": lambda step: f"for {length(step['seconds'])}" if step.get("seconds") else "",
    "sets": lambda step: f"the ticket to {step.get('word')}",
    "goes": lambda step: str(step.get("word")),
}


def _agent_sees(step: Mapping[str, Any]) -> str:
    return f"agent sees {_value(step.get('expectations') or ())}"


def _rates(step: Mapping[str, Any]) -> str:
    comment = f", {_value(step['comment'])}" if step.get("comment") else ""
    return f"rates the conversation {step.get('score')} of 5{comment}"


def _breaks(step: Mapping[str, Any]) -> str:
    """``breaks: 2 calls to Zendesk are answered 429``."""
    fault: Mapping[str, Any] = step.get("fault") or {}
    where, kind = str(fault.get("where", "")), str(fault.get("kind", ""))
    times, platform = fault.get("times", 1), fault.get("platform", "*")
    whose = "" if platform == "*" else f" {'to' if where == 'api' else 'of'} {platform_title(str(platform))}"
    noun = ("call" if where == "api" else "webhook") + ("s" if times != 1 else "")
    facts = {"status": 500, "delay_s": 1.0, **fault, "again": int(fault.get("copies", 1)) + 1}
    fate = _FATES.get((where, kind), kind).format(**facts)
    count = "all further" if times is None else "the next" if times == 1 else f"the next {times}"
    share = f", each by a chance of {fault['probability']:.0%}" if fault.get("probability", 1) != 1 else ""
    return f"breaks: {count} {noun}{whose}: {fate}{share}"


_FATES = {
    ("api", "status"): "answered {status}",
    ("api", "delay"): "held up for {delay_s:g} s",
    ("api", "reset"): "reset",
    ("api", "drop"): "handled, but without an answer",
    ("api", "cut"): "answered by half",
    ("webhook", "status"): "the bot's answer becomes {status}",
    ("webhook", "delay"): "held up for {delay_s:g} s",
    ("webhook", "reset"): "reset",
    ("webhook", "duplicate"): "delivered {again} times",
    ("webhook", "drop"): "lost",
    ("webhook", "swap"): "overtaken by the one after",
    ("webhook", "late"): "{delay_s:g} s late, and overtaken",
    ("webhook", "twin"): "delivered twice at the same moment",
    ("webhook", "unacknowledged"): "the bot's acknowledgement is lost",
    ("webhook", "gather"): "held back for {delay_s:g} s, to travel with others",
}
_FORGERIES = {
    "unsigned": "without a signature",
    "wrong": "signed with a wrong secret",
    "stale": "with an old signature",
}


def _forges(step: Mapping[str, Any]) -> str:
    return f"somebody forges an agent's reply, {_FORGERIES.get(str(step.get('how')), step.get('how'))}: {_value(step.get('text', ''))}"


def _and(words: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


_DESK_STEPS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "handoff": _handoff,
    "agent_does": _agent_does,
    "agent_sees": _agent_sees,
    "rates": _rates,
    "breaks": _breaks,
    "forges": _forges,
    "restarts": lambda _: "the bot is killed and started again",
}
