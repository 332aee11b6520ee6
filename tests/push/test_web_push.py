"""Web Push: what an app subscribes to, what arrives there, and what never does."""

import asyncio
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key

from linnet.features.accounts import staff
from linnet.features.accounts.permissions import OPERATOR
from linnet.features.notifications.subscriptions.jobs import FAILING_MAX
from linnet.features.notifications.subscriptions.models import ALERTS
from linnet.features.sessions.apps import create_token
from linnet.platform.jobs.inline import run_pending
from linnet.push.jobs import ATTEMPTS_MAX, TTL
from linnet.push.messages import SENTENCES
from linnet.push.web import sending
from linnet.push.web.encryption import PLAIN_BYTES_MAX
from linnet.push.web.resting import LONGEST_S, Resting
from linnet.reactions import JOBS
from push_service import PushService, Receiver, unb64
from web_server import Heard, Reply, serving_with, web_server
from world import SCOPES, Person, World

PATH = "/api/v1/push/subscription"
EVERYTHING = dict.fromkeys(ALERTS, True)


async def subscribed(
    person: Person, service: PushService, *, standard: bool = True, alerts: Any = EVERYTHING, **data: Any
) -> Receiver:
    """An app of theirs that gets pushes."""
    receiver = service.receiver(standard=standard)
    told = await person.do("POST", PATH, subscription=receiver.subscription, data={"alerts": alerts, **data})
    receiver.server_key = told["server_key"]
    return receiver


async def waiting_s(world: World) -> list[float]:
    """In how many seconds each message is tried again."""
    rows = await world.engines.db.rows(
        "select extract(epoch from run_at - now())::float8 as s from jobs where name = 'push.send'"
    )
    return [row["s"] for row in rows]


@pytest.mark.parametrize("encoding", ["aes128gcm", "aesgcm"])
async def test_a_mention_arrives_at_the_app_which_alone_can_read_it(
    push_world: World, service: PushService, encoding: str
) -> None:
    alice, bob = await push_world.people("alice", "bob")
    phone = await subscribed(bob, service, standard=encoding == "aes128gcm")
    await alice.post("Hello @bob, here is\n\na letter from the café " + "x" * 300)
    await push_world.settle()
    (arrived,) = service.arrived
    assert service.server.heard[0].headers["content-encoding"] == encoding
    (told,) = await bob.get("/api/v1/notifications")
    assert arrived.receiver is phone
    body = arrived.message.pop("body")
    assert arrived.message == {
        "access_token": bob.token,
        "preferred_locale": "en",
        "notification_id": int(told["id"]),
        "notification_type": "mention",
        "icon": f"https://linnet.test/pictures/avatars/{alice.id}.png",
        "title": "alice mentioned you",
    }
    assert body.startswith("Hello @bob, here is a letter from the café xxx")
    assert (len(body), body[-1]) == (140, "…")
    assert 172_000 < arrived.ttl_s <= 172_800
    assert (arrived.urgency, arrived.subject) == ("high", "https://linnet.test")


async def test_a_browser_that_rounds_the_id_finds_the_notification_all_the_same(
    push_world: World, service: PushService
) -> None:
    """The id is a number, as apps for phones decode it; a browser holds 53 bits of one, and writes 17 digits down."""
    alice, bob = await push_world.people("alice", "bob")
    phone = await subscribed(bob, service)
    for number in range(5):
        await alice.post(f"@bob {number}")
    await push_world.settle()
    listed = [one["id"] for one in await bob.get("/api/v1/notifications")]
    for message in service.messages(phone):
        exact = str(message["notification_id"])
        rounded = str(int(Decimal(repr(float(message["notification_id"])))))
        assert (await bob.get(f"/api/v1/notifications/{exact}"))["id"] == exact
        found = (await bob.get(f"/api/v1/notifications/{rounded}"))["id"]
        assert found in listed
        assert float(found) == float(exact)
        assert (await alice.ask("GET", f"/api/v1/notifications/{rounded}")).status_code == 404
    for no_id in ("0", "1", str(2**63 - 1), str(int(listed[0]) + 40)):
        assert (await bob.ask("GET", f"/api/v1/notifications/{no_id}")).status_code == 404


