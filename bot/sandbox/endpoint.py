"""The Web API's door: reads a request, lets faults strike, checks the token, answers as Slack does."""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import Callable
from typing import Any

from aiohttp import web

from bot.sandbox.contract import Sent
from bot.sandbox.errors import SlackError
from bot.sandbox.faults import Fault, Trouble
from bot.sandbox.messages import Json
from bot.sandbox.platform import Platform, RecordedCall
from bot.sandbox.responses import respond
from bot.sandbox.webapi.call import Call
from bot.sandbox.webapi.methods import CONNECTIONS_OPEN, METHODS
from bot.sandbox.workspace import Workspace

JSON_TYPE = "application/json"
REFUSED_STATUS = {"expired_url": 404, "used_url": 404}


class Endpoint:
    """`new_socket` gives the address of one Socket Mode connection."""

    def __init__(self, platform: Platform, new_socket: Callable[[], str]) -> None:
        self._platform = platform
        self._new_socket = new_socket

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One call: fault before, the method, fault after."""
        method = request.match_info["method"]
        try:
            args, form = await _arguments(request)
        except SlackError as refusal:
            return _json(refusal.answer())
        token = _token(request, args, form)
        workspace = self._platform.by_token.get(token or "")
        fault = self._platform.faults.strike(method, args.get("channel"), workspace.id if workspace else None)
        if fault and not fault.stored:
            await asyncio.sleep(fault.delay)
        if fault and not fault.stored and fault.trouble is not Trouble.SLOW:
            return _spoiled(fault, request)
        response = self._answer(Sent(method, args, form, token is not None), token, workspace)
        if fault and fault.stored:
            await asyncio.sleep(fault.delay)
        if fault and fault.trouble is not Trouble.SLOW:
            return _spoiled(fault, request)
        return response

    async def handle_response_url(self, request: web.Request) -> web.StreamResponse:
        """A POST to a response_url."""
        workspace, body = self._platform.workspaces.get(request.match_info["team"]), None
        try:
            if workspace is None:
                raise SlackError("expired_url")
            to, body = workspace.response_urls.use(request.match_info["id"]), await _json_body(request)
            respond(workspace, to, body)
        except SlackError as refusal:
            self._platform.recorder.note("response_url", body, refusal.code)
            return _json(refusal.answer(), status=REFUSED_STATUS.get(refusal.code, 400))
        self._platform.recorder.note("response_url", body)
        return _json({"ok": True})

    def _answer(self, sent: Sent, token: str | None, workspace: Workspace | None) -> web.Response:
        platform, needed, error = self._platform, set[str](), None
        wait = self._paced(sent, workspace)
        if wait:
            return _limited(str(math.ceil(wait)))
        try:
            body = {"ok": True} | self._perform(sent, token, workspace, needed)
        except SlackError as refusal:
            body, error = refusal.answer(), refusal.code
        platform.recorder.note(sent.method, sent.args, error)
        name = workspace.id if workspace else None
        platform.calls.append(
            RecordedCall(sent.method, sent.args, name, platform.clock(), frozenset(needed), error)
        )
        if platform.contract:
            platform.violations += platform.contract.check(sent)
        platform.pulse.beat()
        scopes = {"x-oauth-scopes": ",".join(sorted(workspace.scopes))} if workspace else {}
        return _json(body, headers=scopes)

    def _perform(self, sent: Sent, token: str | None, workspace: Workspace | None, needed: set[str]) -> Json:
        app_token = token == self._platform.app.app_token
        if sent.method == CONNECTIONS_OPEN:
            _refuse_token(token, known=app_token, other_kind=workspace is not None)
            return {"url": self._new_socket()}
        method = METHODS.get(sent.method)
        if method is None:
            raise SlackError("unknown_method", req_method=sent.method)
        if method.needs_token:
            _refuse_token(token, known=workspace is not None, other_kind=app_token)
        place = workspace or next(iter(self._platform.workspaces.values()))
        if method.needs_token and place.revoked:
            raise SlackError("token_revoked")
        args = {} if sent.form == "json" and not method.json else sent.args
        return method.perform(Call(sent.method, args, place, needed))

    def _paced(self, sent: Sent, workspace: Workspace | None) -> float:
        if self._platform.pace is None or sent.method != "chat.postMessage" or workspace is None:
            return 0.0
        now = asyncio.get_running_loop().time()
        return self._platform.pace.wait(f"{workspace.id} {sent.args.get('channel')}", now)


def _refuse_token(token: str | None, *, known: bool, other_kind: bool) -> None:
    if not token:
        raise SlackError("not_authed")
    if other_kind:
        raise SlackError("not_allowed_token_type")
    if not known:
        raise SlackError("invalid_auth")


async def _arguments(request: web.Request) -> tuple[Json, str]:
    """The arguments of query and body together, and whether they came as "json" or as a "form"."""
    args: Json = dict(request.query)
    if not request.can_read_body:
        return args, "form"
    if request.content_type == JSON_TYPE:
        return args | await _json_body(request), "json"
    if request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        return args | dict(await request.post()), "form"
    raise SlackError("invalid_post_type")


async def _json_body(request: web.Request) -> Json:
    try:
        body = json.loads(await request.read())
    except (ValueError, RecursionError) as error:
        raise SlackError("invalid_json") from error
    if not isinstance(body, dict):
        raise SlackError("json_not_object")
    return body


def _token(request: web.Request, args: Json, form: str) -> str | None:
    """The token, taken out of the arguments; Slack reads none out of a JSON body."""
    named = args.pop("token", None)
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and value:
        return value.strip()
    return str(named) if named and form == "form" else None


def _spoiled(fault: Fault, request: web.Request) -> web.StreamResponse:
    """The answer that the client gets in place of the real one."""
    if fault.trouble is Trouble.CUT and request.transport:
        request.transport.abort()
    if fault.trouble is Trouble.RATE_LIMIT:
        return _limited(fault.retry_after)
    if fault.trouble is Trouble.NOT_JSON:
        return web.Response(
            text="<html><body>Server is having a moment</body></html>", content_type="text/html"
        )
    if fault.trouble is Trouble.REFUSE:
        return _json({"ok": False, "error": fault.error})
    return web.Response(status=500, text="Internal Server Error")


def _limited(retry_after: str | None) -> web.Response:
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    return _json({"ok": False, "error": "ratelimited"}, status=429, headers=headers)


def _json(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    return web.Response(
        body=json.dumps(body).encode(),
        status=status,
        headers=headers,
        content_type=JSON_TYPE,
        charset="utf-8",
    )
