"""Driving the sandbox over HTTP, under /sandbox: for a bot or a test in another process.

Bodies and answers are JSON. A member is named in `user`, a workspace in `workspace` (left out: the first).
"""

from __future__ import annotations

import asyncio
import dataclasses
import json
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.sandbox.directory import Channel
from bot.sandbox.errors import SandboxError
from bot.sandbox.exchange import Reply
from bot.sandbox.member import Member
from bot.sandbox.messages import Json, Message
from bot.sandbox.views import View
from bot.sandbox.workspace import Workspace

if TYPE_CHECKING:
    from bot.sandbox.server import Sandbox

Action = Callable[[Json], Awaitable[Json]]


class Control:
    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._later: set[asyncio.Task[None]] = set()

    def routes(self) -> list[web.RouteDef]:
        """Every one a POST of a JSON object, but for reading state, calls and violations."""
        actions: dict[str, Action] = {
            "message": self._message,
            "command": self._command,
            "press": self._press,
            "submit": self._submit,
            "dismiss": self._dismiss,
            "shortcut": self._shortcut,
            "suggest": self._suggest,
            "home": self._home,
            "invite": self._invite,
            "remove": self._remove,
            "rename": self._rename,
            "archive": self._archive,
            "uninstall": self._uninstall,
            "redeliver": self._redeliver,
            "fault": self._fault,
            "clear-faults": self._clear_faults,
            "struck": self._struck,
            "down": self._down,
            "sockets": self._sockets,
            "state": self._state,
            "calls": self._calls,
        }
        return [web.post(f"/sandbox/{name}", _handler(action)) for name, action in actions.items()]

    async def _message(self, body: Json) -> Json:
        member = self._member(body)
        message = await member.post(body["channel"], body["text"], thread_ts=body.get("thread_ts"))
        return {"message": message.as_slack()}

    async def _command(self, body: Json) -> Json:
        where, command = body["channel"], body["command"]
        reply = await self._member(body).command(where, command, body.get("text", ""), **_patience(body))
        return _shown(reply)

    async def _press(self, body: Json) -> Json:
        """In the message `ts` of `channel`, the view `view_id`, or an ephemeral message `ts` of theirs."""
        member = self._member(body)
        where, values = _looked_at(member, body), body.get("values")
        if values and isinstance(where, View):
            member.fill(where, values)
        return _shown(await member.press(where, body.get("action_id"), body.get("value"), **_patience(body)))

    async def _submit(self, body: Json) -> Json:
        member = self._member(body)
        return _shown(await member.submit(_view(member, body), body.get("values"), **_patience(body)))

    async def _dismiss(self, body: Json) -> Json:
        """`all`: the whole stack."""
        member = self._member(body)
        return _shown(await member.dismiss(_view(member, body), all_of_them=bool(body.get("all"))))

    async def _shortcut(self, body: Json) -> Json:
        """On the message `ts` of `channel`, or without `ts` a global one."""
        member, callback_id = self._member(body), body["callback_id"]
        if "ts" not in body:
            return _shown(await member.shortcut(callback_id, **_patience(body)))
        message = _looked_at(member, body)
        if not isinstance(message, Message):
            raise SandboxError("That is no message.")
        return _shown(await member.message_shortcut(message, callback_id, **_patience(body)))

    async def _suggest(self, body: Json) -> Json:
        """What the external select `action_id` offers for `typed`."""
        member = self._member(body)
        where = _looked_at(member, body)
        return {"options": await member.suggestions(where, body["action_id"], body["typed"])}

    async def _home(self, body: Json) -> Json:
        """`tab`: home or messages."""
        tab = body.get("tab", "home")
        return _shown(await self._member(body).open_home(tab=tab, **_patience(body)))

    async def _invite(self, body: Json) -> Json:
        await self._member(body).invite_bot(body["channel"])
        return {}

    async def _remove(self, body: Json) -> Json:
        await self._member(body).remove_bot(body["channel"])
        return {}

    async def _rename(self, body: Json) -> Json:
        await self._member(body).rename(body["channel"], body["name"])
        return {}

    async def _archive(self, body: Json) -> Json:
        await self._member(body).archive(body["channel"])
        return {}

    async def _uninstall(self, body: Json) -> Json:
        await self._member(body).uninstall()
        return {}

    async def _redeliver(self, body: Json) -> Json:
        for event in self._sandbox.events:
            if event.event_id == body["event_id"]:
                ack = await self._sandbox.redeliver(event, body.get("reason", "timeout"))
                return {"ack": dataclasses.asdict(ack)}
        raise SandboxError(f"No event {body['event_id']} was sent.")

    async def _fault(self, body: Json) -> Json:
        how = {name: value for name, value in body.items() if name != "trouble"}
        self._sandbox.faults.add(body["trouble"], **how)
        return {}

    async def _clear_faults(self, body: Json) -> Json:
        self._sandbox.faults.clear()
        return {}

    async def _struck(self, body: Json) -> Json:
        """How often each kind of fault struck, such as "cut, stored"."""
        faults = [fault for _, fault in self._sandbox.faults.struck]
        names = (f"{one.trouble}, stored" if one.stored else str(one.trouble) for one in faults)
        return {"struck": Counter(names)}

    async def _down(self, body: Json) -> Json:
        """Down for `seconds`, from just after this answer on."""
        task = asyncio.create_task(self._down_for(float(body["seconds"])))
        self._later.add(task)
        task.add_done_callback(self._later.discard)
        return {}

    async def _down_for(self, seconds: float) -> None:
        await asyncio.sleep(0.05)  # lets the answer out
        async with self._sandbox.down():
            await asyncio.sleep(seconds)

    async def _sockets(self, body: Json) -> Json:
        """`do`: refresh_requested, warning, link_disabled or drop."""
        if body["do"] == "drop":
            self._sandbox.sockets.drop()
        else:
            await self._sandbox.sockets.refresh(body["do"])
        return {}

    async def _state(self, body: Json) -> Json:
        return {"workspaces": [_workspace(each) for each in self._sandbox.platform.workspaces.values()]}

    async def _calls(self, body: Json) -> Json:
        calls = [
            dataclasses.asdict(call) | {"at": call.at.isoformat(), "needed": sorted(call.needed)}
            for call in self._sandbox.calls
        ]
        return {"calls": calls, "violations": [str(violation) for violation in self._sandbox.violations]}

    def _member(self, body: Json) -> Member:
        workspaces = self._sandbox.platform.workspaces
        workspace = workspaces[body["workspace"]] if "workspace" in body else self._sandbox.workspace
        return self._sandbox.member(body["user"], workspace)


