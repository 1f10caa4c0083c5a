"""Response times: what is measured, and what was promised."""

from __future__ import annotations

import pytest

from chatdrill.checks import Evidence
from chatdrill.checks.judge import outcomes_of
from chatdrill.checks.sla import percentile
from chatdrill.errors import UsageError


def times(tale, name="first_response"):
    [judged] = tale.judge().cases
    return [latency.seconds for latency in judged.latencies if latency.name == name]


def test_a_promise_that_is_kept_passes(tale, case):
    case("fast", sla={"first_response": 1.0}).says("Hi", told=False).bot("Hello!", after=0.9).done()
    assert tale.verdict("sla") == "pass"


def test_without_a_promise_times_are_measured_and_nothing_is_judged(tale, case):
    case("free").says("Hi", told=False).bot("Hello!", after=0.9).done()
    assert tale.verdict("sla") == "none"
    assert times(tale) == [pytest.approx(0.9)]


@pytest.mark.parametrize(
    ("promised", "measured"),
    [
        ({}, set()),
        ({"first_response": "1s"}, {"first_response"}),
        ({"p95_next_response": "1s", "webhook_ack": "1s"}, {"next_response", "webhook_ack"}),
        ({"resolution": "1m"}, {"resolution"}),
    ],
)
def test_whoever_asks_for_no_more_is_told_the_times_of_what_was_promised_and_the_same_findings(
    tale, case, promised, measured
):
    case("asked", sla=promised).says("Hi").attempt().bot("Hello!", after=2.5).says("Price?").attempt().bot("5").done()
    [alone] = Evidence.of(tale.records).cases.values()
    outcomes = list(outcomes_of(alone, promised_only=True))
    assert {one.name for outcome in outcomes for one in outcome.latencies} == measured
    assert tuple(outcome.result() for outcome in outcomes) == tale.judge().cases[0].results


def test_a_broken_promise_tells_both_numbers(tale, case):
    case("slow", sla={"first_response": "1s"}).says("Hi", told=False).bot("Hello!", after=2.5).done()
    [finding] = tale.judge().findings
    assert finding.message == "the first response took 2.50 s, more than 1 s"
    assert finding.details == {"expected": "within 1 s", "measured": "2.500 s"}
    assert tale.cited(finding) == ["Hello!", "Hi"]


@pytest.mark.parametrize(("bound", "verdict"), [("2.5s", "pass"), ("2499ms", "fail")])
def test_the_bound_itself_is_kept(tale, case, bound, verdict):
    case("edge", sla={"first_response": bound}).says("Hi", told=False).bot("Hello!", after=2.5).done()
    assert tale.verdict("sla") == verdict


def test_first_and_next_responses_are_told_apart_for_each_customer(tale, case):
    two = case("two", people=("anna", "boris")).says("Hi", told=False).bot("Hello!", after=1)
    two.says("Bye", told=False).bot("Goodbye", after=2).to("boris").says("Hi", told=False).bot("Hello!", after=3).done()
    assert times(tale) == [pytest.approx(1), pytest.approx(3)]
    assert times(tale, "next_response") == [pytest.approx(2)]


def test_the_count_starts_with_the_last_message_of_a_burst_or_with_the_first(tale, case):
    told = case("burst").says("Hi", "Order 553?", gap=4.0, told=False).bot("On its way", after=1)
    assert times(tale) == [pytest.approx(1)]
    told.began["sla"] = {"counts_from": "first"}
    assert times(tale) == [pytest.approx(5)]


def test_typing_does_not_end_a_turn(tale, case):
    case("typing", sla={"counts_from": "first"}).says("Hi", told=False).types().says("Order?", told=False).bot(
        "Yes"
    ).done()
    assert len(times(tale)) == 1
    assert times(tale, "next_response") == []


def test_a_nudge_does_not_stop_the_watch(tale, case):
    case("nudged").says("Hi", told=False).nudges(after=8).nudges(after=8).bot("Sorry, hello!", after=1).done()
    assert times(tale)[0] > 17


def test_the_time_counts_from_when_the_customer_meant_to_write(tale, case):
    told = case("meant").wait(3.0).says("Hi", told=False, meant_at=1.0).bot("Hello!", after=0.5)
    told.done()
    assert times(tale) == [pytest.approx(2.6)]


def test_a_press_may_be_answered_by_a_change_of_the_message(tale, case):
    told = case("menu").says("Hi", told=False).bot("Choose", after=1).presses("Yes")
    told.bot_edits("You chose yes", after=0.4).bot("Anything else?", after=2).done()
    assert times(tale, "next_response") == [pytest.approx(0.46, abs=0.05)]


def test_unanswered_turns_have_no_time(tale, case):
    case("mute", sla={"first_response": 1.0}).says("Hi").wait(60).done()
    assert times(tale) == []
    assert tale.verdict("sla") == "none"


def test_a_greeting_before_the_first_word_is_no_response(tale, case):
    case("welcome").bot("Welcome!").says("Hi", told=False).bot("Hello!", after=1).done()
    assert times(tale) == [pytest.approx(1)]


def test_virtual_time_is_drill_time(new_tale):
    tale = new_tale(clock="virtual")
    told = tale.case("virtual").says("Hi", told=False)
    told.ahead["anna"] = 600.0
    told.bot("Hello!", after=0.1).done()
    assert times(tale) == [pytest.approx(600.1)]


