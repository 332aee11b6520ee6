"""A Valkey Cluster of three masters that the tests of this folder share; none of them kills anybody."""

from collections.abc import AsyncIterator

import pytest_asyncio

from linnet.platform.valkey import Valkey
from valkey_cluster import Cluster, valkey_cluster


@pytest_asyncio.fixture(scope="session")
async def cluster() -> AsyncIterator[Cluster]:
    """Three masters without replicas, ready."""
    async with valkey_cluster(masters=3, replicas=0) as cluster:
        yield cluster


@pytest_asyncio.fixture
async def valkey(cluster: Cluster) -> AsyncIterator[Valkey]:
    """A client of the empty cluster that has not met it yet."""
    for node in cluster.nodes:
        await node.call("FLUSHALL")
    valkey = Valkey.connect(cluster.url)
    yield valkey
    await valkey.close()
