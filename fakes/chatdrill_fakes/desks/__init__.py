"""Fake helpdesks, one folder each; they know neither each other nor the platforms."""
