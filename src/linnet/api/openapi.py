"""The OpenAPI 3.1 document, made from the endpoint table and the types of its forms and answers."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from types import UnionType
from typing import Any, Final, Union, cast, get_args, get_origin

import msgspec

from linnet import __version__
from linnet.api.answers import Answer, Html, NoContent, Redirect
from linnet.api.endpoint import Endpoint
from linnet.api.forms import NUMBER_BITS, Form
from linnet.api.paging import Page
from linnet.api.uploads import Upload
from linnet.platform.errors import STATUSES

Json = dict[str, Any]

_REF: Final = "#/components/schemas/{name}"
_ERROR: Final[Json] = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {"type": "string", "description": "What went wrong, as a sentence or, in OAuth, as a code."},
        "error_code": {"type": "string", "description": "What a client branches on where the status is not enough."},
        "error_description": {"type": "string", "description": "In OAuth, the sentence."},
        "details": {
            "type": "object",
            "description": "What is wrong with each field that was refused.",
            "additionalProperties": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["error", "description"],
                    "properties": {"error": {"type": "string"}, "description": {"type": "string"}},
                },
            },
        },
        "moderation": {
            "type": "object",
            "description": "With the code `moderation`: why a text was not published (docs/moderation.md).",
            "required": ["decision_id", "measure", "reasons"],
            "properties": {
                "decision_id": {"type": "string"},
                "measure": {"type": "string", "enum": ["warn", "reject", "limit_account"]},
                "reasons": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["code", "text", "field", "start", "end", "excerpt"],
                        "properties": {
                            "code": {"type": "string"},
                            "text": {"type": "string"},
                            "field": {"type": "string"},
                            "start": {"type": "integer", "description": "A code point of the field."},
                            "end": {"type": "integer"},
                            "excerpt": {"type": "string"},
                        },
                    },
                },
            },
        },
    },
}
_REASONS: Final = {
    400: "The request cannot be read.",
    401: "No valid token came with the request.",
    403: "The token does not allow this.",
    404: "It does not exist, or is not for this viewer to see.",
    405: "There is no such method at this path.",
    409: "The same thing is being done by another request right now.",
    412: "Another version of the protocol is spoken here.",
    413: "The request is too large.",
    415: "A body of this type is not taken here.",
    422: "A parameter breaks a rule; `details` says which.",
    429: "A rate limit was reached; `Retry-After` says when to come back.",
    460: "The bytes do not come to the checksum that was sent with them.",
    503: "The server is busy or restarting; `Retry-After` says when to come back.",
    507: "There is no room left for files on the server.",
}
_LINK: Final[Json] = {
    "description": "Absolute addresses of the older (`next`) and newer (`prev`) page.",
    "schema": {"type": "string"},
}
_BODIES: Final = ("application/json", "application/x-www-form-urlencoded", "multipart/form-data")


@dataclass(frozen=True, slots=True)
class _Said:
    """What one kind of answer looks like: a type for JSON, a media type for others, neither for no content."""

    type: object = None
    media: str = "application/json"
    status: int | None = None
    """Another status than the endpoint's own."""


def document(endpoints: Sequence[Endpoint], public_url: str) -> Json:
    """The whole document, with every endpoint that is not hidden, in the order of the table."""
    shown = [one for one in endpoints if not one.hidden]
    types = _types_of(shown)
    schemas, components = msgspec.json.schema_components(types, schema_hook=_schema_of_custom, ref_template=_REF)
    by_type = dict(zip(types, schemas, strict=True))
    paths: dict[str, Json] = {}
    for one in shown:
        paths.setdefault(one.path, {})[one.method.lower()] = _operation(one, by_type, components)
    scopes = {one.scope: f"Needed by {one.tag}" for one in shown if one.scope is not None}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Linnet",
            "version": __version__,
            "description": "A social network server that speaks the Mastodon client API. Every parameter may come in "
            "the query, in JSON, urlencoded or multipart alike.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": public_url}],
        "tags": [{"name": tag} for tag in dict.fromkeys(one.tag for one in shown)],
        "paths": paths,
        "components": {
            "schemas": {**_bounded(components), "Error": _ERROR},
            "responses": {f"Error{status}": _error_response(status) for status in _REASONS},
            "securitySchemes": _security_schemes(public_url, scopes),
        },
    }


def _types_of(endpoints: Sequence[Endpoint]) -> list[Any]:
    """Every type that a form or a JSON answer of these endpoints has, once."""
    found: list[Any] = []
    for one in endpoints:
        said = [kind.type for kind in _answers_of(one) if kind.type is not None]
        for type_ in (*said, *([] if one.form is None else [one.form])):
            if type_ not in found:
                found.append(type_)
    return found


def _operation(one: Endpoint, by_type: dict[Any, Json], components: dict[str, Any]) -> Json:
    operation: Json = {
        "operationId": f"{one.tag}.{getattr(one.handler, '__name__', one.path)}",
        "tags": [one.tag],
        "summary": one.summary,
        "security": _security_of(one),
        "parameters": [_path_parameter(parameter.name, parameter.kind) for parameter in one.path_parameters],
        "responses": {
            **_by_status(_responses(one, by_type)),
            **{str(status): {"$ref": f"#/components/responses/Error{status}"} for status in _REASONS},
        },
    }
    if one.description:
        operation["description"] = one.description
    if one.form is not None:
        fields = components[by_type[one.form]["$ref"].rpartition("/")[2]]
        if one.method in ("GET", "DELETE"):
            operation["parameters"].extend(_query_parameters(fields, components))
        elif fields["properties"]:
            kinds = _BODIES if not _takes_files(one.form) else _BODIES[2:]
            operation["requestBody"] = {
                "required": bool(fields.get("required")),
                "content": {kind: {"schema": by_type[one.form]} for kind in kinds},
            }
    return operation


