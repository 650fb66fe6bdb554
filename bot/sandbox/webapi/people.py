"""users.*, team.info, auth.* and api.test: who is asking, who is there."""

from __future__ import annotations

from bot.sandbox.errors import SlackError
from bot.sandbox.limits import check_blocks, check_view
from bot.sandbox.messages import Json
from bot.sandbox.webapi.call import Call


def users_info(call: Call) -> Json:
    call.need("users:read")
    user = call.workspace.users.get(call.required("user"))
    if user is None:
        raise SlackError("user_not_found")
    return {"user": user.as_slack(call.workspace.clock())}


def users_list(call: Call) -> Json:
    call.need("users:read")
    everyone = list(call.workspace.users.values())
    page, onward = call.page(everyone, max(len(everyone), 1), 1000)
    now = call.workspace.clock()
    return {"members": [user.as_slack(now) for user in page], "cache_ts": int(now.timestamp())} | onward


def team_info(call: Call) -> Json:
    call.need("team:read")
    workspace = call.workspace
    if call.string("team") not in (None, workspace.id):
        raise SlackError("team_not_found")
    domain = workspace.domain
    return {"team": {"id": workspace.id, "name": workspace.name, "domain": domain, "email_domain": ""}}


def auth_test(call: Call) -> Json:
    workspace = call.workspace
    return {
        "url": f"https://{workspace.domain}.slack.com/",
        "team": workspace.name,
        "user": workspace.users[workspace.bot_user].name,
        "team_id": workspace.id,
        "user_id": workspace.bot_user,
        "bot_id": workspace.bot_id,
        "app_id": workspace.app.id,
        "is_enterprise_install": False,
    }


def auth_revoke(call: Call) -> Json:
    if not call.flag("test"):
        call.workspace.revoked = True
    return {"revoked": not call.flag("test")}


def api_test(call: Call) -> Json:
    if error := call.string("error"):
        raise SlackError(error, args=call.args)
    return {"args": call.args}


def blocks_validate(call: Call) -> Json:
    """Exactly one of blocks, message and view, judged by the same limits as when it is sent."""
    given = [name for name in ("blocks", "message", "view") if call.args.get(name)]
    if len(given) != 1:
        raise SlackError("invalid_arguments")
    value = call.parsed(given[0], "invalid_arguments")
    if given[0] == "view":
        check_view(value, "modal", "home")
    else:
        check_blocks(value.get("blocks") if given[0] == "message" and isinstance(value, dict) else value)
    return {}
