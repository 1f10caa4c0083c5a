"""Strategies for Hypothesis: what ``chatdrill fuzz`` draws, for ``@given`` in tests of your own.

from hypothesis import given
from chatdrill.strategies import conversations, payloads, texts

@given(payloads("telegram"))
def test_my_parser_takes_everything_that_telegram_sends(request): ...
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from chatdrill.engine.agents import HABITS, AgentPlan, read_agents
from chatdrill.engine.faulting import example
from chatdrill.engine.identity import make_customer
from chatdrill.engine.media import load_media
from chatdrill.engine.persona import PERSONAS
from chatdrill.engine.scenario import CustomerPlan, Scenario, read_customers
from chatdrill.engine.step_parts import Attachment
from chatdrill.engine.steps import Says, Sends, Step
from chatdrill.errors import UsageError
from chatdrill.model import Part, Text, Write
from chatdrill.run.registry import load_platform
from chatdrill.run.selection import samples
from chatdrill.seeds import Seed
from chatdrill.serve.faults import KINDS
from chatdrill.strategies.damage import DAMAGES
from chatdrill.strategies.machine import STEPS_MAX, Dialog, draw_dialog
from chatdrill.strategies.place import Place
from chatdrill.strategies.rules import draw_burst, draw_media, draw_says
from chatdrill.strategies.scenarios import as_scenario
from chatdrill.strategies.sentences import draw_text, is_visible
from chatdrill.strategies.state import DialogState
from chatdrill.strategies.words import Words
from chatdrill.wire import HttpRequest
from chatdrill.wire.probing import Examinable

try:
    from hypothesis import strategies as st
except ImportError as error:
    raise UsageError("strategies need Hypothesis: pip install 'chatdrill[fuzz]'") from error

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

T = TypeVar("T")
_SHARES = 1 << 16
_LOCALES = ("en_US", "en_GB", "pl_PL", "ru_RU", "de_DE")
_SAID = DialogState(said=1, wrote=1)


class _Drawn:
    """Hypothesis as the chance of a machine: it shrinks towards the first option and the smallest number."""

    def __init__(self, draw: DrawFn) -> None:
        self._draw = draw

    def random(self) -> float:
        return self._draw(_shares) / _SHARES

    def randrange(self, start: int, stop: int, /) -> int:
        return self._draw(st.integers(start, stop - 1))

    def choice(self, options: Sequence[T], /) -> T:
        return options[self._draw(st.integers(0, len(options) - 1))]


_shares = st.integers(0, _SHARES - 1)


def _words(scenarios: Sequence[Scenario]) -> Words:
    return Words.of(scenarios) if scenarios else Words()


def _place(platform: str, desk: str | None = None) -> Place:
    return Place.on(load_platform(platform), desk=desk)


def _strategy(make: Callable[[_Drawn], T]) -> SearchStrategy[T]:
    @st.composite
    def drawn(draw: DrawFn) -> T:
        return make(_Drawn(draw))

    return drawn()


def texts(*, length_max: int = 4096, scenarios: Sequence[Scenario] = ()) -> SearchStrategy[str]:
    """What people write, at most one character more than ``length_max``: sentences, slips, emoji, other scripts, markup, numbers, next to
    nothing. Every text shows something. ``scenarios`` give the sentences."""
    words = _words(scenarios)
    return _strategy(lambda chance: draw_text(chance, words, length_max)).filter(is_visible)


def messages(platform: str = "telegram", *, scenarios: Sequence[Scenario] = ()) -> SearchStrategy[Step]:
    """One message as a step of a scenario: words, a file, an album, a place, a card, as far as the platform knows them."""
    words, place = _words(scenarios), _place(platform)

    def make(chance: _Drawn) -> Step:
        draw = draw_says if chance.random() < 0.6 else draw_media
        return draw(chance, words, place, _SAID)

    return _strategy(make)


def bursts(platform: str = "telegram", *, scenarios: Sequence[Scenario] = ()) -> SearchStrategy[Says]:
    """Two to five messages that are one thought, as one step."""
    words, place = _words(scenarios), _place(platform)
    return _strategy(lambda chance: draw_burst(chance, words, place, _SAID))


def customers() -> SearchStrategy[CustomerPlan]:
    """A customer: a locale and a persona; Faker makes up the rest."""
    return st.builds(
        lambda locale, persona: read_customers({"locale": locale, "persona": persona}, None)[0],
        st.sampled_from(_LOCALES),
        st.sampled_from(sorted(PERSONAS)),
    )


def agents() -> SearchStrategy[AgentPlan]:
    """A human agent with their habits and their capacity."""
    return st.builds(
        lambda habits, capacity: read_agents({"agent": {"persona": habits, "capacity": capacity}})[0],
        st.sampled_from(sorted(HABITS)),
        st.integers(1, 8),
    )


def faults() -> SearchStrategy[str]:
    """One to three faults that come by chance, as ``--faults`` and a scenario say them."""
    kinds = st.lists(st.sampled_from(sorted(KINDS)), min_size=1, max_size=3, unique=True)
    return kinds.map(lambda names: ", ".join(example(KINDS[name]) for name in names))


def dialogs(
    platform: str = "telegram",
    *,
    desk: str | None = None,
    steps_max: int = STEPS_MAX,
    scenarios: Sequence[Scenario] = (),
) -> SearchStrategy[Dialog]:
    """A whole dialog as the machine's data."""
    words, place = _words(scenarios), _place(platform, desk)
    return _strategy(lambda chance: draw_dialog(chance, words, place, steps_max=steps_max))


