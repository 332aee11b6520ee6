"""Stories of staff: who may do what to whom, the last admin, and the log that only grows."""

import asyncio
from collections.abc import Awaitable, Callable

import asyncpg
import pytest

from linnet.features.accounts import actions, staff
from linnet.features.accounts.admins import LAST_ADMIN
from linnet.features.accounts.audit import About, Entry, page
from linnet.features.accounts.models import Role
from linnet.features.accounts.permissions import OPERATOR, ROLE_PERMISSIONS, Actor, Operator, Permission, may, require
from linnet.mastodon.entities.role import FLAGS
from linnet.platform.engines import Engines
from linnet.platform.errors import Forbidden, NotFound, ProductError
from linnet.platform.paging import Window
from world import Person, World

Verb = Callable[..., Awaitable[None]]


async def log_of(world: World, person: Person) -> list[Entry]:
    return list(await page(world.engines, OPERATOR, Window(limit=100), About(target_id=person.id)))


async def role_of(world: World, person: Person) -> str:
    return await world.engines.db.value("select role::text from users where account_id = $1", person.id)


async def outcome(work: Awaitable[None]) -> str:
    try:
        await work
    except ProductError as error:
        return error.message
    return "done"


def test_every_permission_has_its_bit_and_somebody_who_has_it() -> None:
    assert set(FLAGS) == set(Permission)
    assert len(set(FLAGS.values())) == len(FLAGS)
    assert set().union(*ROLE_PERMISSIONS.values()) == set(Permission)
    assert ROLE_PERMISSIONS[Role.USER] < ROLE_PERMISSIONS[Role.MODERATOR] < ROLE_PERMISSIONS[Role.ADMIN]


def test_the_public_may_do_nothing_and_the_operator_everything() -> None:
    assert not any(may(None, permission) for permission in Permission)
    assert all(may(OPERATOR, permission) for permission in Permission)
    with pytest.raises(Forbidden):
        require(None, Permission.INVITE_USERS)


@pytest.mark.parametrize("verb", [staff.lock, staff.unlock, staff.suspend, staff.unsuspend, staff.warn, staff.delete])
async def test_users_act_on_nobody_and_moderators_on_no_staff(world: World, verb: Verb) -> None:
    ann, bob = await world.people("ann", "bob")
    mod, other = await world.person("maud", role=Role.MODERATOR), await world.person("milo", role=Role.MODERATOR)
    admin = await world.person("ada", role=Role.ADMIN)
    refused: list[tuple[Actor, Person]] = [
        (ann.acting(Role.USER), bob),
        (mod.acting(Role.MODERATOR), other),
        (mod.acting(Role.MODERATOR), admin),
        (mod.acting(Role.MODERATOR), mod),
        (admin.acting(Role.ADMIN), admin),
    ]
    for actor, target in refused:
        with pytest.raises(Forbidden):
            await verb(world.engines, actor, target.id)
        assert not [one for one in await log_of(world, target) if one.actor_id is not None]


async def test_a_role_that_was_taken_away_counts_at_once_even_for_a_request_under_way(world: World) -> None:
    ann, maud = await world.people("ann", "maud")
    admin = await world.person("ada", role=Role.ADMIN)
    await staff.change_role(world.engines, admin.acting(Role.ADMIN), maud.id, Role.MODERATOR)
    as_moderator = maud.acting(Role.MODERATOR)
    await staff.warn(world.engines, as_moderator, ann.id)
    await staff.change_role(world.engines, admin.acting(Role.ADMIN), maud.id, Role.USER)
    with pytest.raises(Forbidden):
        await staff.suspend(world.engines, as_moderator, ann.id)


async def test_only_admins_change_roles_and_nobody_their_own_upwards(world: World) -> None:
    ann = await world.person("ann")
    maud, ada = await world.person("maud", role=Role.MODERATOR), await world.person("ada", role=Role.ADMIN)
    for person, claimed in ((ann, Role.USER), (ann, Role.ADMIN), (maud, Role.MODERATOR), (maud, Role.ADMIN)):
        with pytest.raises(Forbidden):
            await staff.change_role(world.engines, person.acting(claimed), person.id, Role.ADMIN)
    await staff.change_role(world.engines, ada.acting(Role.ADMIN), ann.id, Role.ADMIN)
    await staff.change_role(world.engines, ada.acting(Role.ADMIN), ada.id, Role.USER)
    assert [await role_of(world, one) for one in (ann, maud, ada)] == ["admin", "moderator", "user"]


async def demote(engines: Engines, actor: Actor | Operator, account_id: int) -> None:
    await staff.change_role(engines, actor, account_id, Role.MODERATOR)


