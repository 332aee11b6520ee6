"""Checks of the machine and the settings, which need no engine."""

import os
import resource
import shutil
import socket
import stat
import sys
import time
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from linnet.cli.checks import Finding, fail, ok, warn
from linnet.environment import unknown
from linnet.features.media.processing.ffmpeg import program
from linnet.platform.embedded_running import running_in
from linnet.platform.processes import CannotStart
from linnet.roles.signing import signing_secrets
from linnet.roles.wiring import places
from linnet.settings import BadSetting, Settings

PYTHON_MIN = (3, 11)
FREE_BYTES_MIN = 1 << 30
FREE_BYTES_FAIL = 100 << 20
OPEN_FILES_MIN = 4096
GROUP_AND_OTHERS = 0o077
PLACES_AGE_S_MAX = 365 * 86_400


def machine(settings: Settings) -> Iterator[Finding]:
    """Every check of this machine, in the order of the report."""
    yield _python()
    yield _settings()
    yield from _public_url(settings)
    yield _secret(settings)
    yield from _data_folder(settings.folder)
    yield from _secret_files(settings.folder)
    yield _port(settings)
    yield _open_files()
    yield from _places(settings)
    yield _ffmpeg(settings)


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < PYTHON_MIN:
        return fail("Python", version, "Linnet needs Python 3.11 or newer.")
    return ok("Python", version)


def _settings() -> Finding:
    strangers = unknown()
    if strangers:
        return warn(
            "settings",
            f"{', '.join(strangers)} {'is no setting' if len(strangers) == 1 else 'are no settings'}",
            "They have no effect. `linnet settings` lists the right names.",
        )
    return ok("settings", "all known and readable")


def _public_url(settings: Settings) -> Iterator[Finding]:
    parts = urlsplit(settings.url)
    local = _is_local(parts.hostname or "")
    if not parts.hostname:
        yield fail("public URL", settings.url, "LINNET_PUBLIC_URL needs a host, as in https://social.example.org")
    elif parts.path or parts.query or parts.fragment:
        yield fail("public URL", settings.url, "LINNET_PUBLIC_URL is only scheme, host and port: take the rest away.")
    elif parts.scheme == "http" and not local:
        yield fail(
            "public URL",
            settings.url,
            "Passwords would travel in clear: put a proxy with TLS in front and set LINNET_PUBLIC_URL=https://…",
        )
    elif local and not _is_local(settings.host):
        yield warn(
            "public URL",
            f"{settings.url}, while listening on {settings.host}",
            "Set LINNET_PUBLIC_URL to the address people really use: every link is made from it.",
        )
    else:
        yield ok("public URL", settings.url)
    if parts.scheme == "https" and not settings.trusted_proxies:
        yield warn(
            "proxies",
            "none is trusted",
            "Behind a proxy everybody seems to come from one address, and shares one rate limit: "
            "set LINNET_TRUSTED_PROXIES, such as 127.0.0.1/32.",
        )


def _is_local(host: str) -> bool:
    if host in {"localhost", ""}:
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.endswith(".localhost")


def _secret(settings: Settings) -> Finding:
    if not settings.jwt_secret:
        return ok("signing secret", "made by Linnet, in the data folder")
    try:
        signing_secrets(settings, 0)
    except BadSetting as error:
        return fail("signing secret", "too weak", error.message)
    return ok("signing secret", "configured")


def _data_folder(folder: Path) -> Iterator[Finding]:
    nearest = next(path for path in (folder, *folder.parents) if path.exists())
    if not os.access(nearest, os.W_OK | os.X_OK):
        yield fail(
            "data folder", f"{nearest} cannot be written to", "Give this user the folder, or set LINNET_DATA_DIR."
        )
        return
    yield ok("data folder", str(folder) if folder.exists() else f"{folder} (not there yet)")
    free = shutil.disk_usage(nearest).free
    found = f"{free / (1 << 30):.1f} GiB free"
    if free < FREE_BYTES_FAIL:
        yield fail("disk", found, "PostgreSQL stops when the disk is full: free some space now.")
    elif free < FREE_BYTES_MIN:
        yield warn("disk", found, "Free some space, or move the data folder to a larger disk.")
    else:
        yield ok("disk", found)


def _secret_files(folder: Path) -> Iterator[Finding]:
    try:
        files = [*(folder / "secrets").glob("*"), folder / "engines" / "passwords.json"]
        exposed = [file for file in files if file.exists() and stat.S_IMODE(file.stat().st_mode) & GROUP_AND_OTHERS]
    except PermissionError as error:
        yield fail("secret files", f"{error.filename} belongs to another user", "Run Linnet always as the same user.")
        return
    if exposed:
        names = " ".join(map(str, exposed))
        yield fail("secret files", "others can read them", f"chmod 600 {names} and, to be safe, make them anew.")
    elif any(file.exists() for file in files):
        yield ok("secret files", "only their owner can read them")


def _port(settings: Settings) -> Finding:
    where = f"{settings.host}:{settings.port}"
    try:
        holder = running_in(settings.folder)
    except CannotStart:
        holder = None
    try:
        family, _, _, _, address = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, socket.SOCK_STREAM) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(address)
    except OSError as error:
        if holder:
            return ok("port", f"{where}, taken while Linnet runs (process {holder.holder})")
        advice = "Stop what runs there, or set LINNET_PORT; if it is Linnet, all is well."
        return warn("port", f"{where} cannot be had: {error.strerror}", advice)
    return ok("port", f"{where} is free")


def _open_files() -> Finding:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < OPEN_FILES_MIN:
        reachable = hard == resource.RLIM_INFINITY or hard >= OPEN_FILES_MIN
        advice = "Raise it: LimitNOFILE=65536 in systemd, or `ulimit -n 65536`."
        return warn("open files", f"{soft} at most", advice if reachable else f"{advice} The hard limit is {hard}.")
    return ok("open files", f"{soft} at most" if soft != resource.RLIM_INFINITY else "no limit")


def _places(settings: Settings) -> Iterator[Finding]:
    try:
        made_at_s = places(settings).made_at_s
    except BadSetting as error:
        yield fail("places", "the database cannot be used", error.message)
        return
    if made_at_s is not None and time.time() - made_at_s > PLACES_AGE_S_MAX:
        found = f"the database is {(time.time() - made_at_s) / 86_400:.0f} days old"
        yield warn("places", found, "Addresses have moved since: put a newer one at LINNET_GEOIP_DATABASE.")


def _ffmpeg(settings: Settings) -> Finding:
    try:
        found = program(settings.media_ffmpeg)
    except CannotStart as error:
        return fail("ffmpeg", "videos and sounds cannot be made", error.message)
    return ok("ffmpeg", f"{found.version}, {'of imageio-ffmpeg' if found.bundled else found.path}")
