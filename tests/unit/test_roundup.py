"""A week by topic: which papers, under which heading, in which order."""

from __future__ import annotations

import datetime as dt

from bot.delivery import roundup
from bot.delivery.roundup import Week
from bot.model import Match, Paper, StoredDigest, StoredPaper

MONDAY = dt.datetime(2025, 4, 28, 7, tzinfo=dt.UTC)
WEEK = Week(dt.date(2025, 4, 21), dt.date(2025, 4, 27))


def paper(number: int, *tags: str) -> Match:
    return Match(StoredPaper(number, Paper(f"P{number}", tags=tags), WEEK.first), ())


def topics(matches: list[Match], **saved: int) -> list[tuple[str, list[int]]]:
    counts = {int(name[1:]): number for name, number in saved.items()}
    return [
        (topic.tag, [pick.match.paper.id for pick in topic.picks])
        for topic in roundup.by_topic(matches, counts)
    ]


def test_each_paper_once_under_its_first_common_tag_the_others_at_the_end() -> None:
    matches = [paper(1, "A", "B"), paper(2, "B"), paper(3, "Rare", "B"), paper(4, "A"), paper(5, "Alone")]
    assert topics(matches) == [("B", [2, 3]), ("A", [1, 4]), ("", [5])]


def test_the_largest_topic_and_the_most_saved_first() -> None:
    matches = [paper(1, "A"), paper(2, "A"), paper(3, "B"), paper(4, "B"), paper(5, "B")]
    assert topics(matches, p5=2, p4=3, p2=1) == [("B", [4, 5, 3]), ("A", [2, 1])]


def test_papers_without_a_tag_and_no_papers() -> None:
    assert topics([paper(1), paper(2, "")]) == [("", [1, 2])]
    assert topics([]) == []


def test_more_topics_than_headings() -> None:
    matches = [paper(number, f"T{number // 2}") for number in range(40)]
    found = topics(matches)
    assert len(found) == roundup.TOPICS + 1 and found[-1][0] == roundup.OTHER
    assert sorted(one for _, ids in found for one in ids) == list(range(40))


def test_the_week_before_is_the_zone_s() -> None:
    assert roundup.week_before(MONDAY, "Europe/Berlin") == WEEK
    sunday_there = MONDAY.replace(hour=5)
    assert roundup.week_before(sunday_there, "America/Los_Angeles").last == WEEK.last - dt.timedelta(days=7)
    assert roundup.week_before(MONDAY + dt.timedelta(days=3), "UTC") == WEEK, "told of late"


def test_a_late_digest_of_the_week_before_is_in_and_an_old_one_not() -> None:
    def book(number: int, date: dt.date, seen: dt.datetime) -> StoredDigest:
        return StoredDigest(number, "local", date, 1, (), seen)

    before = WEEK.first - dt.timedelta(days=1)
    start = dt.datetime(2025, 4, 20, 22, tzinfo=dt.UTC)  # midnight in Berlin
    books = [
        book(1, WEEK.first, MONDAY),
        book(2, WEEK.last, MONDAY),
        book(3, WEEK.monday, MONDAY),
        book(4, before, start),
        book(5, before, start - dt.timedelta(seconds=1)),
    ]
    assert [one.id for one in roundup.books_of(WEEK, "Europe/Berlin", books)] == [1, 2, 4]
