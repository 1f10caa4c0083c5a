"""Small talk, and what to do when the talk goes wrong."""

from __future__ import annotations

from ..turn import Turn
from ..words import SOCIAL, TASKS
from . import briefing, desk, forms

# After this many turns in a row that the bot did not understand, it stops guessing and calls a person.
PUZZLED_MAX = 3


def open_turn(turn: Turn) -> None:
    """A first message that is more than a greeting is answered straight away, without a ceremony."""
    if "bot" in turn.heard.intents and not turn.state.with_person:
        turn.heard.intents.add("greeting")


def start(turn: Turn) -> None:
    """START begins anew, whoever was in charge; a deep link to an order goes straight to that order."""
    forget(turn)
    if turn.heard.called:
        turn.say(turn.heard.called)
        if not turn.heard.orders:
            turn.offer_menu()
    if turn.heard.orders:
        forms.begin(turn, "status")
        forms.work(turn)
    elif not turn.heard.called:
        _greet(turn, "greeting")
    turn.state.met = True


def welcome_back(turn: Turn) -> None:
    forget(turn)
    turn.say("back")
    turn.offer_menu()


def hand_over(turn: Turn, text_id: str) -> None:
    """The one acknowledgement; from here on the bot is silent until it is called back."""
    briefing.keep_form(turn)
    forget(turn)
    turn.state.met = True
    if turn.policy.staffed and not desk.is_open(turn):
        desk.announce_hours(turn)  # nobody can be called, so nobody is promised, and the bot stays in charge
        return
    turn.state.with_person = True
    turn.say(text_id)
    desk.announce_hours(turn)
    turn.offer("bot:back")


def cancel(turn: Turn) -> None:
    turn.say("cancelled" if turn.state.task else "nothing_to_cancel")
    forget(turn)
    turn.state.met = True
    turn.offer_menu()


def cancel_order(turn: Turn) -> None:
    turn.state.met = True
    turn.offer_person("order.cancel")


def reassure(turn: Turn) -> None:
    """Impatience gets one answer. More would read like a machine, and provoke more of it."""
    if turn.state.reassured:
        return
    turn.state.reassured = True
    turn.say("reassure")
    if turn.state.task:
        forms.remind(turn)
    else:
        turn.offer_menu()


def remark(turn: Turn) -> None:
    """What the customer should know about media that the bot cannot use."""
    for text_id in turn.heard.remarks:
        turn.say(text_id)
    if turn.heard.remarks and not turn.state.task:
        _offer_after_remark(turn)


def _offer_after_remark(turn: Turn) -> None:
    if "help" in turn.heard.remarks:
        turn.offer_menu()
    else:
        turn.offer("menu:person")


def chat(turn: Turn) -> None:
    """The burst asked for nothing: be friendly, or else admit that it was not understood."""
    heard, state = turn.heard, turn.state
    social = next((name for name in SOCIAL if name in heard.intents), "")
    if social == "greeting" or (heard.nudge and not state.met):
        state.puzzled = 0
        _greet(turn, "greeting.again" if state.met else "greeting")
    elif social or "no" in heard.intents:
        turn.say(social or "ok")
    elif heard.sticker or heard.emoji_only:
        turn.say("sticker")
    else:
        puzzle(turn)


def _greet(turn: Turn, text_id: str) -> None:
    turn.say(text_id)
    if turn.state.task:
        forms.remind(turn)
    else:
        turn.offer_menu()


def puzzle(turn: Turn) -> None:
    """Help once, then offer a person, then call one: never the same words twice in a row."""
    state = turn.state
    state.puzzled += 1
    if state.puzzled >= PUZZLED_MAX:
        hand_over(turn, "person.gave_up")
    elif state.puzzled > 1:
        turn.offer_person("help.again", *(f"menu:{task}" for task in TASKS[:2]))
    elif state.task:
        forms.explain(turn)
    else:
        turn.say("help")
        turn.offer_menu()


def forget(turn: Turn) -> None:
    state = turn.state
    state.with_person, state.reassured, state.offered = False, False, False
    state.waiting, state.note = False, []
    state.task, state.topic, state.facts = "", "", {}
    state.puzzled, state.misses = 0, 0
