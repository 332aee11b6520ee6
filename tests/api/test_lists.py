"""Every list that has pages, read to its end both ways as clients do: by the links of its answers."""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, get_origin
from urllib.parse import parse_qs, urlsplit

import pytest
from every_endpoint import ENDPOINTS

from linnet.api.paging import Page
from linnet.features.accounts.models import Role
from linnet.features.accounts.permissions import OPERATOR
from linnet.features.cases import actions as casework
from linnet.features.cases.models import Act, Action
from linnet.features.moderation import decisions
from linnet.features.moderation.measures import About, Measure, Ruling
from linnet.features.moderation.models import Surface
from linnet.features.sessions import attempts
from linnet.features.sessions.models import Origin
from world import SCOPES, Person, World

ROWS = 5
STAFF_SCOPES = (*SCOPES, "admin:read", "admin:write")


@dataclass
class Listed:
    """Whose list it is, where, and what is on it, newest first."""

    owner: Person
    path: str
    ids: list[str] = field(default_factory=list[str])
    asked: str = ""
    """What else the query has, and an `&`."""


Maker = Callable[[World], Awaitable[Listed]]


async def posts_of(author: Person, number: int = ROWS, **more: Any) -> list[str]:
    """The ids of new posts, newest first."""
    return [(await author.post(f"number {count} #birds", **more))["id"] for count in range(number)][::-1]


async def crowd(world: World) -> list[Person]:
    return [await world.person() for _ in range(ROWS)]


def ids_of(people: Sequence[Person]) -> list[str]:
    """Those who came last come first."""
    return [str(person.id) for person in reversed(people)]


async def timeline(world: World, path: str) -> Listed:
    alice, bob = await world.people("alice", "bob")
    await bob.follow(alice)
    ids = await posts_of(alice)
    await world.settle()
    return Listed(bob, path.format(alice=alice.id), ids)


async def found(world: World) -> Listed:
    alice = await world.person("alice")
    ids = await posts_of(alice)
    await world.settle(periodics=True)
    search = await alice.do("POST", "/api/v1/searches", query="number")
    return Listed(alice, f"/api/v1/timelines/search/{search['id']}", ids)


async def found_on_list(world: World) -> Listed:
    """What a search on a list finds, and its author's membership as well."""
    page = await found(world)
    birds = await page.owner.do("POST", "/api/v1/lists", title="Birds")
    kept = await page.owner.get("/api/v1/searches")
    await page.owner.do("POST", f"/api/v1/lists/{birds['id']}/searches", search_ids=[kept[0]["id"]])
    await page.owner.do("POST", f"/api/v1/lists/{birds['id']}/accounts", account_ids=[str(page.owner.id)])
    return Listed(page.owner, f"/api/v1/timelines/list/{birds['id']}", page.ids)


async def marked(world: World, verb: str) -> Listed:
    alice, bob = await world.people("alice", "bob")
    ids = await posts_of(alice)
    for status_id in ids:
        await bob.mark(verb, {"id": status_id})
    return Listed(bob, f"/api/v1/{verb}s", ids[::-1])


async def markers_of(world: World, verb: str, below: str) -> Listed:
    alice = await world.person("alice")
    status, people = await alice.post("popular"), await crowd(world)
    for person in people:
        await person.mark(verb, status)
    return Listed(alice, f"/api/v1/statuses/{status['id']}/{below}", ids_of(people))


async def quotes(world: World) -> Listed:
    alice, bob = await world.people("alice", "bob")
    status = await alice.post("quote me")
    return Listed(alice, f"/api/v1/statuses/{status['id']}/quotes", await posts_of(bob, quoted_status_id=status["id"]))


async def hidden_replies(world: World) -> Listed:
    alice, bob = await world.people("alice", "bob")
    status = await alice.post("answer me")
    ids = await posts_of(bob, in_reply_to_id=status["id"])
    for status_id in ids:
        await alice.mark("hide_reply", {"id": status_id})
    return Listed(bob, f"/api/v1/statuses/{status['id']}/hidden_replies", ids)


async def followers(world: World) -> Listed:
    alice, people = await world.person("alice"), await crowd(world)
    for person in people:
        await person.follow(alice)
    return Listed(alice, f"/api/v1/accounts/{alice.id}/followers", ids_of(people))


