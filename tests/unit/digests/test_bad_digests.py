"""What a digest may hold that it should not: each gets its sentence, and costs no other paper."""

from __future__ import annotations

import pytest

from bot.digests.paper import FEW_CELLS, NO_LINK, NO_SUCH_LINK, NO_TITLE
from bot.digests.parser import MAX_PROBLEMS, NO_TABLE, REPEATED, parse
from bot.model import Digest

HEAD = (
    "## Papers for 2025-01-02\n\n"
    "| Title | Authors | Summary | Classification | GitHub URLs | HuggingFace URLs |\n"
    "|---|---|---|---|---|---|\n"
)
GOOD = "| [Good](https://arxiv.org/abs/2501.00001) | A | - One. - Two. | ['Audio'] | N/A | N/A |\n"
BETTER = "| [Better](https://arxiv.org/abs/2501.00002) | B | - One. - Two. | ['Robotics'] | N/A | N/A |\n"
MILLION = 1_000_000


def digest(*rows: str) -> Digest:
    """The digest of those rows between two good ones, which must stay as they are."""
    (read,) = parse(HEAD + GOOD + "".join(f"{row}\n" for row in rows) + BETTER, source="s")
    (alone,) = parse(HEAD + GOOD + BETTER, source="s")
    assert (read.papers[0], read.papers[-1]) == alone.papers
    return read


def row(
    title: str,
    *,
    link: str = "https://arxiv.org/abs/2501.00009",
    summary: str = "Short.",
    tags: str = "['Audio']",
) -> str:
    return f"| [{title}]({link}) | C | {summary} | {tags} | N/A | N/A |"


@pytest.mark.parametrize("text", ["", "Just words.", "| a | b |\n|---|---|\n| 1 | 2 |\n", "# Only a heading"])
def test_a_file_with_no_table_is_a_problem_that_says_what_to_do(text: str) -> None:
    (read,) = parse(text, source="s")
    assert read.papers == ()
    assert len(read.problems) == 1
    assert read.problems[0].message == NO_TABLE or not text


def test_a_day_without_papers_is_no_problem() -> None:
    (read,) = parse(HEAD, source="s")
    assert (read.papers, read.problems) == ((), ())


@pytest.mark.parametrize(
    "unit",
    [
        "|",
        "[",
        "](",
        "(",
        "\\",
        "$",
        "^",
        "{",
        '"',
        "- ",
        "* ",
        " ",
        "\n",
        "&amp;",
        "Î”",
        "\\|",
        "[x](a ",
        "$a^2$",
    ],
)
@pytest.mark.parametrize("place", ["file", "row", "title", "summary", "link"])
def test_a_million_of_one_thing_is_read_and_costs_nothing_else(unit: str, place: str) -> None:
    much = unit * (MILLION // 5 // len(unit))
    if place == "file":
        assert parse(much, source="s")
    elif place == "row":
        digest("| " + much.replace("\n", " "))
    elif place == "title":
        digest(row(much.replace("\n", " ")))
    elif place == "summary":
        digest(row("T", summary=much.replace("\n", " ")))
    else:
        digest(row("T", link=much.replace("\n", " ")))


def test_a_million_bars_in_one_row() -> None:
    read = digest("|" * MILLION)
    assert [problem.message for problem in read.problems] == [NO_TITLE]


def test_unclosed_brackets() -> None:
    read = digest(
        "| [Open](https://arxiv.org/abs/2501.00003 | C | [[[[ | ['Audio' | [Link](https://a.org/x | N/A |"
    )
    assert read.papers[1].title == "Open"
    assert read.papers[1].arxiv_id == "2501.00003"
    assert read.papers[1].tags == ("Audio",)
    assert read.papers[1].github_urls == ("https://a.org/x",)


def test_nul_and_bidi_characters_are_taken_out() -> None:
    read = digest(row("N\x00ul and \u202eekat\u202c\u200b", summary="Sh\x07ort.\u2066"))
    assert read.papers[1].title == "Nul and ekat"
    assert read.papers[1].summary == ("Short.",)
    assert "\x00" not in read.papers[1].raw_title


@pytest.mark.parametrize("title", ["<!channel>", "@here", "<https://evil.example|arXiv>", "[n] `code` <b>&"])
def test_a_title_that_would_command_slack_is_only_text(title: str) -> None:
    paper = digest(row(title)).papers[1]
    assert paper.title == title
    assert paper.url == "https://arxiv.org/abs/2501.00009"


def test_a_title_of_5000_characters_is_kept() -> None:
    assert digest(row("t" * 5000)).papers[1].title == "t" * 5000


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "data:text/html,x", "JaVaScRiPt://arxiv.org/abs/2501.00009", "null"]
)
def test_a_link_that_is_none_is_dropped_with_a_problem(link: str) -> None:
    read = digest(row("T", link=link))
    assert read.papers[1].url is None
    assert read.papers[1].arxiv_id is None
    assert [(problem.line, problem.paper) for problem in read.problems] == [(6, "T")]
    assert read.problems[0].message == NO_SUCH_LINK.format(link=link)


