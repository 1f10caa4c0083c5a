"""A declared desk: the face that the harness sees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from chatdrill.errors import SettingsError, did_you_mean
from chatdrill.model import Agent, AgentAct, DeskEvent, Owner
from chatdrill.seeds import Stream
from chatdrill.wire import (
    Ack,
    Bucket,
    Coverage,
    Delivery,
    Desk,
    DeskCapabilities,
    Exchange,
    Forgery,
    Handled,
    Hook,
    HttpFailure,
    HttpRequest,
    HttpResponse,
    Seat,
    Setting,
    Update,
)
from chatdrill_fakes.desks.generic import acting, calls, dividing, hooks
from chatdrill_fakes.desks.generic.loading import load
from chatdrill_fakes.desks.generic.spec import Spec
from chatdrill_fakes.desks.generic.state import GenericState
from chatdrill_fakes.families.declared.filling import fill_text
from chatdrill_fakes.families.declared.refusing import any_refusal
from chatdrill_fakes.families.declared.spec import environment
from chatdrill_fakes.families.desks import Divided
from chatdrill_fakes.families.faces import SUCCESS, Unchecked, acknowledged

EXAMPLE = Path(__file__).with_name("example.yaml")
_PROOF = "tests/desks/generic/test_example.py::test_"


class Generic(Unchecked, Divided[GenericState]):
    """A desk as a file declares it: the one it is made with, or that of the setting ``spec``. What it says of itself
    (``capabilities`` and the like) is that of the account opened last."""

    hosts: tuple[str, ...] = ()

    def __init__(self, name: str = "generic", spec: Path = EXAMPLE) -> None:
        self.name = name
        self.settings = _settings(name.upper().replace("-", "_"))
        self._usual = load(spec, spec.name)
        self._declare(self._usual)

    def _declare(self, spec: Spec) -> None:
        self.title = spec.title
        self.capabilities = _capabilities(spec)
        self.limits = spec.limits.told(spec.file)
        self.delivery = Delivery(spec.delivery.timeout_s, "2xx", spec.delivery.retry, "first_try", 10, source=spec.file)
        self.coverage = _coverage(spec)

    def open(self, settings: Mapping[str, str], chance: Stream) -> GenericState:
        """A fresh account; raises ``SettingsError`` with file and line for a file that is wrong."""
        spec = load(settings["spec"]) if settings["spec"] else self._usual
        self._declare(spec)
        limit = spec.limits.requests_per_minute if settings["rate_limits"] == "yes" else None
        return GenericState(
            settings=dict(settings),
            chance=chance,
            spec=spec,
            routes=calls.routes_of(spec),
            hooks=_receivers(spec, settings),
            requests=Bucket(per_s=limit / 60, burst=limit) if limit is not None else None,
        )

    def environment(self, state: GenericState, base_url: str) -> dict[str, str]:
        """The settings, and ``..._API_ROOT``: the paths of the file come behind it."""
        return environment(self.settings, state.settings, base_url)

    def claims(self, request: HttpRequest, state: GenericState) -> bool:
        """True if the request carries the desk's token."""
        spec = state.spec
        if spec.auth_header is None:
            return False
        return request.header(spec.auth_header) == fill_text(spec.auth_value, {"token": state.settings["token"]})

    def request(self, state: GenericState, updates: Sequence[Update], now: float) -> HttpRequest:  # noqa: ARG002
        """The signed webhook."""
        return hooks.request(updates, now)

    def read_ack(
        self,
        state: GenericState,  # noqa: ARG002
        updates: Sequence[Update],  # noqa: ARG002
        answer: HttpResponse | HttpFailure,
        now: float,  # noqa: ARG002
    ) -> Ack:
        """Any 2xx is success."""
        return acknowledged(answer, SUCCESS)

    def refusal(self, state: GenericState, status: int, retry_after_s: int | None) -> HttpResponse:
        """The error that the file words for this status, or a plain one."""
        return any_refusal(state.spec.errors, status, retry_after_s)

    def handle(self, state: GenericState, exchange: Exchange) -> Handled:
        """Answer a call of the bot. Never raises."""
        return calls.handle(state, exchange)

    def hire(self, state: GenericState, agent: Agent) -> None:
        """Give an agent an account."""
        if agent.key not in state.seats:
            state.seats[agent.key] = Seat(agent=agent, id=state.new_id("agent")[1])

    def act(self, state: GenericState, ticket: str, act: AgentAct, now: float) -> Sequence[DeskEvent]:
        """See ``Desk.act``."""
        return acting.act(state, ticket, act, now)

    def owner(self, state: GenericState, ticket: str) -> Owner:
        """What the file says of the ticket's status."""
        found = state.tickets.get(ticket)
        return "bot" if found is None else state.owner_of(found)

    def owner_of(self, state: GenericState, request: HttpRequest) -> str | None:
        """Whose call this is, where several workers hold the account; see ``chatdrill.wire.doors.Divisible``."""
        return dividing.owner_of(state, request)

    def forge(self, state: GenericState, request: HttpRequest, how: Forgery, now: float) -> HttpRequest:
        """See ``hooks.forge``."""
        return hooks.forge(state, request, how, now)

    def dropped(self, state: GenericState, updates: Sequence[Update], now: float) -> Sequence[DeskEvent]:  # noqa: ARG002
        """A declared desk shrugs."""
        return ()


