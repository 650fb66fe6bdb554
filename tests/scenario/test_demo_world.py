"""The demo's world behind the page's two buttons: a digest each, a morning each, for members near and far."""

from __future__ import annotations

import datetime as dt

from patience import PATIENCE

from bot.demo import World, open_world


async def test_every_digest_comes_to_the_channel_and_to_who_follows() -> None:
    async with open_world(toured=False) as world:
        await world.sandbox.until(lambda: world.posts, timeout=PATIENCE)  # of the digests there before
        people = [world.sandbox.member(name) for name in ("yuki", "jonas", "ada")]
        for member in people:
            await member.command("papers", "/papers", "follow Robotics")
        drop, morning = world.controls
        for days in range(1, 5):
            await drop.act(people[0])
            for member in people:
                await morning.act(member)
                await had(world, member.id, days)
        assert len(world.posts) == 5
        assert not drop.ready()
        assert morning.ready()


async def had(world: World, member: str, number: int) -> None:
    """That many digests of their own."""
    dm = world.sandbox.workspace.dm(member)
    await world.sandbox.until(lambda: len(dm.timeline) >= number, timeout=PATIENCE)


async def test_the_buttons_wait_for_the_tour() -> None:
    async with open_world() as world:
        assert [control.ready() for control in world.controls] == [False, False]
        world.busy = False
        assert [control.ready() for control in world.controls] == [True, True]


async def test_the_clock_leaps_over_nobody_s_hour() -> None:
    """A feed of nine in Tokyo gets what came by then at nine, not when the clock stands still again."""
    async with open_world(toured=False) as world:
        await world.sandbox.until(lambda: world.posts, timeout=PATIENCE)
        yuki, robotics = world.sandbox.member("yuki"), world.sandbox.workspace.channel("robotics")
        await yuki.invite_bot("robotics")
        await yuki.command("robotics", "/papers", "feed set")
        form = await world.sandbox.until(lambda: yuki.modal, timeout=PATIENCE)
        assert form
        await yuki.press(form, "feed_when", "hour")
        await world.sandbox.until(lambda: "feed_at" in str(form.blocks), timeout=PATIENCE)
        await yuki.suggestions(form, "feed_zone", "tokyo")
        await yuki.submit(form, {"at": "09:00", "zone": "Asia/Tokyo"})
        drop, morning = world.controls
        await drop.act(yuki)
        await world.all_said()
        await drop.act(yuki)
        await morning.act(yuki)
        await world.all_said()
        _introduction, *posts = robotics.timeline
        came = [dt.datetime.fromtimestamp(float(post.ts), dt.UTC) for post in posts]
        assert [f"{moment:%d %H:%M}" for moment in came] == ["20 00:00", "21 00:00", "24 00:00"]
