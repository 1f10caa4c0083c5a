"""Whether data fits the schema of scenarios: a quick yes, or a no that the thorough library then explains.

Nearly every file is right, and those are read without jsonschema, which takes longer to import than a month takes to play.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from typing import Any

Rule = Mapping[str, Any]
Rules = Mapping[str, Rule]

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


def fits(value: Any, rule: Rule, defs: Rules) -> bool:
    """True only where ``value`` obeys ``rule``; ``defs`` are the rules that a ``$ref`` may name.

    Raises ``KeyError`` for a keyword that is neither in ``KEYWORDS`` nor in ``NOTES``.
    """
    return all(key in NOTES or KEYWORDS[key](value, wanted, rule, defs) for key, wanted in rule.items())


def _reference(value: Any, name: str, _rule: Rule, defs: Rules) -> bool:
    return fits(value, defs[name.rpartition("/")[2]], defs)


def _type(value: Any, names: str | list[str], _rule: Rule, _defs: Rules) -> bool:
    return any(_is(value, name) for name in ([names] if isinstance(names, str) else names))


def _is(value: Any, name: str) -> bool:
    """In JSON true is no number, as it is in Python. Whether 2.0 is an integer is left to the thorough library."""
    return isinstance(value, _TYPES[name]) and (name == "boolean" or not isinstance(value, bool))


def _enum(value: Any, known: list[Any], _rule: Rule, _defs: Rules) -> bool:
    return any(value == one and type(value) is type(one) for one in known)


def _one_of(value: Any, branches: list[Rule], _rule: Rule, defs: Rules) -> bool:
    return sum(fits(value, branch, defs) for branch in branches) == 1


def _properties(value: Any, rules: Rules, _rule: Rule, defs: Rules) -> bool:
    return not isinstance(value, dict) or all(fits(value[key], rules[key], defs) for key in rules if key in value)


def _other_properties(value: Any, wanted: Rule | bool, rule: Rule, defs: Rules) -> bool:
    known = rule.get("properties", {})
    others = [key for key in value if key not in known] if isinstance(value, dict) else []
    if isinstance(wanted, bool):
        return wanted or not others
    return all(fits(value[key], wanted, defs) for key in others)


def _required(value: Any, keys: list[str], _rule: Rule, _defs: Rules) -> bool:
    return not isinstance(value, dict) or all(key in value for key in keys)


def _beside(value: Any, needs: Mapping[str, list[str]], rule: Rule, defs: Rules) -> bool:
    return all(
        _required(value, keys, rule, defs) for key, keys in needs.items() if isinstance(value, dict) and key in value
    )


def _items(value: Any, wanted: Rule, _rule: Rule, defs: Rules) -> bool:
    return not isinstance(value, list) or all(fits(item, wanted, defs) for item in value)


def _pattern(value: Any, pattern: str, _rule: Rule, _defs: Rules) -> bool:
    return not isinstance(value, str) or re.search(pattern, value) is not None


def _size(kind: type[Any], holds: Callable[[int, int], bool]) -> _Keyword:
    return lambda value, bound, _rule, _defs: not isinstance(value, kind) or holds(len(value), bound)


def _bound(holds: Callable[[float, float], bool]) -> _Keyword:
    return lambda value, bound, _rule, _defs: not _is(value, "number") or holds(value, bound)


_Keyword = Callable[[Any, Any, Rule, Rules], bool]
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
