"""Papers to render: a few as a person would meet them, and any that Hypothesis can think of."""

from __future__ import annotations

import datetime as dt

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from bot.model import Paper, StoredPaper

DAY = dt.date(2025, 4, 28)
some = settings(max_examples=40, suppress_health_check=list(HealthCheck))


def stored(number: int, paper: Paper) -> StoredPaper:
    return StoredPaper(number, paper, DAY)


LANTERN = stored(
    1,
    Paper(
        title="Lantern: Seeing Farther with Fewer Frames",
        url="https://arxiv.org/abs/2504.00001",
        arxiv_id="2504.00001",
        authors=("Ada Moss", "Ben Okoro", "Chie Tanaka", "Dag Lund", "Eva Novak"),
        summary=(
            "Long videos are read through a handful of frames that the model chooses itself.",
            "Choosing costs less than one layer, and no label says which frame matters.",
            "On three benchmarks it keeps 98% of the accuracy with a tenth of the frames.",
        ),
        tags=("Multimodal", "Video-Text-to-Text", "Computer Vision"),
        github_urls=("https://github.com/moss/lantern", "https://lantern.example.org"),
        huggingface_urls=(
            "https://huggingface.co/moss/lantern-7b",
            "https://huggingface.co/datasets/moss/far",
        ),
    ),
)
TINKER = stored(
    2,
    Paper(
        title="Do Robots Need to Tinker?",
        url="https://arxiv.org/abs/2504.00002",
        authors=("Femi Ade",),
        summary=("A study of play as a way to learn tools, in prose and without a single list.",),
        tags=("Robotics",),
    ),
)
PLAIN = stored(3, Paper(title="A paper of which only the title is known"))
PAPERS = (LANTERN, TINKER, PLAIN)

NASTY = (
    "<!channel> read this",
    "@here @everyone #general",
    "<https://evil.example|arXiv> & <@U123> <#C1|x>",
    "\u202egnp.exe\u202c zero\u200bwidth \u2066x\u2069 \x00\x07 \ud800",
    "a | b > c < d &amp; `code` *bold* ~gone~ _it_",
    "深層学習による動画理解の新しい枠組み" * 17,
    "🧪👩‍🔬🏳️‍🌈🇩🇪👍🏽" * 35,
    "word " * 1_000,
    "e\u0301\u0323" * 400,
    "&" * 900,
    "\u3164\u2800",
    "https://evil.example/?a=1&b=2",
)
ADDRESSES = (
    "https://arxiv.org/abs/2504.12345",
    "http://a.example/" + "x" * 480,
    "https://a.example/" + "&" * 2_900,
    "https://a.example/" + "é" * 1_000,
    "https://a.example/a|b<c>d e",
    "javascript:alert(1)",
    "https://",
    "http://[",
    "",
)
words = st.one_of(st.text(max_size=60), st.sampled_from(NASTY))
addresses = st.one_of(st.sampled_from(ADDRESSES), st.text(max_size=20).map("https://a.example/".__add__))


def several(of: st.SearchStrategy[str], most: int) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(of, max_size=most).map(tuple)


papers = st.builds(
    Paper,
    title=words,
    url=st.none() | addresses,
    authors=several(words, 5) | words.map(lambda name: (name[:60],) * 200),
    summary=several(words, 6) | words.map(lambda point: ((point * 20)[:20_000],)),
    tags=several(words, 15),
    github_urls=several(addresses, 4),
    huggingface_urls=several(addresses, 4),
)
days = st.lists(papers, max_size=7).map(
    lambda found: [stored(number, paper) for number, paper in enumerate(found, 1)]
)


def extreme(number: int) -> StoredPaper:
    """Everything at once at its largest."""
    nasty = NASTY[number % len(NASTY)]
    return stored(
        number,
        Paper(
            title=f"{number} {nasty}" * (5_000 // len(nasty)),
            url=f"https://a.example/{number}/" + "x" * 460,
            authors=tuple(f"{nasty[:60]} {n}" for n in range(200)),
            summary=(nasty * 20,) * 10,
            tags=tuple(f"{nasty[:20]} {n}" for n in range(13)),
            github_urls=tuple(f"https://github.com/{n}/" + "&" * 80 for n in range(20)),
            huggingface_urls=tuple(f"https://huggingface.co/{n}/" + "y" * 400 for n in range(20)),
        ),
    )


HUGE_DAY = [extreme(number) for number in range(1, 61)]
