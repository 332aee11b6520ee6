"""Phones that are notified through Google or Apple: what they are sent, and what the services' answers lead to."""

from typing import Any

import pytest

from linnet.features.notifications.subscriptions.models import ALERTS
from linnet.platform.jobs.inline import run_pending
from linnet.reactions import JOBS
from linnet.roles.outgoing import apns_account, fcm_account
from linnet.settings import BadSetting, Settings
from phone_makers import KEY_ID, TEAM_ID, TOPIC, Apple, Google, pem, refusal
from web_server import Reply
from world import Person, World

PATH = "/api/v1/push/devices"
EVERYTHING = dict.fromkeys(ALERTS, True)
IPHONE = "00fc13adff785122b4ad28809a3420982341241421348097878e577c991de8f0"


async def registered(person: Person, platform: str, token: str, *, previews: bool = True, **data: Any) -> Any:
    """What a phone's app is told when it asks to be notified."""
    wanted = {"alerts": EVERYTHING, **data}
    return await person.do("POST", PATH, platform=platform, token=token, previews=previews, data=wanted)


async def waiting(world: World) -> int:
    return await world.engines.db.value("select count(*) from jobs where name = 'push.send'")


async def fate_of(person: Person) -> str:
    """What became of a message and its device: `gone` with it, or `waits`, or is lost and it `stays`."""
    if (await person.ask("GET", PATH)).status_code == 404:
        return "gone"
    return "waits" if await waiting(person.world) == 1 else "stays"


async def test_a_phone_hears_through_google(push_world: World, google: Google) -> None:
    alice, bob = await push_world.people("alice", "bob")
    told = await registered(bob, "fcm", "pixel:APA91")
    assert told == {
        "id": told["id"],
        "platform": "fcm",
        "previews": True,
        "alerts": EVERYTHING,
        "policy": "all",
    }
    await alice.post("@bob lunch?")
    await push_world.settle()
    (message,) = google.taken
    (notification,) = await bob.get("/api/v1/notifications")
    assert message["token"] == "pixel:APA91"
    assert message["notification"] == {"title": "alice mentioned you", "body": "@bob lunch?"}
    assert message["data"] == {
        "account_id": str(bob.id),
        "notification_id": notification["id"],
        "notification_type": "mention",
        "preferred_locale": "en",
        "icon": f"https://linnet.test/pictures/avatars/{alice.id}.png",
    }
    assert message["android"]["priority"] == "HIGH"
    assert 172_000 < int(message["android"]["ttl"].removesuffix("s")) <= 172_800


async def test_a_phone_hears_through_apple(push_world: World, apple: Apple) -> None:
    alice, bob = await push_world.people("alice", "bob")
    await registered(bob, "apns", IPHONE)
    await alice.post("@bob lunch?")
    await push_world.settle()
    (message,) = apple.taken
    (notification,) = await bob.get("/api/v1/notifications")
    assert message.device == IPHONE
    assert message.headers["apns-priority"] == "10"
    assert message.payload["aps"]["alert"] == {"title": "alice mentioned you", "body": "@bob lunch?"}
    assert message.payload["notification_id"] == notification["id"] == message.headers["apns-collapse-id"]


@pytest.mark.parametrize("platform", ["fcm", "apns"])
async def test_nobody_on_the_way_reads_tokens_or_unless_wanted_posts(
    push_world: World, google: Google, apple: Apple, platform: str
) -> None:
    alice, bob = await push_world.people("alice", "bob")
    await bob.follow(alice)
    await registered(bob, platform, IPHONE, previews=False)
    await alice.post("@bob a secret", visibility="direct")
    await push_world.settle()
    (sent,) = [str(one) for one in google.taken] + [str(one.payload) for one in apple.taken]
    assert "alice mentioned you" in sent
    assert "secret" not in sent
    assert bob.token not in sent


async def test_many_messages_to_apple_share_one_connection_and_one_ticket(push_world: World, apple: Apple) -> None:
    alice, bob = await push_world.people("alice", "bob")
    await registered(bob, "apns", IPHONE)
    before = apple.connections
    for number in range(40):
        await alice.post(f"@bob {number}")
    await push_world.settle()
    assert len(apple.taken) == 40
    assert apple.connections - before <= 1
    assert len(apple.tickets) == 1
    push_world.clock.move(minutes=50)
    await alice.post("@bob later")
    await push_world.settle()
    assert len(apple.tickets) == 2


async def test_google_is_asked_for_a_ticket_once_and_again_when_it_is_void(push_world: World, google: Google) -> None:
    alice, bob = await push_world.people("alice", "bob")
    await registered(bob, "fcm", "pixel")
    for number in range(30):
        await alice.post(f"@bob {number}")
    await push_world.settle()
    assert len(google.taken) == 30
    tickets = len(google.tickets)
    google.void.update(google.tickets)
    await alice.post("@bob once more")
    await push_world.settle()
    assert (len(google.taken), len(google.tickets), await waiting(push_world)) == (30, tickets, 1)
    await run_pending(push_world.engines, JOBS, ahead=True)
    assert (len(google.taken), len(google.tickets), await waiting(push_world)) == (31, tickets + 1, 0)
    push_world.clock.move(minutes=56)
    await alice.post("@bob an hour later")
    await push_world.settle()
    assert (len(google.taken), len(google.tickets)) == (32, tickets + 2)


