"""How to bring about what a suite has never met, for a bot of which nothing is known: steps by state, by kind and by fault."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from chatdrill.engine.expect import Expectation, expect
from chatdrill.engine.verbs import Steps, album, audio, contact, document, location, order, photo, sticker, video, voice

ANYTHING: Expectation = expect(regex=r"\S")
_PERSON = "I want to talk to a person"


def _answered(opener: str) -> Steps:
    return Steps().says(opener).eventually(ANYTHING)


def _handed_over(_: str) -> Steps:
    return Steps().says(_PERSON).handoff(within="30s")


def _with_agent(opener: str) -> Steps:
    return _handed_over(opener).agent_says("Hello, how can I help?").eventually("Hello, how can I help?")


def _closed(opener: str) -> Steps:
    return _with_agent(opener).agent_closes().optional(ANYTHING, within="10s")


WAYS: Mapping[str, Callable[[str], Steps]] = {
    "first contact": lambda _: Steps(),
    "waiting": lambda opener: Steps().breaks("webhook", "delay", delay="3s").says(opener).waits("500ms"),
    "answered": _answered,
    "nudged": lambda opener: Steps().breaks("webhook", "delay", delay="6s").says(opener).eventually(ANYTHING, within="30s"),
    "hours later": lambda opener: _answered(opener).waits("3h"),
    "days later": lambda opener: _answered(opener).waits("2 days"),
    "unblocked": lambda opener: _answered(opener).blocks().waits("1m").unblocks(),
    "in the queue": _handed_over,
    "with an agent": _with_agent,
    "back to the bot": _closed,
    "ticket closed": _closed,
    "ticket reopened": lambda opener: _with_agent(opener).agent_closes().optional(ANYTHING, within="10s").agent_reopens(),
}  # fmt: skip
"""The way into a state, given the first words of a customer; states without one are the bot's own doing."""

HEADS: Mapping[str, Mapping[str, Any]] = {
    "nudged": {
        "persona": {"name": "patient", "patience": {"median": "4s", "sigma": 0}, "nudges": ["poke", "poke", "poke"]}
    },
    "in the queue": {"agents": {"eve": {"persona": "absent"}}},
}
"""What a state needs in the head of the scenario."""

_HERE = "I am with you now."
ARRIVAL: Mapping[str, Steps] = {"with an agent": Steps().agent_says(_HERE).eventually(_HERE)}
"""What makes sure of a state at the end of the suite's own way, where the agents were other people."""

_SENTENCE = "I bought these shoes for a wedding, danced in them once, and the next morning one of them had a hole. "
_DICE = {"telegram": "dice", "messenger": "reel"}


def filled_up(length: int) -> str:
    """A text of so many characters."""
    return (_SENTENCE * (length // len(_SENTENCE) + 1))[:length].rstrip().ljust(length, "!")


def act(kind: str, platform: str, text_max: float, opener: str, button: str | None) -> Steps | None:
    """What a customer does who sends this kind of message; ``None`` where nobody knows how."""
    if kind in ("press", "template reply"):
        return None if button is None else Steps().presses(button)
    if kind == "unknown":
        return Steps().sends({"other": _DICE[platform]}) if platform in _DICE else None
    if kind == "longest text":
        return Steps().says(filled_up(int(text_max)))
    made = _ACTS.get(kind)
    return None if made is None else made(opener)


_ACTS: Mapping[str, Callable[[str], Steps]] = {
    "text": lambda opener: Steps().says(opener),
    "short text": lambda _: Steps().says("ok"),
    "long text": lambda _: Steps().says(filled_up(600)),
    "emoji": lambda _: Steps().says("🙏👍"),
    "right-to-left": lambda _: Steps().says("أين طلبي؟"),
    "command": lambda _: Steps().says("/help"),
    "burst": lambda opener: Steps().says(opener, {"text": "are you there?", "after": "500ms"}),
    "photo": lambda _: Steps().sends(photo("shoe-torn.jpg")),
    "album": lambda _: Steps().sends(album("shoe-front.jpg", "shoe-side.jpg")),
    "caption": lambda _: Steps().sends(photo("shoe-torn.jpg", caption="This one")),
    "voice": lambda _: Steps().sends(voice("voice-en.ogg")),
    "audio": lambda _: Steps().sends(audio("song.mp3")),
    "video": lambda _: Steps().sends(video("clip.mp4")),
    "round video": lambda _: Steps().sends({"video_note": "round.mp4"}),
    "animation": lambda _: Steps().sends({"animation": "wave.gif.mp4"}),
    "document": lambda _: Steps().sends(document("invoice-553.pdf")),
    "sticker": lambda _: Steps().sends(sticker("thumbs-up.webp")),
    "location": lambda _: Steps().sends(location(52.2297, 21.0122)),
    "contact": lambda _: Steps().sends(contact()),
    "basket": lambda _: Steps().sends(order("boots-42")),
    "form": lambda _: Steps().sends({"form": "size_chart", "values": {"eu": 42}}),
    "quote": lambda _: Steps().replies("last", says="What does this mean?"),
    "forward": lambda opener: Steps().says({"text": opener, "forwarded": True}),
    "reaction": lambda _: Steps().reacts("👍"),
    "edit": lambda opener: Steps().edits(f"{opener} (I have changed this)"),
    "delete": lambda _: Steps().deletes(),
    "start": lambda _: Steps().starts(),
    "deep link": lambda _: Steps().starts("order_553"),
    "referral": lambda opener: Steps().says(
        {"text": opener, "referral": {"source": "ad", "ad_id": "238", "headline": "Boots"}}
    ),
    "block": lambda _: Steps().blocks(),
}


STRIKES: Mapping[str, Steps] = {
    "duplicate": Steps().breaks("webhook", "duplicate"),
    "concurrent-duplicate": Steps().breaks("webhook", "twin"),
    "delay": Steps().breaks("webhook", "delay", delay="3s"),
    "lost-ack": Steps().breaks("webhook", "unacknowledged"),
    "unreached": Steps().breaks("webhook", "reset"),
    "lost": Steps().breaks("webhook", "drop"),
    "api-error": Steps().breaks("api", "status", status=500),
    "slow-api": Steps().breaks("api", "delay", delay="3s"),
    "api-reset": Steps().breaks("api", "reset"),
    "lost-answer": Steps().breaks("api", "drop"),
}
"""The step before a word that has a fault strike it; the others are asked for in the head, with a chance of 100 %. So are those that
wait for what comes next: a receipt might come first."""

DATES: Mapping[str, str] = {
    "weekday": "2026-03-03 11:00 Europe/Warsaw",
    "weekend": "2026-03-07 11:00 Europe/Warsaw",
    "night": "2026-03-04 02:30 Europe/Warsaw",
    "clock change": "2026-03-29 11:00 Europe/Warsaw",
}
"""A moment of each time; those of a calendar are looked for in it."""
