"""Tags by any case, slug, alias or family; a misspelt one brings suggestions."""

from __future__ import annotations

import pytest

from bot.digests.taxonomy import ALIASES, FAMILIES, TAGS, canonical, family, resolve, slug
from bot.errors import UnknownTag


@pytest.mark.parametrize(
    "written",
    [
        "Text-to-Speech",
        "text-to-speech",
        "TEXT TO SPEECH",
        "text_to_speech",
        "#Text-To-Speech",
        " texttospeech ",
    ],
)
def test_a_known_tag_has_one_spelling(written: str) -> None:
    assert canonical(written) == "Text-to-Speech"


def test_an_unknown_tag_is_kept_as_it_was_written() -> None:
    assert canonical("  Quantum   Annealing ") == "Quantum Annealing"
    assert canonical("#Swarms") == "Swarms"


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("nlp", "Natural Language Processing"),
        ("CV", "Computer Vision"),
        ("rl", "Reinforcement Learning"),
        ("tts", "Text-to-Speech"),
        ("asr", "Automatic Speech Recognition"),
        ("vqa", "Visual Question Answering"),
        ("LLM", "Natural Language Processing"),
        ("speech to text", "Automatic Speech Recognition"),
        ("image-to-3d", "Image-to-3D"),
        ("fill mask", "Fill-Mask"),
    ],
)
def test_members_may_ask_by_name_slug_or_alias(asked: str, meant: str) -> None:
    assert resolve(asked) == meant


def test_a_tag_only_the_library_knows_is_found_as_well() -> None:
    assert resolve("swarm-robotics", known=["Swarm Robotics"]) == "Swarm Robotics"


@pytest.mark.parametrize(
    ("asked", "suggested"),
    [
        ("robtics", "Robotics"),
        ("multimodel", "Multimodal"),
        ("sumarization", "Summarization"),
        ("swarn", "Swarm"),
    ],
)
def test_a_misspelt_tag_brings_suggestions(asked: str, suggested: str) -> None:
    with pytest.raises(UnknownTag) as error:
        resolve(asked, known=["Swarm"])
    assert error.value.suggestions[0] == suggested
    assert len(error.value.suggestions) <= 3
    assert suggested in error.value.user_message


def test_suggestions_come_nearest_first_in_whatever_order_the_library_names_its_tags() -> None:
    known = [f"Audio {name}" for name in ("Beds", "Cars", "Fans", "Gels", "Jets", "Keys", "Nets")]
    found = set()
    for tags in (known, known[::-1], known[3:] + known[:3]):
        with pytest.raises(UnknownTag) as error:
            resolve("audoi", known=tags)
        found.add(error.value.suggestions)
    assert found == {("Audio", "Audio-to-Audio", "Audio Beds")}


@pytest.mark.parametrize("asked", ["", "#", "quantum chromodynamics", "世界", "x" * 100_000])
def test_what_resembles_no_tag_brings_no_suggestion(asked: str) -> None:
    with pytest.raises(UnknownTag) as error:
        resolve(asked)
    assert error.value.suggestions == ()
    assert len(error.value.user_message) < 200


def test_following_a_family_brings_its_children() -> None:
    assert {"Audio", "Text-to-Speech", "Automatic Speech Recognition", "Audio-to-Audio"} <= family("audio")
    assert family("Robotics") == {"Robotics"}
    assert "Robotics" in family("Reinforcement Learning")
    assert "Visual Question Answering" in family("Multimodal")
    assert family("Swarms") == {"Swarms"}


def test_the_taxonomy_agrees_with_itself() -> None:
    assert len(TAGS) == 52
    assert set(ALIASES.values()) <= set(TAGS)
    children = [tag for tags in FAMILIES.values() for tag in tags]
    assert len(children) == len(set(children))
    for tag in TAGS:
        assert resolve(tag) == resolve(slug(tag)) == resolve(tag.upper()) == tag
    assert slug("Text2Text Generation") == "text2text-generation"
