"""One conversation out of a trace that is still being written, as a page."""

from __future__ import annotations

import msgspec

from chatdrill.checks import judge
from chatdrill.trace import Record
from chatdrill_load.messages import Bad, Slow
from chatdrill_load.report.words import case_name
from chatdrill_reports.html import render

_decode_lines = msgspec.json.Decoder(Record).decode_lines


def draw_transcript(talk: Bad | Slow) -> bytes | str:
    """The conversation as a page, or in a sentence why there is none."""
    if talk.place is None:
        return f"{talk.case} was not kept: {talk.trace} could not be written any more."
    begins, size = talk.place
    try:
        with open(talk.trace, "rb") as file:
            head = file.readline() if begins else b""  # about the run: what its seconds count from
            file.seek(begins)
            records: list[Record] = _decode_lines(head + file.read(size))
    except FileNotFoundError:
        return f"{talk.case} stands in {talk.trace} of another machine, that of its worker."
    except (OSError, msgspec.DecodeError) as error:
        return f"{talk.case} cannot be read from {talk.trace}: {error}"
    return render(records=records, judgement=judge(records), title=case_name(talk.case))
