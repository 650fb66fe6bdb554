"""The payloads that Slack sends: slash commands, actions, submissions and events."""

from __future__ import annotations

from bot.sandbox.directory import Channel, User
from bot.sandbox.elements import initial_state
from bot.sandbox.messages import Json, Message
from bot.sandbox.views import View
from bot.sandbox.workspace import Workspace

VERIFICATION = "sandbox-verification"  # deprecated by Slack, sent all the same


def slash_command(
    workspace: Workspace, user: User, channel: Channel, command: str, text: str, response_url: str
) -> Json:
    return {
        "token": VERIFICATION,
        "team_id": workspace.id,
        "team_domain": workspace.domain,
        "channel_id": channel.id,
        "channel_name": _shown_name(channel),
        "user_id": user.id,
        "user_name": user.name,
        "command": command,
        "text": text,
        "api_app_id": workspace.app.id,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": workspace.triggers.issue(user.id),
    }


def message_action(
    workspace: Workspace, user: User, message: Message, action: Json, response_url: str
) -> Json:
    channel = workspace.channels[message.channel]
    container = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": message.only_for is not None,
    }
    return _interaction(workspace, user, "block_actions") | {
        "container": container | ({"thread_ts": message.thread_ts} if message.thread_ts else {}),
        "channel": {"id": channel.id, "name": _shown_name(channel)},
        "message": message.as_slack(),
        "state": {"values": initial_state(message.blocks)},
        "response_url": response_url,
        "actions": [action],
    }


def view_action(workspace: Workspace, user: User, view: View, action: Json) -> Json:
    return _interaction(workspace, user, "block_actions") | {
        "container": {"type": "view", "view_id": view.id},
        "view": view.as_slack(),
        "actions": [action],
    }


def submission(workspace: Workspace, user: User, view: View) -> Json:
    shown = view.as_slack()
    return _interaction(workspace, user, "view_submission") | {"view": shown, "response_urls": []}


def closing(workspace: Workspace, user: User, view: View) -> Json:
    payload = _interaction(workspace, user, "view_closed") | {"view": view.as_slack(), "is_cleared": False}
    payload.pop("trigger_id")
    return payload


def event(workspace: Workspace, inner: Json) -> Json:
    """An event in the wrapper of the Events API, with an id of its own."""
    now = workspace.clock().timestamp()
    return {
        "token": VERIFICATION,
        "team_id": workspace.id,
        "api_app_id": workspace.app.id,
        "event": {"event_ts": f"{now:.6f}"} | inner,
        "type": "event_callback",
        "event_id": workspace.new_id("Ev"),
        "event_time": int(now),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": workspace.id,
                "user_id": workspace.bot_user,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
    }


def _interaction(workspace: Workspace, user: User, kind: str) -> Json:
    return {
        "type": kind,
        "team": {"id": workspace.id, "domain": workspace.domain},
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": workspace.id},
        "api_app_id": workspace.app.id,
        "token": VERIFICATION,
        "enterprise": None,
        "is_enterprise_install": False,
        "trigger_id": workspace.triggers.issue(user.id),
    }


def _shown_name(channel: Channel) -> str:
    if channel.peer:
        return "directmessage"
    return "privategroup" if channel.is_private else channel.name
