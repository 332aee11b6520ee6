"""What people tell a server is nowhere in its log, however much it says."""

import json
import os
import re
import subprocess
import sys
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from bs4 import BeautifulSoup, Tag
from pyotp.totp import TOTP

from running import Server, eventually

PASSWORD = "magpie-0xGATE-lantern-77"
WRONG_PASSWORD = "magpie-0xWRONG-lantern-77"
WEAK_PASSWORD = "whisper.zx81"
MAIL = "whisper.zx81@hidden.example"
WORDS = "A-whispered-post-4711"
SECRET_WORDS = "Only-for-bob-4712"
SOUGHT = "sought-word-4713"
AGENT = "Feather/4714"


def test_nothing_that_people_keep_to_themselves_is_logged(server: Server) -> None:
    """In JSON; that text leaves out the same is told by tests/platform/test_telemetry.py."""
    before = len(server.log())
    told = tell_secrets(server)
    said = server.log()[before:]
    assert '"level":"debug"' in said, "nothing less is logged than can be"
    assert said.count("/api/v1/statuses") >= 2, "the requests are there, or this test would prove nothing"
    found = sorted(name for name, secret in told.items() if secret in said)
    assert not found, f"logged: {found}"
    assert not re.findall(r"[\w.+-]+@hidden\.example", said)


def tell_secrets(server: Server) -> dict[str, str]:
    """Do what people do with secrets, right and wrong; every secret, by what it is."""
    with httpx.Client(base_url=server.url, headers={"User-Agent": AGENT}) as http:
        tokens = sign_up_and_in(http)
        post_and_search(http, tokens["access token"])
        browser = sign_in_in_a_browser(http)
        app = let_an_app_in(http)
        letter = forget_password(server, http)
        factors = add_a_second_factor(http, tokens["access token"])
    texts = {"password": PASSWORD, "wrong password": WRONG_PASSWORD, "mail address": MAIL, "agent": AGENT}
    words = {"post": WORDS, "direct message": SECRET_WORDS, "search": SOUGHT}
    return {**texts, **words, **tokens, **browser, **app, **letter, **factors}


def sign_up_and_in(http: httpx.Client) -> dict[str, str]:
    """The tokens of somebody new, who also gets everything wrong that one can."""
    member = {"username": "whisper", "email": MAIL, "password": PASSWORD, "agreement": True}
    assert http.post("/api/v1/auth/signup", json=member).status_code == 200
    assert http.post("/api/v1/auth/signup", json=member).status_code == 422
    wrong = {"identifier": MAIL, "password": WRONG_PASSWORD}
    assert http.post("/api/v1/auth/login", json=wrong).status_code == 401
    assert http.post("/api/v1/auth/login", content=b'{"password": "%s' % WRONG_PASSWORD.encode()).status_code == 400
    session = json_of(http.post("/api/v1/auth/login", json={"identifier": MAIL, "password": PASSWORD}))
    next_one = json_of(http.post("/api/v1/auth/refresh", json={"refresh_token": session["refresh_token"]}))
    http.post("/api/v1/auth/refresh", json={"refresh_token": "made-up-refresh-4715"})
    http.get("/api/v1/accounts/verify_credentials", headers={"Authorization": "Bearer made-up-token-4716"})
    http.get("/api/v1/timelines/home", params={"access_token": next_one["access_token"]})
    return {
        "first access token": session["access_token"],
        "first refresh token": session["refresh_token"],
        "access token": next_one["access_token"],
        "refresh token": next_one["refresh_token"],
        "made-up refresh token": "made-up-refresh-4715",
        "made-up token": "made-up-token-4716",
    }


def post_and_search(http: httpx.Client, token: str) -> None:
    """Post for all and for one, look for a word, and wait until the worker has done its part."""
    mine = {"Authorization": f"Bearer {token}"}
    sent = json_of(http.post("/api/v1/statuses", json={"status": WORDS}, headers=mine))
    json_of(http.post("/api/v1/statuses", json={"status": SECRET_WORDS, "visibility": "direct"}, headers=mine))
    http.put(f"/api/v1/statuses/{sent['id']}", json={"status": WORDS + "!"}, headers=mine)
    http.post("/api/v1/statuses", json={"status": WORDS * 100}, headers=mine)
    http.get("/api/v2/search", params={"q": SOUGHT}, headers=mine)
    until_worked(http)


