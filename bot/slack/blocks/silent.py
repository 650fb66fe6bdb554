"""The word to those who set up feeds that a source has fallen silent."""

from __future__ import annotations

from collections.abc import Collection

from bot.delivery.silence import Silence
from bot.model import Message
from bot.slack.blocks.help import command
from bot.slack.blocks.kit import context, mrkdwn, section
from bot.slack.text import clean, count, escape, long_day, shorten, spoken

CHANNELS = 5  # named


def silent(source: str, one: Silence, channels: Collection[str]) -> Message:
    name = shorten(clean(source), 60)
    days, longest = count(one.days, "day"), count(one.longest, "day")
    said = (
        f"Nothing has come from {name} for {days}: the last digest is of {long_day(one.last.date)}. Until now"
        f" it was never silent for more than {longest}."
    )
    shown = ", ".join(f"<#{channel}>" for channel in list(channels)[:CHANNELS])
    more = f" and {len(channels) - CHANNELS} more" if len(channels) > CHANNELS else ""
    fine = (
        f"Your feed{'s' if len(channels) > 1 else ''} in {shown}{more} will go on by itself when it is back."
    )
    foot = f"{command('why')} tells how things stand. I write this once, to those who set up feeds."
    blocks = (section(mrkdwn(f"{escape(said)}\n{fine}")), context(mrkdwn(foot)))
    return Message(spoken(said, ["Your feeds will go on by themselves when it is back."]), blocks)
