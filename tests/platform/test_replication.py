"""Which replica may answer whom: how far each has come, and who has written since."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linnet.platform import replication
from linnet.platform.changes import Changes, Kind, change
from linnet.platform.embedded import EmbeddedEngines
from linnet.platform.engines import Engines
from linnet.platform.replicas import OnReplica, Replica, Replicas, Standby, fitting, urls_in
from linnet.platform.replication import NEVER, POSITIONS_KEPT, Positions, Writers, end_of_records
from linnet.platform.valkey import Valkey

PAGE, SEGMENT = 8192, 16 << 20
NOWHERE = "postgresql://reader:secret@nowhere.invalid:5433/linnet"


@given(st.lists(st.integers(0, 50), min_size=1, max_size=30), st.integers(-1, 51))
def test_a_replica_is_as_of_the_last_moment_whose_end_it_has_replayed(steps: list[int], replayed: int) -> None:
    positions = Positions()
    ends = sorted(steps)
    for moment, end in enumerate(ends):
        positions.note(float(moment), end)
    reached = [float(moment) for moment, end in enumerate(ends) if end <= replayed]
    assert positions.as_of_s(replayed) == (reached[-1] if reached else NEVER)
    assert positions.latest == ends[-1]


def test_what_is_remembered_of_the_primary_is_bounded() -> None:
    positions = Positions()
    for moment in range(POSITIONS_KEPT + 10):
        positions.note(float(moment), moment)
    assert positions.first_s == 10.0
    assert positions.as_of_s(9) == NEVER
    assert positions.as_of_s(10) == 10.0


def test_another_primary_begins_a_history_of_its_own() -> None:
    positions = Positions()
    positions.note(1.0, 500)
    positions.note(2.0, 300)
    assert positions.as_of_s(299) == NEVER
    assert positions.as_of_s(300) == 2.0


def test_a_replica_that_had_more_than_its_primary_has_now_is_not_its_replica() -> None:
    positions = Positions()
    positions.note(1.0, 300)
    assert not positions.contradict(500, seen_at_s=2.0), "the primary may have written it since"
    positions.note(3.0, 400)
    assert positions.contradict(500, seen_at_s=2.0)
    assert not positions.contradict(400, seen_at_s=2.0)


def test_an_idle_primary_at_the_end_of_a_page_is_where_its_replicas_are() -> None:
    def end(position: int) -> int:
        return end_of_records(position, page_bytes=PAGE, segment_bytes=SEGMENT)

    assert end(5 * PAGE + 24) == 5 * PAGE
    assert end(5 * PAGE + 40) == 5 * PAGE + 40, "there a record may end"
    assert end(SEGMENT + 40) == SEGMENT
    assert end(SEGMENT + 24) == SEGMENT + 24, "within a header, where nothing ends"
    assert end(5 * PAGE) == 5 * PAGE
    assert end(5 * PAGE + 56) == 5 * PAGE + 56


def test_who_wrote_is_told_by_the_log_of_changes() -> None:
    began_s = time.monotonic()
    writers = Writers(kept_s=5.0)
    for kind in (Kind.WRITER, Kind.ACCOUNT, Kind.VIEWER, Kind.MARK):
        writers.hear(change(kind, 10 + kind, 77))
        assert writers.wrote_at_s(10 + kind) >= began_s
    for kind in (Kind.STATUS, Kind.COUNTERS, Kind.ACCESS):
        writers.hear(change(kind, 20 + kind, 77))
        assert writers.wrote_at_s(20 + kind) == NEVER
    assert writers.wrote_at_s(77) == NEVER


def test_when_any_number_of_changes_was_missed_everybody_counts_as_a_writer() -> None:
    writers = Writers(kept_s=5.0)
    began_s = time.monotonic()
    writers.forget()
    assert writers.wrote_at_s(1) >= began_s


def test_who_wrote_long_ago_is_forgotten_and_a_flood_of_writers_is_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    writers = Writers(kept_s=0.0)
    writers.hear(change(Kind.WRITER, 1))
    writers.hear(change(Kind.WRITER, 2))
    assert writers.wrote_at_s(1) == NEVER
    assert writers.wrote_at_s(2) > NEVER
    monkeypatch.setattr(replication, "WRITERS_MAX", 3)
    crowd = Writers(kept_s=60.0)
    for account_id in range(4):
        crowd.hear(change(Kind.WRITER, account_id))
    assert crowd.wrote_at_s(99) > NEVER


async def replica(*, as_of_s: float, problem: str | None = None) -> Replica:
    made = Replica("one", *[await Standby.connect(NOWHERE, connections_max=1, connections_min=0) for _ in range(2)])
    made.as_of_s, made.problem = as_of_s, problem
    return made


async def test_a_reader_is_given_a_replica_that_has_what_they_wrote_and_is_not_too_far_behind() -> None:
    fresh, slow = await replica(as_of_s=99.5), await replica(as_of_s=97.0)
    late, away = await replica(as_of_s=94.9), await replica(as_of_s=99.9, problem="it does not answer")
    every = [fresh, slow, late, away]
    assert fitting(every, wrote_at_s=NEVER, now_s=100.0, lag_max_s=5.0) == [fresh, slow]
    assert fitting(every, wrote_at_s=97.0, now_s=100.0, lag_max_s=5.0) == [fresh]
    assert fitting(every, wrote_at_s=99.5, now_s=100.0, lag_max_s=5.0) == []


async def test_readers_take_turns_at_the_replicas(engines: Engines) -> None:
    now_s = time.monotonic()
    replicas = Replicas([await replica(as_of_s=now_s) for _ in range(3)], lag_max_s=60.0)
    chosen = [await replicas.queries(0, engines.changes, engines.db) for _ in range(6)]
    asked = [one.replica for one in chosen if isinstance(one, OnReplica)]
    assert set(asked) == set(replicas.all)
    assert asked[:3] == asked[3:]


async def test_what_a_dead_replica_cannot_answer_the_primary_does(servers: EmbeddedEngines, engines: Engines) -> None:
    dead = await replica(as_of_s=time.monotonic())
    queries = await Replicas([dead], lag_max_s=60.0).queries(0, engines.changes, engines.db)
    assert queries is not engines.db
    assert await queries.value("select 1") == 1
    assert dead.problem == "it failed a reader"
    assert await Replicas([dead], lag_max_s=60.0).queries(0, engines.changes, engines.db) is engines.db


async def test_what_changes_anything_goes_to_the_primary(engines: Engines) -> None:
    dead = await replica(as_of_s=time.monotonic())
    queries = await Replicas([dead], lag_max_s=60.0).queries(0, engines.changes, engines.db)
    assert await queries.execute("insert into notes (note) values ('written')") == 1
    assert await engines.db.value("select note from notes") == "written"
    assert dead.problem is None, "it was not even asked"


async def test_a_primary_is_not_taken_for_a_replica_of_itself(servers: EmbeddedEngines, engines: Engines) -> None:
    replicas = await Replicas.connect(
        servers.database_url, [servers.database_url], engines.changes, connections_max=2, lag_max_s=5.0
    )
    (one,) = replicas.all
    positions = Positions()
    positions.note(time.monotonic(), 1)
    system = await engines.db.value("select system_identifier from pg_control_system()")
    await one.look(positions, system, 5.0)
    assert one.problem == "it is no replica of this primary"
    replicas.close()


async def test_without_replicas_nothing_is_watched_and_the_primary_answers(engines: Engines) -> None:
    assert not engines.replicas
    await engines.replicas.keep_watching()
    nobody = Valkey.connect("valkey://127.0.0.1:1")
    assert await Replicas.connect(NOWHERE, [], Changes(nobody), connections_max=1, lag_max_s=5.0) is not None
    assert await engines.replica_for(1) is engines.db
    await nobody.close()


def test_addresses_are_listed_with_commas_and_may_have_commas_of_their_own() -> None:
    assert urls_in("") == []
    assert urls_in("postgresql://a/x, postgres://b/x") == ["postgresql://a/x", "postgres://b/x"]
    assert urls_in("postgresql://a,b/x,postgresql://c/x") == ["postgresql://a,b/x", "postgresql://c/x"]
    assert urls_in("mysql://a") == ["mysql://a"]


async def test_a_replica_is_named_without_who_goes_there(engines: Engines) -> None:
    replicas = await Replicas.connect(NOWHERE, [NOWHERE], engines.changes, connections_max=1, lag_max_s=5.0)
    assert [one.name for one in replicas.all] == ["nowhere.invalid:5433"]
    replicas.close()
