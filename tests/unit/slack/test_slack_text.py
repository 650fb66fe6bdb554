"""Outside text: what a member sees of it, and what Slack must not do with it."""

from __future__ import annotations

import datetime as dt
import unicodedata

import pytest
from block_kit import MRKDWN_LINK, assert_seen, check_inert
from hypothesis import given
from hypothesis import strategies as st
from sample_papers import some, words

from bot.slack import limits
from bot.slack.text import (
    authors,
    clean,
    clip,
    code,
    count,
    escape,
    link,
    long_day,
    moment,
    safe_url,
    short_day,
    shorten,
    spoken,
)


@pytest.mark.parametrize(
    ("outside", "seen"),
    [
        ("two\n lines\tand  gaps ", "two lines and gaps"),
        ("\u202eabc\u202c", "abc"),
        ("zero\u200bwidth\u00ad", "zerowidth"),
        ("a \u200b b", "a b"),
        ("nul\x00 bell\x07", "nul bell"),
        ("e\u0301", "é"),
        ("lone \ud800 half", "lone half"),
        ("\u3164\u2800", ""),
        ("日本語 and 🧪", "日本語 and 🧪"),
    ],
)
def test_clean_leaves_what_a_person_can_see(outside: str, seen: str) -> None:
    assert clean(outside) == seen


def test_escape_takes_exactly_three_characters() -> None:
    assert escape("a & b < c > d \"e\" 'f' &amp;") == "a &amp; b &lt; c &gt; d \"e\" 'f' &amp;amp;"


@pytest.mark.parametrize(
    "live", ["<!channel>", "<@U123>", "<#C1|x>", "@here", "#general", "https://a.example"]
)
def test_escape_disarms_what_slack_would_obey(live: str) -> None:
    check_inert(escape(live))
    assert escape(live).replace("\u2060", "") == live.replace("<", "&lt;").replace(">", "&gt;")


def test_the_command_that_members_copy_from_us_is_copied_as_it_is() -> None:
    assert escape("`/invite @Paperboy`") == "`/invite @Paperboy`"
    for other in ("@Paperboy", "/invite @here", "/invite @Paperboys"):
        assert other not in escape(other)


@some
@given(words)
def test_no_text_is_live_after_cleaning_and_escaping(text: str) -> None:
    check_inert(escape(clean(text)))
    check_inert(code(text))


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://arxiv.org/abs/2504.15376", "https://arxiv.org/abs/2504.15376"),
        (" http://a.example/x y|z<b>\"'", "http://a.example/x%20y%7Cz%3Cb%3E%22'"),
        ("HTTPS://a.example/é", "HTTPS://a.example/%C3%A9"),
        ("https://a.example/\u202egpj", "https://a.example/gpj"),
        ("https://a.example/?q=%20&r=1#top", "https://a.example/?q=%20&r=1#top"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("//a.example", None),
        ("https://", None),
        ("http://[", None),
        ("https://arxiv.org@evil.example/", None),
        ("https://a.example/" + "x" * 3_000, None),
        ("", None),
        (None, None),
    ],
)
def test_only_web_addresses_pass(url: str | None, safe: str | None) -> None:
    assert safe_url(url) == safe


def test_a_label_cannot_leave_its_link() -> None:
    assert link("https://a.example/?a&b", "x|y> <https://evil.example|z>") == (
        "<https://a.example/?a&amp;b|x¦y&gt; &lt;https:\u2060//evil.example¦z&gt;>"
    )
    assert link("javascript:alert(1)", "a < b") == "a &lt; b"


@some
@given(words, words)
def test_a_link_is_one_link_or_its_label(url: str, label: str) -> None:
    shown = link(url, label)
    assert MRKDWN_LINK.fullmatch(shown) or "<" not in shown
    address = safe_url(f"https://a.example/{url}")
    assert address is None or (address.isascii() and not set(address) & set("|<> "))


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("short enough", 20, "short enough"),
        ("cut on a word, please", 16, "cut on a word…"),
        ("exactly these", 8, "exactly…"),
        ("unbrokenword", 6, "unbro…"),
        ("AT&amp;T", 6, "AT…"),
        ("x&lt;y", 7, "x&lt;y"),
        ("ae\u0301\u0323b", 4, "a…"),
        ("ok👍🏽", 3, "ok…"),
        ("🇩🇪🇫🇷🇮🇹", 4, "🇩🇪…"),
        ("👩‍🔬x", 3, "…"),
    ],
)
def test_shorten_keeps_words_entities_and_characters_whole(text: str, limit: int, short: str) -> None:
    assert shorten(text, limit) == short


@some
@given(words, st.integers(1, 400))
def test_shortened_text_is_a_beginning_within_its_limit(text: str, limit: int) -> None:
    text = clean(text)
    short = shorten(text, limit)
    assert len(short) <= limit
    assert text.startswith(short.removesuffix("…"))
    rest = text[len(short.removesuffix("…")) :].lstrip(" ,:.-–—")
    assert not rest or not unicodedata.combining(rest[0])
    check_inert(shorten(escape(text), limit))
    assert limits.weight(clip(text, limit)) <= max(limit, 3)


def test_authors_are_a_few_names_and_a_number() -> None:
    assert authors(["A", "B", "C"]) == "A, B, C"
    assert authors(["A", " ", "B", "C", "D", "E"]) == "A, B, C +2"
    assert authors([]) == ""
    assert len(authors(["very long name " * 20] * 200)) < 140


def test_days_and_numbers_in_words() -> None:
    assert long_day(dt.date(2025, 4, 28)) == "Monday, 28 April 2025"
    assert short_day(dt.date(2025, 12, 1)) == "1 Dec 2025"
    assert (count(1, "paper"), count(2_000, "paper")) == ("1 paper", "2,000 papers")


@some
@given(words, st.lists(words, max_size=30))
def test_fallback_text_is_safe_and_of_a_size(heading: str, lines: list[str]) -> None:
    text = spoken(heading, lines)
    assert len(text) <= limits.FALLBACK
    check_inert(text)
    assert_seen(text.replace("\u2060", ""))


def test_fallback_text_says_how_much_it_leaves_out() -> None:
    assert spoken("Today", ["x" * 900] * 10).endswith("\nand 6 more")


def test_a_moment_is_shown_in_each_reader_s_zone() -> None:
    when = dt.datetime(2025, 4, 28, 6, 30, tzinfo=dt.UTC)
    token = "<!date^1745821800^{date_short_pretty} at {time}|28 Apr 2025 at 08:30 (Europe/Berlin)>"
    assert moment(when, zone="Europe/Berlin") == token
    assert moment(when, "{time}") == "<!date^1745821800^{time}|28 Apr 2025 at 06:30 (UTC)>"
