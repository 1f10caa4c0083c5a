"""The pytest plugin: ``*.drill.yaml`` files are tests, one for each scenario, platform and dataset row.

The chosen cases are played concurrently, in the background, from the moment the first of them is due; pytest then only
picks up the verdicts. In a pytest-xdist worker a case is played when it is due, on ports of the worker's own.
The fixture ``chatdrill`` plays scenarios written in Python. Nothing heavy is imported before there is a drill.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from chatdrill.checks.results import CaseJudgement
    from chatdrill.engine.cases import Case
    from chatdrill.engine.scenario import Scenario
    from chatdrill.run.background import Background
    from chatdrill.run.settings import Settings

_DRILLS = pytest.StashKey["Drills"]()
_SUFFIXES = (".drill.yaml", ".drill.yml")
_SEED = "chatdrill_seed"
_OUTPUT_LINES = 30


# ------------------------------------------------------------------------------------------------ pytest's hooks


def pytest_addoption(parser: pytest.Parser) -> None:
    """Every setting of chatdrill is an option ``--chatdrill-NAME``, but for what is said of all repeats together (to pytest each is a
    test of its own), of runs before this one, and to a CI system, which is told by pytest."""
    from chatdrill.run.options import OPTIONS

    group = parser.getgroup("chatdrill", "chatdrill: rehearse customer conversations")
    for option in OPTIONS:
        if option.group in ("repeat", "around") and option.name != "repeat":
            continue
        words = "none" if option.name == "report" else option.default_words
        text = f"{option.help} (default: {words})" if words else option.help
        dest = f"chatdrill_{option.name}"
        flag = f"--chatdrill-{option.name.replace('_', '-')}"
        group.addoption(flag, dest=dest, help=text.replace("%", "%%"), **option.taken)


def pytest_configure(config: pytest.Config) -> None:
    """Set the stage aside until a test needs it."""
    config.addinivalue_line("markers", "drill: a scenario played by chatdrill")
    config.stash[_DRILLS] = Drills(config)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """All workers of pytest-xdist use one seed."""
    node.workerinput[_SEED] = node.config.stash[_DRILLS].fresh_seed


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect scenario files."""
    if file_path.name.endswith(_SUFFIXES):
        collector: pytest.Collector = DrillFile.from_parent(parent, path=file_path)
        return collector
    return None


def pytest_collection_finish(session: pytest.Session) -> None:
    """Now it is known what -k, -m and the rest have left over."""
    session.config.stash[_DRILLS].items = [item for item in session.items if isinstance(item, DrillItem)]


def pytest_report_collectionfinish(config: pytest.Config, items: Sequence[pytest.Item]) -> list[str]:
    """The seed, so that a red run can be repeated."""
    drills = config.stash[_DRILLS]
    count = sum(isinstance(item, DrillItem) for item in items)
    return [f"chatdrill: {count} conversation{'s'[: count != 1]}, seed {drills.seed}"] if count else []


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Stop the bot and the fakes, and write the reports that were asked for."""
    session.config.stash[_DRILLS].close(interrupted=exitstatus == pytest.ExitCode.INTERRUPTED)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Where the trace and the reports lie."""
    for line in config.stash[_DRILLS].left_behind:
        terminalreporter.write_line(line)


@pytest.fixture(name="chatdrill")
def chatdrill_fixture(request: pytest.FixtureRequest) -> Iterator[Drill]:
    """Plays scenarios written in Python: ``chatdrill.play(Scenario(...).says("Hi").hears("Hello"))``."""
    yield Drill(request.config.stash[_DRILLS], request.node)


# ------------------------------------------------------------------------------------------- files and their cases


class DrillFile(pytest.File):
    """A file of scenarios."""

    def collect(self) -> Iterator[pytest.Item]:
        """One item for each case, or for each repeat of it."""
        from chatdrill.engine.copies import repeated
        from chatdrill.run.selection import find_scenarios, make_cases

        settings = self.config.stash[_DRILLS].settings
        found = make_cases(find_scenarios([self.path]), settings.platforms, settings["desk"])
        for case in repeated(found, settings["repeat"]):
            item: DrillItem = DrillItem.from_parent(
                self, name=case.id.removeprefix(f"{case.scenario.file}::"), case=case
            )
            for name in ("drill", case.platform, *case.scenario.tags):
                _mark(item, name.replace(" ", "_"))
            yield item

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:  # noqa: ARG002
        """A wrong scenario is a message, not a traceback."""
        from chatdrill.errors import ChatdrillError

        if isinstance(excinfo.value, ChatdrillError):
            return str(excinfo.value)
        return super().repr_failure(excinfo)


