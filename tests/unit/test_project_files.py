"""What an operator edits or installs from says what it should, and the README speaks of all of it."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings import (
    DeliverySettings,
    FeedSettings,
    FolderSettings,
    GithubSettings,
    MembersSettings,
    Settings,
    UrlSettings,
)

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LOCKS = ("requirements.lock", "requirements-dev.lock")
TABLES = (GithubSettings, FolderSettings, UrlSettings, FeedSettings, DeliverySettings, MembersSettings)
COMPOSE_VARIABLES = {"COMPOSE_PROFILES", "POSTGRES_PASSWORD"}

NEEDED_SCOPES = {"commands", "chat:write"}
USEFUL_SCOPES = {  # each for a thing that README or doctor names
    "channels:history",
    "channels:read",
    "chat:write.public",
    "groups:history",
    "groups:read",
    "im:history",
    "im:write",
    "links:read",
    "links:write",
    "users:read",
}


def table_cells(column: int) -> set[str]:
    """The words in one column of the README's tables."""
    rows = (line.strip("|").split("|") for line in README.splitlines() if line.startswith("|"))
    return {word for row in rows if len(row) > column for word in re.findall(r"[\w-]+", row[column])}


def requirements(*extras: str) -> set[str]:
    lines = list(PROJECT["project"]["dependencies"])
    for extra in extras:
        lines += PROJECT["project"]["optional-dependencies"][extra]
    return {re.split(r"[^\w-]", line)[0].lower() for line in lines}


def manifest() -> dict[str, Any]:
    text = (ROOT / "config" / "slack-manifest.yaml").read_text("utf-8")
    parsed: dict[str, Any] = yaml.safe_load(text)
    return parsed


def test_the_compose_file_keeps_to_the_compose_specification() -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    done = subprocess.run([*command, ROOT / "docker-compose.yml"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_compose_starts_without_a_database_service() -> None:
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))["services"]
    assert [name for name, service in services.items() if "profiles" not in service] == ["bot"]
    assert not services["bot"]["depends_on"]["postgres"]["required"]


def test_the_image_is_not_root_and_looks_after_its_health() -> None:
    text = (ROOT / "Dockerfile").read_text("utf-8")
    assert re.search(r"^USER (?!root)", text, re.M)
    assert re.search(r"^HEALTHCHECK ", text, re.M)
    assert "--require-hashes" in text


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_pins_every_package_by_hash_and_names_no_index(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    packages = re.findall(r"^(\S+)==\S+(.*(?:\n +\S.*)*)", text, re.M)
    assert [package for package, rest in packages if "--hash=sha256:" not in rest] == []
    pinned = {package.lower() for package, _ in packages}
    assert requirements("build", *(["dev"] if "dev" in name else [])) <= pinned
    assert not re.search(r"://|--index|--find-links|--trusted-host", text)


def test_the_runtime_lock_is_the_development_lock_without_its_tools() -> None:
    runtime, development = (
        set(re.findall(r"^\S+==\S+", (ROOT / name).read_text("utf-8"), re.M)) for name in LOCKS
    )
    assert runtime < development


def test_the_manifest_asks_for_what_is_used_and_no_more() -> None:
    scopes = manifest()["oauth_config"]["scopes"]
    assert scopes.keys() == {"bot"}
    assert NEEDED_SCOPES <= set(scopes["bot"]) <= NEEDED_SCOPES | USEFUL_SCOPES


def test_the_manifest_opens_papers_home_buttons_and_socket_mode() -> None:
    features, settings = manifest()["features"], manifest()["settings"]
    assert features["app_home"]["home_tab_enabled"]
    assert [command["command"] for command in features["slash_commands"]] == ["/papers"]
    assert features["slash_commands"][0]["usage_hint"]
    assert settings["socket_mode_enabled"]
    assert settings["interactivity"]["is_enabled"]


def test_the_readme_says_what_each_dependency_is_for() -> None:
    assert requirements("build", "dev") - table_cells(0) == set()


def test_the_readme_names_every_setting() -> None:
    variables = {str(field.validation_alias or name) for name, field in Settings.model_fields.items()}
    keys = {key for table in TABLES for key in table.model_fields}
    assert (variables | keys) - table_cells(0) == set()


def test_the_example_names_only_variables_that_exist() -> None:
    text = (ROOT / "config" / ".env.example").read_text("utf-8")
    known = {field.validation_alias for field in Settings.model_fields.values()} | COMPOSE_VARIABLES
    assert set(re.findall(r"^#? ?([A-Z_]+)=", text, re.M)) - known == set()


def test_everything_that_runs_goes_into_the_package() -> None:
    """setuptools takes packages with an __init__.py, and beside the code only what package-data names."""
    patterns = PROJECT["tool"]["setuptools"]["package-data"]["*"]
    files = [path for path in (ROOT / "bot").rglob("*") if path.is_file() and path.suffix != ".pyc"]
    assert [path for path in files if not (path.parent / "__init__.py").exists()] == []
    data = [path for path in files if path.suffix != ".py"]
    assert [path for path in data if not any(path.match(pattern) for pattern in patterns)] == []
