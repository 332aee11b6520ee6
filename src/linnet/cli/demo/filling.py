"""Filling a server with the demo's network: made up by `people` and `talk`, written by the features themselves."""

import secrets
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Final

from linnet.cli.demo.people import SPAN, Graph, Person, make_graph, make_people
from linnet.cli.demo.talk import Talk, make_favourites, make_talk
from linnet.features.accounts import jobs as account_jobs
from linnet.features.accounts import seeding as accounts
from linnet.features.accounts import users
from linnet.features.accounts.models import Role, Viewer
from linnet.features.accounts.seeding import Profile
from linnet.features.accounts.signup import create_account
from linnet.features.conversations import sending
from linnet.features.conversations.models import Draft
from linnet.features.notifications import jobs as notifications
from linnet.features.relationships import seeding as relationships
from linnet.features.relationships.events import Followed, FollowRequested
from linnet.features.statuses import actions, seeding
from linnet.features.statuses import jobs as status_jobs
from linnet.features.statuses.events import StatusFavourited, StatusPosted, StatusReblogged
from linnet.features.statuses.models import Visibility
from linnet.features.statuses.seeding import SeededFavourite
from linnet.features.timelines import homes
from linnet.platform.engines import Engines
from linnet.platform.errors import ProductError
from linnet.platform.jobs import Event, Job
from linnet.platform.site import Site

HOST: Final = "robin"
PIN_SHARE: Final = 0.2
BOOKMARKS: Final = 12
TOLD_TOGETHER: Final = timedelta(hours=3)
"""Notifications are written as of the end of such a span, a batch for each kind."""

Fact = tuple[datetime, Job[Any], Event]
"""What happened when, with the job that tells people of it."""

Step = Callable[[str, int, int], None]
"""Told of progress: the step's name, how much of it is done now, and how much it is in all."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What there is now, and whom to sign in as."""

    username: str
    password: str
    url: str
    people: int
    statuses: int


@dataclass(frozen=True, slots=True)
class _Moment:
    """A clock that stands still, so that what happens now has happened then."""

    at: datetime

    def now(self) -> datetime:
        return self.at


async def fill(engines: Engines, *, people: int, statuses: int, seed: int, force: bool, step: Step) -> Filled:
    """Make the network. Raises `ProductError` when there is one already, unless forced."""
    if not force and not await accounts.is_empty(engines):
        raise ProductError("There are accounts here already. Run this on an empty server, or add --force.")
    dice, now = Random(seed), datetime.now(UTC)  # noqa: S311 -- plays, not secrets
    made = make_people(dice, people - 1, now, await _names(engines))
    ids = await accounts.seed(engines, [person.profile for person in made])
    password = secrets.token_urlsafe(9)
    host = await _make_host(engines, password, now)
    made.append(host[0])
    ids.append(host[1])
    step("People", people, people)
    graph = make_graph(dice, made)
    follows = await _write_graph(engines, dice, ids, graph, now)
    step("Follows", len(graph.follows), len(graph.follows))
    talk = make_talk(dice, made, ids, graph, statuses, now)
    status_ids = await seeding.seed(engines, talk.seeds, lambda done: step("Posts", done, statuses))
    favourites = [replace(one, status_id=status_ids[one.status_id]) for one in make_favourites(dice, talk, now)]
    await seeding.seed_favourites(engines, favourites, lambda done: step("Favourites", done, len(favourites)))
    await _mark(engines, dice, talk, status_ids)
    await _tell(engines, _happened(talk, status_ids, favourites) + follows, step)
    for one in talk.whispers:
        moment = replace(engines, clock=_Moment(one.at))
        await sending.write_to(moment, Viewer(one.author_id), [one.to_id], Draft(one.text, language="en"))
    await account_jobs.fold_counters(engines)
    await status_jobs.fold_counters(engines)
    await homes.forget(engines.valkey, ids)
    return Filled(host[0].profile.username, password, engines.config(Site).public_url, people, statuses)


async def _names(engines: Engines) -> set[str]:
    """Every name that is taken, in lower case."""
    names: set[str] = set()
    above_id = 0
    while page := await users.users(engines, above_id=above_id):
        names.update(user.username.lower() for user in page)
        above_id = page[-1].account_id
    return names


