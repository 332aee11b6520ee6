"""Where the API describes itself: its OpenAPI document, and a page of it to read without scripts."""

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from linnet.api.answers import Answer, Html, json_answer
from linnet.api.endpoint import Call, Endpoint, endpoint
from linnet.api.openapi import Json, document

PAGES = Path(__file__).parent / "pages"
_CACHED = (("Cache-Control", "public, max-age=300"),)


def api_pages(endpoints: Sequence[Endpoint], public_url: str) -> tuple[Endpoint, ...]:
    """The endpoints that serve the document, its page and the page's stylesheet; all made once, when the app is."""
    described = document(endpoints, public_url)
    as_json = json_answer(described, headers=_CACHED)
    as_page = Html(render_page(described), headers=_CACHED)
    style = Answer(200, (PAGES / "reference.css").read_bytes(), "text/css; charset=utf-8", _CACHED)

    @endpoint("GET", "/openapi.json", viewer="none", hidden=True)
    async def show_document(call: Call) -> Answer:  # noqa: ARG001 -- a handler's shape
        """The API's description for programs."""
        return as_json

    @endpoint("GET", "/docs/api", viewer="none", hidden=True)
    async def show_page(call: Call) -> Html:  # noqa: ARG001
        """The API's description for people."""
        return as_page

    @endpoint("GET", "/docs/api/style.css", viewer="none", hidden=True)
    async def show_style(call: Call) -> Answer:  # noqa: ARG001
        """How that page looks."""
        return style

    return (show_document, show_page, show_style)


def render_page(described: Json) -> str:
    """The OpenAPI document as one page of HTML: endpoints by tag, then the shapes they speak of."""
    operations = [
        {"method": method.upper(), "path": path, **operation, "rows": list(_rows(described, operation))}
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    ]
    tags = [tag["name"] for tag in described["tags"]]
    by_tag = {tag: [one for one in operations if tag in one["tags"]] for tag in tags}
    return _environment().get_template("reference.html").render(api=described, by_tag=by_tag)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(PAGES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["shape"] = _shape
    return environment


def _rows(described: Json, operation: Json) -> Iterator[Json]:
    """One row for each parameter: name, where it goes, schema, whether it must be there."""
    for one in operation["parameters"]:
        yield {"required": one["required"], "where": one["in"], **one}
    content = operation.get("requestBody", {}).get("content", {})
    if content:
        schema = next(iter(content.values()))["schema"]
        fields = described["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        for name, field in fields["properties"].items():
            required = name in fields.get("required", ())
            description = field.get("description", "")
            yield {"name": name, "where": "body", "schema": field, "required": required, "description": description}


def _shape(schema: Json) -> str:
    """A schema in a few words: `integer or null`, `list of Status`."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "anyOf" in schema:
        return " or ".join(_shape(one) for one in schema["anyOf"])
    if "enum" in schema:
        return " or ".join(_literal(value) for value in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_shape(schema.get('items', {}))}"
    if "contentMediaType" in schema:
        return "file"
    return str(schema.get("format") or schema.get("type") or "anything")


def _literal(value: Any) -> str:  # noqa: ANN401 -- JSON
    return msgspec.json.encode(value).decode()
