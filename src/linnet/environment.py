"""Settings out of the environment, and out of the files that it names."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

from linnet.settings import LISTED, OTHER_NAMES, PREFIX, BadSetting, Settings, seconds

_SWITCH: Final = {"on": "true", "yes": "true", "off": "false", "no": "false"}


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of this environment; raises `BadSetting`, which names the variable and what it takes."""
    environ = os.environ if environ is None else environ
    found: dict[str, object] = {}
    for field in LISTED:
        text = _text_of(field.name, environ)
        if not text:
            continue
        kind = getattr(info := msgspec.inspect.type_info(field.type), "type", info)  # without its description
        try:
            plain = _SWITCH.get(text.lower(), text) if isinstance(kind, msgspec.inspect.BoolType) else text
            found[field.name] = msgspec.convert(plain, field.type, strict=False)
        except msgspec.ValidationError as error:
            raise BadSetting(f"{PREFIX}{field.name.upper()}={text!r} cannot be used: {error}") from None
    settings = Settings(**found)  # pyright: ignore[reportArgumentType] -- each value was converted to its field's type
    seconds("session_timeout", settings.session_timeout)
    seconds("session_lifetime", settings.session_lifetime)
    if settings.public_url and not settings.public_url.startswith(("http://", "https://")):
        raise BadSetting(f"LINNET_PUBLIC_URL={settings.public_url!r} must begin with http:// or https://")
    return settings


def _text_of(name: str, environ: Mapping[str, str]) -> str | None:
    for variable in (PREFIX + name.upper(), OTHER_NAMES.get(name)):
        if variable is None:
            continue
        if variable in environ:
            return environ[variable].strip()
        file = environ.get(f"{variable}_FILE")
        if file:
            try:
                return Path(file).read_text(encoding="utf-8").strip()
            except OSError as error:
                raise BadSetting(f"{variable}_FILE={file!r} cannot be read: {error.strerror}") from None
    return None


def unknown(environ: Mapping[str, str] | None = None) -> list[str]:
    """Variables that look like settings and are none: most likely misspelt, and so without effect."""
    known = {PREFIX + field.name.upper() for field in LISTED}
    variables = os.environ if environ is None else environ
    return sorted(v for v in variables if v.startswith(PREFIX) and v.removesuffix("_FILE") not in known)