def _settings(prefix: str) -> tuple[Setting, ...]:
    return (
        Setting("spec", "", "the file that declares the desk; empty: the shipped one", f"{prefix}_SPEC"),
        Setting("token", "generic-token", "what the bot shows in its requests", f"{prefix}_TOKEN", secret=True),
        Setting("secret", "generic-secret", "signs the webhooks", f"{prefix}_SECRET", secret=True),
        Setting("hooks", "", "where other hooks go, by commas: name=http://...", f"{prefix}_HOOKS", secret=True),
        Setting("rate_limits", "yes", "refuse what is too fast", f"{prefix}_RATE_LIMITS"),
    )


def _capabilities(spec: Spec) -> DeskCapabilities:
    """What the file lets agents do."""
    acts, lacks = acting.acts_of(spec)
    return DeskCapabilities(
        acts=acts,
        lacks=lacks,
        mirrors=spec.mirrors,
        survey=spec.survey,
        reopens="same" if spec.after_close == "reopen" else "new",
        retries_hooks=bool(spec.delivery.retry_s),
        media=_media(spec),
    )


def _media(spec: Spec) -> Literal["upload", "url", "both"]:
    """How the bot brings files."""
    url = any("files" in each.read for each in spec.requests)
    upload = any("uploads" in each.read for each in spec.requests)
    return "both" if url == upload else "url" if url else "upload"


def _coverage(spec: Spec) -> tuple[Coverage, ...]:
    """Everything that the file declares; what proves the example proves any."""
    asked = [Coverage(each.name, "supported", f"{_PROOF}the_example_answers_as_it_declares") for each in spec.requests]
    told = [f"hook {each.name} on {each.on}" for each in spec.hooks]
    return (*asked, *(Coverage(each, "supported", f"{_PROOF}the_example_tells_what_it_declares") for each in told))


def _receivers(spec: Spec, settings: Mapping[str, str]) -> dict[str, Hook]:
    """The receivers by name; raises ``SettingsError`` for an address of one that the file does not know."""
    names, addresses = {each.url for each in spec.hooks} - {hooks.MAIN}, {hooks.MAIN: ""}
    for part in filter(None, (each.strip() for each in settings["hooks"].split(","))):
        name, _, url = part.partition("=")
        if not url or name not in names:
            raise SettingsError(
                f"generic: the setting hooks is name=address, by commas, not {name!r}; the names in {spec.file} are: "
                f"{', '.join(sorted(names)) or 'none but main'}{did_you_mean(name, names)}"
            )
        addresses[name] = url
    return {
        name: Hook(
            name, url, settings["secret"], kind=name, retry=spec.delivery.retry, ack_timeout_s=spec.delivery.timeout_s
        )
        for name, url in addresses.items()
    }


def declare(name: str, spec: str | Path) -> Desk[GenericState]:
    """A desk of its own out of a file: what an entry point ``chatdrill.desks`` may name. Settings are prefixed by its name."""
    return Generic(name, Path(spec))


desk: Desk[GenericState] = Generic()
