"""Our own OpenAPI document, taken at its word: whatever fits it, and what does not, is answered as it says.

A short run with the same requests every time. A longer one, with twenty times as many requests to each operation:

    LONGER=20 .venv/bin/python -m pytest tests/e2e/test_schemathesis.py

The longest, against a server that is running:

    st run http://127.0.0.1:8000/openapi.json --header "Authorization: Bearer $(linnet token create NAME | tail -1)" \
        --max-examples 200 --checks not_a_server_error,status_code_conformance,content_type_conformance,\
    response_headers_conformance,response_schema_conformance
"""

import os
from collections import Counter
from collections.abc import Callable
from itertools import cycle
from typing import Any

import httpx
import hypothesis
import pytest
import requests
import schemathesis
from schemathesis import GenerationMode, checks
from schemathesis.core.failures import FailureGroup

from running import Server, code_from_browser

LONGER = int(os.environ.get("LONGER", "1"))
EXAMPLES = {GenerationMode.POSITIVE: 2 * LONGER, GenerationMode.NEGATIVE: LONGER}
"""Requests to each operation: such as fit the document, and such as do not."""

KEPT = ("/api/v1/auth/logout", "/oauth/revoke")
"""What would end the token of all other requests, if it were guessed."""

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)


@pytest.fixture(scope="module")
def document(server: Server) -> Any:
    """The document as the server gives it."""
    return schemathesis.openapi.from_url(f"{server.url}/openapi.json")


@pytest.fixture(scope="module")
def session(server: Server) -> requests.Session:
    """Connections that somebody keeps open, with the token that an app got for them."""
    oob = "urn:ietf:wg:oauth:2.0:oob"
    asked = {"client_name": "Schemathesis", "redirect_uris": oob, "scopes": "read write follow push profile"}
    app = httpx.post(f"{server.url}/api/v1/apps", json=asked).json()
    query = httpx.QueryParams(
        {"client_id": app["client_id"], "redirect_uri": oob, "response_type": "code", "scope": asked["scopes"]}
    )
    person = server.join("thesis")
    grant = {
        "grant_type": "authorization_code",
        "code": code_from_browser(f"{server.url}/oauth/authorize?{query}", person.name),
        "client_id": app["client_id"],
        "client_secret": app["client_secret"],
        "redirect_uri": oob,
    }
    token = httpx.post(f"{server.url}/oauth/token", data=grant).json()["access_token"]
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {token}"
    return session


@pytest.fixture(scope="module")
def ids(server: Server, session: requests.Session) -> dict[str, "cycle[str]"]:
    """What path parameters may lead to: something of each kind, and nothing."""
    other = server.join("other")
    status = session.post(f"{server.url}/api/v1/statuses", json={"status": "#birds"}).json()["id"]
    own = {
        "list_id": ("/api/v1/lists", {"title": "Birds"}),
        "filter_id": ("/api/v2/filters", {"title": "Birds", "context": ["home"]}),
        "folder_id": ("/api/v1/bookmarks/folders", {"title": "Birds"}),
        "search_id": ("/api/v1/searches", {"query": "birds"}),
    }
    made = {name: session.post(server.url + path, json=body).json()["id"] for name, (path, body) in own.items()}
    return {
        "account_id": cycle([other.id, "1"]),
        "status_id": cycle([status, status, "1"]),
        **{name: cycle([one, one, "1"]) for name, one in made.items()},
    }


def test_every_operation_answers_as_the_document_says(document: Any, session: requests.Session, ids: Any) -> None:
    wrong: list[str] = []
    answered: Counter[str] = Counter()

    def send(case: Any) -> None:
        for name in set(case.path_parameters) & set(ids):
            case.path_parameters[name] = next(ids[name])
        answer = case.call_and_validate(session=session, checks=[getattr(checks, name) for name in CHECKS])
        answered[f"{answer.status_code // 100}xx"] += 1

    for found in document.exclude(path=KEPT).get_all_operations():
        operation = found.ok()
        try:
            for mode, examples in EXAMPLES.items():
                send_each(send, operation, mode, examples)
        except FailureGroup as failures:
            wrong.extend(f"{operation.label}: {failure}" for failure in failures.exceptions)
    assert not wrong, "\n\n".join(wrong)
    assert answered["2xx"] > answered["4xx"] / 3 > 0, answered


def send_each(send: Callable[[Any], None], operation: Any, mode: GenerationMode, examples: int) -> None:
    """Send what fits an operation's parameters, or what does not; raises `FailureGroup` with all that is wrong."""
    if mode is GenerationMode.NEGATIVE and not len(operation.query) + len(operation.body):
        return
    strategy = operation.as_strategy(generation_mode=mode)
    settings = hypothesis.settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=[hypothesis.HealthCheck.filter_too_much, hypothesis.HealthCheck.too_slow],
    )
    settings(hypothesis.given(strategy)(send))()
