"""Whatever people record or listen to comes out as AAC in M4A, with a picture to look at."""

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from film_files import LIMITS, boxes, file_of, film, made_of, picture, play, refusal, streams_fast, tone
from linnet.features.media.models import Kind, Lane, Made
from linnet.features.media.processing.pictures.studio import Studio
from linnet.features.media.processing.probing import probe

SOUNDS = {
    "song.mp3": (),
    "song.ogg": ("-c:a", "libvorbis"),
    "voice.opus": ("-c:a", "libopus"),
    "song.flac": (),
    "song.wav": ("-ac", "6"),
    "song.m4a": ("-c:a", "aac"),
    "song.aac": ("-c:a", "aac"),
    "song.aiff": (),
    "song.wma": ("-c:a", "wmav2"),
    "voice.webm": ("-c:a", "libopus"),
    "voice.caf": (),
}


@pytest.mark.parametrize("name", SOUNDS)
async def test_whatever_it_was_recorded_with(name: str, studio: Studio, tmp_path: Path) -> None:
    source = film(tmp_path / name, *SOUNDS[name], "-metadata", "title=Kitchen", inputs=tone(2))
    probed = await probe(source)
    assert (probed.kind, probed.lane, probed.has_audio) == (Kind.AUDIO, Lane.VIDEOS, True)
    assert probed.content_type.partition("/")[0] in {"audio", "application"}
    made = await made_of(source, studio)
    heard(made, 2)
    assert b"Kitchen" not in file_of(made, "original").path.read_bytes()


async def test_ten_minutes(studio: Studio, tmp_path: Path) -> None:
    source = film(tmp_path / "talk.wav", "-ar", "8000", inputs=tone(600))
    made = await made_of(source, studio)
    heard(made, 600)
    assert (
        await refusal(source.rename(tmp_path / "longer.wav"), studio, replace(LIMITS, sound_length_s=300)) == "too_long"
    )


async def test_the_cover_of_a_song_is_its_picture(studio: Studio, tmp_path: Path) -> None:
    Image.new("RGB", (300, 300), "red").save(tmp_path / "cover.jpg")
    attached = ("-map", "0", "-map", "1", "-c:v", "copy", "-disposition:v", "attached_pic")
    for name in ("song.mp3", "song.m4a", "song.flac"):
        source = film(tmp_path / name, *attached, inputs=[*tone(2), "-i", str(tmp_path / "cover.jpg")])
        probed = await probe(source)
        assert (probed.kind, probed.width) == (Kind.AUDIO, 0)
        made = await made_of(source, studio)
        heard(made, 2)
        poster = file_of(made, "poster")
        assert (poster.width, poster.height) == (300, 300)
        red, green, _ = Image.open(poster.path).convert("RGB").resize((1, 1)).tobytes()
        assert red > 200
        assert green < 60


async def test_a_film_with_a_picture_only_and_a_sound_that_is_named_a_film(studio: Studio, tmp_path: Path) -> None:
    source = film(tmp_path / "sound.mp4", "-c:a", "aac", inputs=tone())
    probed = await probe(source)
    assert (probed.kind, probed.content_type) == (Kind.AUDIO, "audio/mp4")
    silent = film(tmp_path / "silent.mp4", inputs=picture("64x64"))
    assert (await probe(silent)).has_audio is False
    heard(await made_of(source, studio), 1)


async def test_what_is_right_already_is_copied(studio: Studio, tmp_path: Path) -> None:
    source = film(tmp_path / "song.aac", "-c:a", "aac", "-b:a", "64k", inputs=tone(2))
    made = await made_of(source, studio)
    heard(made, 2)
    assert abs(file_of(made, "original").path.stat().st_size - source.stat().st_size) < 4_000


def heard(made: Made, seconds: float) -> None:
    original = file_of(made, "original")
    played = play(original.path)
    assert (made.kind, original.content_type) == (Kind.AUDIO, "audio/mp4")
    assert (played.video, played.audio, played.streams, played.metadata) == ("", "aac", 1, ())
    assert played.channels in {1, 2}
    assert played.seconds == pytest.approx(seconds, abs=0.15)
    assert made.meta.duration_s == pytest.approx(seconds, abs=0.15)
    assert made.meta.bitrate > 0
    assert streams_fast(original.path)
    assert set(boxes(original.path)) <= {"ftyp", "moov", "free", "mdat"}
    poster = file_of(made, "poster")
    assert Image.open(poster.path).size == (poster.width, poster.height)
    assert made.blurhash
