"""Somebody's archive in the random stories: fetched as they would, and read."""

import io
import json
import zipfile
from dataclasses import dataclass
from typing import Any

from world import Person, World


@dataclass(frozen=True)
class Taken:
    """The files of an archive, by their names."""

    texts: dict[str, str]

    @classmethod
    async def of(cls, world: World, person: Person) -> "Taken":
        """What somebody gets who asks for everything of theirs."""
        path = f"/api/v1/exports/archives/{(await person.do('POST', '/api/v1/exports/archives'))['id']}"
        await world.settle()
        answer = await person.ask("GET", f"{path}/file")
        assert answer.is_success, answer.text
        with zipfile.ZipFile(io.BytesIO(answer.content)) as bundle:
            return cls({name: bundle.read(name).decode() for name in bundle.namelist()})

    def json(self, name: str) -> Any:
        """What a file says."""
        return json.loads(self.texts[name])

    def posts(self) -> list[tuple[int, int | list[str]]]:
        """Each post with the first word of each of its wordings, each boost with the post that it passes on."""
        found: list[tuple[int, int | list[str]]] = []
        for one in self.json("outbox.json")["orderedItems"]:
            post_id, about = _id_in(one["id"].removesuffix("/activity")), one["object"]
            if one["type"] == "Announce":
                found.append((post_id, _id_in(about)))
            else:
                wordings = [*about.get("formerRepresentations", {"orderedItems": []})["orderedItems"], about]
                found.append((post_id, [wording["source"]["content"].split()[0] for wording in wordings]))
        return found

    def addresses(self, name: str) -> list[int]:
        """The posts of a table of addresses."""
        return [_id_in(line) for line in self.texts[f"{name}.csv"].split()]


def _id_in(address: str) -> int:
    return int(address.rsplit("/", 1)[1])
