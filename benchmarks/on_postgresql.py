"""Runs a command beside a PostgreSQL server of its own, whose address takes the place of {url} in it.

python benchmarks/on_postgresql.py paperboy bench deliver --database {url}
"""

from __future__ import annotations

import subprocess
import sys

from databases import postgres

if __name__ == "__main__":
    with postgres() as server:
        sys.exit(subprocess.run([each.replace("{url}", server.url) for each in sys.argv[1:]]).returncode)
