"""Stories about accounts: exact counts, profiles, deletion."""

import asyncio
from datetime import UTC, datetime

import pytest

from linnet.features.accounts import actions, jobs, reads
from linnet.features.accounts.counting import count, count_follows
from linnet.features.accounts.events import AccountDeleted
from linnet.features.accounts.handles import local_name
from linnet.features.accounts.models import ProfileChanges, ProfileField
from linnet.features.accounts.store import counters
from linnet.features.relationships import actions as relationships
from linnet.features.relationships import jobs as erasing
from linnet.platform.errors import Invalid, NotFound
from world import Person, World


async def counts(world: World, person: Person) -> tuple[int, int, int]:
    """Followers, following and statuses, as anybody reads them."""
    account = await reads.show(world.engines.db, person.id)
    return account.followers, account.following, account.statuses


async def rows_about(world: World, person: Person) -> int:
    """Rows of accounts and relationships that name a person, the tombstone aside."""
    return await world.engines.db.value(
        """
        select (select count(*) from users where account_id = $1)
            + (select count(*) from account_counters where account_id = $1)
            + (select count(*) from account_counter_changes where account_id = $1)
            + (select count(*) from follows where $1 in (account_id, target_id))
            + (select count(*) from follow_requests where $1 in (account_id, target_id))
            + (select count(*) from blocks where $1 in (account_id, target_id))
            + (select count(*) from mutes where $1 in (account_id, target_id))
            + (select count(*) from account_notes where $1 in (account_id, target_id))
        """,
        person.id,
    )


async def test_counts_are_exact_at_once_and_stay_so_when_they_are_folded(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    db = world.engines.db
    await count_follows(db, [(bob.id, alice.id)], 1)
    await count(db, alice.id, statuses=3)
    assert await counts(world, alice) == (1, 0, 3)
    assert await counts(world, bob) == (0, 1, 0)
    await jobs.fold_counters(world.engines)
    assert await db.value("select count(*) from account_counter_changes") == 0
    assert await counts(world, alice) == (1, 0, 3)
    await count(db, alice.id, statuses=-1)
    assert await counts(world, alice) == (1, 0, 2)
    await jobs.fold_counters(world.engines)
    await jobs.fold_counters(world.engines)
    assert await counts(world, alice) == (1, 0, 2)


async def test_a_fold_that_dies_half_way_has_not_happened(world: World) -> None:
    alice = await world.person("alice")
    await count(world.engines.db, alice.id, followers=5)

    async def fold_and_die() -> None:
        async with world.engines.transaction() as tx:
            assert sum(one.changes for one in await counters.fold(tx, 100)) == 1
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fold_and_die()
    assert await counts(world, alice) == (5, 0, 0)
    await jobs.fold_counters(world.engines)
    assert await counts(world, alice) == (5, 0, 0)


async def test_many_folds_and_many_changes_at_the_same_moment_lose_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "FOLD_MAX", 7)
    alice, bob = await world.people("alice", "bob")
    db = world.engines.db
    changes = [count(db, (alice, bob)[n % 2].id, followers=1, statuses=2) for n in range(60)]
    await asyncio.gather(*changes, *(jobs.fold_counters(world.engines) for _ in range(6)))
    assert await counts(world, alice) == (30, 0, 60)
    await asyncio.gather(*(jobs.fold_counters(world.engines) for _ in range(4)))
    assert await db.value("select count(*) from account_counter_changes") == 0
    assert await counts(world, alice) == (30, 0, 60)
    assert await counts(world, bob) == (30, 0, 60)


async def test_the_day_of_the_last_post_comes_with_the_count(world: World) -> None:
    alice = await world.person("alice")
    today = datetime.now(UTC).date()
    assert (await reads.show(world.engines.db, alice.id)).last_status_on is None
    await count(world.engines.db, alice.id, statuses=1)
    assert (await reads.show(world.engines.db, alice.id)).last_status_on == today
    await jobs.fold_counters(world.engines)
    assert (await reads.show(world.engines.db, alice.id)).last_status_on == today


async def test_a_page_of_accounts_is_one_statement_however_long(world: World) -> None:
    people = [await world.person() for _ in range(5)]
    for some in (people[:1], people):
        async with world.counting_statements() as sent:
            found = await reads.load(world.engines.db, [person.id for person in some])
        assert sent.number == 1
        assert {account.username for account in found.values()} == {person.username for person in some}


async def test_names_are_found_in_any_case_and_never_two_accounts(world: World) -> None:
    alice, bob = await world.people("Alice", "bob_99")
    db = world.engines.db
    assert (await reads.by_username(db, "aLICE")).id == alice.id
    assert await reads.ids_by_usernames(db, ["ALICE", "Bob_99", "nobody"]) == {"alice": alice.id, "bob_99": bob.id}
    assert list(await reads.by_usernames(db, ["BOB_99", "nobody", "Alice"])) == ["bob_99", "alice"]
    with pytest.raises(NotFound):
        await reads.by_username(db, "nobody")


