"""`paperboy doctor` about Slack: tokens, scopes, the way in, the clock, channels."""

from __future__ import annotations

import asyncio
import datetime as dt
import sys
from subprocess import PIPE

import pytest
from premises import Premises

from bot.app.core import utc_now
from bot.doctor import Finding, Health, examine
from bot.sandbox import Sandbox

NETWORK = "Check this machine's network and proxy, and status.slack.com."
Findings = dict[str, Finding]
NEEDED = {"commands", "chat:write"}
USEFUL = NEEDED | {"users:read", "channels:read", "groups:read", "links:read", "links:write"}


async def look(premises: Premises, ahead: dt.timedelta = dt.timedelta()) -> Findings:
    """By what was checked; `ahead`: how far our clock is."""
    looked = examine(premises.settings(), lambda: utc_now() + ahead)
    return {finding.check: finding async for finding in looked}


@pytest.fixture
def joined(premises: Premises, slack: Sandbox) -> Premises:
    """All is well."""
    premises.connect(slack)
    slack.workspace.scopes = USEFUL | {"channels:history", "groups:history", "im:history", "im:write"}
    return premises


async def test_all_is_well(joined: Premises) -> None:
    found = await look(joined)
    del found["source local"], found["library"]  # notes: nothing was read yet
    assert {finding.health for finding in found.values()} == {Health.FINE}
    assert found["Slack"].found == "@paperboy in Paper Street"
    assert found["connection"].found == "Socket Mode"


async def test_the_command_says_so_and_is_done(joined: Premises) -> None:
    done = await joined.beside("doctor")
    assert (done.code, done.err) == (0, "")
    assert "✓ Slack: @paperboy in Paper Street\n" in done.out
    assert "• source local: never read yet\n  → `paperboy run` reads it" in done.out
    assert (await joined.beside("doctor", "--quiet")).out == ""
    objects = (await joined.beside("doctor", "--json")).objects
    assert {one["health"] for one in objects} == {"fine", "note"}
    assert all(one.keys() == {"check", "health", "found", "advice"} for one in objects)


@pytest.mark.parametrize("enough", [1, 4, 8])
async def test_a_reader_that_has_seen_enough(joined: Premises, enough: int) -> None:
    process = await asyncio.create_subprocess_shell(
        f"{sys.executable} -m bot doctor | head -n {enough}",
        cwd=joined.folder,
        env=joined.environment,
        stdout=PIPE,
        stderr=PIPE,
    )
    out, err = await process.communicate()
    assert (len(out.splitlines()), err) == (enough, b"")


# --- tokens -------------------------------------------------------------------------------------


async def test_no_token_at_all(premises: Premises) -> None:
    found = await look(premises)
    assert found["Slack"].found == "SLACK_BOT_TOKEN is not set"
    assert "Bot User OAuth Token (xoxb-…)" in found["Slack"].advice
    assert found["connection"].found == "SLACK_APP_TOKEN is not set"
    assert "App-Level Token (xapp-…)" in found["connection"].advice
    assert found["database"].health is Health.FINE
    done = await premises.beside("doctor", "--quiet")
    assert done.code == 1
    assert [line[0] for line in done.out.splitlines()] == ["✗", " ", "✗", " "]


@pytest.mark.parametrize("code", ["token_expired", "token_revoked", "account_inactive"])
async def test_a_bot_token_that_slack_refuses(joined: Premises, slack: Sandbox, code: str) -> None:
    slack.faults.add("refuse", method="auth.test", error=code)
    found = await look(joined)
    assert found["Slack"] == Finding(
        "Slack",
        Health.WRONG,
        f"Slack says {code}",
        "Slack no longer takes this token: install the app again, and renew SLACK_BOT_TOKEN.",
    )
    assert "channel C001000002" not in found


async def test_a_wrong_bot_token(joined: Premises) -> None:
    joined.env["SLACK_BOT_TOKEN"] = "xoxb-wrong"
    found = (await look(joined))["Slack"]
    assert found.found == "Slack says invalid_auth"
    assert "check that all of it was copied to SLACK_BOT_TOKEN" in found.advice


async def test_a_revoked_bot_token(joined: Premises, slack: Sandbox) -> None:
    slack.workspace.revoked = True
    assert (await look(joined))["Slack"].found == "Slack says token_revoked"


async def test_a_wrong_app_token(joined: Premises) -> None:
    joined.env["SLACK_APP_TOKEN"] = "xapp-wrong"
    found = (await look(joined))["connection"]
    assert found.health is Health.WRONG
    assert found.found == "Slack refuses SLACK_APP_TOKEN (invalid_auth)"
    assert "with the scope connections:write" in found.advice


async def test_swapped_tokens(joined: Premises) -> None:
    bot, app = joined.env["SLACK_BOT_TOKEN"], joined.env["SLACK_APP_TOKEN"]
    done = await joined.beside("doctor", SLACK_BOT_TOKEN=app, SLACK_APP_TOKEN=bot)
    assert done.code == 2
    assert "✗ settings: SLACK_BOT_TOKEN: what stands here belongs in SLACK_APP_TOKEN" in done.out
    assert "SLACK_APP_TOKEN: what stands here belongs in SLACK_BOT_TOKEN" in done.out
    assert bot not in done.out + done.err and app not in done.out + done.err


