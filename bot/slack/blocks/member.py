"""A member's own digest: one message, however much there is, each paper with the reason it came."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from bot.model import Match, Message
from bot.slack import limits
from bot.slack.blocks import paper
from bot.slack.blocks.help import command
from bot.slack.blocks.kit import Block, button, context, header, mrkdwn, plain, section
from bot.slack.blocks.part import Part
from bot.slack.blocks.stack import stack
from bot.slack.ids import Action
from bot.slack.text import count, long_day, spoken

CARDS = 5
FRAME = 100  # weight of the count of those left out


def render(day: dt.date, matches: Sequence[Match]) -> Part:
    """The first papers as cards, the rest a line each; those beyond the message's room are only counted."""
    heading = f"Your papers for {long_day(day)}"
    number = f"{count(len(matches), 'new paper')} among what you follow"
    head = [header(heading), context(plain(number))]
    foot = [change()]
    room = limits.MESSAGE - limits.weight(head) - limits.weight(foot) - FRAME
    cards = (paper.card(match.paper, because(match)) for match in matches)
    lines = [paper.line(match.paper, ", ".join(match.reasons)) for match in matches]
    body, shown = stack(cards, lines, room, CARDS)
    left = more(len(matches) - shown) if shown < len(matches) else []
    text = spoken(f"{heading}: {number}", [said(match) for match in matches])
    blocks = (*head, *body, *left, *foot)
    return Part(Message(text, blocks), tuple(match.paper.id for match in matches))


def more(number: int) -> list[Block]:
    return [section(mrkdwn(f"and {number:,} more: {command('today')}"))]


def change() -> Block:
    """At the foot of all that comes by itself."""
    press = button("Change", Action.FOLLOWING_SHOW, "show", "Change what you follow")
    return section(mrkdwn(f"This is what you follow · {command('digest off')} stops it"), press)


def said(match: Match) -> str:
    return f"{paper.title(match.paper)}. {because(match)}".rstrip(". ")


def because(match: Match) -> str:
    return f"You follow {', '.join(match.reasons)}" if match.reasons else ""
