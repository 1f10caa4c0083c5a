"""The bodies that the control API takes, and what is said of wrong ones."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, TypeVar, get_args

import msgspec

from chatdrill.errors import did_you_mean
from chatdrill.model import ACT_NAMES, Act, Agent, AgentAct, Customer, Elapse
from chatdrill.serve.faults import Fault, Kind, Where


class Wrong(Exception):
    """A request that cannot be answered; the text says why."""

    def __init__(self, why: str, status: int = 400) -> None:
        super().__init__(why)
        self.status = status


class ActRequest(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """The body of ``POST act``: who (``to``, an address, or ``customer``, a name or a whole customer) does what.

    ``text`` is short for writing it, ``press`` for pressing the button of that title in the bot's newest message with one.
    """

    platform: str
    to: str | None = None
    customer: str | Customer | None = None
    act: Act | None = None
    text: str | None = None
    press: str | None = None


class JoinRequest(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """The body of ``POST join``: a ``customer``, a name or a whole one, gets an account on a ``platform``, and says nothing yet."""

    platform: str
    customer: str | Customer


class AgentRequest(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """The body of ``POST agent``: in which ``ticket`` (else the newest) which ``agent`` does what at the helpdesk.

    ``agent`` is a name or a whole agent, who is hired at the first time; else whoever has the ticket. ``act`` is the name of an
    act (``accept``) or a whole one, and ``text`` short for replying with it.
    """

    desk: str | None = None
    ticket: str | None = None
    agent: str | Agent | None = None
    act: str | dict[str, Any] | None = None
    text: str | None = None


class JumpRequest(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """The body of ``POST time``: time moves on by ``jump_s`` seconds."""

    jump_s: Annotated[float, msgspec.Meta(ge=0)]


class WorkRequest(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """The body of ``POST work``: the bot is at work, for at most ``for_s`` real seconds."""

    for_s: float = 30.0


AGENT_ACTS: Mapping[str, type[AgentAct]] = {
    str(act.__struct_config__.tag): act for act in get_args(AgentAct) if act is not Elapse
}
"""What somebody can do at a helpdesk by hand; what the desk has planned itself is not theirs."""
_WORDS: Mapping[str, tuple[str, ...]] = {"act": ACT_NAMES, "where": get_args(Where), "kind": get_args(Kind)}
B = TypeVar("B", ActRequest, AgentRequest, JoinRequest, Fault, JumpRequest, WorkRequest)


def decoded(body: bytes, kind: type[B]) -> B:
    """The body as what it should be. Raises ``Wrong``."""
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError as error:
        raise Wrong(f"{error}{_hint(kind, str(error))}") from error
    except msgspec.DecodeError as error:
        raise Wrong(f"the body is not JSON: {error}") from error


def agent_act(given: str | Mapping[str, Any], agent: str) -> AgentAct:
    """The act that an agent's request means. Raises ``Wrong``."""
    fields = {"act": given} if isinstance(given, str) else dict(given)
    name = str(fields.pop("act", ""))
    if name not in AGENT_ACTS:
        raise Wrong(f"an agent does not {name!r}" + did_you_mean(name, AGENT_ACTS))
    kind = AGENT_ACTS[name]
    for field in fields:
        if field not in kind.__struct_fields__:
            raise Wrong(f"there is no {field!r} in {name!r}" + did_you_mean(field, kind.__struct_fields__))
    try:
        return msgspec.convert({"agent": "" if name == "rate" else agent, **fields, "act": name}, kind)
    except msgspec.ValidationError as error:
        raise Wrong(f"{name}: {error}") from error


def _hint(kind: type[msgspec.Struct], problem: str) -> str:
    """What an unknown field or word was probably meant to be."""
    found = re.search(r"unknown field `(.+?)`", problem)
    if found is not None:
        return did_you_mean(found[1], kind.__struct_fields__)
    found = re.search(r"Invalid (?:enum )?value '(.+?)'(?: - at `\$[\w.]*\.(\w+)`)?", problem)
    return did_you_mean(found[1], _WORDS.get(found[2] or "", ())) if found is not None else ""
