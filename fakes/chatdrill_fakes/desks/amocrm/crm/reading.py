"""Reading bodies and queries of API v4, and writing its lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import msgspec

from chatdrill.wire import HttpResponse
from chatdrill_fakes.desks.amocrm.errors import NOT_A_CHOICE, Fault, hal, invalid, no_content, problem
from chatdrill_fakes.desks.amocrm.state import FINAL, PIPELINE, STAGES, AmoState, Document
from chatdrill_fakes.families.desks import Visit
from chatdrill_fakes.families.desks.brackets import nested

LIST_MAX = 250
_KINDS: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}
Spec = tuple[tuple[str, str, bool], ...]
Check = Callable[[Document, str], Iterable[Fault]]


# ------------------------------------------------------------------------------------------------------ bodies


def _json(visit: Visit[AmoState]) -> Any:
    try:
        return msgspec.json.decode(visit.request.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise problem(400, f"The body is no JSON: {error}") from error


def objects(visit: Visit[AmoState], most: int = LIST_MAX) -> list[Document]:
    """The body of a call about several things: a list of objects."""
    value = _json(visit)
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise problem(400, "The body must be an array of objects")
    if not 1 <= len(value) <= most:
        raise problem(400, f"The body must hold 1 to {most} objects")
    return value


def document(visit: Visit[AmoState], *, optional: bool = False) -> Document:
    """The body of a call about one thing: an object."""
    if optional and not visit.request.body:
        return {}
    value = _json(visit)
    if not isinstance(value, dict):
        raise problem(400, "The body must be an object")
    return value


def request_id(given: Document, number: int) -> str:
    """What the bot calls an element; its place where it gave no name."""
    return str(given.get("request_id", number))


def check_all(given: Sequence[Document], check: Check) -> None:
    """Check each element; raises 400 with everything that is wrong, before anything is done."""
    wrong = [(request_id(each, number), list(check(each, ""))) for number, each in enumerate(given)]
    faulty = [(id, faults) for id, faults in wrong if faults]
    if faulty:
        raise invalid(faulty)


def kinds(given: Mapping[str, Any], spec: Spec, path: str = "") -> list[Fault]:
    """What is missing or of the wrong type."""
    faults = []
    for name, kind, required in spec:
        value = given.get(name)
        if value is None:
            if required:
                faults.append(Fault("FieldMissing", path + name, "This field is missing."))
        elif not isinstance(value, _KINDS[kind]) or (isinstance(value, bool) and kind != "boolean"):
            faults.append(Fault("InvalidType", path + name, f"This value should be of type {kind}."))
        elif value == "" and required:
            faults.append(Fault("NotBlank", path + name, "This value should not be blank."))
    return faults


def choice(path: str) -> Fault:
    """A value that the account does not have."""
    return Fault("NotSupportedChoice", path, NOT_A_CHOICE)


def has(things: Mapping[int, Any], id: Any) -> bool:
    """True if the account has a thing with this id, whatever a bot may take for one."""
    return isinstance(id, int) and not isinstance(id, bool) and id in things


def check_user(state: AmoState, given: Mapping[str, Any], name: str, path: str = "") -> list[Fault]:
    """A user id that nobody has is wrong; 0 is the robot."""
    user = given.get(name)
    known = user in (None, 0, state.bot_user) or state.agent_of_user(user) is not None
    return [] if known else [choice(path + name)]


def check_stage(given: Mapping[str, Any], path: str = "") -> list[Fault]:
    """Pipeline and stage must exist."""
    faults = []
    if given.get("pipeline_id") not in (None, PIPELINE):
        faults.append(choice(f"{path}pipeline_id"))
    if given.get("status_id") is not None and given["status_id"] not in (*STAGES, *FINAL):
        faults.append(choice(f"{path}status_id"))
    return faults


# ------------------------------------------------------------------------------------------------------- lists


def query(visit: Visit[AmoState]) -> dict[str, Any]:
    """The query, its brackets as PHP reads them."""
    return nested(visit.request.query)


def wanted(value: Any) -> list[str]:
    """A filter that takes one value or several."""
    values = value if isinstance(value, list) else [] if value is None else [value]
    return [str(each) for each in values]


def filters(visit: Visit[AmoState]) -> dict[str, Any]:
    """The ``filter`` of a query."""
    found = query(visit).get("filter")
    return found if isinstance(found, dict) else {}


def extras(visit: Visit[AmoState]) -> set[str]:
    """The ``with`` of a query."""
    return {each.strip() for each in str(query(visit).get("with") or "").split(",")}


def page(visit: Visit[AmoState], name: str, things: Sequence[Document]) -> HttpResponse:
    """A page of a list; an empty one has no body. A ``limit`` beyond the vendor's is taken for it."""
    number, limit = _positive(visit, "page", 1), min(_positive(visit, "limit", 50), LIST_MAX)
    shown = things[(number - 1) * limit : number * limit]
    if not shown:
        return no_content()
    links = {"self": _page_link(visit, number)}
    if len(things) > number * limit:
        links["next"] = _page_link(visit, number + 1)
    if number > 1:
        links |= {"first": _page_link(visit, 1), "prev": _page_link(visit, number - 1)}
    return hal({"_page": number, "_links": links, "_embedded": {name: list(shown)}})


def _positive(visit: Visit[AmoState], name: str, default: int) -> int:
    text = str(query(visit).get(name, default))
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 and int(text) > 0 else default


def _page_link(visit: Visit[AmoState], number: int) -> Document:
    others = [(name, value) for name, value in visit.request.query if name != "page"]
    return {"href": f"{visit.base_url}{visit.request.path}?{urlencode([*others, ('page', number)])}"}


def link(visit: Visit[AmoState], path: str) -> Document:
    """The ``_links`` of a thing."""
    return {"self": {"href": f"{visit.base_url}/api/v4/{path}"}}


def embedded(visit: Visit[AmoState], name: str, things: Sequence[Document], path: str = "") -> HttpResponse:
    """The answer to a change of several things."""
    return hal({"_links": link(visit, path or name), "_embedded": {name: list(things)}})
