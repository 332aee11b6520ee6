"""Who asks in the authorization matrix, and the things that the paths lead to."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from io import BytesIO
from itertools import count

from linnet.api.endpoint import Endpoint
from linnet.features.accounts import canonical_emails, mail_domains, other_servers
from linnet.features.accounts.ip_blocks import actions as ip_blocks
from linnet.features.accounts.ip_blocks.actions import Wanted
from linnet.features.accounts.models import Role
from linnet.features.accounts.permissions import OPERATOR
from linnet.features.announcements import actions as announcements
from linnet.features.cases import actions as casework
from linnet.features.cases import listing, reporting
from linnet.features.cases import reads as cases
from linnet.features.cases.appeals import actions as appeals
from linnet.features.cases.models import Act, Action, Complaint
from linnet.features.cases.policies import actions as policies
from linnet.features.media import intake
from linnet.features.media.known_bad import actions as known_bad
from linnet.features.media.known_bad.actions import NewKnownBad
from linnet.features.media.models import Purpose
from linnet.features.moderation import decisions
from linnet.features.moderation.listed import ListedKind, NewListed
from linnet.features.moderation.measures import About, Measure, Ruling
from linnet.features.moderation.models import Surface
from linnet.features.moderation.store import campaigns
from linnet.features.sessions.actions import begin_session
from linnet.features.sessions.apps import give_token, register_app
from linnet.features.sessions.models import Origin
from linnet.features.trends import jobs as trends
from media_made import made, shown
from uploading import picture
from world import PASSWORD, SCOPES, Person, World

EVERY_SCOPE = (*SCOPES, "profile", "admin:read", "admin:write")
APP_URI = "urn:ietf:wg:oauth:2.0:oob"

_numbers = count(1)

Thing = Callable[["Cast", Person], Awaitable[str]]


@dataclass
class Cast:
    """Everybody who asks, made once; whoever changes something is made anew for each endpoint that does."""

    world: World
    tokens: Mapping[str, str]
    """Bearer tokens of callers who are nobody in particular, by their column."""
    not_push: str
    """One of the wrong scope where the other one's is the right one."""
    owner: Person
    """Somebody who keeps things from others."""
    blocker: Person
    """Somebody who has blocked `reader`, and blocks whoever is made anew."""
    reader: Person
    staff: Mapping[str, Person]
    read: dict[tuple[Thing, int], str] = field(default_factory=dict["tuple[Thing, int]", str])
    """Where reads are led to, by what makes it and whose it is: they leave it as it was for the next."""

    async def newcomer(self, role: Role = Role.USER) -> Person:
        """Somebody new, with a token for everything."""
        return await self.world.person(role=role, scopes=EVERY_SCOPE)

    async def askers(self, endpoint: Endpoint) -> dict[str, Person]:
        """Who asks with a token of their own, by column: the same ones all the time, but where something changes."""
        if endpoint.method == "GET":
            return {**self.staff, "person": self.reader}
        if not endpoint.path.startswith("/api/v1/auth/"):
            return {**self.staff, "person": await self.newcomer()}
        roles = {"moderator": Role.MODERATOR, "admin": Role.ADMIN, "person": Role.USER}  # it may end what they ask with
        return {column: await self.newcomer(role) for column, role in roles.items()}


async def cast_in(world: World) -> Cast:
    """The cast of an empty world."""
    owner, blocker, gone, out, late = await world.people("owner", "blocker", "gone", "out", "late")
    late = await _session(late)
    world.clock.move(minutes=20)  # past the life of an access token, not of its session
    out = await _session(out)
    await out.ask("POST", "/api/v1/auth/logout")
    await world.suspend(gone)
    reader, moderator, admin = [await world.person(str(role), role=role, scopes=EVERY_SCOPE) for role in Role]
    await blocker.relate("block", reader)
    narrow, narrower = [await world.person(scopes=[scope]) for scope in ("push", "profile")]
    app = await world.client.post(
        "/api/v1/apps", json={"client_name": "A bird feeder", "redirect_uris": APP_URI, "scopes": "read write profile"}
    )
    registered = {name: app.json()[name] for name in ("client_id", "client_secret")}
    own = await _app_token(world, registered)
    ended = await _app_token(world, registered)
    assert (await world.client.post("/oauth/revoke", json={"token": ended, **registered})).status_code == 200
    tokens = {
        "no token": "",
        "malformed token": "nobody gave this!",
        "expired token": late.token,
        "revoked token": ended,
        "revoked session": out.token,
        "suspended account": gone.token,
        "wrong scope": narrow.token,
        "app's own token": own,
    }
    return Cast(world, tokens, narrower.token, owner, blocker, reader, {"moderator": moderator, "admin": admin})


