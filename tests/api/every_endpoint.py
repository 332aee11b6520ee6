"""Every endpoint of the table, ready to be asked: with somebody's token, and paths that lead to something."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, get_args

import msgspec

from linnet.api.endpoint import Endpoint
from linnet.api.forms import Form
from linnet.api.paging import PageForm
from linnet.api.routes import endpoints
from world import Person, World

ENDPOINTS = endpoints()
NO_ID = "1"
"""An id that nothing has."""

WORDS = {"token": "nothing", "hashtag": "birds", "name": "birds", "handle": "alice", "picture": "1.png"}


@dataclass(frozen=True)
class Aims:
    """Where requests go: every id that a path may name. What deletes is aimed at nothing, so that others find them."""

    alice: Person
    ids: dict[str, str]

    def path(self, endpoint: Endpoint, **instead: str) -> str:
        """The endpoint's path, with parameters that lead to something unless told otherwise."""
        nothing = {one.name: NO_ID for one in endpoint.path_parameters}
        known = {**nothing, **WORDS, **self.ids}
        if endpoint.method == "DELETE":
            known = {**known, **dict.fromkeys(self.ids, NO_ID)}
        return endpoint.path.format_map({**known, **instead})


async def aims_in(world: World) -> Aims:
    """A small world with something of each kind."""
    alice, bob = await world.people("alice", "bob")
    status = await alice.post("One of the #birds")
    poll = (await bob.post("Which?", poll={"options": ["linnet", "wren"], "expires_in": 3600}))["poll"]
    scheduled = await alice.post("Later", scheduled_at=(world.clock.now() + timedelta(days=1)).isoformat())
    draft = await alice.do("POST", "/api/v1/drafts", status="Unfinished")
    await bob.mark("favourite", status)
    await world.settle()
    (notification,) = await alice.get("/api/v1/notifications")
    birds = await alice.do("POST", "/api/v1/lists", title="Birds")
    search = await alice.do("POST", "/api/v1/searches", query="birds")
    found = {
        "account_id": str(bob.id),
        "list_id": birds["id"],
        "status_id": status["id"],
        "notification_id": notification["id"],
        "poll_id": poll["id"],
        "scheduled_id": scheduled["id"],
        "draft_id": draft["id"],
        "search_id": search["id"],
    }
    thread = await bob.do("POST", "/api/v1/messages/threads", text="Psst", account_ids=[str(alice.id)])
    found |= {"thread_id": thread["id"], "message_id": thread["last_message"]["id"]}
    return Aims(alice, found)


def fields_of(form: type[Form]) -> list[str]:
    """The names of a form's fields, those of a struct inside it as `outer.inner`.

    What every page has is left to the forms that have nothing else.
    """
    common = PageForm.__struct_fields__ if set(form.__struct_fields__) > set(PageForm.__struct_fields__) else ()
    names: list[str] = []
    for field in msgspec.structs.fields(form):
        if field.name not in common:
            inner = [one for one in (field.type, *get_args(field.type)) if _is_struct(one)]
            names.append(field.name)
            names.extend(f"{field.name}.{below.name}" for one in inner for below in msgspec.structs.fields(one))
    return names


def nested(name: str, value: Any) -> dict[str, Any]:
    """`{"outer": {"inner": value}}` for `outer.inner`."""
    outer, _, inner = name.partition(".")
    return {outer: {inner: value} if inner else value}


def _is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)
