"""Settings of media: what is taken, how much of it, and where it is kept. Part of `settings.py`."""

from typing import Annotated, Literal

from msgspec import Meta

from linnet.settings_streaming import StreamingSettings


class MediaSettings(StreamingSettings, frozen=True, kw_only=True):
    """What uploads may be, and where they are."""

    media_image_size: Annotated[int, Meta(description="MiB that a picture may have when it is uploaded.", ge=1)] = 16
    media_video_size: Annotated[
        int, Meta(description="MiB that a video or a sound may have when it is uploaded.", ge=1, le=4_096)
    ] = 99
    media_image_pixels: Annotated[
        int, Meta(description="Pixels, width times height, that a picture may have.", ge=10_000)
    ] = 33_177_600
    media_video_pixels: Annotated[
        int, Meta(description="Pixels, width times height, that a video may have.", ge=10_000)
    ] = 8_847_360
    media_video_frame_rate: Annotated[int, Meta(description="Frames a second that a video may have.", ge=1)] = 240
    media_duration: Annotated[int, Meta(description="Seconds that a video or a sound may last.", ge=1)] = 3_600
    media_images_at_once: Annotated[
        int, Meta(description="Pictures that one worker processes at once, each on one core.", ge=1, le=64)
    ] = 2
    media_videos_at_once: Annotated[
        int, Meta(description="Videos and sounds that one worker processes at once.", ge=1, le=64)
    ] = 1
    media_ffmpeg: Annotated[
        str,
        Meta(
            description="Path of the ffmpeg (5.1 or newer, with x264) that makes videos. Empty: the system's, or else "
            "the one of the package imageio-ffmpeg."
        ),
    ] = ""
    media_video_side: Annotated[
        int,
        Meta(description="Pixels of the shorter side of videos as they are shown; larger ones shrink.", ge=144),
    ] = 1080
    media_ladder_from: Annotated[
        int,
        Meta(description="Seconds from which on a video is also shown in several sizes (HLS), as the network allows."),
    ] = 60
    media_video_preset: Annotated[
        Literal["ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow"],
        Meta(description="How hard x264 tries: slower ones make smaller files."),
    ] = "veryfast"
    media_video_threads: Annotated[
        int, Meta(description="Threads of one ffmpeg; 0: one per core, at most 4.", ge=0, le=64)
    ] = 0
    media_video_memory: Annotated[
        int, Meta(description="MiB of memory that one ffmpeg may have; what takes more is refused.", ge=256)
    ] = 704
    media_video_time: Annotated[int, Meta(description="Seconds that one run of ffmpeg may take.", ge=60, le=12_600)] = (
        7_200
    )
    media_quota: Annotated[
        int, Meta(description="MiB that one account may have in the media store; 0: any amount.", ge=0)
    ] = 0
    media_known_bad_distance: Annotated[
        int,
        Meta(
            description="Bits of 64 in which a picture's perceptual hash may differ from one of `linnet media "
            "known-bad` and still be refused as the same picture.",
            ge=0,
            le=11,
        ),
    ] = 6

    media_store_url: Annotated[
        str,
        Meta(
            description="Where uploaded files are: file:///folder, s3://bucket/prefix, gs://bucket/prefix or "
            "az://container/prefix. All processes use the same one. Empty: the folder `media` in the data folder, for "
            "one machine."
        ),
    ] = ""
    media_store_endpoint: Annotated[
        str, Meta(description="https://… of a server that speaks S3 and is not Amazon's. Empty: Amazon's.")
    ] = ""
    media_store_region: Annotated[
        str, Meta(description="Region of the S3 bucket. Empty: AWS_REGION, or us-east-1.")
    ] = ""
    media_store_access_key: Annotated[
        str,
        Meta(
            description="Access key of the S3 bucket, or name of the Azure account. Empty: whatever the cloud has in "
            "the environment: AWS_ACCESS_KEY_ID, GOOGLE_APPLICATION_CREDENTIALS, AZURE_STORAGE_ACCOUNT_NAME, the role "
            "of the machine, …"
        ),
    ] = ""
    media_store_secret_key: Annotated[
        str, Meta(description="Secret of that key or account; best by LINNET_MEDIA_STORE_SECRET_KEY_FILE.")
    ] = ""
    media_public_url: Annotated[
        str,
        Meta(
            description="https://host of a CDN or proxy that asks this server for /media/… and keeps the answers. "
            "Empty: people ask this server itself."
        ),
    ] = ""
