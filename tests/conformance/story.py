"""A day on a server, in which every endpoint has something to answer with."""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import story_of_admin
import story_of_lists
import story_of_media
from exchange import Exchange

from picture_files import encoded, quarters
from web_push_keys import AUTH, P256DH

PASSWORD = "tangerine-lighthouse-42"
OOB = "urn:ietf:wg:oauth:2.0:oob"
SCOPES = "read write follow push"


@dataclass(frozen=True)
class Person:
    """Somebody with a token of a first-party session."""

    id: str
    name: str
    token: str


def tell(exchange: Exchange, *, admin_token: str | None) -> None:
    """The whole story, on any server where people may sign up by themselves and rate limits are off.

    One of our own has an admin, an announcement and texts of its operator's; another may have none.
    """
    server(exchange)
    alice, bob, carol = (join(exchange, name) for name in ("alice", "bob", "carol"))
    sessions(exchange, alice)
    app_token = apps(exchange)
    registration(exchange, app_token)
    profile(exchange, alice)
    status = statuses(exchange, alice, bob)
    marks(exchange, status, alice, bob)
    polls(exchange, alice, bob)
    later(exchange, alice)
    story_of_media.tell(exchange, alice, bob)
    decisions(exchange, status, alice, bob)
    people(exchange, alice, bob)
    requests(exchange, carol, bob)
    reading(exchange, status, alice, bob)
    reports(exchange, status, alice, bob)
    conversations(exchange, alice, bob)
    messages(exchange, alice, bob, carol)
    finding(exchange, status, alice, bob)
    notifications(exchange, alice)
    story_of_lists.tell(exchange, alice, bob)
    filters(exchange, status, bob)
    pushes(exchange, alice)
    if admin_token is not None:
        words_of_the_operator(exchange, alice)
        story_of_admin.tell(exchange, admin_token, join)
    lists_without_end(exchange, alice)
    endings(exchange, alice, bob)
    errors(exchange, alice)


def join(exchange: Exchange, name: str) -> Person:
    username = f"{name}_{uuid.uuid4().hex[:8]}"
    body = {"username": username, "email": f"{username}@example.org", "password": PASSWORD, "agreement": True}
    session = exchange.ask("POST", "/api/v1/auth/signup", json=body)
    return Person(session["account"]["id"], username, session["access_token"])


def server(exchange: Exchange) -> None:
    """What anybody may ask."""
    for path in (
        "/api/v1/instance", "/api/v2/instance", "/api/v1/instance/rules", "/api/v1/instance/activity",
        "/api/v1/instance/peers", "/api/v1/instance/domain_blocks", "/api/v1/instance/extended_description",
        "/api/v1/instance/translation_languages", "/api/v1/custom_emojis", "/api/v1/directory", "/api/v1/trends/tags",
        "/api/v1/trends", "/api/v1/trends/statuses", "/api/v1/trends/links", "/health",
        "/.well-known/oauth-authorization-server", "/.well-known/nodeinfo", "/nodeinfo/2.0", "/nodeinfo/2.1",
        "/.well-known/host-meta", "/.well-known/host-meta.json",
    ):  # fmt: skip
        exchange.ask("GET", path)


def sessions(exchange: Exchange, alice: Person) -> None:
    """Signing in and out in our own clients."""
    session = exchange.ask("POST", "/api/v1/auth/login", json={"identifier": alice.name, "password": PASSWORD})
    session = exchange.ask("POST", "/api/v1/auth/refresh", json={"refresh_token": session["refresh_token"]})
    exchange.ask("POST", "/api/v1/auth/logout", session["access_token"], 204)
    exchange.ask("POST", "/api/v1/auth/login", status=401, json={"identifier": alice.name, "password": "wrong"})


