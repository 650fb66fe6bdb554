"""What members can write, and how it is read."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.library.expression import (
    After,
    And,
    Arxiv,
    Author,
    Before,
    Has,
    Node,
    Not,
    Or,
    Phrase,
    Tag,
    Term,
)
from bot.library.query import Query, parse

TODAY = dt.date(2025, 10, 1)  # a Wednesday


def read(text: str) -> Query:
    return parse(text, today=TODAY)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("diffusion", Term("diffusion")),
        ("video diffusion", And((Term("video"), Term("diffusion")))),
        ("state-of-the-art", Term("state-of-the-art")),
        ('"world model"', Phrase("world model")),
        ("-robotics", Not(Term("robotics"))),
        ('-"world model"', Not(Phrase("world model"))),
        ("-tag:robotics", Not(Tag("Robotics"))),
        ("author:peng", Author("peng")),
        ('author:"Yi Peng"', Author("Yi Peng")),
        ("author:peng.", Author("peng")),
        ("!tag:robotics", Term("tag_robotics")),
        ("OR! AND!", And((Term("or"), Term("and")))),
        ("has:code", Has("code")),
        ("HAS:Model", Has("model")),
        ("video OR audio", Or((Term("video"), Term("audio")))),
        ("video|audio", Or((Term("video"), Term("audio")))),
        ("video or", And((Term("video"), Term("or")))),
        ("video AND audio", And((Term("video"), Term("audio")))),
        ("-(video audio)", Not(And((Term("video"), Term("audio"))))),
        ("(video audio) OR text", Or((And((Term("video"), Term("audio"))), Term("text")))),
        ("((video))", Term("video")),
        ("-(-video)", Term("video")),
    ],
)
def test_what_can_be_written(text: str, meaning: Node) -> None:
    assert read(text) == Query(meaning)


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("2504.15376 2505.14683", "2504.15376 OR 2505.14683"),
        (
            "https://arxiv.org/abs/2504.15376v1, https://arxiv.org/pdf/2505.14683",
            "2504.15376 OR 2505.14683",
        ),
        ("2504.15376 AND 2505.14683", "2504.15376 OR 2505.14683"),
        ("2504.15376 OR 2505.14683 2506.00001", "2504.15376 OR 2505.14683 OR 2506.00001"),
        ("2504.15376 has:code 2505.14683", "2504.15376 OR 2505.14683 has:code"),
        ("(2504.15376 robots) 2505.14683", "2504.15376 OR 2505.14683 robots"),
        ("-(2504.15376 2505.14683)", "-(2504.15376 OR 2505.14683)"),
        ("-2504.15376 -2505.14683", "-2504.15376 -2505.14683"),
        ("robots 2504.15376 -2505.14683", "robots 2504.15376 -2505.14683"),
        ("2504.15376 2504.15376v3", "2504.15376"),
    ],
)
def test_papers_that_are_named_side_by_side_are_all_meant(text: str, printed: str) -> None:
    query = read(text)
    assert str(query) == printed and not query.notes
    assert read(printed).root == query.root


def test_or_binds_tighter_than_standing_side_by_side() -> None:
    query = read("multimodal OR tag:audio -robotics")
    assert query.root == And((Or((Term("multimodal"), Tag("Audio"))), Not(Term("robotics"))))


@pytest.mark.parametrize(
    "text",
    [
        "tag:Text-to-Speech",
        "tag:text-to-speech",
        'tag:"text to speech"',
        "tag:tts",
        "TAG:TTS",
        "tag: tts",
        "tag:tts,",
    ],
)
def test_a_tag_by_any_of_its_names(text: str) -> None:
    assert read(text) == Query(Tag("Text-to-Speech"))


def test_a_tag_that_only_papers_know() -> None:
    query = parse('tag:"paper folding"', today=TODAY, known=["Paper Folding"])
    assert query == Query(Tag("Paper Folding"))


def test_an_unknown_tag_is_searched_as_words_and_the_nearest_is_named() -> None:
    query = read("tag:robotcs arm")
    assert query.root == And((Term("robotcs"), Term("arm")))
    assert "Robotics" in query.notes[0]
    assert "as words" in query.notes[0]


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("after:2025-03-01", After(dt.date(2025, 3, 1))),
        ("after:2025/3/1", After(dt.date(2025, 3, 1))),
        ("before:2025-03", Before(dt.date(2025, 3, 1))),
        ("before:2025", Before(dt.date(2025, 1, 1))),
        ("after:today", After(TODAY)),
        ("after:yesterday", After(dt.date(2025, 9, 30))),
        ('after:"last week"', After(dt.date(2025, 9, 22))),
        ("after:last-week", After(dt.date(2025, 9, 22))),
        ("after:last week", After(dt.date(2025, 9, 22))),
        ("before:this-month", Before(dt.date(2025, 10, 1))),
        ("after:last-month", After(dt.date(2025, 9, 1))),
        ("after:last-year", After(dt.date(2024, 1, 1))),
    ],
)
def test_days(text: str, meaning: Node) -> None:
    assert read(text) == Query(meaning)


@pytest.mark.parametrize("text", ["after:soon", "before:2025-02-30", "after:2025-13", "before:99999"])
def test_no_date_is_searched_as_words_and_said(text: str) -> None:
    query = read(text)
    assert isinstance(query.root, Term)
    assert query.notes == (f"“{text}” isn't a date; searched as words.",)


def test_what_papers_cannot_have_is_said() -> None:
    query = read("has:slides")
    assert query.root == Term("slides")
    assert "code and model" in query.notes[0]


@pytest.mark.parametrize(
    ("text", "arxiv_id"),
    [
        ("2504.15376", "2504.15376"),
        ("2504.15376v2", "2504.15376"),
        ("arXiv:2504.15376", "2504.15376"),
        ("https://arxiv.org/abs/2504.15376v1", "2504.15376"),
        ("<https://arxiv.org/pdf/2504.15376.pdf>", "2504.15376"),
        ("arxiv.org/abs/2504.15376?context=cs", "2504.15376"),
        ("https://huggingface.co/papers/2504.15376", "2504.15376"),
        ("cs/0112017v1", "cs/0112017"),
        ("CS/0112017", "cs/0112017"),
        ("https://arxiv.org/abs/math.GT/0309136", "math/0309136"),
    ],
)
def test_a_paper_by_its_id_or_link(text: str, arxiv_id: str) -> None:
    assert read(text) == Query(Arxiv(arxiv_id))


@pytest.mark.parametrize("text", ["3.14159", "https://example.org/issues/1234567"])
def test_numbers_that_are_no_paper(text: str) -> None:
    assert isinstance(read(text).root, Term)


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("(video OR audio", "video OR audio"),
        ("video) audio", "video audio"),
        ("video OR", "video"),
        ("OR video", "video"),
        ("(video OR) audio", "video audio"),
        ('video "audio', "video audio"),
        ("video OR OR audio", "video OR audio"),
    ],
)
def test_what_is_left_open_is_mended_and_said(text: str, reading: str) -> None:
    query = read(text)
    assert str(query) == reading
    assert f"“{reading}”" in query.notes[-1]


def test_typographic_quotes_and_minus() -> None:
    assert read("“world model” −„toy world“") == Query(And((Phrase("world model"), Not(Phrase("toy world")))))


@pytest.mark.parametrize("text", ["", " \n"])
def test_nothing_asks_for_everything(text: str) -> None:
    assert read(text) == Query(And(()))


@pytest.mark.parametrize("text", ["!!!", "🤖", '""', "()", "-", "-()", "OR", "author:!"])
def test_no_word_at_all_is_said(text: str) -> None:
    query = read(text)
    assert query.root == And(())
    assert text in query.notes[-1]


def test_a_note_is_short_however_long_the_input() -> None:
    query = read(" ".join(f"after:{'x' * 900}{number}" for number in range(9)))
    assert 1 <= len(query.notes) <= 3
    assert all(len(note) < 200 for note in query.notes)
