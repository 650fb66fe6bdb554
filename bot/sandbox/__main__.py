"""`python -m bot.sandbox`: a sandbox in a process of its own, whose first line of output is JSON about it."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys

from bot.sandbox.app import App
from bot.sandbox.server import Sandbox
from bot.sandbox.workspace import sample_workspace, wall_clock


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bot.sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 picks a free one")
    parser.add_argument("--workspaces", type=int, default=1)
    parser.add_argument(
        "--channels", type=int, default=0, help="more channels with the bot in, in each workspace"
    )
    parser.add_argument("--request-url", help="deliver by HTTP to this address, not over sockets")
    parser.add_argument("--paced", action="store_true", help="one message a second and channel, as Slack")
    parser.add_argument("--seed", type=int, default=0, help="of the chance in faults")
    asked = parser.parse_args()
    try:
        asyncio.run(serve(asked))
    except KeyboardInterrupt:
        sys.exit(0)


async def serve(asked: argparse.Namespace) -> None:
    """Until killed."""
    app = App()
    names = tuple(f"topic-{number}" for number in range(1, asked.channels + 1))
    workspaces = [
        sample_workspace(wall_clock, number=number, app=app, channels=names)
        for number in range(1, asked.workspaces + 1)
    ]
    sandbox = Sandbox(
        workspaces[0], request_url=asked.request_url, seed=asked.seed, paced=asked.paced, port=asked.port
    )
    for workspace in workspaces[1:]:
        sandbox.add(workspace)
    async with sandbox:
        known = {
            "api_url": sandbox.api_url,
            "control_url": f"{sandbox.url}/sandbox/",
            "app_token": sandbox.app_token,
            "signing_secret": sandbox.signing_secret,
            "workspaces": {workspace.id: workspace.bot_token for workspace in workspaces},
        }
        sys.stdout.write(json.dumps(known) + "\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    main()