def apps(exchange: Exchange) -> str:
    """An app that speaks for itself; its token."""
    asked = {"client_name": "Wren", "redirect_uris": OOB, "scopes": SCOPES, "website": "https://wren.example"}
    app = exchange.ask("POST", "/api/v1/apps", json=asked)
    exchange.ask("POST", "/api/v1/apps", status=422, json={})
    client = {"client_id": app["client_id"], "client_secret": app["client_secret"]}
    asked = {"client_id": app["client_id"], "redirect_uri": OOB, "response_type": "code", "scope": "read"}
    exchange.ask("GET", "/oauth/authorize", status=303, params=asked)
    grant = {**client, "grant_type": "client_credentials", "scope": SCOPES}
    token = exchange.ask("POST", "/oauth/token", data=grant)["access_token"]
    spare = exchange.ask("POST", "/oauth/token", json=grant)["access_token"]
    exchange.ask("POST", "/oauth/token", status=401, data={**grant, "client_secret": "wrong"})
    exchange.ask("POST", "/oauth/revoke", data={**client, "token": spare})
    exchange.ask("GET", "/api/v1/apps/verify_credentials", token)
    return token


def registration(exchange: Exchange, app_token: str) -> None:
    name = f"dora_{uuid.uuid4().hex[:8]}"
    body = {"username": name, "email": f"{name}@example.org", "password": PASSWORD, "agreement": True, "locale": "en"}
    exchange.ask("POST", "/api/v1/accounts", app_token, json=body)
    exchange.ask("POST", "/api/v1/accounts", app_token, 422, json=body)


def profile(exchange: Exchange, alice: Person) -> None:
    """One's own account."""
    changes = {
        "display_name": "Alice 🐦",
        "note": "About #birds and https://example.org",
        "locked": "false",
        "bot": "0",
        "discoverable": "1",
        "fields_attributes[0][name]": "Site",
        "fields_attributes[0][value]": "https://example.org",
        "source[language]": "en",
    }
    exchange.ask("PATCH", "/api/v1/accounts/update_credentials", alice.token, data=changes)
    for path in (
        "/api/v1/accounts/verify_credentials", "/api/v1/preferences", "/oauth/userinfo", "/api/v1/markers",
    ):  # fmt: skip
        exchange.ask("GET", path, alice.token)
    pictures = {"avatar": ("a.png", encoded(quarters(400, 400), "PNG"), "image/png")}
    exchange.ask("PATCH", "/api/v1/profile", alice.token, files=pictures, data={"avatar_description": "Four squares"})
    exchange.ask("GET", "/api/v1/profile", alice.token)
    exchange.ask("GET", "/api/v1/accounts/verify_credentials", alice.token)
    exchange.ask("DELETE", "/api/v1/profile/avatar", alice.token)
    exchange.ask("DELETE", "/api/v1/profile/header", alice.token)


def statuses(exchange: Exchange, alice: Person, bob: Person) -> Any:
    """A thread with everything in it; its root."""
    text = f"Hello @{bob.name} #birds https://example.com/a?b=c"
    body = {"status": text, "spoiler_text": "birds", "sensitive": True, "language": "en"}
    status = exchange.ask("POST", "/api/v1/statuses", alice.token, json=body)
    path = f"/api/v1/statuses/{status['id']}"
    reply = {"status": f"@{alice.name} hello", "in_reply_to_id": status["id"], "visibility": "unlisted"}
    answered = exchange.ask("POST", "/api/v1/statuses", bob.token, json=reply)
    quote = exchange.ask(
        "POST", "/api/v1/statuses", bob.token, json={"status": "look", "quoted_status_id": status["id"]}
    )
    exchange.ask("POST", "/api/v1/statuses", alice.token, json={"status": "two", "quoted_status_id": quote["id"]})
    exchange.ask("POST", "/api/v1/statuses", alice.token, 422, json={"status": ""})
    exchange.ask("PUT", path, alice.token, json={"status": f"{text} edited", "spoiler_text": "more birds"})
    for token in (alice.token, None):
        exchange.ask("GET", path, token)
        exchange.ask("GET", f"{path}/context", token)
        exchange.ask("GET", f"/api/v1/statuses/{answered['id']}/context", token)
        exchange.ask("GET", f"{path}/history", token)
        exchange.ask("GET", f"{path}/quotes", token)
        exchange.ask("GET", "/api/v1/statuses", token, params={"id[]": [status["id"], quote["id"]]})
    exchange.ask("GET", f"{path}/source", alice.token)
    exchange.ask("GET", "/api/oembed", params={"url": status["url"]})
    exchange.ask("GET", "/api/v1/timelines/link", params={"url": "https://example.com/"})
    exchange.ask("GET", f"{path}/card", alice.token)
    return status


