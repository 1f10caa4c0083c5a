"""``event.*``: handlers of events, and the queue of those who come for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from chatdrill.wire import Hook
from chatdrill_fakes.desks.bitrix24 import declared, hooks, values
from chatdrill_fakes.desks.bitrix24.calls import PAGE, Failure, Job, Method, page
from chatdrill_fakes.desks.bitrix24.state import Binding, Record

KNOWN = frozenset((*hooks.EMULATED, *hooks.SILENT, *(name for pair in hooks.BOT_EVENTS.values() for name in pair)))
_COLUMNS: dict[str, Callable[[Record], Any]] = {
    "ID": lambda record: record.id,
    "TIMESTAMP_X": lambda record: values.iso(record.at),
    "EVENT_NAME": lambda record: record.event,
    "MESSAGE_ID": lambda record: record.id,
    "PROCESS_ID": lambda record: record.process_id,
    "ERROR": lambda record: int(record.error),
}


def is_address(url: str) -> bool:
    """True for something that a portal could call."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def bind(job: Job) -> Any:
    """A handler for an event, called or asked for."""
    event, url, user = job.text("EVENT").upper(), job.text("HANDLER"), job.text("AUTH_TYPE") or "0"
    is_offline = job.text("EVENT_TYPE").lower() == "offline"
    if event not in KNOWN:
        raise Failure("ERROR_EVENT_NOT_FOUND", "Event not found")
    is_admin = job.caller.user == job.state.settings["user_id"]
    if is_offline and not is_admin:
        words = "Access denied! Offline events binding requires administrator access rights"
        raise Failure("ACCESS_DENIED", words, 403)
    if user not in ("0", job.caller.user) and not is_admin:
        raise Failure(
            "ACCESS_DENIED", "Access denied! Event binding with AUTH_TYPE requires administrator access rights", 403
        )
    if not is_offline and not is_address(url):
        raise Failure("ERROR_WRONG_HANDLER_URL", "Wrong handler URL")
    connector = job.text("AUTH_CONNECTOR") if is_offline else ""
    if any(_same(each, event, url, user, is_offline, connector) for each in job.state.bindings):
        raise Failure("ERROR_HANDLER_ALREADY_EXIST", "Handler already exists!")
    id = job.state.next("handler")
    hook = None if is_offline else Hook(str(id), url, wants=frozenset({event}), retry=declared.ONCE)
    job.state.bindings.append(Binding(id, event, url, user, is_offline, connector, hook))
    job.state.outbox.changed()
    return True


def _same(each: Binding, event: str, url: str, user: str, is_offline: bool, connector: str) -> bool:
    if each.offline or is_offline:
        return (each.event, each.offline, each.connector) == (event, is_offline, connector)
    return (each.event, each.url, each.user) == (event, url, user)


def unbind(job: Job) -> Any:
    """Handlers are removed; whatever is not said fits all."""
    wants = {"event": job.text("EVENT").upper(), "url": job.text("HANDLER"), "user": job.text("AUTH_TYPE")}
    is_offline = job.text("EVENT_TYPE").lower() == "offline"

    def fits(each: Binding) -> bool:
        said = ((getattr(each, name), value) for name, value in wants.items() if value)
        return each.offline == is_offline and all(mine == value for mine, value in said)

    gone = [each for each in job.state.bindings if fits(each)]
    job.state.bindings = [each for each in job.state.bindings if each not in gone]
    return {"count": len(gone)}


def listed(job: Job) -> Any:
    """All handlers."""
    return [
        {"event": each.event, "handler": each.url, "auth_type": each.user, "offline": int(each.offline)}
        for each in job.state.bindings
    ]


# ------------------------------------------------------------------------------------------------ offline events


def _admin(job: Job) -> None:
    if job.caller.user != job.state.settings["user_id"]:
        raise Failure("ACCESS_DENIED", "Access denied!", 403)


