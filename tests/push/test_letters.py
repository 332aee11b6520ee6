"""Letters get to people whole, once it is possible and not too often; what they carry opens one door, once."""

import re
import ssl
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.headerregistry import Address
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest
import structlog

from linnet.features.accounts import proofs
from linnet.features.accounts.events import DeletionDone, PasswordChanged, PasswordResetAsked, SignupApproved
from linnet.features.accounts.proofs import Purpose
from linnet.features.sessions.events import DeviceSeen, RefreshTokenReused, SignInsLocked
from linnet.features.sessions.factors.events import FactorsChanged
from linnet.platform.engines import Engines
from linnet.platform.jobs import Event
from linnet.platform.jobs.inline import run_pending
from linnet.platform.site import Site
from linnet.push.mail import delivery
from linnet.push.mail.jobs import FACTOR_NEWS, FORGET_LETTERS
from linnet.push.mail.letters import Writer
from linnet.push.mail.rules import BadMailRules, Encryption, MailRules, SmtpServer, sender_of, server_of
from linnet.push.mail.sending import Refused, Undelivered, message_of, send
from linnet.push.mail.templates import as_html
from linnet.reactions import JOBS
from mail_server import MailServer, body, certificate, link_in, mail_server
from world import World


async def happen(world: World, *events: Event) -> None:
    """Record events as the verbs do."""
    for event in events:
        async with world.engines.transaction() as tx:
            await tx.record(event)


def with_rules(engines: Engines, rules: MailRules) -> Engines:
    return replace(engines, configs={**engines.configs, MailRules: rules})


def rules_for(server: MailServer, **more: Any) -> MailRules:
    chosen = SmtpServer("127.0.0.1", server.port, **{"encryption": Encryption.NONE, **more})
    return MailRules(chosen, Address("Test", addr_spec="noreply@linnet.test"), "linnet.test")


TRIAL = Writer(Site("https://linnet.test", title="Test server"), "ann", "ann@example.org").trial()


# What a letter is ----------------------------------------------------------------------------------------------------


async def test_a_letter_is_text_and_html_with_everything_a_mail_server_wants(
    mail_world: World, mailbox: MailServer
) -> None:
    ann = await mail_world.person("ann")
    await happen(mail_world, PasswordResetAsked("ann"))
    await mail_world.settle()
    (letter,) = mailbox.to("ann@example.org")
    assert letter["From"] == "Test server <noreply@linnet.test>"
    assert letter["To"] == "ann@example.org"
    assert letter["Subject"] == "Choose a new password"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert re.fullmatch(r"<[0-9a-f]{32}@linnet\.test>", letter["Message-ID"])
    assert abs(parsedate_to_datetime(letter["Date"]) - mail_world.clock.now()) < timedelta(minutes=1)
    assert [part.get_content_type() for part in letter.iter_parts()] == ["text/plain", "text/html"]
    link = link_in(letter)
    assert "@ann" in body(letter)
    assert f'href="https://linnet.test{link}"' in body(letter, "html")
    assert ann.id


def test_the_html_of_a_letter_loads_nothing_and_escapes_every_word() -> None:
    site = Site("https://linnet.test", title="<b>Rude</b> & Co", contact_email='"><img src=x>@x')
    html = as_html(Writer(site, "ann", "ann@example.org").deleted())
    assert "<b>Rude" not in html
    assert "&lt;b&gt;Rude&lt;/b&gt; &amp; Co" in html
    assert not re.search(r"<(?:img|link|script|style|iframe)|url\(", html)


@pytest.mark.parametrize("bad", ["ann@example.org\r\nBcc: all@example.org", "ann@", "@"])
def test_no_address_breaks_out_of_its_header(bad: str) -> None:
    rules = MailRules(None, Address("Test", addr_spec="noreply@linnet.test"), "linnet.test")
    with pytest.raises(Refused) as caught:
        message_of(rules, replace(TRIAL, to=bad), _now())
    assert caught.value.reply == 553


def test_neither_does_the_title_of_the_server() -> None:
    sender = sender_of("", title="Evil\r\nBcc: all@example.org", host="linnet.test")
    wire = bytes(message_of(MailRules(None, sender, "linnet.test"), TRIAL, _now()))
    assert b"\r\nBcc" not in wire


