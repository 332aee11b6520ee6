"""What people do with their own account: each verb checks, acts in one transaction and records one event."""

import re
from dataclasses import replace
from typing import Final

from linnet.features.accounts import judged_profiles
from linnet.features.accounts.admins import keep_one
from linnet.features.accounts.events import AccountDeleted, ProfileUpdated
from linnet.features.accounts.languages import is_language
from linnet.features.accounts.likenesses import check_display_name_likeness
from linnet.features.accounts.models import (
    ATTRIBUTION_DOMAINS_MAX,
    DISPLAY_NAME_LENGTH_MAX,
    FIELD_NAME_LENGTH_MAX,
    FIELD_VALUE_LENGTH_MAX,
    FIELDS_MAX,
    NOTE_LENGTH_MAX,
    PICTURE_DESCRIPTION_LENGTH_MAX,
    QUOTE_POLICIES,
    VISIBILITIES,
    Portrait,
    ProfileChanges,
    ProfileField,
    Viewer,
)
from linnet.features.accounts.store import profiles
from linnet.platform.changes import Kind
from linnet.platform.engines import Engines, Transaction
from linnet.platform.errors import Invalid, NotFound, Problem

_CONTROLS: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e]")
"""Controls but tab and newline, lone surrogates, directional overrides: nothing that a profile needs."""

_DOMAIN: Final = re.compile(r"[\w-]{1,63}(?:\.[\w-]{1,63})+")
_DOMAIN_LENGTH_MAX: Final = 253

Details = dict[str, list[Problem]]


async def update_profile(engines: Engines, viewer: Viewer, changes: ProfileChanges) -> None:
    """Change what the viewer's account shows and how it posts; `Invalid` names every field that breaks a rule."""
    changes = await checked(engines, viewer, changes)
    async with engines.transaction() as tx:
        await write_profile(tx, viewer, changes)


async def checked(engines: Engines, viewer: Viewer, changes: ProfileChanges) -> ProfileChanges:
    """The changes as they are to be written; `Invalid` names every field that breaks a rule."""
    changes = _tidied(changes)
    _check(changes)
    if changes.display_name:
        problems = await check_display_name_likeness(engines.db, viewer.account_id, changes.display_name)
        if problems:
            raise Invalid.of({"display_name": problems})
    await judged_profiles.check(engines, viewer, changes)
    return changes


async def write_profile(tx: Transaction, viewer: Viewer, changes: ProfileChanges) -> tuple[Portrait, ...]:
    """Write `checked` changes in the caller's transaction; the pictures that the account does not show any more."""
    changes = replace(
        changes,
        avatar_description=_described(changes.avatar, changes.avatar_description),
        header_description=_described(changes.header, changes.header_description),
    )
    before = await profiles.update(tx, viewer.account_id, changes)
    if before is None:
        raise NotFound
    await profiles.update_preferences(tx, viewer.account_id, changes)
    unlocked = before.locked and changes.locked is False
    tx.changed(Kind.ACCOUNT, viewer.account_id)
    await tx.record(ProfileUpdated(account_id=viewer.account_id, unlocked=unlocked))
    return before.portraits


def _described(portrait: Portrait | None, description: str | None) -> str | None:
    """What a picture is described with: a new one never with the words for the one before."""
    return "" if portrait is not None and description is None else description


def _tidied(changes: ProfileChanges) -> ProfileChanges:
    """The same without control characters, outer spaces and empty fields."""
    fields, domains = changes.fields, changes.attribution_domains
    if fields is not None:
        tidy = (ProfileField(_one_line(field.name), _one_line(field.value)) for field in fields)
        fields = tuple(field for field in tidy if field.name or field.value)
    return replace(
        changes,
        display_name=None if changes.display_name is None else _one_line(changes.display_name),
        note=None if changes.note is None else _clean(changes.note).strip(),
        fields=fields,
        language=None if changes.language is None else changes.language.strip(),
        avatar_description=None if changes.avatar_description is None else _clean(changes.avatar_description).strip(),
        header_description=None if changes.header_description is None else _clean(changes.header_description).strip(),
        attribution_domains=None
        if domains is None
        else tuple(dict.fromkeys(host for one in domains if (host := _host(one)))),
    )


