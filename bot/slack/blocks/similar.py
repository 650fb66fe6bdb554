"""Papers that say what another one says, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from bot.model import Message, StoredPaper
from bot.slack import ids
from bot.slack.blocks import notice, paper
from bot.slack.blocks.kit import Block, context, plain, rich, run, words
from bot.slack.blocks.pages import Place, filled
from bot.slack.ids import Action
from bot.slack.text import short_day, spoken

PAGE = 5


def page(
    like: StoredPaper,
    near: Sequence[StoredPaper],
    *,
    total: int,
    many: bool = False,
    offset: int = 0,
    note: str = "",
) -> Message:
    title = paper.title(like, paper.LINE_TITLE)
    if not near and not offset:
        return notice.say(f"No other paper is like “{title}” yet. {note}".rstrip())
    value = partial(ids.page, of=ids.paper(like.id))
    place = Place(Action.LIKE_PAGE, offset, total, PAGE, value, many=many)
    head: list[Block] = [rich(run(words("More like "), words(f"“{title}”", bold=True)))]
    head += [context(plain(note))] if note else []
    lines = [paper.line(one, short_day(one.date)) for one in near]
    blocks = filled(head, map(paper.brief, near), lines, place)
    return Message(spoken(f"More like “{title}”", [paper.title(one) for one in near]), blocks)
