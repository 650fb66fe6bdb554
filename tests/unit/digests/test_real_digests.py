"""Real digests beside the repository: what was published in Markdown reads as its run wrote it in JSON."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import pytest
from beside import SHARED, needs

from bot.digests.links import GITHUB, HUGGING_FACE, web_address
from bot.digests.parser import parse_bytes
from bot.digests.repair import repair
from bot.model import Digest

REAL = SHARED / "digests"
PUBLISHED = {  # the Markdown has the papers with one of these tags
    *("Multimodal", "Text Generation", "Text Classification", "Text2Text Generation", "Summarization"),
    *("Question Answering", "Natural Language Processing", "Audio", "Text-to-Speech", "Audio-to-Audio"),
}
MARK = re.compile(r"[-•]\s*")
FORGOTTEN_LINE = re.compile(r"(?<=[a-z]\.) *- +(?=[A-Z])")  # the writer went on in the same line

pytestmark = needs(REAL)


def read(path: Path) -> Digest:
    (digest,) = parse_bytes(path.read_bytes(), source="real", path=str(path))
    assert digest.date == dt.date.fromisoformat(path.stem)
    return digest


def words(text: str) -> str:
    return " ".join(repair(text).split())


def written_points(summary: str) -> tuple[str, ...]:
    """A line with a mark begins a point; one without goes on with it, unless no mark came before."""
    points: list[str] = []
    for line in summary.removeprefix("[").removesuffix("]").strip().split("\n"):
        mark = MARK.match(line.strip())
        if mark or not points:
            points += FORGOTTEN_LINE.split(line.strip()[mark.end() if mark else 0 :])
        else:
            points[-1] += f" {line.strip()}"
    return tuple(map(words, points))


def addresses(urls: list[str] | None, home: str) -> tuple[str, ...]:
    return tuple(filter(None, (web_address("".join(url.split()), home) for url in urls or [])))


def expected(paper: dict[str, Any]) -> dict[str, Any]:
    return {
        "arxiv_id": paper["link"].rpartition("/")[2],
        "title": words(paper["title"]),
        "url": paper["link"],
        "authors": tuple(filter(None, paper["authors"].split(", "))),
        "summary": written_points(paper["summary"]),
        "tags": tuple(dict.fromkeys(paper["classification"])),
        "github_urls": addresses(paper["github_urls"], GITHUB),
        "huggingface_urls": addresses(paper.get("huggingface_urls"), HUGGING_FACE),
    }


@pytest.mark.parametrize("path", sorted(REAL.glob("timlrx/*.md")), ids=lambda path: path.stem)
def test_every_paper_equals_its_json_twin_in_every_field(path: Path) -> None:
    twin = json.loads(path.with_suffix(".json").read_text("utf-8"))
    wanted = [expected(paper) for paper in twin if PUBLISHED & set(paper["classification"])]
    got = [{field: getattr(paper, field) for field in expected(twin[0])} for paper in read(path).papers]
    assert got == wanted


@pytest.mark.parametrize("path", sorted(REAL.glob("gabrielchua/*.md")), ids=lambda path: path.stem)
def test_every_row_of_the_other_dialects_is_there_and_whole(path: Path) -> None:
    digest = read(path)
    assert digest.problems == ()
    ids = re.findall(r"arxiv\.org/abs/([\d.]+)", path.read_text("utf-8"))
    assert [paper.arxiv_id for paper in digest.papers] == ids
    for paper in digest.papers:
        assert paper.title
        assert paper.summary
        assert "Read more" not in f"{paper.title}{paper.summary}"
        assert not any(point.startswith(("- ", "* ", "a) ")) for point in paper.summary)