def test_a_domain_in_another_script_is_one_that_every_server_can_read() -> None:
    rules = MailRules(None, Address("Test", addr_spec="noreply@linnet.test"), "linnet.test")
    assert message_of(rules, replace(TRIAL, to="ann@bücher.example"), _now())["To"] == "ann@xn--bcher-kva.example"


@pytest.mark.parametrize(
    ("event", "subject", "words"),
    [
        (PasswordChanged, "Your password was changed", "password/forgot"),
        (RefreshTokenReused, "A session of yours was ended", "copied"),
        (SignInsLocked, "Sign-ins to your account are held back", "/unlock/"),
        (SignupApproved, "You are in", "/signin"),
        (DeviceSeen, "New sign-in to your account", "new to us"),
        *((FactorsChanged, "Your second factors were changed", words) for words in FACTOR_NEWS.values()),
    ],
)
async def test_what_happens_to_an_account_is_told_to_its_owner(
    mail_world: World, mailbox: MailServer, event: type[Event], subject: str, words: str
) -> None:
    ann = await mail_world.person("ann")
    whats = {sentence: what for what, sentence in FACTOR_NEWS.items()}
    known = {"account_id": ann.id, "session_id": 1, "what": whats.get(words, "")}
    await happen(mail_world, event(**{name: known[name] for name in event.__struct_fields__}))
    await mail_world.settle()
    (letter,) = mailbox.to("ann@example.org")
    assert letter["Subject"] == subject
    for subtype in ("plain", "html"):
        assert words in " ".join(body(letter, subtype).split())


async def test_a_letter_about_a_new_device_says_which_and_from_where(mail_world: World, mailbox: MailServer) -> None:
    await mail_world.person("ann")
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    await mail_world.client.post(
        "/api/v1/auth/login",
        json={"identifier": "ann", "password": "tangerine-lighthouse-42"},
        headers={"User-Agent": agent},
    )
    session = await mail_world.engines.db.row("select id, account_id, address from sessions")
    assert session is not None
    mailbox.empty()
    await happen(mail_world, DeviceSeen(session["account_id"], session["id"]))
    await mail_world.settle()
    letter = mailbox.to("ann@example.org")[-1]
    assert "Firefox on Linux" in body(letter)
    assert session["address"] in body(letter)


# How it gets there ---------------------------------------------------------------------------------------------------


async def test_a_server_in_trouble_gets_the_letter_later_and_once(mail_world: World, mailbox: MailServer) -> None:
    ann = await mail_world.person("ann")
    mailbox.refusals["ann@example.org"] = "451 try again later"
    await happen(mail_world, PasswordChanged(ann.id))
    with pytest.raises(Undelivered):
        await mail_world.settle()
    assert await mail_world.settle() == 0, "not at once"
    mailbox.refusals.clear()
    assert await run_pending(mail_world.engines, JOBS, ahead=True) == 1
    assert len(mailbox.to("ann@example.org")) == 1
    assert await mail_world.engines.db.value("select count(*) from jobs") == 0


async def test_failed_tries_do_not_use_up_what_an_account_may_get(mail_world: World, mailbox: MailServer) -> None:
    ann = await mail_world.person("ann")
    mailbox.refusals["ann@example.org"] = "451 try again later"
    await happen(mail_world, PasswordChanged(ann.id))
    for _ in range(delivery.LETTERS_MAX + 2):
        with pytest.raises(Undelivered):
            await run_pending(mail_world.engines, JOBS, ahead=True)
    mailbox.refusals.clear()
    await run_pending(mail_world.engines, JOBS, ahead=True)
    assert len(mailbox.to("ann@example.org")) == 1


@pytest.mark.parametrize("at", ["ann@example.org", "DATA"])
async def test_a_final_no_is_the_end_and_the_log_does_not_name_anybody(
    mail_world: World, mailbox: MailServer, at: str
) -> None:
    ann = await mail_world.person("ann")
    mailbox.refusals[at] = "550 ann@example.org lives here no more"
    await happen(mail_world, PasswordChanged(ann.id))
    with structlog.testing.capture_logs() as lines:
        await mail_world.settle()
    (line,) = [line for line in lines if line["event"] == "letter refused"]
    assert (line["reply"], line["account"], line["kind"]) == (550, ann.id, "password_changed")
    assert "ann@example.org" not in str(lines)
    assert await mail_world.engines.db.value("select count(*) from jobs") == 0