async def _session(somebody: Person) -> Person:
    """The same person with the access token of a session instead of an app's."""
    body = {"identifier": somebody.username, "password": PASSWORD}
    answer = await somebody.world.client.post("/api/v1/auth/login", json=body)
    assert answer.status_code == 200, answer.text
    return replace(somebody, token=answer.json()["access_token"])


async def _app_token(world: World, registered: Mapping[str, str]) -> str:
    body = {"grant_type": "client_credentials", "scope": "read write profile", **registered}
    return (await world.client.post("/oauth/token", json=body)).json()["access_token"]


async def _status(_: Cast, owner: Person) -> str:
    return (await owner.post("For everybody"))["id"]


async def _kept_status(_: Cast, owner: Person) -> str:
    return (await owner.post("For followers", visibility="private"))["id"]


POLL = {"options": ["linnet", "wren"], "expires_in": 3600}


async def _poll(_: Cast, owner: Person) -> str:
    return (await owner.post("Which one?", poll=POLL))["poll"]["id"]


async def _kept_poll(_: Cast, owner: Person) -> str:
    return (await owner.post("Which one?", poll=POLL, visibility="private"))["poll"]["id"]


async def _scheduled(cast: Cast, owner: Person) -> str:
    at = (cast.world.clock.now() + timedelta(days=1)).isoformat()
    return (await owner.post("Good morning", scheduled_at=at))["id"]


async def _draft(_: Cast, owner: Person) -> str:
    return (await owner.do("POST", "/api/v1/drafts", status="Once upon"))["id"]


async def _account(_: Cast, owner: Person) -> str:
    return str(owner.id)


async def _stranger(cast: Cast, _: Person) -> str:
    return str((await cast.newcomer()).id)


async def _follow_request(cast: Cast, owner: Person) -> str:
    await owner.do("PATCH", "/api/v1/accounts/update_credentials", locked=True)
    fan = await cast.newcomer()
    await fan.follow(owner)
    return str(fan.id)


async def _notification(cast: Cast, owner: Person) -> str:
    fan = await cast.newcomer()
    await fan.mark("favourite", await owner.post("A song"))
    await cast.world.settle()
    return (await owner.get("/api/v1/notifications"))[0]["id"]


async def _thread(cast: Cast, owner: Person) -> str:
    """A group that somebody took the owner into, and the owner has said something in."""
    return (await _message_of(cast, owner))["thread_id"]


async def _message(cast: Cast, owner: Person) -> str:
    return (await _message_of(cast, owner))["id"]


async def _message_of(cast: Cast, owner: Person) -> Mapping[str, str]:
    other, another = await cast.newcomer(), await cast.newcomer()
    threads = "/api/v1/messages/threads"
    thread = await other.do("POST", threads, text="Psst", account_ids=[str(owner.id), str(another.id)])
    return await owner.do("POST", f"{threads}/{thread['id']}/messages", text="Yes?")


async def _group(cast: Cast, owner: Person) -> str:
    await _notification(cast, owner)
    return (await owner.get("/api/v2/notifications"))["notification_groups"][0]["group_key"]


async def _notification_request(cast: Cast, owner: Person) -> str:
    await owner.do("PATCH", "/api/v2/notifications/policy", for_not_following="filter")
    await (await cast.newcomer()).post(f"@{owner.username} hello")
    await cast.world.settle()
    await owner.do("PATCH", "/api/v2/notifications/policy", for_not_following="accept")
    return (await owner.get("/api/v1/notifications/requests"))[0]["id"]