async def test_the_key_to_subscribe_with_is_told_wherever_apps_look(push_world: World, service: PushService) -> None:
    bob = await push_world.person("bob")
    phone = await subscribed(bob, service)
    instance = (await push_world.get("/api/v2/instance")).json()
    app = await push_world.client.post("/api/v1/apps", json={"client_name": "a", "redirect_uris": "https://a.test/"})
    assert instance["configuration"]["vapid"]["public_key"] == app.json()["vapid_key"] == phone.server_key
    assert (len(unb64(phone.server_key)), unb64(phone.server_key)[0]) == (65, 4)


async def test_an_app_sees_changes_and_ends_its_subscription(push_world: World, service: PushService) -> None:
    bob = await push_world.person("bob")
    assert (await bob.ask("GET", PATH)).status_code == 404
    assert (await bob.ask("PUT", PATH, json={"data": {"alerts": {"mention": True}}})).status_code == 404
    phone = await subscribed(bob, service, alerts={"mention": True, "nonsense": True}, policy="followed")
    first = await bob.get(PATH)
    assert first == {
        "id": first["id"],
        "endpoint": phone.endpoint,
        "standard": True,
        "alerts": {**dict.fromkeys(ALERTS, False), "mention": True},
        "policy": "followed",
        "server_key": phone.server_key,
    }
    form = "data[alerts][follow]=1&data[alerts][admin.sign_up]=true&data[alerts][poll]=0&data[policy]=follower"
    changed = await bob.ask("PUT", PATH, content=form, headers={"Content-Type": "application/x-www-form-urlencoded"})
    wanted = {**dict.fromkeys(ALERTS, False), "follow": True, "admin.sign_up": True}
    assert changed.json() == {**first, "alerts": wanted, "policy": "follower"}
    assert await bob.get(PATH) == changed.json()
    assert await bob.do("DELETE", PATH) == {}
    assert await bob.do("DELETE", PATH) == {}
    assert (await bob.ask("GET", PATH)).status_code == 404


async def test_each_token_has_one_subscription_of_its_own(push_world: World, service: PushService) -> None:
    alice, bob = await push_world.people("alice", "bob")
    tablet = Person(push_world, bob.id, "bob", (await create_token(push_world.engines, bob.id, SCOPES)).token)
    await subscribed(bob, service)
    newer = await subscribed(bob, service)
    other = await subscribed(tablet, service)
    assert (await bob.get(PATH))["endpoint"] == newer.endpoint
    assert (await tablet.get(PATH))["endpoint"] == other.endpoint
    await alice.post("@bob!")
    await push_world.settle()
    assert {one.receiver.endpoint: one.message["access_token"] for one in service.arrived} == {
        newer.endpoint: bob.token,
        other.endpoint: tablet.token,
    }


async def test_an_app_that_signs_in_anew_is_not_told_twice(push_world: World, service: PushService) -> None:
    alice, bob = await push_world.people("alice", "bob")
    phone = await subscribed(bob, service)
    again = Person(push_world, bob.id, "bob", (await create_token(push_world.engines, bob.id, SCOPES)).token)
    await again.do("POST", PATH, subscription=phone.subscription, data={"alerts": EVERYTHING})
    await alice.post("@bob!")
    await push_world.settle()
    assert [one["access_token"] for one in service.messages(phone)] == [again.token]


async def test_apps_that_subscribe_at_the_same_moment_do_not_hinder_each_other(
    push_world: World, service: PushService
) -> None:
    bob = await push_world.person("bob")
    tokens = [(await create_token(push_world.engines, bob.id, SCOPES)).token for _ in range(4)]
    phone = service.receiver()
    asked = [
        Person(push_world, bob.id, "bob", token).ask("POST", PATH, json={"subscription": phone.subscription})
        for token in tokens * 5
    ]
    assert {answer.status_code for answer in await asyncio.gather(*asked)} == {200}
    assert await push_world.engines.db.value("select count(*) from push_subscriptions") == 1


async def test_only_what_was_asked_for_is_pushed(push_world: World, service: PushService) -> None:
    alice, bob = await push_world.people("alice", "bob")
    phone = await subscribed(bob, service, alerts={"favourite": True})
    post = await bob.post("Mine")
    await alice.follow(bob)
    await alice.post("@bob")
    await alice.mark("favourite", post)
    await alice.mark("reblog", post)
    await push_world.settle()
    (message,) = service.messages(phone)
    assert (message["notification_type"], message["title"], message["body"]) == (
        "favourite",
        "alice favourited your post",
        "Mine",
    )
    assert len(await bob.get("/api/v1/notifications")) == 4


