"""Short answers: a sentence, perhaps with one button beside it."""

from __future__ import annotations

from bot.model import Message
from bot.slack.blocks.kit import Block, context, mrkdwn, plain, section
from bot.slack.text import clean, escape, shorten, spoken

SENTENCE = 1_500


def say(sentence: str, button: Block | None = None) -> Message:
    """The sentence may hold anything: words from outside do nothing in it, backticks show a command."""
    safe = escape(shorten(clean(sentence), SENTENCE))
    return Message(spoken(sentence), (section(mrkdwn(safe), button),))


def paused(channel: str, why: str) -> Message:
    """To the owner of a feed. The channel's id is Slack's own, or has the shape of one."""
    safe = escape(shorten(clean(why), SENTENCE))
    blocks = (section(mrkdwn(f"Your feed in <#{channel}> is paused. {safe}")),)
    return Message(f"Your feed in <#{channel}> is paused. {spoken(why)}", blocks)


def error(sentence: str, ref: str | None = None) -> Message:
    """`ref` is the id under which the log tells what happened."""
    message = say(f"⚠️ {clean(sentence)}")
    if ref is None:
        return message
    where = f"Reference {clean(ref)}, for whoever runs Paperboy: the log has it too."
    return Message(f"{message.text}\n{spoken(where)}", (*message.blocks, context(plain(where))))
