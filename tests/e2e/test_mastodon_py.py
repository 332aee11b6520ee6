"""Mastodon.py as it comes from PyPI: registers an app, signs in through the browser, and does what its users do."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from mastodon import Mastodon, MastodonAPIError, MastodonNotFoundError, MastodonUnauthorizedError, StreamListener

from running import PASSWORD, Newcomer, Prolific, Server, code_from_browser, eventually, post_many
from uploading import film, picture

SCOPES = ["read", "write", "follow", "push"]

App = tuple[str, str]
Client = Any
"""A `Mastodon`, whose own annotations leave half of what it answers unknown."""


@pytest.fixture(scope="module")
def app(server: Server) -> App:
    """The id and the secret of an app that registered itself."""
    return Mastodon.create_app("Wren", scopes=SCOPES, website="https://wren.example", api_base_url=server.url)


@pytest.fixture(scope="module")
def alice(server: Server, app: App) -> Client:
    return signed_in(server, app, server.join("alice"))


@pytest.fixture(scope="module")
def bob(server: Server, app: App) -> Client:
    return signed_in(server, app, server.join("bob"))


def client_of(server: Server, app: App, token: str | None = None) -> Client:
    """A client that refuses to call what the server's version lacks, and takes no refusal for a reason to wait."""
    return Mastodon(
        client_id=app[0],
        client_secret=app[1],
        access_token=token,
        api_base_url=server.url,
        version_check_mode="created",
        ratelimit_method="throw",
    )


def signed_in(server: Server, app: App, person: Newcomer) -> Client:
    """Somebody's client, let in through the browser."""
    client = client_of(server, app)
    address = client.auth_request_url(scopes=SCOPES, allow_http=True)
    client.log_in(code=code_from_browser(address, person.name), scopes=SCOPES, allow_http=True)
    return client


def test_an_app_signs_in_finds_out_who_it_is_and_signs_out(server: Server, app: App) -> None:
    person = server.join("carol")
    client = signed_in(server, app, person)
    assert client.me().username == person.name
    assert client.app_verify_credentials().name == "Wren"
    assert client.verify_minimum_version("4.3.0")
    token = client.access_token
    client.revoke_access_token(allow_http=True)
    with pytest.raises(MastodonUnauthorizedError):
        client_of(server, app, token).me()


def test_a_code_works_once_and_a_password_never(server: Server, app: App) -> None:
    person = server.join("dora")
    client = client_of(server, app)
    code = code_from_browser(client.auth_request_url(scopes=SCOPES, state="x", allow_http=True), person.name)
    client.log_in(code=code, scopes=SCOPES, allow_http=True)
    with pytest.raises(Exception, match="Invalid access token"):
        client_of(server, app).log_in(code=code, scopes=SCOPES, allow_http=True)
    with pytest.raises(Exception, match="Password flow"):
        client_of(server, app).log_in(person.email, PASSWORD, scopes=SCOPES, allow_http=True)


def test_an_app_gets_only_what_it_asked_for(server: Server) -> None:
    app = Mastodon.create_app("Reader", scopes=["read"], api_base_url=server.url)
    client, person = client_of(server, app), server.join("erin")
    code = code_from_browser(client.auth_request_url(scopes=["read"], allow_http=True), person.name)
    client.log_in(code=code, scopes=["read"], allow_http=True)
    assert client.timeline_home() == []
    with pytest.raises(MastodonAPIError, match="outside the authorized scopes"):
        client.status_post("not mine to write")


def test_an_app_signs_people_up(server: Server, app: App) -> None:
    client = client_of(server, app)
    name = f"{server.join('x').name}new"
    client.create_account(name, PASSWORD, f"{name}@example.org", agreement=True, scopes=SCOPES)
    assert client.me().username == name


def test_posting_editing_and_deleting(alice: Client) -> None:
    posted = alice.status_post(
        "Guten Morgen #linnet https://example.com", spoiler_text="früh", visibility="unlisted", language="de"
    )
    assert (posted.visibility, posted.spoiler_text, posted.language) == ("unlisted", "früh", "de")
    assert [tag.name for tag in posted.tags] == ["linnet"]
    assert posted.application.name == "Wren"
    assert datetime.now(UTC) - posted.created_at < timedelta(minutes=5)
    edited = alice.status_update(posted.id, "Guten Abend", spoiler_text="spät")
    assert edited.edited_at is not None
    assert "Abend" in edited.content
    assert [version.spoiler_text for version in alice.status_history(posted.id)] == ["früh", "spät"]
    assert alice.status_source(posted.id).text == "Guten Abend"
    assert alice.status_delete(posted.id).text == "Guten Abend"
    with pytest.raises(MastodonNotFoundError):
        alice.status(posted.id)


