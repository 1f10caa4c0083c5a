"""The channels and offices of a run and what happens on them. Sockets are the stage's business."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from itertools import islice
from typing import Any

from msgspec import structs

from chatdrill.clock import Clock
from chatdrill.errors import SettingsError, Unsupported, UsageError, did_you_mean
from chatdrill.model import Act, AgentAct, Customer, Event, Text, Write
from chatdrill.seeds import Seed, Stream
from chatdrill.serve.bureau import Bureau
from chatdrill.serve.channel import Account, Channel, Office, Role
from chatdrill.serve.chores import Chores
from chatdrill.serve.courier import Courier
from chatdrill.serve.couriers import Couriers
from chatdrill.serve.faults import Fault, Faults, Weather
from chatdrill.serve.faults.trail import texts_of
from chatdrill.serve.notes import Cause, Notes
from chatdrill.serve.options import DeliverOptions
from chatdrill.serve.parcels import Bot
from chatdrill.serve.reception import Receiver
from chatdrill.serve.sharing import check_divisible
from chatdrill.trace import DEAF, Acted
from chatdrill.wire import Chat, Desk, Hook, HttpRequest, HttpResponse, Later, Platform, Resident, Update

CASE_ENDED = "case ended"


class Scene:
    """Customers act here, and the platforms with them; couriers carry it to the bot."""

    def __init__(
        self, *, clock: Clock, seed: Seed, notes: Notes, bot: Bot, deliver: DeliverOptions, door: int | None
    ) -> None:
        self.clock = clock
        self.notes = notes
        self.channels: dict[str, Channel] = {}
        self._closed = False
        self.faults = Faults(seed.stream("faults"), Weather(seed.child("faults"), clock))
        self.chores = Chores(lambda error: notes.trouble("harness", f"{type(error).__name__}: {error}"))
        self.bureau = Bureau(clock, notes, self.later)
        self.bureau.serve(self.channels)
        self._couriers: dict[str, Couriers] = {}
        self._seed = seed
        self._bot = bot
        self._deliver = deliver
        self._door = door
        self._reception: Receiver | None = None

    def receive_by(self, reception: Receiver) -> None:
        """Name who executes the calls that the bot puts into its answers to webhooks."""
        self._reception = reception

    def add(self, platform: Platform[Any], settings: Mapping[str, str], base_url: str) -> Channel:
        """Open an account on a platform; raises ``SettingsError``."""
        self._check_new(platform.name)
        channel = Channel(platform, settings, self._seed.stream("platform", platform.name), base_url)
        self.channels[channel.name] = channel
        self._staff(channel, self._seed.stream("courier", platform.name))
        return channel

    def add_desk(self, desk: Desk[Any], settings: Mapping[str, str], base_url: str) -> Office:
        """Open an account at a helpdesk; raises ``SettingsError``."""
        self._check_new(desk.name)
        office = Office(desk, settings, self._seed.stream("desk", desk.name), base_url, self._host_of(desk))
        self.bureau.offices[office.name] = office
        self._staff(office, self._seed.stream("courier", desk.name))
        return office

    def _host_of(self, desk: Desk[Any]) -> Channel | None:
        if not isinstance(desk, Resident):
            return None
        if desk.host not in self.channels:
            raise SettingsError(
                f"{desk.name} is a part of {desk.host}: play on that platform (--platforms {desk.host})"
            )
        return self.channels[desk.host]

    @property
    def accounts(self) -> dict[str, Account[Any]]:
        """The channels and the offices, by name."""
        return {**self.channels, **self.bureau.offices}

    def account(self, name: str) -> Account[Any]:
        """The channel or office of this name; raises ``UsageError``."""
        return self.bureau.office(name) if name in self.bureau.offices else self.channel(name)

    def _check_new(self, name: str) -> None:
        if name in self.accounts:
            raise SettingsError(f"{name} is on this stage already; one account with each")

    def _staff(self, account: Account[Any], chance: Stream) -> None:
        """Give an account its couriers; and marks in its ids, where other workers hold it too."""
        if self._door is not None:
            check_divisible(account.service)
            account.state.chance = self._seed.door_stream(self._door, "account", account.name)
        self.notes.mask.add(account.secrets)

        def make(hook: Hook | None) -> Courier:
            return Courier(
                account,
                hook,
                bot=self._bot,
                notes=self.notes,
                clock=self.clock,
                chance=chance,
                faults=self.faults,
                options=self._deliver,
                chores=self.chores,
                execute=self._execute,
                lost=self._lost,
            )

        self._couriers[account.name] = Couriers(account.state.outbox, make)

    def _lost(self, account: Account[Any], updates: Sequence[Update]) -> None:
        if isinstance(account, Office) and not self._closed:
            self.bureau.lost(account, updates)

    def channel(self, name: str) -> Channel:
        """The channel of a platform; raises ``UsageError``."""
        try:
            return self.channels[name]
        except KeyError:
            raise UsageError(
                f"there is no platform {name!r} on this stage{did_you_mean(name, self.channels)}"
            ) from None

    def start(self) -> None:
        """Let the couriers run."""
        for courier in self._couriers.values():
            courier.start()

    async def close(self) -> None:
        """Stop the couriers and whatever was to happen later."""
        self._closed = True
        for courier in self._couriers.values():
            courier.close()
        await self.chores.close()

    # --------------------------------------------------------------------------------------------------- acts

    def join(self, name: str, customer: Customer, *, case: str, conv: str, ahead_s: float) -> str:
        """Give a customer an address; see ``Stage.join``."""
        channel = self.channel(name)
        address = channel.platform.join(channel.state, customer, ahead_s)
        channel.roles[address] = Role(case, conv)
        channel.gone.discard(address)
        if self.bureau.offices:
            self.bureau.links.joined(name, address, customer)
        return address

    def act(
        self, name: str, to: str, act: Act, *, cause: Cause, step: int | None = None, meant_at: float | None = None
    ) -> Acted:
        """Something happens at a customer's; see ``Stage.act``."""
        channel = self.channel(name)
        chat = self._chat(channel, to)
        before, was_blocked = len(chat.messages), chat.blocked
        at = self.clock.now() + chat.ahead_s
        off_s = self._clock_off_s(channel, to) if self.faults.weather.active else 0.0
        updates = channel.platform.encode(channel.state, to, act, at + off_s)
        if (trail := self.faults.weather.trail) is not None:
            for update in updates:
                trail.lay(channel.role(to), texts_of(update.body))
        more = len(chat.messages) - before
        ids = tuple(islice(reversed(chat.messages), more))[::-1] if more > 0 else ()
        blocks = chat.blocked if chat.blocked != was_blocked else None  # some gateways take a word for it
        acted = self.notes.acted(
            channel, to, act, at=at, ids=ids, updates=updates, cause=cause, step=step, meant_at=meant_at, blocks=blocks
        )
        if self.bureau.offices and isinstance(act, Write):
            for part in act.parts:
                if isinstance(part, Text):
                    self.bureau.links.said(name, to, part.text)
        for update in updates:
            channel.state.outbox.put(update)
        if channel.state.effects:
            effects, channel.state.effects[:] = channel.state.effects[:], ()
            for effect in effects:
                self.notes.took(channel, effect, None)
        if self.bureau.offices:
            of_platform = cause == "platform" or isinstance(act, Event)
            self.bureau.noticed(channel, (to,), by="desk" if of_platform else "customer", step=step)
        return acted

    def _clock_off_s(self, channel: Channel, to: str) -> float:
        """By how much the vendor's clock is off in this chat; that is written down when it shows first."""
        role = channel.role(to)
        strike = self.faults.weather.skew(channel, role)
        if strike is None:
            return 0.0
        if strike.is_news:
            self.notes.injected(channel, strike, role, to)
        return strike.off_s

    def _chat(self, channel: Channel, to: str) -> Chat:
        chat = channel.state.chats.get(to)
        if chat is None:
            raise UsageError(f"{channel.name} has no customer with the address {to!r}; let one join first")
        return chat

    def later(self, account: Account[Any], later: Later) -> None:
        """Let the platform or desk act by itself, in a while."""
        self.clock.call_later(later.after_s, partial(self._act_now, account, later))

    def _act_now(self, channel: Account[Any], later: Later) -> None:
        if self._closed or later.to in channel.gone or later.to not in channel.state.chats:
            return
        try:
            if isinstance(later.act, AgentAct):
                self.bureau.act(channel.name, later.to, later.act)
            else:
                self.act(channel.name, later.to, later.act, cause="platform")
        except Unsupported as error:
            self.notes.trouble(
                "harness", f"{channel.name} planned what it cannot say: {error}", channel=channel, to=later.to
            )
        except Exception as error:  # noqa: BLE001  a platform's bug must not stop the others
            self.notes.our_bug(channel, f"encoding what it planned ({type(later.act).__name__})", error)

    def skip(self, name: str, to: str, seconds: float) -> None:
        """Move the drill time of one chat on."""
        channel = self.channel(name)
        self._chat(channel, to).ahead_s += seconds
        self.bureau.skip(channel.role(to).conv, seconds)
        self.notes.skipped(channel, to, seconds)

    def leave(self, name: str, to: str) -> None:
        """The conversation is over; see ``Stage.leave``."""
        channel = self.channel(name)
        channel.gone.add(to)
        is_deaf = channel.state.webhook_url is None and not channel.polled
        self._couriers[name].drop(channel.pending.of(to), DEAF if is_deaf else CASE_ENDED)
        for office in self.bureau.offices.values():
            for ticket in office.tickets_of(channel.role(to).conv or ""):
                office.gone.add(ticket)
                self._couriers[office.name].drop(office.pending.of(ticket), CASE_ENDED)

    def reset(self) -> None:
        """Forget the chats and everything on its way; the bot's account stays as it is."""
        for channel in self.channels.values():
            self._couriers[channel.name].forget()
            channel.state.chats.clear()
            channel.roles.clear()
            channel.gone.clear()
        for office in self.bureau.offices.values():
            self._couriers[office.name].forget()
            office.gone.clear()
        self.bureau.forget()

    def courier_of(self, account: Account[Any], update: Update) -> Courier:
        """Who carries an update of this account."""
        return self._couriers[account.name].of(update)

    def break_by(self, fault: Fault) -> None:
        """Let a fault wait for what it strikes; one at a desk inside a platform strikes its part of the platform's traffic."""
        office = self.bureau.offices.get(fault.platform)
        if office is not None and (desk := office.resident) is not None:
            match = desk.part_of_host[fault.where] if fault.match == "*" else fault.match
            fault = structs.replace(fault, platform=desk.host, match=match)
        self.faults.add(fault)

    # -------------------------------------------------------------------------------- calls inside an answer

    def _execute(self, channel: Account[Any], call: HttpRequest) -> None:
        assert self._reception is not None
        reply = self._reception.take(channel, call, base_url=channel.base_url, source="webhook_answer")
        if not isinstance(reply, HttpResponse):
            self.chores.start(_awaited(reply))


async def _awaited(reply: Any) -> None:
    await reply
