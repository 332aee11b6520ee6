"""Who may see what, said a second time: slowly, simply, in plain Python, with nothing of the product in it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

Viewer = str | None
"""A person's name, or None for the public."""


@dataclass
class Poll:
    """What a post asks as the model remembers it, and who has answered."""

    id: int
    options: tuple[str, ...]
    multiple: bool
    voters: set[str] = field(default_factory=set[str])
    ended: bool = False


@dataclass
class Post:
    """A status as the model remembers it. `words` are the secrets it has had, one for each wording."""

    id: int
    author: str
    visibility: str
    words: list[str] = field(default_factory=list[str])
    mentioned: set[str] = field(default_factory=set[str])
    ever_mentioned: set[str] = field(default_factory=set[str])
    tagged: bool = False
    language: str | None = None
    answers: int | None = None
    quotes: int | None = None
    reblogs: int | None = None
    gone: bool = False
    reply_policy: str = "everyone"
    hidden: bool = False
    revoked: bool = False
    poll: Poll | None = None
    topic: str | None = None
    """A hashtag besides the one that is followed and filtered."""
    link: str | None = None
    withheld: bool = False
    limited: bool = False
    labels: list[str] = field(default_factory=list[str])
    media: list[str] = field(default_factory=list[str])
    """Ids of what it shows, in order; each is described by the word of the wording."""


@dataclass(frozen=True)
class Follow:
    """What a follower wants of somebody; no languages are all languages."""

    reblogs: bool = True
    languages: tuple[str, ...] = ()


@dataclass(frozen=True)
class Filter:
    """What a person does not want to read: a word, in some places, warned of or left out."""

    id: int
    word: str
    contexts: frozenset[str]
    hides: bool


@dataclass
class Listed:
    """Somebody's list: who is on it, and whether the one hashtag is."""

    members: set[str] = field(default_factory=set[str])
    tagged: bool = False
    policy: str = "list"
    exclusive: bool = False


