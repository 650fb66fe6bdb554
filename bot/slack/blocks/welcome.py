"""The first word to a workspace: what is left to do, to whoever asks first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.model import Message
from bot.slack.blocks.help import EMPTY_LIBRARY, Examples, command, shown
from bot.slack.blocks.kit import context, mrkdwn, plain, section
from bot.slack.text import spoken

GREETING = "Paperboy is here: it brings this workspace the day’s AI papers."
LATER = "This is said once. `/papers help` shows all that there is."


@dataclass(frozen=True, slots=True)
class Left:
    """What nobody has done yet."""

    feed: bool
    follow: bool
    digest: bool

    @property
    def nothing(self) -> bool:
        return not (self.feed or self.follow or self.digest)


def message(left: Left, examples: Examples = EMPTY_LIBRARY) -> Message:
    listed = list(steps(left, examples))
    if len(listed) > 1:
        listed = [f"*{number}.* {step}" for number, step in enumerate(listed, 1)]
    heading = f"{GREETING} What is left to do:"
    blocks = (section(plain(heading)), section(mrkdwn("\n".join(listed))), context(mrkdwn(LATER)))
    return Message(spoken(heading, [step.replace("`", "") for step in listed]), blocks)


def steps(left: Left, examples: Examples) -> Sequence[str]:
    follow = command(f"follow {shown(examples.tag)}")
    every = [
        (left.feed, f"For a channel: `/invite` me to it, then type {command('feed')} there."),
        (left.follow, f"For yourself: {follow}, and its new papers come to you once a day."),
        (
            left.digest,
            "No digest has come yet. Digests come from the sources in `config/paperboy.toml`;"
            " `paperboy doctor`, on the machine that runs me, tells whether each can be read.",
        ),
    ]
    return [step for wanted, step in every if wanted]
