"""The API's description: a valid OpenAPI 3.1 document that says what the table does, and a page to read it on."""

from typing import Any, cast

import jsonschema_rs
from bs4 import BeautifulSoup
from toy_api import ENDPOINTS, PUBLIC_URL, client_of, toy_app


async def described() -> dict[str, Any]:
    """The document, as served."""
    async with client_of(toy_app()) as http:
        answer = await http.get("/openapi.json")
    assert answer.headers["content-type"].startswith("application/json")
    return answer.json()


async def test_every_endpoint_that_is_not_hidden_is_described() -> None:
    document = await described()
    found = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
    assert found == {(one.method, one.path) for one in ENDPOINTS if not one.hidden}
    assert document["openapi"] == "3.1.0"
    assert document["servers"] == [{"url": PUBLIC_URL}]
    identifiers = [operation["operationId"] for methods in document["paths"].values() for operation in methods.values()]
    assert len(identifiers) == len(set(identifiers))


async def test_every_reference_leads_somewhere() -> None:
    document = await described()

    def references(node: Any) -> list[str]:
        if isinstance(node, dict):
            below = list(cast("dict[str, Any]", node).values())
            return [node["$ref"]] if "$ref" in node else [one for value in below for one in references(value)]
        return [one for item in cast("list[Any]", node) for one in references(item)] if isinstance(node, list) else []

    for reference in references(document):
        target: Any = document
        for step in reference.removeprefix("#/").split("/"):
            target = target[step]


async def test_every_schema_is_one() -> None:
    document = await described()
    for schema in document["components"]["schemas"].values():
        jsonschema_rs.meta.validate({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema})


async def test_answers_are_as_described() -> None:
    document = await described()
    operation = document["paths"]["/api/v1/birds"]["get"]
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    validator = jsonschema_rs.validator_for({**schema, "components": document["components"]})
    async with client_of(toy_app()) as http:
        validator.validate((await http.get("/api/v1/birds")).json())
        refused = (await http.post("/api/v1/birds")).json()
    error = {**document["components"]["schemas"]["Error"]}
    jsonschema_rs.validator_for(error).validate(refused)
    assert operation["responses"]["200"]["headers"]["Link"]
    assert operation["description"] == "Newest first."


async def test_forms_are_queries_for_get_and_bodies_in_three_encodings_otherwise() -> None:
    paths = (await described())["paths"]
    query = {one["name"]: one for one in paths["/api/v1/birds"]["get"]["parameters"]}
    assert set(query) == {"max_id", "since_id", "min_id", "limit", "colour", "with_ids[]"}
    body = paths["/api/v1/birds"]["post"]["requestBody"]
    assert set(body["content"]) == {"application/json", "application/x-www-form-urlencoded", "multipart/form-data"}
    assert body["required"]
    assert set(paths["/api/v1/pictures"]["post"]["requestBody"]["content"]) == {"multipart/form-data"}
    assert {"200", "202", "422", "429", "503"} <= set(paths["/api/v1/pictures"]["post"]["responses"])


async def test_security_is_as_enforced() -> None:
    document = await described()
    paths = document["paths"]
    assert paths["/api/v1/birds"]["post"]["security"] == [{"oauth": ["write:birds"]}, {"bearer": []}]
    assert paths["/api/v1/birds"]["get"]["security"][0] == {}
    assert paths["/api/v1/birds/{bird_id}"]["get"]["security"] == []
    flow = document["components"]["securitySchemes"]["oauth"]["flows"]["authorizationCode"]
    assert flow["authorizationUrl"] == f"{PUBLIC_URL}/oauth/authorize"
    assert set(flow["scopes"]) == {"read:birds", "write:birds"}


async def test_the_page_shows_every_endpoint_and_needs_nothing_from_elsewhere() -> None:
    async with client_of(toy_app()) as http:
        answer = await http.get("/docs/api")
        page = BeautifulSoup(answer.text, "html.parser")
        style = page.find("link", rel="stylesheet")
        assert style is not None
        assert (await http.get(str(style["href"]))).headers["content-type"].startswith("text/css")
    headings = {" ".join(heading.get_text().split()) for heading in page.find_all("h3")}
    assert {f"{one.method} {one.path}" for one in ENDPOINTS if not one.hidden} <= headings
    assert not page.find_all(["script", "style", "img"])
    assert not page.find_all(style=True)
    assert "script-src" not in answer.headers["content-security-policy"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    ids = [element["id"] for element in page.find_all(id=True)]
    assert len(ids) == len(set(ids))
    anchors = [str(link["href"]) for link in page.find_all("a", href=True)]
    assert {anchor[1:] for anchor in anchors if anchor.startswith("#")} <= set(ids)
