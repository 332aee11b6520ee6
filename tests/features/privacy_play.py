"""A random story on a real server and in the model at once: people post, follow, block, and change their minds."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from itertools import count
from random import Random
from typing import Any

from privacy_lists import ListMoves
from privacy_model import Filter, Follow, Model, Poll, Post
from privacy_trends import Spoken, choose

from attached import upload
from linnet.features.statuses import withholding
from linnet.features.statuses.cards import store as cards
from linnet.features.statuses.cards.models import Found
from linnet.platform.changes import Kind, change
from world import Person, World

LANGUAGES = ("en", "de")
CONTEXTS = ("home", "public", "thread", "account", "notifications")
REPLY_POLICIES = ("everyone", "everyone", "everyone", "followers", "followed", "mentioned", "nobody")
VISIBILITIES = ("public", "public", "unlisted", "private", "private")
TAG = "finch"
POLLS = 0.3
"""How many posts ask something."""

PICTURES = 0.4
"""How many of the others show something."""

Move = Callable[[], Awaitable[None]]


class Play:
    """A small network and its story so far. What the server refuses, the model must forbid, and the other way round."""

    def __init__(
        self,
        world: World,
        random: Random,
        people: Sequence[Person],
        locked: set[str],
        undiscoverable: Collection[str] = (),
    ) -> None:
        self.world = world
        self.random = random
        self.people = {person.username: person for person in people}
        self.model = Model(locked)
        self.undiscoverable = frozenset(undiscoverable)
        self.spoken = Spoken(self.model, TAG, self.undiscoverable)
        self.settled = True
        self.is_over = False
        self.story: list[str] = []
        self._words = count(1)
        self.lists = ListMoves(self)

    def moves(self) -> dict[Move, int]:
        """What can happen next, and how often it does."""
        return {
            self._post: 7,
            self._reply: 6,
            self._reblog: 5,
            self._quote: 2,
            self._edit: 3,
            self._delete: 2,
            self._follow: 8,
            self._unfollow: 1,
            self._answer_request: 2,
            self._block: 1,
            self._unblock: 1,
            self._mute: 2,
            self._unmute: 1,
            self._let_mutes_run_out: 1,
            self._mark: 3,
            self._change_reply_policy: 1,
            self._hide_reply: 2,
            self._revoke_quote: 1,
            self._filter: 2,
            self._unfilter: 1,
            self._turn_tag: 2,
            self._vote: 4,
            self._get_card: 2,
            self._let_polls_end: 1,
            self._moderate: 6,
            self._look_home: 3,
            self.settle: 4,
            self._lose_valkey: 1,
            **self.lists.moves(),
        }

    async def begin(self) -> None:
        """People say who may follow them, and whether strangers may be shown what they write."""
        for name, person in self.people.items():
            chosen = {"locked": name in self.model.locked, "discoverable": name not in self.undiscoverable}
            await person.do("PATCH", "/api/v1/accounts/update_credentials", **chosen)

    async def go_on(self, times: int) -> None:
        """Let so many things happen."""
        moves = self.moves()
        for move in self.random.choices([*moves], [*moves.values()], k=times):
            await move()

    async def settle(self) -> None:
        """Run every job, and what comes back by the clock."""
        await self.world.settle(periodics=True)
        self.spoken.count()
        self.tell("settle")
        self.settled = True

    async def end(self) -> None:
        """Nothing more will happen."""
        await self.settle()
        self.is_over = True

    def tell(self, *words: object) -> None:
        """Note what happened, for whoever reads of a story that failed."""
        self.story.append(" ".join(str(word) for word in words))

    def _somebody(self) -> str:
        return self.random.choice([*self.people])

    def _two(self) -> tuple[str, str]:
        one, other = self.random.sample([*self.people], 2)
        return one, other

    def _some_post(self) -> Post | None:
        return self.random.choice([*self.model.posts.values()]) if self.model.posts else None

    async def ask(self, who: str, path: str, *, allowed: bool, method: str = "POST", **body: Any) -> Any:
        """A request that the model says is allowed, or is not."""
        answer = await self.people[who].ask(method, f"/api/v1/{path}", json=body)
        self.settled = False
        assert answer.is_success is allowed, f"{method} {path} by {who}: {answer.status_code} {answer.text}"
        assert answer.is_success or answer.status_code in {403, 404, 422}, answer.text
        return answer.json()

    async def _post(self) -> None:
        await self._publish(self._somebody())

    async def _publish(
        self, who: str, *, allowed: bool = True, parent: Post | None = None, quoted: Post | None = None
    ) -> None:
        tagged, language = self.random.random() < 0.4, self.random.choice((None, *LANGUAGES))
        visibility = self.random.choice(VISIBILITIES)
        named = self.random.sample([*self.people], self.random.choice((0, 0, 1, 1, 2)))
        word, (topic, link) = self._word(), choose(self.random)
        body: dict[str, Any] = {
            "visibility": visibility,
            "language": language,
            "status": " ".join([self._text(word, named, tagged), *([f"#{topic}"] if topic else []), link or ""]),
            "reply_policy": self.random.choice(REPLY_POLICIES),
        }
        if parent:
            body["in_reply_to_id"] = str(parent.id)
        if quoted:
            body["quoted_status_id"] = str(quoted.id)
        if self.random.random() < POLLS:
            body["poll"] = self._poll()
        elif self.random.random() < PICTURES:
            body["media_ids"] = [await upload(self.people[who], description=f"a {word}") for _ in range(2)]
        made = await self.ask(who, "statuses", allowed=allowed, **body)
        self.tell(who, "posts", visibility, named, language, "answer to", parent and parent.id, "quote of",
                   quoted and quoted.id, body["reply_policy"], "->", made.get("id"))  # fmt: skip
        if allowed:
            self.model.posts[int(made["id"])] = Post(
                int(made["id"]),
                who,
                visibility,
                [word],
                set(named),
                set(named),
                tagged,
                language,
                self.model.subject(parent).id if parent else None,
                self.model.subject(quoted).id if quoted else None,
                reply_policy=body["reply_policy"],
                poll=self._asked(made, None),
                topic=topic,
                link=link,
                media=body.get("media_ids", []),
            )
            self.spoken.posted(self.model.posts[int(made["id"])])

    def _poll(self) -> dict[str, Any]:
        """What a post may ask: little else than what another one asks, so that edits often ask the same."""
        options = self.random.choice((["linnet", "wren"], ["linnet", "wren", "finch"]))
        several, hidden = self.random.random() < 0.3, self.random.random() < 0.3
        return {"options": options, "expires_in": 3600, "multiple": several, "hide_totals": hidden}

    def _asked(self, status: Any, before: Poll | None) -> Poll | None:
        """The poll of a status as the model is to remember it, given what it remembers."""
        shown = status["poll"]
        if shown is None:
            return None
        options = tuple(option["title"] for option in shown["options"])
        same = before is not None and (before.options, before.multiple) == (options, shown["multiple"])
        voters = before.voters if before is not None and same else set[str]()
        return Poll(int(shown["id"]), options, shown["multiple"], voters)

    def _word(self) -> str:
        return f"secret{next(self._words)}x"

    def _text(self, word: str, named: Sequence[str], tagged: bool) -> str:  # noqa: FBT001
        return " ".join([word, *(f"@{name}" for name in named), *([f"#{TAG}"] if tagged else [])])

    async def _reply(self) -> None:
        who, post = self._somebody(), self._some_post()
        if post:
            await self._publish(
                who, allowed=self.model.sees(who, post) and self.model.may_answer(who, post), parent=post
            )

    async def _quote(self) -> None:
        who, post = self._somebody(), self._some_post()
        if post:
            quoted = self.model.subject(post)
            open_to_all = quoted.visibility in {"public", "unlisted"}
            own = quoted.author == who
            await self._publish(who, allowed=self.model.sees(who, post) and (own or open_to_all), quoted=post)

    async def _reblog(self) -> None:
        who, post = self._somebody(), self._some_post()
        if post is None:
            return
        subject = self.model.subject(post)
        own_private = subject.visibility == "private" and subject.author == who
        allowed = self.model.sees(who, post) and (subject.visibility in {"public", "unlisted"} or own_private)
        visibility = self.random.choice(("public", "unlisted", "private"))
        made = await self.ask(who, f"statuses/{post.id}/reblog", allowed=allowed, visibility=visibility)
        self.tell(who, "reblogs", post.id, visibility, "->", made.get("id"))
        if allowed:
            visibility = "private" if own_private else visibility
            if int(made["id"]) not in self.model.posts:
                self.model.posts[int(made["id"])] = Post(int(made["id"]), who, visibility, reblogs=subject.id)
                if visibility != "private":
                    self.spoken.marked(post, who)

    async def _edit(self) -> None:
        post = self._some_post()
        if post is None:
            return
        allowed = not post.gone and post.reblogs is None
        named, tagged = self.random.sample([*self.people], self.random.choice((0, 1))), self.random.random() < 0.4
        word = self._word()
        text = self._text(word, named, tagged)
        poll = {"poll": self._poll()} if self.random.random() < (0.7 if post.poll else POLLS) else {}
        media = [] if poll else await self._other_media(post, word)
        captions = [{"id": one, "description": f"a {word}"} for one in media]
        changes = {"status": text, "media_ids": media, "media_attributes": captions, **poll}
        edited = await self.ask(post.author, f"statuses/{post.id}", allowed=allowed, method="PUT", **changes)
        self.tell(post.author, "edits", post.id, named, poll, "showing", media)
        if allowed:
            post.media = media
            post.poll = self._asked(edited, post.poll)
            post.words.append(word)
            post.mentioned, post.tagged, post.topic, post.link = set(named), tagged, None, None
            post.ever_mentioned |= post.mentioned

    async def _other_media(self, post: Post, word: str) -> list[str]:
        """What a post may show instead: some of what it shows, in any order, or besides something new."""
        kept = self.random.sample(post.media, self.random.randint(0, len(post.media)))
        if self.random.random() < PICTURES:
            kept.append(await upload(self.people[post.author], description=f"a {word}"))
        return kept

    async def _delete(self) -> None:
        post = self._some_post()
        if post is None:
            return
        allowed = self.model.sees(post.author, post)
        await self.ask(post.author, f"statuses/{post.id}", allowed=allowed, method="DELETE")
        self.tell(post.author, "deletes", post.id)
        post.gone = True  # a boost also of what they may not see any more, of which nothing is shown

    async def _follow(self) -> None:
        who, whom = self._two()
        wanted = Follow(self.random.random() < 0.8, self.random.choice(((), (), ("en",), LANGUAGES)))
        allowed = not self.model.block_between(who, whom)
        options = {"reblogs": wanted.reblogs, "languages": wanted.languages}
        await self._relate("follow", who, whom, allowed=allowed, **options)
        if allowed:
            self.model.follow(who, whom, wanted)

    async def _relate(self, verb: str, who: str, whom: str, *, allowed: bool = True, **options: Any) -> None:
        await self.ask(who, f"accounts/{self.people[whom].id}/{verb}", allowed=allowed, **options)
        self.tell(who, verb, whom, options or "")

    async def _unfollow(self) -> None:
        who, whom = self._two()
        await self._relate("unfollow", who, whom)
        self.model.unfollow(who, whom)

    async def _answer_request(self) -> None:
        if not self.model.requests:
            return
        (who, whom), wanted = self.random.choice([*self.model.requests.items()])
        verb = self.random.choice(("authorize", "authorize", "reject"))
        await self.ask(whom, f"follow_requests/{self.people[who].id}/{verb}", allowed=True)
        self.tell(whom, verb, who)
        del self.model.requests[who, whom]
        if verb == "authorize":
            self.model.follows[who, whom] = wanted
        elif who in self.model.lists:
            self.model.lists[who].members.discard(whom)

    async def _block(self) -> None:
        who, whom = self._two()
        await self._relate("block", who, whom)
        self.model.part(who, whom)
        self.model.blocks.add((who, whom))

    async def _unblock(self) -> None:
        who, whom = self.random.choice([*self.model.blocks] or [self._two()])
        await self._relate("unblock", who, whom)
        self.model.blocks.discard((who, whom))

    async def _mute(self) -> None:
        who, whom = self._two()
        duration = self.random.choice((0, 0, 3_600))
        await self._relate("mute", who, whom, duration=duration)
        self.model.unmute(who, whom)
        (self.model.timed_mutes if duration else self.model.mutes).add((who, whom))

    async def _unmute(self) -> None:
        who, whom = self.random.choice([*self.model.mutes] or [self._two()])
        await self._relate("unmute", who, whom)
        self.model.unmute(who, whom)

    async def _let_mutes_run_out(self) -> None:
        """Time passes for mutes alone; the rows stay, as they do until a periodic job has been there."""
        engines = self.world.engines
        muting = await engines.db.rows(
            """
            update mutes set expires_at = now() - interval '1 second' where expires_at is not null
            returning account_id
            """
        )
        await engines.changes.tell(change(Kind.VIEWER, row["account_id"]) for row in muting)
        self.tell("mutes run out")
        self.model.timed_mutes.clear()

    async def _mark(self) -> None:
        who, post = self._somebody(), self._some_post()
        if post is None:
            return
        allowed = self.model.sees(who, post)
        verb = self.random.choice(("favourite", "favourite", "bookmark", "unfavourite"))
        await self.ask(who, f"statuses/{post.id}/{verb}", allowed=allowed)
        self.tell(who, verb, post.id)
        if allowed:
            if verb == "favourite" and (who, self.model.subject(post).id) not in self.model.favourites:
                self.spoken.marked(post, who)
            self.model.mark(verb, who, self.model.subject(post).id)
        elif verb == "unfavourite":  # what one may not see any more can be let go of
            self.model.mark(verb, who, post.id)

    async def _vote(self) -> None:
        asking = [post for post in self.model.posts.values() if post.poll]
        if not asking:
            return
        who, post = self._somebody(), self.random.choice(asking)
        poll = post.poll
        assert poll is not None
        choices = self.random.sample(range(len(poll.options)), self.random.choice((1, 1, 1, 2)))
        allowed = (
            self.model.sees(who, post)
            and who != post.author
            and who not in poll.voters
            and not poll.ended
            and (len(choices) == 1 or poll.multiple)
        )
        await self.ask(who, f"polls/{poll.id}/votes", allowed=allowed, choices=choices)
        self.tell(who, "votes", choices, "in", post.id)
        if allowed:
            poll.voters.add(who)

    async def _get_card(self) -> None:
        """A post gets a preview, as if it linked to a page; when it is edited, and links to none, it is gone."""
        post, engines = self._some_post(), self.world.engines
        if post is None or post.reblogs is not None:
            return
        found = Found(f"https://birds.com/{next(self._words)}", "A page about birds")
        async with engines.transaction() as tx:
            card_id = await cards.insert(tx, found, None, engines.clock.now())
            for status_id in (await cards.attach(tx, card_id, await cards.linking(tx, [post.id])))[0]:
                tx.changed(Kind.STATUS, status_id)
        self.tell(post.id, "gets a card")

    async def _moderate(self) -> None:
        """A post is withheld, limited in reach or labelled, or is no longer; mostly what can be, and is not yet."""
        post = self._some_post()
        if post is None:
            return
        verb = self.random.choice(("withhold", "release", "release", "limit", "unlimit", "label"))
        labels = self.random.choice(([], ["spam"], ["abuse", "rude"]))
        there = not post.gone and post.reblogs is None
        async with self.world.engines.transaction() as tx:
            if verb == "label":
                done = await withholding.label(tx, post.id, labels)
                assert done is (there and post.labels != labels)
                post.labels = labels if there else post.labels
            else:
                done = await getattr(withholding, verb)(tx, post.id)
                noun, wanted = {
                    "withhold": ("withheld", True),
                    "release": ("withheld", False),
                    "limit": ("limited", True),
                    "unlimit": ("limited", False),
                }[verb]
                assert done is (there and getattr(post, noun) is not wanted)
                if done:
                    setattr(post, noun, wanted)
                if done and verb == "release":
                    self.spoken.posted(post)
        self.settled = False
        self.tell("moderators", verb, post.id, labels if verb == "label" else "", "done" if done else "in vain")

    async def _let_polls_end(self) -> None:
        """Time passes for the polls there are; whether they are shown as over is for a periodic job to note."""
        engines = self.world.engines
        ended = await engines.db.rows(
            "update polls set expires_at = now() - interval '1 second' where expires_at > now() returning status_id"
        )
        await engines.changes.tell(change(Kind.STATUS, row["status_id"]) for row in ended)
        for post in self.model.posts.values():
            if post.poll is not None:
                post.poll.ended = True
        self.tell("polls end")

    async def _change_reply_policy(self) -> None:
        post, policy = self._some_post(), self.random.choice(REPLY_POLICIES)
        if post is None:
            return
        allowed = not post.gone and post.reblogs is None
        path = f"statuses/{post.id}/interaction_policy"
        await self.ask(post.author, path, allowed=allowed, method="PUT", reply_policy=policy)
        self.tell(post.author, "lets answer", post.id, policy)
        post.reply_policy = policy if allowed else post.reply_policy

    async def _hide_reply(self) -> None:
        """Somebody hides an answer, or puts one back; mostly who may."""
        answers = [one for one in self.model.posts.values() if one.answers is not None]
        if not answers:
            return
        post, verb = self.random.choice(answers), self.random.choice(("hide", "hide", "unhide"))
        who = self.random.choice([self.model.posts[post.answers or 0].author, self._somebody()])
        allowed = self.model.may_hide(who, post)
        await self.ask(who, f"statuses/{post.id}/{verb}_reply", allowed=allowed)
        self.tell(who, verb, post.id)
        post.hidden = verb == "hide" if allowed else post.hidden

    async def _revoke_quote(self) -> None:
        quotes = [one for one in self.model.posts.values() if one.quotes is not None]
        if not quotes:
            return
        post = self.random.choice(quotes)
        quoted = self.model.posts[post.quotes or 0]
        allowed = self.model.sees(quoted.author, post) and not quoted.gone
        await self.ask(quoted.author, f"statuses/{quoted.id}/quotes/{post.id}/revoke", allowed=allowed)
        self.tell(quoted.author, "revokes the quote in", post.id)
        post.revoked |= allowed

    async def _filter(self) -> None:
        """Somebody does not want to read of a hashtag, or of what one post says now."""
        who, post = self._somebody(), self._some_post()
        word = self.random.choice([TAG, *(post.words[-1:] if post else ())])
        contexts, hides = self.random.sample(CONTEXTS, self.random.choice((1, 2, 4))), self.random.random() < 0.5
        made = await self.ask(
            who, "filters", allowed=True, phrase=word, context=contexts, irreversible=hides, whole_word=True
        )
        self.tell(who, "filters", word, contexts, "hide" if hides else "warn")
        self.model.filters.append((who, Filter(int(made["id"]), word, frozenset(contexts), hides)))

    async def _unfilter(self) -> None:
        if not self.model.filters:
            return
        who, filter_ = self.random.choice(self.model.filters)
        await self.ask(who, f"filters/{filter_.id}", allowed=True, method="DELETE")
        self.tell(who, "no longer filters", filter_.word)
        self.model.filters.remove((who, filter_))

    async def _turn_tag(self) -> None:
        who = self._somebody()
        verb = "unfollow" if who in self.model.tag_followers else "follow"
        await self.ask(who, f"tags/{TAG}/{verb}", allowed=True)
        self.tell(who, verb, TAG)
        self.model.tag_followers ^= {who}

    async def _look_home(self) -> None:
        who = self._somebody()
        await self.people[who].home()
        self.tell(who, "looks home")

    async def _lose_valkey(self) -> None:
        await self.world.engines.valkey.forget_everything()
        self.tell("FLUSHALL")
