"""One file from a web server: what is asked, what is refused, and what an operator reads of it."""

from __future__ import annotations

import asyncio
import datetime as dt
import gzip
from email.utils import format_datetime

import aiohttp
import pytest
from aiohttp import web
from tenacity import wait_none
from webhost import LIMIT, NOW, Answer, Host, serving, status

from bot import __version__
from bot.errors import SourceError
from bot.sources import Fetcher, RateLimitError


async def refusal(fetcher: Fetcher, url: str, now: dt.datetime = NOW) -> SourceError:
    with pytest.raises(SourceError) as caught:
        await fetcher.get(url, now=now)
    return caught.value


async def test_a_file_is_fetched_once_and_then_only_asked_about(host: Host, fetcher: Fetcher) -> None:
    host.put("/a.md", "# today")
    first = await fetcher.get(f"{host.url}/a.md", now=NOW)
    assert first and first.data == b"# today"
    assert await fetcher.get(f"{host.url}/a.md", now=NOW, validator=first.validator) is None
    assert host.asked[1].headers["If-None-Match"] == first.validator


async def test_a_server_without_etags_is_asked_by_date(host: Host, fetcher: Fetcher) -> None:
    date = "Mon, 28 Apr 2025 10:00:00 GMT"
    host.say("/a.md", status(200, b"a", Last_Modified=date), status(304))
    first = await fetcher.get(f"{host.url}/a.md", now=NOW)
    assert first and first.validator == date
    assert await fetcher.get(f"{host.url}/a.md", now=NOW, validator=first.validator) is None
    assert host.asked[1].headers["If-Modified-Since"] == date


async def test_a_server_with_neither_is_known_by_what_it_says(host: Host, fetcher: Fetcher) -> None:
    host.say("/a.md", status(200, b"a"), status(200, b"a"), status(200, b"b"))
    files = [await fetcher.get(f"{host.url}/a.md", now=NOW) for _ in range(3)]
    one, same, other = (file.validator for file in files if file)
    assert one == same != other


async def test_the_bot_says_who_it_is(host: Host, fetcher: Fetcher) -> None:
    host.put("/a.md", "a")
    await fetcher.get(f"{host.url}/a.md", now=NOW)
    assert host.asked[0].headers["User-Agent"] == f"Paperboy/{__version__}"


# --- trouble that passes ---------------------------------------------------------------------------


async def test_a_server_with_trouble_is_asked_again(host: Host, fetcher: Fetcher) -> None:
    host.say("/a.md", status(500), status(502), status(200, b"a"))
    file = await fetcher.get(f"{host.url}/a.md", now=NOW)
    assert file and file.data == b"a"


async def test_trouble_that_stays_is_given_up_after_four_times(host: Host, fetcher: Fetcher) -> None:
    host.say("/a.md", status(500))
    error = await refusal(fetcher, f"{host.url}/a.md?key=hush")
    assert error.transient
    assert error.user_message == (
        f"{host.url}/a.md answered 500: its server has trouble. It is asked again at the next poll"
    )
    assert len(host.asked) == 4


async def test_an_answer_that_breaks_off_is_asked_for_again(host: Host, fetcher: Fetcher) -> None:
    async def half(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "100"})
        await response.prepare(request)
        await response.write(b"half of ")
        assert request.transport
        request.transport.close()
        return response

    host.say("/a.md", half, status(200, b"whole"))
    file = await fetcher.get(f"{host.url}/a.md", now=NOW)
    assert file and file.data == b"whole"


async def test_a_server_that_takes_for_ever_is_left(host: Host, session: aiohttp.ClientSession) -> None:
    async def drip(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b".")
            await asyncio.sleep(0.01)

    host.say("/a.md", drip)
    error = await refusal(Fetcher(session, wait=wait_none(), seconds=0.1), f"{host.url}/a.md")
    assert error.transient
    assert error.user_message == (
        f"{host.url}/a.md took longer than 0.1 s. It is asked again at the next poll"
    )


async def test_a_host_that_is_not_there(fetcher: Fetcher) -> None:
    async with serving() as gone:
        url = gone.url
    error = await refusal(fetcher, f"{url}/a.md")
    assert error.transient
    assert error.user_message.startswith("127.0.0.1 can't be reached (")
    assert "Check the network and the address" in error.user_message


# --- trouble that does not -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (404, "nothing is there"),
        (410, "nothing is there"),
        (401, "set GITHUB_TOKEN to a token that may read it"),
        (403, "set GITHUB_TOKEN to a token that may read it"),
        (418, "Check the address in the settings"),
        (204, "Check the address in the settings"),
    ],
)
async def test_what_will_not_pass_is_asked_once(host: Host, fetcher: Fetcher, code: int, said: str) -> None:
    host.say("/a.md", status(code))
    error = await refusal(fetcher, f"{host.url}/a.md")
    assert not error.transient
    assert error.user_message.startswith(f"{host.url}/a.md answered {code}")
    assert error.user_message.endswith(said)
    assert len(host.asked) == 1


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://x.org/a.md", "nonsense", "http://[", "http://"])
async def test_what_is_no_web_address_is_not_fetched(fetcher: Fetcher, url: str) -> None:
    error = await refusal(fetcher, url)
    assert not error.transient
    assert error.user_message == f"{url} is no web address. Mend it in the settings"


