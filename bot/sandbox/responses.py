"""What a bot says back: to a response_url, in the body of an ack, or to a submitted view."""

from __future__ import annotations

from typing import Any

from bot.sandbox.errors import SlackError
from bot.sandbox.limits import check_blocks, check_view
from bot.sandbox.messages import Draft, Json
from bot.sandbox.tickets import ResponseUrl
from bot.sandbox.views import View
from bot.sandbox.workspace import Workspace


def respond(workspace: Workspace, to: ResponseUrl, body: Any) -> None:
    """Replace or delete the message acted on, or say something new; to one member unless told otherwise."""
    if not isinstance(body, dict):
        raise SlackError("invalid_payload")
    source = to.source if to.source and not to.source.deleted else None
    if _true(body.get("delete_original")):
        if source:
            workspace.delete(source)
        return
    draft = _draft(body)
    channel = workspace.channels[to.channel]
    if channel.is_archived:
        raise SlackError("channel_is_archived")
    if _true(body.get("replace_original")) and source:
        workspace.edit(source, draft)
    elif body.get("response_type") == "in_channel":
        workspace.post(channel, workspace.bot_user, draft)
    else:
        workspace.post_ephemeral(channel, to.user, draft)


def submit_outcome(workspace: Workspace, view: View, body: Any) -> dict[str, str]:
    """Do what the ack of a submission asks for; the errors to show beside the inputs, if any."""
    action = body.get("response_action") if isinstance(body, dict) else None
    if action == "errors":
        return _errors(view, body.get("errors"))
    if action == "clear":
        workspace.views.close_all(view.user)
    elif action in ("update", "push"):
        check_view(body.get("view"), "modal")
        _next_view(workspace, view, action, body["view"])
        return {}
    else:
        workspace.views.close(view)
    workspace.show("closed", view)
    return {}


def _errors(view: View, errors: Any) -> dict[str, str]:
    """Slack shows them beside inputs only, and none where one has no place."""
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not set(errors) <= inputs:
        raise SlackError("invalid_response_action")
    return dict(errors)


def _next_view(workspace: Workspace, view: View, action: str, payload: Json) -> None:
    if action == "update":
        workspace.show("updated", workspace.views.update(view, payload, None))
    else:
        pushed = workspace.views.push(view, payload, workspace.view_owner)
        workspace.show("pushed", pushed)


def _draft(body: Json) -> Draft:
    text, blocks = body.get("text") or "", body.get("blocks") or []
    if not text and not blocks:
        raise SlackError("no_text")
    check_blocks(blocks)
    thread_ts = body.get("thread_ts")
    return Draft(str(text), blocks, metadata=body.get("metadata"), thread_ts=thread_ts)


def _true(value: Any) -> bool:
    return value in (True, "true")
