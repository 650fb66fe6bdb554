"""A channel's feed in words and in blocks, at any size."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_papers import some

from bot.model import Feed, Layout, Paper, Roundup, StoredPaper
from bot.sandbox.limits import check_blocks, check_view
from bot.slack import commands, ids, limits, zones
from bot.slack.blocks import digest, feed_form, feed_list
from bot.slack.blocks import feed as blocks
from bot.slack.blocks import feed_words as words
from bot.slack.ids import FeedForm
from bot.subscriptions import filters, pauses

NOW = dt.datetime(2025, 4, 28, 6, 0, tzinfo=dt.UTC)
FEED = Feed("T1", "C1234567", owner="U1234567", timezone="Europe/Berlin", made_at=NOW)
WORKDAYS = (0, 1, 2, 3, 4)
NINE = dt.time(9)

feeds = st.builds(
    Feed,
    workspace=st.just("T1"),
    channel=st.just("C1234567"),
    post_at=st.sampled_from([None, NINE]),
    timezone=st.sampled_from(["UTC", "America/Argentina/ComodRivadavia"]),
    filter=st.text(max_size=filters.LONGEST)
    | st.just("-survey " * 250)
    | st.just('robots after:"last year" -before:foo')
    | st.just("a OR " * 400 + "b"),
    layout=st.sampled_from(Layout),
    weekdays=st.sampled_from([WORKDAYS, (6,), tuple(range(7))]),
    roundup=st.sampled_from(Roundup),
    owner=st.sampled_from([None, "U1234567", "<!here>"]),
    paused=st.sampled_from([None, "by U1234567", "by <!here>", "is_archived", "<!channel>"]),
    made_at=st.sampled_from([None, NOW]),
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Every paper"),
        ("robots", "Papers about “robots”"),
        ("robots OR speech", "Papers about “robots” or “speech”"),
        ("-survey", "Every paper but those about “survey”"),
        ('robots after:"last week"', "Papers about “robots after:2025-04-21”"),
        ("after:foo", "Papers about “foo”"),
        ("a OR b OR c -d -e", "Papers about “a”, “b” or “c”, but not about “d” or “e”"),
    ],
)
def test_what_comes(text: str, said: str) -> None:
    assert words.heard(replace(FEED, filter=text), NOW) == f"{said}. As soon as a digest arrives."


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "As soon as a digest arrives"),
        ({"weekdays": WORKDAYS}, "As soon as a digest arrives, Monday to Friday (Europe/Berlin)"),
        ({"post_at": NINE}, "Every day at 09:00 (Europe/Berlin)"),
        ({"post_at": NINE, "weekdays": (0, 2, 4)}, "Mon, Wed and Fri at 09:00 (Europe/Berlin)"),
        ({"post_at": NINE, "weekdays": (6,)}, "Sundays at 09:00 (Europe/Berlin)"),
        ({"roundup": Roundup.ALSO}, "As soon as a digest arrives, and a round-up on Mondays"),
        ({"roundup": Roundup.ONLY}, "A round-up on Mondays at 09:00 (Europe/Berlin)"),
    ],
)
def test_when_it_comes(given: dict[str, object], said: str) -> None:
    assert words.when(replace(FEED, **given)) == said  # type: ignore[arg-type]


def test_the_hour_where_the_reader_is() -> None:
    at_nine = replace(FEED, post_at=NINE)
    tokyo = words.there_and_here(at_nine, "Asia/Tokyo", NOW)
    assert "^{time}|" in tokyo and "16:00 (Asia/Tokyo)> where you are" in tokyo, (
        "as its clock tells, 12 or 24"
    )
    assert "where you are" not in words.there_and_here(at_nine, "Europe/Paris", NOW)
    both = words.there_and_here(replace(at_nine, roundup=Roundup.ALSO), "Asia/Tokyo", NOW)
    assert both.endswith("where you are, and a round-up on Mondays")


@pytest.mark.parametrize(
    ("theirs", "yours", "said"),
    [
        ("Asia/Tokyo", "America/Los_Angeles", "17:00 (America/Los_Angeles)> the day before where you are"),
        ("America/Los_Angeles", "Asia/Tokyo", "01:00 (Asia/Tokyo)> the day after where you are"),
    ],
)
def test_another_day_where_the_reader_is(theirs: str, yours: str, said: str) -> None:
    assert said in words.there_and_here(replace(FEED, post_at=NINE, timezone=theirs), yours, NOW)


def test_a_feed_of_round_ups_alone_tells_nothing_of_daily_posts() -> None:
    def card(roundup: Roundup) -> str:
        feed = replace(FEED, roundup=roundup)
        return str(blocks.card(blocks.Look(feed, 2, 10, 30, "UTC", True, NOW)).blocks)

    assert "Layout" in card(Roundup.ALSO) and "On a day without any" in card(Roundup.ALSO)
    assert "Layout" not in card(Roundup.ONLY) and "On a day without any" not in card(Roundup.ONLY)


@some
@given(feeds)
def test_every_message_fits_and_mentions_nobody_else(feed: Feed) -> None:
    look = blocks.Look(feed, brings=2, of=10, days=30, zone="Asia/Tokyo", may_change=True, now=NOW)
    for message in (
        *(blocks.card(look, said="Done."), blocks.introduction(feed, NOW), blocks.certain(feed)),
        *(
            blocks.saved(feed, new=True, now=NOW, zone="UTC"),
            blocks.overtaken(feed, NOW),
            blocks.removed(feed),
        ),
        *(blocks.none(feed.channel), blocks.greeting(feed.channel), feed_list.render([feed] * 200, NOW)),
    ):
        check_blocks(list(message.blocks))
        assert limits.fits(message.blocks)
        assert 0 < len(message.text) <= limits.FALLBACK
        assert "<!here" not in str(message) and "<!channel" not in str(message)


@some
@given(feeds)
def test_the_form_fits_with_any_feed(feed: Feed) -> None:
    lines = filters.parted(feed.filter, today=NOW.date())
    reading = feed_form.Reading((), 0.0, 10, 30, notes=["A note."] * 3, read_as=feed.filter)
    about = FeedForm(feed.channel, "abc", general=True, outside=True)
    check_view(feed_form.render(about, feed, lines, reading, NOW), "modal")


@pytest.mark.parametrize(
    ("a_day", "said"), [(1.4, "1.4 a day"), (12.0, "12 a day"), (0.5, "3.5 a week"), (1 / 30, "0.2 a week")]
)
def test_rates(a_day: float, said: str) -> None:
    assert feed_form.rate(a_day) == said


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("", ("show", "")),
        ("pause", ("pause", "")),
        ("STOP", ("pause", "")),
        ("set robots -survey", ("set", "robots -survey")),
        ("robots -survey", ("set", "robots -survey")),
        ("tag:robotics", ("set", "tag:robotics")),
        ("pause robots", ("set", "pause robots")),
        ("set", ("set", "")),
        ("set up", ("set", "")),
        ("Set up  robots -survey", ("set", "robots -survey")),
        ("setting", ("set", "setting")),
        ("undo", ("restore", "")),
        ("list", ("list", "")),
    ],
)
def test_what_is_typed_after_feed(typed: str, read: tuple[str, str]) -> None:
    assert commands.read_feed(typed) == read


@some
@given(st.text())
def test_forged_forms_and_channels_are_nothing(text: str) -> None:
    ids.read_feed_form(text)
    ids.read_channel(text)


def test_what_a_form_is_about_survives() -> None:
    for one in (FeedForm("C1234567"), FeedForm("G1234567", "abc123", general=True, outside=True)):
        assert ids.read_feed_form(ids.feed_form(one)) == one
    assert ids.read_channel("D1234567") is None, "direct messages have no feeds"


@pytest.mark.parametrize(
    ("brings", "of", "said"),
    [
        (2, 10, "2 of the 10 papers of the last 30 days"),
        (0, 10, "none of the 10 papers of the last 30 days"),
        (10, 10, "all of the 10 papers of the last 30 days"),
        (0, 0, "no paper came in the last 30 days"),
    ],
)
def test_what_a_feed_lets_through(brings: int, of: int, said: str) -> None:
    look = blocks.Look(FEED, brings, of, days=30, zone="UTC", may_change=True, now=NOW)
    assert blocks.let_through(look) == said


def test_who_paused_it() -> None:
    assert pauses.who(pauses.by("U1")) == "U1"
    assert pauses.who("is_archived") is None
    assert words.reason("by U1234567") == "<@U1234567> paused it"


@pytest.mark.parametrize(
    ("paused", "said"),
    [
        ("is_archived", "the channel is archived"),
        ("restricted_action", "only some may post there: ask an admin to let the bot"),
        ("never_heard_of", "Slack says never_heard_of"),
    ],
)
def test_a_pause_says_what_to_do(paused: str, said: str) -> None:
    assert words.reason(paused) == said


def test_a_feed_that_the_file_made_meanwhile_was_set_up_by_nobody() -> None:
    sentence = str(blocks.overtaken(replace(FEED, owner=None), NOW).blocks)
    assert "meanwhile the feed of <#C1234567> was changed" in sentence
    assert "set up by <@U1234567>, was changed" in str(blocks.overtaken(FEED, NOW).blocks)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("berl", "Europe/Berlin"),
        ("new york", "America/New_York"),
        ("Europe / Par", "Europe/Paris"),
        ("utc", "UTC"),
        ("", "UTC"),
        ("san francisco", "America/Los_Angeles"),
        ("munich", "Europe/Berlin"),
    ],
)
def test_zones_by_what_is_typed(typed: str, first: str) -> None:
    found = zones.suggestions(typed, NOW)
    assert found[0] == first and len(found) <= limits.SELECT_OPTIONS


def test_zones_that_are_offered_first_exist() -> None:
    assert "Europe/Berlin" in zones.suggestions("", NOW)
    for zone in (*zones.COMMON, *zones.CITIES):
        assert zone in zones.label(zone, NOW).replace(" ", "_")


def test_zones_by_what_the_clocks_are_called() -> None:
    assert "Europe/Berlin" in zones.suggestions("cest", NOW)
    assert zones.suggestions("zyxwv", NOW) == []
    assert zones.label("America/New_York", NOW) == "America/New York (UTC-04:00)"


@pytest.mark.parametrize("layout", Layout)
def test_a_preview_of_a_long_day_fits_and_nothing_in_it_can_be_pressed(layout: Layout) -> None:
    author = "Aleksandra Konstantinova-Featherstonehaugh"
    papers = [
        StoredPaper(
            number,
            Paper(
                "題名と絵文字🎉" * 40,
                url=f"https://example.org/{number}",
                authors=(author,) * 200,
                summary=("A long point. " * 60,) * 5,
                tags=tuple(f"Tag {tag}" for tag in range(13)),
            ),
            NOW.date(),
        )
        for number in range(36)
    ]
    feed = replace(FEED, layout=layout)
    parts = digest.render(NOW.date(), "local", papers, layout)
    view = feed_form.preview(NOW.date(), parts, feed)
    check_view(view, "modal")
    assert "action_id" not in str(view)
    assert "more message" in str(view) or layout is Layout.COMPACT
