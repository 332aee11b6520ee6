"""The check of the mail server: is it there, does it encrypt, does it know us."""

from linnet.cli.checks import Finding, fail, ok, warn
from linnet.push.mail.rules import Encryption, MailRules
from linnet.push.mail.sending import Undelivered, call
from linnet.roles.wiring import mail_rules
from linnet.settings import BadSetting, Settings


async def mail(settings: Settings) -> Finding:
    """How letters get to people."""
    try:
        rules = mail_rules(settings)
    except BadSetting as error:
        return fail("mail", "the settings cannot be used", error.message)
    if rules.server is None:
        found = "no server: letters stay in `linnet mail outbox`"
        if settings.url.startswith("https://"):
            return warn("mail", found, "Set LINNET_SMTP_URL, or nobody can have a forgotten password replaced.")
        return ok("mail", found)
    return await _called(rules)


async def _called(rules: MailRules) -> Finding:
    assert rules.server is not None, "there is somebody to call"
    where = f"{rules.server.host}:{rules.server.port}"
    try:
        await call(rules)
    except Undelivered as error:
        advice = "Check LINNET_SMTP_URL: host, port, user name, password, and whether its certificate is in order."
        return fail("mail", f"{where}: {error.message}", advice)
    kept = "not encrypted, on this machine" if rules.server.encryption is Encryption.NONE else "encrypted"
    return ok("mail", f"{where} takes letters from {rules.sender.addr_spec}, {kept}")
