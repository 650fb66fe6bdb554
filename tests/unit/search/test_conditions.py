"""What a query asks of the index besides ranking, as conditions in its language."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.library.query import parse
from bot.library.search.filters import Condition, condition


def asked(text: str) -> Condition:
    return condition([parse(text, today=dt.date(2025, 10, 1), known=("Robotics",)).root])


@pytest.mark.parametrize(
    ("text", "once"),
    [
        ("tag:robotics OR has:code OR tag:robotics", "tag:robotics OR has:code"),
        ("-(robots has:code robots)", "-(robots has:code)"),
    ],
)
def test_what_is_asked_twice_is_looked_up_once(text: str, once: str) -> None:
    assert asked(text) == asked(once)
