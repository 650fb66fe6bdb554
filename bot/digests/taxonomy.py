"""The tags that digests use: their names, what people call them, and which ones a family brings along.

Names and families are Hugging Face's tasks, as the digests' Classification column writes them. Tags that are
not here are kept as they come.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from types import MappingProxyType

from rapidfuzz import fuzz, process

from bot.errors import UnknownTag

FAMILIES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "Multimodal": (
            "Any-to-Any",
            "Document Question Answering",
            "Image-Text-to-Text",
            "Video-Text-to-Text",
            "Visual Question Answering",
        ),
        "Computer Vision": (
            "Depth Estimation",
            "Image Classification",
            "Image Feature Extraction",
            "Image Segmentation",
            "Image-to-3D",
            "Image-to-Image",
            "Image-to-Text",
            "Image-to-Video",
            "Keypoint Detection",
            "Mask Generation",
            "Object Detection",
            "Text-to-3D",
            "Text-to-Image",
            "Text-to-Video",
            "Unconditional Image Generation",
            "Video Classification",
            "Zero-Shot Image Classification",
            "Zero-Shot Object Detection",
        ),
        "Natural Language Processing": (
            "Feature Extraction",
            "Fill-Mask",
            "Question Answering",
            "Sentence Similarity",
            "Summarization",
            "Table Question Answering",
            "Text Classification",
            "Text Generation",
            "Text2Text Generation",
            "Token Classification",
            "Translation",
            "Zero-Shot Classification",
        ),
        "Audio": (
            "Audio Classification",
            "Audio-to-Audio",
            "Automatic Speech Recognition",
            "Text-to-Audio",
            "Text-to-Speech",
        ),
        "Tabular": ("Tabular Classification", "Tabular Regression", "Time Series Forecasting"),
        "Reinforcement Learning": ("Robotics",),
        "Graph Machine Learning": (),
        "Other": (),
    }
)
TAGS: tuple[str, ...] = tuple(sorted({*FAMILIES, *(tag for tags in FAMILIES.values() for tag in tags)}))

ALIASES: Mapping[str, str] = MappingProxyType(
    {
        "nlp": "Natural Language Processing",
        "language": "Natural Language Processing",
        "llm": "Natural Language Processing",
        "llms": "Natural Language Processing",
        "cv": "Computer Vision",
        "vision": "Computer Vision",
        "mm": "Multimodal",
        "multi-modal": "Multimodal",
        "mllm": "Multimodal",
        "vlm": "Multimodal",
        "vlms": "Multimodal",
        "rl": "Reinforcement Learning",
        "robot": "Robotics",
        "robots": "Robotics",
        "sound": "Audio",
        "tts": "Text-to-Speech",
        "speech-synthesis": "Text-to-Speech",
        "asr": "Automatic Speech Recognition",
        "stt": "Automatic Speech Recognition",
        "speech-to-text": "Automatic Speech Recognition",
        "speech-recognition": "Automatic Speech Recognition",
        "qa": "Question Answering",
        "vqa": "Visual Question Answering",
        "docvqa": "Document Question Answering",
        "tableqa": "Table Question Answering",
        "mt": "Translation",
        "machine-translation": "Translation",
        "summarisation": "Summarization",
        "ner": "Token Classification",
        "embeddings": "Feature Extraction",
        "t2i": "Text-to-Image",
        "image-generation": "Text-to-Image",
        "t2v": "Text-to-Video",
        "video-generation": "Text-to-Video",
        "i2i": "Image-to-Image",
        "i2v": "Image-to-Video",
        "captioning": "Image-to-Text",
        "segmentation": "Image Segmentation",
        "detection": "Object Detection",
        "depth": "Depth Estimation",
        "tables": "Tabular",
        "time-series": "Time Series Forecasting",
        "forecasting": "Time Series Forecasting",
        "graphs": "Graph Machine Learning",
        "gnn": "Graph Machine Learning",
    }
)

_SUGGESTIONS = 3
_NEAR_ENOUGH = 72  # of 100: "robtics" is near Robotics, "quantum" is near nothing
_LONGEST = 100


def slug(tag: str) -> str:
    """`Text-to-Speech` → `text-to-speech`."""
    return re.sub(r"[\W_]+", "-", tag.casefold()).strip("-")


def _key(name: str) -> str:
    """What two spellings of one tag share: `text_to_speech`, `#Text-to-Speech`, `Text to speech`."""
    return re.sub(r"[\W_]+", "", name.casefold())


_BY_KEY = {_key(tag): tag for tag in TAGS}
_BY_ALIAS = {_key(alias): tag for alias, tag in ALIASES.items()}
_EXACT = {tag: tag for tag in TAGS}
_FAMILIES = {tag: tuple(name for name, tags in FAMILIES.items() if tag in tags) for tag in TAGS}


def canonical(name: str) -> str:
    """The taxonomy's spelling of a tag; one that it does not know, tidied."""
    return _EXACT.get(name) or _BY_KEY.get(_key(name)) or " ".join(name.split()).lstrip("#").strip()


def meaning(name: str) -> str:
    """The tag that follows and filters take a paper's own for: `NLP` is Natural Language Processing."""
    return _BY_ALIAS.get(_key(name)) or canonical(name)


def named(words: str) -> str | None:
    """The tag of exactly this name, slug or alias."""
    key = _key(words)
    return _BY_KEY.get(key) or _BY_ALIAS.get(key)


def resolve(asked: str, known: Collection[str] = ()) -> str:
    """The tag a member means, by name, slug or alias; `known` are the library's own. Raises UnknownTag."""
    key = _key(asked)
    if tag := named(asked):
        return tag
    seen = {_key(tag): tag for tag in sorted(known)}  # of two spellings, the same on each day
    if key not in seen or not key:
        raise UnknownTag(asked[:_LONGEST], _nearest(key[:_LONGEST], seen))
    return seen[key]


def family(tag: str) -> frozenset[str]:
    """The tag and all that following it brings."""
    name = meaning(tag)
    return frozenset({name, *FAMILIES.get(name, ())})


def families(tag: str) -> tuple[str, ...]:
    """What brings a tag along besides its own name: the families that it is of."""
    return _FAMILIES.get(tag, ())


def _nearest(key: str, seen: Mapping[str, str]) -> tuple[str, ...]:
    """Tags that look like it or hold it ("speech"), or whose alias looks like it ("visoin"); the nearest
    first, and of those that hold it alike the one with the least besides."""
    names = {**seen, **_BY_KEY}
    near = [
        *((-score, -fuzz.ratio(key, found), names[found]) for found, score in _near(key, names, fuzz.WRatio)),
        *((-score, -score, _BY_ALIAS[found]) for found, score in _near(key, _BY_ALIAS, fuzz.ratio)),
    ]
    return tuple(dict.fromkeys(tag for _, _, tag in sorted(near)))[:_SUGGESTIONS]


def _near(key: str, names: Iterable[str], scorer: Callable[..., float]) -> Iterator[tuple[str, float]]:
    found = process.extract(key, list(names), scorer=scorer, limit=None, score_cutoff=_NEAR_ENOUGH)
    return ((name, score) for name, score, _ in found)
