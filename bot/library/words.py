"""What counts as a word, one rule for the index, the filters and the follows: so that all three agree."""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence

import snowballstemmer

MAX_RUN = 32  # words in a row; for thousands of them the index takes seconds
REMEMBERED = 50_000  # words whose stems are; some 10 MB
SEPARATOR = "·"  # between passages; never part of a word, so that no phrase reaches across it

# Letters that Unicode does not take apart into a letter and a mark, as members type them (Łukasz, Søren);
# a caret is how plain text writes GS³; soft hyphens and zero-width signs come with pasted titles.
PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"}
    | dict.fromkeys("^\u00ad\u200b\u200c\u200d\u2060\ufeff", "")
)
# Dashes, quotes, bullets, ×: what is not ASCII in most texts, and no part of a word.
PUNCTUATION = re.compile("[\u2010-\u2027\u00b7\u00d7]")
MARKS = re.compile("[\u0300-\u036f]")  # Latin, Greek, Cyrillic; in other scripts marks tell words apart
CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
WORD = re.compile(rf"[{CJK}]+|[^\W_{CJK}]+")
# For most texts, which are plain ASCII, in a third of the time that WORD takes; what PLAIN and WORD do.
ASCII = {code: chr(code).lower() if chr(code).isalnum() else " " for code in range(128)} | {ord("^"): None}
ACRONYMS = re.compile("[bcdfghjklmnpqrtvwxz]{2,}s")  # LLMs, CNNs: without a vowel the stemmer keeps their s
# The endings that the stemmer takes off or changes; to ask it of every name that papers coin takes most of
# the time that indexing may take.
MAY_END = re.compile("(?:[eisy']|ed|ing|al|ful|ll|ion|er|or|ic|ant|ent|ism|gist)$")
IS_CJK = re.compile(rf"[{CJK}]")


def words(text: str) -> list[str]:
    """Case, accents and compatibility forms folded; a run of Chinese, Japanese or Korean as its pairs."""
    if not text.isascii():
        text = _fold(PUNCTUATION.sub(" ", text))
    if text.isascii():
        return text.translate(ASCII).split()
    return [word for run in WORD.findall(text) for word in _parts(run)]


def stems(text: str) -> list[str]:
    return [stem(word) for word in words(text)]


def run_of(text: str) -> list[str]:
    """The stems that are to stand in a row for this word or phrase; of a very long one, its beginning."""
    return stems(text)[:MAX_RUN]


def passages(texts: Iterable[str], split: Callable[[str], list[str]] = stems) -> str:
    """The words of several texts as one string in which `run_in` finds words that follow each other."""
    return f" {SEPARATOR} ".join(" ".join(split(text)) for text in texts)


def run_in(passage: str, run: Sequence[str]) -> bool:
    """Whether these words stand in the passage one after the other; no words stand nowhere."""
    return bool(run) and f" {' '.join(run)} " in f" {passage} "


class _Stems(dict[str, str]):
    """By word; a plain dictionary answers in half the time of `lru_cache`, and most of indexing is this."""

    def __missing__(self, word: str) -> str:
        if len(self) >= REMEMBERED:
            self.clear()
        self[word] = stemmed = _stemmed(word)
        return stemmed


stem: Callable[[str], str] = _Stems().__getitem__


def _stemmed(word: str) -> str:
    if not MAY_END.search(word):
        return word
    if ACRONYMS.fullmatch(word):
        return word[:-1]
    stemmer = getattr(_local, "stemmer", None)
    if stemmer is None:
        stemmer = _local.stemmer = snowballstemmer.stemmer("english")
    return stemmer.stemWord(word) or word


_local = threading.local()  # a stemmer is not safe to share


def _fold(text: str) -> str:
    if text.isascii():
        return text
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
