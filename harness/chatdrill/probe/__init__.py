"""The probe: examines a webhook endpoint with no scenario at all.

Every probe is a short function that tries one thing and says what came of it (``trials/``); what is particular to a vendor comes
from its wire: messages, signatures, handshakes, limits (``chatdrill.wire.Examinable`` has the rest).
"""

from chatdrill.probe.bench import Bench, Bounds
from chatdrill.probe.examining import Examiner
from chatdrill.probe.register import PROBES, Probe, probe
from chatdrill.probe.results import FINDINGS, SERIOUS, VERDICTS, Examination, Outcome, Result, Verdict

__all__ = [
    "FINDINGS",
    "PROBES",
    "SERIOUS",
    "VERDICTS",
    "Bench",
    "Bounds",
    "Examination",
    "Examiner",
    "Outcome",
    "Probe",
    "Result",
    "Verdict",
    "probe",
]
