"""Settings as a whole: the variables of the environment, and the tables of the file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot.settings import values
from bot.settings.tables import DeliverySettings, FeedSettings, MembersSettings, SourceSettings

BEGINNINGS = {
    "xoxb-": "SLACK_BOT_TOKEN",
    "xoxe.xoxb-": "SLACK_BOT_TOKEN",  # with token rotation
    "xapp-": "SLACK_APP_TOKEN",
}


def _credential(variable: str | None, advice: str) -> AfterValidator:
    """None: what begins like no token."""

    def check(secret: SecretStr) -> SecretStr:
        text = secret.get_secret_value()
        owner = next((name for begins, name in BEGINNINGS.items() if text.startswith(begins)), None)
        if owner == variable:
            return secret
        found = f"what stands here belongs in {owner}" if owner else "this is no such token"
        raise ValueError(f"{found}; {advice}")

    return AfterValidator(check)


def _unique(key: str, advice: str) -> Callable[[tuple[object, ...]], tuple[object, ...]]:
    def check(tables: tuple[object, ...]) -> tuple[object, ...]:
        for value, count in Counter(getattr(table, key) for table in tables).items():
            if count > 1:
                raise ValueError(f'{count} of them have {key} = "{value}"; {advice}')
        return tables

    return check


def _default_database(fields: dict[str, Path]) -> str:
    return f"sqlite+aiosqlite:///{fields['data'] / 'paperboy.db'}"


BotToken = Annotated[
    SecretStr,
    _credential(
        "SLACK_BOT_TOKEN", "copy the Bot User OAuth Token (xoxb-…) from your Slack app's OAuth & Permissions"
    ),
]
AppToken = Annotated[
    SecretStr,
    _credential(
        "SLACK_APP_TOKEN", "copy the App-Level Token (xapp-…) from your Slack app's Basic Information"
    ),
]
SigningSecret = Annotated[
    SecretStr, _credential(None, "copy the Signing Secret from your Slack app's Basic Information")
]
Listen = Annotated[values.Address, BeforeValidator(values.read_listen)]
Base = Annotated[str, BeforeValidator(values.read_base), AfterValidator(lambda url: url + "/")]
Sources = Annotated[
    tuple[SourceSettings, ...], AfterValidator(_unique("name", "give each a name of its own"))
]
Feeds = Annotated[
    tuple[FeedSettings, ...],
    AfterValidator(_unique("channel", "a channel has one feed: join their filters with OR")),
]


class Settings(BaseSettings):
    """`load()` makes it; by itself it reads neither the environment nor a file."""

    model_config = SettingsConfigDict(
        extra="forbid", frozen=True, hide_input_in_errors=True, validate_by_name=True
    )

    slack_bot_token: BotToken | None = Field(default=None, validation_alias="SLACK_BOT_TOKEN")
    slack_app_token: AppToken | None = Field(default=None, validation_alias="SLACK_APP_TOKEN")
    slack_signing_secret: SigningSecret | None = Field(default=None, validation_alias="SLACK_SIGNING_SECRET")
    slack_api_url: Base = Field(default="https://slack.com/api/", validation_alias="SLACK_API_URL")
    github_token: SecretStr | None = Field(default=None, validation_alias="GITHUB_TOKEN")
    config: Path = Field(default=Path("config/paperboy.toml"), validation_alias="PAPERBOY_CONFIG")
    data: Path = Field(default=Path("data"), validation_alias="PAPERBOY_DATA")
    log: Literal["console", "json"] = Field(default="console", validation_alias="PAPERBOY_LOG")
    http: Listen = Field(default=values.Address(values.EVERYWHERE, 3000), validation_alias="PAPERBOY_HTTP")
    health: Listen | None = Field(default=None, validation_alias="PAPERBOY_HEALTH")
    database_url: str = Field(
        default_factory=_default_database,
        validation_alias="DATABASE_URL",
        repr=False,  # it may hold a password
    )
    sources: Sources = ()
    feeds: Feeds = ()
    delivery: DeliverySettings = DeliverySettings()
    members: MembersSettings = MembersSettings()

    @property
    def http_mode(self) -> bool:
        """Slack calls the bot; otherwise the bot opens a socket to Slack and needs no public address."""
        return self.slack_signing_secret is not None and self.slack_app_token is None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)
