"""conversations.* and users.conversations: what channels there are, who is in them, what was said."""

from __future__ import annotations

from itertools import islice

from bot.sandbox import comings
from bot.sandbox.directory import Channel
from bot.sandbox.errors import SlackError
from bot.sandbox.messages import Json, Message
from bot.sandbox.webapi.call import Call, next_cursor

FAR_FUTURE = 10**17
FAMILIES = {"public_channel": "channels", "private_channel": "groups", "im": "im", "mpim": "mpim"}


def info(call: Call) -> Json:
    channel = _readable(call, "read")
    shown = channel.as_slack(call.workspace.bot_user, count_members=call.flag("include_num_members"))
    return {"channel": shown}


def list_all(call: Call) -> Json:
    """Every public channel, and of the private ones those with the bot inside."""
    bot = call.workspace.bot_user
    seen = [c for c in _of_types(call) if not c.is_private or bot in c.members]
    page, onward = call.page(seen, 100, 1000)
    return {"channels": [channel.as_slack(bot, count_members=True) for channel in page]} | onward


def list_memberships(call: Call) -> Json:
    """The conversations that `user`, or else the bot, is in; of another's only those that the bot may see."""
    bot = call.workspace.bot_user
    user = call.string("user") or bot
    seen = [c for c in _of_types(call) if user in c.members and (not c.is_private or bot in c.members)]
    page, onward = call.page(seen, 100, 1000)
    return {"channels": [channel.as_slack(bot) for channel in page]} | onward


def members(call: Call) -> Json:
    page, onward = call.page(_readable(call, "read").members, 100, 1000)
    return {"members": page} | onward


def join(call: Call) -> Json:
    call.need("channels:join")
    channel, bot = call.conversation(), call.workspace.bot_user
    if channel.kind != "public_channel":
        raise SlackError("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise SlackError("is_archived")
    if bot in channel.members:
        warned = {"warning": "already_in_channel", "response_metadata": {"warnings": ["already_in_channel"]}}
        return {"channel": channel.as_slack(bot)} | warned
    comings.invite(call.workspace, bot, channel)
    return {"channel": channel.as_slack(bot)}


def open_dm(call: Call) -> Json:
    call.need("im:write")
    if call.string("channel"):
        channel = call.conversation()
    else:
        users = [name for name in (call.string("users") or "").split(",") if name]
        if not users:
            raise SlackError("users_list_not_supplied")
        if users[0] not in call.workspace.users:
            raise SlackError("user_not_found")
        if len(users) > 1:
            raise SlackError("method_not_supported_for_channel_type")  # group DMs are not built
        channel = call.workspace.dm(users[0])
    whole = channel.as_slack(call.workspace.bot_user)
    return {"channel": whole if call.flag("return_im") else {"id": channel.id}}


def history(call: Call) -> Json:
    """Newest first, strictly between `oldest` and `latest` unless `inclusive`; replies are not in it."""
    channel = _with_history(call)
    after, before = _window(call)
    cursor = call.after_cursor("next_ts")
    before = before if cursor is None else min(before, cursor + 1)
    limit = call.limit(100, 999)
    found = list(islice(channel.newest_first(after, before), limit + 1))
    onward = next_cursor("next_ts", found[limit].order if len(found) > limit else None)
    return {"messages": _shown(call, found[:limit]), "has_more": len(found) > limit, "pin_count": 0} | onward


def replies(call: Call) -> Json:
    """The parent, then its replies from the oldest on."""
    channel = _with_history(call)
    named = channel.by_ts.get(call.required("ts"))
    parent = channel.by_ts.get(named.thread_ts) if named and named.thread_ts else named
    if parent is None or (parent.deleted and not parent.live_replies):
        raise SlackError("thread_not_found")
    after, before = _window(call)
    inside = [reply for reply in parent.live_replies if after < reply.order < before]
    page, onward = call.page([parent, *inside], 1000, 1000)
    more = bool(onward["response_metadata"]["next_cursor"])
    return {"messages": _shown(call, page), "has_more": more} | onward


def _readable(call: Call, what: str) -> Channel:
    channel = call.conversation()
    call.need(f"{channel.scope_family}:{what}")
    return channel


def _with_history(call: Call) -> Channel:
    channel = _readable(call, "history")
    if call.workspace.bot_user not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def _window(call: Call) -> tuple[int, int]:
    """The moments that messages must lie strictly between."""
    slack = 1 if call.flag("inclusive") else 0
    after, before = call.moment("oldest", -1), call.moment("latest", FAR_FUTURE)
    hidden = round(call.workspace.clock().timestamp() * 1e6) - round(call.workspace.history_lag * 1e6)
    return after - slack, min(before + slack, hidden + 1 if call.workspace.history_lag else FAR_FUTURE)


def _shown(call: Call, messages: list[Message]) -> list[Json]:
    with_metadata = call.flag("include_all_metadata")
    return [message.as_slack(with_metadata=with_metadata) for message in messages]


def _of_types(call: Call) -> list[Channel]:
    types = (call.string("types") or "public_channel").replace(" ", "").split(",")
    if not set(types) <= set(FAMILIES):
        raise SlackError("invalid_types")
    call.need(*(f"{FAMILIES[kind]}:read" for kind in types))
    hide = call.flag("exclude_archived")
    return [c for c in call.workspace.channels.values() if c.kind in types and not (hide and c.is_archived)]
