"""A summary flattened into its cell is a list again; prose stays one string."""

from __future__ import annotations

import pytest

from bot.digests.points import points


@pytest.mark.parametrize(
    "summary",
    [
        "- One. - Two. - Three.",
        " -  One. -  Two.  - Three. ",
        "-One. -Two. -Three.",
        "- One.- Two.- Three.",
        "* One. * Two. * Three.",
        "• One. • Two. • Three.",
        "•One. •Two.•Three.",
        "•  One.\n•  Two.\n• Three.",
        "- One.\n- Two.\n- Three.",
        "-\nOne.\n-\nTwo.\n-\nThree.",
        "*- One. *- Two. *- Three.",
        "*- One. - Two. - Three.",
        "**- One.** **- Two.** **- Three.**",
        "**-** One. **-** Two. **-** Three.",
        "[- One. - Two. - Three.]",
        "{- One. - Two. - Three.}",
        "– One. – Two. – Three.",
        "One. - Two. - Three.",
        "i) One. ii) Two. iii) Three.",
        "a) One.  b) Two.  c)  Three.",
        "(a) One. (b) Two. (c) Three.",
        "1. One. 2. Two. 3.  Three.",
        "1) One.\n2) Two.\n3) Three.",
        "- One.<br>- Two.<BR/>- Three.",
    ],
)
def test_points_are_given_back_whatever_marks_them(summary: str) -> None:
    assert points(summary) == ("One.", "Two.", "Three.")


@pytest.mark.parametrize(
    "prose",
    [
        "One sentence.",
        "A state-of-the-art model - small, quick - reads well.",
        "The U.S.-China data grew. It is -3% to -41% smaller.",
        "It offers: (1) Speed, (2) Size, and (3) Cost.",
        "It finds that 1) width matters; 2) depth does not; 3) data does.",
        "It uses large models (transformers - LLMs) and A* search.",
        "It is version 1. It is the first.",
        "See a) above.",
        "It says <think> and stops.",
    ],
)
def test_prose_stays_one_string(prose: str) -> None:
    assert points(prose) == (prose,)


@pytest.mark.parametrize(
    ("summary", "expected"),
    [
        (
            "- A memory - one a frame - is kept. - It is small.",
            ("A memory - one a frame - is kept.", "It is small."),
        ),
        (
            "- Large models (transformers - LLMs) win. - So.",
            ("Large models (transformers - LLMs) win.", "So."),
        ),
        ("- No stop here - The next begins", ("No stop here", "The next begins")),
        ("- Costs (\n$20 a year) less.\n- So.", ("Costs ( $20 a year) less.", "So.")),
        ("- **Task**: read. - **Data:** none.", ("Task: read.", "Data: none.")),
        ("- Nested: * one * two. - Next.", ("Nested: * one * two.", "Next.")),
        ("Read first. Questions: 1. Why? 2. How?", ("Read first. Questions:", "Why?", "How?")),
        ("a) One. b) Two. Questions:  1. Why? 2. How?", ("One.", "Two. Questions:", "Why?", "How?")),
        ("- 2**3 is eight.", ("2**3 is eight.",)),
        ("- Only one.", ("Only one.",)),
        ("-3DGS is first. -It wins.", ("3DGS is first.", "It wins.")),
        ("• lower case • so is this", ("lower case", "so is this")),
        ("-", ()),
        ("", ()),
    ],
)
def test_only_what_opens_a_point_is_a_mark(summary: str, expected: tuple[str, ...]) -> None:
    assert points(summary) == expected
