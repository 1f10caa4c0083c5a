"""What every fake must keep to, as laws that anybody can hold their own fake to.

    from chatdrill.conformance import check_desk

    for verdict in check_desk(desk, Rehearsal):
        assert verdict.problem is None, verdict

A law drives a fresh account by the vendor's own requests, the way a correct bot does (``chatdrill.wire.Rehearsal``), and says
in one sentence what must hold. Nothing here needs pytest, a socket or a clock.
"""

from chatdrill.conformance.desks import LAWS, Verdict, check_desk, find_problem
from chatdrill.conformance.law import Broken, Law
from chatdrill.conformance.trial import Trial

__all__ = ["LAWS", "Broken", "Law", "Trial", "Verdict", "check_desk", "find_problem"]
