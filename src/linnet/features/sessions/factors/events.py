"""What can have happened to a person's factors that they should hear of. `reactions.py` says what follows."""

from linnet.platform.jobs import Event


class FactorsChanged(Event, frozen=True):
    """The factors of an account are others than before, or somebody seems to have copied one.

    `what` is one of `totp_added`, `totp_removed`, `recovery_codes_made`, `recovery_code_used`, `passkey_added`,
    `passkey_removed`, `passkey_suspect` (its counter went back: there may be a copy of it), `factors_reset` (by the
    operator).
    """

    account_id: int
    what: str