def marks(exchange: Exchange, status: Any, alice: Person, bob: Person) -> None:
    """What one does with a status, and takes back."""
    path = f"/api/v1/statuses/{status['id']}"
    for verb in ("favourite", "bookmark", "reblog", "mute"):
        exchange.ask("POST", f"{path}/{verb}", bob.token)
    exchange.ask("POST", f"{path}/pin", alice.token)
    exchange.ask("GET", f"{path}/favourited_by")
    exchange.ask("GET", f"{path}/reblogged_by", alice.token)
    for whose in ("favourites", "bookmarks"):
        exchange.ask("GET", f"/api/v1/{whose}", bob.token)
    exchange.ask("GET", f"/api/v1/accounts/{alice.id}/statuses", bob.token, params={"pinned": "true"})
    exchange.ask("GET", f"/api/v1/accounts/{bob.id}/statuses", alice.token, params={"exclude_replies": "1"})


def polls(exchange: Exchange, alice: Person, bob: Person) -> None:
    """What is asked, and answered once."""
    poll = {"options": ["linnet", "wren"], "expires_in": 600, "multiple": True}
    asked = exchange.ask("POST", "/api/v1/statuses", alice.token, json={"status": "Which?", "poll": poll})
    path = f"/api/v1/polls/{asked['poll']['id']}"
    exchange.ask("POST", f"{path}/votes", bob.token, json={"choices": [0, 1]})
    exchange.ask("POST", f"{path}/votes", bob.token, 422, json={"choices": [0]})
    exchange.ask("POST", f"{path}/votes", alice.token, 422, json={"choices": [0]})
    for token in (alice.token, bob.token, None):
        exchange.ask("GET", path, token)
    kept = {"options": ["linnet", "wren"], "expires_in": 600, "hide_totals": True}
    exchange.ask("PUT", f"/api/v1/statuses/{asked['id']}", alice.token, json={"status": "Which one?", "poll": kept})
    exchange.ask("GET", f"/api/v1/statuses/{asked['id']}/history")


def later(exchange: Exchange, alice: Person) -> None:
    """Posts for later, and drafts."""
    at = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    poll = {"options": ["linnet", "wren"], "expires_in": 600}
    body = {"status": "Good morning", "scheduled_at": at, "poll": poll, "visibility": "unlisted"}
    kept = exchange.ask("POST", "/api/v1/statuses", alice.token, json=body)
    path = f"/api/v1/scheduled_statuses/{kept['id']}"
    exchange.ask("GET", "/api/v1/scheduled_statuses", alice.token)
    exchange.ask("GET", path, alice.token)
    exchange.ask("PUT", path, alice.token, json={"scheduled_at": at})
    exchange.ask("PUT", path, alice.token, 422, json={"scheduled_at": "2020-01-01T00:00:00Z"})
    exchange.ask("DELETE", path, alice.token)
    exchange.ask("GET", path, alice.token, 404)
    draft = exchange.ask("POST", "/api/v1/drafts", alice.token, json={"status": "Once upon", "poll": poll})
    path = f"/api/v1/drafts/{draft['id']}"
    exchange.ask("GET", "/api/v1/drafts", alice.token)
    exchange.ask("GET", path, alice.token)
    exchange.ask("PUT", path, alice.token, json={"status": "Once upon a time"})
    exchange.ask("DELETE", path, alice.token)


