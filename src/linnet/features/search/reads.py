"""Questions of search: posts that match a query and that the viewer may find, and whether a query can be read at all.

Who may find a post is narrower than who may see it. Everybody who is signed in finds public posts of authors who let
their posts be found (`indexable`); besides, one finds one's own posts, those that mention one, and those one has
favourited, bookmarked or boosted. Nobody finds direct messages, posts they may not see, or posts of people they have
silenced. That is decided anew in each search, by what is true then and not by what was indexed.
"""

from dataclasses import replace
from typing import Final

from linnet.features.accounts import reads as accounts
from linnet.features.accounts.handles import local_name
from linnet.features.accounts.models import Viewer
from linnet.features.search import facets, parsing, periods
from linnet.features.search.models import (
    MARKS_MAX,
    All,
    Facet,
    Node,
    Order,
    Query,
    Where,
)
from linnet.features.search.periods import Period
from linnet.features.search.plan import Plan, Stems, names_of, plan, words_of
from linnet.features.search.store import documents, finding
from linnet.features.search.words import STEMMERS, folded, quoted
from linnet.platform.engines import Engines
from linnet.platform.paging import Window
from linnet.platform.site import Site

DICTIONARIES: Final = tuple(dict.fromkeys(f"{name}_stem" for name in STEMMERS.values()))
"""PostgreSQL's stemmers."""


def check(engines: Engines, text: str) -> None:
    """Raise `QueryInvalid` for a query that cannot be read, or that looks for nothing."""
    if _is_blank(parsing.parse(text, engines.clock.now())):
        raise parsing.nothing_in(text)


async def posts(
    engines: Engines,
    viewer: Viewer,
    text: str,
    window: Window,
    *,
    offset: int = 0,
    order: Order = Order.NEWEST,
    author_id: int | None = None,
) -> list[int]:
    """Ids of a page of posts that match `text`, for `hydrate`; `offset` skips as many of the same order.

    Raises `QueryInvalid` for what cannot be read. What says nothing, such as `!`, finds nothing. Takes the same number
    of statements whatever is found.
    """
    asked = await planned(engines, viewer, text, window, offset=offset, order=order, author_id=author_id)
    if asked is None:
        return []
    found = (await finding.find(engines, asked))[offset:]
    return found[::-1] if window.forward else found


async def planned(
    engines: Engines,
    viewer: Viewer,
    text: str,
    window: Window,
    *,
    offset: int = 0,
    order: Order = Order.NEWEST,
    author_id: int | None = None,
) -> finding.Asked | None:
    """What is asked of the store for `posts`; None when the query says nothing."""
    query = parsing.parse(text, engines.clock.now())
    if _is_blank(query):
        return None
    if author_id is not None:
        query = replace(query, root=_both(query.root, Facet(facets.author(author_id))))
    wanted = plan(query.root, await _stems(engines, query), await _account_ids(engines, viewer, query))
    return finding.Asked(
        viewer_id=viewer.account_id,
        plan=wanted,
        scope=query.where,
        periods=_periods(engines, viewer, query.where, wanted, window),
        forward=window.forward,
        order=order if wanted.ranking else Order.NEWEST,
        limit=window.limit + offset,
        marks_max=MARKS_MAX,
    )


async def terms(engines: Engines, viewer: Viewer, query: Query) -> tuple[Stems, dict[str, int]]:
    """The stems of a query's words, and the ids of whom it names. A statement for each, where there are any."""
    return await _stems(engines, query), await _account_ids(engines, viewer, query)


def _is_blank(query: Query) -> bool:
    return query.root is None and query.where is Where.EVERYTHING


def _both(root: Node | None, also: Node) -> Node:
    return also if root is None else All((root, also))


async def _stems(engines: Engines, query: Query) -> Stems:
    words = sorted(words_of(query.root))
    if not words:
        return {}
    found = await documents.stems_everywhere(engines.db, DICTIONARIES, words)
    return {word: [folded(stem) for stem in sorted(stems)] for word, stems in found.items()}


async def _account_ids(engines: Engines, viewer: Viewer, query: Query) -> dict[str, int]:
    """Ids by the lower-case names in a query; `me` is the viewer."""
    domain = engines.config(Site).domain
    local = {name.lower(): (local_name(name, domain) or "").lower() for name in names_of(query.root)}
    known = await accounts.ids_by_usernames(engines.db, {name for name in local.values() if name != "me"})
    known["me"] = viewer.account_id
    return {typed: known[name] for typed, name in local.items() if name in known}


def _periods(engines: Engines, viewer: Viewer, where: Where, wanted: Plan, window: Window) -> list[Period]:
    """The periods to look through, each with the whole `tsquery` for it."""
    after_id = max(window.floor, wanted.since_id - 1)
    before_id = min(window.ceiling, wanted.before_id)
    whose = _whose(viewer, where)
    if not wanted.anchored:  # such a query is walked through: it needs no windows
        return [Period(after_id, before_id, _all_of(wanted.tsquery, whose))]
    if window.forward:
        found = periods.forward(after_id, before_id)
    else:
        found = periods.backward(after_id, before_id, engines.clock.now())
    return [replace(one, tsquery=_all_of(wanted.tsquery, whose, one.tsquery)) for one in found]


def _whose(viewer: Viewer, where: Where) -> str:
    """What a post must have in the index to be looked at: nothing where marks of the viewer's may make it theirs."""
    match where:
        case Where.PUBLIC:
            return quoted(facets.OPEN)
        case Where.LIBRARY:
            return f"{quoted(facets.author(viewer.account_id))} | {quoted(facets.mentioning(viewer.account_id))}"
        case _:
            return ""


def _all_of(*tsqueries: str) -> str:
    return " & ".join(f"({one})" for one in tsqueries if one)
