"""The short way to tell a case where nothing deviates gives what the long way gives, or leaves it to the long way."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from chatdrill.checks.evidence import CaseEvidence
from chatdrill.checks.plainly import told_plainly
from chatdrill.checks.retelling import told_in_full
from chatdrill.engine.expect import Expectation, MessageRef
from chatdrill.engine.steps import Eventually, Hears, HearsNothing, Never, Piece, Reminded, Says, Step, step_to_dict
from chatdrill.model import Deleted, Edited, Effect, Message, Read, Sent, Text, Write
from chatdrill.trace import Acted, CaseBegan, CaseEnded, Record, StepBegan, StepEnded, Took
from deep import tries

A, B = Expectation(text="a"), Expectation(text="b")
STEPS: tuple[Step, ...] = (
    Says(pieces=(Piece(text="hi"),)),
    Hears(expectations=(A,)),
    Hears(expectations=(B,)),
    Hears(expectations=(A,), optional=True),
    Hears(expectations=(A,), within_s=1.5),
    Hears(expectations=(A,), only=True),
    Hears(expectations=(A, B)),
    Hears(expectations=(Expectation(text="a", reply_to=MessageRef(text="hi")),)),
    Eventually(expectations=(A,)),
    Reminded(expectations=(A,)),
    HearsNothing(seconds=1.0),
    Never(expectation=B),
)
PLAIN = {"a": 1, "b": 2}
CONVS = ("case/anna", "case/boris")


def _message(text: str) -> Message:
    return Message(ids=(f"m-{text}",), author="bot", parts=(Text(text=text),), at=0.0)


def _effect(kind: str, text: str) -> Effect:
    made = {
        "sent": Sent(to="1", message=_message(text)),
        "edited": Edited(to="1", message=_message(text)),
        "deleted": Deleted(to="1", message_ids=(f"m-{text}",)),
    }
    return made[kind]


def began(conv: str, step: int) -> Record:
    return StepBegan(n=0, t=0.0, at=0.0, case="case", conv=conv, step=step)


def ended(conv: str, step: int, outcome: str = "met") -> Record:
    return StepEnded(n=0, t=0.0, at=0.0, case="case", conv=conv, step=step, outcome=outcome)


def took(conv: str, text: str, kind: str = "sent") -> Record:
    return Took(n=0, t=0.0, at=0.0, case="case", conv=conv, platform="telegram", effect=_effect(kind, text))


def acted(conv: str, cause: str = "step", act: object = None) -> Record:
    words = act or Write(parts=(Text(text="hi"),))
    return Acted(n=0, t=0.0, at=0.0, case="case", conv=conv, act=words, ids=("c-1",), cause=cause)


def plain_turn(conv: str, text: str) -> list[Record]:
    """A customer speaks, the bot answers as expected, the customer reads it."""
    step = PLAIN[text]
    read = acted(conv, "persona", Read(message_id=f"m-{text}"))
    return [
        *(began(conv, 0), acted(conv), ended(conv, 0, "played")),
        *(began(conv, step), took(conv, text), ended(conv, step), read),
    ]


convs, texts, numbers = st.sampled_from(CONVS), st.sampled_from("ab"), st.integers(0, len(STEPS) - 1)
turns = st.lists(st.builds(plain_turn, convs, texts), max_size=5)
strays = st.one_of(
    st.builds(began, convs, numbers),
    st.builds(ended, convs, numbers, st.sampled_from(["played", "met", "unmet", "skipped"])),
    st.builds(took, convs, texts, st.sampled_from(["sent", "edited", "deleted"])),
    st.builds(acted, convs, st.sampled_from(["step", "persona", "platform"])),
)


def case_of(records: Sequence[Record], outcome: str | None = "done") -> CaseEvidence:
    """The evidence of a case with these records, one every half second."""
    first = CaseBegan(
        n=0,
        t=0.0,
        at=0.0,
        case="case",
        name="Case",
        platform="telegram",
        seed=1,
        persona="patient",
        customers={},
        steps=tuple(map(step_to_dict, STEPS)),
    )
    last = [] if outcome is None else [CaseEnded(n=0, t=0.0, at=0.0, case="case", outcome=outcome)]
    every = enumerate([first, *records, *last])
    return CaseEvidence.of([structs.replace(record, n=n, t=n / 2, at=n / 2) for n, record in every])


@given(turns)
def test_turns_that_hear_what_they_expect_are_told_the_short_way(told):
    case = case_of([record for turn in told for record in turn])
    plainly = told_plainly(case)
    assert plainly is not None
    assert plainly == told_in_full(case)


@settings(max_examples=tries(100, 400))
@given(
    turns,
    st.lists(st.tuples(st.integers(0, 40), strays), max_size=3),
    st.sets(st.integers(0, 40), max_size=2),
    st.sampled_from(["done", "done", "done", "unmet", "stopped", None]),
)
def test_what_is_told_the_short_way_is_told_the_same_the_long_way(told, inserted, removed, outcome):
    records = [record for turn in told for record in turn]
    records = [record for place, record in enumerate(records) if place not in removed]
    for place, record in inserted:
        records.insert(place % (len(records) + 1), record)
    case = case_of(records, outcome)
    plainly = told_plainly(case)
    assert plainly is None or plainly == told_in_full(case)


@given(st.permutations(plain_turn(CONVS[0], "a") + plain_turn(CONVS[1], "b") + plain_turn(CONVS[0], "b")))
def test_an_order_that_is_told_the_short_way_is_told_the_same_the_long_way(records):
    case = case_of(records)
    plainly = told_plainly(case)
    assert plainly is None or plainly == told_in_full(case)