async def requests(world: World) -> Listed:
    alice, people = await world.person("alice"), await crowd(world)
    await alice.do("PATCH", "/api/v1/accounts/update_credentials", locked=True)
    for person in people:
        await person.follow(alice)
    return Listed(alice, "/api/v1/follow_requests", ids_of(people))


async def related(world: World, verb: str, path: str) -> Listed:
    alice, people = await world.person("alice"), await crowd(world)
    for person in people:
        await alice.relate(verb, person)
    return Listed(alice, path.format(alice=alice.id), ids_of(people))


async def on_a_list(world: World, path: str) -> Listed:
    """Everybody on a list, or everything that one of them has posted."""
    alice, people = await world.person("alice"), await crowd(world)
    birds = (await alice.do("POST", "/api/v1/lists", title="Birds"))["id"]
    for person in people:
        await alice.follow(person)
        await alice.do("POST", f"/api/v1/lists/{birds}/accounts", account_ids=[str(person.id)])
    ids = ids_of(people) if path.endswith("/accounts") else await posts_of(people[0])
    return Listed(alice, path.format(birds), ids)


async def on_a_blocklist(world: World) -> Listed:
    """Everybody on a list to be blocked or muted."""
    alice, people = await world.person("alice"), await crowd(world)
    made = (await alice.do("POST", "/api/v1/blocklists", name="Loud birds", account_ids=ids_of(people)))["id"]
    return Listed(alice, f"/api/v1/blocklists/{made}/accounts", [str(person.id) for person in people])


async def endorsed(world: World, path: str) -> Listed:
    alice, people = await world.person("alice"), await crowd(world)
    for person in people:
        await alice.follow(person)
        await alice.relate("endorse", person)
    return Listed(alice, path.format(alice=alice.id), ids_of(people))


async def followed_tags(world: World) -> Listed:
    alice, ids = await world.person("alice"), list[str]()
    for number in range(ROWS):
        ids.append((await alice.do("POST", f"/api/v1/tags/birds{number}/follow"))["id"])
    return Listed(alice, "/api/v1/followed_tags", ids[::-1])


async def notifications(world: World) -> Listed:
    listed = await followers(world)
    await world.settle()
    told = await listed.owner.get("/api/v1/notifications")
    return Listed(listed.owner, "/api/v1/notifications", [one["id"] for one in told])


async def notification_requests(world: World) -> Listed:
    alice = await world.person("alice")
    await alice.do("PATCH", "/api/v2/notifications/policy", for_not_following="filter")
    for person in await crowd(world):
        await person.post("@alice hello")
        await world.settle()
    path = "/api/v1/notifications/requests"
    return Listed(alice, path, [one["id"] for one in await alice.get(path)])


async def group_accounts(world: World) -> Listed:
    listed = await followers(world)
    await world.settle()
    (group,) = (await listed.owner.get("/api/v2/notifications"))["notification_groups"]
    path = f"/api/v2/notifications/{group['group_key']}/accounts"
    return Listed(listed.owner, path, [one["id"] for one in await listed.owner.get(path)])


async def scheduled(world: World) -> Listed:
    alice = await world.person("alice")
    at = (world.clock.now() + timedelta(days=1)).isoformat()
    return Listed(alice, "/api/v1/scheduled_statuses", await posts_of(alice, scheduled_at=at))


async def drafts(world: World) -> Listed:
    alice = await world.person("alice")
    made = [await alice.do("POST", "/api/v1/drafts", status=f"number {count}") for count in range(ROWS)]
    return Listed(alice, "/api/v1/drafts", [one["id"] for one in reversed(made)])


async def linked(world: World) -> Listed:
    """Posts that show the same card, as if somebody had looked at the page."""
    alice, url = await world.person("alice"), "https://birds.com/"
    ids = await posts_of(alice)
    await world.engines.db.execute(
        "insert into looked_up_links (url, card_id, next_at) values ($1, 1, now() + interval '1 day')", url
    )
    await world.engines.db.execute(
        "insert into card_statuses (card_id, status_id) select 1, unnest($1::bigint[])", [int(one) for one in ids]
    )
    return Listed(alice, "/api/v1/timelines/link", ids, f"url={url}&")