def decisions(exchange: Exchange, status: Any, alice: Person, bob: Person) -> None:
    """What alice decides about what bob makes of her posts, and where bob keeps them."""
    path = f"/api/v1/statuses/{status['id']}"
    quote = exchange.ask("GET", f"{path}/quotes", alice.token)[0]
    body = {"quote_approval_policy": "followers", "reply_policy": "mentioned"}
    exchange.ask("PUT", f"{path}/interaction_policy", alice.token, json=body)
    exchange.ask("GET", path, bob.token)
    everybody = {"quote_approval_policy": "public", "reply_policy": "everyone"}
    exchange.ask("PUT", f"{path}/interaction_policy", alice.token, json=everybody)
    answer = exchange.ask("POST", "/api/v1/statuses", bob.token, json={"status": "hm", "in_reply_to_id": status["id"]})
    for verb in ("hide_reply", "unhide_reply", "hide_reply"):
        exchange.ask("POST", f"/api/v1/statuses/{answer['id']}/{verb}", alice.token)
    exchange.ask("GET", f"{path}/hidden_replies", bob.token)
    exchange.ask("POST", f"{path}/quotes/{quote['id']}/revoke", alice.token)
    exchange.ask("GET", f"/api/v1/statuses/{quote['id']}")
    exchange.ask("POST", "/api/v1/statuses", bob.token, json={"status": "look", "quoted_status_id": status["id"]})
    folders = "/api/v1/bookmarks/folders"
    folder = exchange.ask("POST", folders, bob.token, data={"title": "Birds"})
    exchange.ask("PUT", f"{folders}/{folder['id']}", bob.token, json={"title": "All birds"})
    exchange.ask("POST", f"{path}/bookmark", bob.token, json={"folder_id": folder["id"]})
    exchange.ask("GET", "/api/v1/bookmarks", bob.token, params={"folder_id": folder["id"]})
    for where in (folders, f"{folders}/{folder['id']}"):
        exchange.ask("GET", where, bob.token)
    exchange.ask("DELETE", f"{folders}/{folder['id']}", bob.token)


def people(exchange: Exchange, alice: Person, bob: Person) -> None:
    """What is between two people."""
    path = f"/api/v1/accounts/{alice.id}"
    exchange.ask("POST", f"{path}/follow", bob.token, json={"notify": True, "languages": ["en"]})
    exchange.ask("POST", f"{path}/note", bob.token, data={"comment": "from the lake"})
    for verb in ("mute", "unmute", "block", "unblock", "follow"):
        exchange.ask("POST", f"{path}/{verb}", bob.token, data={"duration": 60} if verb == "mute" else {})
        exchange.ask("GET", "/api/v1/mutes", bob.token)
        exchange.ask("GET", "/api/v1/blocks", bob.token)
    ids = {"id[]": [alice.id, bob.id]}
    exchange.ask("GET", "/api/v1/accounts/relationships", bob.token, params=ids)
    exchange.ask("GET", "/api/v1/accounts/familiar_followers", bob.token, params=ids)
    exchange.ask("GET", "/api/v1/accounts", params=ids)
    exchange.ask("GET", path)
    for verb in ("endorse", "unendorse", "pin"):
        exchange.ask("POST", f"{path}/{verb}", bob.token)
    for below in ("followers", "following", "featured_tags", "identity_proofs"):
        exchange.ask("GET", f"{path}/{below}", bob.token)
    exchange.ask("GET", f"/api/v1/accounts/{bob.id}/endorsements", alice.token)
    exchange.ask("GET", "/api/v1/endorsements", bob.token)
    exchange.ask("POST", f"{path}/unpin", bob.token)
    for version in ("v1", "v2"):
        exchange.ask("GET", f"/api/{version}/suggestions", alice.token)
    exchange.ask("DELETE", f"/api/v1/suggestions/{bob.id}", alice.token)
    exchange.ask("GET", "/api/proofs")
    exchange.ask("GET", f"{path}/lists", bob.token)
    exchange.ask("GET", "/api/v1/accounts/lookup", params={"acct": alice.name})
    exchange.ask("GET", "/api/v1/accounts/search", bob.token, params={"q": alice.name})
    exchange.ask("GET", "/api/v1/directory", params={"local": "true"})
    exchange.ask("GET", "/api/v1/accounts/0", status=404)


def requests(exchange: Exchange, carol: Person, bob: Person) -> None:
    """Somebody who wants to be asked first."""
    exchange.ask("PATCH", "/api/v1/accounts/update_credentials", carol.token, json={"locked": True})
    for verdict in ("reject", "authorize"):
        exchange.ask("POST", f"/api/v1/accounts/{carol.id}/follow", bob.token)
        exchange.ask("GET", "/api/v1/follow_requests", carol.token)
        exchange.ask("POST", f"/api/v1/follow_requests/{bob.id}/{verdict}", carol.token)
    exchange.ask("POST", f"/api/v1/accounts/{bob.id}/remove_from_followers", carol.token)


