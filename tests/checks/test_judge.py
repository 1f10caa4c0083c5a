"""Judging a whole trace: verdicts, overlays, broken runs, and that nothing spoils the verdicts of others."""

from __future__ import annotations

import pytest

from chatdrill.checks import CHECKS, Outcome, Parameter, case_check
from chatdrill.checks.evidence import Evidence
from chatdrill.checks.judge import judge_case, replay_command, validate_blocks
from chatdrill.errors import UsageError
from chatdrill.trace import BotState, Trouble


def test_a_good_run_passes_and_says_what_was_played(tale, case):
    case("good", tags=("smoke",), row={"size": "42"}).says("Hi").hears("Hello!").bot("Hello!").met().done()
    judgement = tale.judge()
    [judged] = judgement.cases
    assert (judgement.verdict, judged.verdict, judged.messages) == ("pass", "pass", 2)
    assert (judged.name, judged.platform, judged.tags, judged.row) == ("good", "telegram", ("smoke",), {"size": "42"})
    assert judged.took_s == pytest.approx(0.61, abs=0.1)


def test_a_failing_case_plays_again_with_its_seed(tale, case):
    case("bad", file="shop/it's.drill.yaml").says("Hi").wait(11).done()
    [judged] = tale.judge().cases
    assert judged.replay == """chatdrill run 'shop/it'"'"'s.drill.yaml' --case 'bad [telegram]' --seed 7"""


def test_a_killed_run_is_nobodys_failure(tale, case):
    case("good").says("Hi").hears("Hello!").bot("Hello!").met().done()
    case("killed").says("Hi").hears("Hello!").bot("One mo")
    judged = tale.judge().cases[1]
    assert judged.verdict == "error"
    [finding] = judged.findings
    assert (finding.message, finding.fault) == ("the run ended before this conversation did", "infrastructure")


@pytest.mark.parametrize(
    ("fault", "verdict"), [("bot", "fail"), ("scenario", "error"), ("harness", "error"), ("infrastructure", "error")]
)
def test_trouble_is_told_once_with_its_fault(tale, case, fault, verdict):
    case("trouble").says("Hi").trouble(fault, "it went wrong").ends("broken")
    [finding] = tale.judge().findings
    assert (finding.verdict, finding.fault, finding.message) == (verdict, fault, "it went wrong")


def test_a_stopped_case_says_why(tale, case):
    case("stopped").says("Hi").ends("stopped", "stopped after 300 s")
    assert [finding.message for finding in tale.judge().findings] == ["stopped after 300 s"]


def test_trouble_beside_the_cases_is_told_for_the_run(tale, case):
    case("good").says("Hi").bot("Hello!").done()
    tale.add(0.2, Trouble, fault="bot", what="the bot sent a bad request line")
    assert tale.verdict("undisturbed") == "fail"
    assert [judged.verdict for judged in tale.judge().cases] == ["pass"]


@pytest.mark.parametrize(("state", "verdict"), [("ready", "pass"), ("exited", "fail"), ("unreachable", "fail")])
def test_the_bot_stays_alive(tale, state, verdict):
    tale.add(0.1, BotState, state=state, detail="the bot ended with code 1" if verdict == "fail" else None)
    assert tale.verdict("bot-alive") == verdict


def test_a_running_bot_says_nothing_of_its_state(tale):
    assert tale.verdict("bot-alive") == "none"


def test_the_worst_verdict_wins(tale, case):
    case("good").says("Hi").bot("Hello!").done()
    case("bad").says("Hi").hears("Hello!").wait(10).unmet()
    assert tale.judge().verdict == "fail"
    case("stopped").says("Hi").ends("stopped", "interrupted")
    assert tale.judge().verdict == "error"


# ----------------------------------------------------------------------------------------------------- blocks


def test_a_check_can_be_switched_off_and_on_again(tale, case):
    case("off", checks={"answered": False}).says("Hi").wait(60).done()
    assert tale.judge().findings == ()
    assert len(tale.findings("answered", checks={"answered": "on"})) == 1


def test_settings_switch_checks_of_the_suite(new_tale):
    tale = new_tale(settings={"checks": {"bot-alive": "off"}})
    tale.add(0.1, BotState, state="exited")
    assert "bot-alive" not in {result.check for result in tale.judge().results}


def test_a_parameter_may_be_given_alone_or_by_name(tale, case):
    told = case("flood").says("Hi")
    for number in range(9):
        told.bot(str(number))
    told.done()
    assert tale.verdict("no-runaway", checks={"no-runaway": "5"}) == "fail"
    assert tale.verdict("no-runaway", checks={"no-runaway": {"limit": 9}}) == "pass"