def sign_in_in_a_browser(http: httpx.Client) -> dict[str, str]:
    """The secrets of a browser's session."""
    form_token = field(http.get("/signin"), "form_token")
    http.post("/signin", data={"form_token": form_token, "identifier": MAIL, "password": WRONG_PASSWORD})
    answer = http.post("/signin", data={"form_token": form_token, "identifier": "whisper", "password": PASSWORD})
    assert answer.status_code == 303, answer.text
    return {
        "form token": form_token,
        "session cookie": http.cookies["linnet"],
        "form cookie": http.cookies["linnet-form"],
    }


def let_an_app_in(http: httpx.Client) -> dict[str, str]:
    """The secrets of an app that the browser's owner lets in."""
    known = {"redirect_uri": "https://app.example/back", "scope": "read", "state": "state-of-the-app-4717"}
    form = {"client_name": "Feeder", "redirect_uris": known["redirect_uri"], "scopes": "read"}
    app = json_of(http.post("/api/v1/apps", data=form))
    asked = {**known, "client_id": app["client_id"], "response_type": "code"}
    page = http.get("/oauth/authorize", params=asked)
    decision = {**asked, "form_token": field(page, "form_token"), "decision": "allow"}
    back = http.post("/oauth/authorize", data=decision)
    code = parse_qs(urlsplit(back.headers["location"]).query)["code"][0]
    proof = {"client_id": app["client_id"], "client_secret": app["client_secret"], **known}
    issued = json_of(http.post("/oauth/token", data={"grant_type": "authorization_code", "code": code, **proof}))
    http.post("/oauth/token", data={"grant_type": "authorization_code", "code": code, **proof})
    return {
        "client secret": app["client_secret"],
        "code": code,
        "app's token": issued["access_token"],
        "state": known["state"],
    }


def forget_password(server: Server, http: httpx.Client) -> dict[str, str]:
    """The secret in a letter that waits for the operator, opened and tried."""
    assert http.post("/api/v1/auth/password/forgot", json={"identifier": MAIL}).is_success
    until_worked(http)
    env = {**os.environ, "LINNET_DATA_DIR": str(server.folder)}

    def letters() -> Any:
        command = [sys.executable, "-m", "linnet", "mail", "outbox", "--json"]
        return json.loads(subprocess.run(command, env=env, capture_output=True, check=True, timeout=60).stdout)

    waiting = eventually(letters, lambda found: any("/password/reset/" in str(one["links"]) for one in found))
    (link,) = [link for one in waiting for link in one["links"] if "/password/reset/" in link]
    token = link.rpartition("/")[2]
    assert http.get(f"/password/reset/{token}").status_code == 200
    weak = http.post("/api/v1/auth/password/reset", json={"token": token, "password": WEAK_PASSWORD})
    assert weak.status_code == 422, weak.text
    return {"letter's secret": token, "refused password": WEAK_PASSWORD}


def add_a_second_factor(http: httpx.Client, token: str) -> dict[str, str]:
    """The secrets of an authenticator app, and what a sign-in with it needs."""
    mine = {"Authorization": f"Bearer {token}"}
    enrolled = json_of(http.post("/api/v1/auth/factors/totp", headers=mine))
    code = {"code": TOTP(enrolled["secret"]).now()}
    codes = json_of(http.post("/api/v1/auth/factors/totp/confirm", json=code, headers=mine))["recovery_codes"]
    asked = http.post("/api/v1/auth/login", json={"identifier": MAIL, "password": PASSWORD})
    assert asked.status_code == 401, asked.text
    step = asked.json()["second_factor"]["token"]
    wrong = {"token": step, "recovery_code": "made-up-recovery-4718"}
    assert http.post("/api/v1/auth/second_factor", json=wrong).status_code == 401
    session = json_of(http.post("/api/v1/auth/second_factor", json={"token": step, "recovery_code": codes[0]}))
    return {
        "app's secret": enrolled["secret"],
        "recovery code": codes[0],
        "another recovery code": codes[1],
        "made-up recovery code": wrong["recovery_code"],
        "step": step,
        "token after it": session["access_token"],
        "device": session["device_token"],
    }


def until_worked(http: httpx.Client) -> None:
    """Wait until the worker has nothing left to do now: what other tests left may wait for another try later."""
    for _ in range(3):  # a job due for less than 50 ms is told as due for 0.0 s
        eventually(lambda: http.get("/health").json()["jobs"]["oldest_s"], lambda due_s: due_s == 0)
        time.sleep(0.1)


def field(page: httpx.Response, name: str) -> str:
    """The value of a form's hidden field."""
    found = BeautifulSoup(page.text, "html.parser").find("input", attrs={"name": name})
    assert isinstance(found, Tag), page.text
    return str(found["value"])


def json_of(answer: httpx.Response) -> Any:
    """The JSON of an answer that must be a success."""
    assert answer.is_success, answer.text
    return answer.json()
