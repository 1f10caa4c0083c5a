from __future__ import annotations

import pytest

from chatdrill.engine.durations import say_seconds, seconds, size_range


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5s", 5), ("250ms", 0.25), ("2 days", 172_800), ("1h30m", 5400), ("1h 30m", 5400), ("1.5h", 5400),
        ("90", 90), (2, 2), (0.5, 0.5), ("1 minute", 60), ("3 weeks", 1_814_400), ("2 min", 120), ("10 secs", 10),
    ],
)  # fmt: skip
def test_durations_are_read_as_people_write_them(text: str, value: float) -> None:
    assert seconds(text) == pytest.approx(value)


@pytest.mark.parametrize(
    "text",
    ["", "5 parsecs", "s", "5s later", "-5s", "1h30", "5ss", "5 s s", "1 h m", -3, "101 years", "9999999h", 1e11],
)
def test_anything_else_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match="duration"):
        seconds(text)


@pytest.mark.parametrize(
    ("value", "said"), [(0, "0s"), (0.25, "250ms"), (5, "5s"), (90, "1m 30s"), (176_400, "2d 1h"), (3600, "1h")]
)
def test_durations_are_said_in_two_units(value: float, said: str) -> None:
    assert say_seconds(value) == said


@pytest.mark.parametrize(
    ("text", "bounds"),
    [("<2MB", (None, 1_999_999)), (">10kB", (10_001, None)), ("1KiB..2KiB", (1024, 2048)), (48213, (48213, 48213))],
)
def test_sizes_are_bounds_in_bytes(text: str | int, bounds: tuple[int | None, int | None]) -> None:
    assert size_range(text) == bounds


def test_a_size_that_cannot_be_read_says_how_to_write_one() -> None:
    with pytest.raises(ValueError, match="<2MB"):
        size_range("big")
