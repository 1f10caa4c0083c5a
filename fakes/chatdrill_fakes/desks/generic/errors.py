"""How a declared desk says no."""

from __future__ import annotations

from chatdrill_fakes.desks.generic.spec import Spec
from chatdrill_fakes.families.declared.refusing import refusal
from chatdrill_fakes.families.desks import Refused


def error(spec: Spec, name: str, reason: str) -> Refused:
    """The answer that the file words for an error, ``reason`` in it."""
    return Refused(refusal(spec.errors, name, reason), f"{name}: {reason}")
