"""Reaching the bot: bring it up, wait until it is ready, and find out where each platform's updates go."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from chatdrill.checks.evidence import Evidence
from chatdrill.engine.bot import BotOptions, BotProcess, LateApp, accepts_connections, answers, wait_until
from chatdrill.errors import BotError, ScenarioError, SettingsError, UsageError
from chatdrill.preload import listening
from chatdrill.run.settings import Settings
from chatdrill.serve import Stage
from chatdrill.serve.heads import is_loopback
from chatdrill.trace import BotState, Called, Recorder

_SHORT_POLLER_S = 1.0
_RESTART = "restarted by the scenario"
_FIRST_WORD_S = 5.0
"""How long (real seconds) a bot that is up may take to say where a platform's updates should go."""


def refuse_stranger(host: str, doing: str) -> None:
    """Raise ``UsageError`` for a bot that is not on this machine: ``doing`` that (``load``, ``examine``) hurts whoever it hits, so a typo must
    not choose. Hosts on the internet are refused by the client in any case."""
    if not is_loopback(host):
        raise UsageError(
            f"the bot at {host} is not on this machine; if it is yours to {doing}, say so with --i-own-this-target"
        )


class Reach:
    """The way to the bot.

    ``problems`` has, for each platform whose bot cannot be reached, the reason in a sentence. ``lost`` is called with it
    when a bot that was up goes away.
    """

    def __init__(
        self,
        settings: Settings,
        bot: BotOptions,
        stage: Stage,
        recorder: Recorder,
        evidence: Callable[[], Evidence],
        platforms: Sequence[str],
        *,
        app: LateApp | None,
        lost: Callable[[str], None],
    ) -> None:
        self._settings = settings
        self._bot = bot
        self._stage = stage
        self._recorder = recorder
        self._evidence = evidence
        self._platforms = platforms
        self._app = app
        self._lost = lost
        self._process: BotProcess | None = None
        stage.homes.ask = self._home
        self._is_port_taken = False
        self._restarting = asyncio.Lock()
        self.problems: dict[str, str] = {}

    async def up(self) -> None:
        """Bring the bot up and connect every platform; what goes wrong stands in ``problems``."""
        if self._bot.kind == "running" and self._settings["redirect"]:
            raise SettingsError(
                "redirect: chatdrill leads a bot that it starts: add --command, or play by hand with exec or serve"
            )
        try:
            await self._start()
        except BotError as error:
            self.give_up(self._platforms, error)
            return
        await asyncio.gather(*(self._connect(name) for name in self._platforms), *map(self._connect_desk, self._desks))

    async def wait_up(self) -> None:
        """The same for somebody who talks by hand: a bot that runs may come later, and a poller is never in the way."""
        if self._bot.kind != "running" and not self._bot.through:
            await self.up()
            return
        for name in (*self._platforms, *self._desks):
            self._set_address(name)

    async def restart(self) -> None:
        """Kill the bot and start it again, as a crash and a supervisor would; where it is in this process, shut it down and
        start it up. Raises ``BotError`` if it does not come up, ``ScenarioError`` for a bot that somebody else started."""
        if self._process is None and self._app is None:
            raise ScenarioError("the bot cannot be restarted: chatdrill did not start it (--command or --app)")
        async with self._restarting:
            self._recorder.record(BotState, state="stopped", detail=_RESTART)  # from here on nobody can blame it
            try:
                await self._start_again()
            except BotError as error:
                self.give_up(self._platforms, error)
                self._lost(str(error))
                raise

    async def _start_again(self) -> None:
        if self._process is not None:
            await self._process.stop(patience_s=0.0)
            await self._start_process()
        else:
            await self._stage.restart_app()
            self._recorder.record(BotState, state="ready", detail=_RESTART)

    async def down(self, *, patience_s: float) -> None:
        """Stop a bot that was started; it has ``patience_s`` to end by itself."""
        if self._process is not None:
            await self._process.stop(patience_s=patience_s)

    def give_up(self, platforms: Sequence[str], error: BotError) -> None:
        """These platforms have no bot."""
        self.problems.update(dict.fromkeys(platforms, str(error)))
        self._recorder.record(BotState, state="unreachable", detail=str(error))

    # ------------------------------------------------------------------------------------------ starting

    async def _start(self) -> None:
        if self._app is not None and self._app.problem is not None:
            raise self._app.problem
        if self._bot.kind == "command":
            await self._start_process()

    async def run_through(self) -> int:
        """Start a command that has the terminal, and wait for its end; returns its exit code. Raises ``BotError``."""
        process = await self._launch()
        return await process.wait()

    async def _launch(self) -> BotProcess:
        self._stage.homes.forget()
        self._process = process = BotProcess(self._bot, self._recorder, redact=self._stage.redact)
        process.exited = self._exited
        given = {**self._stage.environment(), **self._bot.environment}
        await process.start({**given, **self._stage.detour({**os.environ, **given})})
        return process

    async def _start_process(self) -> None:
        self._is_port_taken = await accepts_connections(self._door)
        process = await self._launch()
        timeout_s = self._bot.ready_timeout_s
        if not await wait_until(self._is_ready, timeout_s=timeout_s, still_alive=lambda: process.running):
            raise BotError(self._not_ready(process))
        self._recorder.record(BotState, state="ready")

    @property
    def _door(self) -> str:
        """An address that a bot which has started can be found at."""
        return self._settings.webhook(self._platforms[0])

    def _home(self, host: str) -> str | None:
        """Where the bot is that chatdrill started, for a public host that it named. Raises ``BotError`` if it is in several
        places."""
        given = self._settings.given_webhook(self._platforms[0])
        if given is not None:
            parts = urlsplit(given)
            return f"{parts.scheme}://{parts.netloc}"
        if self._process is None or self._process.pid is None:
            return None
        ports = listening(self._process.pid)
        if len(ports) > 1:
            told = " or ".join(f"--public-host {host}=http://127.0.0.1:{port}" for port in ports)
            raise BotError(f"the bot names {host} as its address and listens on several ports; say which it is: {told}")
        if not ports:
            return None
        self._recorder.record(BotState, state="webhook", detail=f"{host} is taken to be the bot's port {ports[0]}")
        return f"http://127.0.0.1:{ports[0]}"

    async def _is_ready(self) -> bool:
        if self._bot.ready_url:
            return await answers(self._bot.ready_url)
        if not self._is_port_taken and await accepts_connections(self._door):
            return True
        return any([await self._is_reachable(name) for name in self._stage.channels])

    async def _is_reachable(self, name: str) -> bool:
        """A bot that registers its webhook may do so before it listens there; one that polls in short polls, which
        leave no mark, is known by a call that is a while ago."""
        channel = self._stage.channels[name]
        if channel.state.webhook_url is not None:
            return await self._listens(channel.state.webhook_url)
        return channel.polled or (self._registers(name) and self._called_s_ago(name) > _SHORT_POLLER_S)

    async def _listens(self, url: str) -> bool:
        local = self._stage.homes.local(url)
        return local is not None and await accepts_connections(local)

    def _called_s_ago(self, name: str) -> float:
        calls = (r for r in self._evidence().outside if isinstance(r, Called) and r.platform == name)
        first = next(calls, None)
        return 0.0 if first is None else self._recorder.t - first.t

    def _not_ready(self, process: BotProcess) -> str:
        said = "".join(f"\n    | {line}" for line in process.last_lines) or " (it printed nothing)"
        if not process.running:
            problem = "the bot ended before it was ready"
        else:
            what = self._bot.ready_url or self._door
            problem = f"the bot was not ready after {self._bot.ready_timeout_s:g} s: nothing answers at {what}"
            problem += "" if self._bot.ready_url else ", and it called no fake"
        if self._is_port_taken:
            problem += f"; something else listened at {self._door} before it was started (another copy of it?)"
        return f"{problem}; its last words:{said}"

    def _exited(self, reason: str) -> None:
        self.problems.update(dict.fromkeys(self._platforms, reason))
        self._lost(reason)

    # ----------------------------------------------------------------------------------------- connecting

    @property
    def _desks(self) -> tuple[str, ...]:
        return tuple(self._stage.bureau.offices)

    def _set_address(self, name: str) -> None:
        """Take the address from the settings, or the usual one where the bot's owner names it in the vendor's console."""
        address = self._settings.given_webhook(name)
        if address is None and not self._registers(name):
            address = self._settings.webhook(name)
        if address is not None:
            self._stage.set_webhook(name, address)

    async def _connect_desk(self, name: str) -> None:
        """A bot that subscribes by itself may do so whenever it first needs the desk."""
        self._set_address(name)
        await self._check(name)

    def _registers(self, name: str) -> bool:
        account = self._stage.accounts[name]
        return account.service.delivery.registered_by == "bot" or account.state.comes_by_itself

    def _has_spoken(self, name: str) -> bool:
        channel = self._stage.channels[name]
        return channel.state.webhook_url is not None or channel.polled

    async def _connect(self, name: str) -> None:
        """Find out where the updates go: the settings say it, the bot does, or it is the usual place."""
        address = self._settings.given_webhook(name)
        if self._registers(name) and not self._is_told(name):
            await wait_until(
                lambda: self._has_spoken(name), timeout_s=_FIRST_WORD_S, still_alive=lambda: name not in self.problems
            )
        if not self._has_spoken(name):
            if address is None and self._registers(name) and self._bot.kind != "running":
                detail = f"{name}: the bot has neither registered a webhook nor asked for updates"
                self._recorder.record(BotState, state="webhook", detail=detail)
                return
            self._stage.set_webhook(name, address or self._settings.webhook(name))
        await self._check(name)

    def _is_running(self) -> bool:
        return self._process is not None and self._process.running

    def _is_told(self, name: str) -> bool:
        """Whether the address that was set holds whatever the bot does.

        An address for all platforms waits for what a bot that has just been started says itself; a bot that runs may
        have registered before the fakes were there.
        """
        if self._bot.kind == "running":
            return self._settings.given_webhook(name) is not None
        return name in self._settings["webhook"]

    async def _check(self, name: str) -> None:
        url = self._stage.accounts[name].state.webhook_url
        if url is None or name in self.problems:
            return
        if self._bot.kind == "command":  # up, but perhaps not yet on every platform
            await wait_until(lambda: self._listens(url), timeout_s=_FIRST_WORD_S, still_alive=self._is_running)
        try:
            if self._bot.kind == "running" and not await self._listens(url):
                raise BotError(
                    f"{name}: nothing listens at {self._stage.redact(url)}, where the bot should take its webhooks; "
                    "start the bot, or say where it is with --webhook"
                )
            await self._stage.check_webhook(name)
        except BotError as error:
            self.give_up([name], error)
