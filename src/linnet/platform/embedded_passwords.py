"""The passwords of the embedded engines, kept beside them in the data folder."""

import os
import secrets
from pathlib import Path
from typing import Self

import msgspec

from linnet.platform.processes import CannotStart

FILE = "passwords.json"


class Passwords(msgspec.Struct):
    """Made once, and on disk before any cluster is made with them."""

    postgres: str
    linnet: str
    valkey: str

    @classmethod
    def kept_in(cls, folder: Path) -> Self:
        """Those of `folder`; new ones when it has none yet."""
        try:
            return cls.read_from(folder)
        except FileNotFoundError:
            return cls._make(folder / FILE)

    @classmethod
    def read_from(cls, folder: Path) -> Self:
        """Those of `folder`; `FileNotFoundError` when it has none, `CannotStart` when they cannot be understood."""
        file = folder / FILE
        try:
            return msgspec.json.decode(file.read_bytes(), type=cls)
        except msgspec.DecodeError as error:
            msg = f"The engines' passwords in {file} cannot be read ({error}); restore that file from a backup."
            raise CannotStart(msg) from error

    @classmethod
    def _make(cls, file: Path) -> Self:
        passwords = cls(*(secrets.token_hex(24) for _ in cls.__struct_fields__))
        unfinished = file.with_suffix(".unfinished")
        unfinished.unlink(missing_ok=True)
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            stream.write(msgspec.json.encode(passwords))
            stream.flush()
            os.fsync(stream.fileno())
        unfinished.rename(file)
        folder = os.open(file.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
        return passwords