def reading(exchange: Exchange, status: Any, alice: Person, bob: Person) -> None:
    """Timelines, and what is found."""
    exchange.soon("GET", "/api/v1/timelines/home", bob.token, lambda home: len(home) >= 2)
    for path in ("/api/v1/timelines/public", "/api/v1/timelines/tag/birds", "/api/v1/tags/birds"):
        exchange.ask("GET", path)
        exchange.ask("GET", path, bob.token)
    exchange.ask("GET", "/api/v1/timelines/home", bob.token, params={"limit": 1})
    for path in ("/api/v1/search", "/api/v2/search"):
        for query in (alice.name, "#birds", status["url"]):
            exchange.ask("GET", path, bob.token, params={"q": query, "resolve": "true"})
    resource = f"acct:{alice.name}@{status['url'].split('/')[2]}"
    exchange.ask("GET", "/.well-known/webfinger", params={"resource": resource})
    marked = {"home[last_read_id]": status["id"], "notifications[last_read_id]": "1"}
    exchange.ask("POST", "/api/v1/markers", bob.token, data=marked)
    exchange.ask("GET", "/api/v1/markers", bob.token, params={"timeline[]": ["home", "notifications"]})


def reports(exchange: Exchange, status: Any, alice: Person, bob: Person) -> None:
    """One tells the moderators about the other; what came of it is theirs to see."""
    about = {"account_id": alice.id, "status_ids": [status["id"]], "comment": "No birds in it", "category": "other"}
    exchange.ask("POST", "/api/v1/reports", bob.token, json=about)
    exchange.ask("POST", "/api/v1/reports", bob.token, 422, json={"account_id": bob.id})
    exchange.ask("POST", "/api/v1/reports", bob.token, 404, json={"account_id": "0"})
    exchange.ask("GET", "/api/v1/admin/cases", bob.token, 403)


def conversations(exchange: Exchange, alice: Person, bob: Person) -> None:
    """Direct statuses, and the conversations that they are."""
    body = {"status": f"@{alice.name} between us", "visibility": "direct", "language": "en"}
    said = exchange.ask("POST", "/api/v1/statuses", bob.token, json=body)
    path = f"/api/v1/statuses/{said['id']}"
    answer = {"status": f"@{bob.name} indeed", "visibility": "direct", "in_reply_to_id": said["id"]}
    exchange.ask("POST", "/api/v1/statuses", alice.token, json=answer)
    exchange.ask("PUT", path, bob.token, json={"status": f"@{alice.name} strictly between us"})
    for below in ("", "/context", "/history", "/favourited_by", "/reblogged_by", "/quotes", "/card"):
        exchange.ask("GET", f"{path}{below}", alice.token)
        exchange.ask("GET", f"{path}{below}", status=404)
    for verb in ("favourite", "unfavourite", "bookmark", "unbookmark", "mute", "unmute"):
        exchange.ask("POST", f"{path}/{verb}", alice.token)
    (conversation,) = exchange.ask("GET", "/api/v1/conversations", bob.token, params={"limit": 1})
    exchange.ask("POST", f"/api/v1/conversations/{conversation['id']}/read", bob.token)
    exchange.ask("GET", "/api/v1/conversations", alice.token)
    exchange.ask("DELETE", f"/api/v1/conversations/{conversation['id']}", alice.token)
    exchange.ask("DELETE", path, bob.token)


