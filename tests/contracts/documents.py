"""Discord's OpenAPI document and gateway schemas, as compiled validators."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

from tests.contracts.rules import ContractError, after_version

FOLDER = Path(__file__).parents[3] / "shared" / "discord"
_LONGEST = 600
_SNOWFLAKE = {"type": ["string", "integer"]}
"""discord.py sends snowflakes as integers, which Discord takes."""


class Contracts:
    """Checks requests, responses and events; each validator is compiled at its first use."""

    def __init__(self, folder: Path) -> None:
        document = json.loads((folder / "openapi.json").read_text("utf-8"))
        self._components = document["components"]
        self._components["schemas"]["SnowflakeType"] = _SNOWFLAKE
        self._gateway = folder / "gateway"
        paths: dict[str, dict[str, Any]] = document["paths"]
        self._operations = [
            (_pattern(path), path, operations) for path, operations in paths.items()
        ]
        # Of two paths that match, the one with fewer placeholders is meant.
        self._operations.sort(key=lambda each: each[1].count("{"))
        self._request = cache(self._compiled_request)
        self._response = cache(self._compiled_response)
        self._event = cache(self._compiled_event)
        self._path = cache(self._described_path)

    def check_request(self, method: str, path: str, body: object) -> None:
        """Check what the bot sent against the document, without the rules beside it.

        Args:
            method: GET, POST, …
            path: The path after the API's version.
            body: The JSON; None where there was none.

        Raises:
            ContractError: It is no request that Discord describes.
        """
        described = self._path(_shape(after_version(path)))
        validator = self._request(method, described)
        if validator is None:
            if body:
                raise ContractError(f"{method} {path} takes no body: {body}")
            return
        _validate(validator, body, f"{method} {path}")

    def check_response(self, method: str, path: str, status: int, body: object) -> None:
        """Check what the stand-in answered.

        Raises:
            ContractError: Discord would not answer so.
        """
        described = self._path(_shape(after_version(path)))
        validator = self._response(method, described, status)
        if validator is not None:
            _validate(validator, body, f"{status} for {method} {path}")

    def check_event(self, name: str, data: object) -> None:
        """Check an event that the stand-in sends, or an IDENTIFY that it gets.

        Raises:
            ContractError: Discord's would look otherwise.
        """
        validator = self._event(name)
        if validator is not None:
            _validate(validator, data, name)

    def _described_path(self, path: str) -> str:
        for pattern, described, _ in self._operations:
            if pattern.fullmatch(path):
                return described
        raise ContractError(f"Discord has no {path}")

    def _operation(self, method: str, described: str) -> Mapping[str, Any]:
        operations = next(each for _, path, each in self._operations if path == described)
        if method.lower() not in operations:
            raise ContractError(f"Discord has no {method} {described}")
        operation: Mapping[str, Any] = operations[method.lower()]
        return operation

    def _compiled_request(self, method: str, described: str) -> jsonschema_rs.Validator | None:
        body = self._operation(method, described).get("requestBody")
        return None if body is None else self._compiled(body["content"])

    def _compiled_response(
        self, method: str, described: str, status: int
    ) -> jsonschema_rs.Validator | None:
        responses = self._operation(method, described)["responses"]
        found = responses.get(str(status), responses.get(f"{status // 100}XX"))
        if found is None:
            if status >= 500:
                return None
            raise ContractError(f"{method} {described} does not answer {status}")
        if "$ref" in found:
            found = self._components["responses"][found["$ref"].rsplit("/", 1)[1]]
        return self._compiled(found["content"]) if "content" in found else None

    def _compiled(self, content: Mapping[str, Any]) -> jsonschema_rs.Validator:
        schema = content["application/json"]["schema"]
        return jsonschema_rs.Draft202012Validator({**schema, "components": self._components})

    def _compiled_event(self, name: str) -> jsonschema_rs.Validator | None:
        camel = name.title().replace("_", "")
        matching = sorted(self._gateway.glob(f"Gateway{camel}*Data.json"))
        if not matching:
            return None
        schema = json.loads(matching[0].read_text("utf-8"))
        for kind in schema["definitions"]:
            if kind.endswith("Flags"):
                # A bit field, of which the generator lists single bits.
                schema["definitions"][kind] = {"type": "integer"}
        return jsonschema_rs.Draft7Validator(schema)


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path)))


def _shape(path: str) -> str:
    """A path without its snowflakes and tokens, so that what is found for it can be kept."""
    return re.sub(r"(?<=/)(?:\d+|[\w.-]{30,})(?=/|$)", "0", path.split("?", maxsplit=1)[0])


def _validate(validator: jsonschema_rs.Validator, value: object, what: str) -> None:
    problem = next(iter(validator.iter_errors(value)), None)
    if problem is not None:
        place = "/".join(map(str, problem.instance_path))
        raise ContractError(
            f"{what}: at /{place}: {problem.message[:_LONGEST]}\n{json.dumps(value)[:_LONGEST]}"
        )


@cache
def documents() -> Contracts | None:
    """Discord's documents, or None where they do not lie beside the repository."""
    return Contracts(FOLDER) if (FOLDER / "openapi.json").is_file() else None
