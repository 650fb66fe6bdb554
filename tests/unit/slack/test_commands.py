"""What people type after /papers, and what it is taken for."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadArgument
from bot.model import Frequency
from bot.slack.commands import Command, NotUnderstood, read, read_day, read_digest
from bot.subscriptions.service import Timing

TODAY = dt.date(2025, 4, 29)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("", Command("help")),
        ("  help ", Command("help")),
        ("today", Command("today")),
        ("yesterday", Command("today", "yesterday")),
        ("2025-04-28", Command("today", "2025-04-28")),
        ("today 2025-04-28", Command("today", "2025-04-28")),
        ("search  camera motion", Command("search", "camera motion")),
        ("FIND: BitNet v2", Command("search", "BitNet v2")),
        ("subscribe nlp", Command("follow", "nlp")),
        ("unsubscribe nlp", Command("unfollow", "nlp")),
        ("list", Command("following")),
        ("digest daily at 08:30", Command("digest", "daily at 08:30")),
        ("Pause", Command("digest", "pause")),
        ("mute", Command("digest", "mute")),
        ("resume", Command("digest", "resume")),
    ],
)
def test_verbs_and_the_words_people_try(text: str, command: Command) -> None:
    assert read(text) == command


def test_a_misspelt_verb_is_answered_with_the_nearest() -> None:
    assert read("serach robots") == NotUnderstood("serach", "search")
    assert isinstance(read("pause everybody"), NotUnderstood)
    assert read("qwrtzp") == NotUnderstood("qwrtzp", None)


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    assert isinstance(read(text), Command | NotUnderstood)


def test_days() -> None:
    assert read_day("", TODAY) is None
    assert read_day("yesterday", TODAY) == dt.date(2025, 4, 28)
    assert read_day("2024-12-16", TODAY) == dt.date(2024, 12, 16)
    with pytest.raises(BadArgument, match="yesterday"):
        read_day("someday", TODAY)


@pytest.mark.parametrize(
    ("rest", "wanted"),
    [
        ("daily at 08:30", Timing(Frequency.DAILY, None, dt.time(8, 30))),
        ("daily 8:30am", Timing(Frequency.DAILY, None, dt.time(8, 30))),
        ("weekly", Timing(Frequency.WEEKLY)),
        ("weekly on fri at 8:30 am", Timing(Frequency.WEEKLY, 4, dt.time(8, 30))),
        ("every Friday", Timing(Frequency.WEEKLY, 4)),
        ("thurs, 20:15", Timing(Frequency.WEEKLY, 3, dt.time(20, 15))),
        ("mondays at noon", Timing(Frequency.WEEKLY, 0, dt.time(12))),
        ("Off", Timing(Frequency.OFF)),
        ("on", Timing(Frequency.DAILY)),
        ("at 7am", Timing(at=dt.time(7))),
        ("20:30", Timing(at=dt.time(20, 30))),
        ("8:30 pm", Timing(at=dt.time(20, 30))),
    ],
)
def test_digest_settings(rest: str, wanted: Timing) -> None:
    assert read_digest(rest) == wanted


@pytest.mark.parametrize(
    "rest", ["", "sometimes", "daily at never", "daily on fri", "mon and tue", "<!here>"]
)
def test_digest_settings_that_can_not_be_read_teach(rest: str) -> None:
    with pytest.raises(BadArgument, match="08:30"):
        read_digest(rest)


def test_what_is_no_hour_either_is_taught_all_of_it() -> None:
    with pytest.raises(BadArgument, match="weekly on fri"):
        read_digest("sometimes")
