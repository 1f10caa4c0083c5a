from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from statistics import NormalDist

import pytest

from chatdrill.engine.persona import (
    PERSONAS,
    Chance,
    Spread,
    burst,
    fragments,
    make_persona,
    next_active,
    nudge,
    patience_s,
    reading_time,
    speaks,
    think_s,
    typing_s,
    voice_for,
)
from chatdrill.engine.phrases import PHRASE_KINDS, languages, phrases
from chatdrill.engine.steps import Piece, Says
from chatdrill.errors import ScenarioError
from chatdrill.seeds import Seed, Stream

TEXT = "Hello, I ordered shoes R-2041 yesterday. Where is my order 553? I need it soon."


def drawing(stream: Stream) -> Chance:
    return lambda: stream


def kolmogorov_smirnov(values: list[float], spread: Spread) -> float:
    """The greatest distance between the values' distribution and the declared log-normal one."""
    normal = NormalDist(math.log(spread.median_s), spread.sigma)
    expected = [normal.cdf(math.log(value)) for value in sorted(values)]
    count = len(values)
    return max(max(abs(p - i / count), abs(p - (i + 1) / count)) for i, p in enumerate(expected))


@pytest.mark.parametrize("name", PERSONAS)
@pytest.mark.parametrize("habit", ["gap", "think", "patience"])
def test_times_follow_the_declared_distribution(name: str, habit: str) -> None:
    spread = getattr(PERSONAS[name], habit) or Spread(1, 1)
    chance = drawing(Seed(11).stream(name, habit))
    values = [spread.draw(chance) for _ in range(1000)]
    assert kolmogorov_smirnov(values, spread) < 1.63 / math.sqrt(1000)  # the bound that 1 sample in 100 exceeds


@pytest.mark.parametrize("name", PERSONAS)
def test_bursts_have_the_declared_sizes(name: str) -> None:
    persona, chance = PERSONAS[name], drawing(Seed(3).stream(name))
    sizes = Counter(len(fragments(TEXT, persona, chance)) for _ in range(2000))
    total = sum(persona.burst)
    for size, weight in enumerate(persona.burst, start=1):
        share = weight / total
        assert abs(sizes[size] / 2000 - share) <= 4 * math.sqrt(share * (1 - share) / 2000)
    assert set(sizes) <= set(range(1, len(persona.burst) + 1))


@pytest.mark.parametrize("name", PERSONAS)
def test_the_same_seed_gives_the_same_behaviour(name: str) -> None:
    first, second, other = (drawing(Seed(n).stream("x")) for n in (5, 5, 6))
    persona = PERSONAS[name]
    script = [
        [fragments(TEXT, persona, c), think_s("Hi", persona, c), patience_s(persona, c)] for c in (first, second, other)
    ]
    assert script[0] == script[1]
    assert script[0] != script[2]


@pytest.mark.parametrize("name", PERSONAS)
def test_every_persona_keeps_the_facts(name: str) -> None:
    for number in range(100):
        said = " ".join(text for _, text in fragments(TEXT, PERSONAS[name], drawing(Seed(number).stream("x"))))
        assert "R-2041" in said
        assert "553" in said


def test_the_patient_one_says_what_is_written_and_never_nudges(chance) -> None:
    patient = make_persona()
    assert fragments(TEXT, patient, chance) == [(0.0, TEXT)]
    assert patience_s(patient, chance) is None
    assert nudge(0, patient, "en", TEXT, chance) is None


def test_the_fragmenter_keeps_the_words(chance) -> None:
    plain = make_persona("fragmenter", {"writes_punctuation": True, "writes_capitals": True})
    for _ in range(50):
        assert " ".join(text for _, text in fragments(TEXT, plain, chance)) == TEXT


def test_a_scripted_burst_is_sent_word_by_word(chance) -> None:
    says = Says(pieces=(Piece("Hi."), Piece("I ordered"), Piece("order 553", 9.5)))
    sent = burst(says, PERSONAS["angry"], chance)
    assert [text for _, text in sent] == ["Hi.", "I ordered", "order 553"]
    assert (sent[0][0], sent[2][0]) == (0.0, 9.5)
    assert sent[1][0] > typing_s("I ordered", PERSONAS["angry"])


def test_an_unscripted_message_is_written_as_the_persona_writes() -> None:
    sizes = {
        len(burst(Says(pieces=(Piece(TEXT),)), PERSONAS["fragmenter"], drawing(Seed(n).stream("x")))) for n in range(30)
    }
    assert len(sizes) > 2


