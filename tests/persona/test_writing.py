from __future__ import annotations

import pytest

from chatdrill.engine.writing import Style, is_fact, neighbours, plain_letters, shout, split, typo, words_of, write
from chatdrill.seeds import Seed

TEXT = "Hello, I ordered shoes R-2041 yesterday. Where is it? See https://x.example/a or mail anna@example.org!"
FACTS = ("R-2041", "https://x.example/a", "anna@example.org!")
WILD = Style(typo_rate=1.0, emoji_rate=1.0, shout_rate=1.0, writes_capitals=False, writes_accents=False)


def streams(count: int) -> list:
    return [Seed(number).stream("x") for number in range(count)]


@pytest.mark.parametrize("count", [1, 2, 3, 5, 99])
def test_splitting_keeps_every_word_in_its_place(count: int) -> None:
    for chance in streams(50):
        pieces = split(TEXT, count, chance)
        assert " ".join(pieces) == TEXT
        assert len(pieces) == min(count, len(TEXT.split()))


def test_cuts_fall_rather_after_a_sign() -> None:
    ends = [split(TEXT, 2, chance)[0][-1] for chance in streams(300)]
    assert sum(end in ",.?!" for end in ends) > 150  # 3 of 15 gaps follow a sign; blind cuts would give 60


def test_facts_survive_every_style() -> None:
    for chance in streams(200):
        typed = write(TEXT, WILD, chance)
        assert all(fact in typed for fact in FACTS)


def test_protected_words_survive_every_style() -> None:
    for chance in streams(200):
        assert "Zażółć" in write("Order of Zażółć please", WILD, chance, keep=words_of(["Anna Zażółć"]))


@pytest.mark.parametrize(
    ("word", "fact"), [("553", True), ("R-2041", True), ("a.b", True), ("@anna", True), ("{nr}", True), ("end.", False)]
)
def test_facts_are_words_with_digits_addresses_and_links(word: str, fact: bool) -> None:
    assert is_fact(word) is fact


def test_a_style_without_habits_changes_nothing() -> None:
    assert all(write(TEXT, Style(), chance) == TEXT for chance in streams(20))


def test_punctuation_capitals_and_accents_can_be_left_out() -> None:
    (chance,) = streams(1)
    style = Style(writes_punctuation=False, writes_capitals=False, writes_accents=False)
    assert write("Cześć, gdzie jest Ąkt… ?", style, chance) == "czesc gdzie jest akt "


def test_a_typo_changes_a_word_and_keeps_its_first_letter() -> None:
    for chance in streams(300):
        wrong = typo("ordered", chance)
        assert wrong[0] == "o"
        assert abs(len(wrong) - 7) <= 1
    assert {typo("ordered", chance) for chance in streams(300)} - {"ordered"}


def test_slips_hit_the_keys_next_to_the_right_one() -> None:
    assert set(neighbours()["g"]) == set("fhtyvb")
    assert "ц" in neighbours()["й"]
    assert all(key in neighbours()[near] for key, around in neighbours().items() for near in around)


@pytest.mark.parametrize(("text", "plain"), [("Zażółć", "Zazolc"), ("ёлка", "елка"), ("мой", "мой"), ("é", "e")])
def test_plain_letters_keep_letters_that_are_no_accents(text: str, plain: str) -> None:
    assert plain_letters(text) == plain


def test_shouting_leaves_facts_alone() -> None:
    assert shout("where is r-204, please?") == "WHERE IS r-204, PLEASE?"


def test_typos_come_at_the_declared_rate() -> None:
    text = "wonderful " * 4000
    changed = sum(word != "wonderful" for word in write(text, Style(typo_rate=0.1), streams(1)[0]).split())
    assert 0.085 < changed / 4000 < 0.115  # three standard deviations; one slip in ten may double into the same word
