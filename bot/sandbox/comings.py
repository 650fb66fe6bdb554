"""Who comes into a channel and who leaves, and what becomes of the channel; each with its events."""

from __future__ import annotations

from bot.sandbox.directory import Channel
from bot.sandbox.errors import SandboxError
from bot.sandbox.messages import Json
from bot.sandbox.workspace import Workspace


def invite(workspace: Workspace, user: str, channel: Channel, inviter: str | None = None) -> None:
    """Add someone or the bot; `inviter` None: they joined by themselves."""
    if user in channel.members:
        return
    channel.members.append(user)
    by = {"inviter": inviter} if inviter else {}
    if workspace.bot_user in channel.members:
        workspace.announce("member_joined_channel", _membership("joined", channel, user) | by)


def remove(workspace: Workspace, user: str, channel: Channel, actor: str) -> None:
    """Take someone or the bot out. The bot hears of itself by `channel_left` or `group_left`, too."""
    if user not in channel.members:
        raise SandboxError(f"{user} is not in {channel.name}.")
    told = workspace.bot_user in channel.members
    channel.members.remove(user)
    if told:
        workspace.announce("member_left_channel", _membership("left", channel, user))
    if user == workspace.bot_user:
        left = {"type": f"{_noun(channel)}_left", "channel": channel.id, "actor_id": actor}
        workspace.announce(left["type"], left)


def rename(workspace: Workspace, channel: Channel, name: str) -> None:
    channel.name = name
    shown = {"id": channel.id, "name": name, "created": channel.created}
    _tell(workspace, channel, "rename", {"channel": shown})


def archive(workspace: Workspace, channel: Channel, user: str) -> None:
    channel.is_archived = True
    _tell(workspace, channel, "archive", {"channel": channel.id, "user": user})


def _tell(workspace: Workspace, channel: Channel, what: str, inner: Json) -> None:
    """The bot hears of public channels, and of the private ones it is in."""
    if not channel.is_private or workspace.bot_user in channel.members:
        name = f"{_noun(channel)}_{what}"
        workspace.announce(name, {"type": name} | inner)


def _membership(what: str, channel: Channel, user: str) -> Json:
    kind = "G" if channel.is_private else "C"
    where = {"channel": channel.id, "channel_type": kind, "team": channel.team}
    return {"type": f"member_{what}_channel", "user": user} | where


def _noun(channel: Channel) -> str:
    return "group" if channel.is_private else "channel"
