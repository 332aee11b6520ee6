"""What is told of uploads as they are processed: to their owner on the stream of their home, and to nobody else."""

from pathlib import Path

import pytest

from linnet.features.media import pipeline
from streams import Streams
from uploading import film, picture, until_ready, upload, worker_of
from world import World


async def test_an_owner_hears_how_far_an_upload_is(
    world: World, streams: Streams, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("linnet.api.routes.media.SOON_S", 0.1)
    monkeypatch.setattr(pipeline, "TELL_EVERY_S", 0.1)
    ann, ben = await world.people("ann", "ben")
    contents = film(tmp_path / "film.mp4", 5.0, size="1280x720", codec="mpeg4")
    async with (
        streams.socket(ann, stream="user") as of_ann,
        streams.socket(ben, stream="user") as of_ben,
        worker_of(world),
    ):
        told = (await upload(ann, contents)).json()
        heard = [await of_ann.hear()]
        while heard[-1].payload["processing"]["state"] != "ready":
            heard.append(await of_ann.hear())
        assert {(one.stream, one.event, one.payload["id"]) for one in heard} == {(("user",), "media", told["id"])}
        done = [one.payload["processing"]["progress"] for one in heard]
        assert done == sorted(done)
        assert len(set(done)) > 2
        ready = await until_ready(ann, told["id"])
        assert {name: heard[-1].payload[name] for name in ("type", "blurhash", "meta")} == {
            name: ready[name] for name in ("type", "blurhash", "meta")
        }
        assert await of_ben.hear_all() == []


async def test_an_owner_hears_why_nothing_can_be_made_of_it(world: World, streams: Streams) -> None:
    (ann,) = await world.people("ann")
    async with streams.socket(ann, stream="user") as of_ann, worker_of(world):
        await upload(ann, picture()[:3000])
        heard = await of_ann.hear()
    assert heard.payload["processing"]["state"] == "failed"
    assert "damaged" in heard.payload["processing"]["error"]