def test_scaled_time_is_real_time(new_tale):
    tale = new_tale(clock="scaled", speed=60)
    tale.case("fast").says("Hi", told=False).bot("Hello!", after=0.5).done()
    assert times(tale) == [pytest.approx(0.5)]


def test_webhooks_have_a_promise_of_their_own(tale, case):
    told = case("ack", sla={"webhook_ack": "100ms"}).says("Hi", told=False).attempt(took_s=0.3).bot("Hello!")
    told.says("Bye", told=False).attempt(took_s=0.05).bot("Goodbye").done()
    assert times(tale, "webhook_ack") == [0.3, 0.05]
    assert tale.findings("sla")[0].message == "the webhook ack took 0.30 s, more than 0.1 s"


def test_an_injected_delay_is_no_slow_acknowledgement(tale, case):
    case("drill", sla={"webhook_ack": "100ms"}).says("Hi", told=False).attempt(took_s=3, note="fault: held up").done()
    assert tale.verdict("sla") == "none"


# -------------------------------------------------------------------------------------------------- percentiles


@pytest.mark.parametrize(
    ("count", "percent", "rank"),
    [(1, 95, 1), (20, 95, 19), (20, 50, 10), (21, 50, 11), (100, 99, 99), (1000, 99.9, 999)],
)
def test_percentiles_are_nearest_ranks(count, percent, rank):
    assert percentile(list(range(1, count + 1)), percent) == rank


def many(tale, name, *seconds, platform="telegram", **fields):
    for number, took_s in enumerate(seconds):
        told = tale.case(f"{name} {number}", platform=platform, starts_t=number * 10.0, **fields)
        told.began["name"] = name
        told.says("Hi", told=False).bot("Hello!", after=took_s).done()


def test_the_settings_promise_holds_over_all_conversations(new_tale):
    tale = new_tale(settings={"sla": {"p90_first_response": "2s"}})
    many(tale, "one", *[1.0] * 18, 5.0, sla={"p90_first_response": "2s"})
    assert tale.verdict("sla-percentiles") == "pass"
    many(tale, "two", 6.0, 7.0, sla={"p90_first_response": "2s"})
    [finding] = tale.findings("sla-percentiles")
    assert finding.message == "all conversations: p90 of the first response is 5.00 s, more than 2 s (n = 21)"
    assert len(finding.cites) == 3


def test_a_scenarios_promise_holds_over_its_own_cases(tale):
    many(tale, "strict", 1.0, 3.0, sla={"p50_first_response": "2s", "p95_first_response": "2s"})
    many(tale, "other", 9.0)
    [finding] = tale.findings("sla-percentiles")
    assert finding.message == "strict: p95 of the first response is 3.00 s, more than 2 s (n = 2)"


def test_without_samples_there_is_no_verdict_on_percentiles(tale, case):
    case("mute", sla={"p95_first_response": "1s"}).says("Hi").done()
    assert tale.verdict("sla-percentiles") == "none"


def test_statistics_say_how_many_samples_stand_behind_them(tale):
    many(tale, "one", 1.0, 2.0, 3.0)
    many(tale, "two", 10.0, platform="whatsapp")
    found = {(stat.platform, stat.name): stat for stat in tale.judge().statistics}
    assert found["telegram", "first_response"].samples == 3
    assert found["*", "first_response"].p50_s == pytest.approx(2.0)
    assert found["*", "first_response"].max_s == pytest.approx(10.0)


def test_a_judgement_may_promise_something_else(tale, case):
    case("again", sla={"first_response": "10s"}).says("Hi", told=False).bot("Hello!", after=2.5).done()
    assert tale.verdict("sla") == "pass"
    assert tale.verdict("sla", sla={"first_response": "2s"}) == "fail"
    assert tale.verdict("sla-percentiles", sla={"p95_first_response": "2s"}) == "fail"


@pytest.mark.parametrize(
    ("block", "words"),
    [
        ({"first_respons": 1}, "unknown key 'first_respons'; did you mean 'first_response'"),
        ({"p95_first_respons": 1}, "did you mean 'p95_first_response'"),
        ({"first_response": "soon"}, "first_response: not a duration: 'soon'"),
        ({"counts_from": "lost"}, "counts_from is last or first, not 'lost'"),
    ],
)
def test_an_impossible_promise_is_a_usage_error(tale, block, words):
    with pytest.raises(UsageError, match=words):
        tale.judge(sla=block)


def test_an_impossible_promise_in_the_trace_is_the_scenarios_fault(tale, case):
    case("odd", sla={"first_respons": 1}).says("Hi").bot("Hello!").done()
    case("fine").says("Hi").bot("Hello!").done()
    [finding] = tale.findings("sla")
    assert (finding.verdict, finding.fault) == ("error", "scenario")
    assert [judged.verdict for judged in tale.judge().cases] == ["error", "pass"]


def test_a_toast_ends_a_turn(tale, case):
    told = (
        case("menu", sla={"counts_from": "first"}).says("Hi", told=False).bot("Choose", after=1).presses("Yes").toasts()
    )
    told.wait(60).says("And now?", told=False).bot("Done", after=1).done()
    assert times(tale, "next_response") == [pytest.approx(1)]
