"""The papers a member saved: the list, and the answers to Save and Remove."""

from __future__ import annotations

from collections.abc import Sequence

from bot.model import Message, StoredPaper
from bot.slack import ids
from bot.slack.blocks import notice, paper
from bot.slack.blocks.kit import Block, button, header, mrkdwn, section
from bot.slack.blocks.pages import Place, fitting, foot
from bot.slack.ids import Action
from bot.slack.text import count, link, spoken

PAGE = 10


def render(papers: Sequence[StoredPaper], *, offset: int = 0) -> Message:
    """`papers`: all that the member saved, the newest first. One page of them."""
    if not papers:
        return notice.say("You have saved nothing yet. The Save button under a paper keeps it here.")
    heading = count(len(papers), "saved paper")
    rows = [(stored, row(stored)) for stored in papers[offset : offset + PAGE]]
    held = fitting(rows, PAGE)
    place = Place(Action.SAVED_PAGE, offset, len(papers), PAGE)
    blocks = (header(heading), *(shown for _, shown in held), *foot(place, len(held)))
    return Message(spoken(heading, [paper.title(stored) for stored, _ in held]), blocks)


def saved(stored: StoredPaper) -> Message:
    undo = button("Undo", Action.PAPER_UNSAVE, ids.paper(stored.id))
    return notice.say(f"Saved “{paper.title(stored)}”. `/papers saved` lists what you keep.", undo)


def removed(stored: StoredPaper) -> Message:
    undo = button("Undo", Action.PAPER_SAVE, ids.paper(stored.id))
    return notice.say(f"Removed “{paper.title(stored)}” from what you saved.", undo)


def row(stored: StoredPaper) -> Block:
    title = paper.title(stored, paper.LINE_TITLE)
    remove = button("Remove", Action.PAPER_UNSAVE, ids.paper(stored.id), f"Remove {title}")
    return section(mrkdwn(link(stored.paper.url, title)), remove)
