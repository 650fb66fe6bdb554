"""The form of a channel's feed: opened, counting along while it is filled in, previewed, submitted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar
from zoneinfo import available_timezones

from bot.delivery import channels, planner
from bot.errors import BadArgument
from bot.library.query import Query
from bot.model import Feed, Layout, Message, OnEmpty, Roundup
from bot.slack import ids
from bot.slack.answers.asked import read
from bot.slack.answers.shapes import Filled, Mistakes, Modal, Submitted
from bot.slack.blocks import feed as words
from bot.slack.blocks import feed_form as blocks
from bot.slack.blocks import modal, rendering
from bot.slack.blocks.feed_form import Field, Reading
from bot.slack.blocks.kit import Block
from bot.slack.ids import FeedForm
from bot.slack.services import Member, Services
from bot.slack.text import clean, count, long_day, shorten
from bot.subscriptions import filters, hours, pauses
from bot.subscriptions.filters import Lines
from bot.subscriptions.recent import DAYS, Brought

NOT_YOURS = "Only who set this feed up and workspace admins can change it; `/papers feed` names them."
ARCHIVED = "That channel is archived, so nothing can be posted there. Choose another one."
GONE = "This feed was removed meanwhile. `/papers feed` in the channel sets up a new one."
NO_DAY = "Choose one day at least. To post nothing for a while, pause the feed."
NO_ZONE = "Choose a zone from the list: type a city."
TOO_LONG = f"That is too long: both lines together take {filters.LONGEST:,} characters."
NO_WORD = "I found no word to look for in “{}”."
EVERYBODY = "Everybody in the workspace is in this channel. Tick the box if you mean it."
NO_DIGEST = "No digest has come yet. Once there is one, you see here what it looks like."

E = TypeVar("E", Layout, OnEmpty, Roundup)


@dataclass(frozen=True, slots=True)
class Draft:
    """A feed as the form has it."""

    feed: Feed
    lines: Lines
    asked: Query  # the lines, read together
    wordless: Mapping[str, str] = field(default_factory=dict)  # a sentence a line, by its block_id


async def may_change(services: Services, member: Member, feed: Feed) -> bool:
    """Its owner and admins, or everyone where the settings say so; a feed of the file is the file's."""
    if feed.owner is None:
        return False
    return (
        services.feeds.anyone_may_change
        or feed.owner == member.id
        or await services.people.is_admin(member.id)
    )


async def refuse_others(services: Services, member: Member, feed: Feed) -> None:
    if not await may_change(services, member, feed):
        raise BadArgument(NOT_YOURS if feed.owner else words.IN_THE_FILE)


async def opened(services: Services, member: Member, channel: str, typed: str = "") -> Modal:
    """The form for a channel's feed; `typed`: a filter that it starts with."""
    feed = await services.feeds.of_channel(member.workspace, channel)
    if feed:
        await refuse_others(services, member, feed)
    place = await services.channels.look(channel)
    if place.is_archived:
        raise BadArgument(ARCHIVED)
    about = FeedForm(channel, channels.version(feed), place.is_general, not place.can_post)
    stored = feed or await _new(services, member, channel)
    return Modal(await _form(services, about, await _begun(services, stored, typed), stored))


async def _begun(services: Services, stored: Feed, typed: str) -> Draft:
    """What the form starts with. A typed filter is read as its first line would be."""
    today = services.clock().date()
    written = Lines(clean(typed[: filters.LONGEST]))
    wordless = _wordless(written, today)
    wanted = filters.joined(written, today=today, known=None)
    lines = written if wordless else filters.parted(str(wanted) if typed else stored.filter, today=today)
    asked = await _asked(services, lines)
    return Draft(replace(stored, filter=str(asked)) if typed else stored, lines, asked, wordless)


async def _new(services: Services, member: Member, channel: str) -> Feed:
    zone = await services.people.timezone(member.id)
    return Feed(member.workspace, channel, timezone=zone, owner=member.id)


def _wordless(lines: Lines, today: dt.date) -> dict[str, str]:
    each = (Field.ABOUT, lines.about), (Field.BUT_NOT, lines.but_not)
    found = {name: filters.wordless(line, today=today) for name, line in each}
    return {name.value: NO_WORD.format(shorten(clean(some[0]), 60)) for name, some in found.items() if some}


async def _asked(services: Services, lines: Lines) -> Query:
    known = await services.library.tags()
    return filters.joined(lines, today=services.clock().date(), known=known)


async def recounted(services: Services, member: Member, filled: Filled) -> Modal:
    """The form after something in it changed what it shows."""
    about, stored = await _opened_on(services, member, filled)
    return Modal(await _form(services, about, await _draft(services, stored, filled), stored))


async def previewed_draft(services: Services, member: Member, filled: Filled) -> Modal:
    _, stored = await _opened_on(services, member, filled)
    return await previewed(services, (await _draft(services, stored, filled)).feed)


async def _opened_on(services: Services, member: Member, filled: Filled) -> tuple[FeedForm, Feed]:
    """What the form is about, and the channel's feed as it is now, or as a new one begins."""
    about = read(filled.about, ids.read_feed_form)
    stored = await services.feeds.of_channel(member.workspace, about.channel)
    return about, stored or await _new(services, member, about.channel)


async def _form(services: Services, about: FeedForm, draft: Draft, stored: Feed) -> Block:
    now = services.clock()
    everything = await services.recent.matching("", now)
    nothing = draft.wordless and not str(draft.asked)
    brought = Brought(()) if nothing else await services.recent.matching(draft.feed.filter, now)
    as_written = draft.lines == filters.parted(stored.filter, today=now.date())
    reading = Reading(
        brought.papers,
        brought.a_day,
        len(everything.papers),
        DAYS,
        notes=draft.asked.notes,
        read_as="" if as_written else clean(str(draft.asked)),
    )
    return blocks.render(about, draft.feed, draft.lines, reading, now)


