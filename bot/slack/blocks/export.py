"""What a member saved, in as many messages as it takes, each to be copied whole."""

from __future__ import annotations

from collections.abc import Sequence

from bot.library.citations import JOINT, NAMES, Format
from bot.model import Message
from bot.slack import limits
from bot.slack.blocks import notice
from bot.slack.blocks.kit import Block, header, plain, rich, section, words
from bot.slack.text import count, spoken

ROOM = limits.MESSAGE - 1_000  # weight of the records in a message


def messages(records: Sequence[str], wanted: Format, papers: int) -> list[Message]:
    runs = limits.split(records, ROOM, len(records))
    return [_message(run, wanted, papers, number, len(runs)) for number, run in enumerate(runs, 1)]


def _message(run: Sequence[str], wanted: Format, papers: int, number: int, parts: int) -> Message:
    which = f", part {number} of {parts}" if parts > 1 else ""
    heading = f"Your {count(papers, 'saved paper')} as {NAMES[wanted]}{which}"
    how = (
        "Copy the box below into a file." if parts == 1 else "Copy the boxes one after the other into a file."
    )
    joined = [*(one + JOINT[wanted] for one in run[:-1]), run[-1]]  # Slack takes 3,000 characters at a time
    box: Block = {"type": "rich_text_preformatted", "elements": [words(text) for text in joined]}
    return Message(spoken(heading), (header(heading), section(plain(how)), rich(box)))


def coming(wanted: Format, papers: int, parts: int) -> Message:
    by = "by direct message" if parts == 1 else f"by direct message, in {parts:,} parts"
    return notice.say(f"Your {count(papers, 'saved paper')} come as {NAMES[wanted]} {by}.")
