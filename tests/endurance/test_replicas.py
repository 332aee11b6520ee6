"""Readers and a real streaming replica: what it answers, and what happens while it lags, hangs or is dead.

`here` and `there` are two processes of one server: each with its own engines, caches and view of the replica.
"""

import asyncio
import signal
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
from replica import RealReplica, replica_folder, streaming_replica

from linnet.cli.checks.replicas import replicas as examine_replicas
from linnet.platform.changes import Changes
from linnet.platform.embedded import EmbeddedEngines
from linnet.platform.embedded_passwords import Passwords
from linnet.platform.embedded_postgres import url_of
from linnet.platform.embedded_running import running_in
from linnet.platform.replicas import ANSWER_TIMEOUT_S, OnReplica
from linnet.platform.replication import Writers
from linnet.platform.valkey import Valkey
from running import eventually, running_server
from world import Person, World, open_world

STRETCHED_S = 60.0
"""A lag that is allowed for long enough to tell a story in which nothing is replayed."""

SOON_S = 8.0
READERS = 8
LATE_S = 2.0
"""What a busy machine adds to an answer; one that hung until it was given up takes longer."""


@dataclass(frozen=True)
class Cluster:
    """Two processes of one server that read from the same replica."""

    replica: RealReplica
    here: World
    there: World

    def elsewhere(self, person: Person) -> Person:
        """The same person, answered by the other process."""
        return replace(person, world=self.there)

    async def caught_up(self) -> None:
        """Return when the replica may answer everybody at both processes, whatever they wrote until now."""
        for world in (self.here, self.there):
            await world.engines.changes.catch_up()
        heard_at_s = time.monotonic()
        for world in (self.here, self.there):
            (one,) = world.engines.replicas.all
            await soon(lambda one=one: one.problem is None and one.as_of_s > heard_at_s)


async def soon(true: Callable[[], bool], within_s: float = SOON_S) -> None:
    """Wait for what the watch of a process finds out."""
    async with asyncio.timeout(within_s):
        while not true():  # noqa: ASYNC110 -- it is found out in other places, where no event can be set
            await asyncio.sleep(0.02)


@asynccontextmanager
async def cluster_on(servers: EmbeddedEngines, *, lag_max_s: float) -> AsyncGenerator[Cluster]:
    """A cluster with nobody in it yet, whose replica is in use."""
    async with AsyncExitStack() as opened:
        folder = opened.enter_context(replica_folder())
        replica = await opened.enter_async_context(streaming_replica(servers.database_url, folder))
        worlds = [
            await opened.enter_async_context(
                open_world(
                    servers.database_url,
                    servers.valkey_url,
                    database_replica_urls=replica.url,
                    replica_lag_max=lag_max_s,
                )
            )
            for _ in range(2)
        ]
        await worlds[0].clear()
        watching = [asyncio.create_task(world.engines.replicas.keep_watching()) for world in worlds]
        cluster = Cluster(replica, *worlds)
        try:
            await cluster.caught_up()
            yield cluster
        finally:
            for one in watching:
                one.cancel()
            await asyncio.gather(*watching, return_exceptions=True)


async def ids(answer: Awaitable[Any]) -> list[str]:
    return [one["id"] for one in await answer]


async def test_timelines_searches_and_numbers_are_read_from_the_replica(servers: EmbeddedEngines) -> None:
    async with cluster_on(servers, lag_max_s=STRETCHED_S) as cluster:
        ann, bob = await cluster.here.people("ann", "bob")
        said = await ann.post("Hello #linnets")
        await cluster.caught_up()
        for path in (
            "/api/v1/timelines/public",
            "/api/v1/timelines/tag/linnets",
            f"/api/v1/accounts/{ann.id}/statuses",
            "/api/v1/directory?order=new",
            "/api/v1/directory?order=active",
            "/api/v1/accounts/search?q=ann",
        ):
            before = await cluster.replica.statements()
            found = [one["id"] for one in (await bob.ask("GET", path)).json()]
            assert said["id"] in found or str(ann.id) in found, path
            assert await cluster.replica.statements() == before + 1, path
        for path, expected in {
            "/api/v1/tags/linnets": 1,
            "/api/v2/search?q=linnets": 2,  # people and hashtags
            "/nodeinfo/2.0": 4,  # everybody is counted, for all to remember
            "/api/v1/instance/activity": 3,
            "/api/v1/timelines/home": 0,
            "/api/v1/notifications": 0,
            f"/api/v1/statuses/{said['id']}": 0,
            f"/api/v1/statuses/{said['id']}/context": 0,
            f"/api/v1/accounts/{ann.id}/followers": 0,
            f"/api/v1/accounts/relationships?id={ann.id}": 0,
        }.items():
            before = await cluster.replica.statements()
            assert (await bob.ask("GET", path)).status_code == 200, path
            assert await cluster.replica.statements() == before + expected, path


