"""A file a day: which days are asked for, at the first fetch and ever after."""

from __future__ import annotations

import datetime as dt

import pytest
from webhost import NOW, Host, Reader, status

from bot.errors import SourceError
from bot.sources import Fetcher, RateLimitError, UrlSource

WEEK = dt.timedelta(days=7)
DAY = dt.timedelta(days=1)


def reader(host: Host, fetcher: Fetcher, backfill: dt.timedelta = WEEK) -> Reader:
    return Reader(UrlSource("web", host.url + "/{yyyy}/{mm}/{dd}.md", backfill, fetcher))


def publish(host: Host, *days: str, text: str = "") -> None:
    for day in days:
        host.put(f"/2025/{day.replace('-', '/')}.md", text or day)


async def test_the_first_fetch_reaches_as_far_as_backfill_oldest_first(host: Host, fetcher: Fetcher) -> None:
    publish(host, "04-22", "04-23", "04-24", "04-25", "04-28", "04-29", "04-30")
    papers = reader(host, fetcher)
    assert await papers.read() == ["04-23", "04-24", "04-25", "04-28", "04-29", "04-30"]
    assert papers.problems == []  # of the weekend, which has no file
    assert host.most_at_once <= 4


async def test_a_document_says_where_it_came_from(host: Host, fetcher: Fetcher) -> None:
    publish(host, "04-30")
    (document,) = await reader(host, fetcher).documents()
    assert document.path == f"{host.url}/2025/04/30.md"


async def test_what_is_unchanged_comes_once(host: Host, fetcher: Fetcher) -> None:
    publish(host, "04-29", "04-30")
    papers = reader(host, fetcher)
    assert len(await papers.read()) == 2
    assert await papers.read() == []


async def test_a_new_day_comes_when_it_is_there(host: Host, fetcher: Fetcher) -> None:
    publish(host, "04-29")
    papers = reader(host, fetcher)
    await papers.read()
    publish(host, "04-30")
    assert await papers.read() == ["04-30"]


async def test_a_revised_day_comes_again(host: Host, fetcher: Fetcher) -> None:
    publish(host, "04-28", "04-30")
    papers = reader(host, fetcher)
    await papers.read()
    publish(host, "04-28", text="better")
    assert await papers.read() == ["better"]


async def test_a_late_day_is_not_missed(host: Host, fetcher: Fetcher) -> None:
    publish(host, "04-30")
    papers = reader(host, fetcher)
    await papers.read()
    publish(host, "04-29")
    assert await papers.read(NOW + 2 * DAY) == ["04-29"]


async def test_every_day_missed_while_the_bot_was_down_is_caught_up(host: Host, fetcher: Fetcher) -> None:
    publish(host, "04-30")
    papers = reader(host, fetcher)
    await papers.read()
    publish(host, "05-01", "05-02", "05-20")
    assert await papers.read(NOW + 30 * DAY) == ["05-01", "05-02", "05-20"]


async def test_a_poll_asks_for_the_last_days_only(host: Host, fetcher: Fetcher) -> None:
    publish(host, "04-02", "04-29")
    papers = reader(host, fetcher, 90 * DAY)
    await papers.read()
    host.asked.clear()
    await papers.read()
    assert host.paths == [f"/2025/{day}.md" for day in ("04/26", "04/27", "04/28", "04/29", "04/30", "05/01")]


async def test_none_means_from_today_on(host: Host, fetcher: Fetcher) -> None:
    publish(host, "04-28", "04-29", "04-30")
    papers = reader(host, fetcher, dt.timedelta())
    assert await papers.read() == ["04-30"]
    publish(host, "05-01")
    assert await papers.read(NOW + DAY) == ["05-01"]


async def test_none_before_anything_is_published_misses_nothing_after(host: Host, fetcher: Fetcher) -> None:
    publish(host, "04-25")
    saturday = NOW - 4 * DAY
    papers = reader(host, fetcher, dt.timedelta())
    assert await papers.read(saturday) == []
    publish(host, "04-28")
    assert await papers.read(NOW) == ["04-28"]


async def test_today_may_have_begun_already_where_the_publisher_is(host: Host, fetcher: Fetcher) -> None:
    publish(host, "05-01")
    assert await reader(host, fetcher).read(NOW) == ["05-01"]


async def test_an_interrupted_first_fetch_goes_on_where_it_broke(host: Host, fetcher: Fetcher) -> None:
    publish(host, "04-24", "04-25", "04-29")
    host.say("/2025/04/28.md", status(500))
    papers = reader(host, fetcher)
    with pytest.raises(SourceError) as caught:
        await papers.read()
    assert caught.value.transient
    assert [path[-5:-3] for path in papers.seen] == ["24", "25"]
    publish(host, "04-28")
    assert await papers.read() == ["04-28", "04-29"]


