"""The payloads that Slack sends: slash commands, actions, submissions and events."""

from __future__ import annotations

from bot.sandbox.directory import Channel, User
from bot.sandbox.elements import Found, initial_state
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
        "trigger_id": workspace.triggers.issue(user.id, channel.id),
    }


def message_action(
    workspace: Workspace, user: User, message: Message, action: Json, response_url: str
) -> Json:
    return _interaction(workspace, user, "block_actions", message.channel) | {
        **_place(workspace, message),
        "state": {"values": initial_state(message.blocks)},
        "response_url": response_url,
        "actions": [action],
    }


def unfurl_action(
    workspace: Workspace, user: User, message: Message, url: str, action: Json, response_url: str
) -> Json:
    """Of something that the app shows below a link in another's message."""
    payload = message_action(workspace, user, message, action, response_url)
    number = list(message.unfurls).index(url) + 1
    shown = {"id": number, "app_unfurl_url": url, "is_app_unfurl": True}
    payload["container"] |= {"type": "message_attachment", "attachment_id": number, **shown}
    payload["container"].pop("id")
    blocks = message.unfurls[url]["blocks"]
    state = {"values": initial_state(blocks)}
    return payload | {"state": state, "app_unfurl": shown | {"blocks": blocks, "bot_id": workspace.bot_id}}


def view_action(workspace: Workspace, user: User, view: View, action: Json) -> Json:
    return _interaction(workspace, user, "block_actions", view.channel) | {
        **_shown_view(view),
        "actions": [action],
    }


def message_shortcut(
    workspace: Workspace, user: User, message: Message, callback_id: str, response_url: str
) -> Json:
    place = _place(workspace, message)
    place.pop("container")
    return _interaction(workspace, user, "message_action", message.channel) | {
        **place,
        "callback_id": callback_id,
        "message_ts": message.ts,
        "action_ts": workspace.next_ts()[1],
        "response_url": response_url,
    }


def global_shortcut(workspace: Workspace, user: User, callback_id: str) -> Json:
    """Of no channel and no message, so with no response_url."""
    called = {"callback_id": callback_id, "action_ts": workspace.next_ts()[1]}
    return _interaction(workspace, user, "shortcut") | called


def suggestion(workspace: Workspace, user: User, where: Message | View, found: Found, typed: str) -> Json:
    """What asks for the options of an external select, at each letter typed."""
    place = _shown_view(where) if isinstance(where, View) else _place(workspace, where)
    payload = _interaction(workspace, user, "block_suggestion") | place
    payload.pop("trigger_id")
    return payload | {"action_id": found.action_id, "block_id": found.block["block_id"], "value": typed}


def submission(workspace: Workspace, user: User, view: View, response_urls: list[Json]) -> Json:
    shown = {"view": view.as_slack(), "response_urls": response_urls}
    return _interaction(workspace, user, "view_submission", view.channel) | shown


def closing(workspace: Workspace, user: User, view: View, *, cleared: bool) -> Json:
    """`cleared`: the member closed the whole stack at once."""
    payload = _interaction(workspace, user, "view_closed") | {"view": view.as_slack(), "is_cleared": cleared}
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


def _place(workspace: Workspace, message: Message) -> Json:
    channel = workspace.channels[message.channel]
    container = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": message.only_for is not None,
    }
    return {
        "container": container | ({"thread_ts": message.thread_ts} if message.thread_ts else {}),
        "channel": {"id": channel.id, "name": _shown_name(channel)},
        "message": message.as_slack(),
    }


def _shown_view(view: View) -> Json:
    return {"container": {"type": "view", "view_id": view.id}, "view": view.as_slack()}


def _interaction(workspace: Workspace, user: User, kind: str, channel: str | None = None) -> Json:
    """`channel` is the one that the member is looking at."""
    return {
        "type": kind,
        "team": {"id": workspace.id, "domain": workspace.domain},
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": workspace.id},
        "api_app_id": workspace.app.id,
        "token": VERIFICATION,
        "enterprise": None,
        "is_enterprise_install": False,
        "trigger_id": workspace.triggers.issue(user.id, channel),
    }


def _shown_name(channel: Channel) -> str:
    if channel.peer:
        return "directmessage"
    return "privategroup" if channel.is_private else channel.name
