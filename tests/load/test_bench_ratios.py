"""The arithmetic of measuring side by side, without measuring."""

from __future__ import annotations

import pytest

from bench.load.bot import Unavailable
from bench.load.contenders import Measured, Rate, read_hey
from bench.load.ratios import alternate, ratios, report_ratios
from bench.load.webhooks import customer_of, webhook

SUMMARY = """
Summary:
  Total:	3.0118 secs
  Requests/sec:	15822.6780

Status code distribution:
  [200]	47001 responses
  [500]	654 responses
"""


def rounds(*rates: float) -> list[Measured]:
    return [Measured(rate, rate * 2) for rate in rates]


def test_contenders_alternate_so_that_a_slow_minute_strikes_all() -> None:
    order: list[str] = []

    def contender(name: str) -> Rate:
        return lambda *_: order.append(name) or Measured(1, 1)

    found = alternate({name: contender(name) for name in "ab"}, rounds=3, seconds=1, customers=1)
    assert order == list("ababab")
    assert [len(found[name]) for name in "ab"] == [3, 3]


def test_a_contender_that_is_not_installed_is_left_out_with_its_reason(capsys: pytest.CaptureFixture[str]) -> None:
    def absent(seconds: float, customers: int) -> Measured:
        raise Unavailable("hey is needed: apt install hey")

    found = alternate({"hey": absent, "we": lambda *_: Measured(2, 2)}, rounds=2, seconds=1, customers=1)
    assert list(found) == ["we"]
    assert capsys.readouterr().out.count("hey is left out: hey is needed: apt install hey") == 1


def test_a_ratio_is_of_the_same_round() -> None:
    assert ratios([100, 10], [50, 5]) == [2, 2]


def test_each_contender_is_one_figure_against_its_bar(capsys: pytest.CaptureFixture[str]) -> None:
    report_ratios(
        rounds(16_000, 15_000, 17_000), {"httpuser": rounds(1000, 1000, 1000), "hey": rounds(8000, 8000, 34_000)}
    )
    lines = [line.split() for line in capsys.readouterr().out.splitlines() if line.startswith("bench")]
    assert [(line[1], line[2], line[-1]) for line in lines] == [
        ("load.ratio_to_httpuser", "16.00", "holds"),
        ("load.ratio_to_hey", "1.88", "holds"),
    ]


def test_only_acknowledged_requests_of_hey_count() -> None:
    assert read_hey(SUMMARY) == (47001, 3.0118)


def test_a_run_of_hey_without_an_answer_is_an_error() -> None:
    with pytest.raises(ValueError, match="no summary of hey"):
        read_hey("Error distribution: [200] connection refused")


@pytest.mark.parametrize("platform", ["telegram", "whatsapp", "messenger"])
def test_webhooks_are_of_one_kilobyte_and_of_their_customer(platform: str) -> None:
    body, headers = webhook(platform, "5000000001", 7)
    assert abs(len(body) - 1024) <= 50
    assert b"5000000001" in body
    assert {name.split("-")[0] for name in headers} == {"Content", "X"}


@pytest.mark.parametrize(
    "call", ['telegram {"chat_id":5}', 'whatsapp {"to":"5"}', 'messenger {"recipient":{"id":"5"}}']
)
def test_a_reply_names_its_customer(call: str) -> None:
    platform, _, body = call.partition(" ")
    assert customer_of(platform, body.encode()) == "5"
