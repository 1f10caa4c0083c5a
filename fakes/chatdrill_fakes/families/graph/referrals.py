"""Where a customer came from, in the words of a product."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from chatdrill.errors import Unsupported
from chatdrill.model import Referral

from .limits import REF_MAX
from .state import Json

_REF = re.compile(r"[\w=-]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Entrances:
    """``link`` is the host of the product's links, ``sources`` what it calls the ways in."""

    title: str
    link: str
    sources: Mapping[str, str]


def from_start(entrances: Entrances, payload: str | None, referral: Referral | None) -> Json | None:
    """The ``referral`` object of a link, an advertisement or a shop page, or ``None`` if there is nothing to tell."""
    if referral is None:
        return (
            None
            if payload is None
            else {"ref": _link(entrances, payload), "source": entrances.sources["link"], "type": "OPEN_THREAD"}
        )
    if referral.source == "product":
        return {"product": {"id": referral.product or ""}}
    ref = referral.ref if referral.ref is not None else payload
    value: Json = {} if ref is None else {"ref": _link(entrances, ref) if referral.source == "link" else ref}
    if referral.ad_id is not None:
        value["ad_id"] = referral.ad_id
    source = entrances.sources.get(referral.source)
    if source is None:
        raise Unsupported(f"{entrances.title} has no {referral.source} that leads into a thread")
    value |= {"source": source, "type": "OPEN_THREAD"}
    if referral.source == "ad":
        value["ads_context_data"] = _advertisement(referral)
    elif referral.url is not None:
        value["referer_uri"] = referral.url
    return value


def _link(entrances: Entrances, ref: str) -> str:
    """The ``ref`` of a link. Raises ``Unsupported`` for one that no link can carry."""
    if len(ref) > REF_MAX or not _REF.fullmatch(ref):
        raise Unsupported(
            f"an {entrances.link} link carries at most {REF_MAX} letters, digits, '-', '_' and '=' as ref, not {ref[:60]!r}"
        )
    return ref


def _advertisement(referral: Referral) -> Json:
    keys = {"ad_title": referral.headline, "photo_url": referral.url, "product_id": referral.product}
    return {key: value for key, value in keys.items() if value is not None}