def test_the_same_idempotency_key_makes_one_post(alice: Client) -> None:
    key = f"key-{time.time_ns()}"
    first, again = (alice.status_post("only once", idempotency_key=key) for _ in range(2))
    assert first.id == again.id


def test_a_reply_mentions_whom_it_answers_and_makes_a_thread(alice: Client, bob: Client) -> None:
    root = alice.status_post("who is there?")
    reply = bob.status_reply(root, "me")
    assert [mention.username for mention in reply.mentions] == [alice.me().username]
    assert reply.in_reply_to_id == root.id
    assert [one.id for one in alice.status_context(root).descendants] == [reply.id]
    assert [one.id for one in alice.status_context(reply).ancestors] == [root.id]
    assert alice.status(root).replies_count == 1


def test_marks_on_a_post_and_their_lists(alice: Client, bob: Client) -> None:
    status = alice.status_post("mark me")
    assert bob.status_favourite(status).favourited
    assert bob.status_bookmark(status).bookmarked
    assert bob.status_reblog(status).reblog.reblogged
    assert alice.status_pin(status).pinned
    assert alice.status_mute(status).muted
    assert [one.username for one in alice.status_favourited_by(status)] == [bob.me().username]
    assert [one.username for one in alice.status_reblogged_by(status)] == [bob.me().username]
    assert bob.favourites()[0].id == bob.bookmarks()[0].id == status.id
    assert [one.id for one in bob.account_statuses(alice.me(), pinned=True)] == [status.id]
    assert not bob.status_unfavourite(status).favourited
    assert not bob.status_unbookmark(status).bookmarked
    assert not bob.status_unreblog(status).reblogged
    assert not alice.status_unpin(status).pinned
    assert not alice.status_unmute(status).muted
    assert [one.id for one in bob.statuses([status.id])] == [status.id]


def test_a_poll_is_asked_and_answered(alice: Client, bob: Client) -> None:
    poll = alice.make_poll(["linnet", "wren"], expires_in=600, multiple=True)
    asked = alice.status_post("Which ones?", poll=poll)
    assert [option.title for option in asked.poll.options] == ["linnet", "wren"]
    assert bob.poll_vote(asked.poll, [0, 1]).own_votes == [0, 1]
    seen = alice.poll(asked.poll)
    assert ([option.votes_count for option in seen.options], seen.voters_count) == ([1, 1], 1)
    assert seen.expires_at > datetime.now(UTC)
    with pytest.raises(MastodonAPIError):
        bob.poll_vote(asked.poll, 0)
    edited = alice.status_update(asked.id, "Which one?", poll=alice.make_poll(["robin", "finch"], expires_in=600))
    assert [option.title for option in edited.poll.options] == ["robin", "finch"]


def test_a_post_for_later_is_moved_and_called_off(alice: Client) -> None:
    at = datetime.now(UTC) + timedelta(hours=1)
    kept = alice.status_post("Good morning", scheduled_at=at, visibility="unlisted")
    assert (kept.params.text, kept.params.visibility) == ("Good morning", "unlisted")
    assert [one.id for one in alice.scheduled_statuses()] == [kept.id]
    moved = alice.scheduled_status_update(kept.id, at + timedelta(hours=1))
    assert moved.scheduled_at > kept.scheduled_at
    assert alice.scheduled_status(kept.id).scheduled_at == moved.scheduled_at
    alice.scheduled_status_delete(kept.id)
    assert alice.scheduled_statuses() == []


def test_what_is_between_two_people(server: Server, app: App, alice: Client) -> None:
    bird = signed_in(server, app, server.join("bird"))
    me, other = alice.me(), bird.me()
    assert alice.account_follow(other, notify=True).following
    assert [one.id for one in bird.account_followers(other)] == [me.id]
    assert [one.id for one in bird.account_following(me)] == [other.id]
    (relationship,) = bird.account_relationships(me)
    assert (relationship.followed_by, relationship.following) == (True, False)
    assert alice.account_note_set(other, "met at the lake").note == "met at the lake"
    assert alice.account_mute(other, notifications=False, duration=3600).muting
    assert [one.id for one in alice.mutes()] == [other.id]
    assert not alice.account_unmute(other).muting
    assert bird.account_remove_from_followers(me).followed_by is False
    blocked = alice.account_block(other)
    assert (blocked.blocking, blocked.following) == (True, False)
    assert [one.id for one in alice.blocks()] == [other.id]
    assert not alice.account_unblock(other).blocking
    assert alice.account_follow(other).following
    assert not alice.account_unfollow(other).following


