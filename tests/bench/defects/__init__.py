"""Bots that are nearly right: the reference bot with one defect each, and the rule of the handover that must find it."""
