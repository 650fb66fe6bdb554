"""What stands in a link cell: links, what can be made one, nothing, and junk that is named."""

from __future__ import annotations

import pytest

from bot.digests.links import GITHUB, HUGGING_FACE, arxiv_id, links


@pytest.mark.parametrize(
    ("cell", "urls"),
    [
        ("[Link](https://github.com/a/b)", ["https://github.com/a/b"]),
        ("[Link](https://a.org/x), [Link](https://b.org/y)", ["https://a.org/x", "https://b.org/y"]),
        ("[Code](https://a.org/x)<br>[Data](https://b.org/y)", ["https://a.org/x", "https://b.org/y"]),
        ("[Link](github.com/a/b)", ["https://github.com/a/b"]),
        ("[Link](lab.github.io)", ["https://lab.github.io"]),
        ("[Link](//huggingface.co/a/b)", ["https://huggingface.co/a/b"]),
        ("[Link](owner/name)", ["https://huggingface.co/owner/name"]),
        ("owner/name-1.5", ["https://huggingface.co/owner/name-1.5"]),
        ("[Link](https://a.org/\n  demo/)", ["https://a.org/demo/"]),
        ("[Link](https://a.org/B_(c))", ["https://a.org/B_(c)"]),
        ('[Link](https://a.org/x "A title")', ["https://a.org/x"]),
        ("[Link](https://a.org/x, https://b.org/y)", ["https://a.org/x", "https://b.org/y"]),
        ("https://a.org/x https://b.org/y", ["https://a.org/x", "https://b.org/y"]),
        ("<https://a.org/x>", ["https://a.org/x"]),
        ("[Link](https://a.org/m-{1b,2b})", ["https://a.org/m-{1b,2b}"]),
        ("[Link](https://a.org/x|y)", ["https://a.org/x%7Cy"]),
    ],
)
def test_links_are_found_and_made_whole(cell: str, urls: list[str]) -> None:
    assert links(cell, HUGGING_FACE) == (tuple(urls), ())


@pytest.mark.parametrize("cell", ["N/A", "", "  ", "n/a", "None", "null", "-", "N/A, N/A"])
def test_nothing_is_no_link_and_no_problem(cell: str) -> None:
    assert links(cell, GITHUB) == ((), ())


@pytest.mark.parametrize(
    "junk",
    [
        *("null", "None", "string", "[data]", "Huggingface", "javascript:alert(1)", "data:text/html,x"),
        *("https://", "http://localhost/x", "https://github.com@evil.example/x", "mailto:a@b.org"),
        *("ftp://a.org/x", "a" * 3000 + ".org"),
    ],
)
def test_junk_in_a_link_is_dropped_and_named(junk: str) -> None:
    assert links(f"[Link]({junk}), [Link](https://a.org/x)", GITHUB) == (("https://a.org/x",), (junk,))


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://arxiv.org/abs/2504.15376", "2504.15376"),
        ("http://www.arxiv.org/abs/2504.15376v12", "2504.15376"),
        ("https://arxiv.org/pdf/2504.15376v2.pdf", "2504.15376"),
        ("https://export.arxiv.org/abs/0704.0001", "0704.0001"),
        ("https://arxiv.org/abs/cs/0112017v1", "cs/0112017"),
        ("https://arxiv.org/abs/math.GT/0309136", "math/0309136"),
        ("https://www.alphaxiv.org/abs/2504.15376", "2504.15376"),
        ("https://huggingface.co/papers/2504.15376", "2504.15376"),
        ("https://doi.org/10.48550/arXiv.2504.15376", "2504.15376"),
        ("https://evil.example/arxiv.org/abs/2504.15376", None),
        ("https://arxiv.org.evil.example/abs/2504.15376", None),
        ("https://arxiv.org/abs/2504.1537612", None),
        ("https://arxiv.org/list/cs.CL/recent", None),
        (None, None),
    ],
)
def test_the_arxiv_id_is_read_from_the_address(url: str | None, found: str | None) -> None:
    assert arxiv_id(url) == found
