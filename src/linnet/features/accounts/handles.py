"""Handles: `name`, `@name` and `@name@domain`, as people type them to mean an account."""


def local_name(handle: str, domain: str) -> str | None:
    """The user name that a handle means on the server at `domain`; None when it means another server's.

    >>> local_name("@Ada@linnet.example", "linnet.example")
    'Ada'
    """
    name, _, host = handle.strip().removeprefix("@").partition("@")
    return name if not host or host.lower() == domain.lower() else None