async def failed_sign_ins(world: World, *, for_staff: bool = False) -> Listed:
    alice = await world.person("alice")
    for number in range(ROWS):
        origin = Origin(f"192.0.2.{number}", "a stranger")
        attempt = await attempts.allow(world.engines, alice.id, "alice", origin)
        await attempts.note(world.engines, attempt, attempts.Outcome.WRONG)
    rows = await world.engines.db.rows("select id from failed_sign_ins order by id desc")
    ids = [str(row["id"]) for row in rows]
    if not for_staff:
        return Listed(alice, "/api/v1/auth/sign_ins", ids)
    admin = await world.person(role=Role.ADMIN, scopes=STAFF_SCOPES)
    return Listed(admin, f"/api/v1/admin/accounts/{alice.id}/sign_ins", ids)


async def imports(world: World) -> Listed:
    alice = await world.person("alice")
    brought: list[str] = []
    for _ in range(ROWS):
        file = {"data": ("f.csv", b"nobody\n")}
        answer = await alice.ask("POST", "/api/v1/imports", data={"type": "blocking"}, files=file)
        brought.append(answer.json()["id"])
        await world.settle()
    return Listed(alice, "/api/v1/imports", brought[::-1])


async def members(world: World, path: str) -> Listed:
    """Everybody, the admin who looks included."""
    admin = await world.person(role=Role.ADMIN, scopes=STAFF_SCOPES)
    others = [await world.person() for _ in range(ROWS - 1)]
    return Listed(admin, path, [*ids_of(others), str(admin.id)])


async def cases(world: World) -> Listed:
    """Legal matters, of which each report is its own case."""
    moderator, bob = await world.person(role=Role.MODERATOR, scopes=STAFF_SCOPES), await world.person()
    for person in await crowd(world):
        await person.do("POST", "/api/v1/reports", account_id=str(bob.id), category="legal")
    rows = await world.engines.db.rows("select id from cases order by id desc")
    return Listed(moderator, "/api/v1/admin/cases", [str(row["id"]) for row in rows])


async def strikes_of_member(world: World) -> Listed:
    moderator, bob = await world.person(role=Role.MODERATOR, scopes=STAFF_SCOPES), await world.person()
    for _ in range(ROWS):
        await casework.act(world.engines, OPERATOR, Act(account_id=bob.id, action=Action.LIMIT))
    rows = await world.engines.db.rows("select id from strikes order by id desc")
    return Listed(moderator, f"/api/v1/admin/accounts/{bob.id}/strikes", [str(row["id"]) for row in rows])


async def made_by_admin(world: World, path: str, bodies: Sequence[dict[str, Any]]) -> Listed:
    """What an admin made by POST, and lists at the same address."""
    admin = await world.person(role=Role.ADMIN, scopes=STAFF_SCOPES)
    made = [await admin.do("POST", path, **body) for body in bodies]
    return Listed(admin, path, [one["id"] for one in reversed(made)])


async def audit_log(world: World) -> Listed:
    """To make an admin with a token is two acts; the rest are blocks."""
    refused = [{"domain": f"number{number}.example"} for number in range(ROWS - 2)]
    listed = await made_by_admin(world, "/api/v1/admin/email_domain_blocks", refused)
    rows = await world.engines.db.rows("select id from audit_log order by id desc")
    return Listed(listed.owner, "/api/v1/admin/audit_log", [str(row["id"]) for row in rows])


async def conversations(world: World, path: str, *, strangers: bool = False) -> Listed:
    """Conversations with as many people."""
    alice, people = await world.person("alice"), await crowd(world)
    ids: list[str] = []
    for person in people:
        if not strangers:
            await alice.follow(person)
        body = {"text": "hello", "account_ids": [str(alice.id)]}
        ids.append((await person.do("POST", "/api/v1/messages/threads", **body))["id"])
    return Listed(alice, path, ids[::-1])


async def messages(world: World) -> Listed:
    alice, bob = await world.people("alice", "bob")
    thread = await alice.do("POST", "/api/v1/messages/threads", text="0", account_ids=[str(bob.id)])
    path = f"/api/v1/messages/threads/{thread['id']}/messages"
    ids = [thread["last_message"]["id"]]
    ids += [(await alice.do("POST", path, text=str(number)))["id"] for number in range(1, ROWS)]
    return Listed(bob, path, ids[::-1])


