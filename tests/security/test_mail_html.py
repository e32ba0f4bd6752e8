"""HTML of a stranger: it acts, asks and leads nowhere by itself, and a property has its whole name."""

import re

import pytest

from graphwright.pages.sanitise import sanitise

ATTACKS = [
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=x&gt;'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=x>",
    '<noscript><p title="</noscript><img src=x onerror=x>">',
    '<svg><a xlink:href="javascript:x"><text>t</text></a><style><img src=x onerror=x></style></svg>',
    '<a href="jav&#x09;ascript:x">x</a><a href="data:text/html,x">d</a><a href="\x01javascript:x">y</a>',
    '<a href="https://x.example" target="_self" rel="opener" ping="https://t.example">p</a>',
    '<img src="//t.example/x.gif" srcset="https://t.example/a 1x" lowsrc="https://t.example/b">',
    '<img src="\\\\t.example\\x"><img src="ht\ntps://t.example/x"><img src="file://t.example/x">',
    '<table background="https://t.example/b"><td background="https://t.example/c">t</table>',
    '<p style="background:url(https://t.example)">a</p><p style="background-color:u\\72l(x)">b</p>',
    '<p style="width:calc(1px);list-style-image:url(https://t.example)">c</p>',
    '<style>@import "https://t.example/x.css";@font-face{src:url(https://t.example)}</style>',
    '<meta http-equiv="refresh" content="0;url=https://t.example"><base href="https://t.example">',
    '<link rel="stylesheet" href="https://t.example"><body background="https://t.example">z',
    '<iframe src="https://t.example"></iframe><object data="https://t.example"></object>',
    '<form action="https://t.example"><input name="password"><button>Go</button></form>',
    '<video poster="https://t.example"></video><audio src="https://t.example"></audio>',
    '<img src="data:image/svg+xml;base64,PHN2Zz4="><input type="image" src="https://t.example">',
    '<div style="position:fixed;top:0;left:0;z-index:9">over all</div>',
    '<p id="main" class="x" name="y">clobber</p><template><img src=x onerror=x></template>',
]
_ACTS = re.compile(
    r"<(script|style|form|input|button|iframe|object|svg|math|meta|base|link|template|video|audio)"
    r"|\son\w+\s*=|javascript:|data:text|t\.example|url\(|position|\s(id|class|name|ping)\s*=",
    re.IGNORECASE,
)


def _words(source: str) -> list[str]:
    return sorted(re.split(r"[\s<>]+", source))


@pytest.mark.parametrize("source", ATTACKS)
def test_foreign_html_does_nothing_by_itself(source: str) -> None:
    assert _ACTS.search(source), "the search finds what it is for"
    once = sanitise(source).html
    assert not _ACTS.search(once), once
    # What a second parse would make of it is the same: nothing mutates into something else.
    # (The order of attributes is any.)
    assert _words(sanitise(once).html) == _words(once)
    if "<a" in once:
        assert 'target="_blank"' in once
        assert 'rel="noopener noreferrer"' in once


def test_names_of_properties_are_whole() -> None:
    style = "font-size:2px;text-decoration:underline;list-style-type:square;border-bottom-width:1px"
    assert sanitise(f'<p style="{style}">x</p>').html == f'<p style="{style}">x</p>'
