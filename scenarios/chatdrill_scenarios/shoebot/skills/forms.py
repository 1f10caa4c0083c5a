"""Tasks as forms: a task needs facts, the bot asks for the first one missing, and acts when none is.

Facts are taken wherever they turn up: in any fragment of a burst, before they are asked for, as a press or as words.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..catalog import DAYS, ORDERS, REASONS, SHOPS, SLOTS
from ..dates import NO_DATE, bare_hour, offered
from ..hearing import known, wordy
from ..turn import Turn
from ..words import ONLY_NUMBERS, QUESTIONS, SOCIAL, TASKS

ORDERS_AT_ONCE_MAX = 3


@dataclass(frozen=True, slots=True)
class Form:
    needs: tuple[str, ...]
    finish: Callable[[Turn], None]


def work(turn: Turn) -> None:
    """Opens the form that the burst asks for, fills in what it says, and takes the next step."""
    _tell_aside(turn)
    task = _task_of(turn)
    opened = bool(task) and begin(turn, task)
    if not turn.state.task:
        _late_photo(turn)
    elif _fill(turn) or opened:
        _advance(turn)
    elif turn.parts or task:
        remind(turn)


def _tell_aside(turn: Turn) -> None:
    """ "And where is 554?" in the middle of a return is answered without losing the return."""
    state, heard = turn.state, turn.heard
    busy = state.task not in ("", "status") or heard.intents & {"return", "fitting"}
    if not (busy and "status" in heard.intents and known(heard.orders)):
        return
    for order in known(heard.orders)[-ORDERS_AT_ONCE_MAX:]:
        turn.say(ORDERS[order], order=order)
    heard.intents.discard("status")
    if "order" in state.facts or state.task == "fitting":
        heard.orders = []


def begin(turn: Turn, task: str) -> bool:
    """Opens a form; False if it was open already."""
    state = turn.state
    if state.task == task:
        return False
    state.task, state.misses, state.last_return = task, 0, ""
    state.facts = {"order": state.topic} if task == "return" and state.topic else {}
    return True


def _task_of(turn: Turn) -> str:
    heard, task = turn.heard, turn.state.task
    asked = [one for one in ("return", "fitting", "status") if one in heard.intents]
    if task in asked:
        return task
    if asked:
        return asked[0]
    return "" if task else _implied(turn)


def _implied(turn: Turn) -> str:
    """A photo or a complaint is the start of a return, a number by itself asks for the status of its order."""
    heard, state = turn.heard, turn.state
    if heard.photos:
        return "" if state.last_return else "return"
    reason = heard.facts.get("reason", "")
    if reason == "damaged" or (reason and state.topic and not heard.intents & set(QUESTIONS)):
        return "return"
    if heard.orders and (heard.number_like or known(heard.orders)):
        return "status"
    return ""


def _late_photo(turn: Turn) -> None:
    """The rest of an album, or a better picture, after the return was registered."""
    if turn.heard.photos and turn.state.last_return:
        turn.say("photo.added", number=turn.state.last_return)


def has_news(turn: Turn) -> bool:
    """Whether the burst changes an order number or a fact of the form in hand."""
    state, heard = turn.state, turn.heard
    needs = FORMS[state.task].needs if state.task else ()
    orders = [order for order in heard.orders if order not in (state.facts.get("order"), state.topic)]
    facts = [name for name in needs if name in heard.facts and heard.facts[name] != state.facts.get(name)]
    return bool(orders or facts)


def _fill(turn: Turn) -> bool:
    """Whether the burst told anything for the form in hand."""
    state, heard = turn.state, turn.heard
    before = dict(state.facts)
    told = {name: heard.facts[name] for name in FORMS[state.task].needs if name in heard.facts}
    state.facts |= told
    misses = state.misses
    _FILLERS[state.task](turn)
    return state.facts != before or state.misses != misses or bool(told)


def _fill_order(turn: Turn) -> None:
    state, orders = turn.state, turn.heard.orders
    if not orders:
        return
    if found := known(orders):
        if state.facts.get("order", found[-1]) != found[-1]:
            turn.say("order.changed", order=found[-1])
        state.facts["order"], state.misses = found[-1], 0
        return
    if turn.heard.number_like or "order" not in state.facts:
        _miss(turn, orders[-1])


def _miss(turn: Turn, order: str) -> None:
    """An unknown number is asked for once more, then a person may look for it."""
    state = turn.state
    state.misses += 1
    state.facts.pop("order", None)
    if state.misses == 1:
        turn.say("order.unknown", order=order)
        return
    turn.offer_person("order.unknown_again", "menu:status", order=order)
    state.task, state.facts, state.misses = "", {}, 0


def _fill_return(turn: Turn) -> None:
    state, heard = turn.state, turn.heard
    asked_reason = "order" in state.facts and "reason" not in state.facts
    _fill_order(turn)
    if heard.photos:
        if state.facts.get("photo") in (None, "none"):
            turn.say("photo.thanks")
        state.facts["photo"] = heard.photos[-1]
    if asked_reason and state.task and "reason" not in state.facts and _free_words(turn):
        state.facts["reason"] = "other"


def _free_words(turn: Turn) -> bool:
    """Whether the text can be a reason in the customer's own words."""
    heard = turn.heard
    busy = heard.intents & {*QUESTIONS, *SOCIAL, *TASKS, "yes", "no"}
    return wordy(heard.text) and not busy and not heard.orders and not ONLY_NUMBERS.match(heard.text)