def messages(exchange: Exchange, alice: Person, bob: Person, carol: Person) -> None:
    """The same as our own clients have it, in a group."""
    threads = "/api/v1/messages/threads"
    body = {"text": "Who comes along?", "title": "A walk", "account_ids": [bob.id, carol.id]}
    thread = exchange.ask("POST", threads, alice.token, json=body)
    path = f"{threads}/{thread['id']}"
    message = exchange.ask("POST", f"{path}/messages", bob.token, json={"text": "I do"})
    exchange.ask("PUT", f"/api/v1/messages/{message['id']}", bob.token, json={"text": "I may"})
    for who in (alice, bob, carol):
        for below in (threads, "/api/v1/messages/requests", path, f"{path}/messages", "/api/v1/messages/settings"):
            exchange.ask("GET", below, who.token)
        for verb in ("accept", "typing", "read", "mute", "unmute"):
            exchange.ask("POST", f"{path}/{verb}", who.token)
    exchange.ask("GET", "/api/v1/messages/unread_count", bob.token)
    exchange.ask("PATCH", path, bob.token, json={"title": "A long walk"})
    exchange.ask("PATCH", "/api/v1/messages/settings", carol.token, json={"read_receipts": False})
    exchange.ask("GET", f"/api/v1/messages/{message['id']}", carol.token)
    exchange.ask("DELETE", f"/api/v1/messages/{message['id']}", carol.token)
    exchange.ask("DELETE", f"/api/v1/messages/{message['id']}", bob.token, params={"scope": "all"})
    exchange.ask("POST", f"{path}/leave", carol.token)
    exchange.ask("POST", f"{path}/decline", carol.token, status=404)
    exchange.ask("POST", f"{path}/members", alice.token, json={"account_ids": [carol.id]})
    exchange.ask("POST", f"{path}/decline", carol.token)
    exchange.ask("DELETE", path, alice.token)


def notifications(exchange: Exchange, alice: Person) -> None:
    path, grouped = "/api/v1/notifications", "/api/v2/notifications"
    kinds = {"mention", "favourite", "reblog", "follow", "quote"}
    told = exchange.soon("GET", path, alice.token, lambda found: {one["type"] for one in found} >= kinds)
    exchange.ask("GET", f"{path}/{told[0]['id']}", alice.token)
    exchange.ask("GET", f"{path}/unread_count", alice.token)
    groups = exchange.ask("GET", grouped, alice.token, params={"expand_accounts": "partial_avatars"})
    exchange.ask("GET", grouped, alice.token, params={"limit": 2, "grouped_types[]": ["follow"]})
    exchange.ask("GET", f"{grouped}/unread_count", alice.token)
    for group in groups["notification_groups"]:
        exchange.ask("GET", f"{grouped}/{group['group_key']}", alice.token)
        exchange.ask("GET", f"{grouped}/{group['group_key']}/accounts", alice.token)
    exchange.ask("POST", f"{grouped}/{groups['notification_groups'][0]['group_key']}/dismiss", alice.token)
    notification_requests(exchange, alice)
    told = exchange.ask("GET", path, alice.token)
    exchange.ask("POST", f"{path}/{told[0]['id']}/dismiss", alice.token)
    exchange.ask("POST", f"{path}/dismiss", alice.token, data={"id": told[1]["id"]})
    exchange.ask("POST", f"{path}/clear", alice.token)


def notification_requests(exchange: Exchange, alice: Person) -> None:
    """Somebody who is held back, and let in, and their words dismissed."""
    path, policy = "/api/v1/notifications/requests", "/api/v2/notifications/policy"
    exchange.ask("GET", policy, alice.token)
    exchange.ask("GET", "/api/v1/notifications/policy", alice.token)
    exchange.ask("PATCH", policy, alice.token, json={"for_not_following": "filter"})
    for verb in ("dismiss", "accept"):
        for many in (True, False):
            one = join(exchange, f"stranger{many:d}")
            exchange.ask("POST", "/api/v1/statuses", one.token, json={"status": f"@{alice.name} hello"})
            (asked,) = exchange.soon("GET", path, alice.token, lambda found: len(found) == 1)
            exchange.ask("GET", f"{path}/{asked['id']}", alice.token)
            if many:
                exchange.ask("POST", f"{path}/{verb}", alice.token, json={"id": [asked["id"]]})
            else:
                exchange.ask("POST", f"{path}/{asked['id']}/{verb}", alice.token)
    exchange.soon("GET", f"{path}/merged", alice.token, lambda told: told["merged"])
    for method in ("PUT", "PATCH"):
        exchange.ask(method, "/api/v1/notifications/policy", alice.token, json={"filter_not_following": False})
    exchange.ask("GET", "/api/v1/notifications", alice.token, params={"include_filtered": "true"})


