"""How to use `/papers`, with examples that find something in the library as it is today."""

from __future__ import annotations

from dataclasses import dataclass

from bot.model import Message
from bot.slack.blocks.kit import divider, mrkdwn, section
from bot.slack.text import clean, code, shorten, spoken

WORD = 60
NARROWED = 'narrow it down; "a phrase", author:, has:model, OR, after:2025-03 and before: work too'


@dataclass(frozen=True, slots=True)
class Examples:
    """Things the library has."""

    query: str = "camera motion"
    tag: str = "Robotics"
    author: str = "Yi Peng"


EMPTY_LIBRARY = Examples()


def message(examples: Examples = EMPTY_LIBRARY, *, unknown: str = "", suggestion: str = "") -> Message:
    """Usage. For words that are no command, first the one they may have meant: `suggestion`, by its name."""
    rows = [*reading(examples), *following(examples), *in_channels(examples), *asking()]
    lines = [f"/papers {typed}: {what}" for typed, what in rows]
    blocks = [section(mrkdwn(group)) for group in usage(examples)]
    asked = shorten(clean(unknown), WORD)
    if not asked:
        return Message(spoken("How to use /papers", lines), tuple(blocks))
    meant = f" Did you mean {command(suggestion)}?" if suggestion else ""
    first = section(mrkdwn(f"I don’t know {code(asked)}.{meant}"))
    heading = f"I don’t know “{asked}”." + (f" Did you mean /papers {suggestion}?" if suggestion else "")
    return Message(spoken(heading, lines), (first, divider(), *blocks))


def usage(examples: Examples) -> list[str]:
    """mrkdwn, a group of commands each."""
    return [
        listed("Read", reading(examples)),
        listed("Follow", following(examples)),
        listed("In a channel", in_channels(examples)),
        listed("Ask", asking()),
    ]


def reading(examples: Examples) -> list[tuple[str, str]]:
    return [
        ("today", "the newest papers; yesterday and dates work too"),
        (f"search {shown(examples.query)}", "find a paper by whatever you remember of it"),
        (f'search tag:"{shown(examples.tag)}" has:code -survey', NARROWED),
        ("saved", "the papers you saved; BibTeX, RIS and CSV too"),
    ]


def following(examples: Examples) -> list[tuple[str, str]]:
    return [
        (f"follow {shown(examples.tag)}", "its new papers come to you in one direct message a day"),
        (f"follow author:{shown(examples.author)}", "a person’s papers"),
        (f'follow "{shown(examples.query)}"', "papers that say exactly this"),
        ("following", "what you follow, and how to stop; unfollow all works too"),
        ("digest weekly on fri at 8:30am", "how often and when; daily, pause and off work too"),
    ]


def asking() -> list[tuple[str, str]]:
    return [
        ("why", "nothing came? What was sent last, what is due next, what is wrong"),
        ("why 2504.15376", "why a paper came, or did not; links and titles work too"),
    ]


def in_channels(examples: Examples) -> list[tuple[str, str]]:
    return [
        ("feed", "what comes to this channel by itself; set it up, change, pause or remove it"),
        (f"feed {shown(examples.tag)} -survey", "the same, with a filter to start from"),
    ]


def searches(examples: Examples) -> list[str]:
    """Commands that find something."""
    return [f"search {shown(words)}" for words in (examples.query, examples.tag, examples.author)]


def listed(title: str, rows: list[tuple[str, str]]) -> str:
    return "\n".join([f"*{title}*", *(f"{command(typed)} – {what}" for typed, what in rows)])


def command(typed: str) -> str:
    return code(f"/papers {typed}")


def shown(words: str) -> str:
    return shorten(clean(words).replace('"', ""), WORD)
