"""One day's papers for one member: the titles at a glance, and the summaries a page at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import partial
from itertools import chain

from bot.model import Message, StoredPaper
from bot.slack import ids, limits
from bot.slack.blocks import paper
from bot.slack.blocks.kit import Block, actions, button, context, divider, header, plain
from bot.slack.blocks.pages import FRAME, Place, fitting, foot, signature
from bot.slack.blocks.stack import stack
from bot.slack.ids import Action
from bot.slack.text import count, long_day, spoken

PAGE = 5


def titles(day: dt.date, papers: Sequence[StoredPaper], *, shared_by: str | None = None) -> Message:
    """The whole day at a glance."""
    lines = [paper.line(stored, paper.top_tag(stored)) for stored in papers]
    body, shown = stack([], lines, limits.MESSAGE - FRAME, 0)
    more = [context(plain(f"and {len(papers) - shown} more"))] if shown < len(papers) else []
    below = [actions(*choices(day))] if shared_by is None else signature(shared_by)
    blocks = (header(heading(day, papers)), *body, *more, *below)
    return Message(spoken(heading(day, papers), [paper.title(stored) for stored in papers]), blocks)


def choices(day: dt.date) -> list[Block]:
    start = ids.page(0, day.isoformat())
    read = button("Read the summaries", Action.DAY_PAGE, start)
    return [read, button("Share to channel", Action.DAY_SHARE, start)]


def page(
    day: dt.date, papers: Sequence[StoredPaper], *, offset: int = 0, shared_by: str | None = None
) -> Message:
    """A page of cards; `papers` is the whole day. Shared, it is the titles: channels did not ask for more."""
    if shared_by is not None:
        return titles(day, papers, shared_by=shared_by)
    rows = [(stored, [*paper.card(stored), divider()]) for stored in papers[offset : offset + PAGE]]
    held = fitting(rows, PAGE)
    value = partial(ids.page, of=day.isoformat())
    place = Place(Action.DAY_PAGE, offset, len(papers), PAGE, value, Action.DAY_SHARE)
    blocks = (header(heading(day, papers)), *chain(*(card for _, card in held)), *foot(place, len(held)))
    return Message(spoken(heading(day, papers), [paper.title(stored) for stored, _ in held]), blocks)


def heading(day: dt.date, papers: Sequence[StoredPaper]) -> str:
    return f"{long_day(day)}: {count(len(papers), 'paper')}"
