"""toot as it comes from PyPI: signs in with a code from the browser, and does what its users do.

To sign in it runs as a command of its own, as at a terminal. What follows runs in this process, through its command
line all the same, because to start it again for each of forty commands takes longer than all the rest.
"""

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner, Result
from toot.cli import cli

from running import Newcomer, Prolific, Server, code_from_browser, eventually

WITHIN_S = 60.0
TOOT = str(Path(sys.executable).parent / "toot")


@dataclass(frozen=True)
class Terminal:
    """Somebody's terminal, with a configuration of its own."""

    person: Newcomer
    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        return {"XDG_CONFIG_HOME": str(self.folder), "HOME": str(self.folder), "COLUMNS": "200"}

    def run(self, *arguments: str, typed: str = "") -> str:
        """The output of `toot …`, which must succeed; `typed` is what the person types meanwhile."""
        done = self._invoke(arguments, typed)
        assert done.exit_code == 0, f"toot {arguments}: {done.output}{done.exception!r}"
        return done.stdout

    def refusal(self, *arguments: str) -> str:
        """What toot says when it cannot do it."""
        done = self._invoke(arguments)
        assert done.exit_code == 1, f"toot {arguments} worked: {done.output}"
        return done.output

    def json(self, *arguments: str) -> Any:
        """What `toot … --json` prints."""
        return json.loads(self.run(*arguments, "--json"))

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        """`toot …` as a command of its own."""
        return subprocess.Popen(
            [TOOT, "--no-color", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, **self.environment},
        )

    def _invoke(self, arguments: tuple[str, ...], typed: str = "") -> Result:
        return CliRunner(env=self.environment).invoke(cli, ["--no-color", *arguments], input=typed)


def log_in(terminal: Terminal, server: Server) -> None:
    """`toot login`: it prints an address, and waits for the code that the browser shows."""
    with terminal.start("login", "--instance", server.url) as process:
        assert process.stdout is not None
        address = None
        while address is None and (line := process.stdout.readline()):
            address = re.match(r"https?://\S+/oauth/authorize/\?\S+", line)
        assert address is not None, "toot printed no address to open"
        code = code_from_browser(address[0], terminal.person.name)
        output, _ = process.communicate(f"n\n{code}\n", WITHIN_S)
    assert "Successfully logged in" in output
    assert process.returncode == 0


