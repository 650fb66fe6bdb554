"""Taking digests in: once, as revisions, and never an older text over a newer one."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import replace

import pytest
from patience import PATIENCE

from bot.library import digests, papers
from bot.library.database import Database
from bot.library.digests import Ingested, Status
from bot.model import Digest, Paper, Problem

NOW = dt.datetime(2031, 5, 6, 7, 8, 9, tzinfo=dt.UTC)
MONDAY = dt.date(2031, 5, 5)
TUESDAY = dt.date(2031, 5, 6)


def paper(number: int, title: str = "", **fields: object) -> Paper:
    return Paper(
        title=title or f"Paper {number}",
        url=f"https://arxiv.org/abs/3105.{number:05}",
        arxiv_id=f"3105.{number:05}",
        **fields,  # type: ignore[arg-type]
    )


def digest(*listed: Paper, date: dt.date | None = MONDAY, source: str = "daily") -> Digest:
    return Digest(date, source, listed)


async def ingest(database: Database, one: Digest, *, postable: bool = True) -> Ingested:
    async with database.begin() as conn:
        return await digests.ingest(conn, one, path="2031/05/05.md", now=NOW, postable=postable)


async def written_after(database: Database, seq: int) -> list[str]:
    async with database.read() as conn:
        return [stored.paper.title for _, stored in await papers.since_seq(conn, seq, 100)]


async def last_seq(database: Database) -> int:
    async with database.read() as conn:
        return max((seq for seq, _ in await papers.since_seq(conn, 0, 1000)), default=0)


async def test_a_digest_is_kept_as_it_was_read(database: Database) -> None:
    one = paper(
        1,
        "Σ-nets: 100 % of “quotes”",
        authors=("Ada Example", "Bo Beispiel"),
        summary=("One point.", "Another."),
        tags=("Robotics", "A Tag That No Taxonomy Knows"),
        github_urls=("https://github.com/example/sigma",),
        huggingface_urls=("https://huggingface.co/example/sigma",),
        raw_title="$\\Sigma$-nets",
        raw_summary="- One point. - Another.",
    )
    two = Paper(title="No link, no id")
    done = await ingest(database, digest(one, two))

    async with database.read() as conn:
        stored = await digests.get(conn, done.digest_id)
    assert stored is not None
    assert [kept.paper for kept in stored.papers] == [one, two]
    assert (stored.source, stored.date, stored.revision, stored.seen_at) == ("daily", MONDAY, 1, NOW)
    assert done == Ingested(done.digest_id, Status.NEW, done.papers, new=done.papers)
    assert done.papers == tuple(kept.id for kept in stored.papers)


async def test_the_same_digest_twice_changes_nothing(database: Database) -> None:
    one = replace(digest(paper(1), paper(2)), problems=(Problem(3, "No link.", "Paper 2"),))
    first = await ingest(database, one)
    before = await last_seq(database)
    second = await ingest(database, one)

    assert second == Ingested(first.digest_id, Status.UNCHANGED, first.papers)
    assert await written_after(database, before) == []
    async with database.read() as conn:
        assert len(await digests.revisions(conn, first.digest_id)) == 1


async def test_a_revision_says_what_is_new_changed_and_gone(database: Database) -> None:
    first = await ingest(database, digest(paper(1), paper(2), paper(3)))
    before = await last_seq(database)
    second = await ingest(database, digest(paper(4), paper(3), paper(2, "Paper 2, corrected")))

    one, two, three = first.papers
    four = second.papers[0]
    assert second == Ingested(
        first.digest_id, Status.REVISED, (four, three, two), new=(four,), changed=(two,), gone=(one,)
    )
    assert await written_after(database, before) == ["Paper 4", "Paper 2, corrected"]
    async with database.read() as conn:
        stored = await digests.get(conn, first.digest_id)
        history = await digests.revisions(conn, first.digest_id)
    assert stored is not None
    assert stored.revision == 2
    assert [kept.paper.title for kept in stored.papers] == ["Paper 4", "Paper 3", "Paper 2, corrected"]
    assert [(r.number, r.new, r.changed, r.gone) for r in history] == [
        (1, (one, two, three), (), ()),
        (2, (four,), (two,), (one,)),
    ]


async def test_a_change_of_raw_text_that_no_reader_sees_is_no_revision(database: Database) -> None:
    await ingest(database, digest(paper(1, raw_title="Paper  1")))
    again = await ingest(database, digest(paper(1, raw_title="Paper 1 ")))
    assert again.status is Status.UNCHANGED


async def test_what_is_seen_first_decides_whether_it_may_be_posted(database: Database) -> None:
    first = await ingest(database, digest(paper(1)), postable=False)
    await ingest(database, digest(paper(1), paper(2)), postable=True)
    async with database.read() as conn:
        row = (await conn.exec_driver_sql("SELECT postable FROM digest")).scalar_one()
    assert not row
    assert first.status is Status.NEW


async def test_a_paper_on_several_days_is_stored_once_with_the_newest_text(database: Database) -> None:
    tuesday = await ingest(database, digest(paper(1, "Newer title", tags=("Audio",)), date=TUESDAY))
    before = await last_seq(database)
    monday = await ingest(database, digest(paper(1, "Older title", tags=("Video",)), date=MONDAY))

    assert monday.papers == tuesday.papers
    assert monday.new == monday.papers
    assert await written_after(database, before) == []
    async with database.read() as conn:
        stored = (await papers.get(conn, monday.papers))[monday.papers[0]]
        assert await papers.tags(conn) == [("Audio", 1)]
    assert (stored.paper.title, stored.date) == ("Newer title", TUESDAY)

    later = await ingest(database, digest(paper(1, "Newest title"), date=TUESDAY + dt.timedelta(days=1)))
    assert later.papers == monday.papers
    assert await written_after(database, before) == ["Newest title"]


async def test_a_revised_older_digest_leaves_newer_text_alone(database: Database) -> None:
    await ingest(database, digest(paper(1, "First"), date=MONDAY))
    await ingest(database, digest(paper(1, "Second"), date=TUESDAY))
    revised = await ingest(database, digest(paper(1, "First, corrected"), date=MONDAY))
    assert revised.changed == revised.papers
    async with database.read() as conn:
        assert (await papers.get(conn, revised.papers))[revised.papers[0]].paper.title == "Second"


async def test_two_sources_of_one_day_are_both_kept(database: Database) -> None:
    here = await ingest(database, digest(paper(1), paper(2, "In the words of one"), source="one"))
    there = await ingest(database, digest(paper(2, "In the words of another"), source="another"))
    again = await ingest(
        database, digest(paper(1, "Corrected"), paper(2, "In the words of one"), source="one")
    )

    assert there.papers == here.papers[1:]
    assert again.changed == here.papers[:1]
    async with database.read() as conn:
        day = await digests.on(conn, MONDAY)
    assert [(one.source, len(one.papers)) for one in day] == [("one", 2), ("another", 1)]


async def test_of_two_papers_with_one_id_the_first_is_kept(database: Database) -> None:
    done = await ingest(database, digest(paper(1, "First"), paper(1, "Second"), paper(2)))
    async with database.read() as conn:
        stored = await papers.get(conn, done.papers)
    assert [stored[one].paper.title for one in done.papers] == ["First", "Paper 2"]


async def test_a_day_without_papers_is_a_digest(database: Database) -> None:
    assert (await ingest(database, digest())).papers == ()
    filled = await ingest(database, digest(paper(1)))
    assert (filled.status, len(filled.new)) == (Status.REVISED, 1)
    emptied = await ingest(database, digest())
    assert emptied.gone == filled.new


async def test_a_digest_without_a_date_is_refused(database: Database) -> None:
    with pytest.raises(ValueError, match="date"):
        await ingest(database, digest(paper(1), date=None))


async def test_the_newest_day_is_not_one_in_the_future(database: Database) -> None:
    for date in (MONDAY, TUESDAY, dt.date(2999, 1, 1)):
        await ingest(database, digest(paper(date.day), date=date))
    async with database.read() as conn:
        assert [one.date for one in await digests.latest(conn, TUESDAY)] == [TUESDAY]
        assert [one.date for one in await digests.latest(conn)] == [dt.date(2999, 1, 1)]
        assert await digests.latest(conn, dt.date(1999, 1, 1)) == []
        assert await digests.dates(conn, 2) == [dt.date(2999, 1, 1), TUESDAY]
        assert await digests.counts(conn) == digests.Counts(3, 3, dt.date(2999, 1, 1))


async def test_hostile_text_costs_nothing(database: Database) -> None:
    nul = Paper(title="N\0UL", url="https://example.org/\0", summary=("a\0b",), raw_title="\0", tags=("\0",))
    surrogate = Paper(title="half \ud800 a pair", authors=("\udfff",), url="https://example.org/\ud800")
    long = Paper(title="Ω" * 5000)
    longer = Paper(title="Ω" * 5001, tags=("x" * 9000, *(f"Tag {number}" for number in range(2000))))
    plain = paper(1)
    hostile = digest(nul, surrogate, long, longer, plain, source="a\0b")
    done = await ingest(database, hostile)
    assert len(done.papers) == 5
    assert (await ingest(database, hostile)).status is Status.UNCHANGED
    async with database.read() as conn:
        stored = await papers.get(conn, done.papers)
    assert stored[done.papers[2]].paper.title == "Ω" * 5000
    assert stored[done.papers[4]].paper == plain


async def test_a_digest_of_thousands_of_papers_is_one_digest(database: Database) -> None:
    crowd = digest(*(paper(number, tags=("Audio", "Video")) for number in range(3_000)))
    done = await ingest(database, crowd)
    again = await ingest(database, replace(crowd, papers=crowd.papers[1:]))
    assert again.gone == done.papers[:1]
    async with database.read() as conn:
        stored = await digests.get(conn, done.digest_id)
        assert await papers.tags(conn) == [("Audio", 3_000), ("Video", 3_000)]
    assert stored is not None
    assert len(stored.papers) == 2_999


async def test_many_take_in_the_same_days_at_once(database: Database) -> None:
    """Nothing twice, and whoever follows `seq` while they do so misses nothing."""
    days = [
        digest(*(paper(number) for number in range(day, day + 9)), date=MONDAY + dt.timedelta(days=day))
        for day in range(6)
    ]
    followed: set[int] = set()

    async def follow() -> None:
        last = 0
        while len(followed) < 14:
            async with database.read() as conn:
                for seq, stored in await papers.since_seq(conn, last, 5):
                    assert seq > last
                    last = seq
                    followed.add(stored.id)
            await asyncio.sleep(0)

    workers = [ingest(database, one) for one in days for _ in range(3)]
    follower = asyncio.create_task(follow())
    statuses = [done.status for done in await asyncio.gather(*workers)]
    await asyncio.wait_for(follower, PATIENCE)
    assert (statuses.count(Status.NEW), statuses.count(Status.UNCHANGED)) == (6, 12)
    async with database.read() as conn:
        assert (await digests.counts(conn)).papers == 14
