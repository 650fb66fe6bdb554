"""The tables of config/paperboy.toml. Examples are what a complaint about a missing key shows."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from bot.model import EVERY_DAY, Layout, OnEmpty, Roundup
from bot.settings import values
from bot.settings.cron import Cron

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Poll = Annotated[values.Interval | Cron, BeforeValidator(values.read_poll)]
Backfill = Annotated[
    dt.timedelta | None, BeforeValidator(values.read_backfill)
]  # None: all; zero: from today
Age = Annotated[dt.timedelta | None, BeforeValidator(values.read_age)]  # None: no limit
PostAt = Annotated[dt.time | None, BeforeValidator(values.read_hour)]  # None: on arrival
Zone = Annotated[str, BeforeValidator(values.read_zone)]
Weekdays = Annotated[tuple[int, ...], BeforeValidator(values.read_weekdays)]
Channel = Annotated[str, BeforeValidator(values.read_channel)]
Repository = Annotated[str, BeforeValidator(values.read_repository)]
Pattern = Annotated[str, BeforeValidator(values.read_pattern)]
UrlPattern = Annotated[str, BeforeValidator(values.read_url_pattern)]
Base = Annotated[str, BeforeValidator(values.read_base)]

POLITE = values.Interval(dt.timedelta(minutes=15))


class Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class GithubSettings(Table):
    kind: Literal["github"]
    name: Name = Field(examples=["daily-ai-papers"])
    repository: Repository = Field(examples=["timlrx/daily-ai-papers"])
    path: Pattern = Field(examples=["archive/{yyyy}/{mm}/{dd}.md"])
    poll: Poll = POLITE
    backfill: Backfill = dt.timedelta(days=90)
    api_url: Base = "https://api.github.com"  # a GitHub Enterprise server has its own two
    raw_url: Base = "https://raw.githubusercontent.com"


class FolderSettings(Table):
    kind: Literal["folder"]
    name: Name = Field(examples=["local"])
    path: Path = Field(examples=["digests"])
    poll: Poll = values.Interval(dt.timedelta(seconds=2))
    backfill: Backfill = None  # what lies in a folder was put there to be read


class UrlSettings(Table):
    kind: Literal["url"]
    name: Name = Field(examples=["papers"])
    url: UrlPattern = Field(examples=["https://example.org/digests/{yyyy}-{mm}-{dd}.md"])
    poll: Poll = POLITE
    backfill: Backfill = dt.timedelta(days=90)

    @model_validator(mode="after")
    def _days_can_be_listed(self) -> UrlSettings:
        if self.backfill is None and "{yyyy}" in self.url:
            raise ValueError('backfill = "all" needs a list of the days; write a span, such as "365d"')
        return self


SourceSettings = Annotated[GithubSettings | FolderSettings | UrlSettings, Field(discriminator="kind")]


class FeedSettings(Table):
    """A channel's feed, as `bot.model.Feed` without its workspace."""

    channel: Channel = Field(examples=["C0123456789"])
    post_at: PostAt = None
    timezone: Zone = "UTC"
    filter: str = ""
    layout: Layout = Layout.THREAD
    on_empty: OnEmpty = OnEmpty.SILENT
    weekdays: Weekdays = EVERY_DAY
    roundup: Roundup = Roundup.OFF


class MembersSettings(Table):
    change_feeds: Literal["owner", "anyone"] = "owner"  # those made in Slack; admins always may


class DeliverySettings(Table):
    first_run: Literal["latest", "none"] = "latest"
    max_age: Age = dt.timedelta(days=3)
    when_unsure: Literal["resend", "park"] = "resend"
    posts_per_minute: Annotated[int, Field(ge=1, le=6000)] = 240