async def _username(_: Cast, owner: Person) -> str:
    return owner.username


async def _invite(_: Cast, owner: Person) -> str:
    return (await owner.do("POST", "/api/v1/invites"))["id"]


async def _featured(_: Cast, owner: Person) -> str:
    return (await owner.do("POST", "/api/v1/featured_tags", name="birds"))["id"]


async def _blocklist(_: Cast, owner: Person) -> str:
    """One that there is, or a new one: nobody may have many."""
    found = await owner.get(f"/api/v1/accounts/{owner.id}/blocklists")
    return (found[0] if found else await owner.do("POST", "/api/v1/blocklists", name="Loud birds"))["id"]


async def _collection(_: Cast, owner: Person) -> str:
    """One that there is, or a new one: nobody may have many."""
    found = (await owner.get(f"/api/v1/accounts/{owner.id}/collections"))["collections"]
    if found:
        return found[0]["id"]
    return (await owner.do("POST", "/api/v1/collections", name="Birders"))["collection"]["id"]


async def _list(_: Cast, owner: Person) -> str:
    return (await owner.do("POST", "/api/v1/lists", title="Birds"))["id"]


async def _search(_: Cast, owner: Person) -> str:
    return (await owner.do("POST", "/api/v1/searches", query="birds"))["id"]


async def _tag(cast: Cast, owner: Person) -> str:
    await owner.post("#birds")
    await trends.update(cast.world.engines)
    return str(await cast.world.engines.db.value("select max(id) from tags"))


async def _link(cast: Cast, owner: Person) -> str:
    await owner.post("https://birds.example.com/")
    await trends.update(cast.world.engines)
    return str(await cast.world.engines.db.value("select max(id) from trend_links"))


async def _mail_domain(cast: Cast, owner: Person) -> str:
    refused = await mail_domains.block(cast.world.engines, OPERATOR, f"mail-of-{owner.id}.example")
    return str(refused.id)


async def _resumable(_: Cast, owner: Person) -> str:
    headers = {"Tus-Resumable": "1.0.0", "Upload-Length": "10"}
    begun = await owner.ask("POST", "/api/v1/media/uploads", headers=headers)
    return begun.headers["location"].rpartition("/")[2]


async def _known_bad(cast: Cast, owner: Person) -> str:
    known = await known_bad.add(cast.world.engines, OPERATOR, NewKnownBad(owner.id))
    return str(known.id)


async def _ip_block(cast: Cast, owner: Person) -> str:
    network = f"2001:db8:{owner.id % 65_536:x}::{next(_numbers):x}"
    block = await ip_blocks.create(cast.world.engines, OPERATOR, Wanted(network, "no_access"))
    return str(block.id)


async def _allowed_server(cast: Cast, owner: Person) -> str:
    domain = f"n{next(_numbers)}.of-{owner.id}.example"
    return str((await other_servers.allow(cast.world.engines, OPERATOR, domain)).id)


async def _blocked_server(cast: Cast, owner: Person) -> str:
    domain = f"n{next(_numbers)}.of-{owner.id}.example"
    return str((await other_servers.block(cast.world.engines, OPERATOR, domain, other_servers.Wanted())).id)


async def _report(cast: Cast, owner: Person) -> str:
    """One that the owner made of somebody who is nobody's staff."""
    body = {"account_id": str((await cast.newcomer()).id)}
    return (await owner.do("POST", "/api/v1/reports", **body))["id"]


async def _listed(cast: Cast, owner: Person) -> str:
    new = NewListed(ListedKind.WORD, f"word {next(_numbers)} of {owner.id}", Measure.LABEL)
    return str((await listing.add(cast.world.engines, OPERATOR, new)).id)


async def _mailbox(cast: Cast, owner: Person) -> str:
    email = f"nobody{next(_numbers)}@of-{owner.id}.example"
    return str((await canonical_emails.block(cast.world.engines, OPERATOR, email=email, hash_text="")).id)


async def _session_of(cast: Cast, owner: Person) -> str:
    """Another session of the owner than the one that asks."""
    return str((await begin_session(cast.world.engines, owner.id, Origin())).session_id)


