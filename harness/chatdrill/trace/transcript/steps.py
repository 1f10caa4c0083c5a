"""The steps of a scenario in words a person reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from chatdrill.trace.transcript.phrases import length, one_line, timing

_UNLABELLED = frozenset({"pieces", "expectations", "expectation", "contents", "text", "moment"})
_UNSAID = frozenset({"step", "when", "seconds", "not_before", "by"})


def step_words(step: Mapping[str, Any]) -> str:
    """A step of a scenario as one line: ``hears contains “44-10231”, within 5s``."""
    verb, pause_s = step.get("step", ""), step.get("seconds")
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


