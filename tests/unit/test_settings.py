"""What an operator sets is what the bot gets; what is left out has a default."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from apscheduler.triggers.cron import CronTrigger

from bot.model import Layout, OnEmpty, Roundup
from bot.settings import (
    Address,
    Cron,
    DeliverySettings,
    FeedSettings,
    FolderSettings,
    GithubSettings,
    Interval,
    Settings,
    UrlSettings,
    load,
)

ROOT = Path(__file__).parents[2]
GITHUB = '[[sources]]\nname = "daily"\nkind = "github"\nrepository = "o/r"\npath = "a/{yyyy}/{mm}/{dd}.md"\n'
FOLDER = '[[sources]]\nname = "local"\nkind = "folder"\npath = "digests"\n'
FEED = '[[feeds]]\nchannel = "C0123456789"\n'

Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(text: str) -> Path:
        file = tmp_path / "paperboy.toml"
        file.write_text(text, encoding="utf-8")
        return file

    return written


def load_file(file: Path, **env: str) -> Settings:
    return load({"PAPERBOY_CONFIG": str(file), **env})


def trigger_of(file: Path) -> CronTrigger:
    poll = load_file(file).sources[0].poll
    assert isinstance(poll, Cron)
    return CronTrigger.from_crontab(poll.line, timezone=dt.UTC)


# --- What is read ---------------------------------------------------------------------------------------


def test_nothing_set_is_enough_to_start() -> None:
    settings = Settings()
    assert not settings.sources and not settings.feeds
    assert settings.delivery == DeliverySettings(
        first_run="latest", max_age=dt.timedelta(days=3), when_unsure="resend"
    )
    assert settings.slack_api_url == "https://slack.com/api/"
    assert settings.database_url == "sqlite+aiosqlite:///data/paperboy.db"
    assert (settings.config, settings.data) == (Path("config/paperboy.toml"), Path("data"))
    assert (settings.log, settings.http) == ("console", Address("0.0.0.0", 3000))


def test_sources_and_feeds_have_defaults(write: Write) -> None:
    file = write(
        GITHUB + FOLDER + '[[sources]]\nname = "web"\nkind = "url"\nurl = "https://x.org/a.md"\n' + FEED
    )
    settings = load_file(file)
    github, folder, web = settings.sources
    assert isinstance(github, GithubSettings) and isinstance(web, UrlSettings)
    assert github.poll == web.poll == Interval(dt.timedelta(minutes=15))
    assert github.backfill == web.backfill == dt.timedelta(days=90)
    assert isinstance(folder, FolderSettings)
    assert folder.poll == Interval(dt.timedelta(seconds=2))
    assert (folder.path, folder.backfill) == (Path("digests"), None)
    assert settings.feeds == (
        FeedSettings(
            channel="C0123456789",
            post_at=None,
            timezone="UTC",
            filter="",
            layout=Layout.THREAD,
            on_empty=OnEmpty.SILENT,
        ),
    )


@pytest.mark.parametrize("hour", ['"09:00"', '"9:00"', "09:00:00"])
def test_a_feed_as_written(write: Write, hour: str) -> None:
    feed = FEED + f'post_at = {hour}\ntimezone = "Europe/Berlin"\nfilter = "rl -nlp"\nlayout = "compact"\n'
    (read,) = load_file(write(feed + 'on_empty = "notice"\n')).feeds
    assert read.post_at == dt.time(9)
    assert (read.timezone, read.filter) == ("Europe/Berlin", "rl -nlp")
    assert (read.layout, read.on_empty) == (Layout.COMPACT, OnEmpty.NOTICE)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("2s", dt.timedelta(seconds=2)),
        ("1h30m", dt.timedelta(minutes=90)),
        ("2W", dt.timedelta(days=14)),
        (" 15m ", dt.timedelta(minutes=15)),
        ("1d2h3m4s", dt.timedelta(days=1, hours=2, minutes=3, seconds=4)),
    ],
)
def test_spans(write: Write, text: str, span: dt.timedelta) -> None:
    assert load_file(write(FOLDER + f'poll = "{text}"\n')).sources[0].poll == Interval(span)


@pytest.mark.parametrize(
    ("text", "backfill"), [("all", None), ("none", dt.timedelta()), ("1w", dt.timedelta(days=7))]
)
def test_backfill(write: Write, text: str, backfill: dt.timedelta | None) -> None:
    assert load_file(write(GITHUB + f'backfill = "{text}"\n')).sources[0].backfill == backfill


def test_max_age_off_is_no_limit(write: Write) -> None:
    assert load_file(write('[delivery]\nmax_age = "off"\n')).delivery.max_age is None


@pytest.mark.parametrize(
    ("written", "fires_on"),
    [
        ("0 9 * * 1-5", "mon tue wed thu fri"),
        ("0 9 * * 0", "sun"),
        ("0 9 * * 7", "sun"),
        ("0 9 * * sat,SUN", "sat sun"),
        ("0 9 * * */3", "wed sat sun"),
        ("0 9 * * *", "mon tue wed thu fri sat sun"),
    ],
)
def test_a_cron_line_means_to_the_scheduler_what_it_means_to_cron(
    write: Write, written: str, fires_on: str
) -> None:
    trigger = trigger_of(write(FOLDER + f'poll = "{written}"\n'))
    moment = dt.datetime(2025, 4, 28, tzinfo=dt.UTC)  # a Monday
    days = [moment + dt.timedelta(days=number) for number in range(7)]
    fires = [day for day in days if trigger.get_next_fire_time(None, day).date() == day.date()]
    assert " ".join(f"{day:%a}".lower() for day in fires) == fires_on


@pytest.mark.parametrize(
    "line", ["*/10 12-22 * * 1-5", "5/10 0,12 1-7 1-6/2 *", "0 0 1 12 mon-fri", "*/59 * * * *"]
)
def test_the_scheduler_takes_every_cron_line_that_passes(write: Write, line: str) -> None:
    assert trigger_of(write(FOLDER + f'poll = "{line}"\n'))


def test_the_environment_wins_over_dotenv(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text(
        "SLACK_BOT_TOKEN='xoxb-file'\nPAPERBOY_LOG=json # as you like\nOTHER=1\nSLACK_APP_TOKEN=\n"
    )
    settings = load({"SLACK_BOT_TOKEN": " xoxb-env\n", "PAPERBOY_CONFIG": ""}, dotenv=dotenv)
    assert settings.slack_bot_token and settings.slack_bot_token.get_secret_value() == "xoxb-env"
    assert settings.log == "json"
    assert settings.slack_app_token is None
    assert load({}, dotenv=tmp_path / "none").slack_bot_token is None


def test_the_database_lies_in_the_data_folder(write: Write) -> None:
    file = write("")
    assert load_file(file, PAPERBOY_DATA="/var/pb").database_url == "sqlite+aiosqlite:////var/pb/paperboy.db"
    assert (
        load_file(file, DATABASE_URL="postgresql://h/d", PAPERBOY_DATA="x").database_url == "postgresql://h/d"
    )


@pytest.mark.parametrize(
    ("env", "http"),
    [
        ({}, False),
        ({"SLACK_APP_TOKEN": "xapp-1"}, False),
        ({"SLACK_SIGNING_SECRET": "s"}, True),
        ({"SLACK_SIGNING_SECRET": "s", "SLACK_APP_TOKEN": "xapp-1"}, False),
    ],
)
def test_http_mode_needs_a_signing_secret_and_no_app_token(
    write: Write, env: dict[str, str], http: bool
) -> None:
    assert load_file(write(""), **env).http_mode is http


@pytest.mark.parametrize(
    ("text", "address"),
    [("127.0.0.1:8080", ("127.0.0.1", 8080)), (":80", ("0.0.0.0", 80)), ("[::1]:3000", ("::1", 3000))],
)
def test_where_http_mode_listens(write: Write, text: str, address: tuple[str, int]) -> None:
    assert load_file(write(""), PAPERBOY_HTTP=text).http == address


def test_slacks_address_ends_in_a_slash(write: Write) -> None:
    settings = load_file(write(""), SLACK_API_URL="http://127.0.0.1:9/api")
    assert settings.slack_api_url == "http://127.0.0.1:9/api/"


def test_a_file_with_windows_mark_is_read(tmp_path: Path) -> None:
    file = tmp_path / "w.toml"
    file.write_bytes(b"\xef\xbb\xbf" + FEED.replace("\n", "\r\n").encode())
    assert load_file(file).feeds[0].channel == "C0123456789"


def test_secrets_are_not_shown(write: Write) -> None:
    settings = load_file(
        write(""),
        SLACK_BOT_TOKEN="xoxb-hush",
        SLACK_APP_TOKEN="xapp-hush",
        SLACK_SIGNING_SECRET="hush",
        GITHUB_TOKEN="hush",
        DATABASE_URL="postgresql://me:hush@host/db",
    )
    assert "hush" not in repr(settings) + str(settings)


# --- What is shipped ------------------------------------------------------------------------------------


def test_the_shipped_file_loads_as_it_stands() -> None:
    settings = load_file(ROOT / "config/paperboy.toml")
    assert [source.name for source in settings.sources] == ["daily-ai-papers"]
    assert settings.delivery == DeliverySettings()


def test_every_example_in_the_shipped_file_loads_too(write: Write) -> None:
    text = (ROOT / "config/paperboy.toml").read_text("utf-8")
    settings = load_file(write(re.sub(r"^# (?=\[\[|\w+ = )", "", text, flags=re.MULTILINE)))
    assert [source.kind for source in settings.sources] == ["github", "folder", "url"]
    assert settings.feeds[0].post_at == dt.time(9)


def test_the_shipped_env_file_sets_nothing_and_names_every_variable() -> None:
    example = ROOT / "config/.env.example"
    assert load({}, dotenv=example) == load({})
    named = set(re.findall(r"^#? ?(\w+)=", example.read_text("utf-8"), re.M))
    assert named >= {str(field.validation_alias) for field in Settings.model_fields.values()} - {"None"}


def test_a_feed_s_weekdays_and_round_up() -> None:
    given = {"channel": "C0123456789", "weekdays": ["fri", "Monday"], "roundup": "also"}
    read = FeedSettings.model_validate(given)
    assert (read.weekdays, read.roundup) == ((0, 4), Roundup.ALSO)


@pytest.mark.parametrize(
    ("value", "complaint"),
    [
        (["mon", "t"], '"t" is no day of the week'),
        (["mondai"], 'did you mean "monday"?'),
        ([], "is to be a list of days"),
        ("mon", "is to be a list of days"),
        ([1], "is to be a list of days"),
    ],
)
def test_weekdays_that_are_none(value: object, complaint: str) -> None:
    with pytest.raises(ValueError, match=re.escape(complaint)):
        FeedSettings.model_validate({"channel": "C0123456789", "weekdays": value})
