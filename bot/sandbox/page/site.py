"""The page's routes: the page itself, the stream of its changes, and what members do on it.

Nothing is done here that `Member` does not do: what a press or a command leads to travels to the bot and back
over Slack's protocol, and comes to the page as any change does.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.sandbox.delivery import Ack
from bot.sandbox.errors import SandboxError
from bot.sandbox.exchange import Reply
from bot.sandbox.inline import escape
from bot.sandbox.member import Member
from bot.sandbox.page.drawing import Drawing, asset, templates
from bot.sandbox.page.fields import Filled
from bot.sandbox.page.visit import HOME, Read, Visit, first_place
from bot.sandbox.server import Sandbox
from bot.sandbox.views import View

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https:; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
ASSETS = {
    "messages.css": "text/css",
    "page.css": "text/css",
    "script.js": "text/javascript",
    "icon.svg": "image/svg+xml",
}
LOOK_AGAIN = 15.0  # seconds: for the clock, and to notice who has gone
HOME_SECONDS = 2.0  # for the bot to draw a first Home

Action = Callable[[Member, web.Request], Awaitable[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Control:
    """A button of the demo's own, such as to move the clock; `act` gets who looks."""

    name: str
    label: str
    hint: str
    act: Callable[[Member], Awaitable[None]]
    ready: Callable[[], bool] = lambda: True


