"""A digest as the JSON that `paperboy parse --json` prints."""

from __future__ import annotations

from typing import Any

from bot.model import Digest, Paper, Problem


def as_json(digest: Digest) -> dict[str, Any]:
    return {
        "date": digest.date.isoformat() if digest.date else None,
        "source": digest.source,
        "papers": [_paper(paper) for paper in digest.papers],
        "problems": [_problem(problem) for problem in digest.problems],
    }


def _paper(paper: Paper) -> dict[str, Any]:
    return {
        "arxiv_id": paper.arxiv_id,
        "title": paper.title,
        "url": paper.url,
        "authors": list(paper.authors),
        "summary": list(paper.summary),
        "tags": list(paper.tags),
        "github_urls": list(paper.github_urls),
        "huggingface_urls": list(paper.huggingface_urls),
    }


def _problem(problem: Problem) -> dict[str, Any]:
    return {"line": problem.line, "paper": problem.paper, "message": problem.message}
