"""What can go wrong with a fetch, and what an operator reads of it."""

from __future__ import annotations

import datetime as dt

import aiohttp
from yarl import URL

from bot.errors import SourceError

AGAIN = "It is asked again at the next poll"


class NotFoundError(SourceError):
    """Nothing is there (yet)."""


class UnusableFileError(SourceError):
    """This one file can't be had; others may. `validator` tells whether it is still the same trouble."""

    def __init__(self, user_message: str, validator: str) -> None:
        super().__init__(user_message, transient=False)
        self.validator = validator


def too_large(what: str, limit: int) -> str:
    return (
        f"{what} is larger than {limit / 2**20:.3g} MB and was left out. If it is a digest, split it into"
        " a file a day"
    )


class RateLimitError(SourceError):
    """Nothing is asked of that host before `retry_at`."""

    def __init__(self, host: str, retry_at: dt.datetime) -> None:
        super().__init__(
            f"{host} wants no more requests for now. It is left alone until {retry_at:%Y-%m-%d %H:%M} UTC and"
            " asked again after that; for GitHub, GITHUB_TOKEN raises the limit",
            transient=True,
        )
        self.retry_at = retry_at


def shown(url: URL) -> str:
    """Without the query, which may hold a key."""
    return str(url.with_query(None).with_fragment(None))


def refused(status: int, url: URL) -> SourceError:
    """For an answer that is neither the file nor a redirect nor a request to slow down."""
    answered = f"{shown(url)} answered {status}"
    if status in (404, 410):
        return NotFoundError(f"{answered}: nothing is there", transient=False)
    if status >= 500 or status in (408, 425, 429):
        return SourceError(f"{answered}: its server has trouble. {AGAIN}", transient=True)
    if status in (401, 403, 407):
        return SourceError(
            f"{answered}: it may not be read from here. If it is private on GitHub, set GITHUB_TOKEN to a"
            " token that may read it",
            transient=False,
        )
    problem = f"{answered} instead of the file, which was left out. Check the address in the settings"
    return UnusableFileError(problem, f"answered {status}")


def no_address(text: str) -> SourceError:
    return SourceError(f"{text} is no web address. Mend it in the settings", transient=False)


def broken(error: Exception, url: URL, seconds: float) -> SourceError:
    """For a request that got no whole answer."""
    match error:
        case TimeoutError():
            return SourceError(f"{shown(url)} took longer than {seconds:g} s. {AGAIN}", transient=True)
        case aiohttp.ClientConnectorCertificateError():
            return SourceError(
                f"{url.host} shows a certificate that isn't trusted. Check the address, and this machine's"
                " clock and certificates",
                transient=False,
            )
        case aiohttp.ClientConnectorError():
            reason = error.strerror or "no connection"
            return SourceError(
                f"{url.host} can't be reached ({reason}). Check the network and the address. {AGAIN}",
                transient=True,
            )
        case _:
            return SourceError(f"The answer of {shown(url)} broke off. {AGAIN}", transient=True)
