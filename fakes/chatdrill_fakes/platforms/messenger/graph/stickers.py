"""The sticker shop: what can be listed of it. chatdrill knows the like thumbs, whose numbers are public."""

from __future__ import annotations

from chatdrill_fakes.families.graph import reading
from chatdrill_fakes.families.graph.call import Answered
from chatdrill_fakes.families.graph.errors import invalid
from chatdrill_fakes.families.graph.selection import page

from .call import Asked

PACKS = {
    "227877430692340": (
        "Likes",
        {
            "369239263222822": "thumb like small",
            "369239343222814": "thumb like medium",
            "369239383222810": "thumb like large",
        },
    )
}


def packs(asked: Asked) -> Answered:
    """``GET /sticker_packs``"""
    return Answered(page([{"id": key, "name": name} for key, (name, _) in PACKS.items()], asked))


def stickers(asked: Asked) -> Answered:
    """``GET /sticker_packs/{id}/stickers``: the version of the path is ``/{pack}/stickers`` after routing."""
    return Answered(page([{"id": key, "label": label} for key, label in PACKS[asked.node][1].items()], asked))


def search(asked: Asked) -> Answered:
    """``GET /sticker_search?q=``"""
    wanted = reading.text(asked.values.get("q"), "q")
    if len(wanted) < 2:
        raise invalid("Length of param q must be greater than or equal to 2")
    found = [
        {"id": key, "label": label}
        for _, content in PACKS.values()
        for key, label in content.items()
        if wanted.lower() in label
    ]
    return Answered(page(found, asked))
