"""A paper shared, found or unfurled fits, whatever it and a member say, and none of that does anything."""

from __future__ import annotations

import pytest
from block_kit import check_blocks, check_message, strings
from hypothesis import given
from hypothesis import strategies as st
from sample_papers import HUGE_DAY, LANTERN, PAPERS, days, some, words

from bot.model import StoredPaper
from bot.slack import limits
from bot.slack.blocks import around, unfurl
from bot.slack.listeners.messages import words as said_in

NOTE = "Look:\n<!channel> @here <@U1> <https://evil.example|arXiv> & #general https://evil.example"


@some
@given(days.filter(bool), words, st.lists(st.just("2504.00001"), max_size=9))
def test_any_paper_fits_wherever_it_is_shown(
    papers: list[StoredPaper], note: str, unknown: list[str]
) -> None:
    check_message(around.found(papers, unknown))
    for one in papers:
        check_message(around.shared(one, "U1", note))
        check_blocks(unfurl.render(one)["blocks"])


def test_the_largest_papers_keep_to_the_weight_of_a_message() -> None:
    assert limits.fits(around.found(HUGE_DAY, ["cond-mat/0112017"] * 200).blocks)
    assert all(limits.fits(around.shared(one, "U1", "🧪" * 900).blocks) for one in HUGE_DAY)
    assert all(limits.fits(unfurl.render(one)["blocks"]) for one in HUGE_DAY)


def test_who_shares_is_named_and_what_they_write_does_nothing() -> None:
    message = around.shared(LANTERN, "U123", NOTE)
    check_message(message)
    assert message.blocks[0]["elements"][0]["elements"][-1] == {"type": "user", "user_id": "U123"}
    assert "mrkdwn" not in {one["type"] for one in message.blocks[1]["elements"][0]["elements"]}
    assert NOTE in list(strings(message.blocks, {"text"}))


def test_a_note_is_clipped_and_an_empty_one_is_left_out() -> None:
    assert len(around.shared(LANTERN, "U1", " \n ").blocks) == len(around.shared(LANTERN, "U1").blocks)
    (shown,) = around.shared(LANTERN, "U1", "x" * 900).blocks[1]["elements"][0]["elements"]
    assert len(shown["text"]) <= around.NOTE_LENGTH


def test_three_cards_at_most_and_the_rest_by_name() -> None:
    many = around.found([*PAPERS, *PAPERS, *PAPERS], ["2504.1"] * 7)
    assert sum(block["type"] == "actions" for block in many.blocks) == around.CARDS
    assert "Lantern, Do Robots" in many.blocks[-2]["text"]["text"]
    assert "and 1 more" in many.blocks[-2]["text"]["text"] and "and 2 more" in many.blocks[-1]["text"]["text"]


def test_an_unfurl_has_no_rich_text_which_slack_refuses_there() -> None:
    assert {block["type"] for block in unfurl.render(LANTERN)["blocks"]} == {"section", "context", "actions"}


@pytest.mark.parametrize(
    "message",
    [
        {"text": "<https://arxiv.org/abs/2504.1>"},
        {"blocks": [{"type": "rich_text", "elements": [{"elements": [{"type": "link", "url": "2504.1"}]}]}]},
        {"attachments": [{"from_url": "2504.1", "fallback": "x"}]},
        {"attachments": [{"title_link": "2504.1"}]},
        {"text": "x", "attachments": [{"blocks": [{"text": {"type": "mrkdwn", "text": "2504.1"}}]}]},
    ],
)
def test_all_that_a_message_says_is_read(message: dict[str, object]) -> None:
    assert "2504.1" in "\n".join(said_in({"type": "message", "ts": "9"} | message))
