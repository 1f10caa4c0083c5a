"""``batch``: up to fifty calls in one, which may use each other's results."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote_plus

from chatdrill_fakes.desks.bitrix24 import values
from chatdrill_fakes.desks.bitrix24.calls import Caller, Failure, Job, Page, timing
from chatdrill_fakes.desks.bitrix24.state import Bitrix24State
from chatdrill_fakes.families.desks import Visit
from chatdrill_fakes.families.desks.brackets import decode_brackets

CALLS_MAX = 50  # REST documentation, batch
_BARRED = frozenset({"batch"})
_RESULT = re.compile(r"\$result((?:\[[^\[\]]*\])+)")
_KEY = re.compile(r"\[([^\[\]]*)\]")
One = Callable[[Visit[Bitrix24State], Caller, str, Mapping[str, Any]], Any]


def run_batch(job: Job, one: One) -> dict[str, Any]:
    """Run the calls in their order; with ``halt`` the first failure is the last call."""
    commands = commands_of(job.args)
    if len(commands) > CALLS_MAX:
        raise Failure("ERROR_BATCH_LENGTH_EXCEEDED", "Max batch length exceeded")
    made: dict[str, dict[str, Any]] = {
        key: {} for key in ("result", "result_error", "result_total", "result_next", "result_time")
    }
    for key, command in commands.items():
        name, args = read_command(command, made["result"])
        try:
            if name.lower() in _BARRED:
                raise Failure("ERROR_BATCH_METHOD_NOT_ALLOWED", "Method is not allowed for batch usage", 405)
            _keep(made, key, one(job.visit, job.caller, name, args), job.now)
        except Failure as failure:
            made["result_error"][key] = {"error": failure.code, "error_description": failure.description}
            if values.flag(job.get("halt")):
                break
    return {name: _php(found) for name, found in made.items()}


def commands_of(args: Mapping[str, Any]) -> dict[str, Any]:
    """The calls of a batch by their names."""
    given = args.get("CMD")
    if isinstance(given, list):
        return {str(number): each for number, each in enumerate(given)}
    return values.table(given)


def _php(found: dict[str, Any]) -> Any:
    """PHP makes a list of what is numbered without gaps, and of what is empty."""
    return list(found.values()) if list(found) == [str(number) for number in range(len(found))] else found


def _keep(made: dict[str, dict[str, Any]], key: str, result: Any, now: float) -> None:
    if isinstance(result, Page):
        made["result"][key], made["result_total"][key] = result.result, result.total
        if result.next is not None:
            made["result_next"][key] = result.next
    else:
        made["result"][key] = result
    made["result_time"][key] = timing(now)


def read_command(command: Any, results: Mapping[str, Any] | None = None) -> tuple[str, dict[str, Any]]:
    """``method?query``, or an object with the method and its parameters."""
    if isinstance(command, dict):
        name, args = values.text(command.get("method")), values.table(command.get("params"))
    else:
        name, _, query = values.text(command).partition("?")
        args = decode_brackets(query)
    return name.strip().strip("/"), values.upper(values.shallow(_filled(args, results or {})))


def _filled(value: Any, results: Mapping[str, Any]) -> Any:
    """The value with ``$result[key][field]`` replaced by what the earlier call gave."""
    if isinstance(value, dict):
        return {key: _filled(item, results) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, results) for item in value]
    if not isinstance(value, str) or "$result" not in value:
        return value
    whole = _RESULT.fullmatch(value)
    if whole is not None:
        return _at(results, whole[1])
    return _RESULT.sub(lambda found: values.text(_at(results, found[1])), value)


def _at(results: Any, path: str) -> Any:
    for key in _KEY.findall(unquote_plus(path)):
        if isinstance(results, list) and key.isdigit() and int(key) < len(results):
            results = results[int(key)]
        else:
            results = values.table(results).get(key)
    return results if results is not None else ""
