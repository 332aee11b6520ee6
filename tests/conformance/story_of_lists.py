"""The part of the story about lists, hashtags and collections."""

from typing import TYPE_CHECKING

from exchange import Exchange

if TYPE_CHECKING:
    from story import Person


def tell(exchange: Exchange, alice: "Person", bob: "Person") -> None:
    """What people put together for themselves and for others."""
    lists(exchange, alice, bob)
    tags(exchange, alice, bob)
    collections(exchange, alice, bob)


def tags(exchange: Exchange, alice: "Person", bob: "Person") -> None:
    """Hashtags that one follows and features."""
    for verb in ("follow", "feature"):
        exchange.ask("POST", f"/api/v1/tags/birds/{verb}", alice.token)
    featured = exchange.ask("POST", "/api/v1/featured_tags", alice.token, data={"name": "Finch"})
    exchange.ask("POST", "/api/v1/statuses", alice.token, json={"status": "a #finch and a #wren"})
    for path in ("/api/v1/followed_tags", "/api/v1/featured_tags", "/api/v1/featured_tags/suggestions"):
        exchange.ask("GET", path, alice.token)
    exchange.ask("GET", f"/api/v1/accounts/{alice.id}/featured_tags", bob.token)
    exchange.ask("GET", "/api/v1/tags/birds", alice.token)
    exchange.ask("GET", f"/api/v1/accounts/{alice.id}/statuses", bob.token, params={"tagged": "finch"})
    exchange.ask("POST", "/api/v1/featured_tags", alice.token, 422, data={"name": "no hashtag"})
    exchange.ask("DELETE", f"/api/v1/featured_tags/{featured['id']}", alice.token)
    for verb in ("unfollow", "unfeature"):
        exchange.ask("POST", f"/api/v1/tags/birds/{verb}", alice.token)


def collections(exchange: Exchange, alice: "Person", bob: "Person") -> None:
    """Accounts that one recommends together."""
    asked = {"name": "Birders", "description": "Worth following", "tag_name": "birds", "language": "en"}
    made = exchange.ask("POST", "/api/v1/collections", alice.token, json=asked)["collection"]
    path = f"/api/v1/collections/{made['id']}"
    item = exchange.ask("POST", f"{path}/items", alice.token, data={"account_id": bob.id})["collection_item"]
    exchange.ask("PATCH", path, alice.token, json={"name": "Twitchers", "sensitive": True})
    exchange.ask("GET", path)
    exchange.ask("GET", f"/api/v1/accounts/{alice.id}/collections")
    exchange.ask("GET", f"/api/v1/accounts/{bob.id}/in_collections", bob.token)
    exchange.ask("POST", f"{path}/items/{item['id']}/revoke", bob.token)
    exchange.ask("POST", f"{path}/items", alice.token, 403, data={"account_id": bob.id})
    own = exchange.ask("POST", f"{path}/items", alice.token, data={"account_id": alice.id})["collection_item"]
    exchange.ask("DELETE", f"{path}/items/{own['id']}", alice.token)
    # Not refused here: Mastodon nests this one error in another, and ours is the same string everywhere.
    exchange.ask("DELETE", path, alice.token)
    exchange.ask("GET", path, alice.token, 404)


def lists(exchange: Exchange, alice: "Person", bob: "Person") -> None:
    """People and hashtags in a timeline of their own, with bodies of every form."""
    exchange.ask("POST", f"/api/v1/accounts/{bob.id}/follow", alice.token)
    made = exchange.ask("POST", "/api/v1/lists", alice.token, data={"title": "Birds", "replies_policy": "followed"})
    path = f"/api/v1/lists/{made['id']}"
    exchange.ask("PUT", path, alice.token, json={"title": "Songbirds", "replies_policy": "list", "exclusive": True})
    exchange.ask("POST", f"{path}/accounts", alice.token, data={"account_ids[]": [bob.id]})
    exchange.ask("POST", f"{path}/tags", alice.token, json={"tags": ["birds"]})
    for below in ("", "/accounts", "/tags"):
        exchange.ask("GET", path + below, alice.token)
    exchange.ask("GET", f"/api/v1/accounts/{bob.id}/lists", alice.token)
    exchange.ask("GET", f"/api/v1/timelines/list/{made['id']}", alice.token)
    exchange.ask("GET", "/api/v1/lists", alice.token)
    exchange.ask("DELETE", f"{path}/accounts", alice.token, json={"account_ids": [bob.id]})
    exchange.ask("DELETE", f"{path}/tags", alice.token, data={"tags[]": ["birds"]})
    exchange.ask("POST", "/api/v1/lists", alice.token, 422, json={"title": ""})
    exchange.ask("DELETE", path, alice.token)
    exchange.ask("GET", path, alice.token, 404)
    exchange.ask("POST", f"/api/v1/accounts/{bob.id}/unfollow", alice.token)
