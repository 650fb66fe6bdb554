"""What a search found, at its plainest and at its worst."""

from __future__ import annotations

from collections.abc import Collection

import pytest
from block_kit import buttons, check_message, every, links, shown
from hypothesis import given
from hypothesis import strategies as st
from sample_papers import HUGE_DAY, LANTERN, NASTY, PAPERS, days, some, stored
from sample_papers import words as texts

from bot.library.words import words
from bot.model import Follow, FollowKind, Message, Paper, StoredPaper
from bot.slack import ids, limits
from bot.slack.blocks import marks, search, similar
from bot.slack.blocks.help import Examples
from bot.slack.blocks.search import Found
from bot.slack.ids import Search
from bot.slack.text import clip, linkable

follows = st.none() | st.builds(Follow, st.sampled_from(FollowKind), texts.map(lambda text: text[:300]))
queries = texts.map(lambda text: clip(text, limits.QUERY))
searches = st.builds(Search, queries, st.integers(0, 2_000), st.booleans(), st.booleans())
FEW_FRAMES = Follow(FollowKind.SEARCH, "few frames")


def bold(message: Message) -> list[str]:
    return [node["text"] for node in every(message.blocks) if node.get("style") == {"bold": True}]


@some
@given(
    searches,
    days,
    st.lists(texts, max_size=3).map(lambda found: {word for text in found for word in words(text)}),
    st.none() | texts,
    follows,
    st.booleans(),
    texts,
)
def test_any_page_fits(
    asked: Search,
    papers: list[StoredPaper],
    matched: Collection[str],
    corrected: str | None,
    follow: Follow | None,
    many: bool,
    note: str,
) -> None:
    found = Found(
        papers, 2_000, many=many, matched=matched, corrected=corrected, follow=follow, ranked=True, note=note
    )
    for shared_by in (None, "U123", "<!channel>"):
        check_message(search.page(asked, found, shared_by=shared_by, size=12))


@some
@given(days.filter(bool), st.integers(0, 2_000))
def test_any_similar_papers_fit(papers: list[StoredPaper], offset: int) -> None:
    check_message(similar.page(papers[0], papers[1:], total=2_000, offset=offset))


WORST = [
    stored(
        number,
        Paper(
            title="世界模型與機器人" * 38,
            url=f"https://arxiv.org/abs/2504.0000{number}",
            summary=("模" * 900,),
        ),
    )
    for number in range(5)
]


@pytest.mark.parametrize("papers", [HUGE_DAY[:5], HUGE_DAY[5:10], WORST])
@pytest.mark.parametrize("query", ["word " * 800, "漢" * 4_000, "🧪" * 2_000, *NASTY])
def test_the_longest_query_for_the_largest_papers_loses_none(query: str, papers: list[StoredPaper]) -> None:
    asked = Search(clip(query, limits.QUERY), offset=2_000)
    follow = Follow(FollowKind.SEARCH, "模" * 300)
    found = Found(
        papers, 100_000, corrected=query, follow=follow, ranked=True, matched={"模型", "世界"}, note=query
    )
    message = search.page(asked, found)
    check_message(message)
    assert limits.fits(message.blocks)
    held = len(dict.fromkeys(links(message.blocks)))
    assert held >= 3, "the best three"
    assert set(links(message.blocks)) == {linkable(one.paper.url) for one in papers[:held]}
    assert ids.read_search(buttons(message)["Next"]) == Search(asked.query, offset=2_000 + held)


def test_pages_go_on_from_what_was_shown() -> None:
    asked = Search("robots", offset=3, newest=True, verbatim=True)
    message = search.page(asked, Found(PAPERS, total=12), size=3)
    pressed = {
        text: ids.read_search(buttons(message)[text]) for text in ("Previous", "Next", "Share to channel")
    }
    assert pressed == {
        "Previous": Search("robots", 0, newest=True, verbatim=True),
        "Next": Search("robots", 6, newest=True, verbatim=True),
        "Share to channel": asked,
    }
    assert "4–6 of 12" in shown(message)


def test_more_than_can_be_counted_are_many() -> None:
    message = search.page(Search("robots"), Found(PAPERS, total=12, many=True), size=3)
    assert "1–3 of many" in shown(message)
    assert "many papers" in message.text


def test_while_not_all_can_be_found_no_search_is_said_to_find_something() -> None:
    for found in Found([], 0), Found([], 0, note="Papers are coming.", incomplete=True):
        message = search.page(Search("robots"), found)
        for said in (message.text, "\n".join(shown(message))):
            assert ("These find something" in said) != found.incomplete
            assert ("Ask again" in said) == ("Papers are coming." in said) == found.incomplete


