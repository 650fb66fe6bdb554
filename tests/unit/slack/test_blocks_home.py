"""The App Home: useful at once, and within Slack's limits whatever a member has."""

from __future__ import annotations

import datetime as dt
from typing import Any

from block_kit import check_view, strings
from hypothesis import given
from hypothesis import strategies as st
from sample_papers import DAY, HUGE_DAY, LANTERN, NASTY, PAPERS, days, some, words

from bot.model import Feed, Follow, FollowKind, Frequency, Saved, StoredPaper, Subscription
from bot.slack import ids
from bot.slack.blocks import home, notice
from bot.slack.blocks.help import Examples
from bot.slack.blocks.home import Content, Place

NOW = dt.datetime(2025, 4, 28, 6, 0, tzinfo=dt.UTC)
CJK = "測試論文的標題🧪" * 37
MANY = Subscription(
    "T1",
    "U1",
    timezone="Europe/Berlin",
    frequency=Frequency.WEEKLY,
    follows=tuple(Follow(list(FollowKind)[n % 4], f"{n} {NASTY[n % len(NASTY)]}"[:300]) for n in range(500)),
)
FEEDS = [
    Feed("T1", "CHERE1", dt.time(9), "America/New_York", CJK[:300], weekdays=(0, 4), paused=CJK)
    for _ in range(200)
]
EXTREME = Content(
    day=DAY,
    papers=HUGE_DAY,
    subscription=MANY,
    next_at=NOW,
    saved=Saved(tuple(HUGE_DAY[:5]), 1_000, 500),
    feeds=FEEDS,
    searches=[f"{n}{CJK}"[:300] for n in range(10)],
    timezone="Europe/Berlin",
)

examples = st.builds(Examples, query=words, tag=words, author=words)
follows = st.builds(Follow, st.sampled_from(FollowKind), words)
subscriptions = st.builds(
    Subscription,
    st.just("T1"),
    st.just("U1"),
    frequency=st.sampled_from(Frequency),
    at=st.times(),
    follows=st.lists(follows, max_size=30).map(tuple),
    muted=st.booleans(),
    weekday=st.integers(0, 6),
)


def drawn(content: Content, place: Place = Place(), said: Any = None) -> dict[str, Any]:  # noqa: B008
    view = home.render(content, place, said, now=NOW)
    check_view(view)
    return view


def texts(content: Content, place: Place = Place()) -> list[str]:  # noqa: B008
    return list(strings(drawn(content, place), {"text"}))


@some
@given(days, subscriptions | st.none(), days, examples, st.lists(words, max_size=10), words)
def test_any_home_fits(
    papers: list[StoredPaper],
    subscription: Subscription | None,
    kept: list[StoredPaper],
    live: Examples,
    searched: list[str],
    said: str,
) -> None:
    saved = Saved(tuple(kept[:5]), len(kept))
    content = Content(DAY, papers, subscription, NOW, saved, (), searched, live)
    drawn(content, Place(), notice.say(said))


def test_the_largest_home_fits_on_every_page() -> None:
    for offset in (0, 45, 300, 495):
        drawn(EXTREME, Place(follows=offset, feeds=offset), notice.error(CJK * 9, "ab12cd"))


def test_every_page_of_what_one_follows_is_reached_and_no_follow_is_lost() -> None:
    found, place = set(), Place()
    for _ in range(100):
        view = drawn(EXTREME, place)
        found |= {b["accessory"]["value"] for b in view["blocks"] if "accessory" in b}
        following = [e for b in view["blocks"] for e in b.get("elements", ()) if isinstance(e, dict)]
        turn = [e["value"] for e in following if e.get("action_id") == "home_page:follows-next"]
        if not turn:
            break
        name, offset = ids.read_list(turn[0]) or ("", 0)
        place = Place.of(view["private_metadata"]).turned(name, offset)
    assert {ids.follow(one) for one in MANY.follows} <= found


def test_it_is_useful_before_anything_is_set_up_and_explains_itself() -> None:
    said = texts(Content(DAY, PAPERS))
    assert said[0].startswith("*Paperboy reads")
    assert said[1:4] == ["Follow Robotics", "Read today’s summaries", "Search papers…"]
    assert LANTERN.paper.title in said
    assert any("`/papers follow Robotics`" in text for text in said)
    drawn(Content())


def test_who_chose_something_is_not_told_again_what_this_is() -> None:
    assert texts(Content(DAY, PAPERS, Subscription("T1", "U1")))[0] == "Monday, 28 April 2025"


def test_a_feed_s_hour_is_shown_in_the_reader_s_zone() -> None:
    feed = Feed("T1", "CHERE1", dt.time(9), "America/New_York", "robots", paused="not_in_channel")
    said = " ".join(texts(Content(DAY, PAPERS, feeds=[feed], timezone="Europe/Berlin")))
    assert "^{time}|" in said and "at 15:00 (Europe/Berlin)>" in said and "`robots`" in said
    assert "paused: I am not in the channel" in said


def test_a_list_whose_last_page_is_gone_shows_the_one_before() -> None:
    few = Subscription("T1", "U1", follows=MANY.follows[:15])
    view = drawn(Content(DAY, PAPERS, few), Place(follows=15))
    assert Place.of(view["private_metadata"]).follows == 0


@some
@given(st.text() | st.sampled_from(['{"follows": -1}', '{"follows": "x"}', "[]", "null", '{"other": 1}']))
def test_what_comes_back_as_a_place_may_be_anything(text: str) -> None:
    assert Place.of(text) == Place()
