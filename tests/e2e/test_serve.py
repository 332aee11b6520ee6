"""One command serves: what it says of itself, and what its logs hold, as an operator finds it."""

import httpx

from running import Server


def test_a_server_from_one_command_says_what_it_is(server: Server) -> None:
    instance = httpx.get(f"{server.url}/api/v2/instance").json()
    assert instance["domain"] == server.domain
    assert [part.isdigit() for part in instance["version"].partition("+")[0].split(".")] == [True, True, True]
    assert httpx.get(f"{server.url}/health").status_code == 200
