"""Socket Mode: up to ten connections of one app, each payload to one of them, acks by envelope id."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from bot.sandbox.delivery import NO_ANSWER, NOBODY_THERE, Ack, Envelope
from bot.sandbox.errors import SlackError
from bot.sandbox.messages import Json

MOST_CONNECTIONS = 10
ANSWERABLE = ("slash_commands", "interactive")  # an ack of these may carry a body


@dataclass(slots=True, eq=False)
class Connection:
    socket: web.WebSocketResponse
    request: web.Request
    retired: bool = False  # asked to come back on another; gets nothing any more, may still ack
    waiting: dict[str, asyncio.Future[Ack]] = field(default_factory=dict)

    def abort(self) -> None:
        if self.request.transport:
            self.request.transport.abort()


class Sockets:
    """`changed` is called whenever a connection comes or goes; an ack is waited for `ack_seconds`."""

    def __init__(self, app_id: str, changed: Callable[[], None], ack_seconds: float) -> None:
        self._app_id = app_id
        self._ack_seconds = ack_seconds
        self._changed = changed
        self._tickets: set[str] = set()
        self._numbers = itertools.count(1)
        self._turn = itertools.count()
        self._open: list[Connection] = []
        self.opened = 0  # connections ever made

    @property
    def connections(self) -> list[Connection]:
        """Those that payloads can go to."""
        return [connection for connection in self._open if not connection.retired]

    def ticket(self) -> str:
        """Lets one connection in, once."""
        if len(self.connections) >= MOST_CONNECTIONS:
            raise SlackError("too_many_websockets")
        ticket = f"ticket-{next(self._numbers)}"
        self._tickets.add(ticket)
        return ticket

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """The life of one connection."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            raise web.HTTPForbidden(text="This ticket was used, or never sold.")
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        connection = Connection(socket, request)
        self._open.append(connection)
        self.opened += 1
        try:
            await socket.send_json(self._hello())
            self._changed()
            async for message in socket:
                if message.type == WSMsgType.TEXT:
                    _acknowledge(connection, message.data)
        finally:
            self._lost(connection)
        return socket

    async def deliver(self, envelope: Envelope) -> Ack:
        """Send to the next connection in turn, and wait for its ack."""
        there = self.connections
        if not there:
            return Ack(NOBODY_THERE)
        connection = there[next(self._turn) % len(there)]
        envelope_id = f"envelope-{next(self._numbers)}"
        loop = asyncio.get_running_loop()
        acked = connection.waiting[envelope_id] = loop.create_future()
        started = loop.time()
        try:
            await connection.socket.send_json(_framed(envelope, envelope_id))
            ack = await asyncio.wait_for(acked, self._ack_seconds)
        except (TimeoutError, ConnectionError):
            ack = Ack(NO_ANSWER)
        finally:
            connection.waiting.pop(envelope_id, None)
        return Ack(ack.error, ack.status, ack.body, loop.time() - started)

    async def refresh(self, reason: str = "refresh_requested") -> None:
        """Ask every client to come back on a new connection; all but a `warning` end the use of the old."""
        said = {"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}}
        for connection in self.connections:
            connection.retired = reason != "warning"
            await connection.socket.send_json(said)
        self._changed()

    def drop(self) -> None:
        """Break every connection without a word."""
        for connection in list(self._open):
            self._lost(connection)
            connection.abort()

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.connections),
            "connection_info": {"app_id": self._app_id},
            "debug_info": {"host": "sandbox", "approximate_connection_time": 18_000},
        }

    def _lost(self, connection: Connection) -> None:
        if connection in self._open:
            self._open.remove(connection)
        for acked in connection.waiting.values():
            if not acked.done():
                acked.set_result(Ack(NO_ANSWER))
        self._changed()


def _framed(envelope: Envelope, envelope_id: str) -> Json:
    framed: Json = {
        "envelope_id": envelope_id,
        "type": envelope.kind,
        "accepts_response_payload": envelope.kind in ANSWERABLE,
        "payload": envelope.payload,
    }
    if envelope.kind == "events_api":
        framed |= {"retry_attempt": envelope.retry_num, "retry_reason": envelope.retry_reason or ""}
    return framed


def _acknowledge(connection: Connection, text: str) -> None:
    try:
        said = json.loads(text)
    except ValueError:
        return  # Slack ignores what it can't read, too
    acked = connection.waiting.get(said.get("envelope_id", "")) if isinstance(said, dict) else None
    if acked and not acked.done():
        acked.set_result(Ack(status=200, body=said.get("payload") or None))