async def _draft(services: Services, stored: Feed, filled: Filled) -> Draft:
    """What stands in the form, over what is stored. A filter that was not touched stays as it was typed."""
    values = filled.values
    lines = Lines(_text(values.get(Field.ABOUT)), _text(values.get(Field.BUT_NOT)))
    asked = await _asked(services, lines)
    untouched = lines == filters.parted(stored.filter, today=services.clock().date())
    at_an_hour = values.get(Field.WHEN) == blocks.HOUR
    hour = hours.read_hour(str(values.get(Field.AT) or f"{stored.post_at or blocks.NINE:%H:%M}"))
    feed = replace(
        stored,
        filter=stored.filter if untouched else str(asked),
        layout=_chosen(Layout, values.get(Field.LAYOUT), stored.layout),
        post_at=hour if at_an_hour else None,
        timezone=str(values.get(Field.ZONE) or stored.timezone),
        weekdays=_weekdays(values.get(Field.WEEKDAYS)),
        on_empty=_chosen(OnEmpty, values.get(Field.ON_EMPTY), stored.on_empty),
        roundup=_chosen(Roundup, values.get(Field.ROUNDUP), stored.roundup),
    )
    return Draft(feed, lines, asked, {} if untouched else _wordless(lines, services.clock().date()))


def _text(value: object) -> str:
    return clean(str(value or ""))


def _chosen(kind: type[E], value: object, otherwise: E) -> E:
    return kind(value) if value in [one.value for one in kind] else otherwise


def _weekdays(values: object) -> tuple[int, ...]:
    chosen: Sequence[object] = values if isinstance(values, list) else ()
    return tuple(day for day in range(7) if str(day) in chosen)


async def previewed(services: Services, feed: Feed) -> Modal:
    """The newest digest, as this feed would post it."""
    now = services.clock()
    digests = await services.library.newest(now)
    if not digests:
        return Modal(blocks.no_preview(NO_DIGEST))
    digest = max(digests, key=lambda one: len(planner.wanted_by(feed, one, now)))
    papers = planner.wanted_by(feed, digest, now)
    if not papers and feed.on_empty is OnEmpty.SILENT:
        total = count(len(digest.papers), "paper")
        why = f"none of its {total} matches" if digest.papers else "it has no papers"
        return Modal(blocks.no_preview(f"{long_day(digest.date)}: {why}, so nothing is posted."))
    parts = rendering.digest(digest, papers, feed) if papers else [rendering.empty(digest, feed)]
    return Modal(blocks.preview(digest.date, parts, feed))


async def submitted(services: Services, member: Member, filled: Filled) -> Submitted:
    about = read(filled.about, ids.read_feed_form)
    stored = await services.feeds.of_channel(member.workspace, about.channel)
    if about.version:
        if stored is None:
            raise BadArgument(GONE)
        await refuse_others(services, member, stored)
    new = await _new(services, member, about.channel)
    draft = await _draft(services, stored if about.version and stored else new, filled)
    if mistakes := _mistakes(draft, await _unknown(services, draft, stored)):
        return Mistakes(mistakes)
    place = await services.channels.look(about.channel)
    if place.is_archived:
        raise BadArgument(ARCHIVED)
    if place.is_general and not about.version and not filled.values.get(Field.GENERAL):
        return await _sure(services, about, draft, stored or new)
    paused = pauses.by(member.id) if filled.values.get(Field.PAUSED) else None
    if not about.version and not place.can_post:
        paused = pauses.NOT_IN_CHANNEL
    saved = await services.feeds.save(draft.feed, about.version, paused=paused)
    if saved.overtaken:
        return Modal(modal.said(words.overtaken(saved.feed, services.clock())))
    return Modal(modal.said(await _done(services, member, saved.feed, new=not about.version)))


async def _done(services: Services, member: Member, feed: Feed, *, new: bool) -> Message:
    now = services.clock()
    everything = await services.recent.matching("", now)
    brought = await services.recent.matching(feed.filter, now)
    passed_over = 0 if brought.papers else len(everything.papers)
    zone = await services.people.timezone(member.id)
    return words.saved(feed, new=new, now=now, zone=zone, passed_over=passed_over, days=DAYS)


async def _sure(services: Services, about: FeedForm, draft: Draft, stored: Feed) -> Submitted:
    """The channel where everybody is: asked for once more."""
    if about.general:
        return Mistakes({Field.GENERAL: EVERYBODY})
    return Modal(await _form(services, replace(about, general=True), draft, stored))


async def _unknown(services: Services, draft: Draft, stored: Feed | None) -> dict[str, str]:
    """Tags that nobody knows, by the line that they stand in; those that stood there before may stay."""
    today = services.clock().date()
    before = filters.parted(stored.filter, today=today) if stored else Lines()
    found = {}
    for name, line, old in (
        (Field.ABOUT, Lines(about=draft.lines.about), Lines(about=before.about)),
        (Field.BUT_NOT, Lines(but_not=draft.lines.but_not), Lines(but_not=before.but_not)),
    ):
        unknown = (await _asked(services, line)).unknown
        if unknown and line != old:
            found[name.value] = unknown[0].user_message
    return found


def _mistakes(draft: Draft, unknown: Mapping[str, str]) -> dict[str, str]:
    found = {**unknown, **draft.wordless}
    if len(draft.feed.filter) > filters.LONGEST:
        found[Field.ABOUT] = TOO_LONG
    if not draft.feed.weekdays:
        found[Field.WEEKDAYS] = NO_DAY
    if draft.feed.timezone not in available_timezones():
        found[Field.ZONE] = NO_ZONE
    return found
