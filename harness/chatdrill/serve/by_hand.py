"""Being an agent by hand: what the control API does at the helpdesk."""

from __future__ import annotations

from typing import Any

import msgspec

from chatdrill.errors import did_you_mean
from chatdrill.model import Agent, AgentAct, Reply, Text, Transfer
from chatdrill.serve.asked import AGENT_ACTS, AgentRequest, Wrong, agent_act
from chatdrill.serve.bureau import Bureau
from chatdrill.serve.channel import Office

_NEWCOMER = "agent"


def act_as_agent(bureau: Bureau, wanted: AgentRequest) -> dict[str, Any]:
    """Carry out a request, and say what it did. Raises ``Wrong``, or what ``Bureau.act`` raises."""
    office = _office(bureau, wanted.desk)
    if wanted.act is None and wanted.text is None:
        raise Wrong(f'name an "act" or a "text"; acts are {", ".join(AGENT_ACTS)}')
    is_presence = _name(wanted) == "set_presence"
    ticket = "" if is_presence else _ticket(office, wanted.ticket)
    seat = _seat(office, wanted.agent, ticket)
    act = _act(wanted, seat)
    if isinstance(act, Transfer) and act.to_agent is not None:
        _seat(office, act.to_agent, ticket)
    events = bureau.act(office.name, ticket, act)
    told = [str(event.__struct_config__.tag) for event in events]
    return {"ticket": ticket, "agent": seat, "owner": office.owners.get(ticket, "bot"), "events": told}


def _name(wanted: AgentRequest) -> object:
    return wanted.act.get("act") if isinstance(wanted.act, dict) else wanted.act


def _act(wanted: AgentRequest, seat: str) -> AgentAct:
    if wanted.act is not None:
        return agent_act(wanted.act, seat)
    return Reply(agent=seat, parts=(Text(text=wanted.text or ""),))


def _office(bureau: Bureau, name: str | None) -> Office:
    if name is not None:
        return bureau.office(name)
    if not bureau.offices:
        raise Wrong("there is no helpdesk here; start with --desk NAME", 422)
    return next(iter(bureau.offices.values()))


def _ticket(office: Office, wanted: str | None) -> str:
    tickets = office.state.tickets
    if wanted is None:
        if not tickets:
            raise Wrong(f"{office.name} has no ticket yet: the bot has made none", 422)
        return next(reversed(tickets))
    if wanted not in tickets:
        raise Wrong(f"{office.name} has no ticket {wanted!r}{did_you_mean(wanted, tickets)}", 422)
    return wanted


def _seat(office: Office, wanted: str | Agent | None, ticket: str) -> str:
    """The key of the agent, who is hired at the first time."""
    if wanted is None:
        found = office.state.tickets.get(ticket)
        wanted = (found.assignee if found is not None else None) or _NEWCOMER
    agent = wanted if isinstance(wanted, Agent) else Agent(key=wanted, first_name=wanted.capitalize())
    if agent.key not in office.state.seats:
        email = agent.email or f"{agent.key}@desk.example.org"
        office.desk.hire(office.state, msgspec.structs.replace(agent, email=email))
    return agent.key
