"""The HTML report: one file, asking nothing of the network, in which nobody's words become markup."""

from __future__ import annotations

import base64
import hashlib
import io
import re
import zlib
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from PIL import Image

from chatdrill.checks.results import Judgement, Latency, Statistic
from chatdrill.model import Blobs, Button, File, Keyboard, Span, Text
from chatdrill.wire.files import picture_size
from chatdrill_reports import html
from chatdrill_reports.html import chart
from chatdrill_reports.html.markup import hue, initials, rich, safe_url
from chatdrill_reports.html.thumbs import LONG_SIDE, Thumbs

VOID = {"meta", "link", "br", "input", "img", "image", "use", "line", "circle", "path", "wbr"}


class Page(HTMLParser):
    """Elements with their attributes, ids, and whether every element was closed in its place."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.stray: list[str] = []
        self._open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        if not self._open or self._open.pop() != tag:
            self.stray.append(tag)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def ids(self) -> list[str]:
        return [attributes["id"] for _, attributes in self.elements if attributes.get("id")]


@pytest.fixture(scope="module")
def text(run) -> str:
    return html.render(**run).decode()


@pytest.fixture(scope="module")
def page(text) -> Page:
    return Page(text)


def one_case(telegram, *findings) -> str:
    judgement = Judgement(verdict="pass", cases=(telegram.judged(*findings),))
    return html.render(records=telegram.scribe.records, judgement=judgement, blobs=telegram.scribe.blobs).decode()


# ------------------------------------------------------------------------------------------------------- safety


def test_nothing_is_loaded_from_anywhere(page):
    for _, attributes in page.elements:
        assert not {"src", "srcset", "poster", "action", "data", "background"} & set(attributes)
        assert all(
            re.fullmatch(r"((left|top|height):[\d.]+(%|px);?)+", attributes["style"])
            for _ in attributes
            if _ == "style"
        )
    assert [link["href"] for link in page.all("link")] == ["data:,"]
    assert all(image["href"].startswith("data:image/jpeg;base64,") for image in page.all("image"))
    assert all(use["href"].startswith("#") for use in page.all("use"))


def test_the_styles_load_nothing_either(text):
    style = text[text.index("<style>") : text.index("</style>")]
    assert "url(" not in style and "@import" not in style


def test_the_policy_forbids_everything_but_the_one_script_of_the_page(text, page):
    policy = next(meta["content"] for meta in page.all("meta") if meta.get("http-equiv"))
    script = re.search(r"<script>(.*?)</script>", text, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert policy.startswith("default-src 'none'") and f"script-src 'sha256-{digest}'" in policy
    assert len(page.all("script")) == 1


def test_hostile_words_stay_words(text, page, evil):
    assert evil not in text and "&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;" in text
    assert not page.all("img")
    assert not any(name.startswith("on") for _, attributes in page.elements for name in attributes)


def test_only_web_mail_and_telephone_become_links(page):
    links = {attributes["href"] for attributes in page.all("a")}
    assert {"https://shop.example/sizes?a=1&b=2", "https://shop.example/t/10231"} <= links
    assert not any(link.lower().startswith("javascript") for link in links)
    outside = [a for a in page.all("a") if not a["href"].startswith("#")]
    assert outside and all("noopener" in a["rel"] for a in outside)


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://a.example", True),
        ("mailto:a@b.example", True),
        ("tel:+48600", True),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt:alert(1)", False),
        ("java\nscript:alert(1)", False),
        (" javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//evil.example", False),
        ("http://[broken", False),
        (None, False),
    ],
)
def test_addresses_that_could_run_something_are_not_links(url, safe):
    assert (safe_url(url) is not None) == safe


def test_formatting_may_overlap_and_cannot_open_elements():
    text = Text(text="a<b>c", spans=(Span(0, 3, "bold"), Span(2, 3, "italic"), Span(0, 99, "link", "javascript:x")))
    assert rich(text) == "<b>a&lt;</b><i><b>b</b></i><i>&gt;c</i>"


def test_names_in_attributes_cannot_leave_them(telegram):
    telegram.bot(
        "x", Keyboard(style="inline", rows=((Button(title='"><b x="', kind="callback", description='"><b>'),),))
    )
    text = one_case(telegram)
    assert not any("x" in attributes for attributes in Page(text).all("b"))
    assert "&#34;&gt;&lt;b x=&#34;" in text


# ------------------------------------------------------------------------------------------------------ structure


def test_elements_are_closed_and_ids_unique_and_every_inner_link_leads_somewhere(page):
    assert page.stray == []
    assert len(page.ids) == len(set(page.ids))
    inner = {attributes["href"][1:] for attributes in page.all("a") if attributes["href"].startswith("#")}
    assert inner <= set(page.ids)


def test_findings_are_pinned_to_the_message_they_accuse_and_linked_both_ways(text):
    refused = text[text.index('<aside class="pin v-fail" id="p4"') - 900 : text.index('id="p4"') + 400]
    assert "WhatsApp refused the bot&#39;s messages" in refused and 'href="#f4"' in refused
    assert '<a href="#p4"' in text[text.index('<li id="f4"') :]


def test_every_kind_of_part_is_drawn(text):
    for drawn in (
        "52.22970, 21.01220",
        "own number · +48 600 100 200",
        "2 × Runner 42 39.9 EUR",
        "Form fitting",
        "template return_ready, pl",
        "voice message",
        "فاتورة-10231.pdf",
        "deleted 3 seconds later",
        'class="key pressed"',
        "2 days later",
        "a nudge",
        "sent 3 times",
        "failed 131026",
    ):
        assert drawn in text, drawn


def test_a_picture_is_in_the_page_once_however_often_it_is_sent(run, page):
    assert len(page.all("image")) == 3 and len(run["blobs"]._contents) == 3
    assert sum(use["href"].startswith("#t") for use in page.all("use")) == 3


def test_failed_conversations_stand_open_and_passed_ones_closed(page):
    chats = [details for details in page.all("details") if details["class"].startswith("chat")]
    assert ["open" in details for details in chats] == [True, True, True, False, False]


def test_the_page_has_landmarks_a_language_and_named_regions(page):
    assert page.all("html")[0]["lang"] == "en" and len(page.all("main")) == 1 and len(page.all("h1")) == 1
    assert all(section["aria-labelledby"] in page.ids for section in page.all("section"))
    assert all(svg.get("aria-hidden") == "true" or svg.get("aria-label") for svg in page.all("svg"))
    assert all(nav["aria-label"] for nav in page.all("nav"))


def packed(page: str) -> list[int]:
    """How many conversations each pack holds, by what is really in it."""
    found = re.findall(r'<template class="packed"[^>]*>([^<]+)</template>', page)
    return [
        zlib.decompress(base64.b64decode(data), -zlib.MAX_WBITS).decode().count('class="chat card') for data in found
    ]


def test_three_hundred_conversations_stay_usable(many_conversations):
    page = html.render(**many_conversations).decode()
    chats = page[page.index('<section id="chats"') : page.index('<section id="bot"') if 'id="bot"' in page else None]
    assert chats.count('class="chat card') == 100 and sum(packed(page)) == 200
    assert len(chats) / 300 < 40_000 and len(page) < 12_000_000


# ------------------------------------------------------------------------------------------------------- thumbs


def test_thumbnails_are_small_and_only_of_pictures(scribe):
    blobs = scribe.blobs
    picture = scribe.picture(1280, 960, 10)
    broken = File(sha256=blobs.put(b"not a picture"), mime="image/jpeg")
    thumbs = Thumbs(blobs)
    assert thumbs.of(broken) is None and thumbs.of(File(sha256="f" * 64)) is None and thumbs.of(None) is None
    thumb = thumbs.of(picture)
    assert (thumb.width, thumb.height) == picture_size(base64.b64decode(thumb.data)) == (LONG_SIDE, 180)
    assert thumbs.made == [thumb]


def test_what_shines_through_a_sticker_is_white():
    image, out = Image.new("RGBA", (64, 64), (0, 0, 0, 0)), io.BytesIO()
    image.save(out, "PNG")
    blobs = Blobs()
    thumb = Thumbs(blobs).of(File(sha256=blobs.put(out.getvalue()), mime="image/png"))
    with Image.open(io.BytesIO(base64.b64decode(thumb.data))) as small:
        assert min(small.getpixel((32, 32))) > 250


def test_there_is_an_end_to_thumbnails(scribe, monkeypatch):
    monkeypatch.setattr("chatdrill_reports.html.thumbs._COUNT_MAX", 2)
    thumbs = Thumbs(scribe.blobs)
    pictures = [scribe.picture(64, 48, hue) for hue in (1, 60, 120)]
    assert [thumbs.of(picture) is not None for picture in pictures] == [True, True, False]


def test_blobs_may_be_a_dictionary(run):
    plain = {key: run["blobs"].get(key) for key in run["blobs"]}
    assert html.render(**{**run, "blobs": plain}) == html.render(**run)
    assert isinstance(run["blobs"], Blobs)


# -------------------------------------------------------------------------------------------------------- chart


def latencies(*seconds: float) -> list[Latency]:
    return [Latency(name="x", platform="telegram", case="c", t=0, seconds=value) for value in seconds]


def test_dots_lie_in_order_on_a_labelled_axis():
    drawn = chart.draw("x", latencies(4.0, 1.0, 2.0), [], None)
    (strip,) = drawn.strips
    assert [dot.x for dot in strip.dots] == sorted(dot.x for dot in strip.dots) and strip.samples == 3
    assert [tick.label for tick in drawn.axis] == ["0 s", "1 s", "2 s", "3 s", "4 s"]
    assert strip.dots[-1].x <= 96


def test_answers_later_than_promised_are_marked():
    statistic = Statistic(name="x", platform="telegram", samples=2, p50_s=1, p90_s=6, p95_s=6, p99_s=6, max_s=6)
    drawn = chart.draw("x", latencies(1.0, 6.0), [statistic], 5.0)
    assert [dot.late for dot in drawn.strips[0].dots] == [False, True]
    assert drawn.promised.label == "promised within 5 s"
    assert [mark.label for mark in drawn.strips[0].marks] == ["p50 1.0 s", "p95 6.0 s"]


def test_a_wide_range_gets_a_logarithmic_axis():
    drawn = chart.draw("x", latencies(0.02, 0.03, 0.04, 90.0), [], None)
    assert drawn.logarithmic and [tick.label for tick in drawn.axis] == ["0.01 s", "0.1 s", "1 s", "10 s"]
    gaps = [b.x - a.x for a, b in pairwise(drawn.axis)]
    assert max(gaps) - min(gaps) < 0.1


def test_thousands_of_answers_keep_the_slowest_in_sight():
    drawn = chart.draw("x", latencies(*(1 + i / 1000 for i in range(5000))), [], None)
    (strip,) = drawn.strips
    assert strip.samples == 5000 and strip.shown == len(strip.dots) == 300
    assert strip.dots[-1].x > 94


def test_answers_that_took_no_time_can_be_drawn():
    assert chart.draw("x", latencies(0.0, 0.0), [], None).strips[0].samples == 2


# ------------------------------------------------------------------------------------------------------- avatars


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Anna Nowak", "AN"), ("Ольга", "О"), ("ليلى حداد", "لح"), ("Jan van der Berg", "JB"), ("👍 !", "?"), ("", "?")],
)
def test_avatars_show_initials(name, letters):
    assert initials(name) == letters
    assert 0 <= hue(name) < 10


# -------------------------------------------------------------------------------------------------------- colours


def luminance(color: tuple[float, ...]) -> float:
    linear = (value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4 for value in color)
    return sum(weight * value for weight, value in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_colours_can_be_told_apart_by_weak_eyes(text, theme):
    """WCAG 2.2 AA: 4.5 to 1 for text; on tinted grounds too (percentages as in the style sheet)."""
    block = re.findall(r":root \{(.*?)\}", text, re.DOTALL)[theme]
    colours = {
        name: tuple(int(digits[at : at + 2] if len(digits) == 6 else digits[at // 2] * 2, 16) / 255 for at in (0, 2, 4))
        for name, digits in re.findall(r"--(\w+): #([0-9a-f]{3,6})", block)
    }

    def tint(name: str, share: float) -> tuple[float, ...]:
        return tuple(share * a + (1 - share) * b for a, b in zip(colours[name], colours["card"], strict=True))

    pairs = {(name, "card"): contrast(colours[name], colours["card"]) for name in ("ink", "soft", "link")}
    for name in ("pass", "fail", "error", "inconclusive", "none"):
        pairs[name, "badge"] = contrast(colours[name], tint(name, 0.10))
    for name in ("telegram", "whatsapp", "messenger", "accent"):
        pairs[name, "bubble"] = contrast(colours[name], tint(name, 0.15))
        pairs["soft", f"{name} bubble"] = contrast(colours["soft"], tint(name, 0.15))
    for name in ("ownbot", "ownqueue", "ownagent", "ownnone"):
        pairs[name, "label"] = contrast(colours[name], tint(name, 0.12))
    pairs["soft", "agent bubble"] = contrast(colours["soft"], tint("ownagent", 0.13))
    assert {pair: value for pair, value in pairs.items() if value < 4.5} == {}
