"""What holds for all tests: a slow machine is no failure, so nothing that Hypothesis draws has a deadline."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
