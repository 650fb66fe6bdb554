"""Errors that carry a sentence for the person who meets them, and what to do about it."""

from __future__ import annotations


class BotError(Exception):
    """An expected failure. `user_message` is shown as it is to the member or the operator."""

    def __init__(self, user_message: str) -> None:
        super().__init__(user_message)
        self.user_message = user_message


class SettingsError(BotError):
    """The configuration can't be used as it stands."""


class SourceError(BotError):
    """A source could not be read; `transient` tells whether trying again may help."""

    def __init__(self, user_message: str, *, transient: bool) -> None:
        super().__init__(user_message)
        self.transient = transient


class LibraryError(BotError):
    """The database could not be opened, read or written."""


class UnknownTag(BotError):
    """No tag of that name; `suggestions` are the nearest ones."""

    def __init__(self, asked: str, suggestions: tuple[str, ...]) -> None:
        hint = f" Did you mean {' or '.join(suggestions)}?" if suggestions else ""
        super().__init__(f"I know no tag “{asked}”.{hint}")
        self.asked = asked
        self.suggestions = suggestions


class BadArgument(BotError):
    """A command's words could not be read."""