def filters(exchange: Exchange, status: Any, bob: Person) -> None:
    """What bob does not want to read, as newer and as older clients say it."""
    path, token = "/api/v2/filters", bob.token
    form = {
        "title": "Birds", "context[]": ["home", "thread"], "filter_action": "blur", "expires_in": "3600",
        "keywords_attributes[0][keyword]": "birds", "keywords_attributes[0][whole_word]": "true",
    }  # fmt: skip
    made = exchange.ask("POST", path, token, data=form)
    exchange.ask("POST", path, token, 422, json={"title": "", "context": []})
    exchange.ask("GET", "/api/v1/timelines/home", token)
    exchange.ask("GET", f"/api/v1/statuses/{status['id']}/context", token)
    exchange.ask("PUT", f"{path}/{made['id']}", token, json={"title": "All birds", "expires_in": None})
    keyword = exchange.ask("POST", f"{path}/{made['id']}/keywords", token, json={"keyword": "finch"})
    exchange.ask("PUT", f"{path}/keywords/{keyword['id']}", token, json={"keyword": "finches", "whole_word": False})
    exchange.ask("GET", f"{path}/keywords/{keyword['id']}", token)
    single = exchange.ask("POST", f"{path}/{made['id']}/statuses", token, json={"status_id": status["id"]})
    exchange.ask("GET", f"{path}/statuses/{single['id']}", token)
    for below in ("", "/keywords", "/statuses"):
        exchange.ask("GET", f"{path}/{made['id']}{below}", token)
    exchange.ask("GET", path, token)
    exchange.ask("GET", f"/api/v1/statuses/{status['id']}", token)
    exchange.ask("DELETE", f"{path}/statuses/{single['id']}", token)
    exchange.ask("DELETE", f"{path}/keywords/{keyword['id']}", token)
    exchange.ask("DELETE", f"{path}/{made['id']}", token)
    exchange.ask("GET", f"{path}/{made['id']}", token, 404)
    path = "/api/v1/filters"
    made = exchange.ask("POST", path, token, json={"phrase": "owl", "context": ["home"], "irreversible": True})
    exchange.ask("GET", path, token)
    exchange.ask("GET", f"{path}/{made['id']}", token)
    exchange.ask("PUT", f"{path}/{made['id']}", token, json={"phrase": "owls", "context": ["home"]})
    exchange.ask("DELETE", f"{path}/{made['id']}", token)


def pushes(exchange: Exchange, alice: Person) -> None:
    """A browser subscribes, and thinks better of it; the keys are those of RFC 8291's example."""
    path = "/api/v1/push/subscription"
    form = {
        "subscription[endpoint]": "https://push.example.org/1",
        "subscription[keys][p256dh]": P256DH,
        "subscription[keys][auth]": AUTH,
        "data[alerts][mention]": "true",
        "data[policy]": "followed",
    }
    exchange.ask("POST", path, alice.token, data=form)
    exchange.ask("GET", path, alice.token)
    exchange.ask("PUT", path, alice.token, data={"data[alerts][follow]": "true"})
    exchange.ask("DELETE", path, alice.token)
    exchange.ask("GET", path, alice.token, 404)


def words_of_the_operator(exchange: Exchange, alice: Person) -> None:
    """Announcements, with what one does about them, and the server's texts."""
    path = "/api/v1/announcements"
    (told,) = exchange.ask("GET", path, alice.token)
    for method in ("PUT", "DELETE", "PUT"):
        exchange.ask(method, f"{path}/{told['id']}/reactions/🐦", alice.token)
    exchange.ask("PUT", f"{path}/{told['id']}/reactions/blobcat", alice.token, 422)
    exchange.ask("POST", f"{path}/{told['id']}/dismiss", alice.token)
    exchange.ask("GET", path, alice.token)
    exchange.ask("GET", "/api/v1/instance/privacy_policy")
    terms = exchange.ask("GET", "/api/v1/instance/terms_of_service")
    exchange.ask("GET", f"/api/v1/instance/terms_of_service/{terms['effective_date']}")
    exchange.ask("GET", f"/api/v1/instance/terms_of_service/{terms['succeeded_by']}")
    exchange.ask("GET", "/api/v1/instance/terms_of_service/1999-01-01", status=404)


