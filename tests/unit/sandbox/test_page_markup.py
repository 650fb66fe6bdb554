"""Messages as HTML: what Slack's rules make of a text, and that nothing of it becomes markup."""

from __future__ import annotations

import datetime as dt
import html
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox import Draft, Workspace, sample_workspace
from bot.sandbox.page import document
from bot.sandbox.page.drawing import Drawing
from bot.sandbox.page.markup import href

DATA = Path(__file__).parents[2] / "data"
MORNING = dt.datetime(2026, 11, 20, 8, 0, tzinfo=dt.UTC)
GOLDEN = sorted((DATA / "blocks").glob("*.json"))
ALLOWED = re.compile(r"</?(p|br|strong|em|s|code|pre|blockquote|ul|li|span|a)\b")
VOID = {"br", "meta", "input", "hr", "img", "link"}


def workspace() -> Workspace:
    return sample_workspace(lambda: MORNING)


def mrkdwn(text: str, **other: Any) -> str:
    return str(Drawing(workspace(), "Europe/Berlin").text({"type": "mrkdwn", "text": text, **other}))


def page(blocks: list[dict[str, Any]], text: str = "x") -> str:
    place = workspace()
    message = place.post(place.channel("papers"), place.bot_user, Draft(text, blocks))
    return document(place, [message], "A title", "Europe/Berlin")


LINK = 'target="_blank" rel="noopener noreferrer nofollow"'


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("*bold* _it_ ~gone~", "<p><strong>bold</strong> <em>it</em> <s>gone</s></p>"),
        ("*_both_*", "<p><strong><em>both</em></strong></p>"),
        ("2*3*4 and snake_case_name", "<p>2*3*4 and snake_case_name</p>"),
        ("`&lt;b&gt; *x*`", "<p><code>&lt;b&gt; *x*</code></p>"),
        ("a &amp;amp; b", "<p>a &amp;amp; b</p>"),
        ("one\ntwo", "<p>one<br>two</p>"),
        ("&gt; said\nand on", "<blockquote>said</blockquote><p>and on</p>"),
        ("```\na <b>\n  c\n```", "<pre>a &lt;b&gt;\n  c</pre>"),
        ("<https://x.org/?a=1&amp;b=2|go>", f'<p><a href="https://x.org/?a=1&amp;b=2" {LINK}>go</a></p>'),
        ("<@U001000003>", '<p><span class="mention">@jonas</span></p>'),
        ("<#C001000002|old>", '<p><span class="mention">#papers</span></p>'),
        ("<!here>", '<p><span class="mention broadcast">@here</span></p>'),
        ("<!date^1795078500^{date_num} {time}|then>", "<p>2026-11-19 9:55 AM</p>"),
        ("<!date^x^{date_num}|then>", "<p>then</p>"),
        ("<javascript:alert(1)|go>", "<p>go</p>"),
        (":wave: &amp; :no_such_thing:", "<p>👋 &amp; :no_such_thing:</p>"),
    ],
)
def test_mrkdwn(text: str, shown: str) -> None:
    assert mrkdwn(text) == shown


def test_verbatim_leaves_addresses_and_broadcasts_alone() -> None:
    assert mrkdwn("@here https://x.org", verbatim=True) == "<p>@here https://x.org</p>"
    assert "<a " in mrkdwn("@here https://x.org")


def test_lists_hang_and_go_on() -> None:
    def item(text: str) -> dict[str, Any]:
        return {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}

    lists = [
        {"type": "rich_text_list", "style": "ordered", "offset": 1, "elements": [item("b\nand on")]},
        {"type": "rich_text_list", "style": "bullet", "indent": 1, "elements": [item("c")]},
    ]
    drawn = Drawing(workspace(), "UTC").rich_text({"type": "rich_text", "elements": lists})
    assert drawn == (
        '<ul class="list"><li class="indent-0"><span class="lead">2.</span><span>b<br>and on</span></li>'
        '<li class="indent-1"><span class="lead">◦</span><span>c</span></li></ul>'
    )


@pytest.mark.parametrize("url", ["https://x.org", "HTTP://x.org/a?b#c", "mailto:a@x.org"])
def test_addresses_to_go_to(url: str) -> None:
    assert href(url) == url


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        "data:text/html,x",
        "//x.org",
        "/a",
        "https://",
        "https:x",
        " https://x.org",
        "https://x.org/a b",
        "https://x.org\n",
        "java\tscript:x",
        "mailto:",
        "file:///etc/passwd",
    ],
)
def test_addresses_that_are_none(url: str | None) -> None:
    assert href(url) is None


@given(st.text(max_size=200))
def test_no_text_becomes_markup(text: str) -> None:
    shown = mrkdwn(text)
    left = ALLOWED.sub("", shown)
    assert "<" not in left
    assert not re.search(r'href="(?!https?://|mailto:)', shown, re.IGNORECASE)


class Balance(HTMLParser):
    """Every element that is opened is closed, in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen |= {name for name, _ in attrs}
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def texts(part: Any) -> list[str]:
    """Every word that a block shows; a button's dialog comes when it is pressed."""
    if isinstance(part, list):
        return [text for each in part for text in texts(each)]
    if not isinstance(part, dict):
        return []
    own = [part["text"]] if isinstance(part.get("text"), str) and part.get("type") != "mrkdwn" else []
    return own + [text for name, value in part.items() if name != "confirm" for text in texts(value)]


@pytest.mark.parametrize("case", GOLDEN, ids=lambda path: path.stem)
def test_all_that_the_bot_says_is_drawn(case: Path) -> None:
    for message in json.loads(case.read_text("utf-8")):
        drawn = page(message["blocks"])
        parsed = Balance(drawn)
        assert parsed.open == []
        assert not {name for name in parsed.seen if name.startswith("on") or name == "style"}
        words = html.unescape(re.sub(r"<[^>]+>", "", drawn.replace("<br>", "\n")))
        assert [text for text in texts(message["blocks"]) if text.strip() and text.strip() not in words] == []


def test_every_block_is_drawn() -> None:
    blocks = json.loads((DATA / "page-kitchen.json").read_text("utf-8").replace("IMAGE", "https://x.org/i"))
    drawn = page(blocks)
    assert Balance(drawn).open == []
    assert 'alt="A drawing of a page"' in drawn
    assert 'data-confirm="Sure?: It is gone then."' in drawn
    assert "can’t be displayed" not in drawn
    assert "can’t be displayed" in page([{"type": "video", "block_id": "v"}])


@pytest.mark.parametrize(
    "hostile", ["<script>x</script>", '"><img src=x onerror=x>', "</style><b>", "{{ 7*7 }}"]
)
def test_no_field_lets_markup_through(hostile: str) -> None:
    """Every string that an app can send, one by one."""
    text = (DATA / "page-kitchen.json").read_text("utf-8").replace("IMAGE", "https://x.org/i")
    blocks = json.loads(text)

    def spoiled(part: Any) -> Any:
        if isinstance(part, list):
            return [spoiled(each) for each in part]
        if isinstance(part, dict):
            kept = ("type", "style", "initial_date", "range")
            return {key: value if key in kept else spoiled(value) for key, value in part.items()}
        return part + hostile if isinstance(part, str) else part

    parsed = Balance(page(spoiled(blocks), hostile))
    assert parsed.open == []
    assert not {name for name in parsed.seen if name.startswith("on")}
    drawn = page(spoiled(blocks), hostile)
    assert "<script" not in drawn and "<img src=x" not in drawn and drawn.count("</style>") == 1
