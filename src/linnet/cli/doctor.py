"""`linnet doctor`."""

import asyncio
import secrets
import sys

import click
import msgspec
from rich.console import Console
from rich.text import Text

from linnet.cli.checks import Finding, Verdict, fail, ok
from linnet.cli.checks.engines import engines
from linnet.cli.checks.machine import machine
from linnet.cli.checks.mail import mail
from linnet.cli.checks.media import media
from linnet.cli.checks.push import push
from linnet.cli.checks.replicas import replicas
from linnet.cli.exits import FAILED
from linnet.cli.output import json_option, plain, print_json
from linnet.cli.reach import urls_at_hand
from linnet.environment import load
from linnet.platform.errors import EngineDown, ProductError
from linnet.platform.telemetry import logs
from linnet.roles.wiring import open_engines
from linnet.settings import BadSetting, Settings

MARKS: dict[Verdict, tuple[str, str]] = {"ok": ("✓", "green"), "warn": ("!", "yellow"), "fail": ("✗", "bold red")}


@click.command()
@json_option
def doctor(*, as_json: bool) -> None:
    """Find what is wrong with this server, and say what to do.

    Looks at the settings, the machine, the engines, the store of files, the schema and the queue, whether or not the
    server runs. Exit code 1 when something has failed; warnings alone leave it at 0.

    \b
    Example:
      linnet doctor --json | jq '.[] | select(.verdict != "ok")'
    """
    findings = asyncio.run(_examine())
    if as_json:
        print_json([plain(finding) for finding in findings])
    else:
        _print(findings)
    if any(finding.verdict == "fail" for finding in findings):
        sys.exit(FAILED)


async def _examine() -> list[Finding]:
    try:
        settings = load()
    except BadSetting as error:
        return [fail("settings", "one cannot be used", error.message)]
    logs.configure(form=settings.log_format, level="error", role="command")  # what is found is said below, once
    findings = [*machine(settings), await mail(settings), push(settings), *await media(settings)]
    try:
        findings += await _examine_engines(settings)
    except EngineDown as error:
        name, variable = ("Valkey", "VALKEY") if error.engine == "valkey" else ("PostgreSQL", "DATABASE")
        advice = f"Start it, or check LINNET_{variable}_URL, its network and password."
        findings.append(fail(name, "does not answer", advice))
    except ProductError as error:
        findings.append(fail("engines", "cannot be used", error.message))
    return findings


async def _examine_engines(settings: Settings) -> list[Finding]:
    embedded = not (settings.database_url and settings.valkey_url)
    if embedded and not (settings.folder / "engines").exists():
        return [ok("embedded engines", "made when Linnet is first started here")]
    # A weak secret has its own line; here it would only keep the engines from being looked at.
    lenient = msgspec.structs.replace(settings, jwt_secret=secrets.token_urlsafe(48))
    async with urls_at_hand(lenient) as reached, open_engines(reached.settings) as at_hand:
        found = [finding async for finding in engines(settings, at_hand, served=not reached.is_ours)]
        return found + await replicas(at_hand.replicas)


def _print(findings: list[Finding]) -> None:
    console = Console(highlight=False)
    for finding in findings:
        mark, style = MARKS[finding.verdict]
        console.print(Text(f"{mark} ", style), Text(f"{finding.check}: "), Text(finding.found), sep="")
        if finding.advice:
            console.print(Text(f"    {finding.advice}", "dim"))
    fails = sum(finding.verdict == "fail" for finding in findings)
    warnings = sum(finding.verdict == "warn" for finding in findings)
    console.print(f"\n{fails} failed, {warnings} to look at." if fails or warnings else "\nAll is well.")
