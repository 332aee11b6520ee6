"""Uploads: what is ready at once, what takes a while, what is refused, and posts that show them."""

import tempfile
from pathlib import Path
from typing import Any, Protocol

from exchange import Exchange

from uploading import film, picture


class Someone(Protocol):
    """Somebody with a token."""

    @property
    def token(self) -> str: ...


def tell(exchange: Exchange, alice: Someone, bob: Someone) -> None:
    """Pictures, videos and what is neither."""
    files = {"file": ("bird.jpg", picture(), "image/jpeg")}
    said = {"description": "Four quarters", "focus": "0.1,-0.2"}
    shown = exchange.ask("POST", "/api/v2/media", alice.token, files=files, data=said)
    waited = exchange.ask("POST", "/api/v1/media", alice.token, files=files)
    for one in (shown, waited):
        exchange.ask("GET", f"/api/v1/media/{one['id']}", alice.token)
        exchange.ask("GET", f"/api/v1/media/{one['id']}", bob.token, 404)
    thumbnail = {"thumbnail": ("small.jpg", picture(300, 200), "image/jpeg")}
    exchange.ask("PUT", f"/api/v1/media/{waited['id']}", alice.token, files=thumbnail, data={"description": "Colours"})
    exchange.ask("PUT", f"/api/v1/media/{waited['id']}", alice.token, 422, json={"focus": "everywhere"})
    video = _video(exchange, alice)
    exchange.ask("POST", "/api/v2/media", alice.token, 422, files={"file": ("x.jpg", b"<svg/>", "image/jpeg")})
    exchange.ask("POST", "/api/v2/media", alice.token, 422, data={"description": "no file"})
    exchange.ask("POST", "/api/v2/media", None, 401, files=files)
    for one in ([shown["id"], waited["id"]], [video["id"]]):
        post = exchange.ask("POST", "/api/v1/statuses", alice.token, json={"status": "Look", "media_ids": one})
        exchange.ask("GET", f"/api/v1/statuses/{post['id']}", bob.token)
    exchange.ask("DELETE", f"/api/v1/media/{shown['id']}", alice.token, 422)
    spare = exchange.ask("POST", "/api/v2/media", alice.token, files=files)
    exchange.ask("DELETE", f"/api/v1/media/{spare['id']}", bob.token, 404)
    exchange.ask("DELETE", f"/api/v1/media/{spare['id']}", alice.token)


def _video(exchange: Exchange, alice: Someone) -> Any:
    """One that takes longer than an app is kept waiting."""
    with tempfile.TemporaryDirectory() as folder:
        contents = film(Path(folder, "film.mp4"), 6.0, size="1280x720", codec="mpeg4")
    taken = exchange.ask("POST", "/api/v2/media", alice.token, 202, files={"file": ("film", contents, "video/mp4")})
    exchange.ask("GET", f"/api/v1/media/{taken['id']}", alice.token, 206)
    return exchange.until_status("GET", f"/api/v1/media/{taken['id']}", alice.token, 200)