async def test_who_writes_finds_it_at_once_at_every_process_while_the_replica_stands_still(
    servers: EmbeddedEngines,
) -> None:
    async with cluster_on(servers, lag_max_s=STRETCHED_S) as cluster:
        here = cluster.here
        poster, editor, booster, blocker, muter, follower, renamed, listed = await here.people(
            "poster", "editor", "booster", "blocker", "muter", "follower", "renamed", "listed"
        )
        carol, reader = await here.people("carol", "reader")
        said = await carol.post("A word")
        edited = await editor.post("Without it")
        await listed.do("PATCH", "/api/v1/accounts/update_credentials", discoverable=False)
        await cluster.caught_up()
        await cluster.replica.pause()

        posted = await poster.post("Now #still")
        await editor.do("PUT", f"/api/v1/statuses/{edited['id']}", status="With it #still")
        boost = await booster.mark("reblog", said)
        await blocker.relate("block", carol)
        await muter.relate("mute", carol)
        await follower.follow(carol)
        await renamed.do("PATCH", "/api/v1/accounts/update_credentials", display_name="Wryneck")
        await listed.do("PATCH", "/api/v1/accounts/update_credentials", discoverable=True)

        async def seen(who: Person, path: str, **asked: Any) -> list[str]:
            answers = [await ids(at.get(path, **asked)) for at in (who, cluster.elsewhere(who))]
            assert answers[0] == answers[1], path
            return answers[0]

        public, tag, directory = "/api/v1/timelines/public", "/api/v1/timelines/tag/still", "/api/v1/directory"
        assert await seen(poster, public) == [posted["id"], edited["id"], said["id"]]
        assert await seen(poster, f"/api/v1/accounts/{poster.id}/statuses") == [posted["id"]]
        assert await seen(editor, tag) == [posted["id"], edited["id"]]
        assert await seen(booster, f"/api/v1/accounts/{booster.id}/statuses") == [boost["id"]]
        assert said["id"] not in await seen(blocker, public)
        assert said["id"] not in await seen(muter, public)
        assert await seen(follower, "/api/v1/accounts/search", q="carol", following=True) == [str(carol.id)]
        assert await seen(renamed, "/api/v1/accounts/search", q="wryneck") == [str(renamed.id)]
        assert str(listed.id) in await seen(listed, directory)

        # Others are still told what the replica knows: else none of this would have shown anything.
        assert await seen(reader, public) == [edited["id"], said["id"]]
        assert await seen(reader, tag) == []
        assert str(listed.id) not in await seen(reader, directory)
        await cluster.replica.resume()
        await cluster.caught_up()
        assert await seen(reader, public) == [posted["id"], edited["id"], said["id"]]
        assert isinstance(await cluster.there.engines.replica_for(poster.id), OnReplica)


async def test_a_deletion_and_a_block_are_respected_by_a_replica_that_has_not_heard_of_them(
    servers: EmbeddedEngines,
) -> None:
    async with cluster_on(servers, lag_max_s=STRETCHED_S) as cluster:
        ann, bob, carol, dave, moderated = await cluster.here.people("ann", "bob", "carol", "dave", "moderated")
        taken_back = await ann.post("I should not have said this #regret")
        from_blocker = await carol.post("For most people #regret")
        from_suspended = await moderated.post("Nobody should read this #regret")
        kept = await ann.post("Still here #regret")
        await cluster.caught_up()
        await cluster.replica.pause()

        await ann.do("DELETE", f"/api/v1/statuses/{taken_back['id']}")
        await carol.relate("block", bob)
        await dave.do("PATCH", "/api/v1/accounts/update_credentials", discoverable=False)
        await cluster.here.suspend(moderated)

        for process in (bob, cluster.elsewhere(bob)):
            replicas = process.world.engines.replicas
            replicas.writers = Writers(kept_s=STRETCHED_S)  # deaf: who is blocked would ask the primary for a moment
            before = await cluster.replica.statements()
            for path in ("/api/v1/timelines/public", "/api/v1/timelines/tag/regret"):
                assert await ids(process.get(path)) == [kept["id"]]
            for person, expected in ((ann, [kept["id"]]), (carol, []), (moderated, [])):
                assert await ids(process.get(f"/api/v1/accounts/{person.id}/statuses")) == expected
            assert await ids(process.get("/api/v1/directory", order="new")) == [str(bob.id), str(ann.id)]
            for gone in (carol, moderated):
                assert await ids(process.get("/api/v1/accounts/search", q=gone.username)) == []
            assert await cluster.replica.statements() == before + 8, "the replica was asked each time"
            found = await ids(process.get("/api/v1/accounts/search", q="dave"))
            assert found == [str(dave.id)], "not to be listed is not to be hidden"
        public = [one["id"] for one in (await cluster.there.get("/api/v1/timelines/public")).json()]
        assert public == [kept["id"], from_blocker["id"]]
        assert from_suspended["id"] not in public