def _fill_fitting(turn: Turn) -> None:
    facts = turn.state.facts
    hour_asked = "day" in facts and "slot" not in facts and "day" not in turn.heard.facts
    if hour_asked and (hour := bare_hour(turn.heard.folded)):
        facts["slot"] = hour
    if facts.get("day") == NO_DATE:
        del facts["day"]
        turn.say("fitting.no_day")
    if "slot" in facts and not offered(facts["slot"]):
        del facts["slot"]
        turn.say("fitting.no_slot")


def _advance(turn: Turn) -> None:
    task = turn.state.task
    if not task:
        return  # the search for the order was given up
    form = FORMS[task]
    missing = next((fact for fact in form.needs if fact not in turn.state.facts), None)
    if missing is None:
        form.finish(turn)
    elif not (missing == "order" and turn.state.misses):
        _ask(turn, missing)
    elif not turn.parts:
        remind(turn)  # an unknown number was answered already


def _ask(turn: Turn, fact: str) -> None:
    facts = turn.state.facts
    day = facts.get("day", "")
    turn.say(
        f"ask.{fact}",
        order=facts.get("order", ""),
        city=turn.label(f"city:{facts['city']}") if "city" in facts else "",
        day=_day_words(turn, day) if day else "",
    )
    _offer_choices(turn, fact)


def _offer_choices(turn: Turn, fact: str) -> None:
    choices = _CHOICES.get(fact, ())
    turn.offer(*(f"{fact}:{one}" for one in choices), menu=f"list.{fact}" if fact in _LISTED else "list.menu")


def remind(turn: Turn) -> None:
    """What the form still waits for, as a statement: the question itself was asked already."""
    missing = next((fact for fact in FORMS[turn.state.task].needs if fact not in turn.state.facts), None)
    if missing is not None:
        turn.say(f"still.{missing}")
        _offer_choices(turn, missing)


def explain(turn: Turn) -> None:
    turn.say("help.form")
    remind(turn)
    if not turn.buttons:
        turn.offer("menu:person")


def _tell_status(turn: Turn) -> None:
    state = turn.state
    for order in (known(turn.heard.orders) or [state.facts["order"]])[-ORDERS_AT_ONCE_MAX:]:
        turn.say(ORDERS[order], order=order)
    turn.offer("menu:return", "menu:person")
    state.topic, state.task, state.facts = state.facts["order"], "", {}


def _register_return(turn: Turn) -> None:
    state = turn.state
    order = state.facts["order"]
    state.returns[order] = state.returns.get(order, 0) + 1
    state.last_return = f"R-{order}-{state.returns[order]}"
    reason = turn.words(f"reason.{state.facts['reason']}")
    turn.say("return.done", number=state.last_return, order=order, reason=reason)
    turn.buttons = ()
    state.task, state.facts, state.topic = "", {}, ""


def _book_fitting(turn: Turn) -> None:
    state = turn.state
    state.bookings += 1
    city = state.facts["city"]
    turn.say(
        "fitting.done",
        number=f"F-{state.bookings}",
        city=turn.label(f"city:{city}"),
        day=_day_words(turn, state.facts["day"]),
        slot=state.facts["slot"],
        address=next(shop.address for shop in SHOPS if shop.city == city),
    )
    turn.buttons = ()
    state.task, state.facts = "", {}


def _day_words(turn: Turn, day: str) -> str:
    """ "sat" is a button and has a label, "today" is a word, "12.12" stays as it is."""
    if day in DAYS:
        return turn.label(f"day:{day}")
    return turn.words(f"day.{day}") if day.isalpha() else day


_CHOICES: dict[str, tuple[str, ...]] = {
    "reason": REASONS, "city": tuple(shop.city for shop in SHOPS), "day": DAYS, "slot": SLOTS,
}  # fmt: skip
_LISTED = ("city", "day", "slot")
_FILLERS = {"status": _fill_order, "return": _fill_return, "fitting": _fill_fitting}
FORMS = {
    "status": Form(("order",), _tell_status),
    "return": Form(("order", "reason", "photo"), _register_return),
    "fitting": Form(("city", "day", "slot"), _book_fitting),
}