@pytest.mark.parametrize(
    ("reply", "fate"),
    [
        (refusal(404, "NOT_FOUND", code="UNREGISTERED"), "gone"),
        (refusal(403, "PERMISSION_DENIED", code="SENDER_ID_MISMATCH"), "waits"),
        (refusal(404, "NOT_FOUND"), "waits"),
        (refusal(400, "INVALID_ARGUMENT", code="INVALID_ARGUMENT", field_="message.token"), "gone"),
        (refusal(400, "INVALID_ARGUMENT", code="INVALID_ARGUMENT"), "stays"),
        (refusal(403, "PERMISSION_DENIED"), "waits"),
        (refusal(429, "RESOURCE_EXHAUSTED", code="QUOTA_EXCEEDED", retry_after="60"), "waits"),
        (refusal(503, "UNAVAILABLE", code="UNAVAILABLE"), "waits"),
        (Reply(502, {}, b"<html>"), "waits"),
    ],
)
async def test_what_google_answers(
    push_world: World,
    google: Google,
    reply: Reply,
    fate: str,
) -> None:
    alice, bob = await push_world.people("alice", "bob")
    await registered(bob, "fcm", "pixel")
    google.replies["pixel"] = reply
    await alice.post("@bob")
    await push_world.settle()
    assert await fate_of(bob) == fate


@pytest.mark.parametrize(
    ("status", "told", "fate"),
    [
        (410, {"reason": "Unregistered", "timestamp": 4_000_000_000_000}, "gone"),
        (410, {"reason": "Unregistered", "timestamp": 1_000_000_000_000}, "stays"),
        (410, {"reason": "ExpiredToken"}, "gone"),
        (400, {"reason": "BadDeviceToken"}, "stays"),
        (400, {"reason": "DeviceTokenNotForTopic"}, "stays"),
        (400, {"reason": "PayloadEmpty"}, "stays"),
        (403, {"reason": "ExpiredProviderToken"}, "waits"),
        (413, {"reason": "PayloadTooLarge"}, "stays"),
        (429, {"reason": "TooManyRequests"}, "waits"),
        (500, {"reason": "InternalServerError"}, "waits"),
        (503, {"reason": "Shutdown"}, "waits"),
    ],
)
async def test_what_apple_answers(
    push_world: World,
    apple: Apple,
    status: int,
    told: dict[str, Any],
    fate: str,
) -> None:
    alice, bob = await push_world.people("alice", "bob")
    await registered(bob, "apns", IPHONE)
    apple.replies[IPHONE] = (status, told, {"retry-after": "30"})
    await alice.post("@bob")
    await push_world.settle()
    assert await fate_of(bob) == fate
    if fate == "waits":
        apple.replies.clear()
        await run_pending(push_world.engines, JOBS, ahead=True)
        assert len(apple.taken) == 1


async def test_a_device_is_seen_changed_and_removed_apart_from_web_push(push_world: World) -> None:
    bob = await push_world.person("bob")
    assert (await bob.ask("GET", PATH)).status_code == 404
    await registered(bob, "fcm", "pixel", policy="follower")
    assert (await bob.get(PATH))["policy"] == "follower"
    assert (await bob.ask("GET", "/api/v1/push/subscription")).status_code == 404
    assert (await bob.ask("PUT", "/api/v1/push/subscription", json={"data": {"policy": "all"}})).status_code == 404
    await bob.do("DELETE", "/api/v1/push/subscription")
    changed = await bob.do("PUT", PATH, data={"alerts": {"follow": True}, "policy": "all"})
    assert [kind for kind, wanted in changed["alerts"].items() if wanted] == ["follow"]
    await bob.do("DELETE", PATH)
    assert (await bob.ask("GET", PATH)).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {"platform": "fcm"},
        {"platform": "fcm", "token": ""},
        {"platform": "fcm", "token": "with blanks"},
        {"platform": "fcm", "token": "x" * 5000},
        {"platform": "apns", "token": "../../3/other"},
        {"platform": "wns", "token": "x"},
    ],
)
async def test_a_device_that_could_not_be_reached_is_refused(push_world: World, body: dict[str, str]) -> None:
    bob = await push_world.person("bob")
    assert (await bob.ask("POST", PATH, json=body)).status_code == 422


async def test_a_server_without_accounts_says_so(world: World) -> None:
    bob = await world.person("bob")
    for platform in ("fcm", "apns"):
        refused = await bob.ask("POST", PATH, json={"platform": platform, "token": "x"})
        assert (refused.status_code, "does not push through" in refused.json()["error"]) == (422, True)


def test_credentials_that_cannot_be_used_are_said_at_the_start(running_google: Google, running_apple: Apple) -> None:
    assert fcm_account(Settings(fcm_credentials=running_google.credentials)) is not None
    assert fcm_account(Settings()) is apns_account(Settings()) is None
    for bad in ("{}", "no json", running_google.credentials.replace("BEGIN", "END")):
        with pytest.raises(BadSetting) as refused:
            fcm_account(Settings(fcm_credentials=bad))
        assert bad not in refused.value.message
    with pytest.raises(BadSetting):
        apns_account(Settings(apns_key="no key", apns_key_id=KEY_ID, apns_team_id=TEAM_ID, apns_topic=TOPIC))
    with pytest.raises(BadSetting):
        apns_account(Settings(apns_key=pem(running_apple.key)))
