"""A web server on loopback that says what a test tells it to, and a reader with the library's memory."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager

from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.sources import Document, Source

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]

LIMIT = 50_000
NOW = dt.datetime(2025, 4, 30, 12, tzinfo=dt.UTC)  # a Wednesday


class Host:
    def __init__(self) -> None:
        self.url = ""
        self.asked: list[web.Request] = []
        self.most_at_once = 0
        self._answers: dict[str, list[Answer]] = {}
        self._at_once = 0

    def say(self, path: str, *answers: Answer) -> None:
        """One answer a request, the last one for ever."""
        self._answers[path] = list(answers)

    def put(self, path: str, text: str) -> None:
        """A file, as servers offer it: with an ETag, and 304 for who knows it."""
        etag = f'"{hashlib.sha256(text.encode()).hexdigest()[:16]}"'

        async def answer(request: web.Request) -> web.Response:
            if request.headers.get("If-None-Match") == etag:
                return web.Response(status=304, headers={"ETag": etag})
            return web.Response(text=text, headers={"ETag": etag})

        self.say(path, answer)

    @property
    def paths(self) -> list[str]:
        return [request.path for request in self.asked]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request)
        answers = self._answers.get(request.path, [status(404)])
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            return await answer(request)
        finally:
            self._at_once -= 1


def status(code: int, body: bytes = b"", **headers: str) -> Answer:
    """`Retry_After="60"` is the header Retry-After."""

    async def answer(request: web.Request) -> web.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.Response(status=code, body=body, headers=named)

    return answer


@asynccontextmanager
async def serving() -> AsyncIterator[Host]:
    host = Host()
    app = web.Application()
    app.router.add_get("/{path:.*}", host.handle)
    async with TestServer(app) as server:
        host.url = f"http://127.0.0.1:{server.port}"
        yield host


class Reader:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.seen: dict[str, str] = {}
        self.problems: list[str] = []

    async def read(self, now: dt.datetime = NOW) -> list[str]:
        """The text of each document, in order."""
        return [document.data.decode() for document in await self.documents(now)]

    async def documents(self, now: dt.datetime = NOW) -> list[Document]:
        found: list[Document] = []
        async with aclosing(self.source.changed(dict(self.seen), now)) as items:
            async for item in items:
                self.seen[item.path] = item.validator
                if isinstance(item, Document):
                    found.append(item)
                elif item.problem:
                    self.problems.append(item.problem)
        return found
