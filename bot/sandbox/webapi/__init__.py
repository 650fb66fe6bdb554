"""The methods of Slack's Web API that a bot such as ours calls, as state changes of a workspace."""
