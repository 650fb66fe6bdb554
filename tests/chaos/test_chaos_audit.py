"""The audit itself: it says what is wrong with what it is shown, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest
from audit import BLIND, Audit, audit

EVENT = "paperboy_delivery"
SENT = "2026-01-01 09:00:00 planned\n2026-01-01 09:00:01 sending: a\n2026-01-01 09:00:01 sent\n"
SENT_BLINDLY = SENT.replace("sent\n", f"unsure: cut\n2026-01-01 09:00:02 held: {BLIND} whether it arrived\n")


@dataclass(frozen=True)
class Row:
    key: str
    slack_ts: str | None
    state: str = "sent"
    destination: str = "C1"
    target: str | None = None
    payload: dict[str, Any] | None = None
    note: str | None = None
    story: str = SENT


FIRST = Row("a", "1.000001", payload={"text": "Paper 1"})
SECOND = Row("b", "2.000001", payload={"text": "Paper 2"})
BLINDLY = replace(SECOND, story=SENT_BLINDLY)
CHANGED = Row("b:r2", "2.000001", target="b", payload={"text": "Paper 2, changed"})


def message(row: Row, ts: str | None = None, text: str | None = None) -> dict[str, Any]:
    metadata = {"event_type": EVENT, "event_payload": {"key": row.key}}
    said = text or (row.payload or {})["text"]
    return {"ts": ts or row.slack_ts, "text": said, "metadata": metadata}


def audited(rows: list[Row], *messages: dict[str, Any], papers: int = 0) -> Audit:
    channel = {"name": "topic-1", "messages": list(messages)}
    return audit(rows, {"workspaces": [{"channels": [channel]}]}, EVENT, papers)


def test_what_came_once_in_order_is_well() -> None:
    found = audited([FIRST, SECOND], message(FIRST), message(SECOND), papers=2)
    assert found.wrong(history=True) == found.wrong(history=False) == []
    assert (found.rows, found.messages, found.repeats) == (2, 2, 0)


@pytest.mark.parametrize(
    ("rows", "messages", "wrong"),
    [
        ([FIRST, SECOND], [message(FIRST)], "lost: b"),
        ([FIRST], [message(FIRST), message(FIRST, "3.0")], "repeated: a"),
        ([FIRST], [message(FIRST), message(SECOND)], "unknown to the ledger: b"),
        ([FIRST], [message(FIRST, "3.0")], "recorded with another ts: a"),
        ([FIRST, SECOND], [message(FIRST, "3.0"), message(SECOND)], "out of order: b"),
        ([SECOND, CHANGED], [message(SECOND)], "not as the ledger has it: b:r2"),
        ([replace(FIRST, state="unsure")], [message(FIRST)], "still open, or given up: a"),
        ([replace(FIRST, state="parked")], [message(FIRST)], "still open, or given up: a"),
    ],
)
@pytest.mark.parametrize("history", [True, False])
def test_what_is_wrong_is_told(
    rows: list[Row], messages: list[dict[str, Any]], wrong: str, history: bool
) -> None:
    told = audited(rows, *messages).wrong(history)
    assert any(line.startswith(wrong) for line in told), told


def test_a_paper_is_missed_even_where_the_ledger_knows_nothing_of_it() -> None:
    (told,) = audited([FIRST], message(FIRST), papers=2).wrong(history=True)
    assert told == "a paper that was never shown: Paper 2 in topic-1"


def test_a_change_is_taken_for_the_message_that_it_changed() -> None:
    found = audited([SECOND, CHANGED], message(SECOND, text="Paper 2, changed"))
    assert found.wrong(history=True) == []


def test_a_repeat_is_explained_by_the_blind_attempts_of_its_own_row_alone() -> None:
    twice = [message(SECOND), message(SECOND, "3.0")]
    found = audited([FIRST, BLINDLY], message(FIRST), *twice)
    assert (found.repeats, found.blind, found.unexplained) == (1, 1, [])
    assert found.wrong(history=False) == []
    assert found.wrong(history=True)

    other = audited([replace(FIRST, story=SENT_BLINDLY), SECOND], message(FIRST), *twice)
    assert [one.key for one in other.unexplained] == ["b"]
    thrice = audited([BLINDLY], *twice, message(SECOND, "4.0"))
    assert [one.key for one in thrice.unexplained] == ["b"]