async def _make_host(engines: Engines, password: str, now: datetime) -> tuple[Person, int]:
    """The one whose password is told; real in every way, and as old as the others."""
    taken = await _names(engines)
    username = next(name for n in range(1, len(taken) + 2) if (name := f"{HOST}{n if n > 1 else ''}") not in taken)
    then = now - SPAN - timedelta(days=1)
    email = f"{username}@example.org"
    account_id = await create_account(
        replace(engines, clock=_Moment(then)), username=username, email=email, password=password, role=Role.USER
    )
    profile = Profile(
        username=username, display_name=username.capitalize(), note="", language="en", email=email, created_at=then
    )
    return Person(profile, ("birds", "code", "bread"), 4.0), account_id


async def _write_graph(engines: Engines, dice: Random, ids: Sequence[int], graph: Graph, now: datetime) -> list[Fact]:
    """Write follows and requests; the facts to tell people of."""
    follows = [(ids[one], ids[other]) for one, other in graph.follows]
    requests = [(ids[one], ids[other]) for one, other in graph.requests]
    since = sorted(now - SPAN * dice.random() for _ in follows)
    asked = [now - SPAN * dice.random() for _ in requests]
    dice.shuffle(follows)
    await relationships.seed_follows(engines, follows, since)
    await relationships.seed_requests(engines, requests, asked)
    told: list[Fact] = [
        (at, notifications.NOTIFY_FOLLOWED, Followed(account_id=one, target_id=other))
        for (one, other), at in zip(follows, since, strict=True)
    ]
    waiting: list[Fact] = [
        (at, notifications.NOTIFY_FOLLOW_REQUESTED, FollowRequested(account_id=one, target_id=other))
        for (one, other), at in zip(requests, asked, strict=True)
    ]
    return told + waiting


async def _mark(engines: Engines, dice: Random, talk: Talk, status_ids: Sequence[int]) -> None:
    """Pins of some people, and bookmarks of the one who signs in, by the verbs people use."""
    own: defaultdict[int, list[int]] = defaultdict(list)
    for place, (seed, author) in enumerate(zip(talk.seeds, talk.authors, strict=True)):
        if seed.text and seed.answers is None and seed.visibility is Visibility.PUBLIC:
            own[author].append(place)
    for author, places in own.items():
        if dice.random() < PIN_SHARE:
            await actions.pin(engines, Viewer(talk.ids[author]), status_ids[dice.choice(places)])
    followed = {other for one, other in talk.graph.follows if one == len(talk.people) - 1}
    liked = [place for author in sorted(followed) for place in own[author]]
    for place in dice.sample(liked, k=min(BOOKMARKS, len(liked))):
        await actions.bookmark(engines, Viewer(talk.ids[-1]), status_ids[place])


def _happened(talk: Talk, status_ids: Sequence[int], favourites: Sequence[SeededFavourite]) -> list[Fact]:
    """What people are told of, with the job that tells them."""
    found: list[Fact] = []
    for seed, status_id in zip(talk.seeds, status_ids, strict=True):
        if seed.reblogs is not None:
            event = StatusReblogged(reblog_id=status_id, status_id=status_ids[seed.reblogs], account_id=seed.author_id)
            found.append((seed.at, notifications.NOTIFY_REBLOGGED, event))
        elif seed.quotes is not None or seed.text.startswith("@"):
            event = StatusPosted(status_id=status_id, account_id=seed.author_id)
            found.append((seed.at, notifications.NOTIFY_POSTED, event))
    for one in favourites:
        event = StatusFavourited(status_id=one.status_id, account_id=one.account_id)
        found.append((one.at, notifications.NOTIFY_FAVOURITED, event))
    return found


async def _tell(engines: Engines, happened: Sequence[Fact], step: Step) -> None:
    """Run the jobs that notify people, as if it were then."""
    batches: defaultdict[tuple[int, str], list[Fact]] = defaultdict(list)
    for one in happened:
        batches[int(one[0].timestamp() // TOLD_TOGETHER.total_seconds()), one[1].name].append(one)
    for _, batch in sorted(batches.items(), key=lambda item: item[0]):
        at = max(moment for moment, _, _ in batch)
        await batch[0][1].run(replace(engines, clock=_Moment(at)), [event for _, _, event in batch])
        step("Notifications", len(batch), len(happened))