def conversations(
    platform: str = "telegram",
    *,
    desk: str | None = None,
    steps_max: int = STEPS_MAX,
    scenarios: Sequence[Scenario] = (),
) -> SearchStrategy[Scenario]:
    """A whole dialog as a scenario that expects nothing: play it, and judge what comes of it."""
    drawn = dialogs(platform, desk=desk, steps_max=steps_max, scenarios=scenarios)
    return drawn.map(lambda dialog: as_scenario(dialog, "a drawn conversation"))


def payloads(
    platform: str, *, damaged: bool = True, settings: dict[str, str] | None = None
) -> SearchStrategy[HttpRequest]:
    """A signed webhook of the platform about a drawn message. ``damaged``: some of them are not what the vendor sends, though signed as the
    vendor signs: fields are missing, of another kind, or unknown. ``settings`` are those of the account, such as its secret."""
    wire = load_platform(platform)
    values = {setting.name: setting.default for setting in wire.settings} | (settings or {})
    files = samples()

    def make(chance: _Drawn, step: Step) -> HttpRequest:
        seed = Seed(chance.randrange(0, _SHARES))
        state: Any = wire.open(values, seed.stream("account"))
        state.webhook_url = f"http://127.0.0.1:8080/webhooks/{platform}"
        to = wire.join(state, make_customer("customer", {}, "en_US", seed.stream("identity")), 0.0)
        updates = wire.encode(state, to, Write(parts=_parts(step, files, state)), _NOW)
        request = wire.request(state, updates[:1], _NOW)
        if damaged and isinstance(wire, Examinable) and chance.random() < 0.5:
            return wire.sign(state, chance.choice(DAMAGES)(chance, request.body), _NOW)
        return request

    return messages(platform).flatmap(lambda step: _strategy(lambda chance: make(chance, step)))


_NOW = 1_768_208_400.0  # Monday, 12 January 2026, 09:00 UTC, where virtual drills begin as well


def _parts(step: Step, files: Any, state: Any) -> tuple[Part, ...]:
    if isinstance(step, Says):
        return (Text(text=step.pieces[0].text),)
    assert isinstance(step, Sends)
    return tuple(
        load_media(item, files, state.blobs) if isinstance(item, Attachment) else item for item in step.contents
    )
