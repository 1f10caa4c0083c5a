"""Where a customer came from, in Messenger's words."""

from __future__ import annotations

from chatdrill.model import Referral

from ..state import Json

_SOURCES = {"link": "SHORTLINK", "ad": "ADS", "plugin": "CUSTOMER_CHAT_PLUGIN"}


def from_start(payload: str | None, referral: Referral | None) -> Json | None:
    """The ``referral`` object of a link, an advertisement or a shop page, or ``None`` if there is nothing to tell."""
    if referral is None:
        return None if payload is None else {"ref": payload, "source": "SHORTLINK", "type": "OPEN_THREAD"}
    if referral.source == "product":
        return {"product": {"id": referral.product or ""}}
    ref = referral.ref if referral.ref is not None else payload
    value: Json = {} if ref is None else {"ref": ref}
    if referral.ad_id is not None:
        value["ad_id"] = referral.ad_id
    value |= {"source": _SOURCES[referral.source], "type": "OPEN_THREAD"}
    if referral.source == "ad":
        value["ads_context_data"] = _advertisement(referral)
    elif referral.url is not None:
        value["referer_uri"] = referral.url
    return value


def _advertisement(referral: Referral) -> Json:
    keys = {"ad_title": referral.headline, "photo_url": referral.url, "product_id": referral.product}
    return {key: value for key, value in keys.items() if value is not None}
