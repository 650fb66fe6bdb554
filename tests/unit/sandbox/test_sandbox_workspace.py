"""A workspace keeps what was said in order, whatever its clock does."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.sandbox import App, Draft, SandboxError, SlackError, Workspace, sample_workspace
from bot.sandbox.messages import micros
from bot.sandbox.pings import pings

NOON = dt.datetime(2026, 3, 27, 12, 0, tzinfo=dt.UTC)


def still() -> dt.datetime:
    return NOON


def test_every_ts_is_new_and_later_than_the_last_even_when_the_clock_is_set_back() -> None:
    now = NOON
    workspace = sample_workspace(lambda: now)
    channel = workspace.channel("papers")
    seen = []
    for step in (0, 0, 3600, -7200, 0):
        now += dt.timedelta(seconds=step)
        seen.append(workspace.post(channel, workspace.bot_user, Draft("x")).ts)

    assert seen == sorted(set(seen))
    assert seen[0] == "1774612800.000000"


@pytest.mark.parametrize(
    ("ts", "moment"),
    [("1774612800.000001", 1774612800000001), ("1774612800", 1774612800000000), ("0", 0), ("1.5", 1500000)]
    + [(text, None) for text in ("", "soon", "nan", "-1", "1" * 40, "17746128x0.000001")],
)
def test_a_ts_is_read_as_microseconds(ts: str, moment: int | None) -> None:
    assert micros(ts) == moment


def test_members_live_in_three_time_zones_and_in_summer_time_when_it_is() -> None:
    workspace = sample_workspace(still)

    def hours(moment: dt.datetime) -> list[int]:
        people = [workspace.user(name).as_slack(moment) for name in ("ada", "jonas", "yuki")]
        return [person["tz_offset"] // 3600 for person in people]

    assert hours(NOON) == [-7, 1, 9]
    assert hours(NOON + dt.timedelta(days=3)) == [-7, 2, 9]


def test_a_reply_belongs_to_a_parent_that_is_there() -> None:
    workspace = sample_workspace(still)
    channel = workspace.channel("papers")
    parent = workspace.post(channel, workspace.bot_user, Draft("Today"))
    reply = workspace.post(channel, workspace.bot_user, Draft("One", thread_ts=parent.ts))

    assert channel.timeline == [parent]
    assert parent.as_slack()["latest_reply"] == reply.ts
    with pytest.raises(SlackError, match="cannot_reply_to_message"):
        workspace.post(channel, workspace.bot_user, Draft("Two", thread_ts=reply.ts))
    with pytest.raises(SlackError, match="thread_not_found"):
        workspace.post(channel, workspace.bot_user, Draft("Two", thread_ts="1.000001"))


def test_a_deleted_parent_leaves_its_thread_standing() -> None:
    workspace = sample_workspace(still)
    channel = workspace.channel("papers")
    parent = workspace.post(channel, workspace.bot_user, Draft("Today"))
    workspace.post(channel, workspace.bot_user, Draft("One", thread_ts=parent.ts))
    workspace.delete(parent)

    assert [m.as_slack()["subtype"] for m in channel.newest_first(0, 10**17)] == ["tombstone"]


def test_two_workspaces_share_no_id() -> None:
    one, two = sample_workspace(still, number=1), sample_workspace(still, number=2)

    assert one.id != two.id
    assert not set(one.channels) & set(two.channels)
    assert not set(one.users) & set(two.users)


def test_an_unknown_name_is_a_sentence() -> None:
    with pytest.raises(SandboxError, match="has no channel 'nowhere'"):
        sample_workspace(still).channel("nowhere")


def test_an_app_is_what_its_manifest_says() -> None:
    manifest = {
        "display_information": {"name": "Paperboy"},
        "features": {"slash_commands": [{"command": "/papers"}], "unfurl_domains": ["arxiv.org"]},
        "oauth_config": {"scopes": {"bot": ["chat:write", "commands"]}},
        "settings": {"event_subscriptions": {"bot_events": ["app_home_opened"]}},
    }
    workspace = Workspace(still, app=App.from_manifest(manifest))

    assert workspace.scopes == {"chat:write", "commands"}
    assert workspace.app.commands == frozenset({"/papers"})


@pytest.mark.parametrize(
    ("draft", "notified"),
    [
        (Draft("<!channel> and <@U001000002>"), {"@channel", "@U001000002"}),
        (Draft("@here, &lt;!channel&gt;"), set()),
        (Draft("@here", link_names=True), {"@here"}),
        (Draft("", [{"type": "section", "text": {"type": "mrkdwn", "text": "@everyone"}}]), {"@everyone"}),
        (Draft("", [{"type": "section", "text": {"type": "plain_text", "text": "<!channel>"}}]), set()),
    ],
)
def test_whom_a_message_would_notify_is_known(draft: Draft, notified: set[str]) -> None:
    workspace = sample_workspace(still)
    message = workspace.post(workspace.channel("papers"), workspace.bot_user, draft)

    assert pings(workspace, message) == notified


def test_verbatim_text_notifies_nobody_by_accident() -> None:
    workspace = sample_workspace(still)
    text = {"type": "mrkdwn", "text": "@here is @channel", "verbatim": True}
    message = workspace.post(
        workspace.channel("papers"), workspace.bot_user, Draft("", [{"type": "section", "text": text}])
    )

    assert pings(workspace, message) == set()
