"""What one person may do in a while is counted exactly between API processes, as `linnet serve` starts them."""

import asyncio
from collections import Counter
from pathlib import Path

import httpx

from running import Newcomer, Server, running_server

MOST = 25
CONNECTIONS = 32


async def test_of_many_posts_over_many_connections_exactly_as_many_get_through_as_one_may(seed: Path) -> None:
    settings = {"rate_limits": "true", "rate_limit_token": "10000", "rate_limit_account": "10000"}
    with running_server(seed, api_processes="3", rate_posts=f"{MOST}/{MOST}/{MOST}/{MOST} in 1h", **settings) as server:
        author = await asyncio.to_thread(server.join, "eager")
        answers = await asyncio.gather(*(_post_some(server, author, 5) for _ in range(CONNECTIONS)))
        assert Counter(one for some in answers for one in some) == {200: MOST, 429: CONNECTIONS * 5 - MOST}
        async with httpx.AsyncClient(base_url=server.url, headers=author.headers) as client:
            refused = await client.post("/api/v1/statuses", json={"status": "One more"})
        assert refused.json()["error"].startswith(f"New members may post or boost {MOST} times within an hour")
        assert 3_500 < int(refused.headers["retry-after"]) <= 3_600


async def _post_some(server: Server, author: Newcomer, number: int) -> list[int]:
    """The statuses of so many posts, over a connection of their own."""
    async with httpx.AsyncClient(base_url=server.url, headers=author.headers, timeout=30) as client:
        return [
            (await client.post("/api/v1/statuses", json={"status": f"number {count}"})).status_code
            for count in range(number)
        ]
