"""Users, work days, and what the portal says of itself."""

from __future__ import annotations

from typing import Any

from chatdrill.wire import Seat
from chatdrill_fakes.desks.bitrix24 import values
from chatdrill_fakes.desks.bitrix24.calls import Failure, Job, Method, page

_WORK = {"online": "OPENED", "away": "PAUSED", "offline": "CLOSED"}


def _shown(seat: Seat) -> dict[str, Any]:
    agent = seat.agent
    return {
        "ID": seat.id,
        "ACTIVE": True,
        "NAME": agent.first_name,
        "LAST_NAME": agent.last_name,
        "SECOND_NAME": "",
        "EMAIL": agent.email,
        "IS_ONLINE": "Y" if seat.presence == "online" else "N",
        "TIME_ZONE": agent.zone,
        "WORK_POSITION": agent.team or "",
        "USER_TYPE": "employee",
        "UF_DEPARTMENT": [1],
    }


def _installer(job: Job) -> dict[str, Any]:
    id = job.state.settings["user_id"]
    return {
        "ID": id, "ACTIVE": True, "NAME": "Integration", "LAST_NAME": "", "SECOND_NAME": "", "EMAIL": "", "IS_ONLINE": "N",
        "TIME_ZONE": "", "WORK_POSITION": "", "USER_TYPE": "employee", "UF_DEPARTMENT": [1],
    }  # fmt: skip


def users(job: Job) -> Any:
    """The employees, by id, by e-mail, by whether they are there."""
    said = {**job.args, **values.upper(job.table("FILTER"))}
    found = [_installer(job), *map(_shown, job.state.seats.values())]
    for key in ("ID", "EMAIL", "NAME", "LAST_NAME", "IS_ONLINE"):
        if key in said:
            wanted = {values.text(each) for each in values.rows(said[key])} or {values.text(said[key])}
            found = [each for each in found if str(each[key]) in wanted]
    return page(found, job.number("START"))


def current(job: Job) -> Any:
    """The user in whose name the call is made."""
    agent = job.state.agent_by_id(job.caller.user)
    return _installer(job) if agent is None else _shown(job.state.seats[agent])


def profile(job: Job) -> Any:
    """The same, in short."""
    shown = current(job)
    is_admin = shown["ID"] == job.state.settings["user_id"]
    return {key: shown[key] for key in ("ID", "NAME", "LAST_NAME", "TIME_ZONE")} | {"ADMIN": is_admin}


def work_day(job: Job) -> Any:
    """Whether somebody has begun their work day."""
    id = job.text("USER_ID") or job.caller.user
    agent = job.state.agent_by_id(id)
    if agent is None and id != job.state.settings["user_id"]:
        raise Failure("", "User not found")
    status = "OPENED" if agent is None else _WORK[job.state.seats[agent].presence]
    return {"STATUS": status, "TIME_START": values.iso(job.now), "DURATION": "00:00:00", "TIME_LEAKS": "00:00:00"}


def app(job: Job) -> Any:
    """The application."""
    return {
        "ID": 1,
        "CODE": job.state.settings["client_id"],
        "VERSION": 1,
        "STATUS": "L",
        "INSTALLED": True,
        "SCOPE": job.state.settings["scope"].split(","),
        "LANGUAGE_ID": "en",
        "LICENSE": "en_company",
    }


def scope(job: Job) -> Any:
    """What may be called."""
    return job.state.settings["scope"].split(",")


def server_time(job: Job) -> Any:
    """What time it is there."""
    return values.iso(job.now)


METHODS = {
    "user.get": Method(users, "user"),
    "user.current": Method(current, "user"),
    "profile": Method(profile),
    "timeman.status": Method(work_day, "timeman"),
    "app.info": Method(app, app_only=True),
    "scope": Method(scope),
    "server.time": Method(server_time),
}