def _path_parameter(name: str, kind: type) -> Json:
    schema: Json = {"type": "string", "pattern": "^[0-9]{1,19}$"} if kind is int else {"type": "string", "minLength": 1}
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _query_parameters(fields: Json, components: dict[str, Any]) -> Iterator[Json]:
    """The fields of a form as query parameters: lists as `name[]=…&name[]=…`, hashes as `name[key]=…`."""
    required = fields.get("required", ())
    for name, full in _bounded(fields["properties"]).items():
        schema = {key: value for key, value in full.items() if key != "description"}
        parameter: Json = {"name": name, "in": "query", "required": name in required, "schema": schema}
        if "description" in full:
            parameter["description"] = full["description"]
        kinds = set(_kinds(schema, components))
        if "array" in kinds:
            parameter |= {"name": f"{name}[]", "style": "form", "explode": True}
        elif "object" in kinds:
            parameter |= {"style": "deepObject", "explode": True}
        yield parameter


def _kinds(schema: Json, components: dict[str, Any]) -> Iterator[str]:
    """The JSON types that a schema allows."""
    if "$ref" in schema:
        schema = components[schema["$ref"].rpartition("/")[2]]
    if "type" in schema:
        yield schema["type"]
    for one in schema.get("anyOf", ()):
        yield from _kinds(one, components)


def _by_status(responses: Iterable[tuple[str, Json]]) -> Json:
    """The responses by their status; of several with the same one it is any of them."""
    found: Json = {}
    for status, response in responses:
        for media, content in found.get(status, {}).get("content", {}).items():
            schemas = [*content["schema"].get("anyOf", (content["schema"],)), response["content"][media]["schema"]]
            response["content"][media] = {"schema": {"anyOf": schemas}}
        found[status] = response
    return found


def _responses(one: Endpoint, by_type: dict[Any, Json]) -> Iterator[tuple[str, Json]]:
    for said in _answers_of(one):
        response: Json = {"description": "Done."}
        if said.type is not None:
            response["content"] = {said.media: {"schema": by_type[said.type]}}
        elif said.media == "application/json":
            response["content"] = {said.media: {"schema": {"type": "object", "maxProperties": 0}}}
        elif said.media:
            response["content"] = {said.media: {}}
        if get_origin(one.answer) is Page:
            response["headers"] = {"Link": _LINK}
        for status in (said.status,) if said.status is not None else (one.status, *one.also):
            yield str(status), response


def _answers_of(one: Endpoint) -> Iterator[_Said]:
    """Each kind of answer that the handler's return annotation names."""
    union = get_origin(one.answer) in (Union, UnionType)
    for kind in get_args(one.answer) if union else (one.answer,):
        if kind is NoContent:
            yield _Said(media="", status=204)
        elif kind is Redirect:
            yield _Said(media="", status=302)
        elif kind is Html:
            yield _Said(media="text/html")
        elif kind is Answer:
            yield _Said(media="*/*")
        elif kind is type(None):
            yield _Said()
        elif get_origin(kind) is Page:
            yield _Said(list[get_args(kind)[0]])
        else:
            yield _Said(kind)


def _takes_files(form: type[Form]) -> bool:
    return any(Upload in (field.type, *get_args(field.type)) for field in msgspec.structs.fields(form))


def _schema_of_custom(type_: type) -> Json:
    """The schema of a type that msgspec does not know; for others it wants to hear `NotImplementedError`."""
    if type_ is Upload:
        return {"type": "string", "contentMediaType": "application/octet-stream"}
    if type_ is object:
        return {"description": "Any JSON value."}
    message = f"no schema for {type_!r}"
    raise NotImplementedError(message)


def _bounded(schema: Any) -> Any:  # noqa: ANN401 -- JSON Schema is a tree of anything
    """The schema with every integer held to what the database holds."""
    if isinstance(schema, dict):
        tree = {key: _bounded(value) for key, value in cast("Json", schema).items()}
        if tree.get("type") == "integer":
            return {"minimum": -(2**NUMBER_BITS), "maximum": 2**NUMBER_BITS - 1, **tree}
        return tree
    return [_bounded(item) for item in cast("list[Any]", schema)] if isinstance(schema, list) else schema


def _error_response(status: int) -> Json:
    response: Json = {
        "description": _REASONS[status],
        "content": {"application/json": {"schema": {"$ref": _REF.format(name="Error")}}},
    }
    if status in (429, 503):
        response["headers"] = {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer"}}}
    return response


assert set(STATUSES.values()) <= set(_REASONS), "every error of the table is in the document"


def _security_of(one: Endpoint) -> list[Json]:
    if one.viewer == "none":
        return []
    schemes: list[Json] = [{"oauth": [] if one.scope is None else [one.scope]}, {"bearer": []}]
    return [{}, *schemes] if one.viewer == "optional" else schemes


def _security_schemes(public_url: str, scopes: dict[str, str]) -> Json:
    flow = {
        "authorizationUrl": f"{public_url}/oauth/authorize",
        "tokenUrl": f"{public_url}/oauth/token",
        "scopes": scopes,
    }
    return {
        "oauth": {"type": "oauth2", "flows": {"authorizationCode": flow}},
        "bearer": {"type": "http", "scheme": "bearer", "description": "The token of a first-party session or an app."},
    }