async def delete_itself(engines: Engines, _: Actor | Operator, account_id: int) -> None:
    await actions.delete(engines, account_id)


@pytest.mark.parametrize("take_away", [demote, staff.lock, staff.suspend, staff.delete, delete_itself])
async def test_the_last_admin_stays(world: World, take_away: Verb) -> None:
    ada, eve = await world.person("ada", role=Role.ADMIN), await world.person("eve", role=Role.ADMIN)
    await staff.lock(world.engines, OPERATOR, eve.id)
    with pytest.raises(Forbidden, match="last admin"):
        await take_away(world.engines, OPERATOR, ada.id)
    await staff.unlock(world.engines, OPERATOR, eve.id)
    await take_away(world.engines, OPERATOR, ada.id)


async def test_two_admins_who_take_each_other_away_at_once_leave_one(world: World) -> None:
    for number in range(8):
        ada = await world.person(f"ada{number}", role=Role.ADMIN)
        eve = await world.person(f"eve{number}", role=Role.ADMIN)
        outcomes = await asyncio.gather(
            outcome(staff.change_role(world.engines, ada.acting(Role.ADMIN), eve.id, Role.USER)),
            outcome(staff.suspend(world.engines, eve.acting(Role.ADMIN), ada.id)),
            outcome(actions.delete(world.engines, ada.id)),
            outcome(actions.delete(world.engines, eve.id)),
        )
        able = await world.engines.db.value(
            """
            select count(*) from users join accounts on accounts.id = users.account_id
            where role = 'admin' and suspended_at is null and deleted_at is null
            """
        )
        assert able == 1, outcomes
        assert LAST_ADMIN in outcomes
        await world.clear()


async def test_every_act_is_in_the_log_with_who_whom_what_and_from_where(world: World) -> None:
    ann = await world.person("ann")
    ada = await world.person("ada", role=Role.ADMIN)
    acting = ada.acting(Role.ADMIN)
    await staff.warn(world.engines, acting, ann.id, " was rude ")
    await staff.lock(world.engines, acting, ann.id)
    await staff.unlock(world.engines, acting, ann.id)
    await staff.change_role(world.engines, acting, ann.id, Role.MODERATOR)
    await staff.suspend(world.engines, acting, ann.id, "spam")
    await staff.unsuspend(world.engines, acting, ann.id)
    await staff.suspend(world.engines, OPERATOR, ann.id)
    await staff.delete(world.engines, acting, ann.id)
    told = [(one.action, one.actor_id, one.address, dict(one.detail)) for one in await log_of(world, ann)]
    assert told[::-1] == [
        ("account.create", None, "", {"role": "user"}),
        ("token.create", None, "", {"scopes": "read write follow push"}),
        ("account.warn", ada.id, "192.0.2.7", {"reason": "was rude"}),
        ("account.lock", ada.id, "192.0.2.7", {}),
        ("account.unlock", ada.id, "192.0.2.7", {}),
        ("account.role", ada.id, "192.0.2.7", {"from": "user", "to": "moderator"}),
        ("account.suspend", ada.id, "192.0.2.7", {"reason": "spam"}),
        ("account.unsuspend", ada.id, "192.0.2.7", {}),
        ("account.suspend", None, "", {}),
        ("account.delete", ada.id, "192.0.2.7", {}),
    ]


async def test_an_act_that_fails_leaves_nothing_in_the_log_and_a_logged_one_cannot_be_undone(world: World) -> None:
    ada = await world.person("ada", role=Role.ADMIN)
    with pytest.raises(NotFound):
        await staff.suspend(world.engines, ada.acting(Role.ADMIN), 12345)
    assert not await page(world.engines, OPERATOR, Window(), About(target_id=12345))
    for statement in (
        "delete from audit_log",
        "update audit_log set actor_id = null",
        "update audit_log set action = 'nothing' where false",
        "truncate audit_log",
    ):
        with pytest.raises(asyncpg.RestrictViolationError, match="only grows"):
            await world.engines.db.execute(statement)  # pyright: ignore[reportArgumentType] -- one of four literals
    assert [one.action for one in await log_of(world, ada)] == ["token.create", "account.create"]


async def test_staff_delete_only_what_is_suspended(world: World) -> None:
    ann, ada = await world.person("ann"), await world.person("ada", role=Role.ADMIN)
    with pytest.raises(Forbidden, match="suspend it first"):
        await staff.delete(world.engines, ada.acting(Role.ADMIN), ann.id)
    await staff.suspend(world.engines, ada.acting(Role.ADMIN), ann.id)
    await staff.delete(world.engines, ada.acting(Role.ADMIN), ann.id)
    with pytest.raises(NotFound):
        await staff.unsuspend(world.engines, ada.acting(Role.ADMIN), ann.id)
