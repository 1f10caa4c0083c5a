"""The condition of an ``if``: a tiny language that can compare and nothing else.

    {platform} == telegram            equal, and != for different
    {platform} in [telegram, whatsapp]    one of a list; in a text: contained in it
    {status} not in [sent, lost]
    {nr}                              true unless empty or the word false
    not {nr} or ({a} == 1 and {b} == "two words")

Values are texts. A name without a value is empty.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping

from chatdrill.engine import templates
from chatdrill.errors import ScenarioError

_TOKEN = re.compile(
    r"""\s*(?:(?P<hole>\{[^\W\d][\w.]*\})|(?P<quoted>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(?P<sign>==|!=|[()\[\],])"""
    r"""|(?P<word>[^\s()\[\],'"{}=!]+)|(?P<wrong>\S))"""
)
_Value = str | list[str]


def holds(condition: str, values: Mapping[str, str]) -> bool:
    """Whether ``condition`` is true of ``values``. Raises ``ScenarioError`` where it cannot be read."""
    parser = _Parser(condition, values)
    result = parser.alternatives()
    parser.finish()
    return result


def check_condition(condition: str) -> None:
    """Raise ``ScenarioError`` if ``condition`` cannot be read."""
    holds(condition, {})


def fill_condition(condition: str, values: Mapping[str, str]) -> str:
    """Replace the names that have a value by quoted text and leave the others for later."""

    def value(token: re.Match[str]) -> str:
        if token["hole"] and token["hole"][1:-1] in values:
            return f" {templates.escaped(values[token['hole'][1:-1]])!r}"
        return f" {templates.fill(ast.literal_eval(token['quoted']), values)!r}" if token["quoted"] else token[0]

    return _TOKEN.sub(value, condition).strip()


class _Parser:
    """Reads and decides in one pass: both sides of ``and`` and ``or`` are always read, so errors never hide."""

    def __init__(self, condition: str, values: Mapping[str, str]) -> None:
        self._condition = condition
        self._values = values
        self._tokens = [(m.lastgroup or "", m[m.lastgroup or 0]) for m in _TOKEN.finditer(condition.rstrip())]
        self._at = 0

    def alternatives(self) -> bool:
        result = self._conjunction()
        while self._took("word", "or"):
            right = self._conjunction()
            result = result or right
        return result

    def finish(self) -> None:
        if self._at < len(self._tokens):
            raise self._error(f"did not expect {self._tokens[self._at][1]!r}")

    def _conjunction(self) -> bool:
        result = self._negation()
        while self._took("word", "and"):
            right = self._negation()
            result = result and right
        return result

    def _negation(self) -> bool:
        if self._took("word", "not"):
            return not self._negation()
        if self._took("sign", "("):
            result = self.alternatives()
            self._need(")")
            return result
        return self._comparison()

    def _comparison(self) -> bool:
        left = self._operand()
        if self._took("sign", "=="):
            return left == self._operand()
        if self._took("sign", "!="):
            return left != self._operand()
        if self._took("word", "in"):
            return left in self._operand()
        if self._took("word", "not"):
            self._need("in")
            return left not in self._operand()
        return left not in ("", "false", [])

    def _operand(self) -> _Value:
        kind, text = self._tokens[self._at] if self._at < len(self._tokens) else ("end", "the end")
        self._at += 1
        if kind == "hole":
            return self._values.get(text[1:-1], "")
        if kind == "quoted":
            return templates.render(ast.literal_eval(text), self._values)
        if kind == "word" and text not in ("and", "or", "in", "not"):
            return text
        if text == "[":
            return self._items()
        raise self._error(f"expected a value, not {text!r}")

    def _items(self) -> list[str]:
        items: list[str] = []
        while not self._took("sign", "]"):
            if items:
                self._need(",")
            items.append(str(self._operand()))
        return items

    def _took(self, kind: str, text: str) -> bool:
        if self._at < len(self._tokens) and self._tokens[self._at] == (kind, text):
            self._at += 1
            return True
        return False

    def _need(self, text: str) -> None:
        if not (self._took("sign", text) or self._took("word", text)):
            raise self._error(f"expected {text!r}")

    def _error(self, what: str) -> ScenarioError:
        return ScenarioError(f"cannot read the condition {self._condition!r}: {what}")