# --- size ------------------------------------------------------------------------------------------


async def endless(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    while True:
        await response.write(b"x" * 8192)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(status(200, b"x" * (LIMIT + 1)), id="says so"),
        pytest.param(endless, id="does not say how long it is"),
        pytest.param(
            status(200, gzip.compress(b"x" * 100 * LIMIT), Content_Encoding="gzip"), id="packed small"
        ),
    ],
)
async def test_what_is_too_large_is_left_out(host: Host, fetcher: Fetcher, answer: Answer) -> None:
    host.say("/a.md", answer)
    error = await refusal(fetcher, f"{host.url}/a.md")
    assert not error.transient
    assert error.user_message.startswith(f"{host.url}/a.md is larger than 0.0477 MB and was left out")


async def test_what_is_just_small_enough_is_read(host: Host, fetcher: Fetcher) -> None:
    host.say("/a.md", status(200, b"x" * LIMIT))
    file = await fetcher.get(f"{host.url}/a.md", now=NOW)
    assert file and len(file.data) == LIMIT


# --- redirects -------------------------------------------------------------------------------------


async def test_a_redirect_is_followed(host: Host, fetcher: Fetcher) -> None:
    host.say("/old/a.md", status(301, Location="../new/a.md"))
    host.put("/new/a.md", "moved")
    file = await fetcher.get(f"{host.url}/old/a.md", now=NOW)
    assert file and file.data == b"moved"


@pytest.mark.parametrize(
    ("location", "leads_to"),
    [
        ("https://x.org/a.md", "https://x.org"),
        ("file:///etc/passwd", "file://?"),
        ("ftp://x.org/a", "ftp://x.org"),
        ("http://[", "?://?"),
    ],
)
async def test_a_redirect_to_another_scheme_is_not(
    host: Host, fetcher: Fetcher, location: str, leads_to: str
) -> None:
    host.say("/a.md", status(302, Location=location))
    error = await refusal(fetcher, f"{host.url}/a.md")
    assert not error.transient
    assert error.user_message == (
        f"{host.url}/a.md redirects to {leads_to}, which is not followed."
        " If you trust the address where it ends, put that into the settings"
    )


async def test_a_redirect_in_circles_ends(host: Host, fetcher: Fetcher) -> None:
    host.say("/a.md", status(302, Location="/a.md"))
    error = await refusal(fetcher, f"{host.url}/a.md")
    assert error.user_message == f"{host.url}/a.md redirects on and on. Check it in the settings"
    assert len(host.asked) == 6


async def test_a_token_goes_to_no_other_host(host: Host, fetcher: Fetcher) -> None:
    async with serving() as other:
        host.say("/a.md", status(302, Location=f"{other.url}/b.md"))
        other.put("/b.md", "b")
        await fetcher.get(f"{host.url}/a.md", now=NOW, headers={"Authorization": "token hush"})
        assert host.asked[0].headers["Authorization"] == "token hush"
        assert "Authorization" not in other.asked[0].headers


# --- a host that wants a pause ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "headers", "minutes"),
    [
        (429, {"Retry_After": "120"}, 2),
        (503, {"Retry_After": "120"}, 2),
        (403, {"Retry_After": format_datetime(NOW + dt.timedelta(minutes=3), usegmt=True)}, 3),
        (
            403,
            {"X_RateLimit_Remaining": "0", "X_RateLimit_Reset": str(int(NOW.timestamp()) + 1800)},
            30,
        ),
        (429, {}, 1),
        (429, {"Retry_After": "soon"}, 1),
        (403, {"X_RateLimit_Remaining": "0", "X_RateLimit_Reset": "?"}, 1),
        (429, {"Retry_After": "99999999999999999999"}, 24 * 60),
    ],
)
async def test_a_pause_is_kept(
    host: Host, fetcher: Fetcher, code: int, headers: dict[str, str], minutes: int
) -> None:
    host.say("/a.md", status(code, b"", **headers), status(200, b"a"))
    error = await refusal(fetcher, f"{host.url}/a.md")
    until = NOW + dt.timedelta(minutes=minutes)
    assert isinstance(error, RateLimitError) and error.transient
    assert error.retry_at == until
    assert f"It is left alone until {until:%Y-%m-%d %H:%M} UTC" in error.user_message

    again = await refusal(fetcher, f"{host.url}/b.md", until - dt.timedelta(seconds=1))
    assert isinstance(again, RateLimitError)
    assert len(host.asked) == 1
    assert await fetcher.get(f"{host.url}/a.md", now=until)


async def test_the_last_request_of_the_hour_still_counts(host: Host, fetcher: Fetcher) -> None:
    reset = str(int(NOW.timestamp()) + 60)
    host.say("/a.md", status(200, b"a", X_RateLimit_Remaining="0", X_RateLimit_Reset=reset))
    assert await fetcher.get(f"{host.url}/a.md", now=NOW)
    assert isinstance(await refusal(fetcher, f"{host.url}/a.md"), RateLimitError)
