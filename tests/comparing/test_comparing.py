"""What changed between two runs is told turn by turn, and what did not change is not told."""

from __future__ import annotations

import pytest

from chatdrill.comparing import Difference, Reply, compare
from chatdrill.comparing.aligning import paired
from chatdrill.comparing.noise import is_beyond, threshold_s
from chatdrill.errors import UsageError
from chatdrill.model import File, Media
from comparing.kit import Script

PHOTO = Media(kind="photo", file=File())


def of(before: Script, after: Script, strictness: str = "structure") -> Difference:
    return compare(before.over(), after.over(), strictness=strictness)  # type: ignore[arg-type]


def told(difference: Difference) -> list[tuple[str, tuple[str, ...]]]:
    return [(reply.kind, reply.what) for case in difference.cases for turn in case.turns for reply in turn.replies]


def dialog() -> Script:
    return Script().says("Where is order 553?").hears("On its way.", "Return", "Person").says("Thanks").hears("Bye!")


def test_the_same_dialog_is_the_same() -> None:
    assert of(dialog(), dialog(), "wording").is_same


def test_other_words_count_only_where_they_are_asked_for() -> None:
    other = Script().says("Where is order 553?").hears("It is coming.", "Return", "Person").says("Thanks").hears("Bye!")
    assert of(dialog(), other).is_same and told(of(dialog(), other, "wording")) == [("changed", ("text",))]


def test_a_reply_less_and_one_more_are_told_where_they_are() -> None:
    less = Script().says("Where is order 553?").says("Thanks").hears("Bye!")
    more = dialog().hears("One more thing")
    assert told(of(dialog(), more)) == [("added", ())]
    assert ("removed", ()) in told(of(dialog(), less))


@pytest.mark.parametrize(
    ("other", "what"),
    [
        (Script().says("Hi").hears("Hello", "Yes"), ("buttons",)),
        (Script().says("Hi").hears("Hello", "No", "Yes"), ("buttons",)),
        (Script().says("Hi").hears("Hello", "Yes", "No", parts=(PHOTO,)), ("parts",)),
        (Script().says("Hi").hears("Hello"), ("parts", "buttons")),
    ],
)
def test_parts_and_buttons_are_structure(other: Script, what: tuple[str, ...]) -> None:
    assert told(of(Script().says("Hi").hears("Hello", "Yes", "No"), other)) == [("changed", what)]


def test_two_replies_in_another_order_have_moved() -> None:
    before = Script().says("Hi").hears("First").hears("Look", parts=(PHOTO,))
    after = Script().says("Hi").hears("Look", parts=(PHOTO,)).hears("First")
    assert told(of(before, after)) == [("moved", ())]


def test_a_handover_that_does_not_come_is_told() -> None:
    difference = of(
        Script().says("A person!").hears("One moment").opens_ticket(), Script().says("A person!").hears("One moment")
    )
    (turn,) = difference.cases[0].turns
    assert (
        turn.handover == (("ticket_opened",), ()) and difference.count("handover") == 1 and not difference.is_same_talk
    )


def test_a_time_counts_beyond_noise_and_is_no_other_talk() -> None:
    slow = Script().says("Hi").hears("Hello", after=3.0)
    difference = of(Script().says("Hi").hears("Hello", after=0.5), slow)
    assert difference.cases[0].turns[0].timing.after_s == 3.0  # type: ignore[union-attr]
    assert difference.is_same_talk and not difference.is_same


def test_what_scatters_anyway_is_noise() -> None:
    pairs = [(0.5, 0.5 + 0.1 * (-1) ** index * index) for index in range(20)]
    assert threshold_s([(1.0, 1.01)] * 20, drill=False) == 0.25 < threshold_s(pairs, drill=False)
    assert is_beyond(1.0, 2.0, 0.25) and not is_beyond(10.0, 10.4, 0.25) and not is_beyond(0.01, 0.2, 0.25)


def test_times_of_two_kinds_of_clock_are_not_compared() -> None:
    virtual = Script(clock="virtual").says("Hi").hears("Hello", after=9.0)
    assert of(Script().says("Hi").hears("Hello"), virtual).noise_s is None


def test_a_conversation_is_known_wherever_its_scenario_lies() -> None:
    elsewhere = Script("/tmp/branch/a.yaml::Order [telegram]").says("Hi").hears("Hello")
    assert of(Script().says("Hi").hears("Hello"), elsewhere).is_same


def test_what_only_one_run_has_is_named() -> None:
    both = Script().says("Hi").hears("Hello").case("x::New [telegram]").says("Hi")
    difference = of(Script().says("Hi").hears("Hello"), both)
    assert difference.only_after == ("New [telegram]/anna",) and not difference.is_same


def test_a_customer_who_did_something_else_is_told() -> None:
    difference = of(Script().says("Hi").presses("Yes").hears("Fine"), Script().says("Hi").hears("Fine"))
    assert difference.cases[0].turns[0].said_after == ("Hi",) and difference.count("customer") == 1


def test_different_scenarios_are_refused_by_their_names() -> None:
    with pytest.raises(UsageError, match=r"different conversations: 'Order \[telegram\]/anna' .* 'Other"):
        of(Script().says("Hi"), Script("x::Other [viber]").says("Hi"))


@pytest.mark.parametrize(
    ("records", "why"), [([], "there is no run in it"), (Script().records[:1], "no conversation in it")]
)
def test_a_trace_without_a_run_or_a_conversation_says_so(records: list, why: str) -> None:
    with pytest.raises(UsageError, match=f"after: .*{why}"):
        compare(Script().says("Hi").over(), records)


def test_another_version_and_a_torn_end_are_noted() -> None:
    old = Script(version="0.0.9").says("Hi").records
    notes = compare(old, Script().says("Hi").over()).before.notes
    assert notes[0].startswith("recorded by chatdrill 0.0.9") and notes[1] == "the trace ends before its run did"


def test_many_replies_are_paired_without_taking_long() -> None:
    many = [Reply(parts=("text",), text=f"line {number}") for number in range(500)]
    assert len(paired(many, [*many[1:], Reply(parts=("media.photo",))])) == 500


@pytest.mark.parametrize("count", [3, 40])
def test_an_alignment_keeps_every_reply_once(count: int) -> None:
    before = [Reply(parts=("text",), text=f"a{number}") for number in range(count)]
    after = [before[number] for number in range(count) if number % 3] + [Reply(parts=("media.photo",))]
    pairs = paired(before, after)
    assert [one for one, _ in pairs if one] == before and [two for _, two in pairs if two] == after