def test_typing_and_reading_take_their_time() -> None:
    persona = make_persona("patient", {"typing": 120, "reading": 60})
    assert (typing_s("x" * 60, persona), reading_time("five words are read here", persona)) == (30, 5)


def test_nudges_escalate_and_end(chance) -> None:
    angry = PERSONAS["angry"]
    said = [nudge(n, angry, "pl", "gdzie jest r-204?", chance) for n in range(len(angry.nudges) + 1)]
    assert [n and n.kind for n in said] == ["shout", "poke", "person", "shout", "person", None]
    assert said[0].text == "GDZIE JEST r-204?!!!"
    assert said[2].text in phrases("person", "pl", {})


def test_a_repeated_question_is_the_question(chance) -> None:
    assert nudge(0, PERSONAS["elderly"], "ru", "Где заказ?", chance).text == "Где заказ?"


@pytest.mark.parametrize("language", ["fr", "ja"])
def test_other_languages_use_the_scenarios_phrases_or_none(chance, language: str) -> None:
    foreign = make_persona("angry", {"nudges": ["person"]})
    assert set(nudge(0, foreign, language, "x", chance).text) == {"?"}
    own = make_persona("angry", {"nudges": ["person"], "phrases": {"person": ["Un humain"]}})
    assert nudge(0, own, language, "x", chance).text == "Un humain"


def test_the_languages_of_the_packs_have_all_phrases() -> None:
    assert languages() == ("en", "pl", "ru")
    assert all(len(phrases(kind, language, {})) > 3 for kind in PHRASE_KINDS for language in languages())


def test_voice_notes_come_at_the_declared_rate(chance) -> None:
    share = sum(speaks(PERSONAS["voice-lover"], chance) for _ in range(2000)) / 2000
    assert abs(share - 0.8) < 0.04
    assert [voice_for(language) for language in ("pl", "fr")] == ["voice-pl.ogg", "voice-en.ogg"]


@pytest.mark.parametrize(
    ("at", "begins"),
    [("2026-03-02 12:00", "2026-03-02 22:00"), ("2026-03-02 23:10", "2026-03-02 23:10"), ("2026-03-02 03:59", "2026-03-02 03:59")],
)  # fmt: skip
def test_a_night_owl_begins_at_night_of_the_local_time(at: str, begins: str) -> None:
    def unix(text: str) -> float:
        return dt.datetime.fromisoformat(f"{text}+01:00").timestamp()

    assert next_active(PERSONAS["night-owl"], unix(at), "Europe/Warsaw") == unix(begins)
    assert next_active(PERSONAS["patient"], unix(at), "Europe/Warsaw") == unix(at)


def test_hours_within_one_day_and_after_midnight() -> None:
    evening = dt.datetime(2026, 3, 2, 21, 30, tzinfo=dt.UTC).timestamp()
    morning = dt.datetime(2026, 3, 3, 7, 0, tzinfo=dt.UTC).timestamp()
    assert next_active(PERSONAS["elderly"], evening, "UTC") == morning


def test_habits_can_be_changed() -> None:
    persona = make_persona("impatient", {"patience": "20s", "think": {"median": 3, "sigma": 0}, "burst": [1, 1]})
    assert persona.patience == Spread(20, PERSONAS["impatient"].patience.sigma)
    assert (persona.think, persona.burst, persona.typing) == (Spread(3, 0), (1, 1), 230)
    assert make_persona("impatient", {"patience": None}).patience is None


@pytest.mark.parametrize(
    ("name", "habits", "problem"),
    [
        ("impatiet", {}, "no persona 'impatiet'; did you mean 'impatient'?"),
        ("angry", {"patienc": "5s"}, "no habit 'patienc'; did you mean 'patience'?"),
        ("angry", {"patience": "long"}, "not a duration: 'long'"),
        ("angry", {"typo_rate": 2}, "persona 'angry': Expected `float` <= 1"),
        ("angry", {"typing": 0}, "persona 'angry': Expected `float` > 0"),
        ("angry", {"nudges": ["cry"]}, "persona 'angry': Invalid enum value 'cry'"),
        ("angry", {"burst": []}, "persona 'angry': "),
        ("angry", {"burst": [0, 0]}, "all zero"),
    ],
)
def test_a_persona_that_cannot_be_is_refused(name: str, habits: dict, problem: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        make_persona(name, habits)
    assert problem in str(caught.value)
