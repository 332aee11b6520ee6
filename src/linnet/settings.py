"""Every setting: its name, type, unit, default and meaning. Read once by roles and the CLI, and passed on as values.

Those of the ways out are in `settings_push.py` and `settings_streaming.py`, those of media in `settings_media.py`,
those of what people may do in a while in `settings_rates.py`, of moderation in `settings_moderation.py`;
`environment.py` reads them all. Each comes from the environment as `LINNET_<NAME>`; a secret or an address with a
password in it may come from a file instead, named by `LINNET_<NAME>_FILE`. `docs/settings.md` is made from these
(`linnet docs`).
"""

from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from linnet.platform.errors import ProductError
from linnet.settings_moderation import ModerationSettings

PREFIX: Final = "LINNET_"

OTHER_NAMES: Final = {
    "jwt_secret": "JWT_SECRET",
    "bcrypt_cost": "BCRYPT_COST",
    "session_timeout": "SESSION_TIMEOUT",
}
"""Settings that are also known without the prefix, as other software names them. The prefixed name wins."""

_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


class BadSetting(ProductError):
    """A setting that cannot be used; the message names it and says what it takes."""


class Settings(ModerationSettings, frozen=True, kw_only=True):
    """All settings of one process. An empty variable counts as not set."""

    # Where
    host: Annotated[str, Meta(description="Address to listen on. 0.0.0.0 for all.")] = "127.0.0.1"
    port: Annotated[int, Meta(description="TCP port of the web and API server.", ge=0, le=65535)] = 8000
    public_url: Annotated[
        str,
        Meta(
            description="Scheme, host and port under which people reach the server; every URL is made from it. "
            "Default: http://<host>:<port>."
        ),
    ] = ""
    data_dir: Annotated[str, Meta(description="Folder of the embedded engines and generated secrets.")] = "linnet-data"
    trusted_proxies: Annotated[
        str,
        Meta(description="Networks of reverse proxies whose X-Forwarded-For is believed, as 10.0.0.0/8,::1/128."),
    ] = ""

    # Engines
    database_url: Annotated[
        str, Meta(description="postgresql://… of your own PostgreSQL ≥ 15. Empty: embedded, for one machine.")
    ] = ""
    valkey_url: Annotated[
        str,
        Meta(
            description="valkey://… (valkeys://… with TLS) of your own Valkey ≥ 8. It may be one of a Valkey Cluster, "
            "which is noticed; name several then, as valkey://:password@one:6379,two:6379. Empty: embedded, for one "
            "machine."
        ),
    ] = ""
    database_connections: Annotated[int, Meta(description="PostgreSQL connections of each process.", ge=2)] = 10

    database_replica_urls: Annotated[
        str,
        Meta(
            description="postgresql://… of streaming replicas of that PostgreSQL, as a,b: timelines, searches and the "
            "directory are then read there, except by who has just written. Empty: none."
        ),
    ] = ""
    replica_lag_max: Annotated[
        float,
        Meta(description="Seconds a replica may lag; one further behind is left out until it has caught up.", ge=1),
    ] = 5.0

    # Processes
    api_processes: Annotated[int, Meta(description="API processes; 0 means one per core, at most 8.", ge=0, le=256)] = 0
    worker_processes: Annotated[int, Meta(description="Worker processes that run jobs.", ge=1, le=64)] = 1
    requests_in_flight: Annotated[
        int, Meta(description="Requests one API process works on at once; more get 503 and Retry-After.", ge=1)
    ] = 512
    drain_timeout: Annotated[
        float, Meta(description="Seconds that running requests and jobs get to finish when the server stops.", gt=0)
    ] = 20.0

    # This server
    title: Annotated[str, Meta(description="Name of the server, as people see it.")] = "Linnet"
    description: Annotated[str, Meta(description="One or two sentences on what this server is for.")] = (
        "A small place to talk."
    )
    contact_email: Annotated[str, Meta(description="Where people reach whoever runs the server.")] = ""
    software_name: Annotated[
        str,
        Meta(description="Name in nodeinfo. `mastodon` makes clients that go by it (Phanpy) show all they can."),
    ] = "linnet"
    languages: Annotated[str, Meta(description="Main languages of the server, as en,de.")] = "en"
    rules: Annotated[str, Meta(description="The server's rules, one a line.")] = ""

    # Accounts
    registrations: Annotated[bool, Meta(description="Whether people may sign up by themselves.")] = True
    approval_required: Annotated[bool, Meta(description="Whether a moderator must let new accounts in.")] = False
    registration_mode: Annotated[
        Literal["", "open", "approval", "invite", "closed"],
        Meta(
            description="Who may join: open: everybody; approval: whom a moderator lets in; invite: who brings a "
            "member's invitation; closed: nobody. Empty: as registrations and approval_required say."
        ),
    ] = ""
    registration_message: Annotated[str, Meta(description="What people read while the server is closed.")] = ""
    age_minimum: Annotated[
        int, Meta(description="Years that new members must be old; 0: nobody is asked.", ge=0, le=120)
    ] = 0
    mail_domains_refused: Annotated[
        str,
        Meta(
            description="Mail domains that nobody joins with, and those below them, as mail.example,example.net. More "
            "while the server runs: linnet mail-domains."
        ),
    ] = ""
    disposable_mail_refused: Annotated[bool, Meta(description="Whether throw-away mailboxes are refused.")] = True
    signup_challenge: Annotated[
        bool,
        Meta(description="Whether new members' browsers must solve a puzzle (proof of work, ALTCHA), against robots."),
    ] = False
    password_strength: Annotated[bool, Meta(description="Whether weak passwords are refused (zxcvbn).")] = True
    bcrypt_cost: Annotated[int, Meta(description="Cost of password hashes, as a power of two.", ge=4, le=16)] = 12
    jwt_secret: Annotated[
        str,
        Meta(description="Secret that signs access tokens, 32 characters or more. Empty: generated once, mode 0600."),
    ] = ""
    jwt_secrets_accepted: Annotated[
        str,
        Meta(
            description="Other secrets whose tokens are accepted, one a line: the former one, or the coming one, while "
            "JWT_SECRET is changed."
        ),
    ] = ""
    session_timeout: Annotated[
        str, Meta(description="How long a sign-in lasts without being used: 90s, 45m, 12h, 7d.")
    ] = "7d"
    session_lifetime: Annotated[str, Meta(description="How long a sign-in lasts however much it is used.")] = "90d"
    geoip_database: Annotated[
        str,
        Meta(
            description="MMDB file (City or Country, as DB-IP or MaxMind make them) from which people read where their "
            "sign-ins came from. Empty: none."
        ),
    ] = ""
    smtp_url: Annotated[
        str,
        Meta(
            description="Mail server for letters to members: smtp://user:password@host:587 (encrypted by STARTTLS) or "
            "smtps://user:password@host. Empty: nobody must confirm an address, and `linnet mail outbox` has the "
            "letters."
        ),
    ] = ""
    mail_from: Annotated[
        str,
        Meta(description="Sender of letters, as Name <name@example.com>. Empty: the title, and noreply@ this host."),
    ] = ""
    rate_limits: Annotated[bool, Meta(description="Whether requests are limited per account and address.")] = True
    rate_limit_token: Annotated[int, Meta(description="Calls of the API with one token in 5 minutes.", ge=1)] = 300
    rate_limit_account: Annotated[
        int, Meta(description="Calls of the API for one account in 5 minutes, whatever its tokens.", ge=1)
    ] = 1_500
    rate_limit_address: Annotated[
        int,
        Meta(description="Calls of the API from one address (IPv6: /64) in 5 minutes, by who is not signed in.", ge=1),
    ] = 300
    rate_limit_pages: Annotated[
        int, Meta(description="Pages of HTML for one address in 5 minutes, for who is not signed in.", ge=1)
    ] = 300
    rate_limit_pictures: Annotated[
        int, Meta(description="Pictures, stylesheets and files of media for one address in 5 minutes.", ge=1)
    ] = 3_000
    rate_limit_signins: Annotated[
        int, Meta(description="Passwords and second factors from one address in 5 minutes.", ge=1)
    ] = 25
    rate_limit_signups: Annotated[int, Meta(description="Sign-ups from one address in 5 minutes.", ge=1)] = 25
    rate_limit_letters: Annotated[
        int,
        Meta(
            description="Requests for letters (forgotten passwords, confirmations) from one caller in 5 minutes.", ge=1
        ),
    ] = 25
    rate_limit_uploads: Annotated[int, Meta(description="Uploads of one account in 30 minutes.", ge=1)] = 30
    rate_limit_uploads_day: Annotated[int, Meta(description="Uploads of one account in a day.", ge=1)] = 500
    rate_limit_deletions: Annotated[
        int, Meta(description="Posts deleted and boosts taken back by one account in 30 minutes.", ge=1)
    ] = 30
    rate_limit_app_signups: Annotated[
        int, Meta(description="Sign-ups through apps from one address in 30 minutes.", ge=1)
    ] = 5

    # Fan-out
    hybrid_followers: Annotated[
        int,
        Meta(description="Followers from which on only those here lately are pushed to; the others count 0.3.", ge=1),
    ] = 100_000
    pull_followers: Annotated[
        int,
        Meta(description="Followers, counted so, from which on posts are pushed to nobody and merged when read.", ge=1),
    ] = 100_000
    active_days: Annotated[int, Meta(description="Days that count as lately.", ge=1)] = 14
    busy_followers: Annotated[
        int, Meta(description="Followers from which on posts are merged when read if there are many a day.", ge=1)
    ] = 10_000
    busy_posts: Annotated[int, Meta(description="Posts a day that are many.", ge=1, le=10_000)] = 100

    # Trends
    trends_unreviewed: Annotated[
        bool, Meta(description="Whether trends show that no moderator has looked at; rejected ones never do.")
    ] = False
    trends_people: Annotated[
        int, Meta(description="People of the last 6 hours below which nothing trends; new accounts count less.", ge=1)
    ] = 3
    trends_account_days: Annotated[
        int, Meta(description="Days after which an account counts as a whole person for trends; 0: at once.", ge=0)
    ] = 7

    # Watching
    log_format: Annotated[
        Literal["json", "text", "auto"], Meta(description="How log lines look; `auto`: text on a terminal, else JSON.")
    ] = "auto"
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"], Meta(description="Log lines from this level on.")
    ] = "info"
    metrics_token: Annotated[
        str, Meta(description="Who knows it may read GET /metrics. Empty: generated into the data folder, mode 0600.")
    ] = ""
    metrics_port: Annotated[
        int,
        Meta(description="Another port for Prometheus on LINNET_HOST, without a token; 0: none.", ge=0, le=65535),
    ] = 0
    otlp_endpoint: Annotated[
        str, Meta(description="OpenTelemetry collector (OTLP over HTTP) that traces are sent to. Empty: none.")
    ] = ""

    @property
    def session_timeout_s(self) -> int:
        """`session_timeout` in seconds."""
        return seconds("session_timeout", self.session_timeout)

    @property
    def session_lifetime_s(self) -> int:
        """`session_lifetime` in seconds."""
        return seconds("session_lifetime", self.session_lifetime)

    @property
    def url(self) -> str:
        """The public URL, without a slash at its end."""
        return self.public_url.rstrip("/") or f"http://{self.host}:{self.port}"

    @property
    def folder(self) -> Path:
        """The data folder, absolute."""
        return Path(self.data_dir).expanduser().absolute()


def seconds(name: str, text: str) -> int:
    """A duration such as `90s`, `45m`, `12h`, `7d` or a plain number of seconds; raises `BadSetting`."""
    number, unit = (text[:-1], text[-1:]) if text[-1:] in _UNITS else (text, "s")
    if not number.isascii() or not number.isdigit() or int(number) == 0:
        raise BadSetting(f"{PREFIX}{name.upper()}={text!r} must be a time such as 90s, 45m, 12h or 7d.")
    return int(number) * _UNITS[unit]


LISTED: Final = tuple(
    sorted(msgspec.structs.fields(Settings), key=lambda field: field.name in ModerationSettings.__struct_fields__)
)
"""All of them in the order in which they are shown."""
