"""Messages as one HTML file that needs nothing else: no script, no font, no request."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence

from markupsafe import Markup

from bot.sandbox.messages import Message
from bot.sandbox.page.drawing import Drawing, asset, templates
from bot.sandbox.workspace import Workspace


def document(workspace: Workspace, messages: Sequence[Message], title: str, tz: str = "UTC") -> str:
    """The messages with their threads below them, as someone in the time zone `tz` sees them."""
    style = asset("messages.css")
    return (
        templates()
        .get_template("export.html")
        .render(
            title=title,
            listed=messages,
            draw=Drawing(workspace, tz),
            style=Markup(style),  # noqa: S704 - our own file
            style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        )
    )