@pytest.mark.parametrize(
    ("policy", "heard"),
    [
        ("all", {"friend", "fan", "stranger"}),
        ("followed", {"friend"}),
        ("follower", {"fan"}),
        ("none", set[str]()),
    ],
)
async def test_a_policy_says_whose_doings_are_pushed(
    push_world: World, service: PushService, policy: str, heard: set[str]
) -> None:
    bob, friend, fan, stranger = await push_world.people("bob", "friend", "fan", "stranger")
    await bob.follow(friend)
    await fan.follow(bob)
    await push_world.settle()
    phone = await subscribed(bob, service, policy=policy)
    for person in (friend, fan, stranger):
        await person.post("@bob")
    await push_world.settle()
    assert {one["title"].split()[0] for one in service.messages(phone)} == heard


async def test_a_content_warning_stands_for_the_post(push_world: World, service: PushService) -> None:
    alice, bob = await push_world.people("alice", "bob")
    phone = await subscribed(bob, service)
    await alice.post("@bob they all live", spoiler_text="The end of the film")
    await push_world.settle()
    assert service.messages(phone)[0]["body"] == "The end of the film"


async def test_nothing_is_pushed_that_its_recipient_may_not_see_or_hear_of_any_more(
    push_world: World, service: PushService
) -> None:
    """Between being told and being pushed things change: each of these is only decided when the message goes out."""
    alice, bob, carol, dave, erin = await push_world.people("alice", "bob", "carol", "dave", "erin")
    phone = await subscribed(bob, service)
    deleted = await alice.post("@bob never mind")
    for person in (carol, dave, erin):
        await person.post("@bob hello")
    choosing = [job for job in JOBS if job.queue != "push"]
    await run_pending(push_world.engines, choosing)
    assert len(await bob.get("/api/v1/notifications")) == 4
    await alice.do("DELETE", f"/api/v1/statuses/{deleted['id']}")
    await bob.relate("mute", carol)
    await dave.relate("block", bob)
    await push_world.suspend(erin)
    await push_world.settle()
    assert service.messages(phone) == []
    assert service.server.heard == []


async def test_muted_and_blocked_people_and_threads_push_nothing(push_world: World, service: PushService) -> None:
    alice, bob, carol = await push_world.people("alice", "bob", "carol")
    phone = await subscribed(bob, service)
    thread = await bob.post("A thread")
    await bob.mark("mute", thread)
    await bob.relate("mute", alice)
    await bob.relate("block", carol)
    dave = await push_world.person("dave")
    await alice.post("@bob")
    await alice.mark("favourite", thread)
    await dave.post("@bob", in_reply_to_id=thread["id"])
    await push_world.settle()
    assert service.messages(phone) == []


async def test_filters_for_notifications_hold_for_pushes(push_world: World, service: PushService) -> None:
    alice, bob, carol = await push_world.people("alice", "bob", "carol")
    phones = [await subscribed(person, service) for person in (bob, carol)]
    hiding = {"title": "a", "context": ["notifications"], "filter_action": "hide"}
    warning = {"title": "b", "context": ["notifications"], "filter_action": "warn"}
    elsewhere = {"title": "c", "context": ["home"], "filter_action": "hide"}
    for body, word in ((hiding, "spiders"), (warning, "snakes"), (elsewhere, "birds")):
        await bob.do("POST", "/api/v2/filters", **body, keywords_attributes=[{"keyword": word}])
    for word in ("spiders", "snakes", "birds"):
        await alice.post(f"@bob @carol {word}")
    await bob.post("My spiders")
    await push_world.settle()
    assert sorted(one["body"] for one in service.messages(phones[0])) == ["", "@bob @carol birds"]
    assert len(service.messages(phones[1])) == 3
    assert carol.id