def test_the_other_order_is_a_button_that_starts_again() -> None:
    best = search.page(Search("robots", offset=5), Found(PAPERS, total=12, ranked=True))
    assert ids.read_search(buttons(best)["Newest first"]) == Search("robots", newest=True)
    newest = search.page(Search("robots", newest=True), Found(PAPERS, total=12))
    assert ids.read_search(buttons(newest)["Best first"]) == Search("robots")
    assert "newest first" in newest.text
    assert "Newest first" not in buttons(search.page(Search("tag:nlp"), Found(PAPERS, total=12)))


def test_a_correction_is_shown_with_the_way_back() -> None:
    message = search.page(Search("lantren", offset=5), Found(PAPERS, total=8, corrected="lantern"))
    assert "Showing results for “lantern”." in shown(message)
    assert "lantern" in message.text.splitlines()[0]
    assert ids.read_search(buttons(message)["Search instead for “lantren”"]) == Search(
        "lantren", verbatim=True
    )


def test_a_search_is_followed_with_a_button_also_before_anything_is_found() -> None:
    found = Found(PAPERS, total=3, follow=FEW_FRAMES)
    assert buttons(search.page(Search("few frames"), found))["Follow this search"] == "search:few frames"
    none = search.page(Search("few frames"), Found((), total=0, follow=FEW_FRAMES))
    assert buttons(none)["Follow this search"] == "search:few frames"


def test_what_is_shared_has_no_buttons_of_the_search() -> None:
    found = Found(PAPERS, total=30, corrected="lantern", follow=FEW_FRAMES, ranked=True)
    message = search.page(Search("lantren"), found, shared_by="U123")
    assert {"Save", "More like this"} <= set(buttons(message))
    assert not [text for text in buttons(message) if text.startswith(("Next", "Newest", "Search", "Share"))]


def test_words_that_were_searched_for_are_bold_in_the_title_and_in_the_point_that_says_the_most() -> None:
    found = Found([LANTERN], total=1, matched={"fewer", "frames", "tenth", "accuracy"})
    message = search.page(Search("q"), found)
    assert bold(message) == ["“q”", "Fewer Frames", "accuracy", "tenth", "frames"]
    assert links(message.blocks) == [LANTERN.paper.url] * 2


def test_an_author_who_was_searched_for_is_the_reason() -> None:
    message = search.page(Search("q"), Found([LANTERN], total=1, matched={"okoro"}))
    assert bold(message) == ["“q”", "Okoro"]


def test_a_reason_far_inside_a_point_is_shown_from_shortly_before_it() -> None:
    point = f"{'Nothing of it here. ' * 40}Then comes the zebra at last."
    text = marks.reason([point], {"zebra"}, 240)
    assert text.startswith("… ") and "zebra" in text and len(text) <= 240


@pytest.mark.parametrize(
    ("text", "matched", "marked"),
    [
        ("World models, worlds", {"world", "models"}, ["World models"]),
        ("DianJin-R1: x", {"dianjinr1"}, ["DianJin-R1"]),
        ("(DianJin-R1) x", {"r1"}, ["R1"]),
        ("Café Łukasz", {"cafe", "lukasz"}, ["Café Łukasz"]),
        ("基於世界模型的機器人學習", {"世界", "界模", "模型", "學習"}, ["世界模型", "學習"]),
        ("<!channel> *a* `b`", {"channel", "a"}, ["channel", "a"]),
        ("nothing", set(), []),
    ],
)
def test_what_is_bold(text: str, matched: set[str], marked: list[str]) -> None:
    assert [piece for piece, said in marks.runs(text, matched) if said] == marked


@some
@given(texts, st.lists(texts, max_size=2))
def test_marking_changes_no_letter(text: str, said: list[str]) -> None:
    matched = {word for one in (*said, text[:20]) for word in words(one)}
    assert "".join(piece for piece, _ in marks.runs(text, matched)) == text


def test_nothing_found_shows_what_would_find_something() -> None:
    message = search.page(
        Search("zzz"), Found((), total=0), examples=Examples("far frames", "Robotics", "Ada Moss")
    )
    assert message.text.splitlines()[1:] == [
        "/papers search far frames",
        "/papers search Robotics",
        "/papers search Ada Moss",
    ]
    check_message(message)


def test_similar_papers_are_paged_by_the_paper_they_are_like() -> None:
    message = similar.page(LANTERN, PAPERS[1:], total=9, offset=2)
    assert "Lantern" in message.text
    assert ids.read_like(buttons(message)["Next"]) == (4, LANTERN.id)
