"""The answers to `/papers why`: of one paper, and of how everything stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import chain

from bot.delivery.outlook import Outlook, SourceFacts, Status
from bot.delivery.reasons import Answer, Because, Reason, Row
from bot.model import Follow, FollowKind, Message, StoredPaper
from bot.slack import ids, limits
from bot.slack.blocks import because, paper
from bot.slack.blocks.because import Telling
from bot.slack.blocks.help import command
from bot.slack.blocks.kit import (
    Block,
    actions,
    anchor,
    button,
    context,
    header,
    mrkdwn,
    plain,
    rich,
    run,
    section,
)
from bot.slack.ids import Action
from bot.slack.text import clean, code, count, escape, long_day, shorten, spoken, unescape
from bot.subscriptions import pauses

SOURCES = 8  # shown
SECTION = 2_900  # weight
FOLLOWS = 3  # buttons
FINE = "Nothing is broken"
LOOK = "Something needs a look"
TOKEN = re.compile(r"<(?:!date\^[^|>]*|https?:[^|>]*)\|([^>]*)>")
MORE = "and a paper’s link, id or title tells why it came, or did not"
Worded = Callable[[Because, Telling], str]

BAD = {Reason.PAUSED, Reason.PARKED, Reason.WAITING, Reason.UNSURE}


def of_paper(
    stored: StoredPaper, answer: Answer, telling: Telling, *, channel: str = "", searched: str = ""
) -> Message:
    """`channel`: where it was asked, an id of Slack's; `searched`: the words by which the paper was found."""
    lines = []
    if answer.channel:
        lines.append((f"<#{channel}>", "This channel", because.of_channel(answer.channel, telling)))
    lines.append(("You", "You", because.of_member(answer.member, telling)))
    start = f"The best match for “{shorten(clean(searched), 80)}”, in" if searched else "In"
    found = f"{start} the digest of {long_day(stored.date)}"
    blocks = [
        rich(run(anchor(stored.paper.url, paper.title(stored), bold=True))),
        context(plain(found)),
        *(section(mrkdwn(f"*{name}*\n{said}")) for name, _, said in lines),
        *_follow(stored, answer.member),
    ]
    text = spoken(f"Why: {paper.title(stored)}", [f"{name}: {plainly(said)}" for _, name, said in lines])
    return Message(text, tuple(blocks))


def _follow(stored: StoredPaper, member: Because) -> list[Block]:
    """What would bring papers of the kind."""
    if member.reason not in (Reason.NOT_FOLLOWED, Reason.FOLLOWS_NOTHING):
        return []
    tags = [tag for tag in paper.tags(stored) if limits.weight(tag) <= paper.NAMED][:FOLLOWS]
    buttons = [
        button(
            f"Follow {tag}",
            ids.action(Action.FOLLOWING_ADD, str(number)),
            ids.follow(Follow(FollowKind.TAG, tag)),
        )
        for number, tag in enumerate(tags)
    ]
    return [actions(*buttons)] if buttons else []


def unknown(asked: str, sources: Sequence[SourceFacts], telling: Telling) -> Message:
    """Not in the library: what came last, since it may be among what comes next."""
    sentence = (
        f"“{shorten(clean(asked), 120)}” is not in the library, so it was in no digest that I have read."
    )
    lines = [_source(one, telling) for one in sources[:SOURCES]]
    tip = f"{command('search')} and some words of its title find it where it stands under another address."
    blocks = (
        section(mrkdwn(escape(sentence))),
        *told(lines),
        context(mrkdwn(tip)),
    )
    return Message(spoken(sentence, map_plainly([*lines, tip])), blocks)


