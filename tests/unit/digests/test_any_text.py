"""Whatever a file holds it is read, and a broken row leaves the rows beside it as they were."""

from __future__ import annotations

import json

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from bot.digests.encode import as_json
from bot.digests.parser import parse, parse_bytes
from bot.digests.points import points
from bot.digests.repair import repair, strip_unsafe
from bot.model import Digest

SIX = "| Title | Authors | Summary | Classification | GitHub URLs | HuggingFace URLs |"
THREE = "| **Title** | Authors | Summary |"
FOUR = "| Title | Authors | Summary | Link |"
FILES = {
    SIX: [
        "| [One](https://arxiv.org/abs/2501.00001) | A, B | - P(x|y). - Q. | ['Audio'] | N/A | [Link](a/b) |",
        "| [Two, on\n  two lines](https://arxiv.org/abs/2501.00002) | C | Prose. | ['Other'] | N/A | N/A |",
        "| [Three](https://arxiv.org/abs/2501.00003) |  | - R. - S. | ['Robotics'] | [Link](null) | N/A |",
    ],
    THREE: [
        "| One (Read more on [arXiv](https://arxiv.org/abs/2501.00001) or [HF](x))| A | a) P. b) Q. |",
        "| Two,\n  wrapped (Read more on [arXiv](https://arxiv.org/abs/2501.00002) or [HF](x))| B | |G|. |",
        "| Three (Read more on [arXiv](https://arxiv.org/abs/2501.00003) or [HF](x))|  | Prose.   |",
    ],
    FOUR: [
        "| One | A | Prose. | [Read more](https://arxiv.org/abs/2501.00001) |",
        "| Two | B | More\n prose. | [Read more](https://arxiv.org/abs/2501.00002) |",
        "| Three | C | The last. | [Read more](https://arxiv.org/abs/2501.00003) |",
    ],
}
PIECES = [
    *(
        "|",
        "||",
        "\\|",
        "| ",
        " |",
        "|---|---|---|",
        "---",
        "[",
        "](",
        "](http",
        "](https://",
        "](null)",
        ")",
        "(",
        "(Read more on [",
    ),
    *(
        SIX,
        THREE,
        FOUR,
        "Title | Authors | Summary",
        "--- | --- | ---",
        "N/A",
        "['Audio'",
        "'",
        "\\",
        "\\\\",
        "$",
        "$x$",
        "^2",
        "^{",
        "{",
        "}",
    ),
    *(
        "\\textbf{",
        "textbf{x}",
        "\\alpha",
        "\\frac{1}{2}",
        "\\(",
        "\\)",
        "\\&",
        "&amp;",
        "&",
        "Î”",
        "Ã ",
        "é",
        "世",
        "\u0301",
    ),
    *(
        "- ",
        " - ",
        ".- ",
        "* ",
        "**",
        "• ",
        "i) ",
        "a) ",
        "1. ",
        "<br>",
        "\x00",
        "\x85",
        "\u2028",
        "\u202e",
        "\u200b",
        "\x0c",
        "\t",
        "  ",
    ),
    *(
        "A",
        "word",
        "2025-01-02",
        "https://arxiv.org/abs/2409.01234",
        "javascript:x",
        ", ",
        "; ",
        " and ",
        ".",
    ),
]
line = st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=20).map("".join)
text = st.lists(
    line
    | st.sampled_from(
        ["", "## Papers for 2025-01-02", "# 2024-02-30", *FILES[SIX], *FILES[THREE], *FILES[FOUR]]
    )
).map("\n".join)


def file(header: str, rows: list[str]) -> str:
    rule = "|" + "---|" * (header.count("|") - 1)
    return "\n".join(["## Papers for 2025-01-02", "", header, rule, *rows, ""])


def check(digest: Digest, lines: int) -> None:
    """What holds of every digest, so that nothing downstream needs to ask."""
    json.dumps(as_json(digest), ensure_ascii=False).encode()
    for problem in digest.problems:
        assert 1 <= problem.line <= lines
        assert problem.message.endswith(".")
    assert len({paper.key for paper in digest.papers}) == len(digest.papers)
    for paper in digest.papers:
        assert paper.title == paper.title.strip() != ""
        seen = (paper.title, *paper.summary, *paper.authors, *paper.tags, paper.raw_title, paper.raw_summary)
        assert all(words == strip_unsafe(words) for words in seen)
        assert all(words == words.strip() != "" for words in (*paper.summary, *paper.authors, *paper.tags))
        assert len(set(paper.tags)) == len(paper.tags)
        links = (*([paper.url] if paper.url else []), *paper.github_urls, *paper.huggingface_urls)
        assert all(link.lower().startswith(("https://", "http://")) and " " not in link for link in links)


@given(text)
@settings(max_examples=300)
def test_any_text_is_read(content: str) -> None:
    digests = parse(content, source="s", path="README.md")
    assert digests
    for digest in digests:
        check(digest, lines=content.count("\n") + content.count("\r") + 1)


@given(st.binary(max_size=300) | text.map(str.encode))
def test_any_bytes_are_read(data: bytes) -> None:
    assert parse_bytes(data, source="s")


@given(st.sampled_from(list(FILES)), st.integers(0, 2), line)
@example(SIX, 1, "| [Two](https://arxiv.org/abs/2501.00002) | C | never closed")
@example(SIX, 0, "| Title | Summary | Authors |")
@example(THREE, 0, "Title | Summary | Authors")
@example(FOUR, 2, "|---|---|---|")
@settings(max_examples=500)
def test_a_mutated_row_leaves_the_others_as_they_were(header: str, index: int, mutation: str) -> None:
    """A mutation is one line: not a heading, and not another row's paper, which would be a repetition."""
    mutation = mutation.replace("\n", " ").replace("\r", " ")
    assume(not strip_unsafe(mutation).lstrip().startswith("#"))
    assume("2501.0000" not in mutation)
    rows = FILES[header]
    (whole,) = parse(file(header, rows), source="s")
    (mutated,) = parse(file(header, [*rows[:index], mutation, *rows[index + 1 :]]), source="s")
    others = [paper for number, paper in enumerate(whole.papers) if number != index]
    assert [paper for paper in mutated.papers if paper.key in {other.key for other in others}] == others
    assert len(mutated.papers) <= len(rows)


@given(line)
@settings(max_examples=500)
def test_repairing_twice_changes_nothing_more(content: str) -> None:
    assert repair(repair(content)) == repair(content)


@given(line)
@settings(max_examples=300)
def test_points_lose_no_words(summary: str) -> None:
    """Marks, labels such as `a)` and `<br>` may go; no word does, and none moves."""
    rest = iter(summary)
    assert all(char in rest for char in "".join(points(summary)) if not char.isspace())
