"""Why a paper came, or did not, to a channel or a member. Pure: facts and `now` in, one reason out."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from bot.delivery import planner, roundup
from bot.delivery.planner import HORIZON
from bot.delivery.reasons import Because, Carrier, Channel, Follower, Policy, Reason, Row
from bot.library import query
from bot.library.dates import comes_of_age, last_day
from bot.model import Follow, FollowKind, Frequency, Roundup, State, StoredPaper
from bot.subscriptions import matching, verdict
from bot.subscriptions.matching import NO_DAY, PaperText

TITLE = 40  # characters of it that a message shows at least
PLAIN = re.compile(r"https?://[\w./~%#?=+:-]{1,400}", re.ASCII)  # it stands in a message as it is


_STATES = {
    State.SENT: Reason.SENT,
    State.SENDING: Reason.SENDING,
    State.UNSURE: Reason.UNSURE,
    State.PLANNED: Reason.WAITING,
    State.HELD: Reason.WAITING,
    State.PARKED: Reason.PARKED,
}
_RANK = {reason: rank for rank, reason in enumerate(Reason)}


def for_channel(
    paper: StoredPaper,
    carriers: Sequence[Carrier],
    channel: Channel | None,
    rows: Sequence[Row],  # that carry the paper
    given: Sequence[Row],  # of these digests, to this channel
    now: dt.datetime,
    policy: Policy,
) -> Because:
    matched = (channel.feed.filter,) if channel and channel.feed.filter else ()
    if delivered := _delivered(rows, matched):
        return delivered
    if channel is None:
        return Because(Reason.NO_FEED)
    if channel.feed.paused:
        return Because(Reason.PAUSED, channel.paused_since, note=channel.feed.paused)
    if not carriers:
        return Because(Reason.GONE)
    had = {one.digest_id: [row for row in given if row.digest_id == one.digest_id] for one in carriers}
    return _likeliest(
        _by_feed(paper, one, channel, had[one.digest_id], now, policy, matched) for one in carriers
    )


def for_member(
    paper: StoredPaper,
    carriers: Sequence[Carrier],
    member: Follower | None,
    rows: Sequence[Row],
    now: dt.datetime,
    policy: Policy,
) -> Because:
    follows = member.subscription.follows if member else ()
    matching_follows = [one for one in follows if _asks_for(one, paper)]
    prepared = matching.prepare(paper.paper)
    matched = tuple(matching.reason(one, prepared) for one in matching_follows)
    muted = member is not None and member.subscription.muted
    delivered = _delivered(rows, matched)
    if delivered and not (muted and delivered.reason is Reason.PARKED):
        return delivered
    if member is None or not follows:
        return Because(Reason.FOLLOWS_NOTHING)
    if member.hidden:
        return Because(Reason.HIDDEN, matched=matched)
    if not matching_follows:
        return _not_followed(follows, paper)
    if member.subscription.frequency is Frequency.OFF:
        return Because(Reason.OFF, matched=matched)
    if member.subscription.muted:
        return Because(Reason.MUTED, matched=matched)
    if not carriers:
        return Because(Reason.GONE, matched=matched)
    since = min((member.since[one] for one in matching_follows if one in member.since), default=None)
    return _likeliest(_by_follows(one, member, since, now, policy, matched) for one in carriers)


def _delivered(rows: Sequence[Row], matched: tuple[str, ...]) -> Because | None:
    """By the row that got farthest, and the first of those."""
    counted = [row for row in rows if row.state in _STATES]
    if not counted:
        return None
    best, *others = sorted(counted, key=lambda row: (_RANK[_STATES[row.state]], not row.names_it, row.at))
    reason = _STATES[best.state]
    if reason is Reason.SENT and not best.names_it:
        reason = Reason.CAPPED
    at = best.at if best.state is State.SENT else best.due_at
    sent = tuple(row for row in others if row.state is State.SENT)
    return Because(reason, at, best, sent, matched=matched, note=best.note or "")


def _likeliest(found: Iterable[Because]) -> Because:
    return min(found, key=lambda one: _RANK[one.reason])


def _by_feed(
    paper: StoredPaper,
    carrier: Carrier,
    channel: Channel,
    had: Sequence[Row],
    now: dt.datetime,
    policy: Policy,
    matched: tuple[str, ...],
) -> Because:
    said = Because(Reason.NOT_DUE, channel.next_at, carrier=carrier, matched=matched)
    asked = query.parse(channel.feed.filter, today=now.date(), known=None)
    found = verdict.of(asked.root, PaperText(paper.paper, carrier.date))
    if not found.passes:
        nothing = next((row for row in had if row.state is State.SKIPPED), None)
        return replace(
            said,
            reason=Reason.FILTERED,
            at=None,
            row=nothing,
            excluded_by=found.excluded_by,
            lacking=found.lacking,
        )
    daily = _by_day(carrier, channel, had, now, policy)
    if daily in (Reason.NOT_DUE, Reason.FUTURE) and channel.feed.roundup is not Roundup.ONLY:
        return replace(said, reason=daily, at=_when(daily, carrier, channel.next_at))
    if channel.roundup_at and roundup.covers(channel.roundup_at, channel.feed.timezone, carrier.date):
        return replace(said, reason=Reason.NEXT_WEEK, at=channel.roundup_at)
    if channel.feed.roundup is Roundup.ONLY and daily in (Reason.NOT_DUE, Reason.FUTURE):
        later = carrier.date > last_day(now)
        return replace(said, reason=Reason.FUTURE if later else Reason.BEFORE, at=channel.roundup_at)
    return replace(said, reason=daily, at=None)


def _by_day(
    carrier: Carrier, channel: Channel, had: Sequence[Row], now: dt.datetime, policy: Policy
) -> Reason:
    """What becomes of the digest in a feed that lets the paper through."""
    if had:
        late = carrier.revision > max(row.revision for row in had)
        return Reason.NOT_DUE if late else Reason.CHANGED
    if carrier.date > last_day(now):
        return Reason.FUTURE
    if not channel.started and policy.first_run_latest and carrier.newest:
        return Reason.NOT_DUE
    if not carrier.postable:
        return Reason.ALREADY_THERE if carrier.already_there else Reason.TOO_OLD
    if carrier.digest_id <= channel.after_digest:
        return Reason.BEFORE
    return Reason.NOT_DUE if carrier.seen_at > now - HORIZON else Reason.TOO_LATE


def _when(reason: Reason, carrier: Carrier, next_at: dt.datetime | None) -> dt.datetime | None:
    if reason is not Reason.FUTURE:
        return next_at
    return max(comes_of_age(carrier.date), next_at or comes_of_age(carrier.date))


def _asks_for(follow: Follow, paper: StoredPaper) -> bool:
    given = PaperText(paper.paper, NO_DAY)
    return matching.holds(matching.meaning(follow), given, matching.prepare(paper.paper))


def _not_followed(follows: Sequence[Follow], paper: StoredPaper) -> Because:
    """A search that would have brought it, were it not for a minus, is named."""
    for one in follows:
        if one.kind is FollowKind.SEARCH:
            found = verdict.of(matching.meaning(one), PaperText(paper.paper, NO_DAY))
            if found.excluded_by and not found.lacking:
                return Because(Reason.EXCLUDED, excluded_by=found.excluded_by, note=one.value)
    return Because(Reason.NOT_FOLLOWED)


def _by_follows(
    carrier: Carrier,
    member: Follower,
    since: dt.datetime | None,
    now: dt.datetime,
    policy: Policy,
    matched: tuple[str, ...],
) -> Because:
    one = member.subscription
    said = Because(Reason.NOT_DUE, member.next_at, carrier=carrier, matched=matched)
    if carrier.date > last_day(now):
        return replace(said, reason=Reason.FUTURE, at=_when(Reason.FUTURE, carrier, member.next_at))
    if one.last_at is None and policy.first_run_latest and carrier.newest:
        return said
    if not carrier.postable:
        old = Reason.ALREADY_THERE if carrier.already_there else Reason.TOO_OLD
        return replace(said, reason=old, at=None)
    if carrier.changed_at > planner.member_window(one, member.next_at or now, policy.max_age):
        return said
    if since and since > carrier.changed_at:
        return replace(said, reason=Reason.FOLLOWED_SINCE, at=since)
    return replace(said, reason=Reason.PASSED, at=one.last_at)


def names(payload: object, paper: StoredPaper) -> bool:
    """Whether a message, as the ledger keeps it, shows the paper: its link, or where there is none how its
    title begins."""
    url = paper.paper.url or ""
    return _says(payload, url if PLAIN.fullmatch(url) else paper.paper.title[:TITLE])


def _says(node: object, wanted: str) -> bool:
    if isinstance(node, str):
        return wanted in node
    if isinstance(node, Mapping):
        return any(_says(one, wanted) for one in node.values())
    if isinstance(node, Sequence):
        return any(_says(one, wanted) for one in node)
    return False
