"""The App Home: the newest papers first, then what is the member's own; useful before anything is set up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from bot.model import StoredPaper, Subscription
from bot.slack.blocks import following, paper
from bot.slack.blocks import help as usage
from bot.slack.blocks.help import EMPTY_LIBRARY, Examples, command
from bot.slack.blocks.kit import Block, bullets, context, divider, header, mrkdwn, plain, rich, section
from bot.slack.text import count, escape, long_day, short_day

PAPERS = 20
FOLLOWS = 30
SAVED = 5


def render(
    day: dt.date | None,
    papers: Sequence[StoredPaper],
    subscription: Subscription | None,
    saved: Sequence[StoredPaper],
    *,
    examples: Examples = EMPTY_LIBRARY,
) -> Block:
    """A view for `views.publish`. `day` and `papers`: the newest digest's; `saved`: the newest first."""
    blocks = [
        *newest(day, papers),
        divider(),
        *follows(subscription, examples),
        divider(),
        *kept(saved),
        divider(),
        *(section(mrkdwn(listed)) for listed in usage.usage(examples)),
    ]
    return {"type": "home", "blocks": blocks}


def newest(day: dt.date | None, papers: Sequence[StoredPaper]) -> list[Block]:
    if day is None or not papers:
        return [
            header("No papers yet"),
            context(plain("They appear here as soon as the first digest is read.")),
        ]
    lines = [paper.line(stored, paper.top_tag(stored)) for stored in papers[:PAPERS]]
    more = f"{count(len(papers), 'paper')} · {command('today')} shows them with their summaries"
    return [header(long_day(day)), context(mrkdwn(more)), rich(bullets(lines))]


def follows(subscription: Subscription | None, examples: Examples) -> list[Block]:
    title = header("What you follow")
    if subscription is None or not subscription.follows:
        start = f"Nothing yet. {command(usage.following(examples)[0][0])} brings you its papers once a day."
        return [title, section(mrkdwn(start))]
    names = [following.name(follow) for follow in subscription.follows]
    more = f" and {len(names) - FOLLOWS} more" if len(names) > FOLLOWS else ""
    when = f"{escape(following.schedule(subscription))} {command('following')} changes what comes."
    return [title, section(plain(" · ".join(names[:FOLLOWS]) + more)), context(mrkdwn(when))]


def kept(saved: Sequence[StoredPaper]) -> list[Block]:
    title = header("Saved papers")
    if not saved:
        return [title, context(plain("Nothing yet. The Save button under a paper keeps it here."))]
    lines = [paper.line(stored, short_day(stored.date)) for stored in saved[:SAVED]]
    more = [context(mrkdwn(f"{command('saved')} shows all {len(saved)}"))] if len(saved) > SAVED else []
    return [title, rich(bullets(lines)), *more]
