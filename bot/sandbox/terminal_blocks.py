"""Block Kit drawn with rich."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.rule import Rule
from rich.segment import Segment
from rich.style import Style
from rich.table import Table
from rich.text import Text

from bot.sandbox.elements import VALUE_KEYS, initial_key
from bot.sandbox.inline import Line, Reader, Span, visible
from bot.sandbox.messages import Json

HEADING = Style(bold=True, color="white")
FAINT = Style(color="grey58")
LINK = Style(color="#1d9bd1")
MENTION = Style(color="#1d9bd1", bgcolor="#1b2733")
BROADCAST = Style(color="#e8912d", bgcolor="#3a2c12", bold=True)
CODE = Style(color="#e06c75", bgcolor="grey15")
QUIET = Style(color="grey89", bgcolor="grey23")
BUTTONS = {
    "primary": Style(color="white", bgcolor="#007a5a", bold=True),
    "danger": Style(color="white", bgcolor="#c01343", bold=True),
}
BOX_WIDTH = 40
PLACEHOLDERS = {"datepicker": "Pick a date", "timepicker": "Pick a time", "overflow": "⋯"}


class Drawer:
    """`state`, where a view has one, is what stands in its inputs."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def blocks(self, blocks: Sequence[Json], state: Json | None = None) -> RenderableType:
        """The blocks below each other, with some air below each row of buttons."""
        drawn: list[RenderableType] = []
        for before, block in zip([None, *blocks], blocks, strict=False):
            if before and before["type"] == "actions" and block["type"] not in ("divider", "context"):
                drawn.append(Text())
            drawn.append(self._block(block, (state or {}).get(block["block_id"], {})))
        return Group(*drawn)

    def lines(self, lines: Iterable[Line], base: Style | None = None) -> Text:
        """Lines of spans as one text; links are links in terminals that know them."""
        text = Text("\n").join(Text(_lead(line), style=FAINT) + _row(line) for line in lines)
        if base:
            text.stylize_before(base)
        return text

    def button(self, element: Json) -> Text:
        label = "".join(span.text for line in self._reader.text(element["text"]) for span in line.spans)
        away = Style(link=visible(element["url"])) if "url" in element else Style()
        shown = f"[ {label} ↗ ]" if "url" in element else f"[ {label} ]"
        return Text(shown, style=BUTTONS.get(element.get("style", ""), QUIET) + away, no_wrap=True)

    def _block(self, block: Json, state: Json) -> RenderableType:
        draw: dict[str, Callable[[Json, Json], RenderableType]] = {
            "header": self._header,
            "section": self._section,
            "context": self._context,
            "divider": self._divider,
            "actions": self._actions,
            "image": self._image,
            "input": self._input,
            "rich_text": self._rich_text,
        }
        return draw[block["type"]](block, state)

    def _header(self, block: Json, _: Json) -> RenderableType:
        return self.lines(self._reader.text(block["text"]), HEADING)

    def _section(self, block: Json, state: Json) -> RenderableType:
        parts: list[RenderableType] = []
        if "text" in block:
            parts.append(self.lines(self._reader.text(block["text"])))
        if "fields" in block:
            parts.append(self._fields(block["fields"]))
        if "accessory" not in block:
            return Group(*parts)
        grid = Table.grid(padding=(0, 2), expand=True)
        grid.add_column(ratio=1)
        grid.add_column(justify="right")
        grid.add_row(Group(*parts), self._element(block["accessory"], state))
        return grid

    def _fields(self, fields: Sequence[Json]) -> Table:
        grid = Table.grid(padding=(0, 2), expand=True)
        grid.add_column(ratio=1)
        grid.add_column(ratio=1)
        drawn = [self.lines(self._reader.text(field)) for field in fields]
        for place in range(0, len(drawn), 2):
            grid.add_row(*drawn[place : place + 2])
        return grid

    def _context(self, block: Json, _: Json) -> RenderableType:
        parts = [
            _picture(element) if element["type"] == "image" else self.lines(self._reader.text(element))
            for element in block["elements"]
        ]
        text = Text("  ").join(parts)
        text.stylize_before(FAINT)
        return text

    def _divider(self, _: Json, __: Json) -> RenderableType:
        return Rule(style="grey27")

    def _actions(self, block: Json, state: Json) -> RenderableType:
        elements = [self._element(element, state) for element in block["elements"]]
        return Text("  ").join(elements)

    def _image(self, block: Json, _: Json) -> RenderableType:
        shown = _picture(block)
        return Group(self.lines(self._reader.text(block["title"])), shown) if "title" in block else shown

    def _input(self, block: Json, state: Json) -> RenderableType:
        label = self.lines(self._reader.text(block["label"]), Style(bold=True))
        if block.get("optional"):
            label.append(" (optional)", style=FAINT)
        hint = [self.lines(self._reader.text(block["hint"]), FAINT)] if "hint" in block else []
        return Padding(Group(label, self._element(block["element"], state), *hint), (0, 0, 1, 0))

    def _rich_text(self, block: Json, _: Json) -> RenderableType:
        """Like any text, but that items of lists hang beside their bullets."""
        rows: list[RenderableType] = []
        for line in self._reader.rich_text(block):
            item = Table.grid()
            item.add_row(Text(_lead(line), style=FAINT, no_wrap=True), _row(line))
            rows.append(item if line.lead else Text(_lead(line), style=FAINT) + _row(line))
        return Group(*rows)

    def _element(self, element: Json, state: Json) -> Text:
        kind = element["type"]
        if kind == "button":
            return self.button(element)
        if kind == "image":
            return _picture(element)
        key = VALUE_KEYS[kind]
        value = state.get(element["action_id"], {}).get(key) or element.get(initial_key(kind))
        if kind in ("checkboxes", "radio_buttons"):
            return self._choices(element, value)
        empty = element.get("placeholder", {}).get("text") or PLACEHOLDERS.get(kind, "")
        shown = _words(value or empty)
        if key == "value":
            return Text(f" {shown} ".ljust(BOX_WIDTH), style=QUIET)
        arrow = "" if kind == "overflow" else " ▾"
        return Text(f"[ {shown or 'Select'}{arrow} ]", style=QUIET, no_wrap=True)

    def _choices(self, element: Json, value: Any) -> Text:
        chosen = value if isinstance(value, list) else [value]
        on, off = ("☑", "☐") if element["type"] == "checkboxes" else ("◉", "○")
        rows = []
        for option in element["options"]:
            row = Text(f"{on if option in chosen else off} ")
            rows.append(row.append(self.lines(self._reader.text(option["text"]))))
        return Text("\n").join(rows)


