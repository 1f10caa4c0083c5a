"""``imopenlines.config.*``: the settings of a line."""

from __future__ import annotations

from typing import Any

from chatdrill_fakes.desks.bitrix24 import hooks, lines, values
from chatdrill_fakes.desks.bitrix24.calls import Failure, Job, Method
from chatdrill_fakes.desks.bitrix24.state import Line

REVISION = {"rest": 4, "web": 1, "mobile": 1}


def add(job: Job) -> Any:
    """A new line; returns its id."""
    said = values.upper(job.table("PARAMS"))
    line = lines.add_line(job.state, job.state.next("line"), values.text(said.get("LINE_NAME")) or "Open Channel")
    _change(job, line, said)
    return line.id


def update(job: Job) -> Any:
    """Some settings of a line are other ones."""
    line = _line(job)
    _change(job, line, values.upper(job.table("PARAMS")))
    return True


def _change(job: Job, line: Line, said: dict[str, Any]) -> None:
    queue = said.pop("QUEUE", None)
    line.config |= said
    if queue is not None:
        line.queue = _queue(job, queue)


def _queue(job: Job, queue: Any) -> list[str]:
    """Agents by the ids of users, alone or as entities."""
    found = []
    for each in values.rows(queue):
        id = values.number(values.upper(each).get("ENTITY_ID") if isinstance(each, dict) else each)
        agent = job.state.agent_by_id(str(id))
        if agent is not None and agent not in found:
            found.append(agent)
    return found


def _line(job: Job) -> Line:
    line = job.state.lines.get(job.number("CONFIG_ID") or job.number("ID"))
    if line is None:
        raise Failure("CONFIG_NOT_FOUND", "The open line was not found")
    return line


def get(job: Job) -> Any:
    """All settings of a line; false for one that does not exist."""
    line = job.state.lines.get(job.number("CONFIG_ID") or job.number("ID"))
    return False if line is None else _shown(job, line)


def _shown(job: Job, line: Line) -> dict[str, Any]:
    users = [job.state.seats[agent].id for agent in line.queue]
    return {"ID": str(line.id), **line.config, "QUEUE": users}


def listed(job: Job) -> Any:
    """All lines."""
    return [_shown(job, line) for line in job.state.lines.values()]


def delete(job: Job) -> Any:
    """A line is deleted; the connectors that served it hear of it."""
    line = _line(job)
    if line is job.state.line:
        raise Failure("ACCESS_DENIED", "chatdrill keeps the line of its settings")
    del job.state.lines[line.id]
    for connector in job.state.connectors.values():
        connector.active.discard(line.id)
    hooks.tell(job.scene(), "ONIMCONNECTORLINEDELETE", line.id)
    return True


def revision(job: Job) -> Any:  # noqa: ARG001
    """The revisions of the interface."""
    return dict(REVISION)


_RUNS = {
    "imopenlines.config.add": add,
    "imopenlines.config.get": get,
    "imopenlines.config.list.get": listed,
    "imopenlines.config.update": update,
    "imopenlines.config.delete": delete,
    "imopenlines.revision.get": revision,
}
METHODS = {name: Method(run, "imopenlines") for name, run in _RUNS.items()}