@pytest.fixture(scope="module")
def toot(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    """A terminal at which somebody has signed in."""
    terminal = Terminal(server.join("toot"), tmp_path_factory.mktemp("toot"))
    log_in(terminal, server)
    return terminal


@pytest.fixture(scope="module")
def friend(server: Server) -> Newcomer:
    """Somebody else, whose public posts are there to be found."""
    return server.join("friend")


def post_as(server: Server, person: Newcomer, text: str, **more: str) -> Any:
    """Publish a status the plain way."""
    answer = httpx.post(f"{server.url}/api/v1/statuses", headers=person.headers, json={"status": text, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_it_knows_who_and_where_it_is(server: Server, toot: Terminal) -> None:
    with toot.start("auth") as process:
        output, _ = process.communicate(timeout=WITHIN_S)
    assert f"* {toot.person.name}@{server.domain} ACTIVE" in output
    assert toot.json("whoami")["username"] == toot.person.name
    assert f"@{toot.person.name}" in toot.run("whoami")
    assert server.domain in toot.run("instance")


def test_it_posts_replies_and_shows_the_thread(toot: Terminal) -> None:
    root = toot.json(
        "post", "Hello from a terminal", "--spoiler-text", "greeting", "--visibility", "unlisted", "-l", "en"
    )
    assert (root["spoiler_text"], root["visibility"], root["language"]) == ("greeting", "unlisted", "en")
    assert root["application"]["name"].startswith("toot")
    reply = toot.json("post", "And again", "--reply-to", root["id"])
    shown = toot.run("thread", reply["id"])
    assert shown.index("Hello from a terminal") < shown.index("And again")
    assert "Hello from a terminal" in toot.run("status", root["id"])
    toot.run("delete", reply["id"])
    assert "not found" in toot.refusal("status", reply["id"])


def test_it_follows_reads_home_and_unfollows(server: Server, toot: Terminal, friend: Newcomer) -> None:
    assert "now following" in toot.run("follow", friend.name)
    assert [one["acct"] for one in toot.json("following")] == [friend.name]
    text = post_as(server, friend, "Seen from home")["id"]
    eventually(lambda: toot.json("timelines", "home"), lambda home: text in [one["id"] for one in home])
    shown = toot.run("timelines", "home", "--no-pager", "--no-clear")
    assert "Seen from home" in shown
    assert "no longer following" in toot.run("unfollow", f"{friend.name}@{server.domain}")
    assert toot.json("following") == []


def test_it_marks_a_post(server: Server, toot: Terminal, friend: Newcomer) -> None:
    status = post_as(server, friend, "Mark this")["id"]
    assert toot.json("favourite", status)["favourited"]
    assert toot.json("reblog", status)["reblog"]["reblogged"]
    assert toot.json("bookmark", status)["bookmarked"]
    assert [one["username"] for one in toot.json("reblogged-by", status)] == [toot.person.name]
    assert "Mark this" in toot.run("bookmarks")
    assert "Mark this" in toot.run("timelines", "favourites", "--no-pager", "--no-clear")
    assert not toot.json("unreblog", status)["reblogged"]
    own = toot.json("post", "Pin this")["id"]
    assert toot.json("pin", own)["pinned"]


def test_it_searches_and_shows_people(server: Server, toot: Terminal, friend: Newcomer) -> None:
    assert f"@{friend.name}" in toot.run("search", friend.name)
    assert f"@{friend.name}" in toot.run("whois", friend.name)
    text = f"#{friend.name}tag is a tag"
    post_as(server, friend, text)
    assert text in toot.run("timelines", "tag", f"{friend.name}tag", "--no-pager", "--no-clear")
    assert text in toot.run("timelines", "account", friend.name, "--no-pager", "--no-clear")


def test_it_mutes_and_blocks(toot: Terminal, friend: Newcomer) -> None:
    assert toot.json("mute", friend.name)["muting"]
    assert [one["acct"] for one in toot.json("muted")] == [friend.name]
    assert not toot.json("unmute", friend.name)["muting"]
    assert toot.json("block", friend.name)["blocking"]
    assert [one["acct"] for one in toot.json("blocked")] == [friend.name]
    assert not toot.json("unblock", friend.name)["blocking"]


def test_it_changes_the_profile_and_hears_of_others(server: Server, toot: Terminal, friend: Newcomer) -> None:
    changed = toot.json(
        "update-account", "--display-name", "Toot Toot", "--note", "At a terminal.", "--privacy", "unlisted"
    )
    assert (changed["display_name"], changed["source"]["privacy"]) == ("Toot Toot", "unlisted")
    post_as(server, friend, f"@{toot.person.name} do you read me?")
    told = eventually(lambda: toot.json("notifications"), lambda found: "mention" in [one["type"] for one in found])
    assert friend.name in {one["account"]["acct"] for one in told}
    assert "do you read me?" in toot.run("notifications", "--mentions")
    toot.run("notifications", "--clear")
    assert toot.json("notifications") == []


def test_it_pages_back_through_a_long_home_without_a_gap_or_a_duplicate(
    server: Server, prolific: Prolific, tmp_path: Path
) -> None:
    terminal = Terminal(server.join("pager"), tmp_path)
    log_in(terminal, server)
    terminal.run("follow", prolific.author.name)
    pages = terminal.run("timelines", "home", "--limit", "40", "--no-clear", typed=" " * len(prolific.ids))
    assert [int(found) for found in re.findall(r"^ID (\d+) ", pages, re.MULTILINE)] == prolific.ids
