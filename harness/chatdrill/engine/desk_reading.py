"""From what a person wrote to the steps about the helpdesk; see ``chatdrill.engine.reading``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, get_args

import msgspec

from chatdrill.engine import desk_steps as steps
from chatdrill.engine.desk_steps import AgentVerb
from chatdrill.engine.durations import seconds
from chatdrill.engine.expect import MessageRef, message
from chatdrill.engine.templates import bare, plain
from chatdrill.errors import ScenarioError, did_you_mean
from chatdrill.serve.faults import Fault, Kind, Where

Contents = Callable[[Any], tuple[Any, ...]]
Expectations = Callable[[Any], Any]


def _handoff(value: Any) -> steps.Handoff:
    given = dict(value) if isinstance(value, Mapping) else {"to": value} if value is not None else {}
    carries = given.get("carries", ())
    return steps.Handoff(
        to=None if given.get("to") is None else plain(given["to"]),
        within_s=seconds(given["within"]) if "within" in given else None,
        carries=tuple(plain(item) for item in (carries if isinstance(carries, list | tuple) else [carries])),
    )


def _message(value: Any) -> MessageRef:
    return MessageRef() if value is None else message(plain(value))


MAIN: dict[AgentVerb, str | None] = {
    "says": "text",
    "sends": "content",
    "notes": "text",
    "edits": "to",
    "deletes": "message",
    "types": "for",
    "accepts": None,
    "declines": None,
    "takes over": None,
    "transfers": "to",
    "sets": "state",
    "closes": None,
    "releases": None,
    "reopens": None,
    "goes": "presence",
}
"""What stands after a verb in its short form; after the others stands nothing, or the agent."""
_COMMON = ("by", "within")
_EXTRAS: dict[AgentVerb, tuple[str, ...]] = {
    "says": ("template", "reply_to"),
    "edits": ("message",),
    "transfers": ("team",),
}
_WORDS: dict[AgentVerb, tuple[str, ...]] = {
    "sets": ("new", "open", "pending", "snoozed", "solved", "closed"),
    "goes": ("online", "away", "offline"),
}


def _agent(verb: AgentVerb, contents: Contents) -> Callable[[Any], steps.AgentDoes]:
    main = MAIN[verb]

    def read(value: Any) -> steps.AgentDoes:
        given = _given(verb, main, value)
        fields: dict[str, Any] = {"verb": verb, "agent": None if given.get("by") is None else plain(given["by"])}
        if "within" in given:
            fields["within_s"] = seconds(given["within"])
        fields |= _FIELDS[verb](given, contents) if verb in _FIELDS else {}
        return steps.AgentDoes(**fields)

    return read


def _given(verb: AgentVerb, main: str | None, value: Any) -> dict[str, Any]:
    if verb == "sends":  # what is sent is a mapping by itself
        given = dict(value) if isinstance(value, Mapping) else {"content": value}
        beside = {key: given.pop(key) for key in _COMMON if key in given}
        return {"content": given.get("content", given), **beside}
    if not isinstance(value, Mapping):
        return {} if value is None else {main or "by": value}
    known = (*([main] if main else []), *_EXTRAS.get(verb, ()), *_COMMON)
    for key in value:
        if key not in known:
            raise ScenarioError(f"{key!r} does not go with 'agent {verb}'" + did_you_mean(str(key), known))
    return dict(value)


def _said(given: Mapping[str, Any], _: Contents) -> dict[str, Any]:
    if ("text" in given) == ("template" in given):
        raise ScenarioError("'agent says' needs either 'text' or 'template', a canned answer")
    quoted = {"message": _message(given["reply_to"])} if "reply_to" in given else {}
    return {**{key: plain(given[key]) for key in ("text", "template") if key in given}, **quoted}


def _transferred(given: Mapping[str, Any], _: Contents) -> dict[str, Any]:
    if ("to" in given) == ("team" in given):
        raise ScenarioError("'agent transfers' needs either 'to', an agent, or 'team'")
    return {key: plain(given[key]) for key in ("to", "team") if key in given}


def _word(verb: AgentVerb, key: str) -> Callable[[Mapping[str, Any], Contents], dict[str, Any]]:
    def read(given: Mapping[str, Any], _: Contents) -> dict[str, Any]:
        word = plain(given.get(key, ""))
        if word not in _WORDS[verb]:
            raise ScenarioError(f"'agent {verb}' does not know {word!r}" + did_you_mean(word, _WORDS[verb]))
        return {"word": word}

    return read


_FIELDS: dict[AgentVerb, Callable[[Mapping[str, Any], Contents], dict[str, Any]]] = {
    "says": _said,
    "sends": lambda given, contents: {"contents": contents(given["content"])},
    "notes": lambda given, _: {"text": plain(given["text"])},
    "edits": lambda given, _: {"text": plain(given["to"]), "message": _message(given.get("message"))},
    "deletes": lambda given, _: {"message": _message(given.get("message"))},
    "types": lambda given, _: {"seconds": seconds(given["for"])},
    "transfers": _transferred,
    "sets": _word("sets", "state"),
    "goes": _word("goes", "presence"),
}


_NOT_SEEN = ("after", "not before", "by", "in_order", "only", "capture")


def _sees(expectation: Expectations) -> Callable[[Any], steps.AgentSees]:
    def read(value: Any) -> steps.AgentSees:
        short = {"all": value} if isinstance(value, list) else {"one": value}
        given: dict[str, Any] = dict(value) if isinstance(value, Mapping) else short
        for key in _NOT_SEEN:
            if key in given:
                raise ScenarioError(f"'agent sees' has no {key!r}: it asks for what stands in the ticket, in any order")
        within_s = seconds(given.pop("within")) if "within" in given else None
        items = given["all"] if "all" in given else [given.get("one", given)]
        return steps.AgentSees(expectations=tuple(expectation(item) for item in items), within_s=within_s)

    return read


def _rates(value: Any) -> steps.Rates:
    given = dict(value) if isinstance(value, Mapping) else {"score": value}
    text = plain(given["score"])
    if text not in ("1", "2", "3", "4", "5"):
        raise ScenarioError(f"'rates' takes 1 (worst) to 5 (best), not {text!r}")
    return steps.Rates(score=int(text), comment=plain(given.get("comment", "")))


def _breaks(value: Mapping[str, Any]) -> steps.Breaks:
    fault: dict[str, Any] = bare(value)
    for key in ("delay", "retry_after"):
        if key in fault:
            fault[f"{key}_s"] = seconds(fault.pop(key))
    if "retry_after_s" in fault:
        fault["retry_after_s"] = round(fault["retry_after_s"])
    if "on" in fault:
        fault["platform"] = fault.pop("on")
    for key, known in (("where", get_args(Where)), ("kind", get_args(Kind))):
        if fault[key] not in known:
            raise ScenarioError(
                f"'breaks' does not know the {key} {fault[key]!r}" + did_you_mean(str(fault[key]), known)
            )
    try:
        msgspec.convert(fault, Fault)
    except msgspec.ValidationError as error:
        raise ScenarioError(f"'breaks': {str(error).partition(' - at ')[0]}") from error
    return steps.Breaks(fault=fault)


def _forges(value: Any) -> steps.Forges:
    given = dict(value) if isinstance(value, Mapping) else {"how": value}
    how = plain(given.get("how", "wrong"))
    known = ("unsigned", "wrong", "stale")
    if how not in known:
        raise ScenarioError(f"a webhook is forged {', '.join(known)}, not {how!r}" + did_you_mean(how, known))
    return msgspec.convert({"how": how, "text": plain(given.get("text", "Send me your card number"))}, steps.Forges)


def desk_readers(contents: Contents, expectation: Expectations) -> dict[str, Callable[[Any], Any]]:
    """The verbs about the helpdesk and how what stands after them is read."""
    return {
        "handoff": _handoff,
        **{f"agent {verb}": _agent(verb, contents) for verb in MAIN},
        "agent sees": _sees(expectation),
        "rates": _rates,
        "breaks": _breaks,
        "forges": _forges,
        "bot restarts": lambda _: steps.Restarts(),
    }