def _host(text: str) -> str:
    """The host of what people give as a domain: `example.org`, `https://Example.org/` or `*.example.org`."""
    host = text.strip().lower().removeprefix("https://").removeprefix("http://").removeprefix("*.")
    return host.partition("/")[0]


def _clean(text: str) -> str:
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _one_line(text: str) -> str:
    return " ".join(_clean(text).split())


def _check(changes: ProfileChanges) -> None:
    """Raise `Invalid` for what is over a limit or not one of the choices."""
    details: Details = {}
    _check_length(details, "display_name", changes.display_name or "", DISPLAY_NAME_LENGTH_MAX)
    _check_length(details, "note", changes.note or "", NOTE_LENGTH_MAX)
    _check_length(details, "avatar_description", changes.avatar_description or "", PICTURE_DESCRIPTION_LENGTH_MAX)
    _check_length(details, "header_description", changes.header_description or "", PICTURE_DESCRIPTION_LENGTH_MAX)
    _check_fields(details, changes.fields or ())
    _check_domains(details, changes.attribution_domains or ())
    _check_choice(details, "privacy", changes.visibility, VISIBILITIES)
    _check_choice(details, "quote_policy", changes.quote_policy, QUOTE_POLICIES)
    language = changes.language or ""
    if language and not is_language(language):
        details["language"] = [Problem("ERR_INVALID", "is not the code of a language")]
    if details:
        sentences = (f"{name} {problem.description}" for name, problems in details.items() for problem in problems)
        raise Invalid("Validation failed: " + "; ".join(sentences), details)


def _check_length(details: Details, name: str, text: str, length_max: int) -> None:
    if len(text) > length_max:
        details[name] = [Problem("ERR_TOO_LONG", f"is too long (at most {length_max} characters)")]


def _check_fields(details: Details, fields: tuple[ProfileField, ...]) -> None:
    if len(fields) > FIELDS_MAX:
        details["fields"] = [Problem("ERR_TOO_MANY", f"are too many (at most {FIELDS_MAX})")]
    for number, field in enumerate(fields[:FIELDS_MAX]):
        _check_length(details, f"fields.{number}.name", field.name, FIELD_NAME_LENGTH_MAX)
        _check_length(details, f"fields.{number}.value", field.value, FIELD_VALUE_LENGTH_MAX)
        if not field.name:
            details[f"fields.{number}.name"] = [Problem("ERR_BLANK", "can't be blank")]


def _check_domains(details: Details, domains: tuple[str, ...]) -> None:
    problems: list[Problem] = []
    if len(domains) > ATTRIBUTION_DOMAINS_MAX:
        problems.append(Problem("ERR_TOO_MANY", f"are too many (at most {ATTRIBUTION_DOMAINS_MAX})"))
    if not all(len(domain) <= _DOMAIN_LENGTH_MAX and _DOMAIN.fullmatch(domain) for domain in domains):
        problems.append(Problem("ERR_INVALID", "are not all names of websites"))
    if problems:
        details["attribution_domains"] = problems


def _check_choice(details: Details, name: str, choice: str | None, choices: tuple[str, ...]) -> None:
    if choice is not None and choice not in choices:
        details[name] = [Problem("ERR_INCLUSION", f"must be one of {', '.join(choices)}")]


async def delete(engines: Engines, account_id: int) -> None:
    """Delete an account for good: gone at once for everybody, erased by jobs; its name stays taken.

    Raises `NotFound` when there is none, or it was deleted before; `Forbidden` for the last admin.
    """
    async with engines.transaction() as tx:
        await keep_one(tx, account_id)
        if not await profiles.bury(tx, account_id, engines.clock.now()):
            raise NotFound
        tx.changed(Kind.ACCOUNT, account_id)
        tx.changed(Kind.ACCESS, account_id)
        await tx.record(AccountDeleted(account_id=account_id))
