"""Where a customer came from, in Messenger's words."""

from __future__ import annotations

import re

from chatdrill.errors import Unsupported
from chatdrill.model import Referral

from ..limits import REF_MAX
from ..state import Json

_REF = re.compile(r"[\w=-]*", re.ASCII)
_SOURCES = {"link": "SHORTLINK", "ad": "ADS", "plugin": "CUSTOMER_CHAT_PLUGIN"}


def from_start(payload: str | None, referral: Referral | None) -> Json | None:
    """The ``referral`` object of a link, an advertisement or a shop page, or ``None`` if there is nothing to tell."""
    if referral is None:
        return None if payload is None else {"ref": _link(payload), "source": "SHORTLINK", "type": "OPEN_THREAD"}
    if referral.source == "product":
        return {"product": {"id": referral.product or ""}}
    ref = referral.ref if referral.ref is not None else payload
    value: Json = {} if ref is None else {"ref": _link(ref) if referral.source == "link" else ref}
    if referral.ad_id is not None:
        value["ad_id"] = referral.ad_id
    value |= {"source": _SOURCES[referral.source], "type": "OPEN_THREAD"}
    if referral.source == "ad":
        value["ads_context_data"] = _advertisement(referral)
    elif referral.url is not None:
        value["referer_uri"] = referral.url
    return value


def _link(ref: str) -> str:
    """The ``ref`` of an m.me link. Raises ``Unsupported`` for one that no link can carry."""
    if len(ref) > REF_MAX or not _REF.fullmatch(ref):
        raise Unsupported(
            f"an m.me link carries at most {REF_MAX} letters, digits, '-', '_' and '=' as ref, not {ref[:60]!r}"
        )
    return ref


def _advertisement(referral: Referral) -> Json:
    keys = {"ad_title": referral.headline, "photo_url": referral.url, "product_id": referral.product}
    return {key: value for key, value in keys.items() if value is not None}
