"""What a query's words mean, by a vocabulary that is a list of words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import pytest

from bot.library.search import spelling
from bot.library.search.rewriting import How, Term, idf, rewrite
from bot.library.search.tuning import REWRITING
from bot.library.words import stem


@dataclass(frozen=True)
class Few:
    """Of 1,000 papers: words, and how many have each."""

    counts: Mapping[str, int]
    papers: int = 1_000

    def known(self, words: Collection[str]) -> Mapping[str, Term]:
        return self.written(text for text in self.counts if stem(text) in set(map(stem, words)))

    def written(self, words: Iterable[str]) -> Mapping[str, Term]:
        return {text: Term(text, stem(text), self.counts[text], 0) for text in words if text in self.counts}

    def near(self, word: str) -> Sequence[tuple[int, Term]]:
        distances = spelling.within(word, list(self.counts), 2)
        return [(distances[text], term) for text, term in self.written(distances).items()]

    def starting(self, prefix: str, limit: int) -> Sequence[Term]:
        return list(self.written(text for text in self.counts if text.startswith(prefix)).values())[:limit]

    def short(self, spelt_out: Collection[str]) -> Mapping[str, Collection[str]]:
        return {}


def test_what_a_correction_makes_one_read_is_counted_with_the_other_forms_of_its_stem() -> None:
    """The index knows stems only: whoever asks it for one word is given the papers of all forms."""
    (concept,) = rewrite([["recomend"]], Few({"recommend": 3, "recommendation": 600})).concepts
    form = concept.forms["recommend"]
    assert (form.how, form.papers) == (How.SPELLING, 603)
    assert form.idf == idf(3, 1_000)  # the word that was meant tells no less for it


def test_what_a_beginning_makes_one_read_is_counted_so_too() -> None:
    (concept,) = rewrite([["recom"]], Few({"recommend": 3, "recommended": 400})).concepts
    assert {form.papers for form in concept.forms.values()} == {403}


@pytest.mark.parametrize(
    ("other", "papers", "found"),
    [("okapo", 20, True), ("okapo", 19, False), ("ukapo", 600, False)],
)
def test_a_word_that_is_known_is_corrected_to_what_is_near_and_far_more_frequent(
    other: str, papers: int, found: bool
) -> None:
    meant = rewrite([["okapi"], ["x"]], Few({"okapi": 1, other: papers}))
    assert not meant.unknown  # it may be right as it is
    assert (other in meant.concepts[0].forms) == found


def test_of_many_words_the_rarest_count_in_the_order_they_were_asked_in() -> None:
    common = [f"w{number}" for number in range(2 * REWRITING.most)]
    words = Few({"okapi": 3, "quagga": 5} | dict.fromkeys(common, 500))
    asked = [
        concept.text for concept in rewrite([[word] for word in [*common, "quagga", "okapi"]], words).concepts
    ]
    assert asked == [*common[: REWRITING.most - 2], "quagga", "okapi"]


def test_words_of_which_any_will_do_are_no_part_of_a_name() -> None:
    one, other = rewrite([["rolling", "rowing"], ["depth"]], Few({"depth": 5})).concepts
    assert (list(one.forms), list(other.forms)) == ([], ["depth"])


def test_only_the_last_word_may_be_unfinished() -> None:
    first, last = (meant := rewrite([["zebr"], ["zebr"]], Few({"zebra": 3}))).concepts
    assert first.forms["zebra"].how is How.SPELLING
    assert last.forms["zebra"].how is How.PREFIX
    assert meant.unknown == {"zebr": "zebra"}
