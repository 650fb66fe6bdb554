"""Messages as they were looked at and found good: tests/data/blocks/NAME.json, one a case.

After a change of looks, run this file by itself to write them anew, and read the difference.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from block_kit import check_message
from sample_papers import DAY, PAPERS

from bot.delivery.outlook import Outlook, SourceFacts, Status
from bot.delivery.reasons import Answer, Because, Reason, Row
from bot.delivery.roundup import by_topic
from bot.model import Feed, Follow, FollowKind, Layout, Match, Message, State, Subscription
from bot.slack.blocks import (
    around,
    digest,
    following,
    member,
    notice,
    roundup,
    search,
    similar,
    today,
    unfurl,
    why,
)
from bot.slack.blocks import help as usage
from bot.slack.blocks.because import Telling
from bot.slack.blocks.following import Preview
from bot.slack.blocks.part import Part
from bot.slack.blocks.search import Found
from bot.slack.ids import Search

DATA = Path(__file__).parents[2] / "data" / "blocks"
FOLLOWS = (Follow(FollowKind.TAG, "Robotics"), Follow(FollowKind.AUTHOR, "Ada Moss"))
READER = Subscription("T1", "U1", timezone="Europe/Berlin", at=dt.time(8, 30), follows=FOLLOWS)
MATCHES = [Match(PAPERS[0], ("author Ada Moss",)), Match(PAPERS[1], ("Robotics",))]


MONDAY = dt.date(2025, 4, 28)
FEED = Feed("T1", "CHERE1", post_at=dt.time(9), timezone="Europe/Berlin", filter="robot OR video")
WEEK = by_topic([Match(one, ()) for one in PAPERS], {PAPERS[1].id: 3})
NOON = dt.datetime(2025, 4, 28, 12, tzinfo=dt.UTC)
ROW = Row("ch:1", State.SENT, NOON, NOON, NOON, "1.2")
SENT = Because(Reason.SENT, NOON, ROW, matched=("robot OR video",))
TELLING = Telling(NOON, "Europe/Berlin", {"ch:1": "https://acme.slack.com/archives/CHERE1/p12"})
SOURCE = SourceFacts("daily papers", MONDAY, NOON)
OUTLOOK = Outlook(ROW, NOON + dt.timedelta(days=1), quiet=2)


def channel(layout: Layout) -> tuple[Part, ...]:
    return digest.render(DAY, "daily papers", PAPERS, layout, filter="robot OR video", total=9)


BROUGHT = Preview(["A Lantern", "<!here>"], 12, 22, 31, 30)
CASES: dict[str, Callable[[], list[Message]]] = {
    "channel-thread": lambda: [part.message for part in channel(Layout.THREAD)],
    "channel-full": lambda: [part.message for part in channel(Layout.FULL)],
    "channel-compact": lambda: [part.message for part in channel(Layout.COMPACT)],
    "channel-empty": lambda: [digest.empty(DAY, "daily papers").message],
    "member-daily": lambda: [member.render(DAY, MATCHES).message],
    "today-titles": lambda: [today.titles(DAY, PAPERS)],
    "search-page": lambda: [
        search.page(
            Search("fewer framse", offset=2),
            Found(
                PAPERS[:2],
                total=7,
                ranked=True,
                matched={"fewer", "frames"},
                corrected="fewer frames",
                follow=Follow(FollowKind.SEARCH, "fewer frames"),
            ),
            size=2,
        )
    ],
    "search-nothing": lambda: [
        search.page(Search("zzz"), Found((), total=0, follow=Follow(FollowKind.PHRASE, "zzz")))
    ],
    "similar": lambda: [similar.page(PAPERS[0], PAPERS[1:], total=2), similar.page(PAPERS[0], (), total=0)],
    "shared": lambda: [around.shared(PAPERS[1], "U123", "We do the same.\n@here <!channel> look")],
    "found": lambda: [
        around.found(PAPERS, ["2504.99999"]),
        around.found((), ["2504.99999", "cs/0112017"]),
        around.found((), ()),
    ],
    "hidden": lambda: [around.hidden(PAPERS[0]), around.shown(PAPERS[0])],
    "unfurl": lambda: [Message("–", tuple(unfurl.render(one)["blocks"])) for one in PAPERS],
    "week-channel": lambda: [
        roundup.render(MONDAY, WEEK, FEED).message,
        roundup.render(MONDAY, (), FEED).message,
    ],
    "week-member": lambda: [roundup.render(MONDAY, by_topic(MATCHES, {}), None).message],
    "why-paper": lambda: [
        why.of_paper(PAPERS[0], Answer(SENT, Because(Reason.NOT_FOLLOWED)), TELLING, channel="CHERE1"),
        why.of_paper(PAPERS[1], Answer(None, Because(Reason.HIDDEN)), TELLING, searched="robot"),
    ],
    "why-nothing": lambda: [
        why.in_general(Status((SOURCE,), OUTLOOK, OUTLOOK), TELLING, channel="CHERE1"),
        why.unknown("2511.12345", [SOURCE], TELLING),
    ],
    "following": lambda: [following.render(READER), following.followed(FOLLOWS[0], READER, BROUGHT)],
    "help": lambda: [usage.message(unknown="folow", suggestion="follow")],
    "error": lambda: [notice.error("I know no tag “<!here>”. Did you mean Robotics?", "ab12cd")],
}


def plain(messages: list[Message]) -> list[dict[str, Any]]:
    return [{"text": message.text, "blocks": list(message.blocks)} for message in messages]


@pytest.mark.parametrize("name", CASES)
def test_the_message_is_as_it_was_found_good(name: str) -> None:
    messages = CASES[name]()
    for message in messages:
        check_message(message)
    assert plain(messages) == json.loads((DATA / f"{name}.json").read_text("utf-8"))


def test_no_case_is_left_over() -> None:
    assert {path.stem for path in DATA.glob("*.json")} == set(CASES)


if __name__ == "__main__":
    for name, build in CASES.items():
        golden = json.dumps(plain(build()), ensure_ascii=False, indent=1)
        (DATA / f"{name}.json").write_text(golden + "\n", "utf-8")
