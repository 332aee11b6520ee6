"""Mastodon.py as it comes from PyPI, in the hands of somebody who moderates."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from mastodon import Mastodon, MastodonAPIError, MastodonNotFoundError

from running import Newcomer, Server

Client = Any
SCOPES = "read write follow push admin:read admin:write"


def client_of(server: Server, token: str) -> Client:
    return Mastodon(access_token=token, api_base_url=server.url, version_check_mode="created", ratelimit_method="throw")


@pytest.fixture(scope="module")
def maud(server: Server) -> Client:
    """The client of an admin."""
    server.linnet("account", "create", "maud", "--email", "maud@example.org", "--role", "admin")
    token = server.linnet("token", "create", "maud", "--scopes", SCOPES).strip().splitlines()[-1]
    return client_of(server, token)


@pytest.fixture
def mallory(server: Server) -> Newcomer:
    return server.join("mallory")


def test_networks_mailboxes_and_other_servers(maud: Client) -> None:
    block = maud.admin_create_ip_block("203.0.113.0/24", "no_access", comment="a flood", expires_in=3600)
    assert (block.ip, block.severity) == ("203.0.113.0/24", "no_access")
    assert block.expires_at > datetime.now(UTC)
    assert maud.admin_update_ip_block(block, severity="sign_up_block").severity == "sign_up_block"
    assert [one.id for one in maud.admin_ip_blocks()] == [block.id]
    assert maud.admin_ip_block(block).comment == "a flood"
    maud.admin_delete_ip_block(block)
    with pytest.raises(MastodonNotFoundError):
        maud.admin_ip_block(block.id)
    mailbox = maud.admin_create_canonical_email_block(email="s.pam+1@example.org")
    assert maud.admin_test_canonical_email_block("spam@example.org")[0].id == mailbox.id
    assert maud.admin_canonical_email_block(mailbox.id) == maud.admin_canonical_email_blocks()[0]
    maud.admin_delete_canonical_email_block(mailbox.id)
    other = maud.admin_create_domain_block("elsewhere.example", severity="suspend", public_comment="spam")
    assert maud.admin_update_domain_block(other.id, severity="silence").severity == "silence"
    assert maud.admin_domain_blocks(other.id).public_comment == "spam"
    maud.admin_delete_domain_block(other)
    friend = maud.admin_create_domain_allow("friends.example")
    assert maud.admin_domain_allows()[0] == maud.admin_domain_allow(friend)
    maud.admin_delete_domain_allow(friend)
    mail = maud.admin_create_email_domain_block("throwaway.example")
    maud.admin_delete_email_domain_block(mail.id)


def test_reports_are_dealt_with(server: Server, maud: Client, mallory: Newcomer) -> None:
    ann = client_of(server, server.join("ann").token)
    him = client_of(server, mallory.token)
    post = him.status_post("You are silly")
    account = him.me()
    made = ann.report(account, status_ids=[post.id], comment="Look")
    shown = maud.admin_report(made.id)
    assert (shown.comment, shown.target_account.username) == ("Look", mallory.name)
    assert [one.id for one in shown.statuses] == [post.id]
    assert made.id in [one.id for one in maud.admin_reports()]
    assert maud.admin_report_assign(shown).assigned_account.username == "maud"
    assert maud.admin_report_unassign(shown).assigned_account is None
    assert maud.admin_report_resolve(shown).action_taken
    assert not maud.admin_report_reopen(shown).action_taken
    maud.admin_account_moderate(account, "silence", report_id=shown, text="Enough")
    assert maud.admin_report(made.id).action_taken
    assert maud.admin_account(account).silenced
    assert account.id in [one.id for one in maud.admin_accounts_v2(status="silenced")]
    assert not maud.admin_account_unsilence(account).silenced
    maud.admin_account_moderate(account, "sensitive")
    assert not maud.admin_account_unsensitive(account).sensitized
    maud.admin_account_moderate(account, "disable")
    assert maud.admin_account(account).disabled
    assert not maud.admin_account_enable(account).disabled
    maud.admin_account_moderate(account, "suspend")
    assert not maud.admin_account_unsuspend(account).suspended
    with pytest.raises(MastodonAPIError):
        maud.admin_account_delete(account)
    maud.admin_account_moderate(account, "suspend")
    maud.admin_account_delete(account)
    with pytest.raises(MastodonNotFoundError):
        maud.admin_account(account)


def test_the_server_in_numbers(maud: Client) -> None:
    now = datetime.now(UTC)
    period = (now - timedelta(days=6), now)
    found = {one["key"]: one for one in maud.admin_measures(
        *period, active_users=True, new_users=True, interactions=True, instance_accounts="elsewhere.example"
    )}  # fmt: skip
    assert len(found["new_users"]["data"]) == 7
    assert int(found["new_users"]["total"]) >= 1
    assert int(found["instance_accounts"]["total"]) == 0
    made = {one["key"]: one["data"] for one in maud.admin_dimensions(
        *period, languages=True, sources=True, servers=True, space_usage=True, software_versions=True
    )}  # fmt: skip
    assert {one["key"] for one in made["space_usage"]} == {"postgresql", "valkey", "media"}
    cohorts = maud.admin_retention(*period, "day")
    assert [len(one["data"]) for one in cohorts] == [7, 6, 5, 4, 3, 2, 1]
    assert maud.admin_trending_tags() == []
