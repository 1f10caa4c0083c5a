"""A call of the bot on its way through the fake, and what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from chatdrill.model import Effect
from chatdrill.wire import Exchange, Fetch, HttpResponse, Later
from chatdrill_fakes.platforms.line import ids
from chatdrill_fakes.platforms.line.errors import NOT_FOUND, ApiError, malformed
from chatdrill_fakes.platforms.line.reading import Place, Problems
from chatdrill_fakes.platforms.line.state import Group, Json, LineChat, LineState


class Asked(msgspec.Struct):
    """One call: its arguments, the variable parts of its path, and the time, which is the listener's; a chat may be ahead of it."""

    state: LineState
    exchange: Exchange
    name: str
    values: Json
    path: Mapping[str, str]
    retry_key: str | None = None
    drawn: str = ""

    @property
    def request_id(self) -> str:
        """The id of the request, which the answer tells; drawn when somebody asks, for a call that has to wait changes nothing."""
        if not self.drawn:
            self.drawn = ids.request_id(self.state.chance)
        return self.drawn

    @property
    def now(self) -> float:
        """Drill time of the listener."""
        return self.exchange.now

    @property
    def query(self) -> dict[str, str]:
        """The arguments of the address."""
        return dict(self.exchange.request.query)

    def place(self) -> Place:
        """The body, to be read."""
        return Place(self.values, "", Problems(self.state.strict))

    def known(self, user_id: str) -> LineChat:
        """The chat of a person whom the account may look at. Raises 400 for what is no id, 404 for anybody else."""
        if not ids.is_holder(user_id, "U"):
            raise ApiError(400, "The value for the 'userId' parameter is invalid")
        chat = self.state.chats.get(user_id)
        if chat is None or chat.takes(chat.at(self.now)) is not None:
            raise ApiError(404, NOT_FOUND)
        return chat

    def group(self) -> Group:
        """The group or room in the path. Raises 400 and 404."""
        name, letter = ("groupId", "C") if "groupId" in self.path else ("roomId", "R")
        if not ids.is_holder(self.path[name], letter):
            raise ApiError(400, f"The value for the '{name}' parameter is invalid")
        group = self.state.groups.get(self.path[name])
        if group is None:
            raise ApiError(404, NOT_FOUND)
        return group

    def text(self, name: str) -> str:
        """A string that must be there."""
        value = self.values.get(name)
        if not isinstance(value, str) or not value:
            raise malformed(f"'{name}'")
        return value

    def people(self, name: str, most: int) -> list[str]:
        """A list of ids of people that must be there."""
        value = self.values.get(name)
        if not isinstance(value, list):
            raise malformed(f"'{name}'")
        for number, one in enumerate(value[: most + 1]):
            if not ids.is_holder(one, "U"):
                raise malformed(f"{name}[{number}]")
        if not 1 <= len(value) <= most:
            details = [{"message": f"Size must be between 1 and {most}", "property": name}]
            raise ApiError(400, "The request body has 1 error(s)", details)
        return list(dict.fromkeys(value))


class Answered(msgspec.Struct):
    """What a call comes to: the JSON of the answer, or a whole response, or a wait."""

    body: Json = {}
    status: int = 200
    to: str | None = None
    effects: tuple[Effect, ...] = ()
    later: tuple[Later, ...] = ()
    response: HttpResponse | None = None
    wait: Fetch | None = None
    note: str | None = None
