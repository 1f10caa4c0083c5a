"""Messages in every script, and some in none."""

from __future__ import annotations

from chatdrill.errors import Unsupported
from chatdrill.probe.bench import Bench
from chatdrill.probe.register import GOOD, Examine, probe
from chatdrill.probe.results import Outcome, Verdict
from chatdrill.probe.shapes import MARK
from chatdrill.probe.trials.common import COMES_AGAIN, inapplicable, must_be_taken
from chatdrill.probe.trials.signature import ESCAPED
from chatdrill.wire import Rule

_RULE = Rule("a text may hold every character of Unicode", "RFC 8259, section 8")
_NEEDS = (GOOD, ESCAPED)
_FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"
_FLAG = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
_REST = f"what makes the bot fail is never acknowledged, and {COMES_AGAIN}"

TEXTS: dict[str, tuple[str, str, str, Verdict]] = {
    "text-emoji": (
        "Emoji of several characters",
        f"Ok {_FAMILY} {_FLAG} \U0001f44d\U0001f3fd \u2764\ufe0f\u200d\U0001f525",
        f"An emoji of several code points makes the bot fail (database without utf8mb4? cut in the middle?): {_REST}",
        "serious",
    ),
    "text-emoji-only": (
        "Nothing but an emoji",
        "\U0001f642",
        f"A message of one emoji makes the bot fail: {_REST}",
        "serious",
    ),
    "text-right-to-left": (
        "Arabic and Hebrew",
        "\u0645\u0631\u062d\u0628\u0627 \u05e9\u05dc\u05d5\u05dd 123 \u202eabc\u202c \u2067x\u2069",
        f"Writing from right to left makes the bot fail: {_REST}",
        "serious",
    ),
    "text-combining": (
        "Combining characters",
        "e\u0301 \u1112\u1161\u11ab Z" + "\u0335\u0321\u0353" * 40 + " \u0e19\u0e49\u0e33",
        f"Combining characters make the bot fail: {_REST}",
        "serious",
    ),
    "text-control": (
        "Control characters",
        "bell\x07 esc\x1b[31m vt\x0b line\u2028para\u2029 bom\ufeff del\x7f",
        f"Control characters in a text make the bot fail: {_REST}",
        "serious",
    ),
    "text-markup": (
        "What looks like markup and code",
        "<b>&amp; '\"; DROP TABLE x; -- {{7*7}} ${x} %s %n *_[a](b)`",
        f"Signs that mean something to HTML, SQL or a template make the bot fail: escape them. {_REST[0].upper()}{_REST[1:]}",
        "serious",
    ),
    "text-longest": (
        "4,096 characters",
        ("long " * 820)[:4096],
        f"A text as long as customers may write makes the bot fail: {_REST}",
        "serious",
    ),
    "text-too-long": (
        "4,097 characters and far more",
        "longer " * 2000,
        "A text longer than the bot may send itself makes it fail: cut it, or answer in pieces",
        "minor",
    ),
}


def _register(id: str, title: str, text: str, reason: str, verdict: Verdict) -> Examine:
    @probe(id, title, _RULE, matter="text", needs=_NEEDS)
    async def examine(bench: Bench) -> Outcome:
        try:
            parcel = bench.genuine(text)
        except Unsupported as error:
            return inapplicable(str(error))
        return await must_be_taken(
            bench, parcel.request, f"a genuine message of {len(text)} characters", reason, verdict
        )

    return examine


for _id, _row in TEXTS.items():
    _register(_id, *_row)


@probe("text-surrogate", "Half a character, escaped", _RULE, needs=_NEEDS)
async def lone_surrogate(bench: Bench) -> Outcome:
    parcel = bench.genuine(f"half {MARK} of an emoji")
    body = parcel.request.body.replace(MARK.encode(), b"\\ud83d")
    request = bench.signed(body, parcel)
    if request is None or body == parcel.request.body:
        return inapplicable("nobody has said how a body of one's own is signed here")
    reason = "A text that somebody has cut in the middle of an emoji makes the bot fail; replace what is no character"
    return await must_be_taken(bench, request, r"a signed message with a lone \ud83d", reason, "minor")
