"""Settings for a process whose engines run elsewhere."""

from linnet.environment import load
from linnet.settings import BadSetting, Settings


def settings_with_engines() -> Settings:
    """The settings of this environment; raises `BadSetting` when they do not say where the engines are."""
    settings = load()
    for name in ("database_url", "valkey_url"):
        if not getattr(settings, name):
            raise BadSetting(
                f"LINNET_{name.upper()} is not set. A process of its own needs engines that run elsewhere; "
                "`linnet serve` brings its own."
            )
    return settings
