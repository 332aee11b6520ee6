"""What can have happened in a conversation. `reactions.py` says what follows."""

from linnet.platform.jobs import Event


class MessageSent(Event, frozen=True):
    """A message was sent."""

    message_id: int
    conversation_id: int
    account_id: int


class MessageEdited(Event, frozen=True):
    """A message has a new wording."""

    message_id: int
    conversation_id: int
    account_id: int


class MessageDeleted(Event, frozen=True):
    """A message was taken back by who wrote it, for everybody."""

    message_id: int
    conversation_id: int
    account_id: int


class MessageFavourited(Event, frozen=True):
    """`account_id` favourited a message."""

    message_id: int
    account_id: int


class MessageUnfavourited(Event, frozen=True):
    """`account_id` took the favourite of a message back."""

    message_id: int
    account_id: int


class ConversationRead(Event, frozen=True):
    """`account_id` has read a conversation up to a message."""

    conversation_id: int
    account_id: int
    message_id: int


class ConversationRenamed(Event, frozen=True):
    """A group is called something else."""

    conversation_id: int
    account_id: int


class MembersChanged(Event, frozen=True):
    """Other people are in a group than before: `account_id` added some, or left."""

    conversation_id: int
    account_id: int
    added_ids: tuple[int, ...] = ()
