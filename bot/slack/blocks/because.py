"""Each reason in words, as mrkdwn: what happened, and what to do about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.delivery.reasons import Because, Reason, Row
from bot.slack import ids
from bot.slack.advice import ADVICE
from bot.slack.blocks.feed_words import INVITE, reason
from bot.slack.blocks.help import command
from bot.slack.text import clean, code, escape, link, long_day, moment, shorten
from bot.subscriptions import pauses

FILTER = 80  # characters of one that are shown
PARTS = 4  # of one
NOTE = 200
OTHERS = 3  # links


@dataclass(frozen=True, slots=True)
class Telling:
    """To whom it is told: their zone, and whether they may change the channel's feed; and links to
    messages, by the ledger's key."""

    now: dt.datetime
    zone: str = "UTC"
    links: Mapping[str, str] = field(default_factory=dict)
    may_change: bool = True
    tag: str = "Robotics"  # one that the newest papers have

    def when(self, at: dt.datetime) -> str:
        return moment(at, zone=self.zone)

    def see(self, row: Row | None, label: str = "see the message") -> str:
        return link(self.links.get(row.key), label) if row and row.key in self.links else ""


def of_channel(because: Because, telling: Telling) -> str:
    said = _delivered(because, telling) or _to_come(because, telling)
    if said:
        return f"{said}{_by_filter(because)}"
    match because.reason:
        case Reason.NO_FEED:
            return f"This channel has no feed, so nothing comes by itself. {command('feed')} sets one up."
        case Reason.PAUSED:
            return paused(because, telling)
        case Reason.FILTERED:
            return _filtered(because)
        case Reason.CHANGED:
            return (
                "⏭️ It would come by this feed’s filter as it is now. When its digest"
                f"{_day(because)} was posted, it did not match, and a digest has one turn."
            )
    return _too_early_or_late(because, "not sent")


def of_member(because: Because, telling: Telling) -> str:
    said = _delivered(because, telling) or _to_come(because, telling)
    if said:
        return f"{said}{_by_follows(because)}"
    match because.reason:
        case Reason.HIDDEN:
            return "🙈 You hid it (“not for me”), so no digest of yours has it."
        case Reason.FOLLOWS_NOTHING:
            start = command(f"follow {telling.tag}")
            return f"You follow nothing yet, so nothing comes. {start} is a start."
        case Reason.NOT_FOLLOWED:
            return f"Nothing that you follow asks for it. {command('following')} shows what you follow."
        case Reason.EXCLUDED:
            search = code(shorten(because.note, FILTER))
            return f"🚫 {_listed(because.excluded_by)} in the search {search} that you follow leaves it out."
        case Reason.OFF:
            return f"Your digest is off. {command('digest daily')} turns it on.{_by_follows(because)}"
        case Reason.MUTED:
            again = f"{command('digest resume')} lets it come again"
            return f"⏸️ You paused your digest. {again}.{_by_follows(because)}"
        case Reason.FOLLOWED_SINCE if because.at:
            return (
                f"You follow what asks for it ({_listed(because.matched)}) since {telling.when(because.at)};"
                f" its digest{_day(because)} came before."
            )
        case Reason.PASSED:
            return f"Its digest{_day(because)} came before the days that your next one looks back on."
    return _too_early_or_late(because, "not put into members’ own digests")


def _delivered(because: Because, telling: Telling) -> str:
    """What the ledger says of it."""
    row, at = because.row, because.at
    if row is None or at is None:
        return ""
    see = telling.see(row)
    weekly = " in the week’s round-up" if row.weekly else ""
    note = escape(shorten(clean(because.note), NOTE))
    match because.reason:
        case Reason.SENT:
            came = f"✅ It came {telling.when(at)}{weekly}"
            return f"{came}{f': {see}' if see else ''}.{_others(because, telling)}"
        case Reason.CAPPED:
            counted = f"in a message{weekly} that had no room for all: it is one of the “and more” there"
            return f"✅ It came {telling.when(at)}, {counted}{f': {see}' if see else ''}."
        case Reason.SENDING:
            return "⏳ It is being sent at this moment."
        case Reason.UNSURE:
            again = "I look whether it arrived, and send it again if not"
            return f"⏳ Slack gave no answer when it was sent ({note or 'the connection broke'}). {again}."
        case Reason.WAITING if at <= telling.now:
            return f"⏳ It is next in line{weekly}, within a minute or so{f' ({note})' if note else ''}."
        case Reason.WAITING:
            return f"⏳ It waits until {telling.when(at)}{f': {note}' if note else ''}."
        case Reason.PARKED:
            help_ = "Whoever runs Paperboy can send it after all: `paperboy deliveries --retry`."
            return f"⚠️ It could not be sent, and was given up {telling.when(row.at)}: {note}. {help_}"
    return ""