@dataclass
class Model:
    """Everything that has happened. Pairs are (who does it, to whom)."""

    locked: set[str]
    follows: dict[tuple[str, str], Follow] = field(default_factory=dict[tuple[str, str], Follow])
    requests: dict[tuple[str, str], Follow] = field(default_factory=dict[tuple[str, str], Follow])
    blocks: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    mutes: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    timed_mutes: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    posts: dict[int, Post] = field(default_factory=dict[int, Post])
    favourites: list[tuple[str, int]] = field(default_factory=list[tuple[str, int]])
    bookmarks: list[tuple[str, int]] = field(default_factory=list[tuple[str, int]])
    lists: dict[str, Listed] = field(default_factory=dict[str, Listed])
    tag_followers: set[str] = field(default_factory=set[str])
    filters: list[tuple[str, Filter]] = field(default_factory=list[tuple[str, Filter]])

    def follow(self, who: str, whom: str, wanted: Follow) -> None:
        """Follow or ask; changes the wishes of who follows or asks already."""
        if (who, whom) in self.follows or whom not in self.locked:
            self.follows[who, whom] = wanted
        else:
            self.requests[who, whom] = wanted

    def part(self, one: str, other: str) -> None:
        """End whatever follows there are between two people, as a block does."""
        self.unfollow(one, other)
        self.unfollow(other, one)

    def unfollow(self, who: str, whom: str) -> None:
        """End a follow, or a request for one, and what stands on it."""
        self.follows.pop((who, whom), None)
        self.requests.pop((who, whom), None)
        if who in self.lists:
            self.lists[who].members.discard(whom)

    def unmute(self, who: str, whom: str) -> None:
        """End a mute of either kind."""
        self.mutes.discard((who, whom))
        self.timed_mutes.discard((who, whom))

    def mark(self, verb: str, who: str, post_id: int) -> None:
        """Favourite, unfavourite or bookmark; the second time changes nothing."""
        marks = self.bookmarks if verb == "bookmark" else self.favourites
        if verb == "unfavourite":
            marks[:] = [mark for mark in marks if mark != (who, post_id)]
        elif (who, post_id) not in marks:
            marks.append((who, post_id))

    def block_between(self, one: Viewer, other: str) -> bool:
        """Whether either of the two has blocked the other."""
        return (one, other) in self.blocks or (other, one) in self.blocks

    def subject(self, post: Post) -> Post:
        """What a reader really sees."""
        return post if post.reblogs is None else self.posts[post.reblogs]

    def sees(self, viewer: Viewer, post: Post) -> bool:
        """Whether a viewer may see a post; of a reblog also what it reblogs."""
        if post.gone or (post.author, viewer) in self.blocks or (post.withheld and viewer != post.author):
            return False
        if post.reblogs is not None and not self.sees(viewer, self.posts[post.reblogs]):
            return False
        if post.visibility in {"public", "unlisted"} or viewer == post.author:
            return True
        if viewer is None:
            return False
        follows = post.visibility == "private" and (viewer, post.author) in self.follows
        return follows or viewer in post.ever_mentioned

    def hears(self, viewer: Viewer, name: str) -> bool:
        """Whether a viewer has neither blocked nor muted somebody."""
        return (viewer, name) not in self.blocks | self.mutes | self.timed_mutes

    def matching(self, viewer: Viewer, post: Post) -> list[Filter]:
        """The viewer's filters that a post matches, or what it passes on or quotes; nobody filters themselves."""
        subject = self.subject(post)
        if subject.author == viewer:
            return []
        shown = [subject]
        if subject.quotes is not None and not subject.revoked and self._quotes_for(viewer, self.posts[subject.quotes]):
            shown.append(self.posts[subject.quotes])
        words = {word for one in shown for word in (one.words[-1], *(["finch"] if one.tagged else []))}
        words |= {option for one in shown if one.poll is not None for option in one.poll.options}
        return [one for who, one in self.filters if who == viewer and one.word in words]

    def _quotes_for(self, viewer: Viewer, quoted: Post) -> bool:
        return self.sees(viewer, quoted) and quoted.author != viewer

    def reads(self, viewer: Viewer, post: Post, context: str) -> bool:
        """Whether no filter of the viewer leaves a post out of a context."""
        if post.author == viewer:
            return True
        return not any(one.hides and context in one.contexts for one in self.matching(viewer, post))

    def may_answer(self, who: str, post: Post) -> bool:
        """Whether a post, and the one that its thread began with, let somebody answer."""
        answered = self.subject(post)
        return all(one.gone or self._lets_answer(one, who) for one in (answered, self._root(answered)))

    def _lets_answer(self, post: Post, who: str) -> bool:
        if who == post.author or post.reply_policy == "everyone":
            return True
        if post.reply_policy == "nobody" or who in post.mentioned:
            return post.reply_policy != "nobody"
        pair = {"followers": (who, post.author), "followed": (post.author, who)}.get(post.reply_policy)
        return pair in self.follows

    def may_hide(self, who: str, post: Post) -> bool:
        """Whether a post is an answer that somebody may take out of its thread."""
        if post.answers is None or post.author == who or not self.sees(who, post):
            return False
        return who in {self._root(post).author, self.posts[post.answers].author}

    def quote_state(self, viewer: Viewer, post: Post) -> str:
        """What a viewer is told of the quote in a post."""
        assert post.quotes is not None
        quoted = self.posts[post.quotes]
        if post.revoked or not self.sees(viewer, quoted):
            return "revoked" if post.revoked else "deleted"
        if (viewer, quoted.author) in self.blocks:
            return "blocked_account"
        return "accepted" if self.hears(viewer, quoted.author) else "muted_account"

    def newest(self, posts: Iterable[Post]) -> list[int]:
        """Ids, newest first."""
        return sorted((post.id for post in posts), reverse=True)

    def home(self, viewer: str) -> list[int]:
        """All of a viewer's home, newest first."""
        return self.newest(post for post in self.posts.values() if self._is_at_home(viewer, post))

    def _is_at_home(self, viewer: str, post: Post) -> bool:
        listed = self.lists.get(viewer)
        followed = post.author != viewer and (viewer, post.author) in self.follows
        away = listed is not None and listed.exclusive and post.author in listed.members and followed
        return not away and (self.would_read(viewer, post) or self._is_under_followed_tag(viewer, post))

    def _is_under_followed_tag(self, viewer: str, post: Post) -> bool:
        if viewer not in self.tag_followers or not post.tagged or post.visibility != "public" or post.limited:
            return False
        if post.reblogs is not None or not self.reads(viewer, post, "home"):
            return False
        return self.sees(viewer, post) and self.hears(viewer, post.author)

    def would_read(self, viewer: str, post: Post) -> bool:
        """Whether a post is one of those that a viewer follows its author for, wherever they read it."""
        original = self.subject(post)
        if not self.sees(viewer, post) or not self.hears(viewer, original.author):
            return False
        if not self.reads(viewer, post, "home"):
            return False
        return post.author == viewer or self._is_wanted(viewer, post)

    def _is_wanted(self, viewer: str, post: Post) -> bool:
        follow = self.follows.get((viewer, post.author))
        if follow is None or not self.hears(viewer, post.author):
            return False
        if post.reblogs is not None:
            original = self.subject(post)
            brought = not original.limited or original.author == viewer or (viewer, original.author) in self.follows
            return follow.reblogs and brought
        if follow.languages and post.language and post.language not in follow.languages:
            return False
        if post.answers is None or viewer in post.mentioned:
            return True
        answered = self.posts[post.answers].author
        known = (viewer, answered) in self.follows and self.hears(viewer, answered)
        return answered in {viewer, post.author} or known

    def pages(self, ids: list[int], limit: int, *, forward: bool = False) -> list[list[int]]:
        """A list cut into pages of `limit` from one of its ends; on each only the oldest that shows the same post."""
        if forward:
            backwards = ids[::-1]
            cut = [backwards[at : at + limit][::-1] for at in range(0, len(ids), limit)]
        else:
            cut = [ids[at : at + limit] for at in range(0, len(ids), limit)]
        return [self._unrepeated(page) for page in cut]

    def _unrepeated(self, page: list[int]) -> list[int]:
        oldest = {self.subject(self.posts[post_id]).id: post_id for post_id in page}
        return [post_id for post_id in page if post_id in oldest.values()]

    def showing(self, ids: list[int]) -> list[int]:
        """Those of posts that show media themselves: what is passed on does not count."""
        return [one for one in ids if self.posts[one].media]

    def public(self, viewer: Viewer, *, tagged: bool = False) -> list[int]:
        """The public timeline, or that of the one hashtag, which has replies to others as well."""
        return self.newest(
            post
            for post in self.posts.values()
            if post.visibility == "public" and post.reblogs is None and not post.limited
            if (post.tagged if tagged else post.answers is None or self.posts[post.answers].author == post.author)
            if self.sees(viewer, post) and self.hears(viewer, post.author) and self.reads(viewer, post, "public")
        )

    def of_account(self, viewer: Viewer, author: str, *, replies: bool = True, reblogs: bool = True) -> list[int]:
        """What a viewer finds on somebody's profile."""
        return self.newest(
            post
            for post in self.posts.values()
            if post.author == author and self.sees(viewer, post) and self.reads(viewer, post, "account")
            if reblogs or post.reblogs is None
            if replies or post.answers is None or self.posts[post.answers].author == author
        )

    def ancestors(self, viewer: Viewer, post: Post) -> list[int]:
        """What a post answers, the oldest first; a deleted one in between breaks nothing."""
        chain: list[int] = []
        at = self.subject(post)
        while at.answers is not None:
            at = self.posts[at.answers]
            chain.append(at.id)
        return [i for i in reversed(chain) if self._is_in_thread(viewer, self.posts[i])]

    def descendants(self, viewer: Viewer, post: Post) -> list[int]:
        """What answers a post, each followed by its own answers; what hangs below a deleted one is not found."""
        return [one.id for one in self._below(viewer, self.subject(post)) if self._is_in_thread(viewer, one)]

    def _below(self, viewer: Viewer, post: Post) -> Iterator[Post]:
        for one in sorted(self.posts.values(), key=lambda one: one.id):
            if one.answers == post.id and not one.gone and (not one.hidden or one.author == viewer):
                yield one
                yield from self._below(viewer, one)

    def hidden(self, viewer: Viewer, post: Post) -> list[int]:
        """The hidden answers of the thread of a post."""
        root = self._root(self.subject(post))
        return self.newest(
            one
            for one in self.posts.values()
            if one.hidden and self._root(one) is root and self._is_in_thread(viewer, one)
        )

    def _root(self, post: Post) -> Post:
        while post.answers is not None:
            post = self.posts[post.answers]
        return post

    def _is_in_thread(self, viewer: Viewer, post: Post) -> bool:
        return self.sees(viewer, post) and self.hears(viewer, post.author) and self.reads(viewer, post, "thread")

    def marked(self, marks: list[tuple[str, int]], viewer: str) -> list[int]:
        """Which of a viewer's favourites or bookmarks they still may see, the latest first."""
        return [i for who, i in reversed(marks) if who == viewer and self.sees(viewer, self.posts[i])]

    def favouriters(self, viewer: Viewer, post: Post) -> set[str]:
        """Who favourited a post, without those who have blocked the viewer."""
        subject = self.subject(post)
        return {who for who, i in self.favourites if i == subject.id and (who, viewer) not in self.blocks}

    def rebloggers(self, viewer: Viewer, post: Post) -> set[str]:
        """Who reblogged a post for everyone, without those who have blocked the viewer."""
        subject = self.subject(post)
        return {
            one.author
            for one in self.posts.values()
            if one.reblogs == subject.id and not one.gone and one.visibility in {"public", "unlisted"}
            if (one.author, viewer) not in self.blocks
        }

    def quotes(self, viewer: Viewer, post: Post) -> list[int]:
        """The posts that quote one, without those of people the viewer has silenced."""
        subject = self.subject(post)
        return self.newest(
            one
            for one in self.posts.values()
            if one.quotes == subject.id and not one.revoked and self._is_in_thread(viewer, one)
        )

    def secrets_from(self, viewer: Viewer) -> list[str]:
        """Every word of every post the viewer may not see."""
        return [word for post in self.posts.values() if not self.sees(viewer, post) for word in post.words]
