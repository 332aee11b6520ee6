"""Event → jobs: every asynchronous consequence in the product, on one page.

A verb records one event in its transaction; a row for each job listed here commits with it. A worker runs them.
"""

from typing import Any

from linnet.features.accounts import jobs as accounts
from linnet.features.accounts.events import (
    AccountDeleted,
    AccountLocked,
    AccountRestricted,
    AccountSuspended,
    AccountUnlocked,
    AccountUnsuspended,
    AddressConfirmed,
    ConfirmationAsked,
    DeletionDone,
    EmailChanged,
    PasswordChanged,
    PasswordResetAsked,
    ProfileUpdated,
    RoleChanged,
    SignedUp,
    SignupApproved,
)
from linnet.features.announcements import jobs as announcements
from linnet.features.cases import jobs as cases
from linnet.features.cases.appeals import jobs as appeals
from linnet.features.cases.appeals.events import AppealAnswered, Appealed, DecisionReviewed
from linnet.features.cases.events import CaseOpened, Struck
from linnet.features.conversations import jobs as conversations
from linnet.features.conversations.events import (
    ConversationRead,
    ConversationRenamed,
    MembersChanged,
    MessageDeleted,
    MessageEdited,
    MessageFavourited,
    MessageSent,
    MessageUnfavourited,
)
from linnet.features.filters import jobs as filters
from linnet.features.filters.events import FiltersChanged
from linnet.features.media import jobs as media
from linnet.features.media.cleaning import jobs as cleaning
from linnet.features.media.events import MediaDropped, MediaReady, MediaUploaded
from linnet.features.media.resumable import jobs as resumable
from linnet.features.moderation import decisions
from linnet.features.moderation.alike import campaigns
from linnet.features.moderation.events import AccountToLimit, AlikeNoticed
from linnet.features.notifications import jobs as notifications
from linnet.features.notifications import messages as message_notifications
from linnet.features.notifications.events import (
    NotificationsMerged,
    Notified,
    RequestsAccepted,
    RequestsDismissed,
)
from linnet.features.notifications.mailing import jobs as mailing
from linnet.features.notifications.subscriptions import jobs as subscriptions
from linnet.features.portability import jobs as portability
from linnet.features.portability.events import ArchiveAsked, ImportBrought
from linnet.features.relationships import jobs as relationships
from linnet.features.relationships.blocklists import jobs as blocklists
from linnet.features.relationships.blocklists.events import BlocklistChanged, SubscriptionChanged
from linnet.features.relationships.collections import jobs as collections
from linnet.features.relationships.events import (
    Blocked,
    Followed,
    FollowRequested,
    FollowRequestRemoved,
    Muted,
    Unblocked,
    Unfollowed,
    Unmuted,
)
from linnet.features.search import jobs as search
from linnet.features.sessions import jobs as sessions
from linnet.features.sessions.events import DeviceSeen, RefreshTokenReused, SignInsLocked
from linnet.features.sessions.factors import jobs as factors
from linnet.features.sessions.factors.events import FactorsChanged
from linnet.features.statuses import jobs as statuses
from linnet.features.statuses.afterwards import jobs as afterwards
from linnet.features.statuses.cards import jobs as cards
from linnet.features.statuses.events import (
    PoliciesChanged,
    QuoteRevoked,
    ReplyHidden,
    StatusDeleted,
    StatusEdited,
    StatusFavourited,
    StatusModerated,
    StatusPosted,
    StatusReblogged,
    StatusReleased,
    StatusUnfavourited,
    StatusWithheld,
)
from linnet.features.statuses.polls import jobs as polls
from linnet.features.statuses.polls.events import PollEnded, PollReplaced, PollVoted
from linnet.features.statuses.saved import jobs as saved
from linnet.features.statuses.scheduled import jobs as scheduled
from linnet.features.timelines import jobs as timelines
from linnet.features.timelines.lists import jobs as lists
from linnet.features.trends import jobs as trends
from linnet.platform.jobs import Job, Reactions
from linnet.push import jobs as push
from linnet.push.mail import answers, news
from linnet.push.mail import jobs as mail