def _others(because: Because, telling: Telling) -> str:
    links = [
        telling.see(row, "the week’s round-up" if row.weekly else "another message") for row in because.others
    ]
    shown = [one for one in links if one][:OTHERS]
    return f" Also in {', '.join(shown)}." if shown else ""


def _to_come(because: Because, telling: Telling) -> str:
    at = because.at
    match because.reason:
        case Reason.NOT_DUE:
            when = telling.when(at) if at and at > telling.now else "within a minute"
            return f"⏳ Not yet due: it comes {when}."
        case Reason.FUTURE:
            when = f" It is due {telling.when(at)}." if at else ""
            return f"⏳ Its digest is{_day(because)}, a day still to come.{when}"
        case Reason.NEXT_WEEK if at:
            return f"⏳ It comes with the week’s round-up, {telling.when(at)}."
    return ""


def _too_early_or_late(because: Because, kept_out: str) -> str:
    """`kept_out`: what does not happen to papers that are only in the library."""
    source = escape(shorten(clean(because.carrier.source), 60)) if because.carrier else "its source"
    match because.reason:
        case Reason.BEFORE:
            return (
                f"Its digest{_day(because)} came before this feed was set up, or while it was paused. A feed"
                " begins with what comes after."
            )
        case Reason.ALREADY_THERE:
            return (
                f"Its digest{_day(because)} was there already when I first read {source}. Such papers can be"
                f" searched, and are {kept_out}."
            )
        case Reason.TOO_OLD:
            return (
                f"Its digest{_day(because)} was old already when it came from {source}. Such papers can be"
                f" searched, and are {kept_out}."
            )
        case Reason.TOO_LATE:
            return f"Its digest{_day(because)} came over a month ago, while I was away: no news any more."
        case Reason.GONE:
            return "Its digest has it no more: the source took it out."
    return ""


def paused(because: Because, telling: Telling) -> str:
    """`note`: why, as subscriptions/pauses.py writes it."""
    since = f" since {telling.when(because.at)}" if because.at else ""
    if because.note in pauses.ENDED_BY_AN_INVITATION:
        return f"⚠️ This channel’s feed is paused{since}: {reason(because.note)}. {INVITE}"
    again = f"{command('feed resume')} lets it run again, for what comes from then on."
    if not telling.may_change:
        again = "Whoever set it up can let it run again."
    if who := pauses.who(because.note):
        name = f" by <@{who}>" if ids.read_member(who) else ""
        return f"⏸️ This channel’s feed is paused{name}{since}. {again}"
    _, advice = ADVICE.get(because.note, (None, because.note))
    told = escape(shorten(clean(advice), NOTE)).rstrip(".")
    return (
        f"⚠️ This channel’s feed is paused{since}. {told}. {f'Then {again}' if telling.may_change else again}"
    )


def _filtered(because: Because) -> str:
    asked = code(shorten(because.matched[0], FILTER)) if because.matched else "the filter"
    if because.excluded_by and not because.lacking:
        said = f"🚫 {_listed(because.excluded_by)} in this channel’s filter {asked} leaves it out."
    else:
        lacks = f": it has nothing of {_listed(because.lacking)}" if because.lacking else ""
        said = f"🚫 It does not match this channel’s filter {asked}{lacks}."
    nothing = " Nothing else of that day did either, so nothing was posted." if because.row else ""
    return f"{said}{nothing} {command('feed')} changes it."


def _by_filter(because: Because) -> str:
    """Which filter let it through."""
    if not because.matched:
        return " This feed has no filter: every paper comes."
    return f" It matches this channel’s filter {code(shorten(because.matched[0], FILTER))}."


def _by_follows(because: Because) -> str:
    return f" You follow {_listed(because.matched)}." if because.matched else ""


def _listed(parts: Sequence[str]) -> str:
    shown = [code(shorten(part, FILTER)) for part in parts[:PARTS]]
    more = f" and {len(parts) - PARTS} more" if len(parts) > PARTS else ""
    return ", ".join(shown) + more


def _day(because: Because) -> str:
    return f" of {long_day(because.carrier.date)}" if because.carrier else ""
