"""The stage: the fakes of one run on their sockets, the couriers to the bot, and the records of it all."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from chatdrill.clock import GRAIN_S, Clock
from chatdrill.errors import BotError, UsageError
from chatdrill.model import Act, Customer
from chatdrill.seeds import Seed
from chatdrill.serve.answers import Bounds, Handler
from chatdrill.serve.asgi import AsgiApp, AsgiBot
from chatdrill.serve.bureau import Bureau
from chatdrill.serve.channel import Account, Channel, Office
from chatdrill.serve.client import Client
from chatdrill.serve.connection import Service
from chatdrill.serve.control import ControlApi, Mount
from chatdrill.serve.doors import Gate
from chatdrill.serve.errands import Outcome
from chatdrill.serve.faults import Fault, Plan, skipped
from chatdrill.serve.heads import Heads
from chatdrill.serve.homes import Homes
from chatdrill.serve.inbox import Inbox
from chatdrill.serve.listener import Listener
from chatdrill.serve.masks import Mask
from chatdrill.serve.notes import Cause, Notes
from chatdrill.serve.options import DeliverOptions, Doors, ListenOptions
from chatdrill.serve.places import Beside, Listening, near, place_of, url_of
from chatdrill.serve.reception import Reception
from chatdrill.serve.redirect import Authority, Borders, Redirect
from chatdrill.serve.scene import Scene
from chatdrill.serve.server import Server
from chatdrill.serve.smtp.client import Postman
from chatdrill.serve.sockets import Sockets
from chatdrill.serve.timekeeper import Timekeeper
from chatdrill.trace import FORGED, Acted, Recorder
from chatdrill.wire import Ack, Desk, Forgery, HttpRequest, HttpResponse, Platform, Transported

_GRACE_S, _HANDSHAKE_S = 0.5, 10.0


class Stage:
    """The fakes of one run on their sockets, their couriers, and the trace: everything around one bot.

    ``app`` is a bot in this process (an ASGI 3 application); without it webhooks go out over HTTP. Use it as an
    asynchronous context manager, or call ``open`` and ``close``. ``base_url`` and ``environment`` are right before
    ``open`` too, unless a port is 0.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        seed: Seed,
        recorder: Recorder,
        listen: ListenOptions | None = None,
        deliver: DeliverOptions | None = None,
        app: AsgiApp | None = None,
    ) -> None:
        self._clock = clock
        self._seed = seed
        self._recorder = recorder
        self._listen = listen or ListenOptions()
        self._notes = Notes(recorder, clock, Mask())
        self.homes = Homes((deliver or DeliverOptions()).public_hosts)
        self._client = Client(clock.monotonic, homes=self.homes, grain_s=0.0 if clock.is_virtual else GRAIN_S)
        self._app = None if app is None else AsgiBot(app, clock.monotonic, self._complain)
        self._postman = Postman(clock.monotonic, self._client if self._app is None else self._app)
        self._sockets = Sockets(self._notes, clock, self._postman)
        doors = self._listen.doors
        self._scene = Scene(
            clock=clock,
            seed=seed,
            notes=self._notes,
            bot=self._sockets,
            deliver=deliver or DeliverOptions(),
            door=None if doors is None else doors.index,
        )
        self._reception = Reception(
            notes=self._notes,
            clock=clock,
            client=self._client,
            faults=self._scene.faults,
            bureau=self._scene.bureau,
            sockets=self._sockets,
            later=self._scene.later,
            app=self._app,
            doors=self._doors,
        )
        self._gate = None if doors is None else self._make_gate(doors)
        self._scene.receive_by(self._gate or self._reception)
        self._heads = Heads(clock.now, stamp=clock.is_virtual)
        self._timekeeper = Timekeeper(clock)
        self._inbox = Inbox(clock.monotonic)
        self._servers: list[Listening] = []
        self._beside = Beside(self._listen, self._complain)
        self._redirect: Redirect | None = None
        self._control: ControlApi | None = None
        self.mounts: dict[str, Mount] = {}
        """What else answers below ``/_chatdrill/``, by the first part of the path; to be filled before ``open``."""
        self.base_url = url_of(self._listen.host, self._listen.port)

    def _make_gate(self, doors: Doors) -> Gate:
        return Gate(
            doors,
            seed=self._seed,
            accounts=lambda: self.accounts,
            reception=self._reception,
            bureau=self._scene.bureau,
            notes=self._notes,
        )

    @property
    def channels(self) -> dict[str, Channel]:
        """The channels by platform name."""
        return self._scene.channels

    @property
    def accounts(self) -> dict[str, Account[Any]]:
        """The channels and the offices at helpdesks, by name."""
        return self._scene.accounts

    @property
    def scene(self) -> Scene:
        """What happens on the stage, for those who look on."""
        return self._scene

    @property
    def bureau(self) -> Bureau:
        """Where agents work."""
        return self._scene.bureau

    def add(self, platform: Platform[Any], settings: Mapping[str, str] | None = None) -> Channel:
        """Bring a platform onto the stage, before ``open``; what ``settings`` leaves out takes its declared default.

        Raises ``SettingsError`` for a name that the platform does not declare.
        """
        return self._scene.add(platform, settings or {}, place_of(platform, self._listen, self.base_url))

    def add_desk(self, desk: Desk[Any], settings: Mapping[str, str] | None = None) -> Office:
        """Bring a helpdesk onto the stage, before ``open``; like ``add``."""
        return self._scene.add_desk(desk, settings or {}, place_of(desk, self._listen, self.base_url))

    def _doors(self) -> list[str]:
        return [account.state.webhook_url for account in self.accounts.values() if account.state.webhook_url]

    # ------------------------------------------------------------------------------------------ opening, closing

    async def open(self) -> None:
        """Bind the sockets and start the couriers.

        Raises ``PortTaken``, ``UsageError`` for another address that cannot be bound, ``BotError`` if the start-up of an
        application fails.
        """
        try:
            await self._bind()
            self._scene.start()
            if self._app is not None:
                await self._app.open()
        except BaseException:
            await self.close()
            raise

    async def _bind(self) -> None:
        for name in self._listen.platform_ports:
            self._scene.account(name)
        if self._listen.control:
            self._control = ControlApi(self._scene, self._recorder, self.environment, self._timekeeper, self.mounts)
        listener = Listener(self.accounts, self._gate or self._reception, self._notes, self._control)
        self.base_url = await self._serve(listener.main, self._listen.port, "--port")
        for name, channel in self.accounts.items():
            channel.base_url = f"{self.base_url}/{name}"
        if self._listen.redirect is not None:
            await self._open_redirect(listener, self._listen.redirect)
        if self._gate is not None:
            await self._gate.open()
        for name, channel in self.accounts.items():
            if isinstance(channel.service, Transported):
                self._servers.append(await self._beside.open(channel, self._gate or self._reception))
            elif name in self._listen.platform_ports:
                port = self._listen.platform_ports[name]
                channel.base_url = await self._serve(listener.mounted(channel), port, f"the port of {name}")

    async def _open_redirect(self, listener: Listener, folder: Path) -> None:
        self._redirect = Redirect(
            listener.main,
            Borders(listener.knows, self._listen.allow, self._notes.barred),
            Authority(folder),
            fakes=listener.hosts,
            heads=self._heads,
            bounds=Bounds(body_max_bytes=self._listen.body_max_bytes),
            complain=self._complain,
            inbox=self._inbox,
        )
        await self._redirect.listen(self._listen.host)

    async def _serve(self, handler: Handler, port: int, option: str) -> str:
        bounds = Bounds(body_max_bytes=self._listen.body_max_bytes)
        server = Server(Service(handler, self._heads, bounds, self._complain, inbox=self._inbox))
        await server.listen(self._listen.host, port, option)
        self._servers.append(server)
        return url_of(self._listen.host, server.port)

    async def fall_silent(self) -> None:
        """Deliver nothing more and forget what is on its way; calls of the bot are still answered."""
        await self._scene.close()

    async def close(self) -> None:
        """Stop within about two seconds: long polls are answered, deliveries under way are forgotten."""
        await self._scene.close()
        self._reception.close()
        await asyncio.gather(*(server.close(grace_s=_GRACE_S) for server in self._servers))
        self._servers.clear()
        if self._gate is not None:
            self._gate.close()
        if self._redirect is not None:
            self._redirect.close()
        self._sockets.close()
        self._postman.close()
        self._beside.close()
        self._client.close()
        if self._app is not None:
            await self._app.close()

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def environment(self) -> dict[str, str]:
        """The variables that point a bot at this stage; secrets included, for that is their purpose."""
        found: dict[str, str] = {}
        for account in self.accounts.values():
            found |= account.service.environment(account.state, account.base_url)
        if self._redirect is not None:
            found |= self._redirect.environment(near(self._listen.host))
        found |= self._beside.environment()
        if self.bureau.offices:
            found["CHATDRILL_DESK"] = next(iter(self.bureau.offices))
        return found | {
            "CHATDRILL_URL": self.base_url,
            "CHATDRILL_SPEED": f"{self._clock.speed:g}",
            "CHATDRILL_SEED": str(self._seed.value),
        }

    def detour(self, inherited: Mapping[str, str]) -> dict[str, str]:
        """The variables that lead a program to the redirect, also one that asks for no proxy, which would otherwise get
        ``inherited``; none without a redirect."""
        if self._redirect is None:
            return {}
        host = near(self._listen.host)
        return {**self._redirect.environment(host), **self._redirect.detour(host).variables(inherited)}

    # ------------------------------------------------------------------------------------------- other workers

    @property
    def door_address(self) -> tuple[str, int]:
        """Where the other workers reach this one, once the stage is open; raises ``UsageError`` without ``Doors``."""
        return self._known_gate().address

    def meet(self, addresses: Mapping[int, tuple[str, int]]) -> None:
        """Say where the other workers are, by index (the own one does no harm); more can come later, others move.

        What the bot has changed at its account so far is made known to them. Raises ``UsageError``.
        """
        self._known_gate().meet(addresses)

    def _known_gate(self) -> Gate:
        if self._gate is None:
            raise UsageError("this stage is no door among others; give it ListenOptions(doors=Doors(...))")
        return self._gate

    # ------------------------------------------------------------------------------------------------ customers

    def join(self, channel: str, customer: Customer, *, case: str, conv: str, ahead_s: float = 0.0) -> str:
        """Give a customer an account on a platform; returns the address.

        From now on the records about that address carry ``case`` and ``conv``. ``ahead_s`` is how far the drill time of
        this chat runs ahead of the clock.
        """
        return self._scene.join(channel, customer, case=case, conv=conv, ahead_s=ahead_s)

    def act(
        self,
        channel: str,
        to: str,
        act: Act,
        *,
        cause: Cause = "step",
        step: int | None = None,
        meant_at: float | None = None,
    ) -> Acted:
        """Let something happen at the customer ``to``: record it and put its updates on the way to the bot.

        Raises ``Unsupported`` where the platform has no word for it.
        """
        return self._scene.act(channel, to, act, cause=cause, step=step, meant_at=meant_at)

    def skip(self, channel: str, to: str, seconds: float) -> None:
        """Move the drill time of one chat on by ``seconds``."""
        self._scene.skip(channel, to, seconds)

    def leave(self, channel: str, to: str) -> None:
        """The conversation is over: what waits for delivery is dropped; calls of the bot are still answered."""
        self._scene.leave(channel, to)

    async def quiet(self, channel: str, to: str, *, timeout_s: float) -> bool:
        """True once no update about ``to`` is queued or on its way; false after ``timeout_s`` real seconds.

        An update for a bot that polls is on its way until an answer to the bot has held it.
        """
        found = self._scene.channel(channel)
        quiet = await found.pending.quiet(to, timeout_s)
        for office in self.bureau.offices.values():
            for ticket in office.tickets_of(found.role(to).conv or ""):
                quiet = await office.pending.quiet(ticket, timeout_s) and quiet
        return quiet

    def is_busy(self) -> bool:
        """True while something is under way that only real time ends: a request to the bot, an update to fetch, declared work."""
        ways = (self._client, self._postman, self._sockets)
        waits = self._redirect is not None and self._redirect.is_waiting
        if waits or any(way.under_way for way in ways) or self._timekeeper.work_declared():
            return True
        return any(account.is_fetching() for account in self.accounts.values())

    async def restart_app(self) -> None:
        """Shut a bot in this process down and start it up again; raises ``BotError`` if that fails."""
        assert self._app is not None
        await self._app.restart()

    # ---------------------------------------------------------------------------------------------------- faults

    def break_by(self, fault: Fault) -> None:
        """Let a fault wait for what it strikes."""
        self._scene.break_by(fault)

    def expose(self, plan: Plan, *, case: str | None = None, names: Collection[str] = ()) -> tuple[str, ...]:
        """Let faults come by chance, everywhere or in one case; returns which of them mean nothing on ``names`` and at the desk."""
        self._scene.faults.weather.set(plan, case)
        return skipped(plan, [one for one in self.accounts.values() if one.name in names or isinstance(one, Office)])

    def mend(self, case: str) -> None:
        """Forget the faults of a case."""
        self._scene.faults.forget(case)

    async def forge(self, desk: str, ticket: str, agent: str, text: str, how: Forgery) -> None:
        """Send the bot a webhook that the desk never sent; the trace has it as an attempt with a note."""
        request, update = self._scene.bureau.forge(desk, ticket, agent, text, how)
        outcome = await self._sent(request)
        answer = outcome.answer
        ok = isinstance(answer, HttpResponse) and 200 <= answer.status < 300
        office, note = self._scene.bureau.office(desk), f"{FORGED}: {how}"
        at = office.at(update.to, self._clock.now())
        self._notes.attempt(office, (update,), request, outcome, Ack(ok), at=at, number=1, retry_in_s=None, note=note)

    # -------------------------------------------------------------------------------------------------- webhooks

    def set_webhook(self, channel: str, url: str) -> None:
        """Say where the bot takes updates, as a user does in the vendor's console."""
        state = self._scene.account(channel).state
        state.webhook_url = url or None
        state.outbox.changed()

    async def check_webhook(self, channel: str) -> None:
        """Check the webhook's address as the platform does before it uses it; raises ``BotError``."""
        found = self._scene.account(channel)
        if not found.state.webhook_url:
            raise BotError(f"{channel}: the bot has no webhook address yet; set one, or let the bot register it")
        found.state.asked_at = self._clock.now()
        request = found.service.handshake(found.state)
        if request is None:
            return
        problem = found.service.read_handshake(found.state, (await self._sent(request)).answer)
        if problem is not None:
            where = self._notes.public_url(request.url)
            raise BotError(f"{channel}: the webhook {where} did not pass the platform's check: {problem}")

    async def _sent(self, request: HttpRequest) -> Outcome:
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        errand = self._sockets.start(request, _HANDSHAKE_S, future.set_result)
        try:
            return await future
        finally:
            errand.cancel()

    def redact(self, text: str) -> str:
        """The text without the channels' secrets."""
        return self._notes.mask.text(text)

    def _complain(self, what: str) -> None:
        self._notes.trouble("bot", what)
