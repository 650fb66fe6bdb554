"""A paper below a link to it, in mrkdwn: Slack takes no rich_text there (slackapi/java-slack-sdk#948)."""

from __future__ import annotations

from bot.model import StoredPaper
from bot.slack.blocks import paper
from bot.slack.blocks.kit import Block, mrkdwn, section
from bot.slack.text import authors, escape, link, shorten

POINTS = 3
POINT = 180


def render(stored: StoredPaper) -> Block:
    """Short: it stands in someone else's conversation."""
    title = link(stored.paper.url, paper.title(stored, paper.LINE_TITLE))
    points = [f"•  {escape(shorten(point, POINT))}" for point in paper.said(stored)][:POINTS]
    return {
        "blocks": [
            section(mrkdwn(f"*{title}*")),
            *paper.byline(authors(stored.paper.authors), ", ".join(paper.tags(stored))),
            *([section(mrkdwn("\n".join(points)))] if points else []),
            paper.buttons(stored),
        ]
    }
