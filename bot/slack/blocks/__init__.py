"""Pure functions from models to Slack messages: the only place that spells Block Kit."""
