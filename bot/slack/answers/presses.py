"""Which answer a button or a menu gets: one function a kind, which reads what it says. The tables below know
each kind; listeners/actions.py listens for them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.model import Message
from bot.slack import ids
from bot.slack.answers import around, feed, feed_form, following, reading, saving
from bot.slack.answers.asked import read
from bot.slack.answers.shapes import Answer, Filled, Modal
from bot.slack.ids import Action
from bot.slack.services import Member, Services
from bot.subscriptions.hours import read_hour
from bot.subscriptions.service import Timing

Answering = Callable[[Services, Member, str], Awaitable[Answer]]
Sharing = Callable[[Services, Member, str], Awaitable[Message]]
Filling = Callable[[Services, Member, Filled], Awaitable[Modal]]


async def _save(services: Services, member: Member, value: str) -> Message:
    return await saving.save(services, member, read(value, ids.read_paper))


async def _unsave(services: Services, member: Member, value: str) -> Message:
    return await saving.unsave(services, member, read(value, ids.read_paper))


async def _more(services: Services, member: Member, value: str) -> Answer:
    deed, paper_id = read(value, ids.read_deed)
    return await around.done(services, member, deed, paper_id)


async def _unhide(services: Services, member: Member, value: str) -> Message:
    return await around.unhide(services, member, read(value, ids.read_paper))


async def _follow(services: Services, member: Member, value: str) -> Message:
    return await following.follow(services, member, following.as_typed(value))


async def _unfollow(services: Services, member: Member, value: str) -> Message:
    return await following.unfollow(services, member, following.as_typed(value))


async def _unfollow_many(services: Services, member: Member, value: str) -> Message:
    return await following.unfollow(services, member, value)


async def _follow_again(services: Services, member: Member, value: str) -> Message:
    return await following.follow_again(services, member, read(value, ids.read_moment))


async def _often(services: Services, member: Member, value: str) -> Message:
    return await following.set_digest(services, member, Timing(read(value, ids.read_frequency)))


async def _weekday(services: Services, member: Member, value: str) -> Message:
    return await following.set_digest(services, member, Timing(weekday=read(value, ids.read_weekday)))


async def _hour(services: Services, member: Member, value: str) -> Message:
    return await following.set_digest(services, member, Timing(at=read_hour(value)))


async def _pause(services: Services, member: Member, value: str) -> Message:
    return await following.pause(services, member)


async def _resume(services: Services, member: Member, value: str) -> Message:
    return await following.resume(services, member)


async def _following_page(services: Services, member: Member, value: str) -> Message:
    return await following.following_page(services, member, read(value, ids.read_page)[0])


async def _saved_page(services: Services, member: Member, value: str) -> Message:
    return await saving.saved_page(services, member, read(value, ids.read_page)[0])


async def _export(services: Services, member: Member, value: str) -> Message:
    return await saving.export_saved(services, member, read(value, ids.read_format))


async def _forget_searches(services: Services, member: Member, value: str) -> Message:
    return await reading.forget_searches(services, member)


async def _day_page(services: Services, member: Member, value: str) -> Message:
    offset, day = read(value, ids.read_day)
    return await reading.day_page(services, day, offset, member)


async def _search_page(services: Services, member: Member, value: str) -> Message:
    return await reading.search_page(services, member, read(value, ids.read_search))


async def _like(services: Services, member: Member, value: str) -> Message:
    return await reading.similar_page(services, member, read(value, ids.read_paper))


async def _like_page(services: Services, member: Member, value: str) -> Message:
    offset, paper_id = read(value, ids.read_like)
    return await reading.similar_page(services, member, paper_id, offset)


async def _share_day(services: Services, member: Member, value: str) -> Message:
    _, day = read(value, ids.read_day)
    return await reading.day_shared(services, day, member)


async def _share_search(services: Services, member: Member, value: str) -> Message:
    return await reading.search_page(services, member, read(value, ids.read_search), shared=True)


def _of_channel(answer: Answering) -> Answering:
    """A press whose value is a channel's id."""

    async def answered(services: Services, member: Member, value: str) -> Answer:
        return await answer(services, member, read(value, ids.read_channel))

    return answered


ANSWERS: dict[Action, Answering] = {
    Action.PAPER_SAVE: _save,
    Action.PAPER_UNSAVE: _unsave,
    Action.PAPER_FOLLOW: _follow,
    Action.PAPER_MORE: _more,
    Action.PAPER_UNHIDE: _unhide,
    Action.FOLLOWING_ADD: _follow,
    Action.FOLLOWING_REMOVE: _unfollow,
    Action.FOLLOWING_PAGE: _following_page,
    Action.FOLLOWING_SHOW: following.shown,
    Action.FOLLOWING_NEW: following.new_follow,
    Action.FOLLOWING_CLEAR: _unfollow_many,
    Action.FOLLOWING_RESTORE: _follow_again,
    Action.DIGEST_OFTEN: _often,
    Action.DIGEST_WEEKDAY: _weekday,
    Action.DIGEST_HOUR: _hour,
    Action.DIGEST_PAUSE: _pause,
    Action.DIGEST_RESUME: _resume,
    Action.SAVED_PAGE: _saved_page,
    Action.SAVED_EXPORT: _export,
    Action.SEARCH_NEW: reading.new_search,
    Action.SEARCHES_CLEAR: _forget_searches,
    Action.DAY_PAGE: _day_page,
    Action.SEARCH_PAGE: _search_page,
    Action.SEARCH_FOLLOW: _follow,
    Action.PAPER_LIKE: _like,
    Action.LIKE_PAGE: _like_page,
    Action.FEED_SET: _of_channel(feed_form.opened),
    Action.FEED_SHOW: _of_channel(feed.show),
    Action.FEED_PREVIEW: _of_channel(feed.preview),
    Action.FEED_PAUSE: _of_channel(feed.pause),
    Action.FEED_RESUME: _of_channel(feed.resume),
    Action.FEED_REMOVE: _of_channel(feed.remove),
    Action.FEED_RESTORE: _of_channel(feed.restore),
    Action.FEED_LIST: feed.pressed_list,
    Action.FEED_PICK: feed.picked,
}
# These go on from the answer that they stand in, so theirs takes its place; the others leave a list as it is.
IN_PLACE = {
    Action.DAY_PAGE,
    Action.SEARCH_PAGE,
    Action.LIKE_PAGE,
    Action.SAVED_PAGE,
    Action.FOLLOWING_PAGE,
    Action.FOLLOWING_ADD,
    Action.FOLLOWING_REMOVE,
    Action.FOLLOWING_CLEAR,
    Action.FOLLOWING_RESTORE,
    Action.DIGEST_OFTEN,
    Action.DIGEST_WEEKDAY,
    Action.DIGEST_HOUR,
    Action.DIGEST_PAUSE,
    Action.DIGEST_RESUME,
    Action.PAPER_UNSAVE,
    Action.PAPER_UNHIDE,
    Action.FEED_PAUSE,
    Action.FEED_RESUME,
    Action.FEED_REMOVE,
    Action.FEED_RESTORE,
    Action.FEED_LIST,
}
FILLS: dict[Action, Filling] = {
    Action.FEED_FILTER: feed_form.recounted,
    Action.FEED_WHEN: feed_form.recounted,
}
OVER: dict[Action, Filling] = {Action.FEED_DRAFT: feed_form.previewed_draft}
SHARES: dict[Action, Sharing] = {
    Action.DAY_SHARE: _share_day,
    Action.SEARCH_SHARE: _share_search,
}
