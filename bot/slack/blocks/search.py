"""What a search found, a page at a time; or what to try where it found nothing."""

from __future__ import annotations

from collections.abc import Sequence

from bot.model import Message, StoredPaper
from bot.slack.blocks import help as usage
from bot.slack.blocks import paper
from bot.slack.blocks.help import EMPTY_LIBRARY, Examples
from bot.slack.blocks.kit import Block, context, mrkdwn, plain, rich, run, section, words
from bot.slack.blocks.pages import Place, filled
from bot.slack.ids import Action
from bot.slack.text import clean, count, short_day, shorten, spoken

PAGE = 5
QUERY = 100  # characters shown
NOTE = 200


def page(
    query: str,
    hits: Sequence[StoredPaper],
    *,
    total: int,
    offset: int = 0,
    page_size: int = PAGE,
    note: str | None = None,
    shared_by: str | None = None,
    examples: Examples = EMPTY_LIBRARY,
) -> Message:
    """`hits`: those of this page. `note`: what was searched for instead, where that differs."""
    asked = shorten(clean(query), QUERY)
    if not hits and not offset:
        return nothing(asked, note, examples)
    place = Place(Action.SEARCH_PAGE, offset, total, page_size, query, Action.SEARCH_SHARE)
    lines = [paper.line(hit, short_day(hit.date)) for hit in hits]
    number = count(total, "paper")
    head = [rich(run(words(f"“{asked}”", bold=True), words(f"  {number}"))), *noted(note)]
    blocks = filled(head, map(paper.brief, hits), lines, place, shared_by)
    return Message(spoken(f"{number} for “{asked}”", [paper.title(hit) for hit in hits]), blocks)


def nothing(asked: str, note: str | None, examples: Examples) -> Message:
    """Help with searches that do find something."""
    sentence = f"Nothing found for “{asked}”." if asked else "What are you looking for?"
    hint = "A few words of the title, a name or an author will do. These find something:"
    tries = usage.searches(examples)
    listed = "\n".join([hint, *(f"•  {usage.command(typed)}" for typed in tries)])
    blocks = (section(plain(sentence)), *noted(note), section(mrkdwn(listed)))
    return Message(spoken(f"{sentence} {hint}", [f"/papers {typed}" for typed in tries]), blocks)


def noted(note: str | None) -> list[Block]:
    return [context(plain(note, NOTE))] if note and clean(note) else []