async def test_http_mode_needs_no_app_token(joined: Premises, slack: Sandbox) -> None:
    del joined.env["SLACK_APP_TOKEN"]
    joined.env |= {"SLACK_SIGNING_SECRET": slack.signing_secret, "PAPERBOY_HTTP": "127.0.0.1:3456"}
    found = (await look(joined))["connection"]
    assert found.found == "HTTP, listening on 127.0.0.1:3456/slack/events"
    assert found.health is Health.FINE


# --- reaching Slack -----------------------------------------------------------------------------


async def test_slack_is_unreachable(joined: Premises, slack: Sandbox) -> None:
    await slack.go_down()
    found = await look(joined)
    for check in "Slack", "connection":
        assert found[check].health is Health.WRONG
        assert "Slack can't be reached" in found[check].found
        assert found[check].advice == NETWORK
    assert found["database"].health is Health.FINE
    assert "posts as soon as" in found["feed C001000002"].found


@pytest.mark.parametrize("trouble", ["server_error", "not_json", "cut"])
async def test_slack_talks_nonsense(joined: Premises, slack: Sandbox, trouble: str) -> None:
    slack.faults.add(trouble, times=None)
    found = await look(joined)
    assert (found["Slack"].health, found["connection"].health) == (Health.WRONG, Health.WRONG)


async def test_slack_asks_to_slow_down(joined: Premises, slack: Sandbox) -> None:
    slack.faults.add("rate_limit", method="auth.test", retry_after="30")
    found = (await look(joined))["Slack"]
    assert (found.health, found.advice) == (Health.NOTE, "Try again in 30 s.")


# --- scopes and clock ---------------------------------------------------------------------------


async def test_a_scope_that_is_needed(joined: Premises, slack: Sandbox) -> None:
    slack.workspace.scopes = USEFUL - {"chat:write"}
    found = (await look(joined))["scopes"]
    assert (found.health, found.found) == (Health.WRONG, "missing: chat:write")
    assert found.advice == "Install the app again from config/slack-manifest.yaml."


async def test_scopes_that_are_only_useful(joined: Premises, slack: Sandbox) -> None:
    slack.workspace.scopes = NEEDED | {"channels:history", "groups:history"}
    found = await look(joined)
    assert found["scopes"].health is Health.NOTE
    assert found["scopes"].found == (
        "without users:read, members' hours are taken as UTC; without channels:read, groups:read, `paperboy"
        " doctor` can't look at channels; without links:read, links:write, links to papers don't show what"
        " they are about; without im:history, im:write, a crash may repeat the post that it cut short"
    )
    assert found["channel C001000002"].health is Health.NOTE


@pytest.mark.parametrize(
    ("seconds", "said"), [(400, "400 s ahead of Slack's"), (-400, "400 s behind Slack's")]
)
async def test_a_clock_that_is_off(joined: Premises, seconds: int, said: str) -> None:
    found = (await look(joined, dt.timedelta(seconds=seconds)))["clock"]
    assert found.health is Health.WRONG
    assert abs(int(found.found.split()[0]) - 400) <= 10
    assert found.found.split(" ", 1)[1] == said.split(" ", 1)[1]
    assert "NTP" in found.advice


# --- channels and feeds -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("channel", "said", "advice"),
    [
        ("old-project", "#old-project is archived", "Choose another, or bring it back."),
        ("general", "the bot is not in #general", "Type /invite @Paperboy in #general."),
        ("board-only", "Slack says channel_not_found", "There is no such channel, or it is private"),
    ],
)
async def test_a_channel_where_nothing_can_be_posted(
    joined: Premises, slack: Sandbox, channel: str, said: str, advice: str
) -> None:
    joined.connect(slack, channel)
    found = (await look(joined))[f"channel {slack.workspace.channel(channel).id}"]
    assert (found.health, found.found) == (Health.WRONG, said)
    assert found.advice.startswith(advice)


async def test_an_unknown_channel(joined: Premises) -> None:
    joined.config('[[feeds]]\nchannel = "C0NOWHERE"\n')
    found = (await look(joined))["channel C0NOWHERE"]
    assert (found.health, found.found) == (Health.WRONG, "Slack says channel_not_found")


async def test_a_public_channel_may_do_without_the_bot(joined: Premises, slack: Sandbox) -> None:
    joined.connect(slack, "general")
    slack.workspace.scopes = USEFUL | {"chat:write.public"}
    found = (await look(joined))[f"channel {slack.workspace.channel('general').id}"]
    assert (found.health, found.found) == (Health.FINE, "#general; the bot is not in it, but may post")


async def test_slack_breaks_off_between_two_channels(joined: Premises, slack: Sandbox) -> None:
    slack.faults.add("cut", method="conversations.info", times=None)
    found = (await look(joined))["channel C001000002"]
    assert (found.health, found.advice) == (
        Health.WRONG,
        NETWORK,
    )