REACTIONS: Reactions = {
    SignedUp: (mail.WELCOME, notifications.NOTIFY_SIGNED_UP),
    SignupApproved: (mail.APPROVED,),
    RoleChanged: (accounts.RETELL_ROLE,),
    AccountLocked: (accounts.RETELL_LOCKED,),
    AccountUnlocked: (),
    AccountSuspended: (accounts.RETELL_SUSPENDED, trends.DISCOUNT),
    AccountRestricted: (accounts.RETELL_RESTRICTED, search.REOPEN_RESTRICTED),
    AccountUnsuspended: (accounts.RETELL_UNSUSPENDED,),
    ProfileUpdated: (accounts.RETELL_PROFILE, relationships.ACCEPT_REQUESTS, search.REOPEN),
    AccountDeleted: (
        accounts.RETELL_DELETED,
        accounts.ERASE,
        accounts.ERASE_DECISIONS,
        afterwards.ERASE,
        relationships.ERASE,
        sessions.FORGET_ACCOUNT,
        factors.FORGET_ACCOUNT,
        statuses.ERASE_STATUSES_OF,
        media.ERASE,
        resumable.ERASE,
        polls.TAKE_BACK_VOTES,
        scheduled.ERASE,
        saved.ERASE,
        filters.ERASE,
        timelines.FORGET_ACCOUNT,
        conversations.ERASE_ACCOUNT,
        lists.ERASE,
        collections.ERASE,
        blocklists.ERASE,
        notifications.ERASE_ACCOUNT,
        portability.ERASE_ACCOUNT,
        search.ERASE,
        trends.ERASE,
        subscriptions.FORGET_ACCOUNT,
        mailing.FORGET_ACCOUNT,
        announcements.FORGET_ACCOUNT,
        cases.ERASE,
        appeals.ERASE,
    ),
    ConfirmationAsked: (mail.CONFIRM,),
    AddressConfirmed: (),
    EmailChanged: (mail.EMAIL_CHANGED,),
    PasswordResetAsked: (mail.RESET,),
    PasswordChanged: (accounts.RETELL_PASSWORD, mail.PASSWORD_CHANGED),
    DeletionDone: (mail.DELETED,),
    DeviceSeen: (mail.NEW_DEVICE,),
    RefreshTokenReused: (mail.REFRESH_TOKEN_REUSED,),
    SignInsLocked: (mail.UNLOCK,),
    FactorsChanged: (mail.FACTORS_CHANGED,),
    Followed: (timelines.REFILL_FOLLOWER, notifications.NOTIFY_FOLLOWED, conversations.ACCEPT_FROM),
    FollowRequested: (notifications.NOTIFY_FOLLOW_REQUESTED,),
    FollowRequestRemoved: (lists.FORGET_REQUESTED, notifications.FORGET_FOLLOW_REQUEST),
    Unfollowed: (timelines.REFILL_UNFOLLOWER, lists.FORGET_UNFOLLOWED, notifications.FORGET_FOLLOW),
    Blocked: (timelines.REFILL_BLOCKED, lists.FORGET_BLOCKED, collections.PART, notifications.FORGET_BLOCKED),
    Unblocked: (relationships.RETELL_UNBLOCKED,),
    Muted: (relationships.RETELL_MUTED,),
    BlocklistChanged: (blocklists.TELL_SUBSCRIBERS,),
    SubscriptionChanged: (blocklists.SETTLE,),
    Unmuted: (relationships.RETELL_UNMUTED,),
    StatusPosted: (timelines.FAN_OUT, notifications.NOTIFY_POSTED, cards.LOOK_AT_POSTED),
    StatusEdited: (timelines.FAN_OUT_EDIT, notifications.NOTIFY_EDITED, cards.LOOK_AT_EDITED),
    StatusDeleted: (
        statuses.PURGE,
        polls.ERASE_OF_STATUSES,
        cards.FORGET,
        filters.FORGET_STATUSES,
        notifications.FORGET_STATUS,
    ),
    AccountToLimit: (cases.LIMIT,),
    StatusWithheld: (statuses.RETELL_WITHHELD,),
    StatusReleased: (timelines.FAN_OUT_RELEASED, notifications.NOTIFY_RELEASED, cards.LOOK_AT_RELEASED),
    StatusModerated: (statuses.RETELL_MODERATED,),
    AlikeNoticed: (afterwards.LOOK_AT_ALIKE,),
    StatusReblogged: (timelines.FAN_OUT_REBLOG, notifications.NOTIFY_REBLOGGED),
    StatusFavourited: (notifications.NOTIFY_FAVOURITED,),
    StatusUnfavourited: (notifications.FORGET_FAVOURITE,),
    MessageSent: (message_notifications.NOTIFY_SENT,),
    MessageEdited: (),
    MessageDeleted: (message_notifications.FORGET_MESSAGE,),
    MessageFavourited: (message_notifications.NOTIFY_FAVOURITED,),
    MessageUnfavourited: (message_notifications.FORGET_FAVOURITE,),
    ConversationRead: (),
    ConversationRenamed: (),
    MembersChanged: (conversations.FORGET_ABANDONED,),
    PollVoted: (),
    PollEnded: (notifications.NOTIFY_POLL_ENDED,),
    PollReplaced: (polls.ERASE_REPLACED,),
    ImportBrought: (portability.READ_IMPORT,),
    ArchiveAsked: (portability.MAKE_ARCHIVE,),
    PoliciesChanged: (statuses.RETELL_POLICIES,),
    ReplyHidden: (statuses.RETELL_HIDDEN,),
    QuoteRevoked: (statuses.RETELL_REVOKED,),
    FiltersChanged: (filters.RETELL,),
    RequestsAccepted: (notifications.MERGE_REQUESTS,),
    RequestsDismissed: (notifications.DROP_DISMISSED,),
    NotificationsMerged: (),
    MediaUploaded: (media.MAKE_PICTURE, media.MAKE_VIDEO),
    MediaReady: (),
    MediaDropped: (media.DELETE_FILES,),
    Appealed: (),
    AppealAnswered: (answers.APPEAL_ANSWERED,),
    DecisionReviewed: (answers.DECISION_REVIEWED,),
    Notified: (push.CHOOSE, news.NOTE),
    CaseOpened: (cases.NOTIFY_OPENED,),
    Struck: (cases.NOTIFY_STRUCK, mail.STRUCK),
}

