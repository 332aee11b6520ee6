"""Notifications by e-mail: to whom, about what, when, and how people have no more of it."""

import re
from datetime import timedelta
from email.message import EmailMessage

import pytest

from browser import Browser
from linnet.features.accounts import staff
from linnet.features.accounts.permissions import OPERATOR
from linnet.features.notifications.mailing.models import AWAY, COUNTED_MAX, KINDS, KINDS_DEFAULT, PAUSE
from linnet.features.sessions.last_seen import LastSeen
from linnet.platform.jobs.inline import run_pending
from linnet.push.mail import news
from linnet.push.mail.sending import Undelivered
from linnet.reactions import JOBS
from mail_server import MailServer, body
from world import PASSWORD, World

PREFERENCES = "/api/v1/emails/preferences"


async def pass_time(world: World, by: timedelta) -> None:
    """Let time go by, with what the scheduler does meanwhile."""
    world.clock.move(seconds=by.total_seconds())
    await news.collect(world.engines)
    await world.settle()


async def told(world: World) -> None:
    """Long enough for a letter about what has just happened."""
    await world.settle()
    await pass_time(world, AWAY + timedelta(minutes=1))


def unsubscribe_path(letter: EmailMessage) -> str:
    found = re.fullmatch(r"<https://linnet\.test(/mail/unsubscribe/[\w-]+)>", str(letter["List-Unsubscribe"]))
    assert found is not None
    return found[1]


async def test_who_is_away_gets_a_letter_about_what_they_were_told(mail_world: World, mailbox: MailServer) -> None:
    alice, bob, carol = await mail_world.people("alice", "bob", "carol")
    await alice.post("@bob are\nyou there? " + "x" * 200)
    await alice.post("@bob a secret", spoiler_text="About a film")
    await carol.follow(bob)
    await mail_world.settle()
    await pass_time(mail_world, AWAY - timedelta(minutes=1))
    assert mailbox.to("bob@example.org") == []
    await pass_time(mail_world, timedelta(minutes=2))
    (letter,) = mailbox.to("bob@example.org")
    assert letter["Subject"] == "3 notifications on Test server"
    for part in ("plain", "html"):
        text = " ".join(body(letter, part).split())
        assert text.index("carol (@carol) follows you.") < text.index("alice (@alice) mentioned you: “About a film”")
        assert "alice (@alice) mentioned you: “@bob are you there? xxx" in text
        assert "secret" not in text
        assert "https://linnet.test/settings/mail" in text
    assert mailbox.to("alice@example.org") == mailbox.to("carol@example.org") == []


async def test_a_letter_says_that_somebody_wrote_in_private_and_nothing_of_what(
    mail_world: World, mailbox: MailServer
) -> None:
    alice, bob = await mail_world.people("alice", "bob")
    await bob.follow(alice)
    await alice.post("@bob between us", visibility="direct")
    await told(mail_world)
    (letter,) = mailbox.to("bob@example.org")
    for part in ("plain", "html"):
        text = " ".join(body(letter, part).split())
        assert "alice (@alice) mentioned you" in text
        assert "between us" not in text


async def test_who_has_been_here_since_gets_none(mail_world: World, mailbox: MailServer) -> None:
    alice, bob = await mail_world.people("alice", "bob")
    await alice.post("@bob")
    await mail_world.settle()
    mail_world.clock.move(minutes=10)
    await bob.home()
    await mail_world.engines.config(LastSeen).write(mail_world.engines)
    await pass_time(mail_world, AWAY)
    assert mailbox.taken == []


async def test_who_has_read_it_elsewhere_gets_none(mail_world: World, mailbox: MailServer) -> None:
    alice, bob = await mail_world.people("alice", "bob")
    await alice.post("@bob")
    await mail_world.settle()
    (one,) = await bob.get("/api/v1/notifications")
    await bob.do("POST", "/api/v1/markers", notifications={"last_read_id": one["id"]})
    await pass_time(mail_world, AWAY + timedelta(minutes=1))
    assert mailbox.taken == []


async def test_letters_do_not_come_often(mail_world: World, mailbox: MailServer) -> None:
    alice, bob = await mail_world.people("alice", "bob")
    await alice.post("@bob one")
    await told(mail_world)
    await alice.post("@bob two")
    await told(mail_world)
    await alice.post("@bob three")
    await told(mail_world)
    assert len(mailbox.taken) == 1
    await pass_time(mail_world, PAUSE)
    assert len(mailbox.taken) == 2
    text = body(mailbox.taken[1])
    assert "two" in text
    assert "three" in text
    assert "one”" not in text
    assert bob.id


