"""What the engine says of the words of a profile, before they are shown to anybody."""

from linnet.features.accounts.models import ProfileChanges, ProfileField, Viewer
from linnet.features.accounts.reads import load
from linnet.features.moderation import judging
from linnet.features.moderation.measures import About, Part, Subject, joined
from linnet.features.moderation.models import Surface
from linnet.platform.engines import Engines


async def check(engines: Engines, viewer: Viewer, changes: ProfileChanges) -> None:
    """Raise as `judging.stop` does for words that the engine does not let pass.

    Apps send a whole profile to change one thing of it: what is shown already passes. It is read only where something
    was found.
    """
    parts = _parts(changes.display_name, changes.note, changes.fields or ())
    weighed = await judging.weigh(engines, _subject(viewer, parts))
    if not weighed.counts:
        return
    now = (await load(engines.db, [viewer.account_id])).get(viewer.account_id)
    shown = {part.text for part in _parts(now.display_name, now.note, now.fields)} if now is not None else set[str]()
    new = tuple(part for part in parts if part.text not in shown)
    if new:
        await judging.judge(engines, _subject(viewer, new))


def _parts(display_name: str | None, note: str | None, fields: tuple[ProfileField, ...]) -> tuple[Part, ...]:
    named = [
        part
        for place, field in enumerate(fields)
        for part in (Part(f"fields.{place}.name", field.name), Part(f"fields.{place}.value", field.value))
    ]
    parts = Part("display_name", display_name or ""), Part("note", note or ""), *named
    return tuple(part for part in parts if part.text)


def _subject(viewer: Viewer, parts: tuple[Part, ...]) -> Subject:
    account_id = viewer.account_id
    return Subject(account_id, About.PROFILE, Surface.PROFILE, joined(parts), subject_id=account_id, parts=parts)