def test_a_list_of_people_is_a_timeline(alice: Client, bob: Client) -> None:
    alice.account_follow(bob.me())
    made = alice.list_create("Birds", replies_policy="followed", exclusive=True)
    assert (made.title, made.replies_policy, made.exclusive) == ("Birds", "followed", True)
    alice.list_accounts_add(made, [bob.me()])
    assert [one.id for one in alice.list_accounts(made)] == [bob.me().id]
    assert [one.id for one in alice.account_lists(bob.me())] == [made.id]
    posted = bob.status_post("on a list")
    assert alice.timeline_list(made, limit=1)[0].id == posted.id
    assert alice.list_update(made, "Songbirds", replies_policy="none", exclusive=False).title == "Songbirds"
    assert [one.title for one in alice.lists()] == ["Songbirds"]
    alice.list_accounts_delete(made, [bob.me()])
    assert alice.list_accounts(made) == []
    alice.list_delete(made)
    assert alice.lists() == []
    alice.account_unfollow(bob.me())


def test_followed_and_featured_hashtags(alice: Client, bob: Client) -> None:
    assert alice.tag_follow("Chiffchaff").following
    assert [tag.name for tag in alice.followed_tags()] == ["chiffchaff"]
    posted = bob.status_post("a #chiffchaff")
    assert alice.timeline_home(limit=1)[0].id == posted.id
    assert not alice.tag_unfollow("chiffchaff").following
    featured = bob.featured_tag_create("chiffchaff")
    assert [tag.name for tag in alice.account_featured_tags(bob.me())] == ["chiffchaff"]
    assert [tag.name for tag in bob.featured_tags()] == ["chiffchaff"]
    assert bob.featured_tag_suggestions() == []
    bob.featured_tag_delete(featured)
    assert bob.featured_tags() == []


def test_filters_warn_and_hide(alice: Client, bob: Client) -> None:
    words = [{"keyword": "dunnock", "whole_word": True}]
    made = alice.create_filter_v2("Birds", ["home", "thread"], "warn", expires_in=3_600, keywords_attributes=words)
    assert [one.keyword for one in made.keywords] == ["dunnock"]
    alice.account_follow(bob.me())
    posted = bob.status_post("a Dunnock")
    shown = eventually(lambda: alice.timeline_home(limit=1), lambda home: [one.id for one in home] == [posted.id])
    assert [one.filter.title for one in shown[0].filtered] == ["Birds"]
    assert shown[0].filtered[0].keyword_matches == ["dunnock"]
    assert alice.update_filter_v2(made, filter_action="hide").filter_action == "hide"
    assert posted.id not in [one.id for one in alice.timeline_home()]
    added = alice.add_filter_keyword_v2(made, "wren", whole_word=False)
    assert [one.keyword for one in alice.filter_keywords_v2(made)] == ["dunnock", "wren"]
    alice.delete_filter_keyword_v2(added)
    single = alice.add_filter_status_v2(made, posted)
    assert [one.status_id for one in alice.filter_statuses_v2(made)] == [posted.id]
    assert alice.filter_status_v2(single).id == single.id
    alice.delete_filter_status_v2(single)
    assert [one.phrase for one in alice.filters()] == ["dunnock"], "as older clients see it"
    older = alice.filter_create("robin", ["home", "public"], irreversible=True)
    assert alice.filter_update(older, phrase="robins").phrase == "robins"
    alice.filter_delete(older)
    alice.delete_filter_v2(made)
    assert alice.filters_v2() == []
    alice.account_unfollow(bob.me())


def test_quotes_are_allowed_and_revoked(alice: Client, bob: Client) -> None:
    posted = alice.status_post("quote me", quote_approval_policy="public")
    quote = bob.status_post("look", quoted_status_id=posted)
    assert (quote.quote.state, quote.quote.quoted_status.id) == ("accepted", posted.id)
    assert [one.id for one in alice.status_quotes(posted)] == [quote.id]
    revoked = alice.status_quote_revoke(posted, quote)
    assert (revoked.quote.state, revoked.quote.quoted_status) == ("revoked", None)
    assert alice.status_quotes(posted) == []
    closed = alice.status_update_quote_approval_policy(posted, "nobody")
    assert closed.quote_approval.automatic == []
    with pytest.raises(MastodonAPIError):
        bob.status_post("again", quoted_status_id=posted)
    assert alice.preferences()["posting:default:visibility"] == "public"


