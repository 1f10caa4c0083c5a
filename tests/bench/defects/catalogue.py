"""All seeded defects, in the order of the rules."""

from __future__ import annotations

from . import availability, context, endings, inbound, outbound, quiet, robustness, tickets

DEFECTS = (
    *tickets.DEFECTS,
    *context.DEFECTS,
    *quiet.DEFECTS,
    *inbound.DEFECTS,
    *outbound.DEFECTS,
    *availability.DEFECTS,
    *endings.DEFECTS,
    *robustness.DEFECTS,
)
