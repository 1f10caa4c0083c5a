"""parse_mode: texts, entities, and complaints with their byte offsets."""

from __future__ import annotations

import pytest

from chatdrill_fakes.platforms.telegram.errors import ApiError
from chatdrill_fakes.platforms.telegram.html import parse_html
from chatdrill_fakes.platforms.telegram.markdown import parse_markdown, parse_markdown_v2

HTML = [
    ("<b>a</b> <i>b</i>", "a b", [(0, 1, "bold", None), (2, 1, "italic", None)]),
    ("&lt;&amp;&gt;&quot;&#65;&#x42;&nbsp;&", '<&>"AB&nbsp;&', []),
    ('<a href="https://a.test">x</a>', "x", [(0, 1, "text_link", "https://a.test/")]),
    ("<a>acme.test/x</a>", "acme.test/x", [(0, 11, "text_link", "http://acme.test/x")]),
    ("<a href=''>none</a>", "none", []),
    ('<a href="tg://user?id=42">x</a>', "x", [(0, 1, "text_mention", 42)]),
    ('<span class="tg-spoiler">s</span>', "s", [(0, 1, "spoiler", None)]),
    ('<pre><code class="language-py">x</code></pre>', "x", [(0, 1, "pre", "py")]),
    ('<code class="language-py">x</code>', "x", [(0, 1, "code", None)]),
    ("<pre>x</pre>", "x", [(0, 1, "pre", None)]),
    ("<blockquote expandable>q</blockquote>", "q", [(0, 1, "expandable_blockquote", None)]),
    ("<blockquote>q</blockquote>", "q", [(0, 1, "blockquote", None)]),
    ('<tg-emoji emoji-id="5368324170671202286">👍</tg-emoji>', "👍", [(0, 1, "custom_emoji", "5368324170671202286")]),
    ("<B>up</B>", "up", [(0, 2, "bold", None)]),
    ("<b></b>x", "x", []),
    ("<b>a</>", "a", [(0, 1, "bold", None)]),
]
HTML_ERRORS = [
    ("one two <br>", 'Unsupported start tag "br" at byte offset 8'),
    ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
    ("жжж</b>", "Unexpected end tag at byte offset 6"),
    ("<b>x<i>y</b></i>", 'Unmatched end tag at byte offset 8, expected "</i>", found "</b>"'),
    ("abcd <b", "Unclosed start tag at byte offset 5"),
    ('<a href="x', "Unclosed start tag at byte offset 0"),
    ("<a href", 'Unclosed start tag "a" at byte offset 0'),
    ("<b>x</b", "Unclosed end tag at byte offset 4"),
    ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ("<a =x>y</a>", 'Empty attribute name in the tag "a" at byte offset 0'),
    ("<a href=x/y>z</a>", "Unexpected end of name token at byte offset 8"),
    ("<tg-emoji emoji-id='x'>y</tg-emoji>", "Invalid custom emoji identifier specified"),
    ("&#xd800;", ("Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate "
     "code units")),
]  # fmt: skip
V2 = [
    ("*b* _i_ __u__ ~s~ ||p||", "b i u s p", [
        (0, 1, "bold", None), (2, 1, "italic", None), (4, 1, "underline", None), (6, 1, "strikethrough", None),
        (8, 1, "spoiler", None),
    ]),
    (r"1\. \*x\*", "1. *x*", []),
    ("`a*b` ```py\ncode``` ```x```", "a*b code x", [(0, 3, "code", None), (4, 4, "pre", "py"), (9, 1, "pre", None)]),
    (r"[t](https://a.test/\(x\))", "t", [(0, 1, "text_link", "https://a.test/(x)")]),
    ("![👍](tg://emoji?id=5368324170671202286)", "👍", [(0, 1, "custom_emoji", "5368324170671202286")]),
    (">one\n>two", "one\ntwo", [(0, 7, "blockquote", None)]),
    (">one\nrest", "one\nrest", [(0, 4, "blockquote", None)]),
    (">one||", "one", [(0, 3, "expandable_blockquote", None)]),
    ("*a _b_*", "a b", [(2, 1, "italic", None), (0, 3, "bold", None)]),
]  # fmt: skip
V2_ERRORS = [
    ("a.b", "Character '.' is reserved and must be escaped with the preceding '\\'"),
    ("ok!", "Character '!' is reserved and must be escaped with the preceding '\\'"),
    ("a > b", "Character '>' is reserved and must be escaped with the preceding '\\'"),
    ("жx *b", "Can't find end of Bold entity at byte offset 4"),
    ("_i", "Can't find end of Italic entity at byte offset 0"),
    ("`c", "Can't find end of Code entity at byte offset 0"),
    ("```py\nc", "Can't find end of PreCode entity at byte offset 0"),
    ("||s", "Can't find end of Spoiler entity at byte offset 0"),
    ("[t](http://a", "Can't find end of a URL at byte offset 4"),
    ("![x]", "The entity must contain a tg://emoji or tg://time URL"),
    ("![x](http://a.b)", "Invalid tg://emoji or tg://time URL specified"),
    (">*a\nb", "Can't find end of Bold entity at byte offset 1"),
]
LEGACY = [
    ("*b* _i_ `c`", "b i c", [(0, 1, "bold", None), (2, 1, "italic", None), (4, 1, "code", None)]),
    ("[t](http://a.test)", "t", [(0, 1, "text_link", "http://a.test/")]),
    (r"snake\_case", "snake_case", []),
    ("```py\nx``` y", "x y", [(0, 1, "pre", "py")]),
    ("1. plain! (text) - fine", "1. plain! (text) - fine", []),
]


@pytest.mark.parametrize(("source", "text", "entities"), HTML)
def test_html_is_read(source, text, entities):
    assert parse_html(source) == (text, entities)


@pytest.mark.parametrize(("source", "text", "entities"), V2)
def test_markdown_v2_is_read(source, text, entities):
    assert parse_markdown_v2(source) == (text, entities)


@pytest.mark.parametrize(("source", "text", "entities"), LEGACY)
def test_legacy_markdown_is_read(source, text, entities):
    assert parse_markdown(source) == (text, entities)


@pytest.mark.parametrize(
    ("parse", "source", "error"),
    [
        *((parse_html, *row) for row in HTML_ERRORS),
        *((parse_markdown_v2, *row) for row in V2_ERRORS),
        (parse_markdown, "ab _cd", "Can't find end of the entity starting at byte offset 3"),
        (parse_markdown, "snake_case", "Can't find end of the entity starting at byte offset 5"),
    ],
)
def test_wrong_markup_is_named_with_its_byte(parse, source, error):
    with pytest.raises(ApiError) as found:
        parse(source)
    assert found.value.description == f"Bad Request: can't parse entities: {error}"
