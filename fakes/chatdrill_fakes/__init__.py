"""Fake messenger platforms and, one day, helpdesks: pure wires, one folder each, found by entry points."""
