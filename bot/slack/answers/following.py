"""What a member follows, and when their digest comes."""

from __future__ import annotations

import datetime as dt

from bot.digests import taxonomy
from bot.errors import BadArgument, BotError, UnknownTag
from bot.model import Follow, FollowKind, Message, Subscription
from bot.slack import commands, ids
from bot.slack.answers.asked import STALE
from bot.slack.answers.reading import examples
from bot.slack.answers.shapes import Filled, Mistakes, Modal, Submitted
from bot.slack.blocks import following, modal, paper, schedule
from bot.slack.blocks import help as usage
from bot.slack.blocks.following import Preview
from bot.slack.commands import Command
from bot.slack.services import Member, Services
from bot.slack.text import clean
from bot.subscriptions.finder import Finder
from bot.subscriptions.recent import DAYS
from bot.subscriptions.service import QUOTES, Timing, readings

EXAMPLES = 3
EXAMPLE_TITLE = 80


async def asked_follow(services: Services, member: Member, asked: Command) -> Message:
    try:
        return await follow(services, member, asked.rest)
    except UnknownTag as error:
        return following.unknown(error, await _meant(services, error, asked.rest))


async def asked_unfollow(services: Services, member: Member, asked: Command) -> Message:
    return await unfollow(services, member, asked.rest)


async def asked_following(services: Services, member: Member, asked: Command) -> Message:
    return await following_page(services, member, 0)


async def asked_digest(services: Services, member: Member, asked: Command) -> Message:
    if not asked.rest:
        known = await services.subscriptions.known(member.workspace, member.id)
        zone = await services.people.timezone(member.id)
        return schedule.settings(known or Subscription(member.workspace, member.id, timezone=zone))
    if asked.rest.lower() in commands.PAUSES:
        return await pause(services, member)
    if asked.rest.lower() in commands.RESUMES:
        return await resume(services, member)
    return await set_digest(services, member, commands.read_digest(asked.rest))


async def set_digest(services: Services, member: Member, wanted: Timing) -> Message:
    subscription = await services.subscriptions.set_digest(
        member.workspace,
        member.id,
        wanted,
        timezone=await services.people.timezone(member.id),
        now=services.clock(),
    )
    return schedule.settings(subscription)


async def pause(services: Services, member: Member) -> Message:
    zone = await services.people.timezone(member.id)
    await services.quiet.mute(member.workspace, member.id, timezone=zone, now=services.clock())
    return schedule.paused()


async def resume(services: Services, member: Member) -> Message:
    zone = await services.people.timezone(member.id)
    subscription = await services.quiet.unmute(
        member.workspace, member.id, timezone=zone, now=services.clock()
    )
    return schedule.resumed(subscription)


async def follow(services: Services, member: Member, text: str) -> Message:
    change, wanted = await services.subscriptions.follow(
        member.workspace,
        member.id,
        text,
        timezone=await services.people.timezone(member.id),
        now=services.clock(),
    )
    what, note = wanted.follow, " ".join(wanted.notes)
    preview = await _preview(services, what, change.after)
    return following.followed(
        what, change.after, preview, _brought_along(what), note=note, already=not change.follows
    )


async def _meant(services: Services, error: UnknownTag, text: str) -> list[Follow]:
    """What may be followed where no tag is of that name; a person only with papers in the library."""
    if error.asked != text.strip(QUOTES + " "):  # a tag was asked for, by name or in a search
        return []
    return [
        one for one in readings(text) if one.kind is not FollowKind.AUTHOR or await _has_papers(services, one)
    ]


async def _has_papers(services: Services, author: Follow) -> bool:
    page = await services.library.search(
        f'author:"{author.value}"', today=services.clock().date(), limit=EXAMPLES, verbatim=True
    )
    return bool(Finder(page.papers).find([author]))


async def _preview(services: Services, what: Follow, subscription: Subscription) -> Preview:
    now = services.clock()
    others = [one for one in subscription.follows if one != what]
    alone = await services.recent.followed([what], now)
    before = await services.recent.followed(others, now)
    after = await services.recent.followed(subscription.follows, now)
    titles = [paper.title(one, EXAMPLE_TITLE) for one in alone.papers[:EXAMPLES]]
    instead = "" if alone.papers else await _fuller(services, now)
    return Preview(titles, len(alone.papers), len(before.papers), len(after.papers), DAYS, instead)


async def _fuller(services: Services, now: dt.datetime) -> str:
    """A tag that would have brought some."""
    tag = (await examples(services)).tag
    brought = await services.recent.followed([Follow(FollowKind.TAG, tag)], now)
    return usage.shown(tag) if brought.papers else ""


def _brought_along(what: Follow) -> list[str]:
    if what.kind is not FollowKind.TAG:
        return []
    return sorted(taxonomy.family(what.value) - {what.value})


async def unfollow(services: Services, member: Member, text: str) -> Message:
    change = await services.subscriptions.unfollow(member.workspace, member.id, text, now=services.clock())
    return following.unfollowed(change.follows, change.after, change.at)


async def follow_again(services: Services, member: Member, ended_at: dt.datetime) -> Message:
    """Undo of an unfollow, of however many at once."""
    change = await services.subscriptions.follow_again(
        member.workspace, member.id, ended_at, now=services.clock()
    )
    return following.restored(change.follows, change.after)


async def new_follow(services: Services, member: Member, value: str) -> Modal:
    return Modal(following.form(await examples(services)))


async def submitted_follow(services: Services, member: Member, filled: Filled) -> Submitted:
    typed = clean(str(filled.values.get(following.WHAT) or ""))
    try:
        said = await follow(services, member, typed)
    except UnknownTag as error:
        meant = await _meant(services, error, typed)
        return Mistakes({following.WHAT: following.unknown_tag(error, meant)})
    except BotError as error:
        return Mistakes({following.WHAT: error.user_message})
    return Modal(modal.reading("Follow", said))


async def following_page(services: Services, member: Member, offset: int) -> Message:
    subscription = await services.subscriptions.of(member.workspace, member.id)
    return following.render(subscription, offset=offset, examples=await examples(services))


async def shown(services: Services, member: Member, value: str) -> Modal:
    """The list in a window, over the digest that it changes."""
    return Modal(modal.reading(following.TITLE, await following_page(services, member, 0)))


def as_typed(value: str) -> str:
    """A button's follow, the way a member would type it."""
    what = ids.read_follow(value)
    if what is None:
        raise BadArgument(STALE)
    quoted = f'"{what.value}"'
    return {
        FollowKind.TAG: f"tag:{what.value}",
        FollowKind.AUTHOR: f"author:{what.value}",
        FollowKind.PHRASE: quoted,
        FollowKind.SEARCH: f"search:{what.value}",
    }[what.kind]
