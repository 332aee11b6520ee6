"""The authorization matrix: every endpoint of the table × everybody who may ask, each with its expected status."""

import json
from collections.abc import AsyncGenerator, Mapping

from authorization_cast import ANOTHERS, BLOCKERS, OWN, Cast, cast_in, path_to
from authorization_rows import REFUSED, VIEWER, Row
from authorization_table import TABLE
from raw_requests import Answer, send

from linnet.api.endpoint import Endpoint
from linnet.api.routes import endpoints
from world import World

NO_TOKEN = "The access token is invalid"
SENTENCES = {
    **dict.fromkeys(("no token", *REFUSED), NO_TOKEN),
    "wrong scope": "This action is outside the authorized scopes",
}
"""What a refusal says, by its column."""
ENDPOINTS = {f"{one.method} {one.path}": one for one in endpoints()}


def test_every_endpoint_has_a_row_that_says_who_may() -> None:
    """When this fails: add a row to tests/api/authorization_table.py, by whom the endpoint is for."""
    missing = sorted(set(ENDPOINTS) - set(TABLE))
    assert not missing, f"add to tests/api/authorization_table.py who may call {missing}, and what others are told"
    gone = sorted(set(TABLE) - set(ENDPOINTS))
    assert not gone, f"take out of tests/api/authorization_table.py what there is no more: {gone}"


def test_rows_and_endpoints_say_the_same() -> None:
    for name, row in TABLE.items():
        endpoint = ENDPOINTS[name]
        assert endpoint.viewer == VIEWER.get(row.whom, "required"), name
        assert endpoint.scope == row.scope, name
        has_owner = any(one.kind is int for one in endpoint.path_parameters)
        said = row.another is not None and row.blocked is not None
        assert said or not has_owner, f"{name}: the row must say what is answered at another's thing, and when blocked"


async def test_everybody_gets_what_the_table_says(world: World) -> None:
    cast = await cast_in(world)
    wrong: list[str] = []
    for name, row in TABLE.items():
        expected, got = row.expected(), dict[str, int]()
        async for column, answer in _answers(cast, ENDPOINTS[name], row):
            got[column] = answer.status
            looked_at = row.whom != "everybody" and (column != "wrong scope" or row.scope is not None)
            if looked_at and column in SENTENCES and answer.status >= 400:
                assert answer.json() == {"error": SENTENCES[column]}, (name, column)
        assert set(got) == set(expected), name
        wrong += [f"{name}: {one} got {got[one]}, not {expected[one]}" for one in got if got[one] != expected[one]]
    assert not wrong, "\n".join(wrong)


async def _answers(cast: Cast, endpoint: Endpoint, row: Row) -> AsyncGenerator[tuple[str, Answer]]:
    """Each column's answer; who may do least asks first, so that everything is still there when others come."""
    people = await cast.askers(endpoint)
    somebody = people["person"]
    tokens = {**cast.tokens, **{column: one.token for column, one in people.items()}}
    own = await path_to(cast, endpoint, OWN, somebody)
    if endpoint.scope == "push":
        tokens["wrong scope"] = cast.not_push
    for column, token in ((column, tokens[column]) for column in cast.tokens):
        yield column, await _ask(cast, endpoint, own, row.body, token)
    if row.another is not None:
        path = await path_to(cast, endpoint, ANOTHERS, cast.owner)
        for column, token in tokens.items():
            if f"{column}, another's" in row.expected():
                if endpoint.method == "DELETE":
                    path = await path_to(cast, endpoint, ANOTHERS, cast.owner)
                yield f"{column}, another's", await _ask(cast, endpoint, path, row.body, token)
    if row.blocked is not None:
        if somebody is not cast.reader:
            await cast.blocker.relate("block", somebody)
        path = await path_to(cast, endpoint, BLOCKERS, cast.blocker)
        yield "person, blocked", await _ask(cast, endpoint, path, row.body, somebody.token)
    for column, one in people.items():
        path = own if one is somebody else await path_to(cast, endpoint, OWN, one)
        yield column, await _ask(cast, endpoint, path, row.body, one.token)


async def _ask(cast: Cast, endpoint: Endpoint, path: str, body: Mapping[str, object], token: str) -> Answer:
    headers = {"authorization": f"Bearer {token}".encode()} if token else {}
    if body:
        headers["content-type"] = b"application/json"
    sent = json.dumps(dict(body)).encode() if body else b""
    return await send(cast.world.app, endpoint.method, path, headers, sent)