def finding(exchange: Exchange, status: Any, alice: Person, bob: Person) -> None:
    """Searches, some of which are kept, and what trends."""
    path = "/api/v2/search?type=statuses&q="
    exchange.soon("GET", f"{path}birds+from:me", alice.token, lambda found: bool(found["statuses"]))
    exchange.ask("GET", f"{path}birds OR rain&order=relevance&account_id={alice.id}", alice.token)
    exchange.ask("GET", f"{path}is:sensitive&max_id={status['id']}", bob.token)
    exchange.ask("GET", f"/api/v2/search?q={bob.name}&exclude_unreviewed=true", alice.token)
    exchange.ask("GET", f"{path}birds (rain", alice.token, 422)
    kept = exchange.ask("POST", "/api/v1/searches", alice.token, json={"query": "birds", "title": "Birds"})
    exchange.ask("PUT", f"/api/v1/searches/{kept['id']}", alice.token, json={"query": "birds OR rain"})
    exchange.ask("GET", "/api/v1/searches", alice.token)
    exchange.ask("GET", f"/api/v1/searches/{kept['id']}", alice.token)
    exchange.ask("GET", f"/api/v1/timelines/search/{kept['id']}", alice.token)
    exchange.ask("POST", "/api/v1/searches", alice.token, 422, json={"query": "has:feathers"})
    birds = exchange.ask("POST", "/api/v1/lists", alice.token, json={"title": "Found"})
    listed = f"/api/v1/lists/{birds['id']}/searches"
    exchange.ask("POST", listed, alice.token, json={"search_ids": [kept["id"]]})
    exchange.ask("GET", listed, alice.token)
    exchange.ask("DELETE", listed, alice.token, json={"search_ids": [kept["id"]]})
    exchange.ask("DELETE", f"/api/v1/lists/{birds['id']}", alice.token)
    exchange.ask("DELETE", f"/api/v1/searches/{kept['id']}", alice.token)
    for below in ("tags", "statuses", "links"):
        exchange.ask("GET", f"/api/v1/trends/{below}?limit=5", alice.token)
        exchange.ask("GET", f"/api/v1/admin/trends/{below}", alice.token, 403)


def lists_without_end(exchange: Exchange, alice: Person) -> None:
    """What clients poll, empty or not."""
    for path in (
        "/api/v1/announcements", "/api/v1/domain_blocks", "/api/v1/endorsements",
        "/api/v1/featured_tags", "/api/v1/featured_tags/suggestions",
        "/api/v1/followed_tags", "/api/v1/lists", "/api/v1/suggestions",
        "/api/v2/suggestions",
    ):  # fmt: skip
        exchange.ask("GET", path, alice.token)


def endings(exchange: Exchange, alice: Person, bob: Person) -> None:
    """Everything taken back."""
    posted = exchange.ask("POST", "/api/v1/statuses", alice.token, json={"status": "short-lived"})
    path = f"/api/v1/statuses/{posted['id']}"
    for verb, who in (("favourite", bob), ("bookmark", bob), ("reblog", bob), ("mute", bob), ("pin", alice)):
        exchange.ask("POST", f"{path}/{verb}", who.token)
        exchange.ask("POST", f"{path}/un{verb}", who.token)
    exchange.ask("POST", f"{path}/translate", alice.token, 404, json={"lang": "de"})
    exchange.ask("DELETE", path, alice.token)
    exchange.ask("GET", path, status=404)
    for method in ("POST", "DELETE"):
        exchange.ask(method, "/api/v1/domain_blocks", alice.token, json={"domain": "elsewhere.example"})
    exchange.ask("POST", f"/api/v1/accounts/{alice.id}/unfollow", bob.token)


def errors(exchange: Exchange, alice: Person) -> None:
    """Refusals have a shape, too."""
    exchange.ask("GET", "/api/v1/timelines/home", status=401)
    exchange.ask("GET", "/api/v1/timelines/home", "not a token", 401)
    exchange.ask("GET", "/api/v1/notifications/12345", alice.token, 404)
    exchange.ask("PATCH", "/api/v1/accounts/update_credentials", alice.token, 422, json={"display_name": "x" * 5000})
