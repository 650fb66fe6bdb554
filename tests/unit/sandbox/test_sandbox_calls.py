"""No arguments, however odd, do more to a method than make it refuse."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox import Draft, SlackError, sample_workspace
from bot.sandbox.webapi.call import Call
from bot.sandbox.webapi.methods import METHODS

TS = "1795161600.000000"
ODD: list[Any] = [None, "", 0, -1, 1.5, True, [], {}, [[]], [{}], {"type": []}, "{", "[]", "\ud800", "?"]
LIKELY: list[Any] = [TS, "C001000002", "U001000002", "b2Zmc2V0Ong=", {"type": "home", "blocks": []}, "im"]
PLACES = ["channel", "user", "users", "user_id", "view_id", "external_id", "team", "types"]
WORDS = ["text", "blocks", "metadata", "attachments", "unfurls", "view", "message", "error", "hash"]
TIMES = ["ts", "thread_ts", "message_ts", "oldest", "latest", "trigger_id", "cursor", "limit", "test"]


@given(
    st.sampled_from(sorted(METHODS)),
    st.dictionaries(st.sampled_from([*PLACES, *WORDS, *TIMES]), st.sampled_from([*ODD, *LIKELY])),
)
def test_any_call_is_answered_or_refused(method: str, args: dict[str, Any]) -> None:
    workspace = sample_workspace(lambda: dt.datetime.fromtimestamp(1795161600, dt.UTC))
    workspace.post(workspace.channel("papers"), workspace.bot_user, Draft("Today"))
    try:
        answer = METHODS[method].perform(Call(method, {"channel": "C001000002", "ts": TS} | args, workspace))
        assert isinstance(answer, dict)
    except SlackError as refusal:
        assert refusal.answer()["ok"] is False