async def test_one_file_that_is_too_large_costs_no_other(host: Host, fetcher: Fetcher) -> None:
    publish(host, "04-28", "04-30")
    publish(host, "04-29", text="x" * 60_000)
    papers = reader(host, fetcher)
    assert await papers.read() == ["04-28", "04-30"]
    assert await papers.read() == []
    (problem,) = papers.problems  # told once
    assert problem.startswith(f"{host.url}/2025/04/29.md is larger than 0.0477 MB and was left out.")
    publish(host, "04-29", text="mended")
    assert await papers.read() == ["mended"]


async def test_one_file_that_is_refused_costs_no_other(host: Host, fetcher: Fetcher) -> None:
    publish(host, "04-28", "04-30")
    host.say("/2025/04/29.md", status(451))
    papers = reader(host, fetcher)
    assert await papers.read() == ["04-28", "04-30"]
    assert await papers.read() == []
    assert papers.problems == [
        f"{host.url}/2025/04/29.md answered 451 instead of the file, which was left out."
        " Check the address in the settings"
    ]


async def test_a_wrong_address_is_told(host: Host, fetcher: Fetcher) -> None:
    papers = reader(host, fetcher, 30 * DAY)
    for _ in range(2):
        with pytest.raises(SourceError) as caught:
            await papers.read()
        assert not caught.value.transient
        assert caught.value.user_message == (
            f"{host.url}/{{yyyy}}/{{mm}}/{{dd}}.md has had no digest for 14 days. Check `url` in the settings"
        )
    assert len(host.asked) == 32 + 6  # thirty days are not asked for again at each poll
    publish(host, "04-30")
    assert await papers.read() == ["04-30"]


async def test_an_address_that_went_silent_is_told_and_still_asked(host: Host, fetcher: Fetcher) -> None:
    publish(host, "04-30")
    papers = reader(host, fetcher)
    await papers.read()
    assert await papers.read(NOW + 12 * DAY) == []
    with pytest.raises(SourceError, match="has had no digest for 14 days"):
        await papers.read(NOW + 15 * DAY)
    publish(host, "05-15")
    assert await papers.read(NOW + 15 * DAY) == ["05-15"]
    assert await papers.read(NOW + 15 * DAY) == []


async def test_a_host_that_wants_a_pause_is_asked_nothing_until_then(host: Host, fetcher: Fetcher) -> None:
    publish(host, "04-23")
    host.say("/2025/04/24.md", status(429, Retry_After="600"))
    papers = reader(host, fetcher)
    for minutes in (0, 5):
        with pytest.raises(RateLimitError) as caught:
            await papers.read(NOW + dt.timedelta(minutes=minutes))
        assert caught.value.retry_at == NOW + dt.timedelta(minutes=10)
    asked = len(host.asked)
    assert asked <= 5
    publish(host, "04-24")
    assert await papers.read(NOW + dt.timedelta(minutes=10)) == ["04-24"]


async def test_a_file_a_month(host: Host, fetcher: Fetcher) -> None:
    host.put("/2025-03.md", "March")
    host.put("/2025-04.md", "April")
    papers = Reader(UrlSource("web", host.url + "/{yyyy}-{mm}.md", 35 * DAY, fetcher))
    assert await papers.read() == ["March", "April"]
    assert host.paths == ["/2025-03.md", "/2025-04.md", "/2025-05.md"]
    host.put("/2025-04.md", "April, grown")
    assert await papers.read() == ["April, grown"]


async def test_one_file_that_grows(host: Host, fetcher: Fetcher) -> None:
    host.put("/all.md", "one day")
    papers = Reader(UrlSource("web", f"{host.url}/all.md", WEEK, fetcher))
    assert await papers.read() == ["one day"]
    assert await papers.read() == []
    host.put("/all.md", "two days")
    assert await papers.read() == ["two days"]


async def test_one_file_that_is_not_there(host: Host, fetcher: Fetcher) -> None:
    papers = Reader(UrlSource("web", f"{host.url}/all.md", WEEK, fetcher))
    with pytest.raises(SourceError) as caught:
        await papers.read()
    assert not caught.value.transient
    assert caught.value.user_message == (
        f"{host.url}/all.md answered 404: nothing is there. Check `url` in the settings"
    )


async def test_one_file_that_is_too_large_is_the_sources_trouble(host: Host, fetcher: Fetcher) -> None:
    host.put("/all.md", "x" * 60_000)
    with pytest.raises(SourceError, match="is larger than"):
        await Reader(UrlSource("web", f"{host.url}/all.md", WEEK, fetcher)).read()
