"""`linnet settings`."""

from dataclasses import dataclass

import click

from linnet.cli.output import json_option, plain, print_json, print_table
from linnet.environment import load
from linnet.platform.telemetry.logs import REDACTED, without_secrets
from linnet.settings import LISTED, PREFIX, Settings

SECRETS = frozenset(
    {
        *("jwt_secret", "jwt_secrets_accepted", "metrics_token", "vapid_private_key", "fcm_credentials", "apns_key"),
        "media_store_secret_key",
    }
)


@dataclass(frozen=True, slots=True)
class Line:
    """One setting as it is here."""

    name: str
    value: object
    is_default: bool


@click.command()
@click.option("--changed", is_flag=True, help="Only those that differ from their default.")
@json_option
def settings(*, changed: bool, as_json: bool) -> None:
    """List every setting with its value here. Secrets and passwords are blacked out.

    Settings come from the environment; docs/settings.md says what each means. A secret may come from a file: set
    LINNET_<NAME>_FILE to its path.

    \b
    Example:
      LINNET_PORT=8080 linnet settings --changed
    """
    lines = [line for line in lines_of(load()) if not (changed and line.is_default)]
    if as_json:
        print_json([plain(line) for line in lines])
        return
    rows = [(line.name, _words(line.value), "" if line.is_default else "changed") for line in lines]
    print_table(("setting", "value", ""), rows, empty="Every setting has its default.")


def lines_of(chosen: Settings) -> list[Line]:
    """Each setting in the order of `settings.py`, safe to show to anybody."""
    return [
        Line(PREFIX + field.name.upper(), _shown(field.name, value), value == field.default)
        for field in LISTED
        for value in [getattr(chosen, field.name)]
    ]


def _shown(name: str, value: object) -> object:
    if name in SECRETS:
        return REDACTED if value else ""
    return without_secrets(value) if isinstance(value, str) else value


def _words(value: object) -> str:
    return ("on" if value else "off") if isinstance(value, bool) else str(value)
