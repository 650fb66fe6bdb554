"""What a member follows, and when their digest comes."""

from __future__ import annotations

from bot.digests import taxonomy
from bot.errors import BadArgument
from bot.model import Follow, FollowKind, Message
from bot.slack import commands, ids
from bot.slack.answers.asked import STALE
from bot.slack.answers.reading import examples
from bot.slack.blocks import following
from bot.slack.commands import Command
from bot.slack.services import Member, Services


async def asked_follow(services: Services, member: Member, asked: Command) -> Message:
    return await follow(services, member, asked.rest)


async def asked_unfollow(services: Services, member: Member, asked: Command) -> Message:
    return await unfollow(services, member, asked.rest)


async def asked_following(services: Services, member: Member, asked: Command) -> Message:
    return await following_page(services, member, 0)


async def asked_digest(services: Services, member: Member, asked: Command) -> Message:
    if not asked.rest:
        return following.settings(await services.subscriptions.of(member.workspace, member.id))
    frequency, at = commands.read_digest(asked.rest)
    subscription = await services.subscriptions.set_digest(
        member.workspace,
        member.id,
        frequency=frequency,
        at=at,
        timezone=await services.people.timezone(member.id),
        now=services.clock(),
    )
    return following.settings(subscription)


async def follow(services: Services, member: Member, text: str) -> Message:
    subscription, what = await services.subscriptions.follow(
        member.workspace,
        member.id,
        text,
        timezone=await services.people.timezone(member.id),
        now=services.clock(),
    )
    return following.followed(what, subscription, _brought_along(what))


def _brought_along(what: Follow) -> list[str]:
    if what.kind is not FollowKind.TAG:
        return []
    return sorted(taxonomy.family(what.value) - {what.value})


async def unfollow(services: Services, member: Member, text: str) -> Message:
    subscription, what = await services.subscriptions.unfollow(
        member.workspace, member.id, text, now=services.clock()
    )
    return following.unfollowed(what, subscription)


async def following_page(services: Services, member: Member, offset: int) -> Message:
    subscription = await services.subscriptions.of(member.workspace, member.id)
    return following.render(subscription, offset=offset, examples=await examples(services))


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
