"""Bad digests, all in one folder: each is told in a sentence, and costs nothing of its neighbours."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pytest
from premises import HEADER, Premises, digest, row
from warm import Warm

from bot.library.database import Database
from bot.model import Follow, FollowKind
from bot.subscriptions.service import Subscriptions

NOW = dt.datetime(2025, 4, 28, 7, 0, tzinfo=dt.UTC)
FUTURE = str(NOW.date() + dt.timedelta(days=20_000))
TABLE = f"{HEADER}\n|---|---|---|---|---|---|\n"
UNSEEN = row("Nul\0 and \u202ereversed\u202c", "2504.90003")
BEFORE, AFTER = row("Sound Before", "2504.90001"), row("Sound After", "2504.90002")

BAD = {
    "01-empty": "",
    "02-binary": bytes(range(256)) * 200,
    "03-large": f"{TABLE}{BEFORE}\n".encode() + b"| filler |\n" * 2_000_000,
    "04-bars": f"{TABLE}{BEFORE}\n{'|' * 1_000_000}\n{AFTER}\n",
    "05-brackets": f"{TABLE}{BEFORE}\n| [[Unclosed](( | [A | ((s | ['Robo | [x]( | [ |\n{AFTER}\n",
    "06-controls": f"{TABLE}{BEFORE}\n{UNSEEN}\n{AFTER}\n",
    "07-script": f"{TABLE}{BEFORE}\n| [Evil](javascript:alert(1)) | Ada | It is. | | | |\n{AFTER}\n",
    "08-no-link": f"{TABLE}{BEFORE}\n| Homeless | Ada | It is. | | | |\n{AFTER}\n",
    "09-twice": f"{TABLE}{BEFORE}\n{row('Sound Once More', '2504.90001v2')}\n{AFTER}\n",
    "10-tag": f"{TABLE}{BEFORE}\n{row('Odd One', '2504.00010', repr('Blorbology'))}\n{AFTER}\n",
    "11-no-table": "Notes of the day, and no table.",
    "12-bytes": f"{TABLE}{BEFORE}\n".encode() + b"| [Caf\xe9](http://a.example) | A | s | | | |\n",
}


@dataclass
class Taken:
    premises: Premises
    err: str
    code: int

    def said(self, name: str) -> str:
        """What standard error says of that file."""
        return "\n".join(line for line in self.err.splitlines() if f"2025-04-{name}.md" in line)

    def titles(self, name: str) -> list[str]:
        """Of the papers that the library has of that day."""
        done = self.premises.paperboy("preview", f"2025-04-{name[:2]}", "--layout", "thread", "--json")
        return [one["text"].partition(", by ")[0] for one in done.objects[1:]]


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory, warm: Warm) -> Taken:
    premises = Premises(tmp_path_factory.mktemp("bad"), warm)
    for name, content in BAD.items():
        premises.write(f"digests/2025-04-{name}.md", content)
    premises.write("digests/13-future.md", digest(FUTURE, row("Ahead of Time", "2504.00013")))
    premises.write("digests/undated.md", TABLE + BEFORE)
    done = premises.paperboy("ingest", "digests")
    assert "Traceback" not in done.err
    return Taken(premises, done.err, done.code)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("01-empty", "The file is empty: write a digest into it, or remove it."),
        ("02-binary", "The file is not text: save the digest as UTF-8 Markdown."),
        ("03-large", "20 MB is the limit: split it into one file a day."),
        ("11-no-table", "No table of papers was found: begin it with a header"),
    ],
)
def test_a_file_that_is_no_digest(taken: Taken, name: str, sentence: str) -> None:
    assert sentence in taken.said(name)
    assert "has no digest of" in taken.premises.paperboy("preview", f"2025-04-{name[:2]}").err
    assert taken.code == 1


@pytest.mark.parametrize(
    ("name", "line", "sentence"),
    [
        ("04-bars", 4, "This row has no title, so the paper was left out"),
        ("05-brackets", 4, "was left out"),
        ("07-script", 4, "“javascript:alert(1)” is no web link and was left out"),
        ("08-no-link", 4, "This paper has no link and was kept without"),
        ("09-twice", 4, "This is the paper of line 3 again, so this row was left out"),
    ],
)
def test_a_bad_row_is_told_with_its_line_and_costs_no_other(
    taken: Taken, name: str, line: int, sentence: str
) -> None:
    assert f"line={line} " in taken.said(name)
    assert sentence in taken.said(name)
    titles = taken.titles(name)
    assert (titles[0], titles[-1]) == ("Sound Before", "Sound After")


@pytest.mark.parametrize(("name", "title"), [("07-script", "Evil"), ("08-no-link", "Homeless")])
def test_a_paper_without_a_good_link_is_kept_without(taken: Taken, name: str, title: str) -> None:
    assert taken.titles(name)[1] == title
    (found,) = taken.premises.paperboy("search", title, "--json").objects
    assert [hit["url"] for hit in found["results"] if hit["title"] == title] == [None]


def test_nul_and_bidi_characters_are_gone(taken: Taken) -> None:
    assert taken.titles("06-controls") == ["Sound Before", "Nul and reversed", "Sound After"]


def test_bytes_that_are_no_utf_8_cost_no_paper(taken: Taken) -> None:
    assert taken.titles("12-bytes") == ["Sound Before", "Café"]


async def test_a_tag_that_nobody_knows_is_kept_and_can_be_followed(taken: Taken) -> None:
    (found,) = taken.premises.paperboy("search", "tag:blorbology", "--json").objects
    assert [hit["title"] for hit in found["results"]] == ["Odd One"]
    database = Database(taken.premises.settings().database_url)
    change, wanted = await Subscriptions(database).follow("T1", "U1", "blorbology", timezone="UTC", now=NOW)
    await database.close()
    assert wanted.follow == Follow(FollowKind.TAG, "Blorbology")
    assert change.after.follows == (wanted.follow,)


def test_a_digest_of_the_future_is_stored_and_said_to_wait(taken: Taken) -> None:
    (line,) = (line for line in taken.err.splitlines() if "13-future.md" in line)
    assert "its date is in the future, so it is posted when that day comes" in line
    assert "Ahead of Time" in taken.premises.paperboy("preview", FUTURE).out


def test_a_digest_without_a_date_is_left_out(taken: Taken) -> None:
    *_, line = (line for line in taken.err.splitlines() if "undated.md" in line)
    assert "it has no date, so it was not stored; name the file like 2025-04-28.md" in line
