"""Keeps other sites away: a page on the web can reach loopback through the browser of whoever visits it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web
from yarl import URL

OURS = {"127.0.0.1", "localhost"}
FETCHED_BY_US = {"same-origin", "none"}  # none: typed into the address bar

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def same_site(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuses another site's name for this address (DNS rebinding), and what another site's page sent.

    Programs send neither Origin nor Sec-Fetch-Site; every browser of today sends both where they matter.
    """
    if not _is_ours(request.host):
        raise web.HTTPForbidden(text="This is served to 127.0.0.1 only.")
    origin = request.headers.get("Origin")
    fetched = request.headers.get("Sec-Fetch-Site", "none")
    followed_link = request.path == "/" and request.headers.get("Sec-Fetch-Mode") == "navigate"
    if (origin and origin != f"http://{request.host}") or (
        fetched not in FETCHED_BY_US and not followed_link
    ):
        raise web.HTTPForbidden(text="Another site asked for this.")
    return await handler(request)


def _is_ours(host: str) -> bool:
    try:
        return URL(f"http://{host}").host in OURS
    except ValueError:
        return False