async def test_a_letter_goes_encrypted_to_a_server_that_knows_us(tmp_path: Path, monkeypatch: Any) -> None:
    file = certificate(tmp_path)
    with mail_server(tls=_context(file), users={"linnet": "pa:ss@/"}) as server:
        rules = rules_for(server, encryption=Encryption.STARTTLS, username="linnet", password="pa:ss@/")
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
        await send(rules, TRIAL, _now())
        assert (server.encrypted, server.signed_in) == ([True], [True])


async def test_a_server_that_nobody_vouches_for_gets_neither_letter_nor_password(tmp_path: Path) -> None:
    with mail_server(tls=_context(certificate(tmp_path)), users={"linnet": "secret"}) as server:
        with pytest.raises(Undelivered):
            await send(
                rules_for(server, encryption=Encryption.STARTTLS, username="linnet", password="secret"), TRIAL, _now()
            )
        assert server.taken == []


async def test_a_server_that_cannot_encrypt_gets_no_letter_where_that_is_demanded(mailbox: MailServer) -> None:
    with pytest.raises(Undelivered):
        await send(rules_for(mailbox, encryption=Encryption.STARTTLS), TRIAL, _now())
    assert mailbox.taken == []


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
async def test_a_wrong_password_for_the_server_is_a_trouble_that_passes(world: World) -> None:
    with mail_server(users={"linnet": "right"}) as server:
        engines = with_rules(world.engines, rules_for(server, username="linnet", password="wrong"))
        await world.person("ann")
        await happen(world, PasswordResetAsked("ann"))
        with pytest.raises(Undelivered):
            await run_pending(engines, JOBS)
        assert await world.engines.db.value("select count(*) from jobs where state = 'ready'") == 1
        assert "wrong" not in await world.engines.db.value("select last_error from jobs")


async def test_a_server_that_is_not_there_is_a_trouble_that_passes(world: World) -> None:
    with mail_server() as server:
        rules = rules_for(server)
    with pytest.raises(Undelivered):
        await send(rules, TRIAL, _now())


# How many, and what they carry ---------------------------------------------------------------------------------------


async def test_nobody_is_flooded(mail_world: World, mailbox: MailServer) -> None:
    await mail_world.people("ann", "bob")
    await happen(mail_world, *[PasswordResetAsked("ann")] * 8, PasswordResetAsked("bob@example.org"))
    await mail_world.settle()
    assert len(mailbox.to("ann@example.org")) == delivery.LETTERS_MAX
    assert len(mailbox.to("bob@example.org")) == 1
    mail_world.clock.move(minutes=59)
    await happen(mail_world, PasswordResetAsked("ann"))
    await mail_world.settle()
    assert len(mailbox.to("ann@example.org")) == delivery.LETTERS_MAX
    mail_world.clock.move(minutes=2)
    await happen(mail_world, PasswordResetAsked("ann"))
    await mail_world.settle()
    assert len(mailbox.to("ann@example.org")) == delivery.LETTERS_MAX + 1


async def test_a_letter_held_back_leaves_the_last_one_good(mail_world: World, mailbox: MailServer) -> None:
    await mail_world.person("ann")
    await happen(mail_world, *[PasswordResetAsked("ann")] * 8)
    await mail_world.settle()
    tokens = [link_in(letter).rpartition("/")[2] for letter in mailbox.to("ann@example.org")]
    engines = mail_world.engines
    found = [await proofs.look(engines.db, one, Purpose.RESET, engines.clock.now()) for one in tokens]
    assert [one is not None for one in found] == [False] * 4 + [True]


async def test_a_job_that_runs_twice_sends_a_letter_with_a_new_secret(mail_world: World, mailbox: MailServer) -> None:
    """A worker that dies after the server took the letter, and before the queue knows, leaves the job to another."""
    await mail_world.person("ann")
    await happen(mail_world, PasswordResetAsked("ann"), PasswordResetAsked("ann"))
    await mail_world.settle()
    first, second = (link_in(letter).rpartition("/")[2] for letter in mailbox.to("ann@example.org"))
    db, now = mail_world.engines.db, mail_world.clock.now()
    assert await proofs.spend(db, first, Purpose.RESET, now) is None
    assert await proofs.spend(db, second, Purpose.UNLOCK, now) is None, "good for something else"
    assert await proofs.spend(db, second, Purpose.RESET, now) is not None
    assert await proofs.spend(db, second, Purpose.RESET, now) is None, "used up"


