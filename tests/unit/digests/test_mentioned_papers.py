"""The papers that any text names."""

from __future__ import annotations

import pytest

from bot.digests.links import arxiv_ids

ONE, TWO = "2504.00001", "2504.00002"


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        (
            "<https://arxiv.org/abs/2504.15376|this> and https://arxiv.org/pdf/2504.15376v3.pdf",
            ["2504.15376"],
        ),
        ("https://arxiv.org/html/2504.00002v1, https://export.arxiv.org/abs/2504.00001", [TWO, ONE]),
        ("https://alphaxiv.org/overview/2504.00001 https://www.alphaxiv.org/abs/2504.00002v2", [ONE, TWO]),
        ("https://huggingface.co/papers/2504.00001#comments https://hf.co/papers/2504.00002", [ONE, TWO]),
        (
            "https://ar5iv.labs.arxiv.org/html/2504.00001 https://doi.org/10.48550/arXiv.2504.00002",
            [ONE, TWO],
        ),
        (
            "arXiv:2504.15376, ARXIV: 2504.15377v2 (arXiv:cs/0112017)",
            ["2504.15376", "2504.15377", "cs/0112017"],
        ),
        ("https://arxiv.org/abs/math.GT/0309136v1 arXiv:hep-th/9901001", ["math/0309136", "hep-th/9901001"]),
        ("https://arxiv.org/list/cs.CL/recent https://huggingface.co/papers?date=2025-04-28", []),
        (
            "2504.15376 alone, 10.1.2504.15376, notarxiv:2504.15376, https://evil.example/arxiv.org/abs/2504.15376",
            [],
        ),
        ("arXiv:2504.153761 and https://arxiv.org/abs/2504.1537612", []),
        ("", []),
    ],
)
def test_papers_are_named_by_links_and_by_marked_ids(text: str, ids: list[str]) -> None:
    assert list(arxiv_ids(text)) == ids


def test_a_hostile_text_takes_no_time() -> None:
    assert (
        arxiv_ids("https://" + "a." * 20_000 + "arxiv.org/abs/x " + "arxiv:" * 20_000 + "https://a" * 20_000)
        == ()
    )
