"""Utility templates: written by the Page, approved by Meta (here: at once), sent outside the window."""

from __future__ import annotations

import re
from typing import Any

from chatdrill_fakes.families.graph import reading
from chatdrill_fakes.families.graph.call import Answered, success
from chatdrill_fakes.families.graph.errors import invalid
from chatdrill_fakes.families.graph.selection import page, read_fields, select
from chatdrill_fakes.families.graph.state import Json

from ..state import UtilityTemplate
from .call import Asked

_NAME = re.compile(r"[a-z0-9_]{1,512}")
_COMPONENTS = ("HEADER", "BODY", "FOOTER", "BUTTONS")


def create_template(asked: Asked) -> Answered:
    """``POST /{page}/message_templates``"""
    values = asked.values
    name = reading.text(values.get("name"), "name")
    if not _NAME.fullmatch(name):
        raise invalid("Param name must have lower-case letters, digits and underscores only")
    language = reading.text(values.get("language"), "language")
    category = reading.one_of(values.get("category"), "category", ("UTILITY",))
    named = values.get("parameter_format") == "NAMED"
    components = _components(values.get("components"))
    if f"{name}:{language}" in asked.state.templates:
        raise invalid(f"There is already a template {name!r} in language {language!r}")
    key = asked.state.new_id(15)
    template = UtilityTemplate(key, name, language, category, "APPROVED", named, components)
    asked.state.templates[f"{name}:{language}"] = template
    return Answered({"id": key, "status": template.status, "category": category})


def _components(value: Any) -> list[Json]:
    found = reading.objects(value, "components", 1, 10)
    for where, one in found:
        reading.one_of(str(one.get("type")).upper(), f"{where}[type]", _COMPONENTS)
        if str(one["type"]).upper() == "BODY":
            reading.text(one.get("text"), f"{where}[text]", 1024)
    if not any(str(one["type"]).upper() == "BODY" for _, one in found):
        raise invalid("Param components must have a BODY")
    return [one for _, one in found]


def list_templates(asked: Asked) -> Answered:
    """``GET /{page}/message_templates``"""
    fields = read_fields(asked.values.get("fields"), "name,language,category,status,parameter_format,components,id")
    wanted = asked.values.get("name")
    found = [one for one in asked.state.templates.values() if wanted is None or one.name == wanted]
    return Answered(page([select(_shown(one), fields) for one in found], asked))


def _shown(one: UtilityTemplate) -> Json:
    return {
        "id": one.id,
        "name": one.name,
        "language": one.language,
        "category": one.category,
        "status": one.status,
        "parameter_format": "NAMED" if one.named else "POSITIONAL",
        "components": one.components,
    }


def delete_template(asked: Asked) -> Answered:
    """``DELETE /{page}/message_templates?name=``: in all its languages."""
    name = reading.text(asked.values.get("name"), "name")
    gone = [key for key, one in asked.state.templates.items() if one.name == name]
    if not gone:
        raise invalid(f"There is no template {name[:60]!r}")
    for key in gone:
        del asked.state.templates[key]
    return success()
