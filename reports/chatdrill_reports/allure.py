"""The report as Allure results: a folder that ``allure generate`` and ``allure serve`` read, with one result for each conversation.

A conversation has its steps, its transcript and its wire as attachments, and the files that its customer sent. Repeats of a case have one
``historyId``, so that Allure shows them as retries; a case that is flaky in earlier runs is marked so.

Source: allurereport.org, "How it works: test result file, container file, environment file, categories file" (fields and their names).
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Unpack

from chatdrill.checks.results import CaseJudgement, Judgement
from chatdrill.engine.copies import copied
from chatdrill.history.telling import why
from chatdrill.model import File, Part
from chatdrill.trace import CaseBegan, CaseEnded, Record, RunBegan, StepBegan, StepEnded
from chatdrill.trace.transcript import Bubble, View, render_text, render_wire
from chatdrill.trace.transcript.phrases import one_line, plain
from chatdrill_reports.contract import Report, Run
from chatdrill_reports.junit_repeats import lines
from chatdrill_reports.pins import pin
from chatdrill_reports.words import FAULTS, case_title, row_words, wire_times

_STATUSES = {"pass": "passed", "fail": "failed", "error": "broken", "inconclusive": "skipped", "none": "skipped"}
_STEPS = {"played": "passed", "met": "passed", "unmet": "failed", "skipped": "skipped"}
_WIDTH = 100
_FILES_MAX = 20
_FILE_MAX_BYTES = 5_000_000
_NAMES = uuid.UUID("6f1f4a0e-7d55-5c0a-9a6e-2f3c5d8f0b11")
"""The namespace of the ids: one run gives one set of files."""
_ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "application/pdf": "pdf", "audio/ogg": "ogg", "video/mp4": "mp4"}


def render(**run: Unpack[Run]) -> Mapping[str, bytes]:
    """The files of the folder by their names."""
    report = Report(**run)
    files: dict[str, bytes] = {}
    suites: dict[str, list[dict[str, Any]]] = {}
    for case in report.judgement.cases:
        result = _result(report, case, files)
        files[f"{result['uuid']}-result.json"] = _json(result)
        suites.setdefault(case.file or "chatdrill", []).append(result)
    for name, results in suites.items():
        container = _container(report, name, results)
        files[f"{container['uuid']}-container.json"] = _json(container)
    files["categories.json"] = _json(list(_categories()))
    files["environment.properties"] = _environment(report)
    return files


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode("utf-8", "replace")


def _id(report: Report, *words: str) -> str:
    run = report.transcripts.run
    return str(
        uuid.uuid5(
            _NAMES, "\n".join((f"{run.seed} {run.at}" if run else "", *words)).encode("utf-8", "replace").decode()
        )
    )


def _hash(*words: str) -> str:
    return hashlib.md5("\n".join(words).encode("utf-8", "replace"), usedforsecurity=False).hexdigest()


# ------------------------------------------------------------------------------------------------------- a result


def _result(report: Report, case: CaseJudgement, files: dict[str, bytes]) -> dict[str, Any]:
    copy = copied(case.case)
    same = case.case if copy is None else copy.case
    records, view = report.transcripts.records(case.case), report.transcripts.view(case.case)
    time = _Time(report.transcripts.run)
    start, stop = time.span(records)
    return {
        "uuid": _id(report, case.case),
        "historyId": _hash(same),
        "testCaseId": _hash(case.file or "", case.name),
        "fullName": plain(f"{case.file or 'chatdrill'}: {case_title(case)}"),
        "name": plain(case_title(case)),
        "status": _STATUSES[case.verdict],
        "statusDetails": _details(report, case, same),
        "stage": "finished",
        "start": start,
        "stop": stop,
        "labels": list(_labels(case, view)),
        "parameters": list(_parameters(case)),
        "steps": list(_steps(view, records, time)),
        "attachments": list(_attachments(report, case, view, files)),
        "links": [],
    }


def _details(report: Report, case: CaseJudgement, same: str) -> dict[str, Any]:
    findings = case.findings
    worst = next((finding for finding in findings if finding.verdict == case.verdict), None)
    again = f"\n\nPlay it again with:\n  {case.replay}" if case.replay and findings else ""
    trend = report.trend_of(same)
    said = f"\n\nIn earlier runs: {words}" if trend is not None and (words := why(trend)) else ""
    repeated = any(one.case == same and one.is_flaky for one in report.judgement.repeats)
    details: dict[str, Any] = {"flaky": repeated or (trend is not None and trend.kind == "flaky")}
    if worst is not None:
        told = "\n\n".join("\n".join(lines(finding)) for finding in findings)
        details |= {"message": plain(worst.message), "trace": plain(told + again + said)}
    elif said:
        details |= {"message": plain(said.strip())}
    return details


def _labels(case: CaseJudgement, view: View) -> Iterator[dict[str, str]]:
    facts = {
        "framework": "chatdrill",
        "parentSuite": "chatdrill",
        "suite": case.file or "chatdrill",
        "subSuite": case.platform,
        "feature": case.name,
        "package": (case.file or "chatdrill").replace("/", "."),
        "epic": view.desk,
    }
    for name, value in [*facts.items(), *(("tag", tag) for tag in (case.platform, *case.tags))]:
        if value:
            yield {"name": name, "value": one_line(value, 200)}


def _parameters(case: CaseJudgement) -> Iterator[dict[str, Any]]:
    facts = {"platform": case.platform, "persona": case.persona, "row": row_words(case.row)}
    yield from ({"name": name, "value": plain(str(value))} for name, value in facts.items() if value)
    yield {"name": "seed", "value": str(case.seed), "excluded": True}


# -------------------------------------------------------------------------------------------------- time and steps


class _Time:
    """Milliseconds as Allure has them: of drill time where it is virtual, else of the machine's."""

    def __init__(self, run: RunBegan | None) -> None:
        self._zero = run.at if run is not None else 0.0
        self._virtual = run is not None and run.clock == "virtual"

    def of(self, record: Record) -> int:
        return round((record.at if self._virtual else self._zero + record.t) * 1000)

    def span(self, records: Sequence[Record]) -> tuple[int, int]:
        ends = [self.of(one) for one in records if isinstance(one, CaseBegan | CaseEnded)] or [0]
        return min(ends), max(ends)


