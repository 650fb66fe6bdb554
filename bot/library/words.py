"""What counts as a word, one rule for the index, the filters and the follows: so that all three agree."""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache

import snowballstemmer

MAX_RUN = 32  # words in a row; for thousands of them the index takes seconds
SEPARATOR = "·"  # between passages; never part of a word, so that no phrase reaches across it

# Letters that Unicode does not take apart into a letter and a mark, as members type them (Łukasz, Søren);
# a caret is how plain text writes GS³; soft hyphens and zero-width signs come with pasted titles.
PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"}
    | dict.fromkeys("^\u00ad\u200b\u200c\u200d\u2060\ufeff", "")
)
MARKS = re.compile("[\u0300-\u036f]")  # Latin, Greek, Cyrillic; in other scripts marks tell words apart
CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
WORD = re.compile(rf"[{CJK}]+|[^\W_{CJK}]+")
PLAIN_WORD = re.compile(r"[a-z0-9]+|\n")
ACRONYMS = re.compile("[bcdfghjklmnpqrtvwxz]{2,}s")  # LLMs, CNNs: without a vowel the stemmer keeps their s
# The endings that the stemmer takes off or changes; to ask it of every name that papers coin takes most of
# the time that indexing may take.
MAY_END = re.compile("(?:[eisy']|ed|ing|al|ful|ll|ion|er|or|ic|ant|ent|ism|gist)$")
IS_CJK = re.compile(rf"[{CJK}]")


def words(text: str) -> list[str]:
    """Case, accents and compatibility forms folded; a run of Chinese, Japanese or Korean as its pairs."""
    folded = _fold(text)
    runs: list[str] = WORD.findall(folded)
    return runs if folded.isascii() else [word for run in runs for word in _parts(run)]


def stems(text: str) -> list[str]:
    return [stem(word) for word in words(text)]


def run_of(text: str) -> list[str]:
    """The stems that are to stand in a row for this word or phrase; of a very long one, its beginning."""
    return stems(text)[:MAX_RUN]


def passages(texts: Iterable[str], split: Callable[[str], list[str]] = stems) -> str:
    """The words of several texts as one string in which `run_in` finds words that follow each other."""
    return f" {SEPARATOR} ".join(" ".join(split(text)) for text in texts)


def written(texts: Iterable[str]) -> str:
    """`passages` of words as they are written, in a third of the time: most texts fold to plain ASCII."""
    several = list(texts)
    folded = _fold("\n".join([text.replace("\n", " ") for text in several]))
    if not folded.isascii():
        return passages(several, words)
    return " ".join(PLAIN_WORD.findall(folded)).replace("\n", SEPARATOR)


def run_in(passage: str, run: Sequence[str]) -> bool:
    """Whether these words stand in the passage one after the other; no words stand nowhere."""
    return bool(run) and f" {' '.join(run)} " in f" {passage} "


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    if not MAY_END.search(word):
        return word
    if ACRONYMS.fullmatch(word):
        return word[:-1]
    stemmer = getattr(_local, "stemmer", None)
    if stemmer is None:
        stemmer = _local.stemmer = snowballstemmer.stemmer("english")
    stemmed: str = stemmer.stemWord(word)
    return stemmed or word


_local = threading.local()  # a stemmer is not safe to share


def _fold(text: str) -> str:
    if text.isascii():
        return text.lower().replace("^", "")
    text = unicodedata.normalize("NFKC", text).casefold().translate(PLAIN)
    if text.isascii():
        return text
    return unicodedata.normalize("NFKC", MARKS.sub("", unicodedata.normalize("NFD", text)))


def _parts(run: str) -> Iterator[str]:
    """Such a run has no spaces to tell words by; its pairs find any word of two signs or more."""
    if len(run) < 3 or not IS_CJK.match(run):
        yield run
    else:
        yield from (run[start : start + 2] for start in range(len(run) - 1))
