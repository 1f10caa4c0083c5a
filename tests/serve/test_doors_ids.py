"""Marks in ids, and what doors say to each other, bit by bit."""

from __future__ import annotations

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatdrill.errors import Unsupported
from chatdrill.seeds import Seed, door_of
from chatdrill.serve.frames import GREETING_MAX_BYTES, Forward, Frames, Hello, packed
from chatdrill.wire import HttpRequest
from chatdrill.wire.doors import one_owner
from chatdrill_fakes.platforms.messenger import ids as messenger
from chatdrill_fakes.platforms.whatsapp import ids as whatsapp

DOORS = st.integers(0, 99)
CALL = Forward(7, "telegram", HttpRequest("POST", "/bot1/sendMessage", (("A", "ü"),), b"\x00\xff"), "http://x", 0.5)


@given(DOORS, st.integers(8, 60))
def test_every_long_id_that_a_door_draws_says_whose_it_is(door: int, length: int) -> None:
    chance = Seed(1).door_stream(door, "ids")
    drawn = (chance.digits(length), chance.hex(length), chance.base64url(length), messenger.mid(chance))
    assert {door_of(id) for id in drawn} == {door}
    assert [len(id) for id in drawn] == [length] * 3 + [90]


@given(DOORS, st.integers(0, 10**12), st.integers(0, 9))
def test_a_series_of_a_door_grows_and_keeps_its_mark(door: int, last: int, by: int) -> None:
    chance = Seed(1).door_stream(door, "ids")
    number = chance.following(last, by)
    assert last + by <= number < last + by + 100 and number % 100 == door
    assert chance.nth(last) % 100 == door and chance.nth(last + 1) > chance.nth(last)


@given(st.integers(0, 10**12), st.integers(0, 9), st.text(min_size=2))
def test_without_doors_an_id_is_what_it_was(last: int, by: int, id: str) -> None:
    chance = Seed(1).stream("ids")
    assert (chance.following(last, by), chance.nth(last), chance.marked(id)) == (last + by, last, id)


def test_a_copied_stream_keeps_its_mark() -> None:
    chance = Seed(1).door_stream(42, "ids")
    assert copy.deepcopy(chance).hex(20) == chance.hex(20) and door_of(chance.hex(20)) == 42


@given(st.text(), st.binary())
def test_what_is_no_id_of_ours_names_nobody(text: str, junk: bytes) -> None:
    assert door_of(text) is None or text[-2:].isdigit()
    assert whatsapp.number_in(text) is None or text
    assert whatsapp.number_in(f"wamid.{junk.hex()}") is None or junk


@given(st.from_regex(r"[1-9][0-9]{7,14}", fullmatch=True))
def test_a_whatsapp_message_id_tells_the_number_of_its_chat(number: str) -> None:
    chance = Seed(1).stream("ids")
    assert whatsapp.number_in(whatsapp.customer_message_id(number, chance)) == number
    assert whatsapp.number_in(whatsapp.business_message_id(number, chance)) == number


def test_ids_of_one_call_have_one_owner_or_are_refused() -> None:
    assert one_owner(["1201", "77701"], "it") == "1201" and one_owner([], "it") is None
    with pytest.raises(Unsupported, match="several workers"):
        one_owner(["1201", "1202"], "it")


@given(st.lists(st.integers(1, 40), max_size=60))
def test_frames_come_out_whole_however_they_are_cut(cuts: list[int]) -> None:
    data, frames, found = packed(CALL) * 3, Frames(), []
    for size in [*cuts, len(data)]:
        found += frames.feed(data[:size])
        data = data[size:]
    assert found == [CALL] * 3


@given(st.binary(min_size=12, max_size=200))
def test_garbage_is_a_value_error_or_waits_for_more(junk: bytes) -> None:
    try:
        assert all(isinstance(frame, Forward | Hello) or frame for frame in Frames(GREETING_MAX_BYTES).feed(junk))
    except ValueError:
        pass


def test_of_a_stranger_no_long_frame_is_taken() -> None:
    with pytest.raises(ValueError, match="a frame of"):
        list(Frames(GREETING_MAX_BYTES).feed((GREETING_MAX_BYTES + 1).to_bytes(4, "big")))
