"""HTTP mode takes what Slack signed, and nothing else."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator

import aiohttp
import pytest
from slack_sdk.signature import SignatureVerifier
from stage import Stage

BODY = "command=%2Fpapers&text=help&team_id=T001000000&user_id=U001000002&response_url=&trigger_id=1"


@pytest.fixture
async def address(stage: Stage) -> AsyncIterator[str]:
    stage.http = True
    async with stage.bot() as bot:
        yield bot.connection.address


def headers(stage: Stage, **changed: str) -> dict[str, str]:
    now = str(int(time.time()))
    signature = SignatureVerifier(stage.sandbox.signing_secret).generate_signature(timestamp=now, body=BODY)
    signed = {"X-Slack-Request-Timestamp": now, "X-Slack-Signature": signature or ""}
    return {"Content-Type": "application/x-www-form-urlencoded", **signed, **changed}


async def status(address: str, given: dict[str, str], body: str = BODY) -> int:
    async with aiohttp.ClientSession() as session, session.post(address, data=body, headers=given) as answer:
        return answer.status


async def test_a_signed_request_is_taken(stage: Stage, address: str) -> None:
    assert await status(address, headers(stage)) == 200


@pytest.mark.parametrize(
    "changed",
    [
        {"X-Slack-Signature": "v0=0123"},
        {"X-Slack-Signature": ""},
        {"X-Slack-Signature": "v0=ünïcode"},
        {"X-Slack-Request-Timestamp": "yesterday"},
        {"X-Slack-Request-Timestamp": ""},
        {"X-Slack-Request-Timestamp": "1400000000"},
    ],
    ids=["wrong", "none", "not ASCII", "no number", "no time", "stale"],
)
async def test_what_slack_did_not_sign_is_refused(
    stage: Stage, address: str, changed: dict[str, str]
) -> None:
    assert await status(address, headers(stage, **changed)) == 401


async def test_a_changed_body_is_refused(stage: Stage, address: str) -> None:
    assert await status(address, headers(stage), BODY.replace("help", "saved")) == 401
