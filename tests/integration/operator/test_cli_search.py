"""`paperboy search`: for people, for programs, and many queries at once."""

from __future__ import annotations

import sqlite3

from premises import Premises

FOUND = {
    "arxiv_id": "2504.00002",
    "title": "Walking Far",
    "url": "https://arxiv.org/abs/2504.00002",
    "date": "2025-04-29",
}


def test_json_has_the_shape_that_is_promised(stocked: Premises) -> None:
    done = stocked.paperboy("search", "walking", "far", "--json")
    (page,) = done.objects
    (hit,) = page.pop("results")
    assert page.pop("ms") >= 0
    assert page == {"query": "walking far", "total": 1, "corrected": None}
    assert isinstance(hit.pop("score"), float)
    assert hit == FOUND
    assert (done.code, done.err) == (0, "")


def test_people_get_a_line_a_paper_and_the_number(stocked: Premises) -> None:
    done = stocked.paperboy("search", "tag:robotics")
    lines = done.out.splitlines()
    assert [line.split("  ")[:2] for line in lines[:-1]] == [
        ["2025-04-29", "Grasping Again"],
        ["2025-04-28", "Grasping: A Study"],
    ]
    assert lines[-1] == "2 found"


def test_nothing_found_is_an_answer(stocked: Premises) -> None:
    done = stocked.paperboy("search", "zeugma")
    assert (done.code, done.out) == (0, "Nothing found for “zeugma”.\n")
    assert stocked.paperboy("search", "zeugma", "--json").objects[0]["results"] == []


def test_a_word_can_be_excluded(stocked: Premises) -> None:
    (page,) = stocked.paperboy("search", "grasping", "-again", "--json").objects
    assert page["query"] == "grasping -again"
    assert [hit["title"] for hit in page["results"]] == ["Grasping: A Study"]


def test_a_limit_shortens_the_list_and_not_the_total(stocked: Premises) -> None:
    (page,) = stocked.paperboy("search", "tag:robotics", "--json", "--limit", "1").objects
    assert (page["total"], len(page["results"])) == (2, 1)


def test_a_correction_is_told_and_verbatim_refuses_it(stocked: Premises) -> None:
    (page,) = stocked.paperboy("search", "wlaking", "far", "--json").objects
    assert (page["corrected"], page["results"][0]["title"]) == ("walking far", "Walking Far")
    done = stocked.paperboy("search", "wlaking")
    assert done.out.startswith("Showing results for “walking”; --verbatim searches for “wlaking”.")
    assert stocked.paperboy("search", "wlaking", "--verbatim").out == "Nothing found for “wlaking”.\n"


def test_explain_tells_which_words_were_taken_how_and_what_the_score_is_made_of(stocked: Premises) -> None:
    out = stocked.paperboy("search", "wlaking", "far", "--explain").out
    assert "walking for wlaking (spelling)" in out
    assert "far" in out
    assert "covered title" in out
    (page,) = stocked.paperboy("search", "wlaking", "far", "--explain", "--json").objects
    words, score = page["results"][0]["explained"]
    assert "walking for wlaking (spelling)" in words and "covered title" in score


def test_the_newest_first(stocked: Premises) -> None:
    (page,) = stocked.paperboy("search", "grasping", "--newest", "--json").objects
    assert [hit["title"] for hit in page["results"]] == ["Grasping Again", "Grasping: A Study"]


def test_the_index_is_made_anew_where_it_is_gone(stocked: Premises) -> None:
    for name in ("search.db", "search.db-wal", "search.db-shm"):
        (stocked.folder / "data" / name).unlink(missing_ok=True)
    done = stocked.paperboy("db", "upgrade")
    assert (done.code, done.out) == (0, "The database was up to date.\nThe search index took in 3 papers.\n")
    assert (stocked.folder / "data" / "search.db").exists()
    assert stocked.paperboy("search", "walking", "--json").objects[0]["total"] == 1


def test_damage_that_only_the_search_meets_is_mended_before_it_answers(
    stocked: Premises, bare: Premises
) -> None:
    file = bare.write("q.jsonl", '{"qid": "q1", "query": "walking"}\n{"qid": "q2", "query": "grasping"}\n')
    for arguments in ["walking", "--json"], ["--batch", str(file)]:
        with sqlite3.connect(stocked.folder / "data" / "search.db") as index:
            index.execute("UPDATE paper SET words = CAST(x'ff' || words AS TEXT)")
        index.close()
        done = stocked.paperboy("search", *arguments)
        assert [page["total"] for page in done.objects] == [1, 2][: len(done.objects)]
        assert done.code == 0
        assert "the search index is damaged, and is made anew" in done.err


def test_an_argument_of_any_bytes(stocked: Premises) -> None:
    done = stocked.paperboy("search", b"caf\xe9\x1b[31m")
    assert (done.code, done.out) == (0, "Nothing found for “caf\ufffd\ufffd[31m”.\n")
    (page,) = stocked.paperboy("search", b"caf\xe9", "--json").objects
    assert page["query"] == "caf\ufffd"


def test_a_batch_prints_an_answer_a_line_with_its_qid(stocked: Premises, bare: Premises) -> None:
    file = bare.write(
        "q.jsonl", '{"qid": "q1", "query": "walking"}\n\n{"qid": 2, "query": "zeugma", "note": "x"}\n'
    )
    done = stocked.paperboy("search", "--batch", str(file))
    first, second = done.objects
    assert first.keys() == {"qid", "query", "total", "results", "corrected", "ms"}
    assert (first["qid"], first["results"][0]["title"]) == ("q1", "Walking Far")
    assert (second["qid"], second["total"]) == (2, 0)
    assert (done.code, done.err) == (0, "")


def test_a_batch_is_answered_by_the_same_options(stocked: Premises, bare: Premises) -> None:
    file = bare.write("q.jsonl", '{"qid": "q1", "query": "wlaking"}\n')
    (page,) = stocked.paperboy("search", "--verbatim", "--batch", str(file)).objects
    assert (page["total"], page["corrected"]) == (0, None)


def test_a_malformed_line_of_a_batch_is_named_and_costs_no_other(stocked: Premises, bare: Premises) -> None:
    lines = [
        b'{"qid": "q1", "query": "walking"}',
        b"not json",
        b'{"qid": "q3"}',
        b'["q4", "walking"]',
        b'{"qid": "q5", "query": 5}',
        b"[" * 100_000,
        b'\xff{"qid": "q7", "query": "walking"}',
        b'{"qid": "q8", "query": "caf\xff \\u0000 \\ud800"}',
    ]
    file = bare.write("q.jsonl", b"\n".join(lines))
    done = stocked.paperboy("search", "--batch", str(file))
    assert done.code == 1
    assert [one["qid"] for one in done.objects] == ["q1", "q8"]
    said = done.err.splitlines()
    assert [line.split(": ")[0] for line in said] == [f"{file}, line {number}" for number in range(2, 8)]
    assert said[0].endswith('is no JSON object such as {"qid": "q1", "query": "BitNet"}; left out.')
