"""What is read out of other servers' archives, and what is refused."""

import io
import zipfile

import pytest
from archives import FOLLOWERS, PUBLIC, mastodon_tar, note, tweet, x_zip

from linnet.features.portability import old_posts
from linnet.features.portability.plain import text_of_html
from linnet.platform.errors import Invalid


def test_own_posts_of_mastodon_come_oldest_first_and_nobody_elses_do() -> None:
    second = note(2, "<p>second</p>", "2020-02-02T10:00:00Z", inReplyTo=note(1, "", "")["object"]["id"])
    posts = old_posts.read(
        io.BytesIO(
            mastodon_tar(
                note(1, "<p>first</p>", "2019-01-01T10:00:00Z", summary="careful", sensitive=True),
                second,
                note(3, "<p>to somebody</p>", "2020-03-01T10:00:00Z", inReplyTo="https://other.example/1"),
                note(4, "<p>secret</p>", "2020-04-01T10:00:00Z", to=["https://other.example/bob"], cc=[]),
                note(5, "<p>for followers</p>", "2020-05-01T10:00:00Z", to=[FOLLOWERS], cc=[]),
                note(6, "<p>quiet</p>", "2020-06-01T10:00:00Z", to=[FOLLOWERS], cc=[PUBLIC]),
                {"type": "Announce", "object": "https://other.example/2"},
            )
        )
    )
    assert [(p["text"], p["visibility"]) for p in posts] == [
        ("first", "public"),
        ("second", "public"),
        ("for followers", "private"),
        ("quiet", "unlisted"),
    ]
    assert (posts[0]["spoiler_text"], posts[0]["sensitive"], posts[0]["language"]) == ("careful", True, "en")
    assert posts[1]["answers"] == posts[0]["source"]
    assert posts[0]["at"] == "2019-01-01T10:00:00+00:00"


def test_own_posts_of_x_come_with_the_addresses_that_were_shortened() -> None:
    link = {"urls": [{"url": "https://t.co/a1", "expanded_url": "https://example.com/bird"}]}
    posts = old_posts.read(
        io.BytesIO(
            x_zip(
                tweet(20, "a &amp; b https://t.co/a1", "Wed Oct 10 20:19:24 +0000 2018", entities=link),
                tweet(9, "older", "Mon Jan 01 00:00:00 +0000 2018"),
                tweet(30, "RT @bob: not mine", "Wed Oct 10 20:19:24 +0000 2018"),
                tweet(40, "@bob hello", "Wed Oct 10 20:19:24 +0000 2018", in_reply_to_user_id_str="7"),
                tweet(50, "on and on", "Wed Oct 10 20:20:24 +0000 2018", in_reply_to_status_id_str="20"),
            )
        )
    )
    assert [p["text"] for p in posts] == ["older", "a & b https://example.com/bird", "on and on"]
    assert posts[2]["answers"] == posts[1]["source"] == "https://x.com/i/status/20"


def _zip(**files: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, raw in files.items():
            archive.writestr(name.replace("_", "."), raw)
    return file.getvalue()


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"not an archive",
        x_zip()[:60],
        mastodon_tar(note(1, "x", "2019-01-01T10:00:00Z"))[:40],
        mastodon_tar(),
        _zip(outbox_json=b"[1, 2"),
        _zip(outbox_json=b'{"orderedItems": [{"type": "Create", "object": {"id": 5}}]}'),
        _zip(outbox_json=b"[" * 100_000),
        x_zip(tweet(1, "when?", "yesterday")),
    ],
    ids=(  # archives hold the time they were made at, which is another in each process of pytest
        "nothing",
        "no archive",
        "a ZIP cut off",
        "a tar cut off",
        "no posts",
        "broken JSON",
        "other JSON",
        "nested JSON",
        "no date",
    ),
)
def test_what_is_no_archive_or_has_nothing_in_it_is_refused_with_a_sentence(raw: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        old_posts.read(io.BytesIO(raw))
    assert refused.value.message.endswith(".")


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(old_posts, "JSON_BYTES_MAX", 1_000_000)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("outbox.json", b" " * 50_000_000)
    with pytest.raises(Invalid, match="too large"):
        old_posts.read(file)


def test_what_was_typed_comes_back_out_of_html() -> None:
    html = (
        '<p>Hi <span class="h-card"><a href="https://x.example/@bob" class="u-url mention">@<span>bob</span></a></span>'
        ' &amp; all</p><p>see <a href="https://example.com/long/way"><span class="invisible">https://</span>'
        '<span class="ellipsis">example.com/lo</span></a><br>#<b>x</b><script>alert(1)</script></p>'
    )
    assert text_of_html(html) == "Hi @bob & all\n\nsee https://example.com/long/way\n#x"
