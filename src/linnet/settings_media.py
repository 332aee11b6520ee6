"""Settings of media: where files are, and under which address people find them. Part of `settings.py`."""

from typing import Annotated

import msgspec
from msgspec import Meta


class MediaSettings(msgspec.Struct, frozen=True, kw_only=True):
    """The part of `Settings` about what people upload."""

    media_store_url: Annotated[
        str,
        Meta(
            description="Where uploaded files are: file:///folder, s3://bucket/prefix, gs://bucket/prefix or "
            "az://account/container/prefix. All processes use the same one. Empty: the folder `media` in the data "
            "folder, for one machine."
        ),
    ] = ""
    media_store_endpoint: Annotated[
        str, Meta(description="https://… of a server that speaks S3 and is not Amazon's.")
    ] = ""
    media_store_region: Annotated[
        str, Meta(description="Region of the S3 bucket. Empty: AWS_REGION, or us-east-1.")
    ] = ""
    media_store_access_key: Annotated[
        str,
        Meta(
            description="Access key of the S3 bucket. Empty: as AWS_ACCESS_KEY_ID, the machine's role or whatever else "
            "each of the three clouds has for it in the environment."
        ),
    ] = ""
    media_store_secret_key: Annotated[
        str, Meta(description="Secret of that key; best by LINNET_MEDIA_STORE_SECRET_KEY_FILE.")
    ] = ""
