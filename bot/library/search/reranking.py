"""In which order papers answer a query: what they have of it, where, how near together, how exactly. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise

from bot.library.search.documents import Document
from bot.library.search.rewriting import Concept, How
from bot.library.search.tuning import LOOKING, RANKING, USUAL

Found = list[tuple[int, "Taken"]]  # where in a field, and what
Places = Mapping[int, set[int]]  # in a field, by concept


@dataclass(frozen=True, slots=True)
class Taken:
    """A form that papers write, and the concept that it answers."""

    concept: int
    weight: float
    value: float


@dataclass(frozen=True, slots=True)
class Match:
    """A word of the paper, and what it answers: for bold type, and to explain."""

    asked: str
    found: str
    how: How


@dataclass(frozen=True, slots=True)
class Ranked:
    score: float
    parts: Mapping[str, float]
    complete: bool = False  # it has something of each concept


class Ranker:
    """Of one query."""

    def __init__(self, concepts: Sequence[Concept], typed: Sequence[str]) -> None:
        self._concepts = concepts
        self._weights = asdict(RANKING)
        self._k1: float = self._weights.pop("k1")
        self._b: float = self._weights.pop("b")
        self._total = sum(concept.idf for concept in concepts)
        self._forms: dict[str, list[Taken]] = {}
        for number, concept in enumerate(concepts):
            for text, form in concept.forms.items():
                self._forms.setdefault(text, []).append(Taken(number, form.weight, form.weight * form.idf))
        self._pairs = [
            (number, number + 1, two.place - one.place)
            for number, (one, two) in enumerate(pairwise(concepts))
            if two.place - one.place <= LOOKING.gap
        ]
        self._letters = "".join(typed)

    def rank(self, document: Document) -> Ranked:
        features = self._features(document)
        parts = {part: weight * features[part] for part, weight in self._weights.items()}
        return Ranked(sum(parts.values()), parts, features["concepts"] == len(self._concepts))

    def matches(self, document: Document) -> tuple[Match, ...]:
        """The words of the paper that answer the query, each once, in their order."""
        fields = (document.title, document.title_alias, document.authors, document.summary)
        also = (document.summary_alias, document.tags, document.code)
        found = {
            Match(self._concepts[one.concept].text, word, self._concepts[one.concept].forms[word].how): None
            for field in (*fields, *also)
            for word in field.split()
            for one in self._forms.get(word, ())
        }
        return tuple(found)

    def _features(self, document: Document) -> dict[str, float]:
        """Each from 0 to about 1; and how many concepts the paper has."""
        title, summary = self._found(document.title), self._found(document.summary)
        authors, tags = self._found(document.authors), self._found(document.tags)
        code = self._found(document.code)
        titled = title + self._found(document.title_alias)
        told = summary + self._found(document.summary_alias)
        everything = self._best(titled + told + authors + tags + code)
        covered = sum(everything.values()) / self._total
        title_words = document.title.split()
        letters = "".join(title_words)
        pairs, in_summary = len(self._pairs) or 1, _places(summary)
        return {
            "title": self._bm25(titled, len(title_words), USUAL.title),
            "authors": self._bm25(authors, document.authors.count(" ") + 1, USUAL.authors),
            "summary": self._bm25(told, document.summary.count(" ") + 1, USUAL.summary),
            "tags": self._bm25(tags, document.tags.count(" ") + 1, USUAL.tags),
            "code": self._bm25(code, document.code.count(" ") + 1, USUAL.code),
            "concepts": float(len(everything)),
            "covered": covered,
            "covered_cube": covered**3,
            "covered_title": sum(self._best(titled).values()) / self._total,
            "title_share": len({place for place, _ in title}) / len(title_words) if title_words else 0.0,
            "pairs_title": self._adjacent(_places(title)) / pairs,
            "pairs_summary": self._adjacent(in_summary) / pairs,
            "pairs_authors": self._adjacent(_places(authors)) / pairs,
            "near_summary": self._near(in_summary) / pairs,
            "exact": sum(self._concepts[number].idf for number in _typed(title + summary + authors + tags))
            / self._total,
            "letters": float(len(self._letters) >= LOOKING.letters and self._letters in letters),
            "starts": float(len(self._letters) >= LOOKING.starts and letters.startswith(self._letters)),
        }

    def _found(self, field: str) -> Found:
        forms = self._forms
        return [
            (place, one) for place, word in enumerate(field.split()) if word in forms for one in forms[word]
        ]

    def _best(self, found: Iterable[tuple[int, Taken]]) -> dict[int, float]:
        best: dict[int, float] = {}
        for _, one in found:
            if one.value > best.get(one.concept, 0.0):
                best[one.concept] = one.value
        return best

    def _bm25(self, found: Sequence[tuple[int, Taken]], length: int, usual: int) -> float:
        if not found:
            return 0.0
        counts: dict[int, float] = {}
        values: dict[int, float] = {}
        for _, one in found:
            counts[one.concept] = counts.get(one.concept, 0.0) + one.weight
            values[one.concept] = max(values.get(one.concept, 0.0), one.value / one.weight)
        k1, norm = self._k1, self._k1 * (1 - self._b + self._b * length / usual)
        saturated = [values[number] * count * (k1 + 1) / (count + norm) for number, count in counts.items()]
        return sum(saturated) / self._total

    def _adjacent(self, places: Places) -> int:
        return sum(
            one in places and two in places and any(place + gap in places[two] for place in places[one])
            for one, two, gap in self._pairs
        )

    def _near(self, places: Places) -> int:
        return sum(
            one in places
            and two in places
            and any(abs(here - there) <= LOOKING.near for here in places[one] for there in places[two])
            for one, two, _ in self._pairs
        )


def _places(found: Found) -> Places:
    places: dict[int, set[int]] = {}
    for place, one in found:
        places.setdefault(one.concept, set()).add(place)
    return places


def _typed(found: Found) -> set[int]:
    """The concepts of which the very words stand there."""
    return {one.concept for _, one in found if one.weight == 1}
