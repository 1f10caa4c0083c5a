"""What a case needs of its platform: what its customers do and send, as far as that is certain before it is played."""

from __future__ import annotations

from collections.abc import Iterator

from chatdrill.engine.cases import Case
from chatdrill.engine.step_parts import Attachment, Content
from chatdrill.engine.steps import (
    Blocks,
    Deletes,
    Edits,
    Presses,
    Reacts,
    Reads,
    Sends,
    Starts,
    Step,
    Types,
    Unblocks,
)
from chatdrill.wire import Capabilities

_ACTS: dict[type, str] = {
    Blocks: "block",
    Deletes: "delete",
    Edits: "edit",
    Presses: "press",
    Reacts: "react",
    Reads: "read",
    Starts: "start",
    Types: "typing",
    Unblocks: "unblock",
}


def lacking(case: Case, capabilities: Capabilities) -> str | None:
    """The first act or part that the case certainly needs and the platform has not; ``None`` if it can be played there."""
    sure = (step for step in case.steps if not step.when)
    return next((name for step in sure for name in _needs(step, capabilities)), None)


def _needs(step: Step, capabilities: Capabilities) -> Iterator[str]:
    act = _ACTS.get(type(step))
    if act is not None and act not in capabilities.acts:
        yield act
    for content in step.contents if isinstance(step, Sends) else ():
        part = _part(content)
        if part is None and not any(name.startswith(_FILE) for name in capabilities.customer_parts):
            yield "files"
        elif part is not None and part not in capabilities.customer_parts:
            yield part


_FILE = "media."


def _part(content: Content) -> str | None:
    """The name of a part; ``None`` for a file of which only its content tells what it is."""
    if isinstance(content, Attachment):
        return f"{_FILE}{content.kind}" if content.kind else None
    return str(type(content).__struct_config__.tag)