JOBS: tuple[Job[Any], ...] = tuple(
    {
        job.name: job
        for jobs in (
            *REACTIONS.values(),
            (timelines.FAN_OUT_SLICE, scheduled.PUBLISH, cards.LOOK_AGAIN, push.SEND, news.NEWS, news.DIGEST),
            (resumable.COMPOSE, cleaning.SWEEP),
            notifications.SLICES,
            portability.SLICES,
        )
        for job in jobs
    }.values()
)
"""Every kind of job there is: those above, and the ones that jobs enqueue themselves."""

PERIODICS = (
    *appeals.PERIODICS,
    *decisions.PERIODICS,
    *campaigns.PERIODICS,
    *accounts.PERIODICS,
    *relationships.PERIODICS,
    *resumable.PERIODICS,
    *cleaning.PERIODICS,
    *statuses.PERIODICS,
    *conversations.PERIODICS,
    *polls.PERIODICS,
    *cards.PERIODICS,
    *scheduled.PERIODICS,
    *search.PERIODICS,
    *trends.PERIODICS,
    sessions.FORGET_ENDED,
    *factors.PERIODICS,
    *announcements.PERIODICS,
    mail.FORGET_LETTERS,
    news.COLLECT,
    *portability.PERIODICS,
    *cases.PERIODICS,
    subscriptions.FORGET_ENDED,
)
"""Work that comes back by the clock."""
