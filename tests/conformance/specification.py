"""Mastodon's OpenAPI document, and whether an answer is as it says."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema_rs
from admin_methods import admin_methods

Json = dict[str, Any]

_PARAMETER = re.compile(r"{[^}]*}")
METHODS = frozenset({"get", "post", "put", "patch", "delete"})
ERRORS_SHOWN_MAX = 8


class Specification:
    """The operations of an OpenAPI 3.1 document, found by method and shape of a path: `GET`, `/api/v1/statuses/{}`.

    Read as it is meant where it cannot be meant as it is written: `oneOf` as `anyOf`, for its alternatives overlap (any
    Quote is a ShallowQuote as well); and the schema of one thing as that of its items where the text says "List of".
    The admin API, whose answers it describes and whose methods it does not have, comes from `admin_methods`.
    """

    def __init__(self, file: Path) -> None:
        document: Json = json.loads(file.read_text(encoding="utf-8").replace('"oneOf":', '"anyOf":'))
        self._components: Json = document["components"]
        self._operations: dict[tuple[str, str], Json] = {
            (method.upper(), _PARAMETER.sub("{}", path)): operation
            for path, methods in document["paths"].items()
            for method, operation in methods.items()
            if method in METHODS
        }
        self._version: str = document["info"]["version"]
        self._listed = [
            (method.upper(), path, (operation.get("tags") or ["others"])[0])
            for path, methods in document["paths"].items()
            for method, operation in methods.items()
            if method in METHODS
        ]
        for method, path, schema in admin_methods():
            content = {} if schema is None else {"content": {"application/json": {"schema": schema}}}
            operation: Json = {"responses": {"200": {"description": "", **content}}}
            self._operations.setdefault((method, _PARAMETER.sub("{}", path)), operation)
            self._listed.append((method, path, "admin"))

    @property
    def version(self) -> str:
        """Of which Mastodon's document it is."""
        return self._version

    def operations(self) -> list[tuple[str, str, str]]:
        """Method, path as written and area of every operation, in the document's order."""
        return self._listed

    def __contains__(self, operation: tuple[str, str]) -> bool:
        return operation in self._operations

    def violations(self, operation: tuple[str, str], status: int, body: Any) -> list[str]:
        """What in the body of an answer is not as the operation's schema for this status has it."""
        responses = self._operations[operation]["responses"]
        if str(status) not in responses:
            return [] if status >= 400 else [f"status {status} is not in the document"]
        response = self._resolved(responses[str(status)])
        schema = response.get("content", {}).get("application/json", {}).get("schema")
        if schema is None:
            return []
        if response["description"].startswith("List of") and schema.get("type") != "array":
            schema = {"type": "array", "items": schema}
        validator = jsonschema_rs.Draft202012Validator(
            {**schema, "components": self._components}, validate_formats=True
        )
        errors = [f"{_place(error)}: {error.message[:300]}" for error in validator.iter_errors(body)]
        return errors[:ERRORS_SHOWN_MAX]

    def _resolved(self, node: Json) -> Json:
        """A response, or what its `$ref` leads to."""
        if "$ref" not in node:
            return node
        *_, kind, name = node["$ref"].split("/")
        return self._components[kind][name]


def _place(error: jsonschema_rs.ValidationError) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in error.instance_path) or "."