def test_a_locked_account_is_asked_first(server: Server, app: App, bob: Client) -> None:
    shy = signed_in(server, app, server.join("shy"))
    assert shy.account_update_credentials(locked=True).locked
    assert bob.account_follow(shy.me()).requested
    assert [one.id for one in shy.follow_requests()] == [bob.me().id]
    assert shy.follow_request_authorize(bob.me()).followed_by
    assert bob.account_relationships(shy.me())[0].following


def test_a_profile_is_changed_and_found(server: Server, app: App) -> None:
    person = server.join("finch")
    client = signed_in(server, app, person)
    changed = client.account_update_credentials(
        display_name="Fringilla",
        note="A bird.\n\nhttps://example.org",
        bot=True,
        discoverable=True,
        fields=[("Pronouns", "they"), ("Site", "https://example.org")],
    )
    assert (changed.display_name, changed.bot) == ("Fringilla", True)
    assert [(field.name, field.value) for field in changed.source.fields] == [
        ("Pronouns", "they"),
        ("Site", "https://example.org"),
    ]
    assert client.account_lookup(person.name).id == changed.id
    assert [one.id for one in client.account_search(person.name)] == [changed.id]
    assert [one.id for one in client.search(person.name, result_type="accounts").accounts] == [changed.id]
    assert client.preferences()["posting:default:visibility"] == "public"
    for address in (changed.avatar, changed.header):
        assert httpx.get(address).headers["content-type"].startswith("image/")


def test_notifications_tell_what_others_did(server: Server, app: App, bob: Client) -> None:
    person = server.join("wren")
    client = signed_in(server, app, person)
    status = client.status_post("tell me")
    bob.account_follow(client.me())
    bob.status_favourite(status)
    bob.status_reblog(status)
    bob.status_post(f"@{person.name} hello")
    kinds = {"follow", "favourite", "reblog", "mention"}
    told = eventually(client.notifications, lambda found: {one.type for one in found} >= kinds)
    assert {one.account.id for one in told} == {bob.me().id}
    (mention,) = client.notifications(types=["mention"])
    assert "hello" in mention.status.content
    assert client.notifications_unread_count().count == len(told)
    client.markers_set(["notifications"], [told[0].id])
    assert client.markers_get(["notifications"])["notifications"].last_read_id == told[0].id
    client.notifications_dismiss(mention.id)
    assert client.notifications(types=["mention"]) == []
    client.notifications_clear()
    assert client.notifications() == []


def test_paging_back_through_a_long_home_has_no_gap_and_no_duplicate(
    server: Server, app: App, prolific: Prolific
) -> None:
    reader = signed_in(server, app, server.join("reader"))
    reader.account_follow(prolific.author.id)
    ids = eventually(lambda: home_ids(reader, limit=37), lambda found: len(found) >= len(prolific.ids))
    assert ids == prolific.ids
    on_profile = reader.fetch_remaining(reader.account_statuses(prolific.author.id, limit=40))
    assert [int(one.id) for one in on_profile] == prolific.ids


def test_a_long_home_that_is_filled_post_by_post_has_none_either(server: Server, app: App) -> None:
    author, reader = server.join("author"), signed_in(server, app, server.join("reader"))
    reader.account_follow(author.id)
    posted = sorted(asyncio.run(post_many(server, author, 100)), reverse=True)
    assert eventually(lambda: home_ids(reader, limit=40), lambda found: len(found) >= len(posted)) == posted


def test_paging_forward_and_by_date_meets_every_post(server: Server, app: App) -> None:
    author, reader = server.join("author"), signed_in(server, app, server.join("reader"))
    reader.account_follow(author.id)
    before = datetime.now(UTC) - timedelta(seconds=30)
    posted = sorted(asyncio.run(post_many(server, author, 60)))
    eventually(lambda: home_ids(reader, limit=40), lambda ids: len(ids) == len(posted))
    page = reader.timeline_home(min_id=before, limit=25)
    met: list[int] = []
    while page:
        assert [int(one.id) for one in page] == sorted((int(one.id) for one in page), reverse=True)
        met.extend(sorted(int(one.id) for one in page))
        page = reader.fetch_previous(page)
    assert met == posted


