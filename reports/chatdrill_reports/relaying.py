"""What the bot passed on between customers and agents, as the checks of the handover see it, for the transcript."""

from __future__ import annotations

from chatdrill.checks.evidence import CaseEvidence
from chatdrill.checks.handoff.arrivals import arrivals
from chatdrill.checks.handoff.dialogs import dialogs
from chatdrill.trace.transcript import Relays


def relays(case: CaseEvidence | None) -> Relays | None:
    """Which messages of a case carry which; ``None`` where no helpdesk was in play."""
    if case is None or not case.filed:
        return None
    told = dialogs(case)
    replies = {out.record.n: out.reply.n for dialog in told for out in dialog.outs if out.reply is not None}
    copies = {copy.n: n for dialog in told for n, arrival in arrivals(dialog).items() for copy in arrival.copies}
    return Relays(replies, copies)
