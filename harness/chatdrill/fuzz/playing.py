"""Playing dialogs, many at once, in a session that outlives them, and judging each by itself."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from chatdrill.checks.evidence import CaseEvidence, Evidence
from chatdrill.checks.judge import judge_evidence
from chatdrill.checks.results import CaseJudgement, Finding
from chatdrill.errors import BotError
from chatdrill.fuzz.chat import Chat, Property
from chatdrill.fuzz.hanging import Unblocking
from chatdrill.run.pace import make_clock
from chatdrill.run.session import Session
from chatdrill.run.settings import Settings
from chatdrill.strategies.machine import Dialog
from chatdrill.strategies.scenarios import to_case
from chatdrill.trace import Record

_WEEK_S = 7 * 86400.0
_SESSION_S = 14 * 86400.0
_VARIABLE = re.compile(r"'[^']*'|\"[^\"]*\"|«[^»]*»|\([^()]*\)|\d+(?:[.:]\d+)*")
OF_BOT = ("bot",)
GONE = "bot-alive"


def wording(finding: Finding) -> str:
    """What a finding says without what differs from one dialog to the next: quotes, numbers, what stands in brackets."""
    return " ".join(_VARIABLE.sub("…", finding.message).split())[:160]


Key = tuple[str, str]
"""What failures have in common that are one: the check, and its wording."""


@dataclass(frozen=True, kw_only=True)
class Played:
    """A dialog, and what came of it. ``findings`` are those that are held against the bot, ``mishaps`` what else went wrong."""

    name: str
    dialog: Dialog
    judgement: CaseJudgement
    evidence: CaseEvidence
    findings: tuple[Finding, ...] = ()
    mishaps: tuple[Finding, ...] = ()

    @property
    def keys(self) -> dict[Key, Finding]:
        """The findings, one of each kind, in their order."""
        found: dict[Key, Finding] = {}
        for finding in self.findings:
            found.setdefault((finding.check, wording(finding)), finding)
        return found


@dataclass(kw_only=True)
class Arena:
    """A session for dialogs, opened when it is first needed. Each batch begins at the same time of the week where time jumps, so that what
    becomes of a dialog does not depend on how many were played before. ``checks`` are laid over the settings' own."""

    settings: Settings
    platforms: Sequence[str]
    seed: int
    properties: Sequence[Property] = ()
    checks: Mapping[str, Any] = field(default_factory=dict)
    _session: Session | None = None

    async def open(self) -> Session:
        """The session, with the bot up. One that is over, or in whose time weeks have passed, is closed, and another one opened: a vendor
        forgets files after a month, and nobody should be blamed for that who was not told of it. Raises ``BotError`` for a bot that
        does not come up."""
        if self._session is not None and not self._is_used_up(self._session):
            return self._session
        await self.close()
        clock = make_clock(self.settings)
        session = Session(self.settings, platforms=self.platforms, seed=self.seed, clock=clock)
        self._session = session
        await session.open()
        session.take_evidence()
        if session.problems:
            problem = next(iter(session.problems.values()))
            await self.close()
            raise BotError(problem)
        return session

    def _is_used_up(self, session: Session) -> bool:
        clock = session.clock
        return session.is_over or (clock.is_virtual and clock.now() - clock.begins_at > _SESSION_S)

    async def close(self) -> None:
        """Close the session, if there is one."""
        session, self._session = self._session, None
        if session is not None:
            await session.close(interrupted=True)

    async def play(self, dialogs: Sequence[tuple[str, Dialog]]) -> list[Played]:
        """Play dialogs at once, each under its name, and judge them in that order."""
        session = await self.open()
        starts = _start(session)
        made = [to_case(name, dialog, starts_at=starts) for name, dialog in dialogs]
        with Unblocking(lambda: session.recorder.n):
            await session.play_all(made)
        return self.judged(dict(dialogs), session.take_evidence())

    async def play_fresh(self, dialogs: Sequence[tuple[str, Dialog]]) -> list[Played]:
        """The same with a bot that has talked to nobody before."""
        await self.close()
        return await self.play(dialogs)

    def judged(self, dialogs: Mapping[str, Dialog], evidence: Evidence) -> list[Played]:
        """The dialogs with what is wrong about each."""
        judgement = judge_evidence(evidence, checks=self.checks)
        shared: dict[str | None, list[Finding]] = {}
        for result in judgement.results:
            for finding in result.findings:
                shared.setdefault(finding.case, []).append(finding)
        own = [one for one in judgement.cases if any(each.fault == "bot" for each in one.findings)]
        of_all = list({wording(each): each for each in shared.get(None, []) if _concerns_all(each) or not own}.values())
        played = {
            one.case: self._played(
                one, dialogs[one.case], evidence.cases[one.case], [*shared.get(one.case, []), *of_all]
            )
            for one in judgement.cases
        }
        return [played[name] for name in dialogs if name in played]

    def _played(self, one: CaseJudgement, dialog: Dialog, evidence: CaseEvidence, more: Sequence[Finding]) -> Played:
        found = [*(one.findings if one.verdict not in ("pass", "none") else ()), *more]
        found += [
            Finding(check=f"property {own.name}", verdict="fail", fault="bot", message=said, case=one.case)
            for own in self.properties
            if (said := own.broken(Chat(evidence))) is not None
        ]
        return Played(
            name=one.case,
            dialog=dialog,
            judgement=one,
            evidence=evidence,
            findings=tuple(each for each in found if each.verdict != "inconclusive" and each.fault in OF_BOT),
            mishaps=tuple(each for each in found if each.fault not in OF_BOT),
        )


def _concerns_all(finding: Finding) -> bool:
    """A bot that went away did so to everybody; what else belongs to no conversation is mostly the trace of what is wrong in one."""
    return finding.check == GONE


def _start(session: Session) -> float | None:
    """The first moment from now on that lies whole weeks after the beginning of the drill."""
    clock = session.clock
    if not clock.is_virtual:
        return None
    return clock.begins_at + max(0, math.ceil((clock.now() - clock.begins_at) / _WEEK_S)) * _WEEK_S


# ----------------------------------------------------------------------------------------------- what was recorded


def records_of(played: Sequence[Played]) -> list[Record]:
    """The records of some dialogs that were played together, the run's first, as a report wants them."""
    first = [one.evidence.run for one in played[:1] if one.evidence.run is not None]
    return [*first, *sorted({r.n: r for one in played for r in one.evidence.records}.values(), key=lambda r: r.n)]


def encode(dialog: Dialog) -> bytes:
    """A dialog as JSON."""
    return msgspec.json.encode(dialog)


def decode(data: bytes) -> Dialog:
    """The dialog that ``encode`` gave. Raises ``msgspec.DecodeError`` for anything else."""
    return msgspec.json.decode(data, type=Dialog)
