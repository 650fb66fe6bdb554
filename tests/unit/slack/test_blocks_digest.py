"""A day in a channel: every paper there, in order, within every limit, whatever the papers say."""

from __future__ import annotations

import pytest
from block_kit import check_message, links, strings
from hypothesis import given
from hypothesis import strategies as st
from sample_papers import DAY, HUGE_DAY, LANTERN, PAPERS, PLAIN, days, some, stored, words

from bot.model import Layout, Paper, StoredPaper
from bot.slack import limits
from bot.slack.blocks import digest, paper
from bot.slack.blocks.part import Part
from bot.slack.text import linkable

SOURCE = "daily papers"
layouts = pytest.mark.parametrize("layout", list(Layout))


def seen(part: Part) -> list[str]:
    return list(strings(part.message.blocks, {"text"}))


def check_day(parts: tuple[Part, ...], papers: list[StoredPaper], layout: Layout) -> None:
    for part in parts:
        check_message(part.message)
    assert [one for part in parts for one in part.papers] == [one.id for one in papers]
    found = [link for part in parts for link in links(part.message.blocks)]
    addresses = [address for one in papers if (address := linkable(one.paper.url))]
    assert not set(addresses) - set(found)
    assert not parts[0].reply
    if layout is Layout.THREAD:
        assert all(part.reply and len(part.papers) <= 1 for part in parts[1:])
    else:
        assert not any(part.reply for part in parts)


@layouts
@some
@given(days.filter(bool), words, words)
def test_any_day_fits_slack(layout: Layout, papers: list[StoredPaper], source: str, matching: str) -> None:
    parts = digest.render(DAY, source, papers, layout, filter=matching, total=len(papers) + 2)
    check_day(parts, papers, layout)


@layouts
def test_sixty_papers_of_the_largest_kind_fit_slack(layout: Layout) -> None:
    parts = digest.render(DAY, "s" * 500, HUGE_DAY, layout, filter="f" * 300, total=99)
    check_day(parts, HUGE_DAY, layout)


@some
@given(days)
def test_a_card_has_a_largest_weight(papers: list[StoredPaper]) -> None:
    assert all(limits.weight(paper.card(one, "You follow " + "x" * 900)) <= paper.CARD for one in papers)
    assert all(limits.weight(paper.line(one, "x" * 900)) <= limits.MESSAGE / 6 for one in papers)


def test_the_largest_cards_keep_to_their_weight() -> None:
    assert all(limits.weight(paper.card(one, "🧪" * 900)) <= paper.CARD for one in HUGE_DAY)


def test_a_thread_opens_with_the_day_and_its_titles() -> None:
    head, *replies = digest.render(DAY, SOURCE, PAPERS, Layout.THREAD)
    assert seen(head)[:2] == [
        "Monday, 28 April 2025",
        "3 papers from daily papers · summaries in the thread",
    ]
    assert [part.papers for part in replies] == [(1,), (2,), (3,)]
    assert head.message.text.splitlines()[1:] == [one.paper.title for one in PAPERS]


def test_the_day_is_told_by_the_tags_that_papers_share() -> None:
    audio = [stored(n, Paper(title=f"Sound {n}", tags=("Audio", f"Rare {n}"))) for n in (4, 5)]
    head, *_ = digest.render(DAY, SOURCE, [*PAPERS, *audio], Layout.FULL)
    assert seen(head)[1] == "5 papers from daily papers · Audio 2"


def test_a_long_thread_goes_on_counting_in_its_replies() -> None:
    parts = digest.render(DAY, SOURCE, HUGE_DAY, Layout.THREAD)
    lists = [part for part in parts if not part.papers]
    assert len(lists) > 1
    offsets = [part.message.blocks[-1]["elements"][0]["offset"] for part in lists]
    sizes = [len(part.message.blocks[-1]["elements"][0]["elements"]) for part in lists]
    assert offsets == [sum(sizes[:at]) for at in range(len(sizes))]
    assert seen(lists[1])[0] == f"Monday, 28 April 2025 (2 of {len(lists)})"


def test_a_long_day_in_full_is_numbered() -> None:
    papers = [stored(n, LANTERN.paper) for n in range(1, 37)]
    parts = digest.render(DAY, SOURCE, papers, Layout.FULL)
    assert len(parts) > 3
    assert [seen(part)[0] for part in parts] == [
        f"Monday, 28 April 2025 ({number} of {len(parts)})" for number in range(1, len(parts) + 1)
    ]


