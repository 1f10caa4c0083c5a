"""getUpdates: queue, confirmation, long poll and conflicts."""

from __future__ import annotations

import json

import pytest

from chatdrill.model import Button, Press
from chatdrill.wire import Exchange, Hold, HttpRequest
from chatdrill_fakes.platforms.telegram import platform


@pytest.fixture
def queued(drill):
    """A bot with three updates in its queue; returns it and their ids."""
    for word in ("a", "b", "c"):
        drill.write(word)
    return drill, [int(update.id) for update in drill.state.outbox]


def _ids(drill, **arguments):
    drill.now += 5  # an offset asked for again at once is slowed down
    return [update["update_id"] for update in drill.call("getUpdates", **arguments)]


def test_updates_come_back_until_they_are_confirmed(queued):
    drill, ids = queued
    assert _ids(drill) == ids and _ids(drill) == ids
    assert _ids(drill, offset=ids[1]) == ids[1:] and _ids(drill) == ids[1:]
    assert _ids(drill, offset=ids[2] + 1) == [] and len(drill.state.outbox) == 0


def test_update_ids_rise_by_one(queued):
    _, ids = queued
    assert ids == list(range(ids[0], ids[0] + 3)) and 2_000_001 <= ids[0] < 1 << 31


def test_a_negative_offset_keeps_the_last(queued):
    drill, ids = queued
    assert _ids(drill, offset=-1) == ids[2:] and len(drill.state.outbox) == 1


def test_the_limit_is_clamped(queued):
    drill, ids = queued
    assert _ids(drill, limit=2) == ids[:2] and _ids(drill, limit=-5) == ids[:1] and _ids(drill, limit=1000) == ids


def test_an_offset_far_ahead_counts_as_none(queued):
    drill, ids = queued
    assert _ids(drill, offset=ids[2] + 11) == ids
    assert _ids(drill, offset=ids[2] + 10) == []


def test_the_answer_holds_the_bytes_as_they_were_made(queued):
    drill, _ = queued
    body = drill.handle("getUpdates").response.body
    assert body == b'{"ok":true,"result":[' + b",".join(u.body for u in drill.state.outbox) + b"]}"


def test_asking_again_at_once_is_slowed_down(queued):
    drill, ids = queued
    drill.call("getUpdates", offset=ids[0])
    assert len(drill.call("getUpdates", offset=ids[0])) == 1
    drill.call("getUpdates", offset=ids[2] + 1)
    wait = drill.handle("getUpdates", {"offset": ids[2] + 1}).wait
    assert isinstance(wait, Hold) and wait.timeout_s == 3


class Poll:
    """One long poll, as the listener keeps it."""

    def __init__(self, drill, **arguments):
        body = json.dumps({"timeout": 30, **arguments}).encode()
        url = f"/bot{drill.state.token}/getUpdates"
        self.drill = drill
        self.request = HttpRequest("POST", url, (("Content-Type", "application/json"),), body)
        self.handled = platform.handle(drill.state, Exchange(request=self.request, now=drill.now))

    def resume(self, *, timed_out=False):
        exchange = Exchange(request=self.request, now=self.drill.now, resumed=self.handled.wait, timed_out=timed_out)
        self.handled = platform.handle(self.drill.state, exchange)
        return self.handled

    def answer(self):
        return json.loads(self.handled.response.body)


def test_a_long_poll_waits_for_an_update(drill):
    poll = Poll(drill, timeout=500)
    assert isinstance(poll.handled.wait, Hold) and poll.handled.wait.timeout_s == 50
    assert poll.resume().wait is not None  # woken for nothing: it goes on waiting
    drill.write("a")
    poll.resume()
    assert [u["message"]["text"] for u in poll.answer()["result"]] == ["a"]


def test_a_long_poll_ends_empty(drill):
    poll = Poll(drill)
    assert poll.resume(timed_out=True).response.body == b'{"ok":true,"result":[]}'


def test_the_older_of_two_polls_is_told_of_the_conflict(drill):
    older = Poll(drill)
    woken = []
    drill.state.outbox.listeners.append(lambda: woken.append(True))
    newer = Poll(drill, offset=-1)
    assert woken and newer.handled.wait is not None
    assert older.resume().response.status == 409
    assert older.answer()["description"].startswith("Conflict: terminated by other getUpdates request; make sure")
    assert newer.resume().wait is not None


def test_a_poll_that_does_not_wait_ends_the_older_one_too(drill):
    older = Poll(drill)
    assert drill.call("getUpdates", offset=-1) == []
    assert older.resume().response.status == 409


def test_a_webhook_ends_a_poll_and_forbids_the_next(drill):
    poll = Poll(drill)
    drill.call("setWebhook", url="https://bot.test/hook")
    assert poll.resume().response.status == 409
    assert poll.answer()["description"] == "Conflict: terminated by setWebhook request"
    assert drill.error("getUpdates") == (
        "409 Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
    )


def test_expired_updates_are_gone(drill):
    drill.send(text="?", reply_markup={"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]})
    drill.act(Press(button=Button(title="Yes", kind="callback", payload="y")))
    drill.write("hi")
    drill.now += 151
    assert [set(u) - {"update_id"} for u in drill.call("getUpdates")] == [{"message"}]
    drill.now += 86_400
    assert drill.call("getUpdates") == [] and len(drill.state.outbox) == 0


def test_narrowing_the_subscription_leaves_what_is_queued(queued):
    drill, ids = queued
    assert _ids(drill, allowed_updates=["callback_query"]) == ids
    assert _ids(drill, allowed_updates=[]) == ids
    drill.write("d")
    assert len(_ids(drill)) == 4


def test_answers_are_cut_near_four_mebibytes(drill):
    for _ in range(30):
        drill.write("ж" * 4096)
    big = next(iter(drill.state.outbox))
    big.body = big.body + b" " * (4 * 1024 * 1024 - 30_000)
    assert len(_ids(drill)) == 1
