"""views.*: opening, pushing and updating modals, publishing Homes."""

from __future__ import annotations

from bot.sandbox.errors import SlackError, invalid
from bot.sandbox.limits import check_view
from bot.sandbox.messages import Json
from bot.sandbox.tickets import Trigger
from bot.sandbox.views import View
from bot.sandbox.webapi.call import Call


def open_modal(call: Call) -> Json:
    workspace, payload = call.workspace, _payload(call, "modal")
    view = workspace.views.open(_trigger(call), payload, workspace.view_owner)
    return {"view": workspace.show("opened", view).as_slack()}


def push(call: Call) -> Json:
    workspace, payload = call.workspace, _payload(call, "modal")
    view = workspace.views.push(_trigger(call), payload, workspace.view_owner)
    return {"view": workspace.show("pushed", view).as_slack()}


def update(call: Call) -> Json:
    workspace, view = call.workspace, _named(call)
    payload = _payload(call, str(view.payload["type"]))
    workspace.views.update(view, payload, call.string("hash"))
    return {"view": workspace.show("home" if view.is_home else "updated", view).as_slack()}


def publish(call: Call) -> Json:
    workspace, user = call.workspace, call.required("user_id")
    if user not in workspace.users:
        raise invalid("invalid_arguments", "invalid `user_id`")
    if not workspace.app.has_home:
        raise SlackError("not_enabled")
    payload = _payload(call, "home")
    view = workspace.views.publish(user, payload, workspace.view_owner, call.string("hash"))
    return {"view": workspace.show("home", view).as_slack()}


def _payload(call: Call, surface: str) -> Json:
    view = call.parsed("view", "invalid_arguments")
    if view is None:
        raise invalid("invalid_arguments", "missing required field: view")
    check_view(view, surface)
    return dict(view)


def _trigger(call: Call) -> Trigger:
    trigger_id = call.string("trigger_id") or call.string("interactivity_pointer")
    if trigger_id is None:
        raise invalid("invalid_arguments", "missing required field: trigger_id")
    return call.workspace.triggers.exchange(trigger_id)


def _named(call: Call) -> View:
    views = call.workspace.views
    by_id, by_external = call.string("view_id"), call.string("external_id")
    view = views.get(by_id) if by_id else views.find_external(by_external or "")
    if view is None:
        raise SlackError("not_found")
    return view
