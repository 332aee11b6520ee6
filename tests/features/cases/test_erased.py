"""What is left of casework when somebody leaves: of who reported, of who was reported, of who worked on it."""

from typing import Any, LiteralString

from linnet.features.accounts import staff
from linnet.features.accounts.models import Role
from linnet.features.accounts.permissions import OPERATOR
from linnet.features.cases import handling, reads
from linnet.features.cases.models import Choice
from linnet.platform.paging import Window
from world import Person, World

COUNTS: dict[str, LiteralString] = {
    "cases": "select count(*) from cases",
    "reports": "select count(*) from reports",
    "report_subjects": "select count(*) from report_subjects",
    "case_entries": "select count(*) from case_entries",
}


async def report(reporter: Person, target: Person, **more: Any) -> Any:
    return await reporter.do("POST", "/api/v1/reports", account_id=str(target.id), **more)


async def leave(world: World, person: Person) -> None:
    await staff.delete(world.engines, OPERATOR, person.id)
    await world.settle()


async def number_of(world: World, table: str) -> int:
    return await world.engines.db.value(COUNTS[table])


async def test_who_reported_takes_their_word_with_them_and_a_case_of_nobody_elses(world: World) -> None:
    ann, bob, mallory = await world.people("ann", "bob", "mallory")
    bad = await mallory.post("bad")
    for person in (ann, bob):
        await report(person, mallory, category="spam", status_ids=[bad["id"]])
    await report(ann, mallory, category="other")
    await leave(world, ann)
    (case,) = await reads.page(world.engines, OPERATOR, Window(), Choice())
    assert (case.category, case.reporters) == ("spam", 1)
    assert (await number_of(world, "reports"), await number_of(world, "report_subjects")) == (1, 1)
    await leave(world, bob)
    assert await number_of(world, "cases") == 0


async def test_who_was_reported_takes_all_of_it_with_them(world: World) -> None:
    ann, mallory = await world.people("ann", "mallory")
    maud = await world.person("maud", role=Role.MODERATOR)
    await report(ann, mallory, category="spam", status_ids=[(await mallory.post("bad"))["id"]])
    (case,) = await reads.page(world.engines, OPERATOR, Window(), Choice())
    await handling.note(world.engines, maud.acting(Role.MODERATOR), case.id, "Look at the links")
    await leave(world, mallory)
    for table in COUNTS:
        assert await number_of(world, table) == 0, table


async def test_what_a_moderator_wrote_stays_when_they_leave_without_their_name(world: World) -> None:
    ann, mallory = await world.people("ann", "mallory")
    maud = await world.person("maud", role=Role.MODERATOR)
    await report(ann, mallory)
    (case,) = await reads.page(world.engines, OPERATOR, Window(), Choice())
    await handling.assign(world.engines, maud.acting(Role.MODERATOR), case.id)
    await handling.note(world.engines, maud.acting(Role.MODERATOR), case.id, "Look at the links")
    await leave(world, maud)
    file = await reads.dossier(world.engines, OPERATOR, case.id)
    assert file.case.assigned_to is None
    assert [(one.account_id, one.text) for one in file.entries] == [(None, ""), (None, "Look at the links")]