def _handler(action: Action) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            body = json.loads(await request.read() or "{}")
            if not isinstance(body, dict):
                raise SandboxError("A JSON object is wanted.")
            return web.json_response({"ok": True} | await action(body))
        except KeyError as missing:
            return _refused(f"There is no {missing}: left out, or unknown.")
        except (ValueError, TypeError, SandboxError) as error:
            return _refused(str(error))

    return handle


def _refused(sentence: str) -> web.Response:
    return web.json_response({"ok": False, "error": sentence}, status=400)


def _looked_at(member: Member, body: Json) -> Message | View:
    return member.looking_at(**{name: body[name] for name in ("view_id", "channel", "ts") if name in body})


def _view(member: Member, body: Json) -> View:
    view = member.workspace.views.get(body["view_id"])
    if view is None:
        raise SandboxError(f"There is no view {body['view_id']}.")
    return view


def _patience(body: Json) -> dict[str, Any]:
    return {name: body[name] for name in ("answers", "timeout") if name in body}


def _shown(reply: Reply) -> Json:
    return {
        "ack": dataclasses.asdict(reply.ack),
        "error": reply.error,
        "errors": reply.errors,
        "messages": [message.as_slack() | {"channel": message.channel} for message in reply.messages],
        "views": [view.as_slack() for view in reply.views],
    }


def _workspace(workspace: Workspace) -> Json:
    return {
        "id": workspace.id,
        "name": workspace.name,
        "bot_token": workspace.bot_token,
        "users": [user.as_slack(workspace.clock()) for user in workspace.users.values()],
        "channels": [_channel(workspace, channel) for channel in workspace.channels.values()],
        "ephemerals": [
            message.as_slack() | {"channel": message.channel, "only_for": message.only_for}
            for message in workspace.ephemerals
            if not message.deleted
        ],
        "homes": {user: view.as_slack() for user, view in workspace.views.homes.items()},
        "modals": {
            user: [view.as_slack() for view in stack] for user, stack in workspace.views.stacks.items()
        },
    }


def _channel(workspace: Workspace, channel: Channel) -> Json:
    """A conversation with all it holds, replies behind their parents."""
    said = []
    for message in channel.timeline:
        for each in (message, *message.replies):
            if not each.deleted and each not in said:
                said.append(each)
    messages = [message.as_slack(with_metadata=True) for message in said]
    return channel.as_slack(workspace.bot_user) | {"members": channel.members, "messages": messages}
