"""A search that is followed: what it asks of papers to come."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadArgument, BotError, UnknownTag
from bot.library.query import parse
from bot.model import Follow, FollowKind, Paper, StoredPaper
from bot.subscriptions.finder import Finder
from bot.subscriptions.matching import NO_DAY, as_follow, meaning
from bot.subscriptions.service import NO_DATES, Wanted, read_follow

TODAY = dt.date(2025, 10, 1)
PAPER = Paper(
    title="Voices for World Models",
    authors=("Yi Peng",),
    summary=("A speaking robot.",),
    tags=("Robotics", "Text-to-Speech", "Paper Folding"),
    github_urls=("https://github.com/quokka/voices",),
)


def search(value: str) -> Follow:
    return Follow(FollowKind.SEARCH, value)


@pytest.mark.parametrize(
    ("text", "follow"),
    [
        ("robot -voice", search("robot -voice")),
        ("how do robots find a voice", search("robots voice")),
        ("of the", search("of the")),
        ("robots after:yesterday before:2026", Follow(FollowKind.PHRASE, "robots")),
        ("robots voice after:2025", search("robots voice")),
        ("TAG:tts", Follow(FollowKind.TAG, "Text-to-Speech")),
        ('author:"Yi Peng"', Follow(FollowKind.AUTHOR, "Yi Peng")),
        ('"world model"', Follow(FollowKind.PHRASE, "world model")),
        ("state-of-the-art", Follow(FollowKind.PHRASE, "state-of-the-art")),
        ("has:code tag:audio OR tag:nlp", search('has:code tag:Audio OR tag:"Natural Language Processing"')),
        ("-tag:nlp", search('-tag:"Natural Language Processing"')),
    ],
)
def test_a_search_as_a_follow(text: str, follow: Follow) -> None:
    assert as_follow(parse(text, today=TODAY)) == follow


@pytest.mark.parametrize(
    "text",
    [
        "",
        "!!!",
        "2504.15376",
        "after:2025",
        "robot OR after:2025",
        "-(a before:2025)",
        "long " * 100,
        "x" * 200,
    ],
)
def test_what_can_not_be_followed(text: str) -> None:
    assert as_follow(parse(text, today=TODAY)) is None


@given(
    st.text()
    | st.lists(st.sampled_from(["robot", "-", '"', "tag:tts", "OR", "(", ")", "a", "has:code"])).map(" ".join)
)
def test_a_follow_means_what_the_search_said(text: str) -> None:
    follow = as_follow(parse(text, today=TODAY))
    if follow:
        assert as_follow(parse(str(meaning(follow)), today=NO_DAY, known=None)) == follow


@given(
    st.text()
    | st.lists(
        st.sampled_from(["robot", "-", '"', "tag:", "search:", "author:", "OR", "(", "after:2025"])
    ).map(" ".join)
)
def test_any_text_is_a_follow_or_a_sentence(text: str) -> None:
    try:
        follow = read_follow(text, [], TODAY).follow
    except BotError as error:
        assert error.user_message
    else:
        assert follow.value.strip()


def test_days_that_follow_each_other_are_no_contradiction() -> None:
    assert read_follow("robot after:yesterday before:today", [], TODAY).notes == (NO_DATES,)


def test_papers_named_side_by_side_are_followed_alike() -> None:
    papers = [StoredPaper(n, Paper("A", arxiv_id=f"2504.0000{n}"), NO_DAY) for n in (1, 2, 3)]
    wanted = read_follow("search:2504.00001 https://arxiv.org/abs/2504.00003", [], TODAY)
    assert wanted == Wanted(search("2504.00001 OR 2504.00003"))
    assert list(Finder(papers).find([wanted.follow])) == [1, 3]


def test_the_reason_names_the_search() -> None:
    follows = [
        search("robot -tag:audio"),
        search("voice robot has:code"),
        search('tag:"Paper Folding" robot'),
    ]
    finder = Finder([StoredPaper(1, PAPER, NO_DAY)])
    assert finder.find(follows)[1] == ("search voice robot has:code", 'search tag:"Paper Folding" robot')


@pytest.mark.parametrize(
    ("text", "follow"),
    [
        ("robots -tag:audio", search("robots -tag:Audio")),
        ("tag:audio OR tag:nlp", search('tag:Audio OR tag:"Natural Language Processing"')),
        ("author:peng has:code", search("author:peng has:code")),
        ("robots tag:audio", search("robots tag:Audio")),
        ("tag:audio robots", search("tag:Audio robots")),
        ("has:code", search("has:code")),
        ('"world model" robots', search('"world model" robots')),
        ("search: how do robots learn", search("robots learn")),
        ('search:tag:"paper folding" robot', search('tag:"Paper Folding" robot')),
        ("author:Yi Peng", Follow(FollowKind.AUTHOR, "Yi Peng")),
        ("tag:text to speech", Follow(FollowKind.TAG, "Text-to-Speech")),
        ("Paper Folding", Follow(FollowKind.TAG, "Paper Folding")),
    ],
)
def test_a_follow_takes_the_whole_language(text: str, follow: Follow) -> None:
    assert read_follow(text, ["Paper Folding"], TODAY) == Wanted(follow)


@pytest.mark.parametrize("text", ["robotcs", "search:tag:robotcs arm", "tag:robotcs -arm"])
def test_a_misspelt_tag_is_not_followed_as_words(text: str) -> None:
    with pytest.raises(UnknownTag, match="Robotics"):
        read_follow(text, [], TODAY)


@pytest.mark.parametrize(
    ("text", "follow", "note"),
    [
        ('after:"last week" robot', Follow(FollowKind.PHRASE, "robot"), NO_DATES),
        ("robots -voice before:yesterday", search("robots -voice"), NO_DATES),
        (
            "robot after:yesterday (",
            Follow(FollowKind.PHRASE, "robot"),
            "I read it as “robot after:2025-09-30”",
        ),
        ("after:foo", Follow(FollowKind.PHRASE, "foo"), "“after:foo” isn't a date"),
        ("robot has:wings", search("robot wings"), "not “wings”"),
        ("author:peng after:foo", search("author:peng foo"), "“after:foo” isn't a date"),
        ("tag:audio after:foo", search("tag:Audio foo"), "“after:foo” isn't a date"),
    ],
)
def test_what_a_follow_leaves_out_or_takes_for_words_is_said(text: str, follow: Follow, note: str) -> None:
    wanted = read_follow(text, [], TODAY)
    assert wanted.follow == follow
    assert note in " ".join(wanted.notes)


@pytest.mark.parametrize(
    "text", ["after:yesterday", "search:", "search:2504.15376", "search:!!!", "-(robot after:2025)"]
)
def test_what_can_not_be_followed_is_said(text: str) -> None:
    with pytest.raises(BadArgument):
        read_follow(text, [], TODAY)
