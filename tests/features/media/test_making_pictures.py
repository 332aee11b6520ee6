"""Stories of pictures: what people send comes out upright, small, in sRGB, and with nothing of the file but pixels."""

import zipfile
from collections.abc import AsyncGenerator
from io import BytesIO
from pathlib import Path
from typing import Any, cast

import blurhash
import pytest
import pyvips
from PIL import Image, ImageCms

from linnet.features.media.models import Kind, Made, MadeFile, Purpose
from linnet.features.media.processing.pictures.studio import Studio
from picture_files import FORMATS, MAKER, QUARTERS, animation, encoded, photo, quarters

PIXELS_MAX = 33_177_600
NEAR = 40
"""How far off a colour may be after lossy formats and palettes."""


@pytest.fixture(scope="module")
async def studio() -> AsyncGenerator[Studio]:
    studio = Studio(pixels_max=PIXELS_MAX)
    yield studio
    await studio.close()


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", [kind for kind in FORMATS if kind != "gif"])
async def test_a_photo_comes_out_upright_without_where_it_was_taken(
    kind: str, orientation: int, studio: Studio, tmp_path: Path
) -> None:
    source = photo(tmp_path / f"photo.{kind}", orientation=orientation)
    assert MAKER.encode() in source.read_bytes()
    made = await make(studio, source)
    assert (made.kind, made.meta.width, made.meta.height) == (Kind.IMAGE, 120, 80)
    for file in made.files:
        image = pyvips.Image.new_from_file(str(file.path))
        assert (file.width, file.height) == (image.width, image.height)
        assert looks_like_quarters(file)
        assert metadata_of(image) == []
        assert MAKER.encode() not in file.path.read_bytes()


async def test_every_format_becomes_jpeg_and_webp(studio: Studio, tmp_path: Path) -> None:
    for kind in FORMATS:
        quarters(900, 600).save(tmp_path / f"picture.{kind}")
        made = await make(studio, tmp_path / f"picture.{kind}")
        found = {file.name: (file.content_type, file.width, file.height, type_of(file)) for file in made.files}
        assert found == {
            "large": ("image/jpeg", 900, 600, "JPEG"),
            "w640": ("image/jpeg", 640, 427, "JPEG"),
            "w640_webp": ("image/webp", 640, 427, "WEBP"),
            "small": ("image/jpeg", 400, 267, "JPEG"),
            "small_webp": ("image/webp", 400, 267, "WEBP"),
        }
        assert all(looks_like_quarters(file) for file in made.files), kind


async def test_what_is_larger_than_a_screen_is_made_smaller(studio: Studio, tmp_path: Path) -> None:
    source = photo(tmp_path / "photo.jpg", 4000, 3000, orientation=6)
    made = await make(studio, source)
    found = {file.name: (file.width, file.height) for file in made.files if not file.name.endswith("_webp")}
    assert found == {"large": (3326, 2494), "w1280": (1280, 960), "w640": (640, 480), "small": (400, 300)}
    assert (made.meta.width, made.meta.height) == (3326, 2494)


async def test_what_is_see_through_stays_so_and_what_only_might_be_becomes_jpeg(studio: Studio, tmp_path: Path) -> None:
    for alpha, kinds in ((0, ["PNG", "PNG", "WEBP", "PNG", "WEBP"]), (255, ["JPEG", "JPEG", "WEBP", "JPEG", "WEBP"])):
        image = quarters(700, 500, "RGBA")
        image.putalpha(Image.linear_gradient("L").resize((700, 500)) if not alpha else 255)
        image.save(tmp_path / f"{alpha}.png")
        made = await make(studio, tmp_path / f"{alpha}.png")
        assert [type_of(file) for file in made.files] == kinds
        small = Image.open(next(file.path for file in made.files if file.name == "small_webp")).convert("RGBA")
        lowest = cast("tuple[int, int]", small.getchannel("A").getextrema())[0]
        assert lowest == alpha or (alpha == 0 and lowest < 5)


async def test_colours_mean_the_same_without_their_profile(studio: Studio, tmp_path: Path) -> None:
    profile = cast("bytes", cast("Any", pyvips).Operation.call("profile_load", "p3"))
    image = Image.new("RGB", (300, 200), (200, 100, 50))
    image.save(tmp_path / "wide.png", icc_profile=profile)
    expected = ImageCms.profileToProfile(image, BytesIO(profile), cast("Any", ImageCms).createProfile("sRGB"))
    assert expected is not None
    assert near(cast("Any", expected.getpixel((0, 0))), (214, 93, 29), 8)
    made = await make(studio, tmp_path / "wide.png")
    assert near(middle(made.files[0]), cast("Any", expected.getpixel((0, 0))), 6)


