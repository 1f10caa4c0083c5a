"""The published JSON Schema of scenario files, and what its errors mean to a person."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Literal

from chatdrill.engine.durations import why_no_span
from chatdrill.engine.fitting import Fits, fitting
from chatdrill.engine.moments import why_neither, why_no_moment
from chatdrill.errors import did_you_mean

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

Part = Literal["scenario", "steps"]
Path = tuple[str | int, ...]
_COMPANIONS = ("as", "then", "else", "with")


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, where: at the value of ``path``, or at its key."""

    path: Path
    text: str
    at_key: bool = False


@cache
def schema_text() -> str:
    """The schema (Draft 2020-12) as it is published, in JSON."""
    return resources.files(__package__).joinpath("scenario.schema.json").read_text(encoding="utf-8")


@cache
def schema() -> dict[str, Any]:
    """The schema as data."""
    data: dict[str, Any] = json.loads(schema_text())
    return data


def problems(data: Any, part: Part = "scenario") -> list[Problem]:
    """What the schema says against ``data``, a scenario or a file of ``steps``; the first thing first."""
    if _quickly(part)(data):
        return []
    errors = [*_validator(part).iter_errors(data)]
    found = [problem for error in errors for problem in _explain(error)]
    unknown_keys = {problem.path[:-1] for problem in found if problem.at_key}
    return [problem for problem in found if problem.at_key or problem.path not in unknown_keys]


@cache
def _quickly(part: Part) -> Fits:
    return fitting(_rule(part), schema()["$defs"])


@cache
def _validator(part: Part) -> Draft202012Validator:
    from jsonschema import Draft202012Validator  # a fifth of a second, and only needed once something is wrong
    from jsonschema.validators import extend

    quick = {"oneOf": _one_verb, "$ref": _local_reference}
    validator: Draft202012Validator = extend(Draft202012Validator, quick)(_rule(part))  # type: ignore[no-untyped-call]
    return validator


@cache
def _rule(part: Part) -> dict[str, Any]:
    return schema() if part == "scenario" else {"$ref": "#/$defs/steps", "$defs": schema()["$defs"]}


def _one_verb(_validator: Any, branches: Any, instance: Any, _schema: Any) -> Iterator[Any]:
    """``oneOf`` as this schema uses it, a score of branches with one required key: the same answer, twenty times faster."""
    from jsonschema.exceptions import ValidationError

    if isinstance(instance, dict) and sum(branch["required"][0] in instance for branch in branches) != 1:
        yield ValidationError("not exactly one verb")


def _local_reference(validator: Any, reference: str, instance: Any, _schema: Any) -> Iterator[Any]:
    """``$ref`` as this schema uses it, into its own ``$defs``, without a registry of the world's schemas."""
    yield from validator.descend(instance, schema()["$defs"][reference.rpartition("/")[2]])


def verbs() -> tuple[str, ...]:
    """The keys that make a step, in the order of the schema."""
    keys = schema()["$defs"]["step"]["properties"]
    return tuple(key for key in keys if key not in _COMPANIONS)


# --------------------------------------------------------------------------------------------- in short sentences


def _explain(error: Any) -> Iterator[Problem]:
    path = tuple(error.absolute_path)
    if error.validator == "additionalProperties":
        known = error.schema["properties"]
        for key in error.instance:
            if key not in known:
                yield Problem((*path, key), f"unknown key {key!r}{did_you_mean(key, known)}", at_key=True)
    else:
        explain = _SENTENCES.get(str(error.validator), _other)
        yield Problem(path, explain(error))


def _type(error: Any) -> str:
    return f"expected {_wanted(error.schema)}, not {_said(error.instance)}"


def _pattern(error: Any) -> str:
    reasons = (why for name, why in _REASONS.items() if error.schema is schema()["$defs"][name])
    return next((why(" ".join(error.instance.split())) for why in reasons), None) or _type(error)


_REASONS = {"span": why_no_span, "moment": why_no_moment, "wait": why_neither}
"""Texts of which it is worth saying what is wrong with them."""


def _wanted(rule: Any) -> str:
    if "title" in rule:
        return str(rule["title"])
    types = rule.get("type", "something else")
    return " or ".join(_TYPES.get(name, name) for name in ([types] if isinstance(types, str) else types))


_TYPES = {
    "object": "a mapping",
    "array": "a list",
    "string": "a text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "null": "nothing",
}


def _said(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list" if value else "an empty list"
    return repr(value) if isinstance(value, str) else str(value).lower()


def _enum(error: Any) -> str:
    known = [str(option) for option in error.schema["enum"]]
    hint = did_you_mean(error.instance, known) if isinstance(error.instance, str) else ""
    return f"expected one of {', '.join(known)}, not {_said(error.instance)}{hint if 'mean' in hint else ''}"


def _required(error: Any) -> str:
    missing = [key for key in error.validator_value if key not in error.instance]
    return f"{missing[0]!r} is missing" if len(missing) == 1 else f"{', '.join(map(repr, missing))} are missing"


def _beside(error: Any) -> str:
    rules = error.validator_value.items()
    key, other = next((k, n) for k, needs in rules if k in error.instance for n in needs if n not in error.instance)
    return f"{key!r} needs {other!r} beside it"


def _verb(error: Any) -> str:
    given = [verb for verb in verbs() if verb in error.instance]
    if given:
        return f"a step has one verb, and this one has {' and '.join(given)}; begin each with a dash of its own"
    return f"a step needs a verb: {', '.join(verbs())}"


def _length(error: Any) -> str:
    if not error.instance:
        return "must not be empty"
    bound = "at most" if error.validator == "maxItems" else "at least"
    return f"expected {bound} {error.validator_value} items, not {len(error.instance)}"


def _bound(error: Any) -> str:
    rule = error.schema
    least = rule.get("minimum", rule.get("exclusiveMinimum"))
    bounds = [f"at least {least}" if "minimum" in rule else f"more than {least}"] if least is not None else []
    bounds += [f"at most {rule['maximum']}"] if "maximum" in rule else []
    return f"expected a number of {' and '.join(bounds)}, not {_said(error.instance)}"


def _other(error: Any) -> str:
    return str(error.message)


_SENTENCES = {
    "type": _type,
    "pattern": _pattern,
    "enum": _enum,
    "required": _required,
    "dependentRequired": _beside,
    "oneOf": _verb,
    "minItems": _length,
    "maxItems": _length,
    "minLength": _length,
    "minProperties": _length,
    "minimum": _bound,
    "maximum": _bound,
    "exclusiveMinimum": _bound,
}
