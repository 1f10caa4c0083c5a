"""Defects of the handover between bot and people, in the order of the rules that they break."""

from __future__ import annotations

from . import availability, context, endings, inbound, outbound, quiet, robustness, tickets

SPECIMENS = (
    *tickets.SPECIMENS,
    *context.SPECIMENS,
    *quiet.SPECIMENS,
    *inbound.SPECIMENS,
    *outbound.SPECIMENS,
    *availability.SPECIMENS,
    *endings.SPECIMENS,
    *robustness.SPECIMENS,
)
