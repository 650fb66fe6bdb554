"""What Slack's permanent refusals mean, and what to do about each."""

from __future__ import annotations

from bot.delivery.poster import Reach

_INSTALL_AGAIN = "Slack no longer takes this token: install the app again, and renew SLACK_BOT_TOKEN."
_COPY_AGAIN = (
    "Slack does not know this token: check that all of it was copied to SLACK_BOT_TOKEN. If it was, install"
    " the app again, and renew SLACK_BOT_TOKEN."
)
ADVICE: dict[str, tuple[Reach, str]] = {
    "channel_not_found": (Reach.CHANNEL, "There is no such channel, or it is private: invite the bot to it."),
    "not_in_channel": (Reach.CHANNEL, "The bot is not in the channel: type /invite @Paperboy there."),
    "is_archived": (Reach.CHANNEL, "The channel is archived: choose another, or bring it back."),
    "restricted_action": (Reach.CHANNEL, "Only some may post there: ask an admin to let the bot."),
    "restricted_action_read_only_channel": (Reach.CHANNEL, "The channel is read-only for apps."),
    "restricted_action_thread_only_channel": (Reach.CHANNEL, "That channel takes replies only."),
    "restricted_action_non_threadable_channel": (Reach.CHANNEL, "That channel takes no threads."),
    "message_not_found": (Reach.MESSAGE, "It was deleted in Slack, and stays so."),
    "cant_update_message": (Reach.MESSAGE, "Slack lets the bot change it no more."),
    "edit_window_closed": (Reach.MESSAGE, "This workspace lets nobody change a message so old."),
    "user_not_found": (Reach.CHANNEL, "This member is not in the workspace any more."),
    "cannot_dm_bot": (Reach.CHANNEL, "Bots can't be sent messages."),
    "messages_tab_disabled": (Reach.CHANNEL, "Turn the app's Messages tab on in its settings (App Home)."),
    "invalid_auth": (Reach.WORKSPACE, _COPY_AGAIN),
    "not_authed": (Reach.WORKSPACE, _COPY_AGAIN),
    "token_revoked": (Reach.WORKSPACE, _INSTALL_AGAIN),
    "token_expired": (Reach.WORKSPACE, _INSTALL_AGAIN),
    "account_inactive": (Reach.WORKSPACE, _INSTALL_AGAIN),
    "missing_scope": (Reach.WORKSPACE, "The token lacks a scope: install the app again from the manifest."),
    "not_allowed_token_type": (Reach.WORKSPACE, "SLACK_BOT_TOKEN must be the bot's token (xoxb-…)."),
}