async def test_a_subscription_is_gone_with_its_token(push_world: World, service: PushService) -> None:
    alice, bob, carol = await push_world.people("alice", "bob", "carol")
    await subscribed(bob, service)
    await subscribed(carol, service)
    await alice.post("@bob @carol")
    await run_pending(push_world.engines, [job for job in JOBS if job.name != "push.send"])
    await push_world.engines.db.execute("update oauth_tokens set revoked_at = now() where account_id = $1", bob.id)
    await push_world.suspend(carol)
    await push_world.settle(periodics=True)
    assert service.server.heard == []
    left = await push_world.engines.db.rows("select account_id from push_subscriptions")
    assert [row["account_id"] for row in left] == []


async def test_a_deleted_account_leaves_no_subscription(push_world: World, service: PushService) -> None:
    bob = await push_world.person("bob")
    await subscribed(bob, service)
    await push_world.suspend(bob)
    await staff.delete(push_world.engines, OPERATOR, bob.id)
    await push_world.settle()
    assert await push_world.engines.db.value("select count(*) from push_subscriptions") == 0


@pytest.mark.parametrize("status", [404, 410])
async def test_where_nobody_is_any_more_nothing_is_sent_again(
    push_world: World, service: PushService, status: int
) -> None:
    alice, bob = await push_world.people("alice", "bob")
    phone = await subscribed(bob, service)
    service.replies[phone.endpoint.removeprefix(service.origin)] = Reply(status)
    await alice.post("@bob")
    await push_world.settle()
    assert (await bob.ask("GET", PATH)).status_code == 404
    await alice.post("@bob again")
    await push_world.settle()
    assert len(service.server.heard) == 1


@pytest.mark.parametrize(
    ("reply", "least_s", "most_s"),
    [
        (Reply(429, {"Retry-After": "120"}), 115, 121),
        (Reply(503, {"Retry-After": "1"}), 10, 16),
        (Reply(500), 10, 16),
        (Reply(503, {"Retry-After": "99999999"}), 21_500, 21_601),
        (Reply(429, {"Retry-After": "soon"}), 10, 16),
    ],
)
async def test_a_service_that_is_busy_is_asked_again_when_it_says(
    push_world: World, service: PushService, reply: Reply, least_s: float, most_s: float
) -> None:
    alice, bob = await push_world.people("alice", "bob")
    phone = await subscribed(bob, service)
    path = phone.endpoint.removeprefix(service.origin)
    service.replies[path] = reply
    await alice.post("@bob")
    await push_world.settle()
    (wait_s,) = await waiting_s(push_world)
    assert least_s < wait_s < most_s
    service.replies.clear()
    await run_pending(push_world.engines, JOBS, ahead=True)
    assert [one["body"] for one in service.messages(phone)] == ["@bob"]
    assert await waiting_s(push_world) == []


async def test_a_service_that_does_not_answer_is_left_alone_for_a_while_and_others_are_not(
    push_world: World, service: PushService, certified: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "TIMEOUT_S", 1.0)

    async def hold(_: Heard) -> Reply:
        await asyncio.sleep(30)
        return Reply()

    alice, bob, carol = await push_world.people("alice", "bob", "carol")
    phone = await subscribed(carol, service)
    async with web_server(hold, tls=serving_with(certified)) as silent:
        there = service.receiver().subscription | {"endpoint": f"https://127.0.0.1:{silent.port}/push"}
        await bob.do("POST", PATH, subscription=there, data={"alerts": EVERYTHING})
        for number in range(3):
            await alice.post(f"@bob @carol {number}")
            await push_world.settle()
        assert len(silent.heard) == 1
        assert len(service.messages(phone)) == 3
        waits_s = await waiting_s(push_world)
        assert len(waits_s) == 3
        assert sorted(waits_s)[1] > 20, "those that came later wait for as long as it rests"
        push_world.clock.move(seconds=31)
        await run_pending(push_world.engines, JOBS, ahead=True)
        assert 1 < len(silent.heard) <= 4


