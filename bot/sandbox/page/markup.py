"""Lines of spans as HTML. All text is escaped on its way in, and only addresses of the web become links."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence

from markupsafe import Markup, escape

from bot.sandbox.inline import Line, Span

SAFE_URL = re.compile(r"(https?://[^/?#\s]|mailto:[^\s])[^\s\x00-\x1f\x7f]*\Z", re.IGNORECASE)
BROADCASTS = ("@here", "@channel", "@everyone")
DEEPEST = 8  # indents that the style knows

BREAK = Markup("<br>")
TAGS = {
    "code": Markup("<code>{}</code>"),
    "strike": Markup("<s>{}</s>"),
    "italic": Markup("<em>{}</em>"),
    "bold": Markup("<strong>{}</strong>"),
}
LINK = Markup('<a href="{}" target="_blank" rel="noopener noreferrer nofollow">{}</a>')
MENTION = Markup('<span class="mention">{}</span>')
BROADCAST = Markup('<span class="mention broadcast">{}</span>')
PARAGRAPH = Markup("<p>{}</p>")
QUOTE = Markup("<blockquote>{}</blockquote>")
FENCE = Markup("<pre>{}</pre>")
LIST = Markup('<ul class="list">{}</ul>')
ITEM = Markup('<li class="indent-{}"><span class="lead">{}</span><span>{}</span></li>')


def href(url: str | None) -> str | None:
    """The address, if it is one to go to: http, https or mailto."""
    return url if url and SAFE_URL.match(url) else None


def flow(lines: Iterable[Line]) -> Markup:
    """Lines as paragraphs, quotes, code and lists."""
    groups = itertools.groupby(lines, key=lambda line: "item" if line.lead else line.kind)
    return Markup("").join(_run(kind, list(run)) for kind, run in groups)


def phrase(lines: Iterable[Line]) -> Markup:
    """Lines where only words may stand, such as in a button or a heading."""
    return BREAK.join(row(line) for line in lines)


def row(line: Line) -> Markup:
    return Markup("").join(map(_span, line.spans))


def words(lines: Iterable[Line]) -> str:
    """What they say, without any style: for labels and options."""
    return " ".join("".join(span.text for span in line.spans) for line in lines)


def _run(kind: str, lines: Sequence[Line]) -> Markup:
    if kind == "item":
        return LIST.format(Markup("").join(_items(lines)))
    if kind == "pre":
        return FENCE.format(Markup("\n").join("".join(span.text for span in line.spans) for line in lines))
    return (QUOTE if kind == "quote" else PARAGRAPH).format(phrase(lines))


def _items(lines: Sequence[Line]) -> Iterable[Markup]:
    """A line whose lead is only blank goes on with the item before."""
    starts = [place for place, line in enumerate(lines) if line.lead.strip() or place == 0]
    for start, end in itertools.pairwise([*starts, len(lines)]):
        lead = lines[start].lead
        indent = min((len(lead) - len(lead.lstrip())) // 2, DEEPEST)
        yield ITEM.format(indent, lead.strip(), phrase(lines[start:end]))


def _span(span: Span) -> Markup:
    shown = escape(span.text)
    for style, tag in TAGS.items():
        if getattr(span, style):
            shown = tag.format(shown)
    if span.mention:
        return (BROADCAST if span.mention in BROADCASTS else MENTION).format(shown)
    url = href(span.url)
    return LINK.format(url, shown) if url else shown