async def decided(world: World, *, for_staff: bool = False) -> Listed:
    alice = await world.person("alice")
    ruling = Ruling(alice.id, About.STATUS, Surface.POST, Measure.REJECT, text="Buy it")
    made = [await decisions.record(world.engines.db, ruling, world.clock.now()) for _ in range(ROWS)]
    ids = [str(one) for one in reversed(made)]
    if not for_staff:
        return Listed(alice, "/api/v1/moderation/decisions", ids)
    return Listed(await world.person(role=Role.ADMIN, scopes=STAFF_SCOPES), "/api/v1/admin/decisions", ids)


async def strikes(world: World) -> Listed:
    alice = await world.person("alice")
    warning = Act(account_id=alice.id, action=Action.WARN, text="No")
    made = [await casework.act(world.engines, OPERATOR, warning) for _ in range(ROWS)]
    return Listed(alice, "/api/v1/moderation/strikes", [str(one) for one in reversed(made)])


async def appealed(world: World) -> Listed:
    listed = await decided(world)
    ids: list[str] = []
    for decision_id in listed.ids:
        path = f"/api/v1/moderation/decisions/{decision_id}/appeal"
        ids.append((await listed.owner.do("POST", path, text="Why?"))["appeal"]["id"])
    return Listed(await world.person(role=Role.ADMIN, scopes=STAFF_SCOPES), "/api/v1/admin/appeals", ids[::-1])


LISTS: dict[str, Maker] = {
    "/api/v1/timelines/home": lambda world: timeline(world, "/api/v1/timelines/home"),
    "/api/v1/timelines/public": lambda world: timeline(world, "/api/v1/timelines/public"),
    "/api/v1/timelines/link": linked,
    "/api/v1/timelines/tag/{}": lambda world: timeline(world, "/api/v1/timelines/tag/birds"),
    "/api/v1/timelines/search/{}": found,
    "/api/v1/accounts/{}/statuses": lambda world: timeline(world, "/api/v1/accounts/{alice}/statuses"),
    "/api/v1/favourites": lambda world: marked(world, "favourite"),
    "/api/v1/bookmarks": lambda world: marked(world, "bookmark"),
    "/api/v1/statuses/{}/favourited_by": lambda world: markers_of(world, "favourite", "favourited_by"),
    "/api/v1/statuses/{}/reblogged_by": lambda world: markers_of(world, "reblog", "reblogged_by"),
    "/api/v1/statuses/{}/quotes": quotes,
    "/api/v1/statuses/{}/hidden_replies": hidden_replies,
    "/api/v1/accounts/{}/followers": followers,
    "/api/v1/accounts/{}/following": lambda world: related(world, "follow", "/api/v1/accounts/{alice}/following"),
    "/api/v1/follow_requests": requests,
    "/api/v1/blocks": lambda world: related(world, "block", "/api/v1/blocks"),
    "/api/v1/blocklists/{}/accounts": on_a_blocklist,
    "/api/v1/mutes": lambda world: related(world, "mute", "/api/v1/mutes"),
    "/api/v1/lists/{}/accounts": lambda world: on_a_list(world, "/api/v1/lists/{}/accounts"),
    "/api/v1/timelines/list/{}": found_on_list,
    "/api/v1/followed_tags": followed_tags,
    "/api/v1/endorsements": lambda world: endorsed(world, "/api/v1/endorsements"),
    "/api/v1/accounts/{}/endorsements": lambda world: endorsed(world, "/api/v1/accounts/{alice}/endorsements"),
    "/api/v1/notifications": notifications,
    "/api/v1/conversations": lambda world: conversations(world, "/api/v1/conversations"),
    "/api/v1/messages/threads": lambda world: conversations(world, "/api/v1/messages/threads"),
    "/api/v1/messages/requests": lambda world: conversations(world, "/api/v1/messages/requests", strangers=True),
    "/api/v1/messages/threads/{}/messages": messages,
    "/api/v1/notifications/requests": notification_requests,
    "/api/v2/notifications/{}/accounts": group_accounts,
    "/api/v1/scheduled_statuses": scheduled,
    "/api/v1/drafts": drafts,
    "/api/v1/auth/sign_ins": failed_sign_ins,
    "/api/v1/admin/accounts/{}/sign_ins": lambda world: failed_sign_ins(world, for_staff=True),
    "/api/v1/invites": lambda world: made_by_admin(world, "/api/v1/invites", [{"max_uses": 1}] * ROWS),
    "/api/v1/admin/accounts": lambda world: members(world, "/api/v1/admin/accounts"),
    "/api/v2/admin/accounts": lambda world: members(world, "/api/v2/admin/accounts"),
    "/api/v1/admin/email_domain_blocks": lambda world: made_by_admin(
        world, "/api/v1/admin/email_domain_blocks", [{"domain": f"number{number}.example"} for number in range(ROWS)]
    ),
    "/api/v1/admin/media_known_bad": lambda world: made_by_admin(
        world, "/api/v1/admin/media_known_bad", [{"hash": f"0123456789abcd{number:02x}"} for number in range(ROWS)]
    ),
    "/api/v1/admin/domain_allows": lambda world: made_by_admin(
        world, "/api/v1/admin/domain_allows", [{"domain": f"number{number}.example"} for number in range(ROWS)]
    ),
    "/api/v1/admin/domain_blocks": lambda world: made_by_admin(
        world, "/api/v1/admin/domain_blocks", [{"domain": f"number{number}.example"} for number in range(ROWS)]
    ),
    "/api/v1/admin/ip_blocks": lambda world: made_by_admin(
        world,
        "/api/v1/admin/ip_blocks",
        [{"ip": f"203.0.113.{number}", "severity": "sign_up_block"} for number in range(ROWS)],
    ),
    "/api/v1/admin/canonical_email_blocks": lambda world: made_by_admin(
        world, "/api/v1/admin/canonical_email_blocks", [{"email": f"n{number}@spam.example"} for number in range(ROWS)]
    ),
    "/api/v1/admin/cases": cases,
    "/api/v1/admin/accounts/{}/strikes": strikes_of_member,
    "/api/v1/admin/audit_log": audit_log,
    "/api/v1/imports": imports,
    "/api/v1/moderation/decisions": decided,
    "/api/v1/moderation/strikes": strikes,
    "/api/v1/admin/decisions": lambda world: decided(world, for_staff=True),
    "/api/v1/admin/appeals": appealed,
}
"""How to fill each list, by the shape of its path."""