async def _app_of(cast: Cast, owner: Person) -> str:
    """An app that only the owner let in."""
    app, _ = await register_app(cast.world.engines, name="A nest", redirect_uris=APP_URI, scopes="read", website=None)
    await give_token(cast.world.engines, app.id, owner.id, ["read"])
    return str(app.id)


async def _folder(_: Cast, owner: Person) -> str:
    return (await owner.do("POST", "/api/v1/bookmarks/folders", title="Nests"))["id"]


async def _filter(_: Cast, owner: Person) -> str:
    made = await owner.do("POST", "/api/v2/filters", title="Birds", context=["home"])
    return made["id"]


async def _keyword(_: Cast, owner: Person) -> str:
    return (await owner.do("POST", "/api/v1/filters", phrase="bird", context=["home"]))["id"]


async def _filtered_status(cast: Cast, owner: Person) -> str:
    path = f"/api/v2/filters/{await _filter(cast, owner)}/statuses"
    return (await owner.do("POST", path, status_id=await _status(cast, owner)))["id"]


async def _announcement(cast: Cast, _: Person) -> str:
    return str(await announcements.publish(cast.world.engines, OPERATOR, "Hello"))


async def _import(cast: Cast, owner: Person) -> str:
    file = {"data": ("f.csv", b"nobody\n")}
    brought = await owner.ask("POST", "/api/v1/imports", data={"type": "blocking"}, files=file)
    await cast.world.settle()
    return brought.json()["id"]


async def _media(cast: Cast, owner: Person) -> str:
    """An upload that is ready."""
    taken = await intake.take_in(cast.world.engines, owner.id, Purpose.ATTACHMENT, BytesIO(picture(40, 30)))
    await cast.world.settle()
    return str(taken.id)


async def _archive(cast: Cast, owner: Person) -> str:
    """One that is finished; another one a day may be asked for."""
    for one in await owner.get("/api/v1/exports/archives"):
        return one["id"]
    asked = await owner.do("POST", "/api/v1/exports/archives")
    await cast.world.settle()
    return asked["id"]


async def _shown_media(_: Cast, owner: Person) -> str:
    media_id = await made(owner, {"original-1.jpg": ("image/jpeg", b"a picture")})
    await shown(owner, media_id, media_id + 1)
    return str(media_id)


async def _case(cast: Cast, owner: Person) -> str:
    """What came of a report of theirs."""
    complaint = Complaint((await cast.newcomer()).id)
    report_id = await reporting.report(cast.world.engines, owner.viewer, complaint)
    return str((await cases.own_report(cast.world.engines, owner.viewer, report_id)).case_id)


async def _undone_strike(cast: Cast, _: Person) -> str:
    """One that was taken back: to do it again is a conflict, whoever it is that may."""
    act = Act(account_id=(await cast.newcomer()).id, action=Action.LIMIT)
    strike_id = await casework.act(cast.world.engines, OPERATOR, act)
    assert strike_id is not None
    await casework.undo(cast.world.engines, OPERATOR, strike_id)
    return str(strike_id)


async def _decision(cast: Cast, owner: Person) -> str:
    """About something of the owner's that was not published."""
    ruling = Ruling(owner.id, About.STATUS, Surface.POST, Measure.REJECT, text="Buy it")
    return str(await decisions.record(cast.world.engines.db, ruling, cast.world.clock.now()))


async def _campaign(cast: Cast, _: Person) -> str:
    now = cast.world.clock.now()
    return str(await campaigns.insert(cast.world.engines.db, 0.9, {"authors": 9}, b"", [1], now, linked=False))


async def _decision_of_a_stranger(cast: Cast, _: Person) -> str:
    return await _decision(cast, await cast.newcomer())


async def _strike(cast: Cast, owner: Person) -> str:
    return str(
        await casework.act(cast.world.engines, OPERATOR, Act(account_id=owner.id, action=Action.WARN, text="No"))
    )


async def _version(cast: Cast, _: Person) -> str:
    added = await policies.add(cast.world.engines, OPERATOR, "# This allows everything")
    return str(added.number)


