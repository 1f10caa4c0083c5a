"""Whether data fits the schema of scenarios: a quick yes, or a no that the thorough library then explains.

Nearly every file is right, and those are read without jsonschema, which takes longer to import than a month takes to play. A rule is
made into functions once, as a suite is hundreds of files with thousands of steps.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Rule = Mapping[str, Any]
Rules = Mapping[str, Rule]
Fits = Callable[[Any], bool]

# They explain a rule to people and editors, and ask for nothing; `$defs` are asked for by `$ref`.
NOTES = frozenset({"$schema", "$id", "$defs", "title", "description", "examples"})
_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "number": (int, float),
    "integer": (int,),
    "boolean": (bool,),
    "null": (type(None),),
}


def fitting(rule: Rule, defs: Rules) -> Fits:
    """A function that is true only of what obeys ``rule``; ``defs`` are the rules that a ``$ref`` may name.

    Raises ``KeyError`` for a keyword that is neither in ``KEYWORDS`` nor in ``NOTES``.
    """
    return _Making(defs).of(rule)


class _Making:
    """Functions that are made of rules, those of named rules once."""

    def __init__(self, defs: Rules) -> None:
        self._defs = defs
        self._named: dict[str, Fits] = {}

    def of(self, rule: Rule) -> Fits:
        return _all([KEYWORDS[key](wanted, rule, self) for key, wanted in rule.items() if key not in NOTES])

    def named(self, name: str) -> Fits:
        if name not in self._named:
            self._named[name] = lambda value: self._named[name](value)  # for a rule that has itself in it
            self._named[name] = self.of(self._defs[name])
        return self._named[name]


def _all(parts: Sequence[Fits]) -> Fits:
    if len(parts) == 1:
        return parts[0]

    def obeys(value: Any) -> bool:
        for part in parts:  # noqa: SIM110  as a loop it takes half the time
            if not part(value):
                return False
        return True

    return obeys


def _reference(name: str, _rule: Rule, making: _Making) -> Fits:
    return making.named(name.rpartition("/")[2])


def _type(names: str | list[str], _rule: Rule, _making: _Making) -> Fits:
    """In JSON true is no number, as it is in Python. Whether 2.0 is an integer is left to the thorough library."""
    wanted = [names] if isinstance(names, str) else names
    kinds = tuple(kind for name in wanted for kind in _TYPES[name])
    may_be_true = "boolean" in wanted
    return lambda value: isinstance(value, kinds) and (may_be_true or not isinstance(value, bool))


def _enum(known: list[Any], _rule: Rule, _making: _Making) -> Fits:
    return lambda value: any(value == one and type(value) is type(one) for one in known)


def _one_of(branches: list[Rule], _rule: Rule, making: _Making) -> Fits:
    lone = [branch["required"] for branch in branches if branch.keys() == {"required"} and len(branch["required"]) == 1]
    keys = frozenset(key for (key,) in lone)
    if len(keys) == len(branches) > 1:  # each asks for one key, as the verbs of a step do
        return lambda value: isinstance(value, dict) and len(keys & value.keys()) == 1
    parts = [making.of(branch) for branch in branches]
    return lambda value: sum(part(value) for part in parts) == 1


def _properties(rules: Rules, _rule: Rule, making: _Making) -> Fits:
    parts = {key: making.of(rule) for key, rule in rules.items()}
    return lambda value: not isinstance(value, dict) or all(parts[key](value[key]) for key in value if key in parts)


def _other_properties(wanted: Rule | bool, rule: Rule, making: _Making) -> Fits:
    known = rule.get("properties", {}).keys()
    if isinstance(wanted, bool):
        return lambda value: wanted or not isinstance(value, dict) or value.keys() <= known
    part = making.of(wanted)
    return lambda value: not isinstance(value, dict) or all(part(value[key]) for key in value if key not in known)


def _required(keys: list[str], _rule: Rule, _making: _Making) -> Fits:
    needed = frozenset(keys)
    return lambda value: not isinstance(value, dict) or value.keys() >= needed


def _beside(needs: Mapping[str, list[str]], _rule: Rule, _making: _Making) -> Fits:
    return lambda value: (
        not isinstance(value, dict) or all(key not in value or value.keys() >= set(keys) for key, keys in needs.items())
    )


def _items(wanted: Rule, _rule: Rule, making: _Making) -> Fits:
    part = making.of(wanted)
    return lambda value: not isinstance(value, list) or all(map(part, value))


def _pattern(pattern: str, _rule: Rule, _making: _Making) -> Fits:
    found = re.compile(pattern).search
    return lambda value: not isinstance(value, str) or found(value) is not None


def _size(kind: type[Any], holds: Callable[[int, int], bool]) -> _Keyword:
    return lambda bound, _rule, _making: lambda value: not isinstance(value, kind) or holds(len(value), bound)


def _bound(holds: Callable[[float, float], bool]) -> _Keyword:
    def make(bound: float, rule: Rule, making: _Making) -> Fits:
        is_number = _type("number", rule, making)
        return lambda value: not is_number(value) or holds(value, bound)

    return make


_Keyword = Callable[[Any, Rule, _Making], Fits]
KEYWORDS: dict[str, _Keyword] = {
    "$ref": _reference,
    "type": _type,
    "enum": _enum,
    "oneOf": _one_of,
    "properties": _properties,
    "additionalProperties": _other_properties,
    "required": _required,
    "dependentRequired": _beside,
    "items": _items,
    "pattern": _pattern,
    "minItems": _size(list, operator.ge),
    "maxItems": _size(list, operator.le),
    "minLength": _size(str, operator.ge),
    "minProperties": _size(dict, operator.ge),
    "minimum": _bound(operator.ge),
    "maximum": _bound(operator.le),
    "exclusiveMinimum": _bound(operator.gt),
}
