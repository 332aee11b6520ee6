"""Archives as Mastodon and X give them, small and made by hand."""

import io
import json
import tarfile
import zipfile
from typing import Any

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
FOLLOWERS = "https://elsewhere.example/users/alice/followers"


def note(number: int, content: str, published: str, **more: Any) -> dict[str, Any]:
    """A post in an outbox, public unless told otherwise."""
    to, cc = more.pop("to", [PUBLIC]), more.pop("cc", [FOLLOWERS])
    url = f"https://elsewhere.example/users/alice/statuses/{number}"
    written = {
        "id": url,
        "type": "Note",
        "summary": None,
        "inReplyTo": None,
        "published": published,
        "to": to,
        "cc": cc,
        "sensitive": False,
        "content": content,
        "contentMap": {"en": content},
        **more,
    }
    return {"id": f"{url}/activity", "type": "Create", "published": published, "to": to, "cc": cc, "object": written}


def mastodon_tar(*activities: dict[str, Any]) -> bytes:
    """A `.tar.gz` with an outbox, and a picture that nobody reads."""
    outbox = {"@context": "…", "id": "outbox.json", "type": "OrderedCollection", "orderedItems": list(activities)}
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as archive:
        for name, raw in (("media_attachments/1.png", b"\x89PNG" * 1000), ("outbox.json", json.dumps(outbox).encode())):
            member = tarfile.TarInfo(name)
            member.size = len(raw)
            archive.addfile(member, io.BytesIO(raw))
    return file.getvalue()


def tweet(number: int, text: str, created_at: str, **more: Any) -> dict[str, Any]:
    """A post of X."""
    return {
        "tweet": {
            "id": str(number),
            "id_str": str(number),
            "full_text": text,
            "created_at": created_at,
            "lang": "en",
            "entities": {"urls": []},
            **more,
        }
    }


def x_zip(*tweets: dict[str, Any], name: str = "data/tweets.js") -> bytes:
    """A `.zip` as X gives it: JavaScript that assigns JSON."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("Your archive.html", "<html></html>")
        archive.writestr(name, "window.YTD.tweets.part0 = " + json.dumps(list(tweets)))
    return file.getvalue()
