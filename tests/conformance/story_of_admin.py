"""A day of somebody who moderates, with an app for Mastodon."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from exchange import Exchange

ROOT = "/api/v1/admin"
HERE = "127.0.0.0/8"

Join = Callable[[Exchange, str], Any]


def tell(exchange: Exchange, token: str, join: Join) -> None:
    """The whole of it, with an admin's token. `join` makes somebody new."""
    newcomers(exchange, token, join)
    blocks(exchange, token)
    other_servers(exchange, token)
    numbers(exchange, token)
    ann, mallory = join(exchange, "ann"), join(exchange, "mallory")
    reports(exchange, token, ann, mallory)
    accounts(exchange, token, mallory)
    own_endpoints(exchange, token)


def newcomers(exchange: Exchange, token: str, join: Join) -> None:
    """A network whose people need approval: one is let in, one is turned down."""
    path = f"{ROOT}/ip_blocks"
    body = {"ip": HERE, "severity": "sign_up_requires_approval", "comment": "a wave", "expires_in": 3600}
    block = exchange.ask("POST", path, token, json=body)
    exchange.ask("POST", path, token, 422, json=body)
    exchange.ask("POST", path, token, 422, json={"ip": "nowhere", "severity": "no_access"})
    for verb in ("approve", "reject"):
        someone = join(exchange, "newcomer")
        exchange.ask("POST", f"{ROOT}/accounts/{someone.id}/{verb}", token)
    exchange.ask("GET", path, token)
    exchange.ask("PUT", f"{path}/{block['id']}", token, json={"severity": "sign_up_block", "expires_in": 0})
    exchange.ask("GET", f"{path}/{block['id']}", token)
    exchange.ask("DELETE", f"{path}/{block['id']}", token)
    exchange.ask("GET", f"{path}/{block['id']}", token, 404)


def blocks(exchange: Exchange, token: str) -> None:
    """Mailboxes, and domains of mail."""
    path = f"{ROOT}/canonical_email_blocks"
    block = exchange.ask("POST", path, token, json={"email": "S.pam+1@example.org"})
    exchange.ask("POST", path, token, 422, json={})
    exchange.ask("GET", path, token)
    exchange.ask("GET", f"{path}/{block['id']}", token)
    exchange.ask("POST", f"{path}/test", token, json={"email": "spam@example.org"})
    exchange.ask("DELETE", f"{path}/{block['id']}", token)
    path = f"{ROOT}/email_domain_blocks"
    block = exchange.ask("POST", path, token, json={"domain": "throwaway.example"})
    exchange.ask("GET", path, token)
    exchange.ask("GET", f"{path}/{block['id']}", token)
    exchange.ask("DELETE", f"{path}/{block['id']}", token)


def other_servers(exchange: Exchange, token: str) -> None:
    for kind in ("domain_allows", "domain_blocks"):
        path = f"{ROOT}/{kind}"
        made = exchange.ask("POST", path, token, json={"domain": "elsewhere.example"})
        exchange.ask("GET", path, token)
        if kind == "domain_blocks":
            exchange.ask("PUT", f"{path}/{made['id']}", token, json={"severity": "suspend", "obfuscate": True})
        exchange.ask("GET", f"{path}/{made['id']}", token)
        exchange.ask("DELETE", f"{path}/{made['id']}", token)


def numbers(exchange: Exchange, token: str) -> None:
    now = datetime.now(UTC)
    period = {"start_at": (now - timedelta(days=7)).isoformat(), "end_at": now.isoformat()}
    tag = {"id": exchange.ask("GET", "/api/v1/tags/birds", token)["id"]}
    keys = ["active_users", "new_users", "interactions", "opened_reports", "resolved_reports", "tag_uses"]
    keys += ["tag_accounts", "tag_servers", "instance_accounts", "instance_media_attachments"]
    about = {"tag_uses": tag, "tag_accounts": tag, "tag_servers": tag, "instance_accounts": {"domain": "a.example"}}
    exchange.ask("POST", f"{ROOT}/measures", token, json={"keys": keys, **about, **period})
    keys = ["languages", "sources", "servers", "space_usage", "software_versions", "tag_servers", "tag_languages"]
    about = {"tag_servers": tag, "tag_languages": tag}
    exchange.ask("POST", f"{ROOT}/dimensions", token, json={"keys": keys, "limit": 5, **about, **period})
    for frequency in ("day", "month"):
        exchange.ask("POST", f"{ROOT}/retention", token, json={"frequency": frequency, **period})
    for kind in ("tags", "statuses", "links"):
        exchange.ask("GET", f"{ROOT}/trends/{kind}", token)


def reports(exchange: Exchange, token: str, ann: Any, mallory: Any) -> None:
    post = exchange.ask("POST", "/api/v1/statuses", mallory.token, json={"status": "You are silly"})
    body = {"account_id": mallory.id, "status_ids": [post["id"]], "comment": "Look", "category": "other"}
    made = exchange.ask("POST", "/api/v1/reports", ann.token, json=body)
    path = f"{ROOT}/reports/{made['id']}"
    exchange.ask("GET", f"{ROOT}/reports", token)
    exchange.ask("PUT", path, token, json={"category": "spam"})
    for verb in ("assign_to_self", "unassign", "resolve", "reopen"):
        exchange.ask("POST", f"{path}/{verb}", token)
        exchange.ask("GET", path, token)
    exchange.ask("GET", f"{ROOT}/reports/1", token, 404)
    body = {"type": "none", "text": "Please be kind", "report_id": made["id"]}
    exchange.ask("POST", f"{ROOT}/accounts/{mallory.id}/action", token, json=body)
    exchange.ask("GET", f"{ROOT}/reports", token, params={"resolved": "true"})


def accounts(exchange: Exchange, token: str, mallory: Any) -> None:
    path = f"{ROOT}/accounts/{mallory.id}"
    for version in ("v1", "v2"):
        exchange.ask("GET", f"/api/{version}/admin/accounts", token)
    for kind, back in (
        ("sensitive", "unsensitive"), ("silence", "unsilence"), ("freeze", "enable"), ("disable", "enable"),
        ("suspend", "unsuspend"), ("suspend", None),
    ):  # fmt: skip
        exchange.ask("POST", f"{path}/action", token, json={"type": kind})
        exchange.ask("GET", path, token)
        if back is not None:
            exchange.ask("POST", f"{path}/{back}", token)
    exchange.ask("POST", f"{path}/action", token, 422, json={"type": "explode"})
    exchange.ask("DELETE", path, token)


def own_endpoints(exchange: Exchange, token: str) -> None:
    exchange.ask("GET", f"{ROOT}/audit_log", token)
