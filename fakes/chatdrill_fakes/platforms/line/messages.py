"""What a bot sends, kind by kind: the properties that must be there, their limits, and what the customer sees.

Source: developers.line.biz, Messaging API reference: message objects (2026-08).
"""

from __future__ import annotations

from collections.abc import Callable

from chatdrill.model import File, Keyboard, Location, Media, MediaKind
from chatdrill_fakes.platforms.line import actions, flex, limits, templates, texts
from chatdrill_fakes.platforms.line.drafts import Draft, Wanted
from chatdrill_fakes.platforms.line.errors import ApiError
from chatdrill_fakes.platforms.line.reading import SPECIFIED, Place
from chatdrill_fakes.platforms.line.state import Pressable

_IMAGES = frozenset({"image/jpeg", "image/png"})
_FILMS = frozenset({"video/mp4"})
_SOUNDS = frozenset({"audio/mpeg", "audio/mp4", "audio/x-m4a", "video/mp4"})  # an m4a looks like a film from outside
QUOTABLE = frozenset({"text", "textV2", "sticker", "image", "video", "template", "flex"})
"""What a customer's app can quote, and so has a quote token."""
COUPON = "coupon"
LISTED = ("text", "image", "video", "audio", "location", "sticker", "template", "imagemap")
"""What LINE lists when it does not know a kind; it takes more than that."""


def _media(place: Place, draft: Draft, kind: MediaKind, most: int, mimes: frozenset[str]) -> None:
    url = place.url("originalContentUrl")
    draft.parts = (Media(kind=kind, file=File(url=url)),)
    draft.wanted.append(Wanted("originalContentUrl", url, most, mimes))


def _previewed(place: Place, draft: Draft) -> None:
    preview = place.url("previewImageUrl")
    draft.wanted.append(Wanted("previewImageUrl", preview, limits.PREVIEW_MAX_BYTES, _IMAGES))


def _image(place: Place, draft: Draft) -> None:
    _media(place, draft, "photo", limits.IMAGE_MAX_BYTES, _IMAGES)
    _previewed(place, draft)


def _video(place: Place, draft: Draft) -> None:
    _media(place, draft, "video", limits.VIDEO_MAX_BYTES, _FILMS)
    _previewed(place, draft)
    draft.tracking = place.optional("trackingId", limits.TRACKING_MAX, measure=len)


def _audio(place: Place, draft: Draft) -> None:
    _media(place, draft, "audio", limits.AUDIO_MAX_BYTES, _SOUNDS)
    place.number("duration", 1, 1e10)


def _location(place: Place, draft: Draft) -> None:
    title, address = place.text("title", limits.PLACE_MAX), place.text("address", limits.PLACE_MAX)
    latitude, longitude = place.number("latitude", -90, 90), place.number("longitude", -180, 180)
    draft.parts = (Location(latitude=latitude, longitude=longitude, name=title, address=address),)


def _sticker(place: Place, draft: Draft) -> None:
    package, number = (place.text(name, 20, empty=SPECIFIED, measure=len) for name in ("packageId", "stickerId"))
    draft.quote = place.optional("quoteToken", limits.URL_MAX)
    draft.parts = (Media(kind="sticker", file=File(name=f"{package}-{number}", mime="image/png")),)


KINDS: dict[str, Callable[[Place, Draft], None]] = {
    "text": texts.read,
    "textV2": texts.read_v2,
    "sticker": _sticker,
    "image": _image,
    "video": _video,
    "audio": _audio,
    "location": _location,
    "imagemap": templates.read_imagemap,
    "template": templates.read,
    "flex": flex.read,
}


_NAMES = tuple(KINDS)


def read(place: Place) -> Draft:
    """A message as it will be shown; what is wrong with it stands in the problems."""
    if place.value.get("type") == COUPON:
        raise _not_emulated(place)
    kind = place.choice("type", _NAMES, shown=LISTED)
    draft = Draft(kind)
    if kind:
        KINDS[kind](place, draft)
    if (sender := place.inner("sender", required=False) if "sender" in place.value else None) is not None:
        draft.sender = sender.optional("name", limits.SENDER_MAX)
        sender.url("iconUrl", required=False)
        if (draft.sender or "").strip().lower() == "line":
            sender.wrong("invalid sender name", "name")
    if (replies := place.inner("quickReply", required=False) if "quickReply" in place.value else None) is not None:
        _quick_replies(replies, draft)
    return draft


def _not_emulated(place: Place) -> ApiError:
    """LINE has coupons, which the account makes by calls of their own."""
    details = [{"message": "coupon not found", "property": place.at("couponId")}]
    note = "chatdrill does not emulate coupons"
    return ApiError(400, "The request body has 1 error(s)", details, note=note, refused=f"message {COUPON}")


def _quick_replies(place: Place, draft: Draft) -> None:
    found: list[Pressable] = []
    for item in place.items("items", 0, limits.QUICK_REPLIES_MAX):
        item.choice("type", ("action",))
        image, inner = item.url("imageUrl", required=False), item.inner("action")
        one = actions.read(inner, "quickReply", image=image or None) if inner is not None else None
        found += [one] if one is not None else []
    if found:
        row = tuple(one.button for one in found)
        draft.parts = (*draft.parts, Keyboard(style="quick_replies", rows=(row,)))
        draft.pressables += found
        draft.has_quick = True
