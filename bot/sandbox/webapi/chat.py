"""chat.*: posting, updating, deleting."""

from __future__ import annotations

from bot.sandbox.directory import Channel
from bot.sandbox.errors import SlackError
from bot.sandbox.limits import POST_TEXT, SHORT_TEXT, check_blocks, check_length, check_metadata
from bot.sandbox.messages import Draft, Json, Message
from bot.sandbox.webapi.call import Call


def post_message(call: Call) -> Json:
    call.need("chat:write")
    channel = _destination(call)
    message = call.workspace.post(channel, call.workspace.bot_user, _draft(call, POST_TEXT))
    return {"channel": channel.id, "ts": message.ts, "message": message.as_slack()}


def post_ephemeral(call: Call) -> Json:
    call.need("chat:write")
    channel, user = _destination(call), call.required("user")
    if user not in channel.members:
        raise SlackError("user_not_in_channel")
    return {"message_ts": call.workspace.post_ephemeral(channel, user, _draft(call, SHORT_TEXT)).ts}


def update(call: Call) -> Json:
    call.need("chat:write")
    channel, message = _own_message(call, "cant_update_message")
    draft = _draft(call, SHORT_TEXT, before=message)
    call.workspace.edit(message, draft)
    shown = message.as_slack()
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": shown}


def delete(call: Call) -> Json:
    call.need("chat:write")
    channel, message = _own_message(call, "cant_delete_message")
    call.workspace.delete(message)
    return {"channel": channel.id, "ts": message.ts}


def get_permalink(call: Call) -> Json:
    channel = call.conversation()
    message = call.message(channel, "message_ts")
    thread = f"?thread_ts={message.thread_ts}&cid={channel.id}" if message.thread_ts else ""
    place = f"{channel.id}/p{message.ts.replace('.', '')}{thread}"
    return {"channel": channel.id, "permalink": f"https://{call.workspace.domain}.slack.com/archives/{place}"}


def _destination(call: Call) -> Channel:
    """Where to post: a channel by id or name, or the member whose DM is meant."""
    workspace, ref = call.workspace, call.required("channel")
    if ref in workspace.users:
        if workspace.users[ref].is_bot:
            raise SlackError("cannot_dm_bot")
        return workspace.dm(ref)
    channel = workspace.find_channel(ref)
    inside = channel is not None and workspace.bot_user in channel.members
    if channel is None or (channel.is_private and not inside):
        raise SlackError("channel_not_found")
    if channel.is_archived:
        raise SlackError("is_archived")
    if not inside:
        call.needed.add("chat:write.public")
        if "chat:write.public" not in workspace.scopes:
            raise SlackError("not_in_channel")
    return channel


def _own_message(call: Call, refusal: str) -> tuple[Channel, Message]:
    channel = call.workspace.channels.get(call.required("channel"))
    if channel is None:
        raise SlackError("channel_not_found")
    message = call.message(channel)
    if message.user != call.workspace.bot_user:
        raise SlackError(refusal)
    return channel, message


def _draft(call: Call, longest: int, before: Message | None = None) -> Draft:
    """What is to be said; what an update leaves out stays as it was `before`."""
    text = call.string("text") or ""
    if len(text) > longest:
        raise SlackError("msg_too_long")
    blocks = call.parsed("blocks", "invalid_blocks_format")
    attachments = call.parsed("attachments", "invalid_attachments")
    metadata = call.parsed("metadata", "invalid_metadata_format")
    if blocks:
        check_blocks(blocks)
        check_length(blocks)
    if attachments and not (isinstance(attachments, list) and all(isinstance(a, dict) for a in attachments)):
        raise SlackError("invalid_attachments")
    if metadata:
        check_metadata(metadata)
    if not (text or blocks or attachments):
        raise SlackError("no_text")
    if before:
        blocks = before.blocks if blocks is None else blocks
        attachments = before.attachments if attachments is None else attachments
        metadata = before.metadata if metadata is None else metadata
    return Draft(
        text,
        blocks or [],
        attachments or [],
        metadata or None,
        thread_ts=call.string("thread_ts"),
        broadcast=call.flag("reply_broadcast"),
        link_names=call.flag("link_names") or call.string("parse") == "full",
    )