async def test_a_replica_too_far_behind_is_left_out_until_it_has_caught_up(servers: EmbeddedEngines) -> None:
    async with cluster_on(servers, lag_max_s=2.0) as cluster:
        ann = await cluster.here.person("ann")
        await cluster.caught_up()
        await cluster.replica.pause()
        said = await ann.post("Nobody replays this")
        assert await ids(reader(cluster.there)) == []
        (seen,) = cluster.there.engines.replicas.all
        await soon(lambda: seen.problem == "it is too far behind")
        assert await ids(reader(cluster.there)) == [said["id"]]
        await cluster.replica.resume()
        await soon(lambda: seen.problem is None)
        assert isinstance(await cluster.there.engines.replica_for(0), OnReplica)
        assert await ids(reader(cluster.there)) == [said["id"]]


async def reader(world: World) -> Any:
    """What somebody without an account reads; any failure is one of the test."""
    answer = await world.get("/api/v1/timelines/public")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_no_reader_notices_that_the_replica_is_killed_and_it_is_used_again_when_it_is_back(
    servers: EmbeddedEngines,
) -> None:
    async with cluster_on(servers, lag_max_s=2.0) as cluster:
        ann, bob = await cluster.here.people("ann", "bob")
        said = await ann.post("Hello")
        await cluster.caught_up()
        async with reading(cluster, bob, said["id"]) as waits:
            await asyncio.sleep(0.3)
            assert await cluster.replica.statements() > 0
            await cluster.replica.kill()
            (seen,) = cluster.there.engines.replicas.all
            await soon(lambda: seen.problem is not None)
            assert not isinstance(await cluster.there.engines.replica_for(0), OnReplica)
            await cluster.replica.start()
            await soon(lambda: seen.problem is None)
            before = await cluster.replica.statements()
            await asyncio.sleep(0.3)
            assert await cluster.replica.statements() > before
        assert max(waits) < LATE_S


async def test_a_replica_that_hangs_holds_readers_up_once_and_is_left_out(servers: EmbeddedEngines) -> None:
    async with cluster_on(servers, lag_max_s=STRETCHED_S) as cluster:
        ann, bob = await cluster.here.people("ann", "bob")
        said = await ann.post("Hello")
        await cluster.caught_up()
        async with reading(cluster, bob, said["id"]) as waits:
            await asyncio.sleep(0.3)
            cluster.replica.send(signal.SIGSTOP)
            (seen,) = cluster.there.engines.replicas.all
            await soon(lambda: seen.problem is not None)
            await asyncio.sleep(ANSWER_TIMEOUT_S)
            waits.clear()
            await asyncio.sleep(0.3)
            assert max(waits) < LATE_S, "left out, it holds nobody up"
            cluster.replica.send(signal.SIGCONT)
            await soon(lambda: seen.problem is None)
        assert max(waits) < ANSWER_TIMEOUT_S + LATE_S


@asynccontextmanager
async def reading(cluster: Cluster, person: Person, expected_id: str) -> AsyncGenerator[list[float]]:
    """`READERS` who read at `there`, always rightly, until the block ends; how many seconds each answer took."""
    waits: list[float] = []
    stopping = asyncio.Event()

    async def read_on(count: int) -> None:
        while not stopping.is_set():
            began_s = time.monotonic()
            if count % 2:
                assert expected_id in await ids(cluster.elsewhere(person).get("/api/v1/timelines/public"))
            else:
                assert expected_id in await ids(reader(cluster.there))
            waits.append(time.monotonic() - began_s)
            await asyncio.sleep(0.005)

    async with asyncio.TaskGroup() as readers:
        for count in range(READERS):
            readers.create_task(read_on(count))
        yield waits
        stopping.set()


