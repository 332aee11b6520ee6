"""What can have happened around signing in that its owner should hear of. `reactions.py` says what follows."""

from linnet.platform.jobs import Event


class DeviceSeen(Event, frozen=True):
    """A person signed in at a device that their account had not been signed in at before."""

    account_id: int
    session_id: int


class RefreshTokenReused(Event, frozen=True):
    """A refresh token came again after its successor was in use: somebody copied it. Its session was ended."""

    account_id: int
    session_id: int


class SignInsLocked(Event, frozen=True):
    """So many sign-ins failed that unknown devices are kept out of an account for a while."""

    account_id: int