def test_compact_is_one_message_of_names_with_the_way_to_the_day() -> None:
    (part,) = digest.render(DAY, SOURCE, PAPERS, Layout.COMPACT)
    top, names = part.message.blocks
    assert top["accessory"]["value"] == "0:2025-04-28"
    shown = [run["text"] for run in names["elements"][0]["elements"]]
    assert shown == [
        "Lantern",
        "  ·  ",
        "Do Robots Need to Tinker?",
        "  ·  ",
        "A paper of which only the title is known",
    ]


def test_a_filter_says_what_it_hid() -> None:
    head, *_ = digest.render(DAY, SOURCE, PAPERS, Layout.FULL, filter="robotics -audio", total=15)
    assert "3 of 15 papers match “robotics -audio”" in seen(head)[1]
    (one,) = digest.render(DAY, SOURCE, PAPERS[:1], Layout.FULL, filter="robotics", total=15)
    assert "1 of 15 papers matches “robotics”" in seen(one)[1]


def test_a_filter_that_hid_nothing_is_not_mentioned() -> None:
    head, *_ = digest.render(DAY, SOURCE, PAPERS, Layout.FULL, filter="robotics", total=3)
    assert seen(head)[1].startswith("3 papers from daily papers")


def test_an_empty_day_says_so() -> None:
    assert digest.empty(DAY, SOURCE).message.text == "Monday, 28 April 2025: no papers from daily papers."
    filtered = digest.empty(DAY, SOURCE, filter="robotics", total=15)
    assert filtered.message.text == "Monday, 28 April 2025: none of 15 papers matches “robotics”."
    assert digest.render(DAY, SOURCE, [], Layout.THREAD) == (digest.empty(DAY, SOURCE),)


@some
@given(words, words)
def test_an_empty_day_fits_slack(source: str, matching: str) -> None:
    check_message(digest.empty(DAY, source, filter=matching, total=3).message)


def test_a_card_shows_the_points_and_where_links_lead() -> None:
    texts = list(strings(paper.card(LANTERN), {"text"}))
    assert texts[0] == LANTERN.paper.title
    assert texts[1] == "Ada Moss, Ben Okoro, Chie Tanaka +2"
    assert texts[2:5] == list(LANTERN.paper.summary)
    assert [label.rpartition("|")[2] for label in texts[6].split(" · ")] == [
        "Code>",
        "Project page>",
        "Model>",
        "Dataset>",
    ]


def test_a_summary_too_long_ends_with_the_way_to_the_paper() -> None:
    long = stored(9, Paper(title="Long", url="https://a.example/long", summary=("so many words " * 1_500,)))
    prose = paper.card(long)[1]["elements"][0]["elements"]
    assert prose[0]["text"].endswith("…")
    assert prose[-1] == {"type": "link", "url": "https://a.example/long", "text": "Read on"}


def test_a_paper_with_a_title_only_is_a_card_of_its_own() -> None:
    title, buttons = paper.card(PLAIN)
    assert title["elements"][0]["elements"] == [
        {"type": "text", "text": PLAIN.paper.title, "style": {"bold": True}}
    ]
    assert [each["type"] for each in buttons["elements"]] == ["button", "button", "overflow"]


def test_a_paper_without_a_visible_title_can_still_be_opened() -> None:
    blank = stored(9, Paper(title="\u200b\u3164", url="https://a.example/x"))
    assert links(paper.card(blank)) == ["https://a.example/x"]


@some
@given(st.integers(1, 13))
def test_every_tag_can_be_followed_from_the_card(number: int) -> None:
    tags = tuple(f"Tag {n}" for n in range(number))
    *_, buttons = paper.card(stored(1, Paper(title="x", tags=tags)))
    follow = buttons["elements"][-2]
    assert [option["value"] for option in follow["options"]] == [f"tag:{tag}" for tag in tags]


def test_the_first_authors_can_be_followed_beside_the_tags() -> None:
    *_, buttons = paper.card(LANTERN)
    tags, authors = buttons["elements"][-2]["option_groups"]
    assert (tags["label"]["text"], authors["label"]["text"]) == ("Tag", "Author")
    assert [option["value"] for option in authors["options"]] == [
        f"author:{name}" for name in LANTERN.paper.authors[:3]
    ]


def test_what_is_seldom_wanted_is_in_the_last_menu() -> None:
    *_, buttons = paper.card(LANTERN)
    assert [option["value"] for option in buttons["elements"][-1]["options"]] == [
        "share:1",
        "why:1",
        "hide:1",
    ]