async def test_waits_double_and_end(push_world: World, service: PushService) -> None:
    alice, bob = await push_world.people("alice", "bob")
    phone = await subscribed(bob, service)
    service.replies[phone.endpoint.removeprefix(service.origin)] = Reply(500)
    await alice.post("@bob")
    await push_world.settle()
    (first_s,) = await waiting_s(push_world)
    await run_pending(push_world.engines, JOBS, ahead=True)
    assert first_s < 16
    assert len(service.server.heard) == ATTEMPTS_MAX
    since = await push_world.engines.db.value("select failing_since from push_subscriptions")
    assert since is not None
    push_world.clock.move(seconds=FAILING_MAX.total_seconds() - 60)
    await push_world.settle(periodics=True)
    assert (await bob.ask("GET", PATH)).status_code == 200
    push_world.clock.move(minutes=2)
    await push_world.settle(periodics=True)
    assert (await bob.ask("GET", PATH)).status_code == 404


@pytest.mark.parametrize("status", [400, 401, 403, 413, 301])
async def test_a_message_that_is_refused_is_dropped_and_the_next_that_is_taken_puts_all_right(
    push_world: World, service: PushService, status: int
) -> None:
    alice, bob = await push_world.people("alice", "bob")
    phone = await subscribed(bob, service)
    service.replies[phone.endpoint.removeprefix(service.origin)] = Reply(status)
    await alice.post("@bob one")
    await push_world.settle()
    assert await push_world.engines.db.value("select failing_since is not null from push_subscriptions")
    service.replies.clear()
    await alice.post("@bob two")
    await push_world.settle()
    assert [one["body"] for one in service.messages(phone)] == ["@bob two"]
    assert await push_world.engines.db.value("select failing_since is null from push_subscriptions")


async def test_what_is_old_is_not_pushed(push_world: World, service: PushService) -> None:
    alice, bob = await push_world.people("alice", "bob")
    await subscribed(bob, service)
    await alice.post("@bob")
    await run_pending(push_world.engines, [job for job in JOBS if job.name != "push.send"])
    push_world.clock.move(seconds=TTL.total_seconds() + 60)
    await push_world.settle()
    assert service.server.heard == []


async def test_what_would_be_old_by_the_next_try_is_given_up(push_world: World, service: PushService) -> None:
    alice, bob = await push_world.people("alice", "bob")
    phone = await subscribed(bob, service)
    service.replies[phone.endpoint.removeprefix(service.origin)] = Reply(503, {"Retry-After": "600"})
    await alice.post("@bob")
    await run_pending(push_world.engines, [job for job in JOBS if job.name != "push.send"])
    aged = TTL - timedelta(minutes=5)
    await push_world.engines.db.execute("update notifications set created_at = created_at - $1::interval", aged)
    await push_world.settle()
    assert len(service.server.heard) == 1
    assert await waiting_s(push_world) == []
    assert await push_world.engines.db.value("select failing_since is not null from push_subscriptions")


@pytest.mark.parametrize("host", ["127.0.0.2", "169.254.169.254", "[::1]", "10.0.0.1"])
async def test_an_endpoint_in_a_private_network_is_never_asked(
    push_world: World, service: PushService, host: str
) -> None:
    alice, bob = await push_world.people("alice", "bob")
    subscription = service.receiver().subscription | {"endpoint": f"https://{host}:{service.server.port}/push/0"}
    await bob.do("POST", PATH, subscription=subscription, data={"alerts": EVERYTHING})
    await alice.post("@bob")
    await push_world.settle()
    assert await push_world.engines.db.value("select failing_since is not null from push_subscriptions")
    assert service.server.heard == []


@pytest.mark.parametrize(
    "change",
    [
        {"endpoint": ""},
        {"endpoint": "not a url"},
        {"endpoint": "ftp://push.test/"},
        {"endpoint": "https://user:word@push.test/"},
        {"endpoint": "https://push.test/" + "x" * 3000},
        {"keys": {"p256dh": "", "auth": ""}},
        {"keys": {"p256dh": "AAAA", "auth": "AAAA"}},
        {"keys": {"p256dh": "!", "auth": "?"}},
        {"keys": "none"},
    ],
)
async def test_a_subscription_that_could_not_work_is_refused(
    push_world: World, service: PushService, change: dict[str, Any]
) -> None:
    bob = await push_world.person("bob")
    refused = await bob.ask("POST", PATH, json={"subscription": service.receiver().subscription | change})
    assert refused.status_code == 422
    assert "Validation failed" in refused.json()["error"]
    assert (await bob.ask("POST", PATH, json={})).status_code == 422


