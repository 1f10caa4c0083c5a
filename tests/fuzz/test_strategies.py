"""The strategies and the machine: what is drawn is legal, and shrinking keeps it so."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatdrill.engine.cases import cases
from chatdrill.engine.expect import MessageRef
from chatdrill.engine.faulting import read_faults
from chatdrill.engine.persona import PERSONAS
from chatdrill.engine.scenario import Scenario
from chatdrill.engine.steps import Deletes, Edits, Piece, Presses, Says, Step, Waits
from chatdrill.fuzz.playing import decode, encode
from chatdrill.fuzz.simpler import simpler, simpler_texts, size
from chatdrill.run.registry import load_platform, platform_names
from chatdrill.run.selection import samples
from chatdrill.seeds import Seed
from chatdrill.strategies import agents, bursts, conversations, customers, dialogs, faults, messages, payloads, texts
from chatdrill.strategies.machine import Dialog, draw_dialog, is_valid, legal
from chatdrill.strategies.place import Place
from chatdrill.strategies.sentences import KINDS, is_visible
from chatdrill.strategies.words import Words, language_of
from chatdrill.wire import HttpRequest
from deep import tries
from shipped import shipped

QUICK = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
PLATFORMS = st.sampled_from(platform_names())
HI = Says(pieces=(Piece("hi"),))


@pytest.fixture(scope="module")
def shop() -> Words:
    """What the shipped scenarios say."""
    return Words.of(shipped("orders", "talk"))


@pytest.mark.parametrize("platform", platform_names())
@pytest.mark.parametrize("desk", [None, "chatwoot"])
def test_whatever_the_machine_draws_is_legal_and_can_be_kept(platform: str, desk: str | None, shop: Words) -> None:
    place = Place.on(load_platform(platform), desk=desk)
    for number in range(tries(100, 300)):
        drawn = draw_dialog(Seed(number).stream("test"), shop, place)
        assert is_valid(drawn, place)
        assert decode(encode(drawn)) == drawn


def test_a_dialog_does_not_depend_on_those_before_it(shop: Words) -> None:
    place = Place.on(load_platform("telegram"))
    first, again = (draw_dialog(Seed(3).stream("7"), shop, place) for _ in range(2))
    assert first == again


@pytest.mark.parametrize(
    "steps",
    [
        (),
        (Waits(seconds=5),),
        (Edits(text="hello"), HI),
        (Says(pieces=(Piece("???"),)),),
        (Says(pieces=(Piece("\u200b"),)),),
        (HI, Says(pieces=(Piece("x" * 4098),))),
        (HI, Edits(text="x" * 4097)),
        (HI, Waits(seconds=3600), Edits(text="hello")),
        (HI, Deletes(message=MessageRef(text="what about"))),
    ],
    ids=[
        "nothing",
        "only silence",
        "an edit of nothing",
        "a nudge at once",
        "nothing visible",
        "longer than can be",
        "an edit into two messages",
        "an edit an hour later",
        "what was perhaps not said is taken back",
    ],
)
def test_what_nobody_could_do_is_not_valid(steps: tuple[Step, ...]) -> None:
    assert not is_valid(Dialog(platform="telegram", steps=steps), Place.on(load_platform("telegram")))


def test_what_is_not_allowed_is_left_out_of_a_list_of_steps() -> None:
    place = Place.on(load_platform("telegram"))
    assert legal((Edits(text="a"), HI, Presses(nth=1), Says(pieces=(Piece("talk to a person"),))), place) == (
        HI,
        Presses(nth=1),
    )


@QUICK
@given(PLATFORMS.flatmap(dialogs))
def test_simpler_dialogs_are_valid_and_smaller(dialog: Dialog) -> None:
    place = Place.on(load_platform(dialog.platform))
    for _, one in zip(range(60), simpler(dialog, place), strict=False):
        assert is_valid(one, place) and size(one) < size(dialog)


def test_simpler_texts_reach_every_single_character() -> None:
    assert {"a", "b"} <= set(simpler_texts("ab"))
    assert {"hello", "world", "hi"} <= set(simpler_texts("hello world"))


@QUICK
@given(texts())
def test_every_text_shows_something(text: str) -> None:
    assert is_visible(text) and len(text) <= 4097


def test_each_kind_of_text_is_drawn(shop: Words) -> None:
    chance = Seed(1).stream("kinds")
    for _, make in KINDS.values():
        assert isinstance(make(chance, shop, 4096), str)


@QUICK
@given(st.data())
def test_people_and_faults_are_what_scenarios_take(data: st.DataObject) -> None:
    who, agent, what = data.draw(customers()), data.draw(agents()), data.draw(faults())
    assert who.persona in PERSONAS.values() and agent.capacity >= 1
    assert read_faults(what) and Scenario("x", faults=what).faults == what


@QUICK
@given(PLATFORMS.flatmap(conversations))
def test_a_conversation_is_a_scenario_that_can_be_played(scenario: Scenario) -> None:
    assert cases(scenario, scenario.platforms, samples=samples())


@QUICK
@given(PLATFORMS.flatmap(lambda name: st.tuples(messages(name), bursts(name))))
def test_messages_are_one_and_bursts_are_several(drawn: tuple[Step, Says]) -> None:
    assert len(drawn[1].pieces) >= 2 and type(drawn[0]).__name__ in ("Says", "Sends")


@QUICK
@given(PLATFORMS.flatmap(payloads))
def test_payloads_are_signed_webhooks(request: HttpRequest) -> None:
    signs = [name for name, _ in lowered(request)] + request.body.decode("utf-8", "replace").split("&")
    assert request.method == "POST" and any(
        word in name for name in signs for word in ("secret", "signature", "authorization")
    )


def lowered(request: HttpRequest) -> list[tuple[str, str]]:
    return [(name.lower(), value) for name, value in (*request.headers, *request.query)]


def test_words_know_their_language_and_leave_out_what_is_one_persons_own() -> None:
    assert [language_of(text) for text in ("Где заказ?", "gdzie jest", "where", "553")] == ["ru", "pl", "en", ""]
    scenario = Scenario("x").says("my card is 4111 1111 1111 1111").says("hello {name}").says("Where is it?")
    assert Words.of([scenario]).lines == ("Where is it?",)


def test_without_hypothesis_the_extra_is_named() -> None:
    code = "import sys; sys.modules['hypothesis'] = None; from chatdrill.strategies import texts"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "pip install 'chatdrill[fuzz]'" in done.stderr
