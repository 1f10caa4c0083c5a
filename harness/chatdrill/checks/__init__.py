"""Checks: pure functions of a trace. They read, they never act."""