def test_every_list_with_pages_is_here() -> None:
    assert {one.shape for one in ENDPOINTS if get_origin(one.answer) is Page} == set(LISTS)


@pytest.mark.parametrize("shape", LISTS)
async def test_a_list_is_read_to_its_end_by_its_links(world: World, shape: str) -> None:
    listed = await LISTS[shape](world)
    pages = await follow(listed, f"{listed.path}?{listed.asked}limit=2", "next")
    assert [len(page) for page in pages] == [2, 2, 1]
    assert [one for page in pages for one in page] == listed.ids


@pytest.mark.parametrize("shape", LISTS)
async def test_a_list_is_read_forward_from_the_oldest(world: World, shape: str) -> None:
    listed = await LISTS[shape](world)
    pages = [page for page in await follow(listed, f"{listed.path}?{listed.asked}limit=2&min_id=0", "prev") if page]
    assert [one for page in reversed(pages) for one in page] == listed.ids


@pytest.mark.parametrize("shape", LISTS)
async def test_since_id_gives_the_newest_ones_and_max_id_the_older_ones(world: World, shape: str) -> None:
    listed = await LISTS[shape](world)
    first = await listed.owner.ask("GET", f"{listed.path}?{listed.asked}limit=2")
    cursor = parse_qs(urlsplit(links(first.headers["link"])["next"]).query)["max_id"][0]
    newer = (await listed.owner.ask("GET", f"{listed.path}?{listed.asked}since_id={cursor}")).json()
    older = (await listed.owner.ask("GET", f"{listed.path}?{listed.asked}max_id={cursor}")).json()
    assert [one["id"] for one in newer] == listed.ids[:1]
    assert [one["id"] for one in older] == listed.ids[2:]


async def follow(listed: Listed, path: str, relation: str) -> list[list[str]]:
    """The ids of each page, from `path` on as far as links of this relation lead to more."""
    pages: list[list[str]] = []
    address: str | None = path
    while address is not None:
        answer = await listed.owner.ask("GET", address)
        assert answer.is_success, answer.text
        pages.append([one["id"] for one in answer.json()])
        address = links(answer.headers.get("link", "")).get(relation) if pages[-1] else None
        assert address is None or address.startswith(f"https://linnet.test{listed.path}?")
        assert len(pages) < 20, "the links lead in circles"
    return pages


def links(header: str) -> dict[str, str]:
    """The addresses of a `Link` header by their relation."""
    return {relation: address for address, relation in re.findall(r'<([^>]+)>; rel="(\w+)"', header)}