def test_a_link_that_is_none_is_told_once_a_row() -> None:
    read = digest("| [T](None) | C | Short. | ['Audio'] | [Code](None) | [Model](None) |")
    assert [problem.message for problem in read.problems] == [NO_SUCH_LINK.format(link="None")]


def test_a_paper_with_no_link_is_kept_with_a_problem() -> None:
    read = digest("| Unlinked | C | Short. | ['Audio'] | N/A | N/A |")
    assert read.papers[1].title == "Unlinked"
    assert [(problem.line, problem.message) for problem in read.problems] == [(6, NO_LINK)]


def test_of_two_papers_with_one_id_the_first_is_kept_and_the_problem_names_its_line() -> None:
    read = digest(row("First"), row("Second", link="https://arxiv.org/pdf/2501.00009v3"))
    assert [paper.title for paper in read.papers] == ["Good", "First", "Better"]
    assert [(problem.line, problem.paper) for problem in read.problems] == [(7, "Second")]
    assert read.problems[0].message == REPEATED.format(line=6)


def test_a_tag_that_no_taxonomy_knows_is_kept() -> None:
    assert digest(row("T", tags="['Swarm Poetry', 'audio']")).papers[1].tags == ("Swarm Poetry", "Audio")


@pytest.mark.parametrize(
    "tags", ["__import__('os').system('x')", "[x for x in ()]", "['a', {1: 2}]", "[" * 100, "'" * 99]
)
def test_a_classification_is_read_and_never_run(tags: str) -> None:
    assert not digest(row("T", tags=tags)).problems


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ("| [T](https://arxiv.org/abs/2501.00003) | C |", FEW_CELLS.format(count=2, width=6)),
        ("| [T](https://arxiv.org/abs/2501.00003)", FEW_CELLS.format(count=1, width=6)),
        ("|  | C | Short. | ['Audio'] | N/A | N/A |", NO_TITLE),
        ("| \u200b | C | Short. | ['Audio'] | N/A | N/A |", NO_TITLE),
    ],
)
def test_a_malformed_row_is_a_problem_with_its_line(bad: str, message: str) -> None:
    read = digest(bad)
    assert [(problem.line, problem.message) for problem in read.problems] == [(6, message)]
    assert len(read.papers) == 2


def test_a_row_that_lost_its_last_cells_keeps_its_paper() -> None:
    read = digest("| [T](https://arxiv.org/abs/2501.00003) | C | Short. | ['Audio'] |")
    assert read.papers[1].tags == ("Audio",)
    assert read.problems[0].line == 6
    assert "4 of 6 cells" in read.problems[0].message


def test_a_hundred_thousand_broken_rows_have_a_thousand_problems_and_a_sentence() -> None:
    read = digest(*["| broken |"] * 100_000)
    assert len(read.problems) == MAX_PROBLEMS + 1
    assert read.problems[-1].message.startswith("99000 more problems")
