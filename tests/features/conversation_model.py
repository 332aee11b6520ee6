"""Who may see which message, said a second time: slowly, simply, in plain Python, with nothing of the product in it."""

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class Message:
    """A message as the model remembers it. `words` are the secrets it has had, one for each wording."""

    id: int
    thread: "Thread"
    author: str
    words: list[str]
    heard_by: set[str]
    """Who was there when it was said, and has not left or put it out of their sight since."""
    gone: bool = False


@dataclass
class Thread:
    """A conversation: who is in it, how they stand to it, and what was said, the oldest first."""

    id: int
    is_group: bool
    members: set[str]
    standing: dict[str, str] = field(default_factory=dict[str, str])
    inviter: dict[str, str] = field(default_factory=dict[str, str])
    hidden_from: set[str] = field(default_factory=set[str])
    """Who has taken it off their list, and nobody has spoken since."""
    said: list[Message] = field(default_factory=list[Message])
    spoken_at: int = 0
    """The id of the last message that was ever said in it."""
    unread: dict[str, set[int]] = field(default_factory=dict[str, set[int]])
    """What each member has not read."""


@dataclass
class Model:
    """Everything that has happened. Pairs are (who does it, to whom)."""

    follows: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    blocks: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    threads: list[Thread] = field(default_factory=list[Thread])
    favourites: list[tuple[str, Message]] = field(default_factory=list[tuple[str, Message]])
    bookmarks: list[tuple[str, Message]] = field(default_factory=list[tuple[str, Message]])

    @property
    def messages(self) -> list[Message]:
        """All that was ever said, the oldest first."""
        return sorted((one for thread in self.threads for one in thread.said), key=lambda one: one.id)

    def block_between(self, one: str, other: str) -> bool:
        """Whether either of the two has blocked the other."""
        return (one, other) in self.blocks or (other, one) in self.blocks

    def with_all(self, members: set[str]) -> list[Thread]:
        """The conversations of exactly these people that are found by them, the oldest first."""
        return [one for one in self.threads if one.members == members and one.is_group is (len(members) > 2)]

    def begin(self, thread_id: int, starter: str, members: set[str], *, is_group: bool) -> Thread:
        """A new conversation; those who do not follow its starter are asked."""
        thread = Thread(thread_id, is_group, set())
        self.threads.append(thread)
        self.join(thread, starter, members)
        thread.standing[starter] = "accepted"
        return thread

    def join(self, thread: Thread, inviter: str, people: set[str]) -> None:
        """People come into a conversation, asked first unless they follow who takes them in."""
        for one in people:
            thread.members.add(one)
            thread.standing[one] = "accepted" if (one, inviter) in self.follows else "requested"
            thread.inviter[one] = inviter
            thread.hidden_from.discard(one)
            thread.unread[one] = set()

    def follow(self, who: str, whom: str) -> None:
        """To follow somebody is to accept what they have asked."""
        self.follows.add((who, whom))
        for thread in self.threads:
            if who in thread.members and thread.inviter[who] == whom and thread.standing[who] == "requested":
                thread.standing[who] = "accepted"

    def say(self, thread: Thread, message_id: int, author: str, word: str) -> Message:
        """A message, heard by everybody who is there now."""
        message = Message(message_id, thread, author, [word], set(thread.members))
        thread.said.append(message)
        thread.spoken_at = message_id
        thread.hidden_from.clear()
        thread.standing[author] = "accepted"
        for one in thread.members - {author}:
            thread.unread[one].add(message_id)
        thread.unread[author] = set()
        return message

    def leave(self, thread: Thread, who: str) -> None:
        """Somebody goes, and what they heard is theirs no more, also when they come back."""
        thread.members.discard(who)
        self.forget(thread, who)

    def forget(self, thread: Thread, who: str) -> None:
        """All that was said until now is out of somebody's sight."""
        for message in thread.said:
            message.heard_by.discard(who)
        thread.unread[who] = set()

    def is_open(self, thread: Thread, who: str) -> bool:
        """Whether a conversation is there for somebody at all."""
        if who not in thread.members:
            return False
        return thread.is_group or not any(self.block_between(who, other) for other in thread.members - {who})

    def sees(self, viewer: str | None, message: Message) -> bool:
        """Whether somebody may see a message."""
        return not message.gone and viewer in message.heard_by and (message.author, viewer) not in self.blocks

    def hears(self, viewer: str, message: Message) -> bool:
        """Whether a message is in the viewer's lists: they see it, and have not blocked its author."""
        return self.sees(viewer, message) and (viewer, message.author) not in self.blocks

    def listed(self, viewer: str, thread: Thread) -> list[int]:
        """What a viewer finds in a conversation, newest first."""
        return [one.id for one in reversed(thread.said) if self.hears(viewer, one)]

    def inbox(self, viewer: str, *standings: str) -> list[Thread]:
        """A viewer's conversations of these standings, the last spoken in first."""
        found = [
            one
            for one in self.threads
            if self.is_open(one, viewer) and viewer not in one.hidden_from and one.standing[viewer] in standings
        ]
        return sorted(found, key=lambda one: one.spoken_at, reverse=True)

    def is_unread(self, viewer: str, thread: Thread) -> bool:
        """Whether a viewer finds something in a conversation that others have said since they read."""
        unread = thread.unread[viewer]
        return any(one.id in unread and one.author != viewer and self.hears(viewer, one) for one in thread.said)

    def favouriters(self, viewer: str, message: Message) -> set[str]:
        """Who favourited a message, without those who have blocked the viewer."""
        return {who for who, one in self.favourites if one is message and (who, viewer) not in self.blocks}

    def marked(self, marks: list[tuple[str, Message]], viewer: str) -> list[int]:
        """Which messages of a viewer's favourites or bookmarks they still see, the latest mark first."""
        return [message.id for who, message in reversed(marks) if who == viewer and self.sees(viewer, message)]

    def secrets_from(self, viewer: str | None) -> Iterator[str]:
        """Every word of every message that the viewer may not see."""
        for message in self.messages:
            if not self.sees(viewer, message):
                yield from message.words
