"""What people do with their own account: each verb checks, acts in one transaction and records one event."""

import re
from dataclasses import replace
from typing import Final

from linnet.features.accounts.admins import keep_one
from linnet.features.accounts.events import AccountDeleted, ProfileUpdated
from linnet.features.accounts.languages import is_language
from linnet.features.accounts.likenesses import check_display_name_likeness
from linnet.features.accounts.models import (
    DISPLAY_NAME_LENGTH_MAX,
    FIELD_NAME_LENGTH_MAX,
    FIELD_VALUE_LENGTH_MAX,
    FIELDS_MAX,
    NOTE_LENGTH_MAX,
    QUOTE_POLICIES,
    VISIBILITIES,
    ProfileChanges,
    ProfileField,
    Viewer,
)
from linnet.features.accounts.store import profiles
from linnet.platform.changes import Kind
from linnet.platform.engines import Engines
from linnet.platform.errors import Invalid, NotFound, Problem

_CONTROLS: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e]")
"""Controls but tab and newline, lone surrogates, directional overrides: nothing that a profile needs."""

Details = dict[str, list[Problem]]


async def update_profile(engines: Engines, viewer: Viewer, changes: ProfileChanges) -> None:
    """Change what the viewer's account shows and how it posts; `Invalid` names every field that breaks a rule."""
    changes = _tidied(changes)
    _check(changes)
    if changes.display_name:
        problems = await check_display_name_likeness(engines.db, viewer.account_id, changes.display_name)
        if problems:
            raise Invalid.of({"display_name": problems})
    async with engines.transaction() as tx:
        was_locked = await profiles.update(tx, viewer.account_id, changes)
        if was_locked is None:
            raise NotFound
        await profiles.update_preferences(tx, viewer.account_id, changes)
        unlocked = was_locked and changes.locked is False
        tx.changed(Kind.ACCOUNT, viewer.account_id)
        await tx.record(ProfileUpdated(account_id=viewer.account_id, unlocked=unlocked))


def _tidied(changes: ProfileChanges) -> ProfileChanges:
    """The same without control characters, outer spaces and empty fields."""
    fields = changes.fields
    if fields is not None:
        tidy = (ProfileField(_one_line(field.name), _one_line(field.value)) for field in fields)
        fields = tuple(field for field in tidy if field.name or field.value)
    return replace(
        changes,
        display_name=None if changes.display_name is None else _one_line(changes.display_name),
        note=None if changes.note is None else _clean(changes.note).strip(),
        fields=fields,
        language=None if changes.language is None else changes.language.strip(),
    )


def _clean(text: str) -> str:
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _one_line(text: str) -> str:
    return " ".join(_clean(text).split())


def _check(changes: ProfileChanges) -> None:
    """Raise `Invalid` for what is over a limit or not one of the choices."""
    details: Details = {}
    _check_length(details, "display_name", changes.display_name or "", DISPLAY_NAME_LENGTH_MAX)
    _check_length(details, "note", changes.note or "", NOTE_LENGTH_MAX)
    _check_fields(details, changes.fields or ())
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
