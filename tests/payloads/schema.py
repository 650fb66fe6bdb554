"""A JSON schema out of Slack's TypeScript types (`@slack/types`), made once with Node and kept in .cache."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator
from jsonschema.exceptions import ValidationError, relevance

HERE = Path(__file__).parent
CACHE = HERE.parents[1] / ".cache" / "payloads"
SOURCES = ("package.json", "package-lock.json", ".npmrc", "tsconfig.json", "payloads.ts")
INSTALL = ("npm", "ci", "--fetch-retries=1", "--fetch-timeout=30000")
GENERATE = (
    "npx",
    "ts-json-schema-generator",
    "--path=payloads.ts",
    "--tsconfig=tsconfig.json",
    "--type=Payloads",
)
# What Slack's reference has (docs.slack.dev/reference/block-kit/blocks/rich-text-block) and its types lack.
LACKING = {"RichTextList": {"offset": {"type": "integer", "minimum": 0}}}
SECONDS = 180  # for either


class NoSchemaError(Exception):
    """Says what is lacking to make the schema."""


def load() -> Mapping[str, Any]:
    sources = hashlib.sha256(b"\0".join((HERE / name).read_bytes() for name in SOURCES))
    kept = CACHE / f"{sources.hexdigest()[:16]}.json"
    if not kept.exists():
        _make(kept)
    schema: Mapping[str, Any] = json.loads(kept.read_text("utf-8"))
    return schema


def _make(kept: Path) -> None:
    if not shutil.which("npm"):
        raise NoSchemaError("Node and npm are not installed (Debian: apt-get install nodejs npm)")
    kept.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=kept.parent) as folder:
        for name in SOURCES:
            shutil.copy(HERE / name, folder)
        _run(INSTALL, folder, "npm could not fetch the packages of tests/payloads/package.json")
        made = _run(GENERATE, folder, "Slack's types made no schema")
        (Path(folder) / "schema.json").write_text(made, "utf-8")
        (Path(folder) / "schema.json").replace(kept)  # at once, for whoever makes it at the same time


def _run(command: tuple[str, ...], folder: str, failed: str) -> str:
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=SECONDS, check=True
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        said = str(error.stderr or error).strip().splitlines()
        raise NoSchemaError(f"{failed}: {said[-1] if said else error}") from error
    return done.stdout


class Schema:
    """Validates parts of payloads; a shape seen before is not looked at again, whatever its texts say."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        definitions = schema["definitions"]
        for name, properties in LACKING.items():
            definitions[name]["properties"].update(properties)
        self._types = {
            kind: name
            for name, each in definitions.items()
            for kind in _kinds(each)
            if name.endswith("Block")
        }
        self._schema = schema
        self._validators: dict[str, Draft7Validator] = {}
        self._seen: dict[tuple[str, str], str | None] = {}

    def block_problems(self, blocks: list[Mapping[str, Any]]) -> Iterator[str]:
        for number, block in enumerate(blocks):
            kind = str(block.get("type"))
            if kind not in self._types:
                yield f"@slack/types knows no block {kind!r}"
            elif said := self._problem(self._types[kind], block):
                yield f"@slack/types on blocks/{number} ({kind}): {said}"

    def view_problems(self, view: Mapping[str, Any]) -> Iterator[str]:
        name = {"home": "Home", "modal": "Modal"}[view["type"]]
        if said := self._problem(name, {**view, "blocks": []}):
            yield f"@slack/types on the view: {said}"
        yield from self.block_problems(view["blocks"])

    def attachment_problems(self, attachment: Mapping[str, Any]) -> Iterator[str]:
        if said := self._problem("Attachment", {**attachment, "blocks": []}):
            yield f"@slack/types on an attachment: {said}"
        yield from self.block_problems(attachment.get("blocks", []))

    def _problem(self, name: str, value: Mapping[str, Any]) -> str | None:
        key = name, json.dumps(_shape(value), sort_keys=True)
        if key not in self._seen:
            self._seen[key] = self._validate(name, value)
        return self._seen[key]

    def _validate(self, name: str, value: Mapping[str, Any]) -> str | None:
        if name not in self._validators:
            self._validators[name] = Draft7Validator({**self._schema, "$ref": f"#/definitions/{name}"})
        error = max(self._validators[name].iter_errors(value), key=relevance, default=None)
        while error and error.context:
            error = _nearest(error)
        return f"{error.json_path}: {error.message[:160]}" if error else None


def _nearest(error: ValidationError) -> ValidationError:
    """Of what is wrong with each alternative, that of the one whose `type` is right."""
    wrong_type = {part.schema_path[0] for part in error.context if list(part.path) == ["type"]}
    meant = [part for part in error.context if part.schema_path[0] not in wrong_type]
    return max(meant or error.context, key=relevance)


def _kinds(definition: Mapping[str, Any]) -> list[str]:
    kind = definition.get("properties", {}).get("type", {})
    return [kind["const"]] if "const" in kind else []


def _shape(value: Any, key: str = "") -> Any:
    """What of a value a schema of types can tell from another: no matter what its texts say."""
    if isinstance(value, Mapping):
        return {name: _shape(each, name) for name, each in value.items()}
    if isinstance(value, list):
        different = {json.dumps(shape, sort_keys=True): shape for shape in (_shape(each) for each in value)}
        return list(different.values())
    free = key in (
        "text",
        "value",
        "url",
        "action_id",
        "block_id",
        "alt_text",
        "private_metadata",
        "fallback",
    )
    if type(value) is int and key in ("offset", "indent", "timestamp"):
        return 1
    return "" if isinstance(value, str) and free else value
