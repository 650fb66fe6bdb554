"""The papers a member saved: the list, and the answers to Save and Remove."""

from __future__ import annotations

from bot.library.citations import NAMES
from bot.model import Message, Saved, StoredPaper
from bot.slack import ids
from bot.slack.blocks import notice, paper
from bot.slack.blocks.kit import Block, button, header, mrkdwn, section
from bot.slack.blocks.pages import Place, fitting, foot
from bot.slack.ids import Action
from bot.slack.text import count, link, spoken

PAGE = 10


NOTHING = "You have saved nothing yet. The Save button under a paper keeps it here."


def render(page: Saved) -> Message:
    """One page of what the member saved, the newest first."""
    if not page.papers:
        return notice.say(NOTHING)
    heading = count(page.total, "saved paper")
    held = fitting([(stored, row(stored)) for stored in page.papers], PAGE)
    place = Place(Action.SAVED_PAGE, page.offset, page.total, PAGE, more=exports())
    blocks = (header(heading), *(shown for _, shown in held), *foot(place, len(held)))
    return Message(spoken(heading, [paper.title(stored) for stored, _ in held]), blocks)


def exports() -> tuple[Block, ...]:
    return tuple(
        button(
            f"Export {name}", ids.action(Action.SAVED_EXPORT, each), each, f"Export what you saved as {name}"
        )
        for each, name in NAMES.items()
    )


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
