"""Correct bots of other shapes than the shop's: each can do what the parrots' pack asks."""

from __future__ import annotations

import json

import pytest

from chatdrill_scenarios.zoo.correct import CORRECT
from chatdrill_scenarios.zoo.shapes import Parrot
from chatdrill_scenarios.zookeeper.playing import Place, play, suite

PARROTS = [bot for bot in CORRECT if "parrot" in bot.name]
PHOTO = {"chat": {"id": 5}, "photo": [], "caption": "my shoe"}


def test_an_update_is_answered_once_however_often_it_comes() -> None:
    parrot = Parrot()
    said = [parrot.call({"update_id": number, "message": PHOTO}) for number in (1, 1, 2)]
    assert [call and call["text"] for call in said] == ["my shoe", None, "my shoe"]
    assert parrot.call({"update_id": 3, "edited_message": PHOTO}) is None


def test_what_has_no_words_is_thanked_for_and_long_texts_are_cut() -> None:
    parrot = Parrot()
    silent = parrot.call({"update_id": 1, "message": {"chat": {"id": 5}}})
    long = parrot.call({"update_id": 2, "message": {"chat": {"id": 5}, "text": "x" * 5000}})
    assert silent and silent["text"] == "Thank you."
    assert long and len(long["text"]) == 4096 and json.dumps(long)


@pytest.mark.parametrize("bot", PARROTS, ids=lambda bot: bot.name)
def test_a_correct_bot_of_another_shape_is_not_accused(bot) -> None:
    place = Place(bot.app, bot.platform, bot.desk, shape=bot.shape)
    played = play(place, suite(place))
    assert (played.findings, played.stuck, played.trouble) == ((), (), ()) and played.dialogs >= 5