async def test_a_replica_that_becomes_a_primary_is_asked_no_more(servers: EmbeddedEngines) -> None:
    async with cluster_on(servers, lag_max_s=STRETCHED_S) as cluster:
        await cluster.replica.promote()
        for world in (cluster.here, cluster.there):
            (seen,) = world.engines.replicas.all
            await soon(lambda seen=seen: seen.problem == "it is no replica of this primary")
            assert await world.engines.replica_for(0) is world.engines.db


async def test_without_the_log_of_changes_only_the_public_reads_from_replicas(servers: EmbeddedEngines) -> None:
    async with cluster_on(servers, lag_max_s=STRETCHED_S) as cluster:
        ann = await cluster.here.person("ann")
        await cluster.caught_up()
        assert isinstance(await cluster.there.engines.replica_for(ann.id), OnReplica)
        nobody = Valkey.connect("valkey://127.0.0.1:1")
        alone = replace(cluster.there.engines, valkey=nobody, changes=Changes(nobody))
        assert await alone.replica_for(ann.id) is alone.db
        assert isinstance(await alone.replica_for(0), OnReplica)
        await nobody.close()


async def test_a_server_starts_and_answers_while_its_replica_is_away(servers: EmbeddedEngines) -> None:
    async with cluster_on(servers, lag_max_s=STRETCHED_S) as cluster:
        await cluster.replica.kill()
        async with open_world(
            servers.database_url, servers.valkey_url, database_replica_urls=cluster.replica.url
        ) as late:
            watching = asyncio.create_task(late.engines.replicas.keep_watching())
            (seen,) = late.engines.replicas.all
            await soon(lambda: seen.problem == "it does not answer")
            assert await ids(reader(late)) == []
            await cluster.replica.start()
            await soon(lambda: seen.problem is None)
            watching.cancel()


async def test_the_doctor_says_how_far_behind_a_replica_is_or_why_it_is_not_used(servers: EmbeddedEngines) -> None:
    async with cluster_on(servers, lag_max_s=STRETCHED_S) as cluster:
        (well,) = await examine_replicas(cluster.here.engines.replicas)
        assert (well.verdict, well.check) == ("ok", f"replica {cluster.replica.folder}")
        assert well.found.startswith("at most ")
        await cluster.replica.kill()
        (ill,) = await examine_replicas(cluster.here.engines.replicas)
        assert (ill.verdict, ill.found) == ("warn", "it does not answer")


async def test_an_author_finds_every_post_at_once_on_a_running_server_whose_replica_stands_still(seed: Path) -> None:
    password = Passwords.read_from(seed / "engines").linnet
    with (
        replica_folder() as folder,
        running_server(
            seed,
            api_processes="2",
            database_replica_urls=url_of(folder, password),
            replica_lag_max=str(STRETCHED_S),
            log_level="info",
        ) as server,
    ):
        author = server.join("author")
        engines = running_in(server.folder)
        assert engines is not None
        async with streaming_replica(engines.database_url, folder) as replica:
            token = (server.folder / "secrets" / "metrics").read_text(encoding="utf-8").strip()
            used = "linnet_replica_in_use{" + f'replica="{folder}"' + "} 1.0"
            eventually(lambda: server.log().count("replica in use"), lambda processes: processes == 2)
            assert used in metrics_of(server.url, token)
            await replica.pause()
            for count in range(20):
                posted = post(server.url, author.headers, f"number {count}")
                for _ in range(2):  # over connections of their own, which either process takes
                    assert ids_at(server.url, author.headers)[0] == posted
            assert ids_at(server.url) == []
            await replica.resume()
            eventually(lambda: ids_at(server.url), lambda found: len(found) == 20)


def metrics_of(url: str, token: str) -> str:
    return httpx.get(f"{url}/metrics", headers={"Authorization": f"Bearer {token}"}).text


def post(url: str, headers: dict[str, str], text: str) -> str:
    answer = httpx.post(f"{url}/api/v1/statuses", json={"status": text}, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()["id"]


def ids_at(url: str, headers: dict[str, str] | None = None) -> list[str]:
    answer = httpx.get(f"{url}/api/v1/timelines/public", headers=headers)
    assert answer.status_code == 200, answer.text
    return [one["id"] for one in answer.json()]
