"""What happens at the same moment: reports, moderators at one case, and lists that cost the same however long."""

import asyncio
from typing import Any

from linnet.features.accounts.models import Role
from linnet.features.accounts.permissions import OPERATOR
from linnet.features.cases import actions, reads
from linnet.features.cases.models import Act, Action, Choice, EntryKind
from linnet.features.moderation.standing import What
from linnet.features.moderation.standings import record_of
from linnet.platform.errors import Conflict
from linnet.platform.paging import Window
from world import SCOPES, Person, World

STAFF = (*SCOPES, "admin:read", "admin:write")
CASES = "/api/v1/admin/cases"


async def report(reporter: Person, target: Person, **more: Any) -> Any:
    return await reporter.do("POST", "/api/v1/reports", account_id=str(target.id), **more)


async def test_reports_that_come_together_are_one_case_and_each_reporter_counts_once(world: World) -> None:
    mallory, *people = await world.people("mallory", "ann", "ben", "cleo", "dan")
    await asyncio.gather(*(report(one, mallory, category="spam") for one in [*people, *people]))
    (case,) = await reads.page(world.engines, OPERATOR, Window(), Choice())
    assert case.reporters == 4
    assert (await record_of(world.engines.db, mallory.id)).total(What.REPORTED) == 4


async def test_two_moderators_close_a_case_once_and_a_strike_is_taken_back_once(world: World) -> None:
    ann, mallory = await world.people("ann", "mallory")
    await report(ann, mallory)
    (case,) = await reads.page(world.engines, OPERATOR, Window(), Choice())
    wanted = Act(account_id=mallory.id, action=Action.LIMIT, case_id=case.id)
    strikes = await asyncio.gather(*(actions.act(world.engines, OPERATOR, wanted) for _ in range(2)))
    assert len(set(strikes)) == 2
    file = await reads.dossier(world.engines, OPERATOR, case.id)
    assert [one.kind for one in file.entries].count(EntryKind.RESOLVED) == 1
    assert (await record_of(world.engines.db, mallory.id)).total(What.REPORT_UPHELD) == 1
    assert (await record_of(world.engines.db, ann.id)).total(What.REPORTS_MADE_UPHELD) == 1
    undone = [actions.undo(world.engines, OPERATOR, strikes[0] or 0) for _ in range(3)]
    ended = await asyncio.gather(*undone, return_exceptions=True)
    assert [type(one) for one in ended if one is not None] == [Conflict, Conflict]
    assert (await record_of(world.engines.db, mallory.id)).total(What.STRIKE) == 1


async def test_queue_and_file_take_the_same_statements_however_much_is_in_them(world: World) -> None:
    mallory, eve, *people = await world.people("mallory", "eve", "ann", "ben", "cleo", "dan")
    maud = await world.person("maud", role=Role.MODERATOR, scopes=STAFF)
    posts = [await mallory.post(f"Number {number}") for number in range(4)]
    await report(people[0], mallory, category="spam", status_ids=[posts[0]["id"]])
    await report(people[0], eve, category="spam")
    at = f"{CASES}/{(await maud.get(CASES, account_id=str(mallory.id)))[0]['id']}"

    async def statements(path: str) -> int:
        await maud.get(path)
        async with world.counting_statements() as counted:
            await maud.get(path)
        return counted.number

    before = [await statements(path) for path in (at, f"{CASES}/queue?limit=1", f"{at}/similar", f"{at}/linked")]
    for number, person in enumerate(people):
        await report(person, mallory, category="spam", status_ids=[posts[number]["id"]])
        await report(person, eve, category="legal")
    after = [await statements(path) for path in (at, f"{CASES}/queue", f"{at}/similar", f"{at}/linked")]
    assert after == before
