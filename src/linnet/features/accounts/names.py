"""Which user names and mail addresses people may sign up with."""

import re
from functools import cache
from typing import Final

from linnet.features.accounts.skeletons import skeleton
from linnet.platform.errors import Problem

USERNAME_LENGTH_MAX: Final = 30
"""In characters, as in Mastodon. The limits of a profile stand beside its nouns, in `models`."""

EMAIL_LENGTH_MAX: Final = 254
EMAIL_LOCAL_PART_LENGTH_MAX: Final = 64
"""RFC 5321, 4.5.3.1: a path of 256 octets is the address and two angle brackets."""

_USERNAME = re.compile(r"[A-Za-z0-9_]+")
_LOCAL_PART = re.compile(r'[^\s@"(),:;<>\[\\\]]+')
_DOMAIN_LABEL = re.compile(r"[^\W_](?:[\w-]{0,61}[^\W_])?")

# Names that would speak for the server; mailboxes of a domain's operators (RFC 2142); pages and paths, now or later.
# They are compared without underscores, so that `_admin_` is not free either.
RESERVED_USERNAMES: Final = frozenset(
    """
    admin admins administrator administrators administration mod mods moderator moderators moderation modteam
    owner operator operators sysop sysadmin system root superuser staff team official support help helpdesk
    service services customerservice contact feedback security abuse legal dmca copyright privacy compliance
    trust safety trustandsafety verification verified verify linnet linnetteam linnetofficial linnetsupport
    mastodon server instance instanceactor internal nobody anonymous everyone channel public me self null none
    nil undefined nan true false unknown deleted suspended removed

    postmaster hostmaster webmaster noc mailerdaemon daemon noreply donotreply info marketing sales billing
    payments news newsletter press media jobs careers hr mail email smtp imap pop ftp www web dns ns

    about account accounts activity actor adminpanel alerts announcement announcements api app apps archive
    assets auth authorize avatar avatars blog block blocks bookmarks callback cdn chat compose confirm
    confirmation console contexts dashboard data deck delete dev developer developers directory direct discover
    docs documentation domain download downloads drafts edit emoji emojis error errors explore export faq
    favicon favorites favourites feed feeds files filters firehose followers following follows forgot graphql
    group groups health healthz history home host hosts hashtag hashtags headers icon icons image images import
    inbox index invite invites js css javascript latest likes list lists live local login logout manifest me
    mentions message messages metrics mutes myaccount new nodeinfo notification notifications oauth oembed
    offline onboarding openapi outbox password passwords pictures ping pin pins poll polls post posts
    preferences premium pricing profile profiles proxy push quote quotes reblogs recover redirect register
    registration remote reply report reports reset robots rss rules schema scheduled search session sessions
    settings setup share sharedinbox signin signout signup sitemap src sso static stats status statuses stream
    streaming subscribe subscription suggestions tag tags telemetry terms termsofservice tos themes timeline
    timelines token tokens tools tos translate trending trends unfollow unsubscribe update upload uploads url
    users version webfinger webhook webhooks websocket welcome wellknown widget widgets ws wss xml
    """.split()  # noqa: SIM905 one name a line would be 250 lines
)


def check_username(username: str) -> list[Problem]:
    """What is wrong with a new user name; empty if nothing is. Whether it is taken is for the accounts' store to say.

    Letters of the English alphabet, digits and underscores, all of them anywhere. `Anna` and `anna` are one name.
    """
    if not username.strip():
        return [Problem("ERR_BLANK", "can't be blank")]
    problems: list[Problem] = []
    if not _USERNAME.fullmatch(username):
        problems.append(Problem("ERR_INVALID", "must contain only letters (A to Z), digits and underscores"))
    if len(username) > USERNAME_LENGTH_MAX:
        problems.append(Problem("ERR_TOO_LONG", f"is too long (maximum is {USERNAME_LENGTH_MAX} characters)"))
    if is_reserved(username):
        problems.append(Problem("ERR_RESERVED", "is reserved; please choose another one"))
    return problems


def is_reserved(username: str) -> bool:
    """Whether nobody may sign up with this name, or one that looks like it (an operator may create such an account)."""
    return username.lower().replace("_", "") in RESERVED_USERNAMES or skeleton(username) in _reserved_skeletons()


@cache
def _reserved_skeletons() -> frozenset[str]:
    return frozenset(map(skeleton, RESERVED_USERNAMES))


def check_email(email: str) -> list[Problem]:
    """What is wrong with the form of a mail address; empty if nothing is. Whether mail arrives, only mail can tell.

    Stricter than RFC 5321 where the rest is abuse in practice: no quoted local part, no comments, no bare host.
    """
    if not email.strip():
        return [Problem("ERR_BLANK", "can't be blank")]
    if len(email.encode(errors="replace")) > EMAIL_LENGTH_MAX:
        return [Problem("ERR_TOO_LONG", f"is too long (maximum is {EMAIL_LENGTH_MAX} characters)")]
    local_part, _, domain = email.partition("@")
    if not _is_local_part(local_part) or not _is_domain(domain):
        return [Problem("ERR_INVALID", "is not an e-mail address such as name@example.com")]
    return []


def _is_local_part(text: str) -> bool:
    """Whether `text` can stand before the @ of a mail address."""
    dots_in_place = not text.startswith(".") and not text.endswith(".") and ".." not in text
    fits = len(text.encode(errors="replace")) <= EMAIL_LOCAL_PART_LENGTH_MAX
    return fits and dots_in_place and text.isprintable() and bool(_LOCAL_PART.fullmatch(text))


def _is_domain(text: str) -> bool:
    """Whether `text` is two or more labels with dots between them, the last one not a number."""
    labels = text.split(".")
    return len(labels) > 1 and not labels[-1].isdecimal() and all(map(_DOMAIN_LABEL.fullmatch, labels))
