"""The library as the rest of the bot uses it: what is new, what there is on a day, what fits a query."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from bot.library import digests, hidden, papers, query, searches
from bot.library.database import Database
from bot.library.dates import last_day
from bot.library.expression import And
from bot.library.query import Query
from bot.library.search.answering import Order, Results
from bot.library.search.answering import Page as Wanted
from bot.library.search.following import Told
from bot.library.search.index import SearchIndex, untold
from bot.model import Saved, StoredDigest, StoredPaper

NONE_YET = "There are no papers here yet."
NOT_ALL_YET = "Papers are still being read in, so some may be missing."


@dataclass(frozen=True, slots=True)
class Page:
    """One page of what a search found, best first."""

    query: str
    read: Query  # as it was answered: corrected, where it was
    papers: tuple[StoredPaper, ...]
    results: Results
    incomplete: bool  # there are papers, or there will be, that can't be found yet

    @property
    def matched(self) -> frozenset[str]:
        """The words, as words.py writes them, by which these papers were found."""
        return frozenset(match.found for hit in self.results.hits for match in hit.matches)


@dataclass(frozen=True, slots=True)
class Library:
    database: Database
    index: SearchIndex

    async def behind(self) -> int:
        """How many papers the search index has yet to take in."""
        async with self.database.read() as conn:
            return await papers.count_since_seq(conn, await self.index.seq())

    async def catch_up(self, told: Told = untold) -> int:
        """Bring the search index up to the database; returns how many papers it took in."""

        async def fetch(seq: int, limit: int) -> Sequence[tuple[int, StoredPaper]]:
            async with self.database.glance() as conn:
                return await papers.since_seq(conn, seq, limit)

        return await self.index.catch_up(fetch, told)

    async def search(
        self,
        text: str,
        *,
        today: dt.date,
        limit: int,
        offset: int = 0,
        order: Order = Order.BEST,
        verbatim: bool = False,
    ) -> Page:
        """`verbatim`: nothing is taken for a misspelling."""
        known = await self.index.tags()
        asked = query.parse(text, today=today, known=known)
        results = await self.index.search(asked, Wanted(limit, offset, order, verbatim))
        if results.corrected:
            asked = query.parse(results.corrected, today=today, known=known)
        return await self._page(text, asked, results)

    async def similar(
        self, paper_id: int, *, limit: int, offset: int = 0, without: Collection[int] = ()
    ) -> Page:
        """More like this paper, without it and those; nothing for one that is not there any more."""
        results = await self.index.similar(paper_id, Wanted(limit, offset), without)
        return await self._page("", Query(And(())), results)

    async def _page(self, text: str, asked: Query, results: Results) -> Page:
        async with self.database.read() as conn:
            found = await papers.get(conn, [hit.paper_id for hit in results.hits])
            last = await papers.last_seq(conn)
        there = tuple(found[hit.paper_id] for hit in results.hits if hit.paper_id in found)
        missing = NONE_YET if last == 0 else NOT_ALL_YET if results.seq != last else ""
        note = " ".join(filter(None, (missing, results.note)))
        return Page(text, asked, there, replace(results, note=note), bool(missing))

    async def newest(self, now: dt.datetime) -> list[StoredDigest]:
        """The digests of the newest day, of every source."""
        async with self.database.read() as conn:
            return await digests.latest(conn, last_day(now))

    async def on(self, day: dt.date) -> list[StoredDigest]:
        async with self.database.read() as conn:
            return await digests.on(conn, day)

    async def paper(self, paper_id: int) -> StoredPaper | None:
        async with self.database.read() as conn:
            return (await papers.get(conn, [paper_id])).get(paper_id)

    async def by_arxiv(self, arxiv_ids: Collection[str]) -> dict[str, StoredPaper]:
        """Those that it has, by arXiv id without version."""
        async with self.database.read() as conn:
            return await papers.by_arxiv(conn, arxiv_ids)

    async def tags(self) -> dict[str, int]:
        """Every tag that a paper carries, with how many do; the most common first."""
        async with self.database.read() as conn:
            return dict(await papers.tags(conn))

    # --- a member's saved papers ----------------------------------------------------------------

    async def save(self, workspace: str, member: str, paper_id: int, now: dt.datetime) -> StoredPaper | None:
        """None where the paper is not there any more."""
        async with self.database.begin() as conn:
            paper = (await papers.get(conn, [paper_id])).get(paper_id)
            if paper:
                await papers.save(conn, workspace, member, paper_id, now)
            return paper

    async def unsave(self, workspace: str, member: str, paper_id: int) -> None:
        async with self.database.begin() as conn:
            await papers.unsave(conn, workspace, member, paper_id)

    async def saved(self, workspace: str, member: str, *, offset: int = 0, limit: int | None = None) -> Saved:
        """The last saved first; past the end, the last page there is."""
        async with self.database.read() as conn:
            total = await papers.saved_count(conn, workspace, member)
            if limit and offset >= total:
                offset = max(total - 1, 0) // limit * limit
            found = await papers.saved(conn, workspace, member, offset=offset, limit=limit)
            return Saved(tuple(found), total, offset)

    # --- what a member searched for -------------------------------------------------------------

    async def note_search(self, workspace: str, member: str, query: str, now: dt.datetime) -> None:
        async with self.database.begin() as conn:
            await searches.note(conn, workspace, member, query, now)

    async def searches(self, workspace: str, member: str) -> list[str]:
        """The last ones, the newest first."""
        async with self.database.read() as conn:
            return await searches.last(conn, workspace, member)

    async def forget_searches(self, workspace: str, member: str) -> None:
        async with self.database.begin() as conn:
            await searches.forget(conn, workspace, member)

    # --- what is not for a member ---------------------------------------------------------------

    async def hide(self, workspace: str, member: str, paper_id: int, now: dt.datetime) -> StoredPaper | None:
        """None where the paper is not there any more."""
        async with self.database.begin() as conn:
            paper = (await papers.get(conn, [paper_id])).get(paper_id)
            if paper:
                await hidden.hide(conn, workspace, member, paper_id, now)
            return paper

    async def unhide(self, workspace: str, member: str, paper_id: int) -> None:
        async with self.database.begin() as conn:
            await hidden.unhide(conn, workspace, member, paper_id)

    async def hidden(self, workspace: str, member: str) -> frozenset[int]:
        """Ids of the papers."""
        async with self.database.read() as conn:
            return await hidden.of(conn, workspace, member)