@pytest.mark.parametrize(
    ("block", "words"),
    [
        ({"answerd": "off"}, "the new judgement: unknown check 'answerd'; did you mean 'answered'"),
        ({"answered": {"aftr": 1}}, "check 'answered' has no parameter 'aftr'; did you mean 'after'"),
        ({"answered": "soon"}, "check 'answered', parameter 'after': not a duration: 'soon'"),
        ({"no-runaway": 0}, "parameter 'limit': expected a whole number of at least 1, got 0"),
        ({"order": "strictly"}, "check 'order' takes on or off, not 'strictly'"),
        ({"calls-accepted": 7}, "parameter 'ignore': expected a list of words, got 7"),
    ],
)
def test_an_impossible_block_is_a_usage_error(tale, block, words):
    with pytest.raises(UsageError, match=words):
        tale.judge(checks=block)


def test_blocks_are_validated_where_they_stand():
    validate_blocks({"first_response": "2s"}, {"order": "off", "no-runaway": 50}, "chatdrill.toml")
    with pytest.raises(UsageError, match=r"chatdrill\.toml: unknown check 'ordr'; did you mean 'order'"):
        validate_blocks({}, {"ordr": "off"}, "chatdrill.toml")
    with pytest.raises(UsageError, match=r"chatdrill\.toml: sla: unknown key"):
        validate_blocks({"first": 1}, {}, "chatdrill.toml")


def test_an_unknown_check_in_a_scenario_spoils_that_case_only(tale, case):
    case("odd", checks={"politenes": "on"}, file="odd.drill.yaml").says("Hi").bot("Hello!").done()
    case("fine").says("Hi").bot("Hello!").done()
    [finding] = tale.judge().findings
    assert (finding.fault, finding.case) == ("scenario", "odd [telegram]")
    assert finding.message.startswith("odd.drill.yaml: checks: unknown check 'politenes'")


# ------------------------------------------------------------------------------------------------ own checks


@pytest.fixture
def polite():
    """A third party's check."""

    @case_check("polite", "The bot says please.", word=Parameter("please", str), strict=False)
    def check(case, parameters, outcome: Outcome) -> None:
        for heard in case.heard:
            outcome.evidence += 1
            if parameters["word"] not in heard.message.text:
                outcome.fail("the bot was rude", cites=(heard.record.n,), conv=heard.record.conv)
        if parameters["strict"]:
            raise RuntimeError("not today")

    yield check
    del CHECKS["polite"]


def test_a_check_of_ones_own_is_judged_like_the_others(tale, case, polite):
    case("own").says("Hi").bot("Go away").done()
    assert tale.verdict("polite") == "fail"
    assert tale.verdict("polite", checks={"polite": {"word": "away"}}) == "pass"


def test_a_check_that_fails_itself_is_an_error_of_the_harness(tale, case, polite):
    case("own").says("Hi").hears("Hello!").bot("Hello!").met().done()
    [finding] = tale.findings("polite", checks={"polite": {"word": "Hello", "strict": True}})
    assert (finding.verdict, finding.fault) == ("error", "harness")
    assert finding.message == "the check itself failed: RuntimeError: not today"


# -------------------------------------------------------------------------------------------- while it grows


def test_a_case_is_judged_alike_alone_and_in_the_run(tale, case):
    case("one").says("Hi").hears("Hello!").bot("Hello!").bot("More").met().done()
    evidence = Evidence.of(tale.records)
    assert judge_case(evidence.cases["one [telegram]"]) == tale.judge().cases[0]


def test_what_happens_after_the_end_does_not_change_the_verdict(tale, case):
    told = case("one").says("Hi").hears("Hello!").bot("Hello!").met().done()
    before = tale.judge()
    told.bot("Late").calls(ok=False, error="Bad Request: chat not found").nudges("Anybody?")
    told.attempt(number=2).bot("Late")
    assert tale.judge().findings == before.findings == ()
    assert tale.judge().cases[0].results[3:] == before.cases[0].results[3:]


def test_records_of_cases_that_never_began_belong_to_none(tale, case):
    told = case("one").says("Hi").bot("Hello!").done()
    records = [record for record in tale.records if record.__struct_config__.tag != "case_began"]
    evidence = Evidence.of(records)
    assert evidence.cases == {}
    assert len(evidence.outside) == len(records)
    assert told.name in {record.case for record in evidence.outside}


def test_a_case_without_a_file_says_so_in_its_command(tale, case):
    case("python").says("Hi").done()
    [told] = Evidence.of(tale.records).cases.values()
    assert replay_command(told) == "chatdrill run SCENARIO --case 'python [telegram]' --seed 7"
