"""What Paperboy answers: one function a command or button, from services to a message. One file a subject;
this one knows which command is whose."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.model import Message
from bot.slack import commands
from bot.slack.answers import feed, following, reading, saving, why
from bot.slack.answers.shapes import Answer
from bot.slack.blocks import help as usage
from bot.slack.commands import Command, NotUnderstood
from bot.slack.services import Member, Services


async def command(services: Services, member: Member, text: str) -> Answer:
    """What was typed after `/papers`. BotError carries the sentence where it can't be done."""
    asked = commands.read(text)
    if isinstance(asked, NotUnderstood):
        examples = await reading.examples(services)
        return usage.message(examples, unknown=asked.word, suggestion=asked.nearest or "")
    return await _VERBS[asked.verb](services, member, asked)


async def _help(services: Services, member: Member, asked: Command) -> Message:
    return usage.message(await reading.examples(services))


_VERBS: dict[str, Callable[[Services, Member, Command], Awaitable[Answer]]] = {
    "help": _help,
    "today": reading.asked_day,
    "search": reading.asked_search,
    "follow": following.asked_follow,
    "unfollow": following.asked_unfollow,
    "following": following.asked_following,
    "digest": following.asked_digest,
    "saved": saving.asked_saved,
    "why": why.asked_why,
    "feed": feed.asked_feed,
}
