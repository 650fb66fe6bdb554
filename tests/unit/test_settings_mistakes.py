"""Each mistake in the settings is a line that says where it stands and what to mend."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import load

FOLDER = '[[sources]]\nname = "local"\nkind = "folder"\npath = "digests"\n'
WEB = '[[sources]]\nname = "web"\nkind = "url"\n'
GITHUB = '[[sources]]\nname = "daily"\nkind = "github"\n'
FEED = '[[feeds]]\nchannel = "C0123456789"\n'


def complaint(file: Path, **env: str) -> str:
    """The lines, each without the file's name at its front."""
    with pytest.raises(SettingsError) as caught:
        load({"PAPERBOY_CONFIG": str(file), **env})
    return caught.value.user_message.replace(f"{file}: ", "")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "paperboy.toml"
    file.touch()
    return file


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('timzone = "UTC"', 'timzone: there is no such key; did you mean "timezone"?'),
        (
            'layout = "tread"',
            'layout: "tread" is not "thread", "full" or "compact"; did you mean "thread"?',
        ),
        (
            'timezone = "Europe/Berln"',
            'timezone: there is no time zone "Europe/Berln"; did you mean "Europe/Berlin"?',
        ),
        ('timezone = "berlin"', 'timezone: there is no time zone "berlin"; did you mean "Europe/Berlin"?'),
        (
            'timezone = "../../etc/passwd"',
            'timezone: there is no time zone "../../etc/passwd"; write one like "Europe/Berlin" or "UTC"',
        ),
        ('post_at = "9am"', 'post_at: "9am" is no time of day; write it like "09:00", or "arrival"'),
        ('post_at = "24:00"', 'post_at: "24:00" is no time of day; write it like "09:00", or "arrival"'),
        ("filter = 3", "filter: is to be a text in quotes, and 3 is not"),
    ],
)
def test_a_mistake_in_a_feed(file: Path, line: str, expected: str) -> None:
    file.write_text(f"{FEED}{line}\n")
    assert complaint(file) == f'[[feeds]] "C0123456789", {expected}'


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('pol = "2s"', 'pol: there is no such key; did you mean "poll"?'),
        (
            'repository = "o/r"',
            "repository: there is no such key; the keys are kind, name, path, poll, backfill",
        ),
        (
            "poll = 15",
            'poll: "15" is no span of time; write it like "30s", "15m", "1h30m", "90d" or "2w"',
        ),
        ('poll = "0s"', 'poll: "0s" is out of bounds; write a span from "1s" to a hundred years'),
        (
            'poll = "0 9 * *"',
            'poll: "0 9 * *" has 4 fields, and a cron line has five: minute, hour, day of month, month'
            ' and weekday, such as "*/10 12-22 * * 1-5"',
        ),
        (
            'poll = "0 25 * * *"',
            'poll: "25" can\'t be the hour of a cron line, which goes from 0 to 23',
        ),
        (
            'poll = "0 0 0 * *"',
            'poll: "0" can\'t be the day of month of a cron line, which goes from 1 to 31',
        ),
        (
            'backfill = "999999999w"',
            'backfill: "999999999w" is longer than a hundred years; write a shorter span',
        ),
    ],
)
def test_a_mistake_in_a_source(file: Path, line: str, expected: str) -> None:
    file.write_text(f"{FOLDER}{line}\n")
    assert complaint(file) == f'[[sources]] "local", {expected}'


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a/{year}.md", "{year} is no part of a date; it may hold {yyyy}, {mm}, {dd}"),
        ("a/{yyyy.md", "{yyyy.md is no part of a date; it may hold {yyyy}, {mm}, {dd}"),
        ("a/{mm}/{dd}.md", "{mm} needs {yyyy} beside it, and {dd} needs both"),
        ("/", "is to be a text in quotes that says where the digests are"),
    ],
)
def test_a_mistake_in_a_path(file: Path, path: str, expected: str) -> None:
    file.write_text(f'{GITHUB}repository = "o/r"\npath = "{path}"\n')
    assert complaint(file) == f'[[sources]] "daily", path: {expected}'


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "file:///etc/passwd",
            '"file:///etc/passwd" is no web address; it begins with https:// or http://',
        ),
        ("https://[", '"https://[" is no web address; it begins with https:// or http://'),
        (
            "https://me:hush@x.org/a.md",
            "holds a name or a password; take it out: addresses are shown in logs and messages",
        ),
    ],
)
def test_a_mistake_in_an_address(file: Path, url: str, expected: str) -> None:
    file.write_text(f'{WEB}url = "{url}"\n')
    assert complaint(file) == f'[[sources]] "web", url: {expected}'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            '[[feeds]]\nchannel = "#general"\n',
            '[[feeds]] "#general", channel: "#general" is no channel id. Open the channel in Slack, click its'
            ' name, and copy the id at the foot of the "About" tab; it looks like "C0123456789"',
        ),
        (
            "[[feeds]]\n",
            '[[feeds]] no. 1, channel: is missing; write one, such as channel = "C0123456789"',
        ),
        (
            FEED + FEED,
            '[feeds]: 2 of them have channel = "C0123456789"; a channel has one feed: join their filters'
            " with OR",
        ),
        (FOLDER + FOLDER, '[sources]: 2 of them have name = "local"; give each a name of its own'),
        (
            GITHUB + 'path = "a.md"\nrepository = "https://github.com/o/r"\n',
            '[[sources]] "daily", repository: "https://github.com/o/r" is no repository; write owner and'
            ' name, such as "timlrx/daily-ai-papers"',
        ),
        (
            WEB + 'url = "https://x.org/{yyyy}.md"\nbackfill = "all"\n',
            '[[sources]] "web": backfill = "all" needs a list of the days; write a span, such as "365d"',
        ),
        (
            WEB,
            '[[sources]] "web", url: is missing; write one, such as url = '
            '"https://example.org/digests/{yyyy}-{mm}-{dd}.md"',
        ),
        (
            '[[sources]]\nkind = "folder"\npath = "x"\n',
            '[[sources]] no. 1, name: is missing; write one, such as name = "local"',
        ),
        (
            '[[sources]]\nname = " "\nkind = "folder"\npath = "x"\n',
            '[[sources]] " ", name: is empty; write a text in quotes',
        ),
        (
            '[[sources]]\nname = "x"\n',
            '[[sources]] "x": kind is missing; write kind = "github", "folder" or "url"',
        ),
        (
            '[[sources]]\nname = "x"\nkind = "githb"\n',
            '[[sources]] "x": kind is to be "github", "folder" or "url"; did you mean "github"?',
        ),
        ('[sources]\nname = "x"\n', "[sources]: write [[sources]], with two brackets, once for each"),
        (
            "sources = [3]\n",
            "[[sources]] no. 1: write [[sources]] on a line of its own, and its keys below it",
        ),
        (
            '[[delivery]]\nmax_age = "1d"\n',
            "[delivery]: write [delivery] on a line of its own, and its keys below it",
        ),
        (
            '[delivery]\nmaxage = "1d"\n',
            '[delivery], maxage: there is no such key; did you mean "max_age"?',
        ),
        (
            '[members]\nchange_feed = "anyone"\n',
            '[members], change_feed: there is no such key; did you mean "change_feeds"?',
        ),
        (
            '[members]\nchange_feeds = "anybody"\n',
            '[members], change_feeds: "anybody" is not "owner" or "anyone"',
        ),
        (
            '[delivery]\nwhen_unsure = "resent"\n',
            '[delivery], when_unsure: "resent" is not "resend" or "park"; did you mean "resend"?',
        ),
        ('[[source]]\nname = "x"\n', 'source: there is no such key; did you mean "sources"?'),
        (
            'slack_bot_token = "xoxb-1"\n',
            "SLACK_BOT_TOKEN belongs in the environment or in .env, not in this file",
        ),
    ],
)
def test_a_mistake_in_the_file(file: Path, text: str, expected: str) -> None:
    file.write_text(text)
    assert complaint(file) == expected


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        (
            "SLACK_BOT_TOKEN",
            "xapp-1-hush",
            "what stands here belongs in SLACK_APP_TOKEN; copy the Bot User OAuth Token (xoxb-…)"
            " from your Slack app's OAuth & Permissions",
        ),
        (
            "SLACK_APP_TOKEN",
            "xoxb-hush",
            "what stands here belongs in SLACK_BOT_TOKEN; copy the App-Level Token (xapp-…)"
            " from your Slack app's Basic Information",
        ),
        (
            "SLACK_BOT_TOKEN",
            "xoxp-hush",
            "this is no such token; copy the Bot User OAuth Token (xoxb-…)"
            " from your Slack app's OAuth & Permissions",
        ),
        (
            "SLACK_SIGNING_SECRET",
            "xapp-hush",
            "what stands here belongs in SLACK_APP_TOKEN; copy the Signing Secret"
            " from your Slack app's Basic Information",
        ),
        ("PAPERBOY_LOG", "jsn", '"jsn" is not "console" or "json"; did you mean "json"?'),
        (
            "PAPERBOY_HTTP",
            "3000x",
            '"3000x" is no address to listen at; write host and port, such as "0.0.0.0:3000"',
        ),
        ("SLACK_API_URL", "slack.com", '"slack.com" is no web address; it begins with https:// or http://'),
    ],
)
def test_a_mistake_in_the_environment(file: Path, name: str, value: str, expected: str) -> None:
    said = complaint(file, **{name: value})
    assert said == f"{name}: {expected}"
    assert "hush" not in said


