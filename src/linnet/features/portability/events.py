"""What can have happened to what people bring and take away. `reactions.py` says what follows."""

from linnet.platform.jobs import Event


class ImportBrought(Event, frozen=True):
    """An account has brought a file."""

    import_id: int
    account_id: int


class ArchiveAsked(Event, frozen=True):
    """An account wants everything of its own in a file."""

    archive_id: int
    account_id: int
