"""Bitrix24 as a desk: the face that the harness sees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from chatdrill.errors import SettingsError, Unsupported
from chatdrill.model import Agent, AgentAct, DeskEvent, Owner
from chatdrill.seeds import Stream
from chatdrill.wire import (
    Ack,
    Bucket,
    Desk,
    Exchange,
    Forgery,
    Handled,
    HttpFailure,
    HttpRequest,
    HttpResponse,
    Seat,
    Update,
)
from chatdrill_fakes.desks.bitrix24 import acting, declared, dividing, hooks, lines, routes
from chatdrill_fakes.desks.bitrix24.calls import Failure
from chatdrill_fakes.desks.bitrix24.coverage import COVERAGE
from chatdrill_fakes.desks.bitrix24.limits import BURST, BURST_ENTERPRISE, LIMITS, PER_S, PER_S_ENTERPRISE
from chatdrill_fakes.desks.bitrix24.methods.connectors import FLAGS
from chatdrill_fakes.desks.bitrix24.state import COUNTERS, Bitrix24State, Connector
from chatdrill_fakes.families.desks import Divided
from chatdrill_fakes.families.faces import SUCCESS, Unchecked, acknowledged
from chatdrill_fakes.families.settings import for_bots

_REFUSALS = {
    401: ("expired_token", "The access token provided has expired."),
    403: ("ACCESS_DENIED", "REST API is available only on commercial plans"),
    404: ("ERROR_METHOD_NOT_FOUND", "Method not found!"),
    429: ("OPERATION_TIME_LIMIT", "Method is blocked due to operation time limit."),
    503: ("QUERY_LIMIT_EXCEEDED", "Too many requests"),
}


class Bitrix24(Unchecked, Divided[Bitrix24State]):
    """Bitrix24 in the cloud, REST of 2026: open lines, custom connectors, bots, CRM."""

    name = "bitrix24"
    title = "Bitrix24"
    hosts: tuple[str, ...] = ("oauth.bitrix.info", "oauth.bitrix24.tech", "*.bitrix24.com", "*.bitrix24.ru")
    settings = declared.SETTINGS
    capabilities = declared.CAPABILITIES
    limits = LIMITS
    delivery = declared.DELIVERY
    coverage = COVERAGE

    def open(self, settings: Mapping[str, str], chance: Stream) -> Bitrix24State:
        """A portal with one open line and its connector. Raises ``SettingsError`` for ids that are no numbers."""
        for name in ("line", "user_id"):
            if not settings[name].isascii() or not settings[name].isdigit():
                raise SettingsError(f"bitrix24: {name} is a number, not {settings[name]!r}")
        state = Bitrix24State(settings=settings, chance=chance)
        state.counts = {kind: 1000 + chance.randrange(1000) * 2 for kind in COUNTERS}
        state.counts["line"] = int(settings["line"])
        state.counts["user"] = max(500, int(settings["user_id"])) + chance.randrange(100)
        line = lines.add_line(state, int(settings["line"]), "Support")
        flags = {**FLAGS, "CHAT_GROUP": state.on("chat_group")}
        connector = Connector(settings["connector"].lower(), "chatdrill", flags, active={line.id})
        state.connectors[connector.id] = connector
        line.config["VOTE_MESSAGE"] = "Y" if state.on("vote") else "N"
        state.tokens[settings["access_token"]] = (None, settings["user_id"])
        state.refreshers[settings["refresh_token"]] = settings["user_id"]
        if state.on("enterprise"):
            state.bucket = Bucket(per_s=PER_S_ENTERPRISE, burst=BURST_ENTERPRISE)
        else:
            state.bucket = Bucket(per_s=PER_S, burst=BURST)
        return state

    def environment(self, state: Bitrix24State, base_url: str) -> dict[str, str]:
        """Tokens and ids, ``BITRIX24_API_ROOT`` (a call goes to ``{root}/rest/{method}``) and the incoming webhook."""
        root, known = base_url.rstrip("/"), state.settings
        found = for_bots(self.settings, declared.FOR_BOTS, known)
        webhook = f"{root}/rest/{known['user_id']}/{known['webhook_code']}/"
        return {**found, "BITRIX24_API_ROOT": root, "BITRIX24_WEBHOOK_URL": webhook}

    def claims(self, request: HttpRequest, state: Bitrix24State) -> bool:  # noqa: ARG002
        """True for what only a portal has."""
        return request.path.startswith(("/rest/", "/oauth/token/", "/bitrix/services/"))

    def request(self, state: Bitrix24State, updates: Sequence[Update], now: float) -> HttpRequest:  # noqa: ARG002
        """The form that carries one event; it is not signed."""
        return hooks.request(state, updates[0])

    def read_ack(
        self,
        state: Bitrix24State,  # noqa: ARG002
        updates: Sequence[Update],  # noqa: ARG002
        answer: HttpResponse | HttpFailure,
        now: float,  # noqa: ARG002
    ) -> Ack:
        """Any status of success will do; what is written there is not read."""
        return acknowledged(answer, SUCCESS)

    def refusal(self, state: Bitrix24State, status: int, retry_after_s: int | None) -> HttpResponse:  # noqa: ARG002
        """An error with this status; the portal never says when to come again."""
        code, words = _REFUSALS.get(status, ("INTERNAL_SERVER_ERROR", "Internal server error"))
        return Failure(code, words, status).response

    def handle(self, state: Bitrix24State, exchange: Exchange) -> Handled:
        """Answer a call of the bot. Never raises."""
        return routes.handle(state, exchange)

    def hire(self, state: Bitrix24State, agent: Agent) -> None:
        """An employee, in the queue of the line; a team is a line of its own, and they are in its queue too."""
        if agent.key in state.seats:
            return
        state.seats[agent.key] = Seat(agent=agent, id=str(state.next("user")))
        state.line.queue.append(agent.key)
        if agent.team:
            line = lines.line_of_team(state, agent.team) or lines.add_line(
                state, lines.new_id(state, agent.team), agent.team
            )
            if agent.key not in line.queue:
                line.queue.append(agent.key)

    def act(self, state: Bitrix24State, ticket: str, act: AgentAct, now: float) -> Sequence[DeskEvent]:
        """See ``Desk.act``."""
        return acting.act(state, ticket, act, now)

    def owner(self, state: Bitrix24State, ticket: str) -> Owner:
        """The operator of the open session; the bot's again as soon as it is closed."""
        dialog = state.tickets.get(ticket)
        if dialog is None or dialog.is_over:
            return "bot"
        if dialog.assignee is not None:
            return "agent"
        return "queue" if dialog.bot is None else "bot"

    def owner_of(self, state: Bitrix24State, request: HttpRequest) -> str | None:
        """Whose call this is, where several workers hold the account; see ``chatdrill.wire.doors.Divisible``."""
        return dividing.owner_of(state, request)

    def forge(self, state: Bitrix24State, request: HttpRequest, how: Forgery, now: float) -> HttpRequest:  # noqa: ARG002
        """An event without ``application_token``, or with another portal's."""
        if how == "stale":
            raise Unsupported(f"bitrix24: {declared.CAPABILITIES.lacks['stale']}")
        body = hooks.forged(request, None if how == "unsigned" else "0" * 32)
        return msgspec.structs.replace(request, body=body)

    def dropped(
        self,
        state: Bitrix24State,  # noqa: ARG002
        updates: Sequence[Update],  # noqa: ARG002
        now: float,  # noqa: ARG002
    ) -> Sequence[DeskEvent]:
        """Nothing: an event that was not taken is lost."""
        return ()


desk: Desk[Bitrix24State] = Bitrix24()