async def test_who_knows_the_database_knows_no_token(push_world: World, service: PushService) -> None:
    bob = await push_world.person("bob")
    await subscribed(bob, service)
    row = await push_world.engines.db.row("select push_subscriptions::text as whole, token_box from push_subscriptions")
    assert row is not None
    assert bob.token not in row["whole"]
    assert bob.token.encode() not in row["token_box"]


async def test_where_nobody_subscribed_a_batch_of_notifications_costs_one_statement(push_world: World) -> None:
    alice, bob, carol = await push_world.people("alice", "bob", "carol")
    for number in range(10):
        await alice.post(f"@bob @carol {number}")
    await run_pending(push_world.engines, [job for job in JOBS if job.queue != "push"])
    choose = next(job for job in JOBS if job.name == "push.choose")
    rows = await push_world.engines.db.rows("select id, account_id from notifications")
    async with push_world.counting_statements() as counted:
        await choose.run(
            push_world.engines,
            [choose.work(notification_ids=(row["id"],), account_ids=(row["account_id"],)) for row in rows],
        )
    assert (len(rows), counted.number) == (20, 1)
    assert {bob.id, carol.id} == {row["account_id"] for row in rows}


async def test_a_batch_of_messages_costs_the_same_number_of_statements_whatever_its_size(
    push_world: World, service: PushService
) -> None:
    alice, bob = await push_world.people("alice", "bob")
    await subscribed(bob, service)
    send = next(job for job in JOBS if job.name == "push.send")
    numbers: list[int] = []
    for posts in (1, 12):
        await push_world.engines.db.execute("delete from notifications")
        for number in range(posts):
            await alice.post(f"@bob {number}")
        await run_pending(push_world.engines, [job for job in JOBS if job.queue != "push"])
        rows = await push_world.engines.db.rows(
            "select p.id as subscription_id, n.id as notification_id from push_subscriptions p, notifications n"
        )
        async with push_world.counting_statements() as counted:
            await send.run(push_world.engines, [send.work(**dict(row)) for row in rows])
        numbers.append(counted.number)
        await push_world.engines.db.execute("delete from jobs")
    assert len(service.arrived) == 13
    assert numbers[0] == numbers[1] <= 5


def test_every_kind_that_can_be_pushed_has_a_sentence() -> None:
    assert set(SENTENCES) == {*ALERTS, "moderation_warning"}, "that one is pushed unasked"
    assert PLAIN_BYTES_MAX + 103 <= 4096


def test_the_receiver_of_these_tests_reads_the_example_of_the_standard() -> None:
    """RFC 8291, 5: so what it cannot read, no app can."""
    private = int.from_bytes(unb64("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"), "big")
    receiver = Receiver(
        "", standard=True, key=derive_private_key(private, SECP256R1()), secret=unb64("BTBZMqHH6r4Tts7J_aSIgg")
    )
    body = unb64(
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl"
        "7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )
    assert receiver.read(body, {"content-encoding": "aes128gcm"}) == b"When I grow up, I want to be a watermelon"


def test_a_silent_service_rests_longer_each_time_until_it_answers() -> None:
    resting = Resting()
    now_s, rests_s = 1_000.0, list[float]()
    for _ in range(7):
        resting.silent("https://a", now_s)
        resting.silent("https://a", now_s + 1)
        rests_s.append(resting.left_s("https://a", now_s))
        now_s += rests_s[-1]
        assert resting.left_s("https://a", now_s) == 0
    assert rests_s == [30, 60, 120, 240, 480, LONGEST_S, LONGEST_S]
    resting.answered("https://a")
    resting.silent("https://a", now_s)
    assert resting.left_s("https://a", now_s) == 30
    assert resting.left_s("https://b", now_s) == 0


async def test_a_message_is_pushed_to_whom_it_is_for_while_it_is_there(push_world: World, service: PushService) -> None:
    alice, bob = await push_world.people("alice", "bob")
    await bob.follow(alice)
    await push_world.settle()
    await subscribed(bob, service)
    await alice.post("Between us, @bob", visibility="direct")
    await push_world.settle()
    (arrived,) = service.arrived
    assert arrived.message["body"].startswith("Between us")
    again = await alice.post("and again @bob", visibility="direct")
    await alice.do("DELETE", f"/api/v1/statuses/{again['id']}")
    await push_world.settle()
    assert len(service.arrived) == 1