class Barred:
    """With a line down its left side, as threads and attachments have."""

    def __init__(self, inside: RenderableType, colour: str) -> None:
        self._inside = inside
        self._style = Style(color=colour)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        narrower = options.update_width(max(options.max_width - 2, 1))
        for line in console.render_lines(self._inside, narrower, pad=False):
            yield Segment("▎ ", self._style)
            yield from line
            yield Segment.line()


def _picture(image: Json) -> Text:
    """Its alt text, linked to where it is."""
    return Text(f"▣ {visible(image['alt_text'])}", style=FAINT + Style(link=visible(image["image_url"])))


def _lead(line: Line) -> str:
    return {"quote": "▎ ", "pre": "  "}.get(line.kind, line.lead)


def _row(line: Line) -> Text:
    return Text().join(Text(span.text, style=_style(span)) for span in line.spans)


def _words(value: Any) -> str:
    """What is entered or chosen, as shown in its box."""
    if isinstance(value, list):
        return ", ".join(_words(each) for each in value)
    if isinstance(value, dict):
        return visible(str(value["text"]["text"]))
    return visible(str(value or ""))


def _style(span: Span) -> Style:
    style = Style(
        bold=span.bold or None, italic=span.italic or None, strike=span.strike or None, link=span.url
    )
    if span.mention:
        broadcast = span.mention in ("@here", "@channel", "@everyone")
        return style + (BROADCAST if broadcast else MENTION)
    if span.code:
        return style + CODE
    return style + LINK if span.url else style
