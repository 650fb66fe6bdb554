"""A channel's feed: shown to anyone, changed by who may."""

from __future__ import annotations

from bot.errors import BadArgument
from bot.model import Feed, Message
from bot.slack import commands, ids
from bot.slack.answers import feed_form
from bot.slack.answers.asked import read
from bot.slack.answers.shapes import Answer, Filled
from bot.slack.blocks import feed as blocks
from bot.slack.blocks import feed_list
from bot.slack.commands import Command
from bot.slack.services import Member, Services
from bot.subscriptions import pauses
from bot.subscriptions.recent import DAYS

NO_UNDO = (
    "There is no feed to bring back: a removed one can be brought back for a day. `/papers feed` in the"
    " channel sets up a new one."
)
INVITE_FIRST = "I am not in that channel. Type `/invite @Paperboy` there, and the feed goes on by itself."


async def asked_feed(services: Services, member: Member, asked: Command) -> Answer:
    what, wanted = commands.read_feed(asked.rest)
    channel = ids.read_channel(member.channel)
    if what == "list" or channel is None:
        return await listing(services, member, 0)
    match what:
        case "set":
            return await feed_form.opened(services, member, channel, wanted)
        case "remove":
            return blocks.certain(await theirs(services, member, channel))
        case "pause":
            return await pause(services, member, channel)
        case "resume":
            return await resume(services, member, channel)
        case "restore":
            return await restore(services, member, channel)
        case "preview":
            return await preview(services, member, channel)
    return await show(services, member, channel)


async def show(services: Services, member: Member, channel: str) -> Message:
    feed = await services.feeds.of_channel(member.workspace, channel)
    return await card(services, member, feed) if feed else blocks.none(channel)


async def card(services: Services, member: Member, feed: Feed, said: str = "") -> Message:
    now = services.clock()
    brings = await services.recent.matching(feed.filter, now)
    all_of_them = await services.recent.matching("", now)
    look = blocks.Look(
        feed,
        brings=len(brings.papers),
        of=len(all_of_them.papers),
        days=DAYS,
        zone=await services.people.timezone(member.id),
        may_change=await feed_form.may_change(services, member, feed),
        now=now,
    )
    return blocks.card(look, said=said)


async def under_form(services: Services, member: Member, filled: Filled) -> Message:
    """What stands in the window from which a feed's form was opened: the feed as it is now."""
    return await show(services, member, read(filled.about, ids.read_feed_form).channel)


async def listing(services: Services, member: Member, offset: int) -> Message:
    feeds, only_yours = await visible(services, member)
    return feed_list.render(feeds, services.clock(), offset=offset, only_yours=only_yours)


async def visible(services: Services, member: Member) -> tuple[list[Feed], bool]:
    """The workspace's feeds, without those in private channels that the member is not in; where Slack does
    not say which those are, the member's own, and True."""
    feeds = await services.feeds.all_of(member.workspace)
    closed = await services.channels.closed_to(member.id) if feeds else frozenset()
    if closed is None:
        return [feed for feed in feeds if feed.owner == member.id], True
    return [feed for feed in feeds if feed.channel not in closed], False


async def theirs(services: Services, member: Member, channel: str) -> Feed:
    """The channel's feed, which this member may change; BadArgument where not."""
    feed = await services.feeds.of_channel(member.workspace, channel)
    if feed is None:
        raise BadArgument(blocks.NOTHING_THERE)
    await feed_form.refuse_others(services, member, feed)
    return feed


async def pause(services: Services, member: Member, channel: str) -> Message:
    feed = await theirs(services, member, channel)
    paused = await services.feeds.pause(member.workspace, channel, pauses.by(member.id))
    return await card(services, member, paused or feed, "Nothing is posted until someone resumes it.")


async def resume(services: Services, member: Member, channel: str) -> Message:
    feed = await theirs(services, member, channel)
    if feed.paused and not (await services.channels.look(channel)).can_post:
        raise BadArgument(INVITE_FIRST)
    running = await services.feeds.resume(member.workspace, channel)
    return await card(services, member, running or feed, "It runs." if feed.paused else "It was running.")


async def remove(services: Services, member: Member, channel: str) -> Message:
    feed = await theirs(services, member, channel)
    return blocks.removed(await services.feeds.remove(member.workspace, channel) or feed)


async def restore(services: Services, member: Member, channel: str) -> Message:
    there = await services.feeds.of_channel(member.workspace, channel)
    if there:
        return await card(services, member, there)
    gone = await services.feeds.removed(member.workspace, channel)
    if gone is None:
        raise BadArgument(NO_UNDO)
    await feed_form.refuse_others(services, member, gone)
    feed = await services.feeds.restore(member.workspace, channel)
    return await card(services, member, feed or gone, "It is back as it was.")


async def preview(services: Services, member: Member, channel: str) -> Answer:
    feed = await services.feeds.of_channel(member.workspace, channel)
    if feed is None:
        raise BadArgument(blocks.NOTHING_THERE)
    return await feed_form.previewed(services, feed)


async def pressed_list(services: Services, member: Member, value: str) -> Answer:
    return await listing(services, member, read(value, ids.read_page)[0])


async def picked(services: Services, member: Member, value: str) -> Answer:
    """A channel chosen from a menu: its feed, or at once the form for one."""
    channel = read(value, ids.read_channel)
    if await services.feeds.of_channel(member.workspace, channel):
        return await show(services, member, channel)
    return await feed_form.opened(services, member, channel)