async def test_a_secret_is_nowhere_in_the_database_as_it_is_in_the_letter(
    mail_world: World, mailbox: MailServer
) -> None:
    await mail_world.person("ann")
    await happen(mail_world, PasswordResetAsked("ann"))
    assert "ann" in await mail_world.engines.db.value("select string_agg(work::text, '') from jobs")
    await mail_world.settle()
    token = link_in(mailbox.taken[0]).rpartition("/")[2]
    row = await mail_world.engines.db.row("select * from proofs")
    assert row is not None
    assert token not in str(dict(row))


async def test_what_is_forgotten(mail_world: World) -> None:
    ann = await mail_world.person("ann")
    await happen(mail_world, PasswordResetAsked("ann"))
    await mail_world.settle()
    db = mail_world.engines.db
    mail_world.clock.move(hours=49)
    await mail_world.settle(periodics=True)
    assert await db.value("select (select count(*) from proofs) + (select count(*) from letter_times)") == 0
    assert ann.id


# Without a server ----------------------------------------------------------------------------------------------------


async def test_without_a_server_letters_wait_for_the_operator(world: World) -> None:
    ann = await world.person("ann")
    await happen(world, PasswordResetAsked("ann"), PasswordChanged(ann.id))
    await world.settle()
    changed, reset = await delivery.outbox(world.engines)
    assert (reset.to, reset.subject) == ("ann@example.org", "Choose a new password")
    (link,) = reset.links
    assert link.startswith("https://linnet.test/password/reset/")
    assert link in reset.text
    assert (changed.subject, changed.links) == ("Your password was changed", [])


async def test_the_outbox_keeps_the_newest_and_nothing_old(world: World, monkeypatch: Any) -> None:
    monkeypatch.setattr(delivery, "OUTBOX_MAX", 3)
    for number in range(5):
        await delivery.hand_over(world.engines, replace(TRIAL, subject=str(number)))
    assert [letter.subject for letter in await delivery.outbox(world.engines)] == ["4", "3", "2"]
    world.clock.move(days=29)
    await FORGET_LETTERS.run(world.engines)
    assert len(await delivery.outbox(world.engines)) == 3
    world.clock.move(days=2)
    await FORGET_LETTERS.run(world.engines)
    assert await delivery.outbox(world.engines) == []


async def test_a_deleted_account_gets_one_last_letter_and_its_address_is_forgotten(
    mail_world: World, mailbox: MailServer
) -> None:
    ann = await mail_world.person("ann")
    await happen(mail_world, DeletionDone(ann.id, "ann", "ann@example.org"))
    await mail_world.settle()
    assert [letter["Subject"] for letter in mailbox.to("ann@example.org")] == ["Your account was deleted"]


# Settings ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example.com", ("mail.example.com", 587, "starttls", "", "")),
        ("smtp://u%40x:p%2F%3A@mail.example.com:2525", ("mail.example.com", 2525, "starttls", "u@x", "p/:")),
        ("smtps://u:p@mail.example.com", ("mail.example.com", 465, "tls", "u", "p")),
        ("smtp://localhost", ("localhost", 25, "none", "", "")),
        ("smtp://[::1]:1025", ("::1", 1025, "none", "", "")),
        ("smtps://localhost", ("localhost", 465, "tls", "", "")),
    ],
)
def test_a_mail_server_is_named_by_one_address(url: str, expected: Sequence[object]) -> None:
    server = server_of(url)
    assert server is not None
    assert (server.host, server.port, server.encryption, server.username, server.password) == expected
    assert not server.password or repr(server.password) not in repr(server)


@pytest.mark.parametrize(
    "url",
    [
        "mail.example.com",
        "http://mail.example.com",
        "smtp://",
        "smtp://u@host",
        "smtp://host:x",
        "smtp://h/p",
        "smtp://h?x",
    ],
)
def test_an_address_that_cannot_be_used_is_refused_without_being_quoted(url: str) -> None:
    with pytest.raises(BadMailRules) as caught:
        server_of(url.replace("u@", "geheim@"))
    assert "geheim" not in caught.value.message


def test_a_sender_is_a_name_and_an_address() -> None:
    assert str(sender_of("", title="Birds, Inc.", host="b.example")) == '"Birds, Inc." <noreply@b.example>'
    assert str(sender_of("The Birds <hi@b.example>", title="x", host="y")) == "The Birds <hi@b.example>"
    with pytest.raises(BadMailRules):
        sender_of("nobody", title="x", host="y")


def _now() -> datetime:
    return datetime.now(UTC)


def _context(file: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(file)
    return context
