"""Faults by chance in generated conversations: calls that are slow or refused, with what follows from that, and webhooks that come twice.

``struck`` takes a conversation in which everybody does everything right and lets faults happen to it as a run would: what the bot
says or files comes later by what the fault takes, where nothing else happens meanwhile; the bot is as correct as before.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator

from chatdrill.checks.handoff.dialogs import Dialog
from chatdrill.model import Sent
from chatdrill.trace import Acted, Attempt, Called, Injected, Took
from checks.handoff.stage import Stage
from checks.handoff.tape import Tape

_SHARE = 0.2
_TOLERATED_S = 10.0  # as the kinds of ``serve.faults.calls`` have it


def struck(stage: Stage, seed: int) -> tuple[Stage, int]:
    """The conversation with faults in it, and how many there are."""
    chance, tape, count = random.Random(seed), Tape(stage), 0
    for dialog in tape.dialogs:
        for record in tuple(_calls(tape, dialog)):
            if chance.random() < _SHARE:
                count += _hold_up(tape, dialog, record, chance)
        for act in dialog.said:
            if chance.random() < _SHARE:
                count += _deliver_twice(tape, act, chance)
    return tape.done(), count


def _calls(tape: Tape, dialog: Dialog) -> Iterator[Took]:
    """The bot's messages, as far as their calls made nothing else."""
    made = Counter(getattr(other, "call", None) for other in tape.stage.made)
    for record in tape.stage.made:
        is_said = isinstance(record, Took) and record.conv == dialog.conv and isinstance(record.effect, Sent)
        if is_said and made[record.call] == 1:
            yield record


def _hold_up(tape: Tape, dialog: Dialog, record: Took, chance: random.Random) -> bool:
    """A call takes longer, or is refused at first and repeated."""
    late_s = round(chance.uniform(0.3, 4.0), 3)
    call = tape.kept.get(record.call or -1)
    if not isinstance(call, Called) or not tape.quiet(dialog, record, late_s + 0.5):
        return False
    is_slow = chance.random() < 0.6
    what = f"held up for {late_s} s" if is_slow else "answered 503 instead of being handled"
    place = {"platform": call.platform, "call": "POST /send", "what": what, "bears": "time"}
    kind = "slow-api" if is_slow else "api-error"
    tape.put(Injected, call, -0.001, fault=kind, late_s=_TOLERATED_S + is_slow * late_s, **place)
    if is_slow:
        tape.change(call, note=f"fault: {what}")
    else:
        tape.call(call, -0.0005, call.platform, status=503, note=f"fault: {what}", arguments=call.arguments)
    tape.kept[record.n] = record
    tape.move(record, late_s)
    return True


def _deliver_twice(tape: Tape, act: Acted, chance: random.Random) -> bool:
    first = next((one for one in tape.case.tries_of([act]) if one.ok), None)
    if first is None:
        return False
    note = "fault: delivered twice"
    updates = {"updates": first.updates, "platform": first.platform}
    tape.put(Injected, act, 0.0, fault="duplicate", what="delivered twice", bears="nothing", **updates)
    tape.change(first, note=note)
    again = {
        "convs": first.convs,
        "number": first.number + 1,
        "url": first.url,
        "took_s": 0.0,
        "status": 200,
        "ok": True,
    }
    later_s = first.t - act.t + chance.uniform(0.001, 0.01)
    tape.put(Attempt, act, later_s, began_t=act.t + later_s, **updates, **again)
    return True
