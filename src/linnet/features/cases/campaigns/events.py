"""What can happen to a campaign. `reactions.py` says what follows."""

from linnet.platform.jobs import Event


class CampaignLifted(Event, frozen=True):
    """Somebody says that a campaign is none."""

    campaign_id: int
    by_account_id: int | None
    """None for the operator."""
    role: str = ""
    """The role in which they said so."""
    after_id: int = 0
    """Decisions up to this one were taken back."""
