"""Scenario files: reading, checking against the schema, and turning them into scenarios.

All problems of a file are reported together, each with line and column.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from chatdrill.engine import schema
from chatdrill.engine.cases import case_problems
from chatdrill.engine.conditions import check_condition
from chatdrill.engine.desk_steps import AgentDoes
from chatdrill.engine.reading import read_step
from chatdrill.engine.scenario import Scenario
from chatdrill.engine.step_parts import Attachment
from chatdrill.engine.steps import Happens, Sends, Step, branch, nested, prefill
from chatdrill.engine.templates import plain
from chatdrill.engine.yamlmarks import Document, read_documents
from chatdrill.errors import ScenarioError, did_you_mean

SUFFIXES = (".drill.yaml", ".drill.yml")
_INCLUDES_DEEP_MAX = 16
_RELATIONS = frozenset({"same_as", "platform"})
"""What makes sense only beside other customers."""
_HEAD = (
    "about", "tags", "platforms", "not_on", "locale", "starts", "calendar", "clock", "persona", "customer", "customers", "vars",
    "sla", "checks", "faults", "desks", "agents", "facts", "secrets", "templates",
)  # fmt: skip

Placed = tuple[Step, str]
T = TypeVar("T")


def load_path(
    paths: Path | Iterable[Path],
    *,
    samples: Mapping[str, Path] | None = None,
    platforms: Collection[str] = (),
) -> list[Scenario]:
    """The scenarios of files and folders (all ``*.drill.yaml`` in them, sorted). Raises ``ScenarioError``."""
    given = [paths] if isinstance(paths, Path) else list(paths)
    files = [file for path in given for file in find_files(path)]
    return [scenario for file in files for scenario in load_scenarios(file, samples=samples, platforms=platforms)]


def find_files(path: Path) -> list[Path]:
    """The scenario files under a folder, sorted, or the file itself. Raises ``ScenarioError`` if there are none."""
    if path.is_file():
        return [path]
    if not path.is_dir():
        beside = [entry.name for entry in path.parent.glob("*")] if path.parent.is_dir() else []
        raise ScenarioError(f"no such file or folder: {path}" + did_you_mean(path.name, beside))
    found = sorted(file for suffix in SUFFIXES for file in path.rglob(f"*{suffix}"))
    if not found:
        raise ScenarioError(f"no scenarios in {path}: their files end in {SUFFIXES[0]}")
    return found


def load_scenarios(
    path: Path, *, samples: Mapping[str, Path] | None = None, platforms: Collection[str] = ()
) -> list[Scenario]:
    """The scenarios of one file.

    ``samples`` are the shipped files by name; where they are given, every file that a scenario names is looked for.
    ``platforms`` are the known platforms, to check names against. Raises ``ScenarioError`` with everything that is wrong
    in the file.
    """
    file = _File.open(path)
    scenarios = [scenario for document in file.documents if (scenario := _scenario(file, document)) is not None]
    if not file.problems:
        _check_names_differ(file, scenarios)
        for scenario in scenarios:
            file.problems.extend(case_problems(scenario, samples))
            file.problems.extend(_platform_problems(scenario, platforms))
    file.give_up_if_wrong()
    return scenarios


@dataclass
class _File:
    """One file that is being read: its documents, and what turned out to be wrong."""

    path: Path
    label: str
    documents: list[Document]
    root: Path  # the folder of the scenario, from which file names count
    above: tuple[Path, ...] = ()  # the files that include this one
    problems: list[ScenarioError] = field(default_factory=list)

    @classmethod
    def open(cls, path: Path, root: Path | None = None, above: tuple[Path, ...] = ()) -> _File:
        label = _label(path)
        try:
            text = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            raise ScenarioError(f"not UTF-8: {error.reason} at byte {error.start}", where=label) from error
        except OSError as error:
            raise ScenarioError(f"cannot read the file: {error.strerror}", where=label) from error
        documents = [document for document in read_documents(text, label) if document.data is not None]
        if not documents:
            raise ScenarioError("the file is empty", where=label)
        return cls(path, label, documents, root or path.parent, above)

    def where(self, document: Document, path: schema.Path, *, at_key: bool = False) -> str:
        line, column = document.key_place(path) if at_key else document.place(path)
        return f"{self.label}:{line}:{column}"

    def check(self, document: Document, part: schema.Part) -> bool:
        """Check a document against the schema and keep what is wrong."""
        found = schema.problems(document.data, part)
        places = [(self.where(document, problem.path, at_key=problem.at_key), problem.text) for problem in found]
        self.problems.extend(ScenarioError(text, where=where) for where, text in places)
        return not found

    def attempt(self, document: Document, path: schema.Path, read: Callable[[], T]) -> T | None:
        """What ``read`` gives, or ``None`` after keeping the problem with its place."""
        try:
            return read()
        except ScenarioError as error:
            self.problems.append(
                error if error.where else ScenarioError(error.problem, where=self.where(document, path))
            )
            return None

    def give_up_if_wrong(self) -> None:
        """Raise everything that is wrong, in the order of the file."""
        if not self.problems:
            return
        ordered = sorted(dict.fromkeys((error.where, error.problem) for error in self.problems), key=_by_place)
        (where, problem), *others = ordered
        more = "".join(f"\n{place}: {text}" for place, text in others)
        raise ScenarioError(problem + more, where=where)


def _by_place(problem: tuple[str, str]) -> tuple[str, int, int]:
    name, _, rest = problem[0].rpartition(".yaml:")
    line, _, column = rest.partition(":")
    return (name, int(line), int(column)) if line.isdigit() and column.isdigit() else (problem[0], 0, 0)


def _label(path: Path) -> str:
    """The path as a person writes it: from the working directory where it lies below that."""
    shown = Path(os.path.relpath(path)) if path.is_absolute() else path
    return path.as_posix() if ".." in shown.parts else shown.as_posix()


# --------------------------------------------------------------------------------------------- one scenario


def _scenario(file: _File, document: Document) -> Scenario | None:
    if not file.check(document, "scenario"):
        return None
    data: dict[str, Any] = document.data
    head: dict[str, Any] = {key: data[key] for key in _HEAD if key in data}
    for path, part in _parts(head):  # one by one, so that an error has the place of its key
        file.attempt(document, path, partial(Scenario, "", **part))
    rows = file.attempt(document, ("data",), partial(_rows, file, data.get("data", ())))
    steps = _steps(file, document, data["steps"], ("steps",))
    if file.problems:
        return None
    scenario = file.attempt(document, (), partial(Scenario, data["name"], data=rows or (), **head))
    return scenario and scenario.placed(
        [step for step, _ in steps],
        [mark for _, mark in steps],
        file=file.label,
        line=document.place(())[0],
        folder=file.root.as_posix(),
    )


def _parts(head: Mapping[str, Any]) -> Iterator[tuple[schema.Path, dict[str, Any]]]:
    for key, value in head.items():
        if key in ("agents", "customers"):
            alone = {name: given for name, given in value.items() if _RELATIONS.isdisjoint(given or ())}
            for name in value:
                others = {} if name in alone else alone
                yield (key, name), {key: {each: value[each] for each in value if each == name or each in others}}
        else:
            yield (key,), {key: value}


def _check_names_differ(file: _File, scenarios: Sequence[Scenario]) -> None:
    seen: dict[str, Scenario] = {}
    for scenario in scenarios:
        first = seen.setdefault(scenario.name, scenario)
        if first is not scenario:
            problem = f"another scenario of this file is called {scenario.name!r} (line {first.line})"
            file.problems.append(ScenarioError(problem, where=f"{file.label}:{scenario.line}:1"))


def _platform_problems(scenario: Scenario, known: Collection[str]) -> list[ScenarioError]:
    """Platforms that nobody knows, and events of platforms on which the scenario does not run."""
    others = scenario.other_platforms
    named = [(name, known, f"{scenario.where}:1") for name in (*scenario.platforms, *scenario.not_on, *others)]
    for step, mark in zip(scenario.steps, scenario.marks, strict=True):
        if isinstance(step, Happens):
            named.append((step.platform, (*scenario.platforms, *others) if scenario.platforms else known, mark))
    return [
        ScenarioError(f"no platform {name!r}{did_you_mean(name, options)}", where=where)
        for name, options, where in named
        if options and name not in options
    ]


# ----------------------------------------------------------------------------------------------------- steps


def _steps(file: _File, document: Document, items: Sequence[Any], path: schema.Path) -> list[Placed]:
    steps: list[Placed] = []
    for number, item in enumerate(items):
        place = (*path, number)
        made = file.attempt(document, place, partial(_one, file, document, item, place, len(steps)))
        steps.extend(made or ())
    return steps


def _one(file: _File, document: Document, item: dict[str, Any], path: schema.Path, index: int) -> list[Placed]:
    """The steps that one entry of the list stands for, with the customer who acts in them."""
    if "if" in item:
        made = _branch(file, document, item, path, index)
    elif "include" in item:
        made = _include(file, item, index)
    else:
        verb = next(key for key in item if key != "as")
        step = file.attempt(document, (*path, verb), partial(read_step, verb, item[verb]))
        made = [] if step is None else [(_rooted(step, file), file.where(document, path))]
    actor = item.get("as")
    return [(_acted_by(step, actor), mark) for step, mark in made] if actor else made


def _acted_by(step: Step, actor: str) -> Step:
    return step if step.customer else msgspec.structs.replace(step, customer=actor)


def _branch(file: _File, document: Document, item: dict[str, Any], path: schema.Path, index: int) -> list[Placed]:
    condition = item["if"]
    file.attempt(document, (*path, "if"), partial(check_condition, condition))
    then = _steps(file, document, item["then"], (*path, "then"))
    otherwise = _steps(file, document, item.get("else", ()), (*path, "else"))
    flat = branch(condition, [step for step, _ in then], [step for step, _ in otherwise], index)
    return list(zip(flat, [mark for _, mark in (*then, *otherwise)], strict=True))


def _include(file: _File, item: dict[str, Any], index: int) -> list[Placed]:
    target = file.path.parent / item["include"]
    above = (*file.above, file.path.resolve())
    if target.resolve() in above or len(above) > _INCLUDES_DEEP_MAX:
        raise ScenarioError(f"{item['include']} includes itself")
    if not target.is_file():
        beside = [other.name for other in target.parent.glob("*.yaml")] if target.parent.is_dir() else []
        raise ScenarioError(f"no file {item['include']!r} to include" + did_you_mean(target.name, beside))
    inner = _File.open(target, file.root, above)
    if len(inner.documents) > 1:
        raise ScenarioError("a file of steps is one document", where=inner.label)
    content = inner.documents[0]
    made = _steps(inner, content, content.data, ()) if inner.check(content, "steps") else []
    file.problems.extend(inner.problems)
    values = {name: plain(value) for name, value in item.get("with", {}).items()}
    filled = nested([prefill(step, values) for step, _ in made], index)
    return list(zip(filled, [mark for _, mark in made], strict=True))


def _rooted(step: Step, file: _File) -> Step:
    """A file that lies beside an included file is named from the scenario's folder."""
    if not isinstance(step, Sends | AgentDoes) or file.path.parent == file.root:
        return step
    return msgspec.structs.replace(step, contents=tuple(_named_from_root(item, file) for item in step.contents))


