"""Links to files of customers: signed, without a token, and for a while only."""

from __future__ import annotations

from chatdrill.model import File
from chatdrill.wire import Exchange, Handled, HttpRequest
from chatdrill_fakes.families.graph.cdn import LINK_LIFE_S, content, download, face, portrait, refusal, seal
from chatdrill_fakes.families.graph.state import CdnFile

from .limits import STORY_LIFE_S
from .state import InstagramChat, InstagramState

MEDIA = "/ig_messaging_cdn/"
PORTRAITS = "/v/"
_FILES, _ROOT = (MEDIA, PORTRAITS), MEDIA.rstrip("/")


def publish(state: InstagramState, chat: InstagramChat, file: File, at: float, *, is_story: bool = False) -> str:
    """A signed link to ``file``; to where the file came from if its bytes were never fetched."""
    if not file.sha256:
        return file.url or ""
    key, signature = state.chance.digits(17), state.chance.base64url(22)
    expires_at = at + (STORY_LIFE_S if is_story else LINK_LIFE_S)
    state.cdn[key] = CdnFile(file.sha256, file.mime, chat.address, signature, expires_at)
    return f"{state.base_url}{MEDIA}?asset_id={key}&signature={signature}"


def stand_in(state: InstagramState, key: str) -> str:
    """The link to what is not the customer's own: a post, a reel, a story of somebody, of which there is a picture only."""
    return f"{state.base_url}{MEDIA}?asset_id=0&signature={key}"


def portrait_url(state: InstagramState, chat: InstagramChat, at: float) -> str:
    """The link to a customer's profile picture; it expires after days."""
    expires_at = int(at + LINK_LIFE_S)
    return f"{state.base_url}{PORTRAITS}{chat.address}.jpg?oh={seal(chat, expires_at)}&oe={expires_at}"


def is_file(path: str) -> bool:
    """True for the path of a download."""
    return path.startswith(_FILES) or path == _ROOT


def owner_of(request: HttpRequest) -> str | None:
    """The id in a link that says whose the file is."""
    if request.path.startswith(PORTRAITS):
        return _address(request.path)
    key = dict(request.query).get("asset_id", "0")
    return None if key == "0" else key


def serve(state: InstagramState, exchange: Exchange) -> Handled:
    """Answer a download. A wrong signature or a link past its time is refused with 403."""
    request = exchange.request
    if request.method not in ("GET", "HEAD"):
        return refusal(405, "Method Not Allowed", None)
    arguments = dict(request.query)
    if request.path.startswith(PORTRAITS):
        address = _address(request.path)
        return portrait(state, exchange, address, arguments.get("oe", ""), arguments.get("oh"))
    key, signature = arguments.get("asset_id", ""), arguments.get("signature", "")
    if key == "0":
        return content(face(signature), "image/jpeg", None)
    return download(state, exchange, key, lambda file: signature == file.signature)


def _address(path: str) -> str:
    return path.removeprefix(PORTRAITS).removesuffix(".jpg")
