"""What a search found, a page at a time; or what to try where it found nothing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial

from bot.model import Follow, Message, StoredPaper
from bot.slack import ids
from bot.slack.blocks import help as usage
from bot.slack.blocks import modal, paper
from bot.slack.blocks.help import EMPTY_LIBRARY, Examples
from bot.slack.blocks.kit import Block, actions, button, context, mrkdwn, plain, rich, run, section, words
from bot.slack.blocks.pages import Place, filled
from bot.slack.ids import Action, Form, Search
from bot.slack.text import clean, count, short_day, shorten, spoken

PAGE = 5
WHAT = "query"  # the form's input
HINT = "A few words of the title, a name or an author will do."
LATER = "Ask again in a few minutes."
QUERY = 100  # characters shown
NOTE = 300


@dataclass(frozen=True, slots=True)
class Found:
    """One page of an answer."""

    papers: Sequence[StoredPaper]
    total: int
    many: bool = False  # the total is only how many are certain
    ranked: bool = False  # best first, where that is not the newest first anyway
    matched: Collection[str] = ()  # words by which they were found, as library/words.py writes them
    corrected: str | None = None  # what was searched for instead
    follow: Follow | None = None  # the search, for papers to come
    note: str = ""  # how it was read, where that isn't plain
    wordless: bool = False  # it asks for nothing; the note says so
    incomplete: bool = False  # not all papers can be found yet


def page(
    asked: Search,
    found: Found,
    *,
    shared_by: str | None = None,
    examples: Examples = EMPTY_LIBRARY,
    size: int = PAGE,
) -> Message:
    shown = shorten(clean(asked.query), QUERY)
    if not found.papers and not asked.offset:
        return nothing(asked, found, examples)
    number = "many papers" if found.many else count(found.total, "paper")
    place = Place(
        turn=Action.SEARCH_PAGE,
        offset=asked.offset,
        total=found.total,
        size=size,
        value=partial(_at, asked),
        share=Action.SEARCH_SHARE,
        many=found.many,
        more=(*order(asked, found), *follow(found)),
    )
    newest = ", newest first" if asked.newest else ""
    head = [rich(run(words(f"“{shown}”", bold=True), words(f"  {number}{newest}")))]
    head += correction(asked, found, shared_by) + noted(found.note)
    lines = [paper.line(hit, short_day(hit.date)) for hit in found.papers]
    cards = (paper.brief(hit, found.matched) for hit in found.papers)
    blocks = filled(head, cards, lines, place, shared_by)
    instead = f", showing results for “{found.corrected}”" if found.corrected else ""
    heading = f"{number} for “{shown}”{newest}{instead}. {shorten(found.note, NOTE)}".rstrip(". ")
    return Message(spoken(heading, [paper.title(hit) for hit in found.papers]), blocks)


def form(examples: Examples) -> Block:
    """Asks what to look for."""
    typed = usage.shown(examples.query)
    hint = "Whatever you remember: a name, some words, an author; tag:, after: and -word narrow it down."
    field = modal.form_field(WHAT, "What are you looking for?", typed, hint)
    return modal.form(Form.SEARCH, "Search papers", "Search", [field])


def nothing(asked: Search, found: Found, examples: Examples) -> Message:
    """Help with searches that do find something, once any can."""
    shown = shorten(clean(asked.query), QUERY)
    sentence = f"Nothing found for “{shown}”." if shown else "What are you looking for?"
    note = found.note
    if found.wordless and note:
        sentence, note = shorten(clean(note), NOTE), ""
    hint = f"{HINT} {LATER}" if found.incomplete else f"{HINT} These find something:"
    tries = [] if found.incomplete else usage.searches(examples)
    listed = "\n".join([hint, *(f"•  {usage.command(typed)}" for typed in tries)])
    later = [actions(*follow(found))] if found.follow else []
    blocks = (section(plain(sentence)), *noted(note), section(mrkdwn(listed)), *later)
    said = f"{sentence} {note}".strip()
    return Message(spoken(f"{said} {hint}", [f"/papers {typed}" for typed in tries]), blocks)


def correction(asked: Search, found: Found, shared_by: str | None) -> list[Block]:
    if not found.corrected:
        return []
    sentence = plain(f"Showing results for “{shorten(clean(found.corrected), QUERY)}”.")
    if shared_by is not None:
        return [section(sentence)]
    typed = ids.search(replace(asked, offset=0, verbatim=True))
    instead = f"Search instead for “{clean(asked.query)}”"
    return [section(sentence, button(instead, ids.action(Action.SEARCH_PAGE, "typed"), typed, instead))]


def order(asked: Search, found: Found) -> list[Block]:
    """The other order, from its beginning."""
    if not asked.newest and (found.total < 2 or not found.ranked):
        return []
    other = ids.search(replace(asked, offset=0, newest=not asked.newest))
    name = "Best first" if asked.newest else "Newest first"
    return [button(name, ids.action(Action.SEARCH_PAGE, "order"), other)]


def follow(found: Found) -> list[Block]:
    if found.follow is None:
        return []
    return [button("Follow this search", Action.SEARCH_FOLLOW, ids.follow(found.follow))]


def noted(note: str) -> list[Block]:
    return [context(plain(note, NOTE))] if clean(note) else []


def _at(asked: Search, offset: int) -> str:
    return ids.search(replace(asked, offset=offset))