def test_every_mistake_is_told_at_once(file: Path) -> None:
    file.write_text(FOLDER + 'pol = "2s"\n' + FEED + 'layout = "x"\n')
    assert len(complaint(file, SLACK_BOT_TOKEN="x", PAPERBOY_LOG="x").splitlines()) == 4


def test_a_refused_token_is_in_no_traceback(file: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load({"PAPERBOY_CONFIG": str(file), "SLACK_BOT_TOKEN": "xapp-hush"})
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_a_file_that_is_named_has_to_be_there(tmp_path: Path) -> None:
    said = complaint(tmp_path / "none.toml")
    assert said == "there is no such file; mend PAPERBOY_CONFIG, or create it"


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    assert complaint(tmp_path) == "can't be read (Is a directory); check its owner and rights"


def test_a_slip_of_toml_is_told_with_its_line(file: Path) -> None:
    file.write_text(FEED + "post_at = 09:00\n")
    with pytest.raises(SettingsError) as caught:
        load({"PAPERBOY_CONFIG": str(file)})
    said = caught.value.user_message
    assert said.startswith(f"{file}, line 3, column ")
    assert said.endswith('Texts, times and spans stand in quotes, such as post_at = "09:00"')


def test_a_file_in_another_encoding(file: Path) -> None:
    file.write_bytes("# größer\n".encode("latin-1"))
    assert complaint(file) == "byte 4 is not UTF-8; save the file as UTF-8"
