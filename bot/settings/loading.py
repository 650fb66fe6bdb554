"""Reads the environment and the file; every mistake in either is in the one SettingsError."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_settings import DotEnvSettingsSource

from bot.errors import SettingsError
from bot.settings.complaints import PREFIX, VARIABLES, complaints, misplaced, stranger
from bot.settings.environment import Settings

DEFAULT_FILE = Path("config/paperboy.toml")
QUOTES = 'Texts, times and spans stand in quotes, such as post_at = "09:00"'


def load(env: Mapping[str, str], *, dotenv: Path | None = None) -> Settings:
    """`env` over `dotenv` (a file that need not be there) over the TOML file that PAPERBOY_CONFIG names."""
    given = _variables({**_dotenv(dotenv), **env})
    named = given.get("PAPERBOY_CONFIG")
    file = Path(named or DEFAULT_FILE)
    written = _tables(file, may_lack=not named)
    stray = {key: key.upper() for key in written if key.upper() in VARIABLES}
    lines = [misplaced(file, variable) for variable in stray.values()]
    try:
        settings = Settings(**{key: written[key] for key in written if key not in stray} | given)
    except ValidationError as error:
        lines += complaints(error, file, written)
    if lines:
        # Raised out here, with no cause: a traceback would show what the variables hold.
        raise SettingsError("\n".join(lines))
    return settings


def strangers(env: Mapping[str, str], *, dotenv: Path | None = None) -> list[str]:
    """A sentence for each variable that is named like ours, and that nothing reads."""
    like_ours = sorted(name for name in {**_dotenv(dotenv), **env} if name.upper().startswith(PREFIX))
    return [stranger(name) for name in like_ours if name not in VARIABLES]


def _dotenv(file: Path | None) -> dict[str, str]:
    if file is None or not file.is_file():
        return {}
    with _explained(file):
        source = DotEnvSettingsSource(
            Settings, env_file=file, env_file_encoding="utf-8-sig", case_sensitive=True
        )
    return {name: value or "" for name, value in source.env_vars.items()}


def _variables(env: Mapping[str, str]) -> dict[str, str]:
    """Ours, without those set to nothing: `SLACK_APP_TOKEN=` is what an unfilled .env says."""
    return {name: env[name].strip() for name in VARIABLES if env.get(name, "").strip()}


def _tables(file: Path, *, may_lack: bool) -> dict[str, Any]:
    try:
        with _explained(file):
            return tomllib.loads(file.read_text("utf-8-sig"))
    except FileNotFoundError:
        if may_lack:
            return {}
        raise SettingsError(f"{file}: there is no such file; mend PAPERBOY_CONFIG, or create it") from None
    except tomllib.TOMLDecodeError as error:
        what, _, where = str(error).rstrip(")").partition(" (at ")
        raise SettingsError(f"{file}, {where}: {what[:1].lower()}{what[1:]}. {QUOTES}") from error


@contextmanager
def _explained(file: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        raise SettingsError(
            f"{file}: can't be read ({error.strerror}); check its owner and rights"
        ) from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{file}: byte {error.start} is not UTF-8; save the file as UTF-8") from error