async def test_only_kinds_that_were_chosen_are_written_about(mail_world: World, mailbox: MailServer) -> None:
    alice, bob = await mail_world.people("alice", "bob")
    assert await bob.get(PREFERENCES) == {"kinds": {kind: kind in KINDS_DEFAULT for kind in KINDS}, "digest": "never"}
    post = await bob.post("Mine")
    await alice.mark("favourite", post)
    await told(mail_world)
    assert mailbox.taken == []
    changed = await bob.do("PATCH", PREFERENCES, kinds={"favourite": True, "mention": False, "nonsense": True})
    wanted = (KINDS_DEFAULT | {"favourite"}) - {"mention"}
    assert changed == {"kinds": {kind: kind in wanted for kind in KINDS}, "digest": "never"}
    assert await bob.get(PREFERENCES) == changed
    await alice.mark("favourite", await bob.post("Another"))
    await alice.post("@bob not about this")
    await told(mail_world)
    (letter,) = mailbox.taken
    assert letter["Subject"] == "You were told something on Test server"
    assert "alice (@alice) favourited your post: “Another”" in " ".join(body(letter).split())
    assert "not about this" not in body(letter)


async def test_nothing_is_written_of_what_may_not_be_seen_or_heard_of_any_more(
    mail_world: World, mailbox: MailServer
) -> None:
    alice, bob, carol, dave, erin = await mail_world.people("alice", "bob", "carol", "dave", "erin")
    deleted = await alice.post("@bob never mind")
    for person in (carol, dave, erin):
        await person.post("@bob hello")
    await mail_world.settle()
    await alice.do("DELETE", f"/api/v1/statuses/{deleted['id']}")
    await dave.relate("block", bob)
    await mail_world.suspend(erin)
    at = mail_world.clock.ahead
    await bob.relate("mute", carol)
    mail_world.clock.ahead = at
    await pass_time(mail_world, AWAY + timedelta(minutes=1))
    assert mailbox.taken == []


async def test_filters_for_notifications_hold_for_letters(mail_world: World, mailbox: MailServer) -> None:
    alice, bob = await mail_world.people("alice", "bob")
    for action, word in (("hide", "spiders"), ("warn", "snakes")):
        made = {"title": action, "context": ["notifications"], "filter_action": action}
        await bob.do("POST", "/api/v2/filters", **made, keywords_attributes=[{"keyword": word}])
    for word in ("spiders", "snakes", "birds"):
        await alice.post(f"@bob {word}")
    await told(mail_world)
    (letter,) = mailbox.taken
    assert letter["Subject"] == "2 notifications on Test server"
    assert "birds" in body(letter)
    assert "snakes" not in body(letter)
    assert "spiders" not in body(letter)


async def test_only_confirmed_members_who_may_sign_in_get_letters(mail_world: World, mailbox: MailServer) -> None:
    alice, bob, carol, dave = await mail_world.people("alice", "bob", "carol", "dave")
    await mail_world.engines.db.execute("update users set confirmed_at = null where account_id = $1", bob.id)
    await alice.post("@bob @carol @dave")
    await mail_world.settle()
    await staff.lock(mail_world.engines, OPERATOR, carol.id)
    await mail_world.suspend(dave)
    await staff.delete(mail_world.engines, OPERATOR, dave.id)
    await mail_world.settle()
    mailbox.empty()
    await pass_time(mail_world, AWAY + timedelta(minutes=1))
    assert mailbox.to("bob@example.org") == mailbox.to("dave@example.org") == []
    assert await mail_world.engines.db.value("select count(*) from mail_news where account_id = $1", dave.id) == 0


async def test_a_long_list_is_cut_and_counted(mail_world: World, mailbox: MailServer) -> None:
    alice, bob = await mail_world.people("alice", "bob")
    for number in range(13):
        await alice.post(f"@bob number {number}")
    await told(mail_world)
    (letter,) = mailbox.taken
    assert letter["Subject"] == "13 notifications on Test server"
    assert "And 3 more." in body(letter)
    assert body(letter).count("mentioned you") == 10
    assert bob.id
    assert COUNTED_MAX > 13


async def test_a_mailbox_ends_letters_with_one_click_and_without_signing_in(
    mail_world: World, mailbox: MailServer
) -> None:
    alice, bob = await mail_world.people("alice", "bob")
    await alice.post("@bob")
    await told(mail_world)
    (letter,) = mailbox.taken
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = unsubscribe_path(letter)
    assert f"https://linnet.test{path}" in body(letter)
    assert f'href="https://linnet.test{path}"' in body(letter, "html")
    looked = await mail_world.get(path)
    assert (looked.status_code, "No more letters about notifications" in looked.text) == (200, True)
    assert (await bob.get(PREFERENCES))["kinds"]["mention"]
    for _ in range(2):
        clicked = await mail_world.client.post(
            path,
            content="List-Unsubscribe=One-Click",
            headers={"Content-Type": "application/x-www-form-urlencoded", "Origin": "https://mail.example"},
        )
        assert (clicked.status_code, "no more letters about notifications" in clicked.text) == (200, True)
    assert not any((await bob.get(PREFERENCES))["kinds"].values())
    await alice.post("@bob more")
    await told(mail_world)
    assert len(mailbox.taken) == 1


