"""Which day a digest is of: its heading's, else its path's, else a problem says what to do."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.digests.parser import NO_DATE, parse

TABLE = (
    "| Title | Authors | Summary | Link |\n|---|---|---|---|\n"
    "| One | A | Short. | [x](https://arxiv.org/abs/{id}) |\n"
)


def table(number: int = 1) -> str:
    return TABLE.format(id=f"2501.{number:05}")


@pytest.mark.parametrize(
    "heading",
    [
        "## Papers for 2024-09-28",
        "# 2024-09-28",
        "###### AI papers of 2024-09-28 (Saturday) ######",
        "## **Daily digest** 2024/09/28",
        "  ## Papers for 2024-9-28",
        "## Papers for September 28, 2024",
        "## Papers for 28 Sept 2024",
    ],
)
def test_the_heading_dates_the_digest_whatever_its_words(heading: str) -> None:
    (digest,) = parse(f"{heading}\n\n{table()}", source="s", path="2020-01-01.md")
    assert digest.date == dt.date(2024, 9, 28)


@pytest.mark.parametrize(
    ("path", "date"),
    [
        ("2025-04-28.md", dt.date(2025, 4, 28)),
        ("archive/2025/04/28.md", dt.date(2025, 4, 28)),
        ("archive/24/9/2.md", dt.date(2024, 9, 2)),
        ("2025/04/2025-04-29.md", dt.date(2025, 4, 29)),
        ("2025-04/30.md", dt.date(2025, 4, 30)),
        ("papers-20250428.txt", dt.date(2025, 4, 28)),
        ("C:\\digests\\2025\\04\\28.md", dt.date(2025, 4, 28)),
        ("v1.2.3/2025-04-28/10.md", dt.date(2025, 4, 28)),
        ("2025-13-45.md", None),
        ("README.md", None),
        ("", None),
    ],
)
def test_without_a_dated_heading_the_path_dates_it(path: str, date: dt.date | None) -> None:
    (digest,) = parse(f"# Papers\n\n{table()}", source="s", path=path)
    assert digest.date == date


def test_a_date_that_no_calendar_has_is_no_date() -> None:
    (digest,) = parse(f"## Papers for 2024-02-30\n\n{table()}", source="s", path="2024-03-01.md")
    assert digest.date == dt.date(2024, 3, 1)


def test_a_digest_without_a_date_says_what_to_do_and_keeps_its_papers() -> None:
    (digest,) = parse(table(), source="s", path="notes.md")
    assert digest.date is None
    assert [problem.message for problem in digest.problems] == [NO_DATE]
    assert len(digest.papers) == 1


def test_a_digest_dated_in_the_future_is_read_like_any_other() -> None:
    (digest,) = parse(f"## Papers for 2999-12-31\n\n{table()}", source="s")
    assert digest.date == dt.date(2999, 12, 31)
    assert digest.problems == ()


def test_a_file_of_many_days_gives_one_digest_a_day_in_its_order() -> None:
    days = [dt.date(2025, 1, 1) + dt.timedelta(days=number) for number in range(300, 0, -1)]
    text = "\n\n".join(f"## Papers for {day}\n\n{table(number)}" for number, day in enumerate(days))
    digests = parse(text, source="s", path="README.md")
    assert [digest.date for digest in digests] == days
    assert all(len(digest.papers) == 1 and not digest.problems for digest in digests)
