"""One log for us and our libraries, on standard error; no token, password or control character gets there."""

from __future__ import annotations

import asyncio
import logging
import re
import sys
import threading
from collections.abc import MutableMapping
from typing import Any

import structlog

from bot.errors import BotError

# Slack's tokens, tickets and response addresses, GitHub's tokens, and the password in a database address.
_SECRETS = re.compile(
    r"x(?:ox[a-z]|app)-[\w.-]+|gh[a-z]_\w+|github_pat_\w+|(?<=[?&]ticket=)[^&\s\"']+"
    r"|(?<=hooks\.slack\.com/)[^\s\"']+|(?<=://)(?!user:password@)[^/\s:@]*:[^\s@]+(?=@)",
    re.IGNORECASE,
)
# What a terminal obeys instead of showing it, and what can't be written as UTF-8. Tabs and line ends stay.
_UNSHOWABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
# What libraries tell below these levels is nothing that an operator could act on.
_LEAST = {"apscheduler": logging.ERROR} | dict.fromkeys(
    ("aiohttp", "aiosqlite", "alembic", "asyncio", "slack_bolt", "slack_sdk"), logging.WARNING
)
_IDLE_WORDS = "As you gave `client` as well"  # of Bolt, about the variable SLACK_BOT_TOKEN
_TRIED_AGAIN = "Failed to connect (error: "  # of Socket Mode, every ten seconds while Slack is away


def harmless(text: str) -> str:
    """Fit for a log or a terminal, whoever wrote it."""
    return _UNSHOWABLE.sub("\ufffd", _SECRETS.sub("«secret»", text))


def configure(style: str, level: str = "INFO") -> None:
    """`style`: "json", a line an object, for machines; else for people. DEBUG tells all."""
    first: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*first, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    last: list[Any] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        _expected,
        structlog.processors.format_exc_info,
        _made_harmless,
        structlog.processors.JSONRenderer() if style == "json" else _for_people(),
    ]
    handler = _ToStandardError()
    handler.name = style
    if level != "DEBUG":
        handler.addFilter(_is_news)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=first, processors=last))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    logging.captureWarnings(True)
    threading.excepthook = _thread_failed


def is_for_machines() -> bool:
    return any(handler.name == "json" for handler in logging.getLogger().handlers)


def _is_news(record: logging.LogRecord) -> bool:
    message = str(record.msg)
    if message.startswith(_TRIED_AGAIN):
        record.exc_info = None  # sixty lines that say no more
    stopped = record.exc_info and isinstance(record.exc_info[1], asyncio.CancelledError)
    least = _LEAST.get(record.name.partition(".")[0], logging.NOTSET)
    return record.levelno >= least and not stopped and not message.startswith(_IDLE_WORDS)


class _ToStandardError(logging.Handler):
    """To what standard error is at the moment: a progress bar stands in for it while it is drawn."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            sys.stderr.write(self.format(record) + "\n")
            sys.stderr.flush()
        except Exception:
            self.handleError(record)


def _for_people() -> structlog.dev.ConsoleRenderer:
    return structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(), sort_keys=False, exception_formatter=structlog.dev.plain_traceback
    )


def _expected(logger: object, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A failure that has a sentence of its own needs no traceback."""
    failure = event.get("exc_info")
    if failure is True:
        failure = sys.exc_info()
    error = failure[1] if isinstance(failure, tuple) else failure
    if isinstance(error, BotError):
        return {**event, "exc_info": None, "error": error.user_message}
    return event


def _made_harmless(logger: object, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: _harmless_value(value) for key, value in event.items()}


def _harmless_value(value: Any) -> Any:
    """As it is where nothing in it does harm, so that numbers and lists stay what they are."""
    if value is None or isinstance(value, bool | int | float):
        return value
    text = value if isinstance(value, str) else str(value)
    safe = harmless(text)
    return value if safe == text else safe


def _thread_failed(failure: threading.ExceptHookArgs) -> None:
    error = failure.exc_value or failure.exc_type()
    structlog.get_logger(__name__).error("a thread failed", exc_info=error)