def home_ids(client: Client, limit: int) -> list[int]:
    """Every id of the home timeline, page after page, as the client follows the links."""
    ids: list[int] = []
    page = client.timeline_home(limit=limit)
    while page:
        assert len(page) <= limit
        ids.extend(int(status.id) for status in page)
        page = client.fetch_next(page)
    return ids


class _Heard(StreamListener):
    """What a bot hears."""

    def __init__(self) -> None:
        self.events: list[tuple[str, Any]] = []
        self.beats = 0

    def on_any_event(self, name: str, data: Any = None, for_stream: Any = None) -> None:
        self.events.append((name, data))

    def handle_heartbeat(self) -> None:
        self.beats += 1

    def find(self, name: str, **fields: Any) -> Any:
        """The first event of this name with these fields, or None."""
        return next(
            (data for found, data in list(self.events) if found == name and fields.items() <= data.items()), None
        )


def test_a_bot_hears_what_happens_as_it_happens(alice: Client, bob: Client) -> None:
    bob.account_follow(alice.me().id)
    assert bob.stream_healthy()
    home, tagged = _Heard(), _Heard()
    handles = [
        bob.stream_user(home, run_async=True),
        bob.stream_hashtag("mastodonpy", tagged, run_async=True),
    ]
    try:
        eventually(lambda: home.beats and tagged.beats, bool)
        posted = alice.status_post("Hello, bots #mastodonpy")
        heard = eventually(lambda: home.find("update", id=posted.id), bool)
        assert heard.content == posted.content
        eventually(lambda: tagged.find("update", id=posted.id), bool)
        alice.status_update(posted.id, "Hello, all bots #mastodonpy")
        edited = eventually(lambda: home.find("status.update", id=posted.id), bool)
        assert "all bots" in edited.content
        alice.status_favourite(bob.status_post("mine").id)
        told = eventually(lambda: home.find("notification", type="favourite"), bool)
        assert told.account.id == alice.me().id
        alice.status_delete(posted.id)
        eventually(lambda: ("delete", str(posted.id)) in [(name, str(data)) for name, data in home.events], bool)
    finally:
        for handle in handles:
            handle.close()


def test_messages_between_two(server: Server, app: App, alice: Client) -> None:
    carl = signed_in(server, app, server.join("carl"))
    name, mine = carl.me().username, alice.me().username
    said = alice.status_post(f"@{name} between us", visibility="direct")
    assert (said.visibility, [one.username for one in said.mentions]) == ("direct", [name])
    (conversation,) = carl.conversations()
    assert (conversation.unread, conversation.last_status.id) == (True, said.id)
    assert [one.username for one in conversation.accounts] == [mine]
    answer = carl.status_reply(conversation.last_status, "indeed")
    assert (answer.visibility, answer.in_reply_to_id) == ("direct", said.id)
    assert [one.id for one in alice.status_context(answer.id).ancestors] == [said.id]
    assert carl.conversations_read(conversation.id).unread is False
    assert carl.status_favourite(said.id).favourited
    assert carl.timeline_home() == []
    with pytest.raises(MastodonNotFoundError):
        client_of(server, app).status(said.id)
    carl.status_delete(answer.id)
    assert carl.conversations()[0].last_status.id == said.id


def test_pictures_videos_and_their_descriptions(alice: Client, tmp_path: Path) -> None:
    shown = alice.media_post(picture(), mime_type="image/jpeg", description="Four quarters", focus=(0.5, -0.5))
    assert (shown.type, shown.description, shown.meta.focus.x) == ("image", "Four quarters", 0.5)
    assert shown.url
    assert shown.meta.original.width == 640
    film(tmp_path / "film.mp4", codec="mpeg4")
    video = alice.media_post(str(tmp_path / "film.mp4"), synchronous=True)
    assert (video.type, bool(video.url), bool(video.preview_url)) == ("video", True, True)
    assert alice.media(shown.id).blurhash == shown.blurhash
    thumbnail = tmp_path / "small.jpg"
    thumbnail.write_bytes(picture(300, 300))
    renamed = alice.media_update(video.id, description="A test", thumbnail=str(thumbnail))
    assert (renamed.description, renamed.meta.small.width) == ("A test", 300)
    post = alice.status_post("Look", media_ids=[shown])
    assert [one.id for one in post.media_attachments] == [shown.id]
    alice.status_post("", media_ids=[video])
    with pytest.raises(MastodonAPIError, match="not supported"):
        alice.media_post(b"<svg/>", mime_type="image/jpeg")