async def test_profiles_that_are_broken_are_passed_over(studio: Studio, tmp_path: Path) -> None:
    for number, profile in enumerate((b"", b"no profile", b"\0" * 200, b"\xff" * 4000)):
        image = Image.new("RGB", (300, 200), (200, 100, 50))
        image.save(tmp_path / f"{number}.jpg", icc_profile=profile)
        assert near(middle((await make(studio, tmp_path / f"{number}.jpg")).files[0]), (200, 100, 50), 6)


@pytest.mark.parametrize("mode", ["L", "LA", "P", "1", "CMYK", "I;16"])
async def test_whatever_the_pixels_are_they_become_8_bits_of_srgb(mode: str, studio: Studio, tmp_path: Path) -> None:
    source = tmp_path / ("picture.jpg" if mode == "CMYK" else "picture.png")
    quarters(300, 200, mode if mode != "I;16" else "L").convert(mode).save(source)
    made = await make(studio, source)
    for file in made.files:
        image = pyvips.Image.new_from_file(str(file.path))
        assert (image.format, image.interpretation, image.bands) == ("uchar", "srgb", 3)


async def test_16_bits_keep_their_brightness(studio: Studio, tmp_path: Path) -> None:
    levels = [50_000.0, 25_000.0, 10_000.0]
    deep = pyvips.Image.black(300, 200, bands=3).linear([1.0] * 3, levels).cast("ushort").copy(interpretation="rgb16")
    deep.pngsave(str(tmp_path / "deep.png"))
    assert near(middle((await make(studio, tmp_path / "deep.png")).files[0]), (195, 98, 39), 4)
    deep.bandjoin([65_535 // 2]).pngsave(str(tmp_path / "glass.png"))
    made = await make(studio, tmp_path / "glass.png")
    assert near(cast("Any", Image.open(made.files[0].path).getpixel((9, 9))), (195, 98, 39, 127), 2)


@pytest.mark.parametrize(
    "size", [(1, 1), (1, 2), (3, 1), (401, 399), (641, 1), (1281, 17), (20_000, 10), (10, 20_000), (7, 16_400)]
)
async def test_odd_shapes(size: tuple[int, int], studio: Studio, tmp_path: Path) -> None:
    quarters(*size).save(tmp_path / "picture.png")
    made = await make(studio, tmp_path / "picture.png")
    assert (made.meta.width, made.meta.height) == size
    small = next(file for file in made.files if file.name == "small")
    assert max(small.width, small.height) == min(max(size), 400)
    assert min(small.width, small.height) >= 1
    assert made.blurhash


async def test_the_placeholder_and_the_likeness(studio: Studio, tmp_path: Path) -> None:
    quarters(800, 600).save(tmp_path / "a.png")
    quarters(800, 600).resize((500, 375)).save(tmp_path / "b.jpg", quality=60)
    quarters(800, 600).transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(tmp_path / "c.png")
    a, b, c = [await make(studio, tmp_path / name) for name in ("a.png", "b.jpg", "c.png")]
    blurred = cast("Any", blurhash).decode(cast("str", a.blurhash), 4, 4)
    assert near(blurred[0][0], QUARTERS[0], 70)
    assert near(blurred[3][3], QUARTERS[3], 70)
    assert distance(a, b) <= 4
    assert distance(a, c) > 10


async def test_what_follows_a_picture_in_its_file_is_left_behind(studio: Studio, tmp_path: Path) -> None:
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w") as writer:
        writer.writestr("evil.html", "<script>alert(1)</script>")
    (tmp_path / "both.jpg").write_bytes(encoded(quarters(300, 200), "JPEG") + archive.getvalue())
    assert zipfile.is_zipfile(tmp_path / "both.jpg")
    made = await make(studio, tmp_path / "both.jpg")
    assert not any(zipfile.is_zipfile(file.path) for file in made.files)
    script = b"GIF89a/*" + encoded(quarters(40, 30), "GIF")[8:] + b"*/=1;alert(1)//"
    (tmp_path / "script.gif").write_bytes(encoded(quarters(40, 30), "GIF") + script)
    made = await make(studio, tmp_path / "script.gif")
    assert not any(b"alert" in file.path.read_bytes() for file in made.files)


@pytest.mark.parametrize("orientation", [1, 6])
async def test_avatars_and_headers_are_cut_to_their_shape(orientation: int, studio: Studio, tmp_path: Path) -> None:
    source = photo(tmp_path / "photo.jpg", 1800, 1200, orientation=orientation)
    avatar = await make(studio, source, Purpose.AVATAR)
    header = await make(studio, source, Purpose.HEADER)
    for made, size in ((avatar, (400, 400)), (header, (1500, 500))):
        assert [(file.name, file.content_type, file.width, file.height) for file in made.files] == [
            ("large", "image/jpeg", *size)
        ]
        assert looks_like_quarters(made.files[0])
        assert metadata_of(pyvips.Image.new_from_file(str(made.files[0].path))) == []


async def test_small_avatars_are_cut_and_not_enlarged(studio: Studio, tmp_path: Path) -> None:
    for size, expected in (((90, 60), (60, 60)), ((1, 1), (1, 1)), ((3000, 10), (10, 10))):
        quarters(*size).save(tmp_path / "picture.png")
        made = await make(studio, tmp_path / "picture.png", Purpose.AVATAR)
        assert (made.files[0].width, made.files[0].height) == expected
    quarters(800, 100).save(tmp_path / "picture.png")
    made = await make(studio, tmp_path / "picture.png", Purpose.HEADER)
    assert (made.files[0].width, made.files[0].height) == (300, 100)


@pytest.mark.parametrize("kind", ["gif", "webp"])
async def test_avatars_that_move_keep_moving_and_have_a_still(kind: str, studio: Studio, tmp_path: Path) -> None:
    source = animation(tmp_path / f"bar.{kind}", 12, 600, 500, ms=70)
    made = await make(studio, source, Purpose.AVATAR)
    moving, still = made.files
    assert (moving.name, moving.content_type, moving.width, moving.height) == ("large", f"image/{kind}", 400, 400)
    assert (still.name, still.content_type, still.width, still.height) == ("static", "image/jpeg", 400, 400)
    image = cast("Any", Image.open(moving.path))
    assert image.n_frames == 12
    read = pyvips.Image.new_from_file(str(moving.path), n=-1)
    assert set(cast("list[int]", read.get("delay"))) == {70}
    assert metadata_of(read) == []


async def test_of_an_animation_in_a_post_the_first_frame_is_the_picture(studio: Studio, tmp_path: Path) -> None:
    made = await make(studio, animation(tmp_path / "bar.gif", 5), Purpose.ATTACHMENT)
    assert (made.meta.width, made.meta.height) == (60, 40)
    assert cast("Any", Image.open(made.files[0].path)).getpixel((2, 20))[2] > 90


async def make(studio: Studio, source: Path, purpose: Purpose = Purpose.ATTACHMENT) -> Made:
    """What the studio makes of a file, in a new folder beside it."""
    folder = source.parent / f"made-{len(list(source.parent.iterdir()))}"
    folder.mkdir()
    made = await studio.make_picture(source, folder, purpose)
    assert sorted(folder.iterdir()) == sorted(file.path for file in made.files)
    return made


def looks_like_quarters(file: MadeFile) -> bool:
    image = Image.open(file.path).convert("RGB")
    points = [(image.width * x // 4, image.height * y // 4) for y in (1, 3) for x in (1, 3)]
    return all(
        near(cast("Any", image.getpixel(point)), colour, NEAR) for point, colour in zip(points, QUARTERS, strict=True)
    )


def middle(file: MadeFile) -> tuple[int, ...]:
    image = Image.open(file.path).convert("RGB")
    return cast("Any", image.getpixel((image.width // 2, image.height // 2)))


def near(found: tuple[int, ...], expected: tuple[int, ...], by: int) -> bool:
    return len(found) == len(expected) and all(abs(a - b) <= by for a, b in zip(found, expected, strict=True))


def metadata_of(image: pyvips.Image) -> list[str]:
    """What libvips finds in a file that is about anything but its pixels and its frames."""
    about = ("exif", "xmp", "iptc", "icc", "gif-comment", "photoshop", "png-comment")
    return [field for field in image.get_fields() if field.startswith(about)]


def type_of(file: MadeFile) -> str | None:
    return Image.open(file.path).format


def distance(one: Made, other: Made) -> int:
    assert one.perceptual_hash is not None
    assert other.perceptual_hash is not None
    return (one.perceptual_hash ^ other.perceptual_hash).bit_count()
