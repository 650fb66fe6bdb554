"""What Prometheus reads from a bot at work."""

from __future__ import annotations

from watched import Monitor, Site, until

from bot import __version__
from bot.app.bot import Role
from bot.settings import Address


async def reaching(monitor: Monitor, **wanted: float) -> dict[str, float]:
    """The metrics, once the deliveries in these states are that many."""

    async def look() -> bool:
        found = await monitor.metrics()
        names = {f"paperboy_deliveries_total{{state={state}}}": count for state, count in wanted.items()}
        return all(found[name] >= count for name, count in names.items())

    await until(look)
    return await monitor.metrics()  # anew: a scrape asks the database first, and counts a moment later


async def test_each_thing_sent_is_counted_and_timed(site: Site) -> None:
    site.write(papers=2)
    async with site.monitored() as monitor:
        found = await reaching(monitor, sent=3)
        (post,) = site.sandbox.workspace.channel("papers").timeline
        assert found["paperboy_deliveries_total{state=sent}"] == 1 + len(post.replies) == 3
        assert found["paperboy_post_seconds_count"] == 3
        assert found["paperboy_deliveries_total{state=parked}"] == found["paperboy_rate_limited_total"] == 0
        assert found["paperboy_open_deliveries{state=planned}"] == found["paperboy_queue_age_seconds"] == 0
        assert found["paperboy_sockets_open"] == found["paperboy_sockets_wanted"] == 1
        assert found[f"paperboy_build_info{{version={__version__}}}"] == found["paperboy_database_up"] == 1


async def test_a_429_is_counted_and_the_queue_ages_while_it_holds(site: Site) -> None:
    site.sandbox.faults.add("rate_limit", method="chat.postMessage", retry_after="600")
    site.write(papers=2)
    async with site.monitored() as monitor:
        found = await reaching(monitor, held=1)
        assert found["paperboy_rate_limited_total"] == 1
        assert found["paperboy_open_deliveries{state=held}"] == 1
        assert found["paperboy_open_deliveries{state=planned}"] == 2
        site.clock.move(minutes=5)
        assert (await monitor.metrics())["paperboy_queue_age_seconds"] == 300


async def test_a_refusal_shows_as_parked(site: Site) -> None:
    site.sandbox.faults.add("refuse", method="chat.postMessage", error="is_archived")
    site.write(papers=1)
    async with site.monitored() as monitor:
        found = await reaching(monitor, parked=1)
        assert found["paperboy_deliveries_total{state=sent}"] == 0


async def test_a_source_that_fails_shows_since_when(site: Site) -> None:
    site.write(papers=1)
    async with site.monitored() as monitor:
        await reaching(monitor, sent=2)
        assert (await monitor.metrics())["paperboy_source_failing{source=local}"] == 0
        site.digests.rename(site.folder / "elsewhere")

        async def failing() -> bool:
            return bool((await monitor.metrics())["paperboy_source_failing{source=local}"])

        await until(failing)
        site.clock.move(minutes=10)  # only now: a poll that is under way would still succeed
        assert (await monitor.metrics())["paperboy_source_age_seconds{source=local}"] == 600


async def test_a_source_that_was_removed_is_not_told_of(site: Site) -> None:
    site.write(papers=1)
    async with site.monitored() as monitor:
        await reaching(monitor, sent=2)
    site.given["sources"] = ()
    async with site.monitored() as monitor:
        assert not [name for name in await monitor.metrics() if "source=local" in name]


async def test_a_process_that_does_not_listen_wants_no_socket(site: Site, postgres_url: str) -> None:
    site.given["database_url"] = postgres_url
    async with site.monitored(Role.SCHEDULE) as monitor:
        found = await monitor.metrics()
        assert found["paperboy_sockets_wanted"] == found["paperboy_sockets_open"] == 0
        assert "paperboy_queue_age_seconds" in found
        assert await monitor.ready() == (200, {})


async def test_two_processes_count_for_themselves(site: Site, postgres_url: str) -> None:
    site.given["database_url"] = postgres_url
    site.write(papers=1)
    async with site.monitored(Role.DELIVER) as posts, site.monitored(Role.SCHEDULE) as plans:
        assert (await reaching(posts, sent=2))["paperboy_post_seconds_count"] == 2
        found = await plans.metrics()
        assert found["paperboy_post_seconds_count"] == 0
        assert found["paperboy_open_deliveries{state=planned}"] == 0


async def test_metrics_hold_no_secret(site: Site) -> None:
    async with site.monitored() as monitor:
        said = await monitor.text("/metrics") + await monitor.text("/readyz")
        assert site.sandbox.bot_token not in said
        assert site.sandbox.app_token not in said


async def test_http_mode_wants_no_socket_either(site: Site) -> None:
    site.given |= {
        "slack_app_token": None,
        "slack_signing_secret": site.sandbox.signing_secret,
        "http": Address("127.0.0.1", 0),
    }
    async with site.monitored() as monitor:
        assert (await monitor.metrics())["paperboy_sockets_wanted"] == 0
        assert await monitor.ready() == (200, {})
