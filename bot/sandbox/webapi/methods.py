"""Every method there is, with how Slack takes its arguments."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.sandbox.messages import Json
from bot.sandbox.webapi import chat, conversations, people, unfurls, views
from bot.sandbox.webapi.call import Call


@dataclass(frozen=True, slots=True)
class Method:
    """`json`: it takes a JSON body; other methods read queries and forms only, and see none of it."""

    perform: Callable[[Call], Json]
    json: bool = True
    needs_token: bool = True


METHODS: Mapping[str, Method] = {
    "api.test": Method(people.api_test, needs_token=False),
    "auth.revoke": Method(people.auth_revoke, json=False),
    "auth.test": Method(people.auth_test),
    "blocks.validate": Method(people.blocks_validate, needs_token=False),
    "chat.delete": Method(chat.delete),
    "chat.getPermalink": Method(chat.get_permalink, json=False),
    "chat.postEphemeral": Method(chat.post_ephemeral),
    "chat.postMessage": Method(chat.post_message),
    "chat.unfurl": Method(unfurls.unfurl),
    "chat.update": Method(chat.update),
    "conversations.history": Method(conversations.history),
    "conversations.info": Method(conversations.info, json=False),
    "conversations.join": Method(conversations.join),
    "conversations.list": Method(conversations.list_all, json=False),
    "conversations.members": Method(conversations.members, json=False),
    "conversations.open": Method(conversations.open_dm),
    "conversations.replies": Method(conversations.replies, json=False),
    "team.info": Method(people.team_info),
    "users.conversations": Method(conversations.list_memberships, json=False),
    "users.info": Method(people.users_info, json=False),
    "users.list": Method(people.users_list, json=False),
    "views.open": Method(views.open_modal),
    "views.publish": Method(views.publish),
    "views.push": Method(views.push),
    "views.update": Method(views.update),
}
CONNECTIONS_OPEN = "apps.connections.open"  # the app's own, not a workspace's: server.py answers it
