"""Around one paper: "not for me", the form that shares it, and the papers that a message names."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from bot.model import Message, StoredPaper
from bot.slack import ids, limits
from bot.slack.blocks import modal, notice, paper
from bot.slack.blocks.kit import (
    Block,
    anchor,
    button,
    divider,
    field,
    mrkdwn,
    plain,
    rich,
    run,
    section,
    words,
)
from bot.slack.blocks.pages import signature
from bot.slack.ids import Action, Form
from bot.slack.text import authors, clean, count, escape, link, shorten, spoken

CHANNEL, NOTE = "channel", "note"  # what the form asks for
NOTE_LENGTH = 500
SHARED = limits.MESSAGE - 2_200  # weight of the card below the note
CARDS = 3
NAMED = 5  # of those for which there is no card
BELOW = 1_200  # weight of their sentences, at most
ARXIV = "https://arxiv.org/abs/"
NO_LINK = (
    "I see no paper in that message. I know links to arxiv.org, alphaxiv.org and huggingface.co/papers, and"
    " ids like arXiv:2504.15376. For anything else, try `/papers search` and some words."
)


# --- not for me ---------------------------------------------------------------------------------


def hidden(stored: StoredPaper) -> Message:
    undo = button("Undo", Action.PAPER_UNHIDE, ids.paper(stored.id))
    title = paper.title(stored, paper.LINE_TITLE)
    return notice.say(f"Hidden for you: “{title}”. Only a search still finds it.", undo)


def shown(stored: StoredPaper) -> Message:
    return notice.say(f"“{paper.title(stored, paper.LINE_TITLE)}” is back.")


# --- sharing ------------------------------------------------------------------------------------


def share(stored: StoredPaper) -> Block:
    """The form. Slack itself posts what comes of it, so that the bot need not be in the channel."""
    title = paper.title(stored, paper.LINE_TITLE)
    where = {
        "type": "conversations_select",
        "action_id": CHANNEL,
        "placeholder": plain("Choose a channel"),
        "default_to_current_conversation": True,
        "response_url_enabled": True,
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    note = {"type": "plain_text_input", "action_id": NOTE, "multiline": True, "max_length": NOTE_LENGTH}
    blocks = [
        rich(run(anchor(stored.paper.url, title, bold=True))),
        *paper.byline(authors(stored.paper.authors)),
        field(CHANNEL, "Channel", where),
        field(NOTE, "Why should they read it?", note, optional=True),
    ]
    return modal.form(Form.SHARE, "Share a paper", "Share", blocks, about=ids.paper(stored.id))


def shared(stored: StoredPaper, member: str, note: str = "") -> Message:
    """One paper in a channel, under who brought it there, and why."""
    lines = [line for line in map(clean, note.splitlines()) if line]
    why = [rich(run(words(shorten("\n".join(lines), NOTE_LENGTH))))] if lines else []
    text = spoken(f"Shared: {paper.title(stored)}", lines)
    return Message(text, (*signature(member), *why, *paper.card(stored, room=SHARED)))


# --- the papers that a message names -------------------------------------------------------------


def found(papers: Sequence[StoredPaper], unknown: Sequence[str]) -> Message:
    """`unknown`: arXiv ids of those that the library has not."""
    if not papers and not unknown:
        return notice.say(NO_LINK)
    cards = [[*paper.card(stored), divider()] for stored in papers]
    held = next(iter(limits.split(cards, limits.MESSAGE - BELOW, CARDS)), [])
    below = []
    if left := papers[len(held) :]:
        below.append(f"And {_some([escape(paper.name(stored)) for stored in left])}")
    if unknown:
        where = [link(ARXIV + one, f"arXiv:{one}") for one in unknown]
        below.append(f"Not in the library yet: {_some(where)}")
    blocks = list(chain(*held, (section(mrkdwn(line)) for line in below)))
    heading = f"{count(len(papers), 'paper')} of that message" if papers else "Not in the library yet"
    lines = [paper.title(stored) for stored in papers] + [
        f"arXiv {one}: not in the library yet" for one in unknown
    ]
    return Message(spoken(heading, lines), tuple(blocks if below else blocks[:-1]))


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more
