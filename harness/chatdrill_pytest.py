"""The pytest plugin: ``*.drill.yaml`` files are tests, one for each scenario, platform and dataset row.

The chosen cases are played concurrently, in the background, from the moment the first of them is due; pytest then only
picks up the verdicts. In a pytest-xdist worker a case is played when it is due, on a port of the worker's own.
The fixture ``chatdrill`` plays scenarios written in Python.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

if TYPE_CHECKING:
    from chatdrill.checks.results import CaseJudgement
    from chatdrill.engine.cases import Case
    from chatdrill.engine.scenario import Scenario
    from chatdrill.run.session import Session

T = TypeVar("T")
_DRILLS = pytest.StashKey["Drills"]()
_SUFFIXES = (".drill.yaml", ".drill.yml")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Every setting of chatdrill is an option ``--chatdrill-NAME``."""
    from chatdrill.run.settings import OPTIONS

    group = parser.getgroup("chatdrill", "chatdrill: rehearse customer conversations")
    for option in OPTIONS:
        action = "append" if option.many else "store"
        flag = f"--chatdrill-{option.name.replace('_', '-')}"
        group.addoption(flag, dest=f"chatdrill_{option.name}", metavar=option.metavar, help=option.help, action=action)


def pytest_configure(config: pytest.Config) -> None:
    """Set the stage aside until a test needs it."""
    config.addinivalue_line("markers", "drill: a scenario played by chatdrill")
    config.stash[_DRILLS] = Drills(config)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the bot and the fakes."""
    drills = config.stash.get(_DRILLS, None)
    if drills is not None:
        drills.close()


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect scenario files."""
    if file_path.name.endswith(_SUFFIXES):
        collector: pytest.Collector = DrillFile.from_parent(parent, path=file_path)
        return collector
    return None


def pytest_collection_finish(session: pytest.Session) -> None:
    """Now it is known what -k, -m and the rest have left over."""
    session.config.stash[_DRILLS].items = [item for item in session.items if isinstance(item, DrillItem)]


def pytest_report_header(config: pytest.Config) -> list[str]:
    """The seed, so that a red run can be repeated."""
    drills = config.stash[_DRILLS]
    return [f"chatdrill: seed {drills.seed} (repeat with --chatdrill-seed {drills.seed})"]


@pytest.fixture(name="chatdrill", scope="session")
def chatdrill_fixture(request: pytest.FixtureRequest) -> Drill:
    """Plays scenarios written in Python: ``chatdrill.play(Scenario(...).says("Hi").hears("Hello"))``."""
    return Drill(request.config.stash[_DRILLS])


class DrillFile(pytest.File):
    """A file of scenarios."""

    def collect(self) -> Iterator[pytest.Item]:
        """One item for each case."""
        from chatdrill.run.selection import find_scenarios, make_cases

        drills = self.config.stash[_DRILLS]
        for case in make_cases(find_scenarios([self.path]), drills.settings.platforms):
            item: DrillItem = DrillItem.from_parent(self, name=case.id.rpartition("::")[2], case=case)
            item.add_marker("drill")
            item.add_marker(case.platform)
            for tag in case.scenario.tags:
                item.add_marker(tag.replace("-", "_"))
            yield item

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """A wrong scenario is a message, not a traceback."""
        from chatdrill.errors import ChatdrillError

        if isinstance(excinfo.value, ChatdrillError):
            return str(excinfo.value)
        return super().repr_failure(excinfo)