async def _appeal(cast: Cast, _: Person) -> str:
    somebody = await cast.newcomer()
    decision_id = int(await _decision(cast, somebody))
    return str((await appeals.appeal_decision(cast.world.engines, somebody.viewer, decision_id, "Why?")).id)


def _word(text: str) -> Thing:
    async def make(_: Cast, __: Person) -> str:
        return text

    return make


OWN: Mapping[str, Thing] = {
    "account_id": _stranger,
    "/api/v1/follow_requests/{account_id}": _follow_request,
    "status_id": _status,
    "poll_id": _poll,
    "scheduled_id": _scheduled,
    "draft_id": _draft,
    "notification_id": _notification,
    "thread_id": _thread,
    "message_id": _message,
    "group_key": _group,
    "request_id": _notification_request,
    "invite_id": _invite,
    "blocklist_id": _blocklist,
    "collection_id": _collection,
    "item_id": _word("1"),
    "language": _word("en"),
    "list_id": _list,
    "featured_id": _featured,
    "search_id": _search,
    "tag_id": _tag,
    "link_id": _link,
    "domain_id": _mail_domain,
    "known_id": _known_bad,
    "block_id": _ip_block,
    "mailbox_id": _mailbox,
    "listed_id": _listed,
    "report_id": _report,
    "allowed_id": _allowed_server,
    "blocked_id": _blocked_server,
    "case_id": _case,
    "/api/v1/admin/strikes/{strike_id}": _undone_strike,
    "campaign_id": _campaign,
    "decision_id": _decision,
    "/api/v1/admin/decisions/{decision_id}": _decision_of_a_stranger,
    "strike_id": _strike,
    "appeal_id": _appeal,
    "version": _version,
    "upload_id": _resumable,
    "filter_id": _filter,
    "folder_id": _folder,
    "quoting_status_id": _word("1"),
    "keyword_id": _keyword,
    "row_id": _filtered_status,
    "handle": _username,
    "hashtag": _word("birds"),
    "name": _word("birds"),
    "announcement_id": _announcement,
    "/api/v1/announcements/{announcement_id}/reactions/{name}": _word("🐦"),
    "day": _word("2001-01-01"),
    "/api/v1/exports/{name}": _word("bookmarks.csv"),
    "import_id": _import,
    "media_id": _media,
    "archive_id": _archive,
    "session_id": _session_of,
    "app_id": _app_of,
    "passkey_id": _word("1"),
    "token": _word("made-up"),
    "picture": _word("1.png"),
    "/pictures/logos/{picture}": _word("512.png"),
    "/media/{media_id}": _shown_media,
    "/media/{media_id}/{file}": _word("original-1.jpg"),
    "tree": _word("hls-1"),
    "folder": _word("720p"),
    "file": _word("segment1.m4s"),
}
"""By a path parameter's name, or by the path up to it where the name alone does not tell what it is: something of the
caller's own, or that everybody may see. For an account: a stranger."""

ANOTHERS: Mapping[str, Thing] = {**OWN, "status_id": _kept_status, "poll_id": _kept_poll}
"""In the same way: what its owner keeps to themselves, if there is such a thing."""

BLOCKERS: Mapping[str, Thing] = {**OWN, "account_id": _account}
"""In the same way: what everybody may see but those whom its owner has blocked."""


async def path_to(cast: Cast, endpoint: Endpoint, things: Mapping[str, Thing], owner: Person) -> str:
    """The endpoint's path, its parameters leading to things of `owner`."""
    values: dict[str, str] = {}
    for name in (one.name for one in endpoint.path_parameters):
        known = things.get(endpoint.path.partition(f"{{{name}}}")[0] + f"{{{name}}}", things.get(name))
        assert known, f"{endpoint.path}: say in OWN of tests/api/authorization_cast.py how to make a {name}"
        if endpoint.method == "GET":
            if (known, owner.id) not in cast.read:
                cast.read[known, owner.id] = await known(cast, owner)
            values[name] = cast.read[known, owner.id]
        else:
            values[name] = await known(cast, owner)
    return endpoint.path.format_map(values)