class Site:
    """Serves the first workspace of a sandbox; `controls` act on the world around it."""

    def __init__(self, sandbox: Sandbox, controls: Sequence[Control] = ()) -> None:
        self._sandbox = sandbox
        self._controls = controls
        self._read = Read()
        self._closed = False

    def attach(self, app: web.Application) -> None:
        app.router.add_get("/", self._page)
        app.router.add_get("/page/stream", self._stream)
        for name in ASSETS:
            app.router.add_get(f"/page/{name}", _asset)
        actions: dict[str, Action] = {
            "say": self._say,
            "press": self._press,
            "submit": self._submit,
            "dismiss": self._dismiss,
            "shortcut": self._shortcut,
            "suggest": self._suggest,
            "control": self._control,
        }
        for name, action in actions.items():
            app.router.add_post(f"/page/{name}", self._handler(action))
        app.on_shutdown.append(self._close)

    def beat(self) -> None:
        """Something changed that is no change of the workspace."""
        self._sandbox.platform.pulse.beat()

    # Looking

    async def _page(self, request: web.Request) -> web.StreamResponse:
        try:
            visit = self._visit(request)
        except SandboxError:
            raise web.HTTPFound("/") from None  # an address of another run
        if visit.place is None:
            await self._open_home(visit.member)
        return web.Response(text=self._render("page.html", visit), content_type="text/html", headers=HEADERS)

    async def _open_home(self, member: Member) -> None:
        """One drawn before is shown at once, and anew when it comes."""
        try:
            await member.open_home(answers=0 if member.home else 1, timeout=HOME_SECONDS)
        except (SandboxError, TimeoutError):
            return  # the app has no Home, or nobody is there to draw it

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events: what the page shows, whole, whenever it is not what it was."""
        response = web.StreamResponse(headers=HEADERS | {"Content-Type": "text/event-stream"})
        await response.prepare(request)
        last = ""
        while not self._closed and request.transport and not request.transport.is_closing():
            changes = len(self._sandbox.workspace.changes)
            try:
                shown = self._render("app.html", self._visit(request))
            except SandboxError:
                break
            controls = self._ready()
            if shown != last:
                try:
                    await response.write(f"data: {json.dumps(shown)}\n\n".encode())
                except ConnectionResetError:
                    break
                last = shown
            await self._change(changes, controls)
        return response

    async def _change(self, changes: int, controls: list[bool]) -> None:
        """The next one, or a while."""

        def differs() -> bool:
            seen = len(self._sandbox.workspace.changes)
            return self._closed or seen != changes or self._ready() != controls

        try:
            await self._sandbox.platform.pulse.until(differs, LOOK_AGAIN)
        except TimeoutError:
            return

    def _ready(self) -> list[bool]:
        return [control.ready() for control in self._controls]

    def _visit(self, request: web.Request) -> Visit:
        """The one that an address means; without one, whom and what there is."""
        asked, workspace = request.query, self._sandbox.workspace
        people = (user for user in workspace.users.values() if not user.is_bot)
        member = self._sandbox.member(asked.get("member") or next(people).id)
        if asked.get("at") == HOME:
            return Visit(member, None, None, self._read)
        place = workspace.channel(asked["at"]) if "at" in asked else first_place(workspace, member)
        if member.id not in place.members:
            place = first_place(workspace, member)
        self._read.mark(member, place)
        thread = place.by_ts.get(asked.get("thread", ""))
        return Visit(member, place, thread, self._read)

    def _render(self, template: str, visit: Visit) -> str:
        draw = Drawing(visit.workspace, visit.member.user.tz)
        return templates().get_template(template).render(visit=visit, draw=draw, controls=self._controls)

    # Doing

    def _handler(self, action: Action) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def handle(request: web.Request) -> web.StreamResponse:
            try:
                done = await action(self._sandbox.member(request.query["member"]), request)
            except (SandboxError, TimeoutError) as error:
                done = {"error": str(error)}
            except (KeyError, ValueError) as error:  # no form of ours
                raise web.HTTPBadRequest(text=f"{type(error).__name__}: {error}", headers=HEADERS) from error
            return web.json_response(done, headers=HEADERS)

        return handle

    async def _say(self, member: Member, request: web.Request) -> dict[str, Any]:
        """A message, or a slash command."""
        form = await request.post()
        text, thread_ts = str(form["text"]).strip(), form.get("thread_ts")
        place = request.query["channel"]
        if not text:
            return {}
        if not text.startswith("/"):
            await member.post(place, escape(text), thread_ts=str(thread_ts) if thread_ts else None)
            return {}
        command, _, rest = text.partition(" ")
        if thread_ts:
            return {"error": f"{command} is not supported in threads. Sorry!"}
        reply = await member.command(place, command, rest.strip(), answers=0)
        return {"error": f"{command} failed with the error “{reply.error}”"} if reply.error else {}

    async def _press(self, member: Member, request: web.Request) -> dict[str, Any]:
        where = _where(member, request)
        form = Filled(await request.post(), member.user.tz)
        blocks = member.offered(where)
        found, value = form.pressed(blocks)
        if isinstance(where, View):
            where.state = form.typed(blocks, where.state)
        block_id = found.block["block_id"]
        reply = await member.press(where, found.action_id, value, block_id=block_id, answers=0)
        return _outcome(reply)

    async def _submit(self, member: Member, request: web.Request) -> dict[str, Any]:
        view = _view(member, request)
        values = Filled(await request.post(), member.user.tz).inputs(view.blocks)
        return _outcome(await member.submit(view, values, answers=0))

    async def _dismiss(self, member: Member, request: web.Request) -> dict[str, Any]:
        everything = "all" in await request.post()
        return _outcome(await member.dismiss(_view(member, request), all_of_them=everything))

    async def _shortcut(self, member: Member, request: web.Request) -> dict[str, Any]:
        message, callback_id = _where(member, request), str((await request.post())["press"])
        return _outcome(await member.message_shortcut(message, callback_id, answers=0))

    async def _suggest(self, member: Member, request: web.Request) -> dict[str, Any]:
        """The options of an external select, for what is typed there."""
        where, form = _where(member, request), await request.post()
        found, _ = Filled(form, member.user.tz).pressed(member.offered(where))
        options = await member.suggestions(where, found.action_id, str(form["typed"]))
        return {"options": [[option["value"], option["text"]["text"]] for option in options]}

    async def _control(self, member: Member, request: web.Request) -> dict[str, Any]:
        name = (await request.post())["control"]
        for control in self._controls:
            if control.name == name and control.ready():
                await control.act(member)
                self.beat()
                return {}
        raise SandboxError("Not now.")

    async def _close(self, _: web.Application) -> None:
        self._closed = True
        self.beat()
        await asyncio.sleep(0)  # lets the streams see it


def _where(member: Member, request: web.Request) -> Any:
    names = ("view_id", "channel", "ts")
    return member.looking_at(**{name: request.query[name] for name in names if name in request.query})


def _view(member: Member, request: web.Request) -> View:
    view = _where(member, request)
    if not isinstance(view, View):
        raise SandboxError("That is no view.")
    return view


def _outcome(reply: Reply) -> dict[str, Any]:
    """What a member reads where something went wrong."""
    said = {"error": _trouble(reply.ack)} if reply.error else {}
    return said | ({"errors": reply.errors} if reply.errors else {})


def _trouble(ack: Ack) -> str:
    return f"This app responded with an error ({ack.error})."


async def _asset(request: web.Request) -> web.StreamResponse:
    name = request.path.rpartition("/")[2]
    return web.Response(text=asset(name), content_type=ASSETS[name], headers=HEADERS)