def _steps(view: View, records: Sequence[Record], time: _Time) -> Iterator[dict[str, Any]]:
    began: dict[int, StepBegan] = {}
    for record in records:
        if isinstance(record, StepBegan):
            began[record.step] = record
        elif isinstance(record, StepEnded):
            words = view.steps[record.step] if record.step < len(view.steps) else f"step {record.step + 1}"
            details = {"statusDetails": {"message": plain(record.detail)}} if record.detail else {}
            yield {
                "name": one_line(words, 200),
                "status": _STEPS[record.outcome],
                "stage": "finished",
                "start": time.of(began.get(record.step, record)),
                "stop": time.of(record),
                **details,
            }


# --------------------------------------------------------------------------------------------------- attachments


def _attachments(report: Report, case: CaseJudgement, view: View, files: dict[str, bytes]) -> Iterator[dict[str, str]]:
    notes = pin(view, enumerate(case.findings)).notes
    texts = {
        "Conversation": render_text(view, width=_WIDTH, notes=notes),
        f"On the wire ({wire_times(view)})": render_wire(view, width=_WIDTH),
    }
    for title, text in texts.items():
        yield _attach(
            files, _id(report, case.case, title), title, "text/plain", "txt", plain(text).encode("utf-8", "replace")
        )
    for file in list(dict.fromkeys(_files(view)))[:_FILES_MAX]:
        content = report.blobs.get(file.sha256) if file.sha256 in report.blobs else None
        if content and len(content) <= _FILE_MAX_BYTES:
            kind = file.mime or "application/octet-stream"
            yield _attach(files, _hash(file.sha256), file.name or "file", kind, _ENDINGS.get(kind, "bin"), content)


def _attach(
    files: dict[str, bytes], identity: str, title: str, kind: str, ending: str, content: bytes
) -> dict[str, str]:
    source = f"{identity}-attachment.{ending}"
    files[source] = content
    return {"name": one_line(title, 100), "source": source, "type": one_line(kind, 60)}


def _files(view: View) -> Iterator[File]:
    for bubble in view.items:
        if isinstance(bubble, Bubble):
            yield from (file for part in bubble.parts if (file := _file(part)) is not None)


def _file(part: Part) -> File | None:
    file = getattr(part, "file", None)
    return file if isinstance(file, File) and file.sha256 else None


# ---------------------------------------------------------------------------------------------------- the others


def _container(report: Report, name: str, results: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {
        "uuid": _id(report, "container", name),
        "name": plain(name),
        "children": [one["uuid"] for one in results],
        "befores": [],
        "afters": [],
        "start": min(one["start"] for one in results),
        "stop": max(one["stop"] for one in results),
    }


def _categories() -> Iterator[dict[str, Any]]:
    for words in FAULTS.values():
        yield {
            "name": f"The fault of {words}",
            "traceRegex": f"(?s).*the fault of {words} \\(.*",
            "matchedStatuses": ["failed", "broken"],
        }
    yield {"name": "Not decided", "matchedStatuses": ["skipped"]}


def _environment(report: Report) -> bytes:
    run, judgement = report.transcripts.run, report.judgement
    facts = {"verdict": judgement.verdict, "platforms": ", ".join(_platforms(judgement))}
    if run is not None:
        facts |= {"chatdrill": run.version, "bot": run.bot, "seed": str(run.seed), "clock": run.clock}
    facts |= {"time": report.time.words} if report.time is not None else {}
    text = "".join(f"{name}={one_line(value, 400)}\n" for name, value in facts.items())
    return text.encode("latin-1", "backslashreplace")  # as Java reads properties


def _platforms(judgement: Judgement) -> list[str]:
    return sorted({case.platform for case in judgement.cases})
