"""What a digest says, in a form to compare with what it said before. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bot.library.papers import key_of
from bot.model import Digest, Paper


@dataclass(frozen=True, slots=True)
class Content:
    """Papers by key, in the file's order: of two with one key, the first."""

    papers: Mapping[str, Paper]
    hashes: Mapping[str, str]  # of what readers see of each paper
    problems: Sequence[Mapping[str, Any]]
    hash: str  # of all of it


def content_of(digest: Digest) -> Content:
    papers: dict[str, Paper] = {}
    for paper in digest.papers:
        papers.setdefault(key_of(paper), paper)
    hashes = {key: _hash(_visible(paper)) for key, paper in papers.items()}
    problems = [asdict(problem) for problem in digest.problems]
    return Content(papers, hashes, problems, _hash([list(hashes.items()), problems]))


def _visible(paper: Paper) -> list[Any]:
    """Without the raw text: where that alone changes, nobody sees a difference."""
    lists = (paper.authors, paper.summary, paper.tags, paper.github_urls, paper.huggingface_urls)
    return [paper.title, paper.url, paper.arxiv_id, *lists]


def _hash(content: Any) -> str:
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()
