"""A declared messenger: the face that the harness sees."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from chatdrill.errors import SettingsError, did_you_mean
from chatdrill.model import Act, Customer
from chatdrill.seeds import Stream
from chatdrill.wire import (
    Ack,
    Bucket,
    Capabilities,
    Coverage,
    Delivery,
    Exchange,
    Handled,
    HttpFailure,
    HttpRequest,
    HttpResponse,
    Platform,
    Setting,
    Update,
)
from chatdrill.wire.reading import Observed, Said
from chatdrill_fakes.families.declared.refusing import any_refusal
from chatdrill_fakes.families.declared.spec import environment
from chatdrill_fakes.families.faces import Hooked, Unchecked, Unlent
from chatdrill_fakes.platforms.declared import calls, decoding, dividing, observing, probing, rendering, telling
from chatdrill_fakes.platforms.declared.loading import load
from chatdrill_fakes.platforms.declared.spec import PARTS, TELLS, Spec
from chatdrill_fakes.platforms.declared.state import DeclaredChat, DeclaredState, person_of

EXAMPLES = Path(__file__).with_name("examples")
COMPANY = EXAMPLES / "company.yaml"
_PROOF = "tests/declared/test_company.py::test_"
_BOT_LACKS = ("keyboard.inline", "keyboard.reply", "keyboard.quick_replies", "keyboard.list", "location", "media.photo")


class Declared(Hooked, Unchecked, Unlent):
    """A messenger as a file declares it: the one it is made with, or that of the setting ``spec``. What it says of itself
    (``capabilities`` and the like) is that of the account opened last."""

    hosts: tuple[str, ...] = ()
    body_max_bytes: int | None = None

    def __init__(self, name: str = "declared", spec: Path = COMPANY) -> None:
        self.name = name
        self.settings = _settings(name.upper().replace("-", "_"))
        self._usual = load(spec, spec.name)
        self._declare(self._usual)

    def _declare(self, spec: Spec) -> None:
        self.title = spec.title
        self.capabilities = _capabilities(spec)
        self.limits = spec.limits.told(spec.source)
        self.delivery = Delivery(spec.delivery.timeout_s, "2xx", spec.delivery.retry, "strict", 100, source=spec.source)
        self.coverage = _coverage(spec)
        self.rules = probing.rules_of(spec)
        self.reads = decoding.reads_of(spec)

    def open(self, settings: Mapping[str, str], chance: Stream) -> DeclaredState:
        """A fresh account; raises ``SettingsError`` with file and line for a file that is wrong."""
        spec = load(_found(settings["spec"])) if settings["spec"] else self._usual
        self._declare(spec)
        limit = spec.limits.requests_per_minute if settings["rate_limits"] == "yes" else None
        return DeclaredState(
            settings=dict(settings),
            chance=chance,
            spec=spec,
            values=_values(spec, settings["values"]),
            requests=Bucket(per_s=limit / 60, burst=limit) if limit is not None else None,
        )

    def environment(self, state: DeclaredState, base_url: str) -> dict[str, str]:
        """The settings, and ``..._API_ROOT``: the paths of the file come behind it."""
        return environment(self.settings, state.settings, base_url)

    def claims(self, request: HttpRequest, state: DeclaredState) -> bool:
        """True if the request is proved as the file says."""
        return calls.is_proved(state, Exchange(request, 0.0)) if state.spec.auth.kind == "token" else False

    def join(self, state: DeclaredState, customer: Customer, ahead_s: float) -> str:
        """Give a customer an account."""
        to = state.new_id("customer")
        state.chats[to] = DeclaredChat(address=to, customer=customer, ahead_s=ahead_s, person=person_of(customer, to))
        return to

    def encode(self, state: DeclaredState, to: str, act: Act, now: float) -> Sequence[Update]:
        """See ``Platform.encode``."""
        return telling.encode(state, to, act, now)

    def request(self, state: DeclaredState, updates: Sequence[Update], now: float) -> HttpRequest:
        """The signed request."""
        return rendering.request(state, updates, now)

    def read_ack(
        self,
        state: DeclaredState,
        updates: Sequence[Update],
        answer: HttpResponse | HttpFailure,
        now: float,  # noqa: ARG002
    ) -> Ack:
        """Success is as the file says; messages in the answer are calls of the bot."""
        return rendering.read_ack(state, updates, answer)

    def refusal(self, state: DeclaredState, status: int, retry_after_s: int | None) -> HttpResponse:
        """The error that the file words for this status, or a plain one."""
        return any_refusal(state.spec.errors, status, retry_after_s)

    def handle(self, state: DeclaredState, exchange: Exchange) -> Handled:
        """Answer a call. Never raises."""
        return calls.handle(state, exchange)

    def sign(self, state: DeclaredState, body: bytes, now: float) -> HttpRequest:
        """A request with any body; see ``chatdrill.wire.Examinable``."""
        return probing.sign(state, body, now)

    def unknown_event(self, state: DeclaredState, to: str, now: float) -> bytes:  # noqa: ARG002
        """A request of a kind that does not exist yet."""
        return probing.unknown_event(to)

    def decode(self, state: DeclaredState, request: HttpRequest) -> Sequence[Said]:
        """What a request tells of, by the templates of the file; see ``chatdrill.wire.Readable``."""
        return list(decoding.read_request(state, request))

    def meet(self, state: DeclaredState, said: Said, customer: Customer, now: float) -> None:
        """Make a chat of the vendor's known."""
        observing.meet(state, said, customer, now)

    def observe(self, state: DeclaredState, exchange: Exchange, response: HttpResponse) -> Observed:
        """What a call or an answer did, by the shadow account and the vendor's answer."""
        return observing.observe(self, state, exchange, response)

    def owner_of(self, state: DeclaredState, request: HttpRequest) -> str | None:
        """Whose call this is, where several workers hold the account; see ``chatdrill.wire.doors.Divisible``."""
        return dividing.owner_of(state, request)


