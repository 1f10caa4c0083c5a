"""The stage of a run, as its settings want it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path

from chatdrill.clock import Clock
from chatdrill.errors import SettingsError
from chatdrill.run.registry import load_desk, load_platform
from chatdrill.run.settings import Settings
from chatdrill.seeds import Seed
from chatdrill.serve import AsgiApp, DeliverOptions, Doors, ListenOptions, Stage
from chatdrill.trace import Recorder


def raised_stage(
    settings: Settings,
    platforms: Iterable[str],
    *,
    clock: Clock,
    seed: Seed,
    recorder: Recorder,
    app: AsgiApp | None,
    doors: Doors | None,
    cleanup: ExitStack,
) -> Stage:
    """A stage with its platforms and the desk, not open yet; ``cleanup`` removes what it has on disk.

    Raises ``SettingsError`` for a redirect of a bot in this process, whose sockets are everybody's.
    """
    if settings["redirect"] and app is not None:
        raise SettingsError("redirect: a bot in this process (app) cannot be led; start it with --command")
    stage = Stage(
        app=app,
        clock=clock,
        seed=seed,
        recorder=recorder,
        listen=ListenOptions(
            host=settings["host"],
            port=settings["port"],
            platform_ports=settings["platform_ports"],
            doors=doors,
            redirect=_folder(cleanup) if settings["redirect"] else None,
            allow=settings["allow"],
        ),
        deliver=DeliverOptions(
            batch=settings["batch"], ack_timeout_s=settings["ack_timeout"], public_hosts=settings["public_host"]
        ),
    )
    for name in platforms:
        stage.add(load_platform(name), settings.platform_settings.get(name, {}))
    desk = settings["desk"]
    if desk is not None:
        stage.add_desk(load_desk(desk), settings.platform_settings.get(desk, {}))
    return stage


def _folder(cleanup: ExitStack) -> Path:
    """A folder that only this user can open."""
    return Path(cleanup.enter_context(tempfile.TemporaryDirectory(prefix="chatdrill-redirect-")))