def in_general(status: Status, telling: Telling, *, channel: str = "") -> Message:
    """Nothing came: is it broken?"""
    heading = LOOK if _is_wrong(status) else FINE
    groups = [("Sources", [_source(one, telling) for one in status.sources[:SOURCES]] or ["None is set up."])]
    if status.channel:
        nothing = _nothing_for_channel(status, status.channel)
        groups.append((f"<#{channel}>", _outlook(status.channel, telling, because.of_channel, nothing)))
    nothing = _nothing_for_member(status.sources, status.member.last)
    groups.append(("Your digest", _outlook(status.member, telling, because.of_member, nothing)))
    blocks = [
        header(heading),
        *chain.from_iterable(told([f"*{name}*", *lines]) for name, lines in groups),
        context(mrkdwn(f"{command('why')} {MORE}.")),
    ]
    lines = [
        f"{'This channel' if name.startswith('<') else name}: {' '.join(map_plainly(said))}"
        for name, said in groups
    ]
    return Message(spoken(heading, lines), tuple(blocks))


def told(lines: Sequence[str]) -> list[Block]:
    """In as many sections as it takes: to cut one short could cut a link in two."""
    return [section(mrkdwn("\n".join(some))) for some in limits.split(lines, SECTION, len(lines) or 1)]


def _is_wrong(status: Status) -> bool:
    lanes = [one for one in (status.channel, status.member) if one]
    return any(one.error or one.silence for one in status.sources) or any(
        _is_bad(trouble) for lane in lanes for trouble in lane.troubles
    )


def _is_bad(trouble: Because) -> bool:
    """Who paused a feed meant to."""
    on_purpose = trouble.reason is Reason.PAUSED and pauses.who(trouble.note)
    return trouble.reason in BAD and not on_purpose


def _nothing_for_channel(status: Status, outlook: Outlook) -> str:
    asked = status.feed.feed.filter if status.feed else ""
    wanted = f"nothing for the filter {code(shorten(asked, 120))}" if asked else "no papers"
    start = "Since then " if outlook.last else ""
    return f"{start}{count(outlook.quiet, 'digest')} had {wanted}."


def _nothing_for_member(sources: Sequence[SourceFacts], last: Row | None) -> str:
    """Their quiet days are no digests: of those perhaps none came."""
    came = max((one.seen_at for one in sources if one.seen_at), default=None)
    if came is None or (last and came <= last.at):
        return "No digest has come since." if last else "No digest has come yet."
    return f"{'Since then n' if last else 'N'}othing came of what you follow."


def _source(one: SourceFacts, telling: Telling) -> str:
    name = f"• {escape(shorten(clean(one.name), 60))}: "
    if one.date is None or one.seen_at is None:
        came = "nothing has come from it yet"
    else:
        came = f"the last digest is of {long_day(one.date)}, read {telling.when(one.seen_at)}"
    if one.error and one.failing_since:
        return f"{name}{came}. ⚠️ It can’t be read since {telling.when(one.failing_since)}; I keep trying."
    if one.silence:
        days, longest = count(one.silence.days, "day"), count(one.silence.longest, "day")
        return f"{name}{came}. ⚠️ Silent for {days}; it never was for more than {longest}."
    return f"{name}{came}."


def _outlook(one: Outlook, telling: Telling, worded: Worded, nothing: str) -> list[str]:
    """`nothing`: what is said of quiet digests or days."""
    lines = [worded(trouble, telling) for trouble in one.troubles]
    if one.last:
        see = telling.see(one.last)
        weekly = ", the week’s round-up" if one.last.weekly else ""
        lines.append(f"Last sent {telling.when(one.last.at)}{weekly}{f': {see}' if see else ''}.")
    if one.quiet:
        lines.append(nothing)
    if one.on_arrival:
        lines.append("Next: as soon as a digest comes.")
    elif one.next_at:
        lines.append(f"Next: {telling.when(one.next_at)}.")
    if one.weekly_at:
        lines.append(f"The week’s round-up: {telling.when(one.weekly_at)}.")
    return lines


def map_plainly(lines: Sequence[str]) -> list[str]:
    return [plainly(line) for line in lines]


def plainly(said: str) -> str:
    """mrkdwn of ours, for those who hear it: tokens and links as their words."""
    return unescape(TOKEN.sub(r"\1", said)).replace("`", "")
