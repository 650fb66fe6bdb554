"""The composition root: the only place that builds things and ties them together.

`core` is what needs no Slack (the commands of an operator); `bot` is the whole, in one or more roles, made
of its `parts`; `run` opens and closes it.
"""
