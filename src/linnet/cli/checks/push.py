"""The check of pushed messages: whether the accounts with Google and Apple can be used, and who we say we are."""

from linnet.cli.checks import Finding, fail, ok, warn
from linnet.roles.keys import vapid_key
from linnet.roles.outgoing import apns_account, fcm_account, rules_of
from linnet.settings import BadSetting, Settings


def push(settings: Settings) -> Finding:
    """How apps are notified. No service is asked: there is no message for anybody."""
    try:
        rules_of(settings)
        if settings.vapid_private_key or (settings.folder / "secrets" / "vapid").exists():
            vapid_key(settings)
        makers = [name for name, account in (("Google", fcm_account), ("Apple", apns_account)) if account(settings)]
    except BadSetting as error:
        return fail("push", "the settings cannot be used", error.message)
    found = " and ".join(["Web Push", *makers])
    if not settings.contact_email and settings.url.startswith("https://"):
        advice = "Set LINNET_CONTACT_EMAIL: push services that have trouble with this server write there."
        return warn("push", f"{found}, without an address of yours", advice)
    return ok("push", found)