@pytest.mark.parametrize(
    ("handle", "name"),
    [("ada", "ada"), ("@Ada", "Ada"), (" @Ada@Linnet.Example ", "Ada"), ("ada@other.example", None), ("@", "")],
)
def test_handles_of_this_server_mean_a_name(handle: str, name: str | None) -> None:
    assert local_name(handle, "linnet.example") == name


async def test_a_profile_is_tidied_and_only_what_is_given_changes(world: World) -> None:
    alice = await world.person("alice")
    fields = (ProfileField("  Pronouns ", "she\nher"), ProfileField("", " "))
    await actions.update_profile(
        world.engines, alice.viewer, ProfileChanges(display_name=" Alice\u202e  \x07in ", note="a\r\nb", fields=fields)
    )
    await actions.update_profile(world.engines, alice.viewer, ProfileChanges(bot=True, language="de"))
    account = await reads.show(world.engines.db, alice.id)
    assert (account.display_name, account.note, account.bot) == ("Alice in", "a\nb", True)
    assert account.fields == (ProfileField("Pronouns", "she her"),)
    assert (await reads.preferences(world.engines.db, alice.viewer)).language == "de"
    await actions.update_profile(world.engines, alice.viewer, ProfileChanges(note="", fields=(), language=""))
    account = await reads.show(world.engines.db, alice.id)
    assert (account.display_name, account.note, account.fields) == ("Alice in", "", ())
    assert (await reads.preferences(world.engines.db, alice.viewer)).language is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        (ProfileChanges(display_name="x" * 31), "display_name"),
        (ProfileChanges(note="x" * 501), "note"),
        (ProfileChanges(fields=tuple(ProfileField(str(n), "v") for n in range(5))), "fields"),
        (ProfileChanges(fields=(ProfileField("x" * 256, "v"),)), "fields.0.name"),
        (ProfileChanges(fields=(ProfileField("n", "x" * 256),)), "fields.0.value"),
        (ProfileChanges(fields=(ProfileField("", "v"),)), "fields.0.name"),
        (ProfileChanges(visibility="everybody"), "privacy"),
        (ProfileChanges(quote_policy="friends"), "quote_policy"),
        (ProfileChanges(language="klingon!"), "language"),
    ],
)
async def test_a_profile_over_a_limit_is_refused_whole_and_says_which_field(
    world: World, changes: ProfileChanges, field: str
) -> None:
    alice = await world.person("alice")
    with pytest.raises(Invalid) as refused:
        await actions.update_profile(world.engines, alice.viewer, changes)
    assert list(refused.value.details) == [field]
    assert (await reads.show(world.engines.db, alice.id)).display_name == ""


async def test_a_profile_at_its_limits_is_taken(world: World) -> None:
    alice = await world.person("alice")
    fields = tuple(ProfileField(str(n) * 255, "v" * 255) for n in range(4))
    await actions.update_profile(
        world.engines, alice.viewer, ProfileChanges(display_name="é" * 30, note="語" * 500, fields=fields)
    )
    account = await reads.show(world.engines.db, alice.id)
    assert (account.display_name, account.note, account.fields) == ("é" * 30, "語" * 500, fields)


async def test_a_deleted_account_is_gone_at_once_and_nothing_of_it_is_left_after_the_jobs(world: World) -> None:
    alice, bob, carol, dave = await world.people("alice", "bob", "carol", "dave")
    engines = world.engines
    await relationships.follow(engines, bob.viewer, alice.id)
    await relationships.follow(engines, alice.viewer, carol.id)
    await actions.update_profile(engines, dave.viewer, ProfileChanges(locked=True))
    await relationships.follow(engines, alice.viewer, dave.id)
    await relationships.mute(engines, carol.viewer, alice.id)
    await relationships.set_note(engines, bob.viewer, alice.id, "met at sea")
    await relationships.block(engines, dave.viewer, alice.id)
    await actions.delete(engines, alice.id)
    with pytest.raises(NotFound):
        await reads.show(engines.db, alice.id)
    with pytest.raises(NotFound):
        await actions.delete(engines, alice.id)
    assert await rows_about(world, alice) > 0
    await world.settle(periodics=True)
    assert await rows_about(world, alice) == 0
    assert await counts(world, bob) == (0, 0, 0)
    assert await counts(world, carol) == (0, 0, 0)
    kept = await engines.db.row("select username, display_name, note, fields from accounts where id = $1", alice.id)
    assert kept is not None
    assert tuple(kept) == ("alice", "", "", [])


async def test_erasing_in_many_slices_and_twice_counts_everybody_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasing, "SLICE", 2)
    hub = await world.person("hub")
    people = [await world.person() for _ in range(5)]
    for person in people:
        await relationships.follow(world.engines, person.viewer, hub.id)
        await relationships.follow(world.engines, hub.viewer, person.id)
        await relationships.follow(world.engines, person.viewer, people[0].id) if person is not people[0] else None
    await actions.delete(world.engines, hub.id)
    await world.settle()
    await erasing.ERASE.run(world.engines, [AccountDeleted(account_id=hub.id)])
    assert await rows_about(world, hub) == 0
    assert await counts(world, people[0]) == (4, 0, 0)
    assert [await counts(world, person) for person in people[1:]] == [(0, 1, 0)] * 4