def _mark(item: pytest.Item, name: str) -> None:
    """Tags and platforms are markers that nobody has to register."""
    if name.startswith("_"):  # pytest has no such markers
        return
    known = {line.partition(":")[0].partition("(")[0].strip() for line in item.config.getini("markers")}
    if name not in known:
        item.config.addinivalue_line("markers", f"{name}: scenarios of chatdrill")
    item.add_marker(name)


class DrillItem(pytest.Item):
    """One case."""

    def __init__(self, *, case: Case, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.case = case

    def runtest(self) -> None:
        """Wait for the verdict of this case."""
        drills = self.config.stash[_DRILLS]
        why = drills.why_not(self.case)
        if why is not None:
            pytest.skip(f"such scenarios {why}".replace("--", "--chatdrill-"))
        background = drills.background
        background.start(other.case for other in drills.due(self))
        drills.judge(self, self.case)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The transcript, not a traceback."""
        return _shown(excinfo) or super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where the scenario stands."""
        line = self.case.scenario.line
        return self.path, None if line is None else line - 1, self.name


def _shown(excinfo: pytest.ExceptionInfo[BaseException]) -> Any:
    from chatdrill.errors import ChatdrillError

    if isinstance(excinfo.value, Failed):
        return excinfo.value.shown()
    return str(excinfo.value) if isinstance(excinfo.value, ChatdrillError) else None


class Failed(AssertionError):
    """A case that broke a promise; the text is the transcript with what is wrong about it."""

    def __init__(self, plain: str, drawn: str, first: str) -> None:
        super().__init__(f"{first}\n{plain}")
        self._plain = plain
        self._drawn = drawn
        self._first = first

    def shown(self) -> Any:
        """For pytest's report: in colour on its terminal, plain in files, and in a word in the summary."""
        from _pytest._code.code import ReprFileLocation, TerminalRepr

        whole, plain, drawn = str(self), self._plain, self._drawn

        class Shown(TerminalRepr):
            reprcrash = ReprFileLocation("", 0, self._first)

            def toterminal(self, tw: Any) -> None:
                tw.write(drawn if tw.hasmarkup else plain)

            def __str__(self) -> str:
                return whole

        return Shown()


# ------------------------------------------------------------------------------------------------------- playing


class Drill:
    """What a test written in Python plays scenarios with."""

    def __init__(self, drills: Drills, node: pytest.Item) -> None:
        self._drills = drills
        self._node = node
        self._played = 0

    def play(self, *scenarios: Scenario, platforms: Sequence[str] | None = None) -> list[CaseJudgement]:
        """Play scenarios on all their platforms at once; fails the test with the transcript if a promise is broken."""
        __tracebackhide__ = True
        cases = self._cases(scenarios, platforms)
        self._drills.background.start(cases)
        return self._judge(cases)

    async def aplay(self, *scenarios: Scenario, platforms: Sequence[str] | None = None) -> list[CaseJudgement]:
        """The same in an asynchronous test: the test's own loop goes on."""
        __tracebackhide__ = True
        import asyncio

        cases = self._cases(scenarios, platforms)
        background = self._drills.background
        await asyncio.to_thread(background.start, cases)
        await asyncio.gather(*(asyncio.wrap_future(verdict) for verdict in background.verdicts(cases)))
        return self._judge(cases)

    def _judge(self, cases: Sequence[Case]) -> list[CaseJudgement]:
        __tracebackhide__ = True
        judgements: list[CaseJudgement] = []
        for case in cases:  # a comprehension would be a frame in the traceback
            judgements.append(self._drills.judge(self._node, case))
        return judgements

    def _cases(self, scenarios: Sequence[Scenario], platforms: Sequence[str] | None) -> list[Case]:
        """The cases, with ids that no other test's have: a test may play one scenario again and again."""
        import dataclasses

        from chatdrill.run.selection import make_cases

        found = make_cases(scenarios, platforms or self._drills.settings.platforms, self._drills.settings["desk"])
        self._played += 1
        number = f" #{self._played}" if self._played > 1 else ""
        return [dataclasses.replace(case, id=f"{self._node.nodeid}::{case.id}{number}") for case in found]


class Drills:
    """What there is to play in one pytest process, and the session that plays it, once it is needed."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._settings: Settings | None = None
        self._background: Background | None = None
        self._seed: int | None = None
        self.items: list[DrillItem] = []
        self.left_behind: list[str] = []

    @property
    def worker(self) -> int | None:
        """The number of this pytest-xdist worker, or ``None`` outside one."""
        name: str = getattr(self._config, "workerinput", {}).get("workerid", "")
        return int(name.removeprefix("gw")) if name.startswith("gw") else None

    @property
    def settings(self) -> Settings:
        """The effective settings, read once."""
        if self._settings is None:
            from chatdrill.run.settings import load_settings

            self._settings = load_settings(self._given(), folder=self._config.rootpath, flag_prefix="--chatdrill-")
        return self._settings

    def _given(self) -> dict[str, Any]:
        from chatdrill.run.options import OPTIONS

        return {option.name: self._config.getoption(f"chatdrill_{option.name}", None) for option in OPTIONS}

    @property
    def fresh_seed(self) -> int:
        """A seed that nobody gave: this process's own, or the one that its pytest-xdist controller drew."""
        if self._seed is None:
            from chatdrill.seeds import fresh_seed

            self._seed = getattr(self._config, "workerinput", {}).get(_SEED) or fresh_seed()
        return self._seed

    @property
    def seed(self) -> int:
        """The seed of the run."""
        given: int | None = self.settings["seed"]
        return self.fresh_seed if given is None else given

    @property
    def background(self) -> Background:
        """The session."""
        if self._background is None:
            from chatdrill.run.background import Background

            name = "trace.jsonl" if self.worker is None else f"trace-{self.worker}.jsonl"
            trace = self.settings.out / name
            self._background = Background(
                self.settings,
                seed=self.seed,
                trace=trace,
                worker=self.worker or 0,
                cases=[item.case for item in self.items],
            )
        return self._background

    def due(self, item: DrillItem) -> list[DrillItem]:
        """What to start when an item's turn has come: all that were collected, or in a worker this one."""
        together = self.items if self.worker is None and item in self.items else [item]
        return [each for each in together if self.why_not(each.case) is None]

    def why_not(self, case: Case) -> str | None:
        """Why a case cannot be played in this run, if it cannot."""
        from chatdrill.run.selection import why_not_case

        return why_not_case(case, self.settings)

    # ------------------------------------------------------------------------------------------------- verdicts

    def judge(self, item: pytest.Item, case: Case) -> CaseJudgement:
        """Wait for a verdict; raises ``Failed`` unless it is good, and skips the test if there was nothing to judge."""
        __tracebackhide__ = True
        import msgspec

        from chatdrill.cli.options import flag_words
        from chatdrill.engine.copies import repeat_of

        judgement = self.background.verdict(case)
        words = ["pytest", item.nodeid, *flag_words(self._given(), prefix="--chatdrill-")]
        if repeat_of(case.id) is not None:  # there is such a test only among as many
            words += ["--chatdrill-repeat", str(self.settings["repeat"])]
        replay = shlex.join([*words, "--chatdrill-seed", str(self.seed)])
        judgement = msgspec.structs.replace(judgement, replay=replay)
        item.user_properties += [
            ("seed", self.seed),
            ("platform", case.platform),
            ("took_s", round(judgement.took_s, 3)),
        ]
        if judgement.verdict in ("fail", "error", "inconclusive"):
            self._add_output(item, case)
            raise self._failed(judgement)
        if judgement.verdict == "none":
            pytest.skip("there was nothing to judge")
        return judgement

    def _failed(self, judgement: CaseJudgement) -> Failed:
        """Everything about a failure: findings, transcript, wire timeline, seed and replay command."""
        from chatdrill.checks.results import Judgement
        from chatdrill.run.registry import load_reporter

        session = self.background.session
        run = {
            "records": session.recorder.records[:1] + session.evidence.cases[judgement.case].records,
            "judgement": Judgement(verdict=judgement.verdict, cases=(judgement,)),
        }
        draw, width = load_reporter("failure"), max(80, self._config.get_terminal_writer().fullwidth)
        plain, drawn = (draw(color=color, width=width, **run).decode() for color in (False, True))
        first = next((finding.message for finding in judgement.findings), judgement.verdict)
        return Failed(plain, drawn, first.partition("\n")[0])

    def _add_output(self, item: pytest.Item, case: Case) -> None:
        """What the bot printed since the case began, as pytest shows what a test printed."""
        from chatdrill.trace import BotOutput

        evidence = self.background.session.evidence
        began = evidence.cases[case.id].began.t
        lines = [record.line for record in evidence.outside if isinstance(record, BotOutput) and record.t >= began]
        if lines:
            item.add_report_section("call", "bot output", "\n".join(lines[-_OUTPUT_LINES:]) + "\n")

    # ---------------------------------------------------------------------------------------------------- the end

    def close(self, *, interrupted: bool) -> None:
        """Stop everything, and write the reports that were asked for; bounded."""
        background, self._background = self._background, None
        if background is None:
            return
        from chatdrill.run.reports import chosen_reports, save_media, write_reports

        result = background.close(interrupted=interrupted)
        save_media(result, self.settings.out / "media")
        chosen = chosen_reports(self.settings["report"] or (), self.settings.out)
        if self.worker is not None:
            chosen = {name: path.with_stem(f"{path.stem}-{self.worker}") for name, path in chosen.items()}
        command = shlex.join(["pytest", *self._config.invocation_params.args])
        written = write_reports(result, chosen, title="pytest", command=command)
        self.left_behind = [f"chatdrill: {name} {path}" for name, path in {**written, "trace": result.trace}.items()]