def _settings(prefix: str) -> tuple[Setting, ...]:
    return (
        Setting(
            "spec",
            "",
            "the file that declares the messenger, or a shipped one's name; empty: company",
            f"{prefix}_SPEC",
        ),
        Setting("values", "", "the file's own values, by commas: name=value", f"{prefix}_VALUES"),
        Setting("token", "declared-token", "what proves the other side's requests", f"{prefix}_TOKEN", secret=True),
        Setting("secret", "declared-secret", "signs the requests to the other side", f"{prefix}_SECRET", secret=True),
        Setting(
            "key", "declared-key", "{key} in the templates: a key of the other side's API", f"{prefix}_KEY", secret=True
        ),
        Setting("rate_limits", "yes", "refuse what is too fast", f"{prefix}_RATE_LIMITS"),
    )


def _found(word: str) -> Path:
    """A file, or a shipped one by its name."""
    shipped = EXAMPLES / f"{word}.yaml"
    return shipped if word.replace("-", "").isalnum() and shipped.is_file() else Path(word)


def _values(spec: Spec, given: str) -> dict[str, str]:
    """The file's own values; raises ``SettingsError`` for a name that it does not have."""
    found = dict(spec.values)
    for part in filter(None, (each.strip() for each in given.split(","))):
        name, _, value = part.partition("=")
        if name not in found:
            raise SettingsError(f"declared: {spec.file} has no value {name!r}{did_you_mean(name, found)}")
        found[name] = value
    return found


def _capabilities(spec: Spec) -> Capabilities:
    """What the file lets customers and the other side say. People can do anything with a chat; the other side is told of what it has a
    request for."""
    acts = {on for on in TELLS if on != "message"} | {"write", "event"}
    silent = {
        on: f"{spec.file} has no tell on: {on}, so the other side is not told" for on in TELLS if not spec.tells[on]
    }
    if any(part.startswith("keyboard.") for part in spec.shows):
        silent.pop("press", None)
    parts = {part: telling.lacking(spec, part) for part in PARTS if part not in spec.parts}
    shows = {part: f"{spec.file} reads nothing of the kind" for part in _BOT_LACKS if part not in spec.shows}
    return Capabilities(
        customer_parts=spec.parts,
        bot_parts=spec.shows,
        acts=frozenset(acts),
        events=telling.EVENTS,
        lacks={**shows, **parts, **silent, "echo": telling.ECHO, **_about(spec)},
    )


def _about(spec: Spec) -> dict[str, str]:
    """What else scenarios ask for, in the words of capabilities."""
    found = {
        "reply_to": "the file has no {reply_to} in its tells",
        "forwarded": "a forwarded message arrives as any other",
        "referral": "only a start carries what a link says",
        "albums": "the file has no tell with several: true",
        "template": "a declared messenger has no templates: one can write at any time",
        "text.spans": "formatting is not transmitted: the bot gets the plain words",
        "media.caption": "words under a file are its text, or follow it",
        "bot.formatting": "marks of bold and italic in the bot's words are left as they stand",
    }
    if not any(each.does in ("edit", "delete") for each in spec.takes):
        found["bot.edit"] = f"{spec.file} takes no request that does edit"
    if any("{reply_to}" in str(tell.body) for tell in spec.tells["message"]):
        del found["reply_to"]
    if any(tell.several for tell in spec.tells["message"]):
        del found["albums"]
    return found


def _coverage(spec: Spec) -> tuple[Coverage, ...]:
    """Everything that the file declares; what proves the example proves any."""
    tells = [*spec.opens, *(tell for on in TELLS for tell in spec.tells[on])]
    told = ((each.name, "the_company_is_told_as_declared") for each in tells)
    taken = ((each.name, "the_company_is_answered_as_declared") for each in spec.takes)
    more = [(calls.FILE_CALL, "a_customers_file_is_served")] if any(p.startswith("media.") for p in spec.parts) else []
    if any(tell.reply for tell in tells):
        more.append((calls.REPLY_CALL, "messages_in_the_answer_are_shown"))
    return tuple(_unique((*taken, *told, *more)))


def _unique(pairs: Iterable[tuple[str, str]]) -> Iterable[Coverage]:
    return [Coverage(name, "supported", f"{_PROOF}{proof}") for name, proof in dict(pairs).items()]


def declare(name: str, spec: str | Path) -> Platform[DeclaredState]:
    """A messenger of its own out of a file: what an entry point ``chatdrill.platforms`` may name. Settings are prefixed by its
    name."""
    return Declared(name, Path(spec))


platform: Platform[DeclaredState] = Declared()