def offline_get(job: Job) -> Any:
    """The next records; taken away, or with ``clear=0`` reserved for a process."""
    _admin(job)
    clears = values.flag(job.get("CLEAR"), True)
    process = job.text("PROCESS_ID")
    limit = job.number("LIMIT") if job.get("LIMIT") is not None else PAGE
    waiting = [
        each
        for each in _chosen(job, "TIMESTAMP_X")
        if each.process_id in ("", process) and each.error == values.flag(job.get("ERROR"))
    ][: max(limit, 0)]
    if clears:
        job.state.records = [each for each in job.state.records if each not in waiting]
        return {"process_id": None, "events": [_shown(each) for each in waiting]}
    process = process or job.state.chance.hex(32)
    for each in waiting:
        each.process_id = process
    return {"process_id": process, "events": [_shown(each) for each in waiting]}


def offline_list(job: Job) -> Any:
    """The records, as they lie; nothing is taken."""
    _admin(job)
    shown = [
        {**_shown(each), "PROCESS_ID": each.process_id, "ERROR": str(int(each.error))} for each in _chosen(job, "ID")
    ]
    return page(shown, job.number("START"))


def _shown(record: Record) -> dict[str, Any]:
    return {
        "ID": str(record.id),
        "TIMESTAMP_X": values.iso(record.at),
        "EVENT_NAME": record.event,
        "EVENT_DATA": record.data,
        "EVENT_ADDITIONAL": False,
        "MESSAGE_ID": str(record.id),
    }


def _chosen(job: Job, order: str) -> list[Record]:
    """The records of a source that pass ``filter``, in their ``order``."""
    found = [each for each in job.state.records if each.connector == job.text("AUTH_CONNECTOR")]
    for key, value in values.upper(job.table("FILTER")).items():
        field = key.lstrip("<>=!@")
        if field in _COLUMNS:
            found = [each for each in found if _passes(_COLUMNS[field](each), key[: len(key) - len(field)], value)]
    key, way = next(iter(values.upper(job.table("ORDER")).items()), (order, "ASC"))
    if key in _COLUMNS:
        found.sort(key=lambda each: (_COLUMNS[key](each), each.id), reverse=values.text(way).upper() == "DESC")
    return found


def _passes(mine: Any, how: str, value: Any) -> bool:
    options = (
        [values.text(each) for each in values.rows(value)] if isinstance(value, list | dict) else [values.text(value)]
    )
    if how in ("", "=", "@"):
        return str(mine) in options
    wanted: Any = values.number(options[0] if options else "") if isinstance(mine, int) else (options or [""])[0]
    compared = {"!": mine != wanted, "<": mine < wanted, ">": mine > wanted, "<=": mine <= wanted, ">=": mine >= wanted}
    return bool(compared.get(how, True))


def offline_clear(job: Job) -> Any:
    """What a process has done is taken away."""
    _admin(job)
    done = _of_process(job)
    job.state.records = [each for each in job.state.records if each not in done]
    return True


def offline_error(job: Job) -> Any:
    """What a process could not do is marked, and stays."""
    _admin(job)
    for each in _of_process(job):
        each.error, each.process_id = True, ""
    return True


def _of_process(job: Job) -> list[Record]:
    process = job.text("PROCESS_ID")
    ids = values.rows(job.get("ID")) or values.rows(job.get("MESSAGE_ID"))
    wanted = {values.number(each) for each in ids}
    return [
        each
        for each in job.state.records
        if process and each.process_id == process and (not wanted or each.id in wanted)
    ]


_RUNS = {
    "event.bind": bind,
    "event.unbind": unbind,
    "event.get": listed,
    "event.offline.get": offline_get,
    "event.offline.list": offline_list,
    "event.offline.clear": offline_clear,
    "event.offline.error": offline_error,
}
METHODS = {name: Method(run, app_only=True) for name, run in _RUNS.items()} | {
    "events": Method(lambda job: sorted(KNOWN), app_only=True)  # noqa: ARG005
}
