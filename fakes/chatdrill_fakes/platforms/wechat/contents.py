"""What a bot sends, type by type: the fields that must be there, their limits, and what the customer sees.

Source: developers.weixin.qq.com, customer messages, passive replies (2026).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from chatdrill.model import Button, Card, Carousel, File, Keyboard, Media, Other, Part, Text
from chatdrill_fakes.platforms.wechat import limits, media
from chatdrill_fakes.platforms.wechat.calls import Asked
from chatdrill_fakes.platforms.wechat.errors import ApiError
from chatdrill_fakes.platforms.wechat.texts import shown


@dataclass(slots=True)
class Body:
    """The object of one type, and the call that it stands in. ``null`` counts as not there."""

    asked: Asked
    values: Mapping[str, Any]

    def text(self, name: str, most_bytes: int | None = None, code: int = 45002) -> str:
        """A string that must be there. Raises 44004 without it, ``code`` if it is too long."""
        value = self.optional(name)
        if not value:
            raise ApiError(44004 if name == "content" else 40101, f"{name} is missing or empty")
        if most_bytes is not None and (size := len(value.encode("utf-8", "replace"))) > most_bytes:
            raise ApiError(code, f"{name} has {size} bytes in UTF-8, {most_bytes} are allowed")
        return value

    def optional(self, name: str) -> str:
        """A string that may be there."""
        value = self.values.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise ApiError(40097, f"{name} is no string")
        return value

    def file(self, name: str, *kinds: str) -> File:
        """A file by its id, which must be there. Raises 41006, 40007."""
        id = self.values.get(name)
        if id is None or id == "":
            raise ApiError(41006, f"{name} is missing")
        return media.find(self.asked, id, *kinds).file


def parts_of(asked: Asked, kind: object, values: object) -> tuple[Part, ...]:
    """What the customer sees of a message of one type. Raises 40008 for a type that does not exist."""
    reader = _READERS.get(kind) if isinstance(kind, str) else None
    if reader is None:
        raise ApiError(40008, f"there is no {str(kind)[:40]!r}; there are {', '.join(_READERS)}")
    if values is None:
        raise ApiError(40101, f"the object {kind} is missing")
    if not isinstance(values, dict):
        raise ApiError(40097, f"{kind} is no object")
    return reader(Body(asked, values))


def _text(body: Body) -> tuple[Part, ...]:
    return shown(body.text("content", limits.TEXT_MAX_BYTES))


def _image(body: Body) -> tuple[Part, ...]:
    return (Media(kind="photo", file=body.file("media_id", "image")),)


def _voice(body: Body) -> tuple[Part, ...]:
    return (Media(kind="voice", file=body.file("media_id", "voice")),)


def _video(body: Body) -> tuple[Part, ...]:
    file = body.file("media_id", "video")
    if body.values.get("thumb_media_id"):
        body.file("thumb_media_id", "thumb", "image")
    words = "\n".join(filter(None, (body.optional("title"), body.optional("description"))))
    return (Media(kind="video", file=file, caption=Text(text=words) if words else None),)


def _music(body: Body) -> tuple[Part, ...]:
    url = body.text("musicurl") if body.values.get("musicurl") else body.text("hqmusicurl")
    body.optional("hqmusicurl")
    body.file("thumb_media_id", "thumb", "image")
    words = "\n".join(filter(None, (body.optional("title"), body.optional("description"))))
    sound = File(url=url, mime="audio/mpeg", name=body.optional("title") or None)
    return (Media(kind="audio", file=sound, caption=Text(text=words) if words else None),)


def _news(body: Body) -> tuple[Part, ...]:
    articles = body.values.get("articles")
    if not isinstance(articles, list) or not articles:
        raise ApiError(44003, "articles is no list, or is empty")
    if len(articles) != 1:
        raise ApiError(45008, f"{len(articles)} articles, exactly 1 is allowed")
    return (article_cards(body.asked, articles),)


def article_cards(asked: Asked, articles: list[Any]) -> Carousel:
    """Articles as cards, each with its page behind it."""
    cards = []
    for article in articles:
        if not isinstance(article, dict):
            raise ApiError(40097, "an article is no object")
        one = Body(asked, article)
        picture, url = one.optional("picurl"), one.optional("url")
        image = File(url=picture, mime="image/jpeg") if picture else None
        cards.append(
            Card(title=one.text("title"), subtitle=one.optional("description") or None, image=image, url=url or None)
        )
    return Carousel(cards=tuple(cards))


def _menu(body: Body) -> tuple[Part, ...]:
    """Lines to tap, with words before and after them."""
    if body.asked.state.is_test:
        raise ApiError(40200, "a test account has no msgmenu")
    head, tail, lines = body.optional("head_content"), body.optional("tail_content"), body.values.get("list")
    if not isinstance(lines, list) or not lines or not all(isinstance(line, dict) for line in lines):
        raise ApiError(40097, "list is no list of objects, or is empty")
    buttons = tuple(_line(Body(body.asked, line)) for line in lines)
    size = sum(len(words.encode("utf-8", "replace")) for words in (head, tail, *(one.title for one in buttons)))
    if size > limits.TEXT_MAX_BYTES:
        raise ApiError(45002, f"the menu has {size} bytes in UTF-8, {limits.TEXT_MAX_BYTES} are allowed")
    rows = tuple((button,) for button in buttons)
    around = [shown(words) if words else () for words in (head, tail)]
    return (*around[0], Keyboard(style="inline", rows=rows), *around[1])


def _line(line: Body) -> Button:
    id = line.values.get("id")
    if not isinstance(id, str | int) or isinstance(id, bool) or id == "":
        raise ApiError(40101, "a line has no id")
    return Button(title=line.text("content"), kind="reply", payload=str(id))


def _page(body: Body) -> tuple[Part, ...]:
    """A mini program's page as a card."""
    url = f"{body.text('appid')}/{body.text('pagepath')}"
    image = body.file("thumb_media_id", "thumb", "image")
    return (Carousel(cards=(Card(title=body.text("title"), image=image, url=f"miniprogram://{url}"),)),)


def _named(kind: str, name: str) -> Callable[[Body], tuple[Part, ...]]:
    """Something that lies at WeChat and is only named."""

    def read(body: Body) -> tuple[Part, ...]:
        return (Other(kind=kind, data={name: body.text(name)}),)

    return read


_READERS: dict[str, Callable[[Body], tuple[Part, ...]]] = {
    "text": _text,
    "image": _image,
    "voice": _voice,
    "video": _video,
    "music": _music,
    "news": _news,
    "mpnews": _named("mpnews", "media_id"),
    "mpnewsarticle": _named("mpnewsarticle", "article_id"),
    "msgmenu": _menu,
    "wxcard": _named("wxcard", "card_id"),
    "miniprogrampage": _page,
}
TYPES = tuple(_READERS)
PARTIAL = {
    "mpnews": "drafts are not kept: any id is taken",
    "mpnewsarticle": "published articles are not kept: any id is taken",
    "wxcard": "cards are not kept: any id is taken",
}
"""Types of which more would have to be known than is emulated."""