class DrillItem(pytest.Item):
    """One case."""

    def __init__(self, *, case: Case, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.case = case

    def runtest(self) -> None:
        """Wait for the verdict of this case."""
        drills = self.config.stash[_DRILLS]
        judgement = drills.verdict_of(self)
        self.user_properties.extend([("seed", drills.seed), ("platform", self.case.platform)])
        drills.raise_for(judgement)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The transcript, not a traceback."""
        from chatdrill.errors import ChatdrillError

        if isinstance(excinfo.value, Failed | ChatdrillError):
            return str(excinfo.value)
        return super().repr_failure(excinfo)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where the scenario stands."""
        line = self.case.scenario.line
        return self.path, None if line is None else line - 1, self.name


class Failed(AssertionError):
    """A case that broke a promise; the text is the transcript with what is wrong about it."""


class Drill:
    """What a test written in Python plays scenarios with."""

    def __init__(self, drills: Drills) -> None:
        self._drills = drills

    def play(self, scenario: Scenario, *, platforms: tuple[str, ...] | None = None) -> list[CaseJudgement]:
        """Play a scenario on all its platforms at once; fails the test with the transcript if a promise is broken."""
        from chatdrill.run.selection import make_cases

        cases = make_cases([scenario], platforms or self._drills.settings.platforms)
        futures = [self._drills.start(case) for case in cases]
        judgements = [self._drills.wait(future) for future in futures]
        for judgement in judgements:
            self._drills.raise_for(judgement)
        return judgements

    @property
    def session(self) -> Session:
        """The session behind it: fakes, recorder, evidence."""
        return self._drills.session


class Drills:
    """The session of one pytest process, on a loop in a thread of its own; opened by the first case that is due."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._settings: Any = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._session: Session | None = None
        self._futures: dict[str, Future[CaseJudgement]] = {}
        self._opening_error: BaseException | None = None
        self.items: list[DrillItem] = []

    @property
    def worker(self) -> int | None:
        """The number of this pytest-xdist worker, or ``None`` outside one."""
        name: str = getattr(self._config, "workerinput", {}).get("workerid", "")
        return int(name.removeprefix("gw")) if name.startswith("gw") else None

    @property
    def settings(self) -> Any:
        """The effective settings, read once."""
        if self._settings is None:
            from chatdrill.run.settings import OPTIONS, load_settings

            given = {option.name: self._config.getoption(f"chatdrill_{option.name}", None) for option in OPTIONS}
            self._settings = load_settings(given, folder=self._config.rootpath)
        return self._settings

    @property
    def seed(self) -> int:
        """The seed of the run; the same in every worker where one was given."""
        if not hasattr(self, "_seed"):
            from chatdrill.seeds import fresh_seed

            given = self.settings["seed"]
            self._seed = int(given) if given is not None else fresh_seed()
        return self._seed

    @property
    def session(self) -> Session:
        """The open session. Raises what its opening raised."""
        if self._opening_error is not None:
            raise self._opening_error
        if self._session is None:
            self._open()
        assert self._session is not None
        return self._session

    def _open(self) -> None:
        from chatdrill.run.execute import new_loop
        from chatdrill.run.session import Session

        self._loop = new_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="chatdrill", daemon=True)
        self._thread.start()
        settings, worker = self.settings, self.worker
        port = settings["port"] + worker if worker and settings["port"] else None
        name = "trace.jsonl" if worker is None else f"trace-{worker}.jsonl"

        async def make() -> Session:
            trace = Path(self._config.rootpath) / settings["out"] / name
            session = Session(settings, platforms=settings.platforms, seed=self.seed, trace=trace, port=port)
            await session.open()
            return session

        try:
            self._session = self.wait(self._submit(make()))
        except BaseException as error:
            self._opening_error = error
            raise

    def _submit(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        assert self._loop is not None
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def wait(self, future: Future[T]) -> T:
        """The result of work on the loop; Ctrl-C gets through."""
        return future.result()

    def start(self, case: Case) -> Future[CaseJudgement]:
        """Begin to play a case."""
        return self._submit(self.session.play(case))

    def verdict_of(self, item: DrillItem) -> CaseJudgement:
        """The verdict of an item. Outside a worker the first call starts all that were collected."""
        wanted = [item] if self.worker is not None else self.items
        for other in wanted:
            if other.nodeid not in self._futures:
                self._futures[other.nodeid] = self.start(other.case)
        return self.wait(self._futures[item.nodeid])

    def raise_for(self, judgement: CaseJudgement) -> None:
        """Raise ``Failed`` with the transcript unless the case passed; skip the test if nothing could be judged."""
        if judgement.verdict in ("fail", "error", "inconclusive"):
            raise Failed(self.explain(judgement))
        if judgement.verdict == "none":
            pytest.skip("there was nothing to judge")

    def explain(self, judgement: CaseJudgement) -> str:
        """Everything about a failure: findings, transcript, wire timeline, seed and replay command."""
        from chatdrill.run.registry import load_reporter

        explain: Callable[..., str] = load_reporter("failure")  # type: ignore[assignment]
        return explain(records=self.session.records, judgement=judgement)

    def close(self) -> None:
        """Stop everything; bounded."""
        if self._loop is None:
            return
        for future in self._futures.values():
            future.cancel()
        if self._session is not None:
            self._submit(self._session.close()).result(timeout=15)
        self._loop.call_soon_threadsafe(self._loop.stop)
        if self._thread is not None:
            self._thread.join(timeout=5)
        self._loop.close()