async def test_a_link_that_was_cut_or_made_up_ends_nothing(mail_world: World, mailbox: MailServer) -> None:
    alice, bob = await mail_world.people("alice", "bob")
    await alice.post("@bob")
    await told(mail_world)
    path = unsubscribe_path(mailbox.taken[0])
    token = path.rpartition("/")[2]
    flipped = token[:8] + ("B" if token[8] == "A" else "A") + token[9:]
    for bad in (token[:-1], token + "A", flipped, "", "x", "é", "A" * 34):
        for method in ("GET", "POST"):
            answer = await mail_world.client.request(method, f"/mail/unsubscribe/{bad}")
            assert answer.status_code == 404, bad
    assert (await bob.get(PREFERENCES))["kinds"]["mention"]


async def test_a_digest_comes_daily_or_weekly_with_what_was_not_read(mail_world: World, mailbox: MailServer) -> None:
    alice, bob = await mail_world.people("alice", "bob")
    post = await bob.post("Mine")
    await bob.do("PATCH", PREFERENCES, kinds={"mention": False}, digest="daily")
    await alice.mark("favourite", post)
    await alice.post("@bob hello")
    await mail_world.settle()
    await pass_time(mail_world, timedelta(hours=23))
    assert mailbox.taken == []
    await pass_time(mail_world, timedelta(hours=2))
    (letter,) = mailbox.taken
    assert letter["Subject"] == "What you missed on Test server"
    assert "favourited your post: “Mine”" in body(letter)
    assert "mentioned you: “@bob hello”" in body(letter)
    await pass_time(mail_world, timedelta(hours=25))
    assert len(mailbox.taken) == 1, "nothing new, no letter"
    await bob.do("PATCH", PREFERENCES, digest="weekly")
    await alice.post("@bob again")
    await mail_world.settle()
    await pass_time(mail_world, timedelta(days=6))
    assert len(mailbox.taken) == 1
    await pass_time(mail_world, timedelta(days=2))
    assert "again" in body(mailbox.taken[1])
    assert "hello" not in body(mailbox.taken[1])
    await mail_world.client.post(unsubscribe_path(mailbox.taken[1]))
    assert await bob.get(PREFERENCES) == await bob.do("PATCH", PREFERENCES)
    assert (await bob.get(PREFERENCES))["digest"] == "never"
    assert (await bob.get(PREFERENCES))["kinds"]["follow"]


async def test_a_server_that_is_away_gets_the_letter_later(mail_world: World, mailbox: MailServer) -> None:
    alice, bob = await mail_world.people("alice", "bob")
    await alice.post("@bob")
    await mail_world.settle()
    mail_world.clock.move(seconds=AWAY.total_seconds() + 60)
    await news.collect(mail_world.engines)
    mailbox.refusals["DATA"] = "451 later"
    with pytest.raises(Undelivered):
        await mail_world.settle()
    mailbox.refusals.clear()
    await run_pending(mail_world.engines, JOBS, ahead=True)
    assert len(mailbox.to("bob@example.org")) == 1
    assert bob.id


async def test_without_a_mail_server_nothing_is_noted(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    await alice.post("@bob")
    await world.settle(periodics=True)
    assert await world.engines.db.value("select count(*) from mail_news") == 0
    assert bob.id


async def test_noting_a_batch_costs_one_statement(mail_world: World) -> None:
    alice, bob, carol = await mail_world.people("alice", "bob", "carol")
    for number in range(10):
        await alice.post(f"@bob @carol {number}")
    await run_pending(mail_world.engines, [job for job in JOBS if job is not news.NOTE])
    rows = await mail_world.engines.db.rows("select id, account_id from notifications order by id")
    works = [news.NOTE.work(notification_ids=(row["id"],), account_ids=(row["account_id"],)) for row in rows]
    async with mail_world.counting_statements() as counted:
        await news.NOTE.run(mail_world.engines, works)
    assert (len(rows), counted.number) == (20, 1)
    firsts = await mail_world.engines.db.rows("select account_id, first_id from mail_news")
    assert {row["account_id"]: row["first_id"] for row in firsts} == {
        bob.id: min(row["id"] for row in rows if row["account_id"] == bob.id),
        carol.id: min(row["id"] for row in rows if row["account_id"] == carol.id),
    }


def ticked(page: Browser) -> set[str]:
    return {str(box["value"]) for box in page.page.select("input[checked]")}


async def test_people_choose_in_a_browser(mail_world: World) -> None:
    bob = await mail_world.person("bob")
    browser = await Browser(mail_world).open("/settings/mail")
    assert "/signin" in str(browser.answer.url)
    await browser.submit("/signin", identifier="bob", password=PASSWORD)
    await browser.open("/settings/mail")
    assert ticked(browser) == {*KINDS_DEFAULT, "never"}
    assert {str(box["value"]) for box in browser.page.select("input[type=checkbox]")} == set(KINDS)
    await browser.submit("/settings/mail", **{"kinds[]": "favourite", "digest": "weekly"})
    assert ticked(browser) == {"favourite", "weekly"}
    assert "Saved." in browser.text
    chosen = await bob.get(PREFERENCES)
    assert [kind for kind, wanted in chosen["kinds"].items() if wanted] == ["favourite"]
    assert chosen["digest"] == "weekly"
    forged = await browser.client.post("/settings/mail", data={"form_token": "x", "digest": "never"})
    assert forged.status_code == 403
