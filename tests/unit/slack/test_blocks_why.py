"""`/papers why` and round-ups in blocks: at their plainest and at their worst."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from block_kit import check_message, links, shown
from hypothesis import given
from hypothesis import strategies as st
from sample_papers import DAY, HUGE_DAY, LANTERN, NASTY, PAPERS, days, some, words

from bot.delivery import roundup as weeks
from bot.delivery.outlook import Outlook, SourceFacts, Status
from bot.delivery.reasons import Answer, Because, Carrier, Channel, Reason, Row
from bot.delivery.silence import Arrival, Silence
from bot.model import Feed, Match, State, StoredPaper
from bot.slack.blocks import because, roundup, why
from bot.slack.blocks.because import Telling
from bot.slack.blocks.silent import silent

NOW = dt.datetime(2025, 4, 30, 12, tzinfo=dt.UTC)
LINK = "https://acme.slack.com/archives/C1/p12"
ROW = Row("ch:1", State.SENT, NOW, NOW, NOW, "1.2", note="is_archived: The channel is archived.")
WEEKLY = Row("week:T1:C1:2025-04-28", State.SENT, NOW, NOW, NOW, "1.3")
TELLING = Telling(NOW, "Europe/Berlin", {"ch:1": LINK, "week:T1:C1:2025-04-28": f"{LINK}3"})
CARRIER = Carrier(1, "local", DAY, 1, NOW, NOW, postable=True, already_there=False, newest=True)
FEED = Feed("T1", "C1", filter="tag:robotics -survey")


def facts(reason: Reason, text: str = "tag:audio") -> Because:
    return Because(
        reason,
        NOW,
        ROW,
        (WEEKLY,),
        CARRIER,
        matched=(text,),
        excluded_by=(text,) if reason is not Reason.FILTERED else (),
        lacking=(text,),
        note=text,
    )


@pytest.mark.parametrize("reason", list(Reason))
def test_each_reason_has_words_for_one_place_at_least(reason: Reason) -> None:
    said = because.of_channel(facts(reason), TELLING), because.of_member(facts(reason), TELLING)
    assert any(said)
    for one in said:
        assert one == one.strip() and ".." not in one and "None" not in one


@some
@given(st.sampled_from(Reason), st.sampled_from(Reason), words, days)
def test_any_answer_fits(one: Reason, other: Reason, text: str, some_papers: list[StoredPaper]) -> None:
    answer = Answer(facts(one, text * 40), facts(other, text * 40))
    for paper in some_papers[:1]:
        check_message(why.of_paper(paper, answer, TELLING, channel="CHERE1", searched=text * 40))


def test_sent_is_linked_and_dated_for_eye_and_ear() -> None:
    message = why.of_paper(
        LANTERN, Answer(facts(Reason.SENT), facts(Reason.MUTED)), TELLING, channel="CHERE1"
    )
    eye = "\n".join(shown(message))
    assert f"<{LINK}|see the message>" in eye and "<!date^1746014400^" in eye and "<#CHERE1>" in eye
    assert f"<{LINK}3|the week’s round-up>" in eye
    assert "30 Apr 2025 at 14:00 (Europe/Berlin)" in message.text and "!date" not in message.text


def test_a_filter_of_which_nothing_came_is_shown_as_it_is_typed() -> None:
    quiet = Outlook(None, NOW, (), quiet=1)
    feed = Channel(Feed("T1", "C1", filter="`a` OR b"), 0, True, NOW, NOW)
    message = why.in_general(Status((), quiet, quiet, feed), TELLING, channel="CHERE1")
    assert "1 digest had nothing for the filter `'a' OR b`." in "\n".join(shown(message))


@pytest.mark.parametrize("text", NASTY)
def test_a_status_fits_whatever_sources_and_filters_are_called(text: str) -> None:
    quiet = Silence(Arrival(1, DAY, NOW), 9, 3)
    sources = [SourceFacts(f"{n} {text}", DAY, NOW, NOW if n % 2 else None, text, quiet) for n in range(60)]
    outlook = Outlook(ROW, NOW, (facts(Reason.PAUSED, text), facts(Reason.PARKED, text)), quiet=3)
    feed = Channel(Feed("T1", "C1", filter=text), 0, True, NOW, NOW)
    check_message(why.in_general(Status(tuple(sources), outlook, outlook, feed), TELLING, channel="CHERE1"))
    check_message(why.unknown(text, sources, TELLING))
    check_message(silent(text, quiet, ["CHERE1"] * 200))


def member_alone(outlook: Outlook, *sources: SourceFacts) -> str:
    return why.in_general(Status(sources, None, outlook), TELLING).text


def test_quiet_days_of_a_member_are_not_called_digests() -> None:
    had, before = Outlook(ROW, NOW, quiet=2), Outlook(None, NOW, quiet=2)
    old, new = (SourceFacts("a", DAY, NOW + dt.timedelta(hours=hours)) for hours in (-9, 9))
    assert "No digest has come since." in member_alone(had, old, SourceFacts("b", None, None))
    assert "No digest has come yet." in member_alone(before)
    assert "Since then nothing came of what you follow." in member_alone(had, old, new)
    assert "Nothing came of what you follow." in member_alone(before, new)


@pytest.mark.parametrize("reason", [Reason.ALREADY_THERE, Reason.TOO_OLD])
def test_a_member_is_told_of_members_digests(reason: Reason) -> None:
    """The channel beside may have had it."""
    assert "are not put into members’ own digests" in because.of_member(facts(reason), TELLING)
    assert "are not sent" in because.of_channel(facts(reason), TELLING)


def test_who_follows_nothing_is_shown_a_tag_that_there_is() -> None:
    said = because.of_member(Because(Reason.FOLLOWS_NOTHING), Telling(NOW, tag="Image-to-Video"))
    assert "/papers follow Image-to-Video" in said and "Robotics" not in said


def test_who_paused_it_is_named() -> None:
    said = because.of_channel(Because(Reason.PAUSED, note="by UHERE1"), TELLING)
    assert "paused by <@UHERE1>" in said and "/papers feed resume" in said
    assert "<" not in because.of_channel(Because(Reason.PAUSED, note="by <!channel>"), TELLING)


@pytest.mark.parametrize("note", ["not_in_channel", "removed_from_channel", "channel_not_found"])
def test_a_feed_that_an_invitation_starts_needs_nothing_more(note: str) -> None:
    said = because.of_channel(Because(Reason.PAUSED, note=note), TELLING)
    assert "`/invite @Paperboy`" in said and "resume" not in said


def test_only_who_may_resume_is_told_how() -> None:
    other = replace(TELLING, may_change=False)
    for note in ("by UHERE1", "is_archived"):
        assert "/papers feed resume" in because.of_channel(Because(Reason.PAUSED, note=note), TELLING)
        said = because.of_channel(Because(Reason.PAUSED, note=note), other)
        assert "resume" not in said and "Whoever set it up" in said


def test_what_waits_says_until_when_and_what_is_due_that_it_is_next() -> None:
    due, later = (
        Because(Reason.WAITING, NOW + wait, ROW) for wait in (dt.timedelta(0), dt.timedelta(hours=1))
    )
    assert "It is next in line, within a minute or so." in because.of_member(due, TELLING)
    assert "It waits until <!date^1746018000^" in because.of_member(later, TELLING)


def test_what_was_paused_on_purpose_is_fine() -> None:
    for note, heading in (("by UHERE1", why.FINE), ("is_archived", why.LOOK)):
        lane = Outlook(None, None, (Because(Reason.PAUSED, note=note),))
        status = Status((), lane, Outlook(None, None, ()))
        assert why.in_general(status, TELLING, channel="CHERE1").text.startswith(heading)


@some
@given(days, st.lists(words, max_size=4).map(tuple), st.booleans())
def test_any_week_is_one_message(week: list[StoredPaper], reasons: tuple[str, ...], channel: bool) -> None:
    matches = [Match(one, reasons) for one in week]
    part = roundup.render(DAY, weeks.by_topic(matches, {}), FEED if channel else None)
    check_message(part.message)
    assert sorted(part.papers) == sorted(match.paper.id for match in matches)


@pytest.mark.parametrize("number", [1, 60, 600])
@pytest.mark.parametrize("text", NASTY[:4])
def test_however_many_and_however_long(number: int, text: str) -> None:
    matches = [Match(HUGE_DAY[n % 60], ("🧪" * 300,) * 9) for n in range(number)]
    feed = Feed("T1", "C1", filter=text * 30)
    check_message(roundup.render(DAY, weeks.by_topic(matches, {1: 9}), feed).message)
    check_message(roundup.render(DAY, (), feed).message)


def test_each_topic_shows_its_first_and_counts_the_rest() -> None:
    matches = [Match(PAPERS[n % len(PAPERS)], ()) for n in range(300)]
    topics = weeks.by_topic(matches, {})
    part = roundup.render(DAY, topics, FEED)
    said = "".join(shown(part.message))
    for topic in topics:
        assert (topic.tag or roundup.OTHERS) in said
    assert len(links(part.message.blocks)) < 300 and " more" in said


def test_a_reason_that_the_heading_says_is_not_said_twice() -> None:
    topic = weeks.Topic("Robotics", (weeks.Pick(Match(LANTERN, ("Robotics", "author Ada Moss")), 3),))
    assert " · saved by 3 · author Ada Moss" in shown(roundup.render(DAY, [topic], None).message)


@pytest.mark.parametrize(
    ("day", "span"),
    [
        ("2025-04-28", "21–27 April 2025"),
        ("2025-05-05", "28 April – 4 May 2025"),
        ("2026-01-05", "29 December 2025 – 4 January 2026"),
    ],
)
def test_spans(day: str, span: str) -> None:
    assert roundup.span(dt.date.fromisoformat(day)) == span
