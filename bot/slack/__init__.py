"""The Slack surface: listeners, the client, and pure blocks that turn models into Block Kit."""