def _named_from_root(item: Any, file: _File) -> Any:
    if not isinstance(item, Attachment) or not (file.path.parent / item.file).is_file():
        return item
    name = Path(os.path.relpath(file.path.parent / item.file, file.root)).as_posix()
    return msgspec.structs.replace(item, file=name)


# --------------------------------------------------------------------------------------------------- datasets


def _rows(file: _File, data: Any) -> list[dict[str, Any]]:
    return read_rows(file.root / data) if isinstance(data, str) else list(data)


def read_rows(path: Path) -> list[dict[str, Any]]:
    """The rows of a dataset in a ``.csv``, ``.json`` or ``.yaml`` file. Raises ``ScenarioError``."""
    if path.suffix not in _ROW_READERS:
        raise ScenarioError(f"a dataset is a file in {', '.join(_ROW_READERS)}, not {path.name!r}")
    try:
        rows = _ROW_READERS[path.suffix](path.read_text(encoding="utf-8-sig"), _label(path))
    except OSError as error:
        raise ScenarioError(f"cannot read the dataset {path.name!r}: {error.strerror}") from error
    except ValueError as error:
        raise ScenarioError(f"cannot read the dataset {path.name!r}: {error}") from error
    if not isinstance(rows, list) or not rows or not all(map(_is_row, rows)):
        raise ScenarioError(f"the dataset {path.name!r} must be a list of rows, each with names and values")
    return rows


def _is_row(row: Any) -> bool:
    return isinstance(row, dict) and not any(isinstance(value, dict | list) for value in row.values())


def _csv_rows(text: str, where: str) -> Any:
    rows = [*csv.DictReader(text.splitlines(keepends=True), skipinitialspace=True, strict=True)]
    for number, row in enumerate(rows, start=2):
        if None in row or None in row.values():
            raise ScenarioError(
                "the row has another number of columns than the first line", where=f"{where}:{number}:1"
            )
    return rows


def _json_rows(text: str, _: str) -> Any:
    return json.loads(text, parse_float=str)  # as written: 10.50 stays 10.50


def _yaml_rows(text: str, where: str) -> Any:
    documents = read_documents(text, where)
    return documents[0].data if documents else None


_ROW_READERS: dict[str, Callable[[str, str], Any]] = {".csv": _csv_rows, ".json": _json_rows, ".yaml": _yaml_rows}
