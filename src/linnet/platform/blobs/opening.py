"""From an address to a store: nothing is asked of it yet."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from obstore.exceptions import BaseError
from obstore.store import AzureStore, GCSStore, LocalStore, S3Store

from linnet.platform.blobs import Blobs
from linnet.platform.errors import ProductError

if TYPE_CHECKING:  # obstore has these names for type checkers only
    from obstore.store import AzureConfig, ClientConfig, ObjectStore, RetryConfig, S3Config

BUCKETS: Final = {"s3": "S3", "gs": "Google Cloud Storage", "az": "Azure"}
"""Schemes of buckets, and whose they are."""


class BadStore(ProductError):
    """A store that cannot be used; the message says why, without secrets."""


@dataclass(frozen=True, slots=True)
class StoreRules:
    """Where files are. What is empty comes from the environment, as each of the three clouds names it there."""

    url: str
    """`file:///folder`, `s3://bucket/prefix`, `gs://bucket/prefix` or `az://container/prefix`."""
    endpoint: str = ""
    """Address of a server that speaks S3, or Azure's protocol, and is not Amazon's, or Microsoft's."""
    region: str = ""
    access_key: str = ""
    """For Azure the name of the account."""
    secret_key: str = ""


def open_blobs(rules: StoreRules) -> Blobs:
    """The store; makes its folder if it is one. Raises `BadStore`."""
    scheme = urlsplit(rules.url).scheme
    if scheme == "file":
        return _open_folder(Path(unquote(urlsplit(rules.url).path)))
    if scheme not in BUCKETS:
        raise BadStore(f"{scheme!r} is none of file, {', '.join(BUCKETS)}")
    try:
        store = _open_bucket(scheme, rules)
    except (BaseError, ValueError) as error:
        raise BadStore(str(error).partition("\n")[0]) from None
    return Blobs(store, where=f"{BUCKETS[scheme]}, {rules.url}" + (f" at {rules.endpoint}" if rules.endpoint else ""))


def _open_folder(folder: Path) -> Blobs:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise BadStore(f"{folder} cannot be made: {error.strerror}") from None
    return Blobs(LocalStore(folder, automatic_cleanup=True), folder=folder, where=str(folder))


def _open_bucket(scheme: str, rules: StoreRules) -> "ObjectStore":
    client = _client(rules)
    match scheme:
        case "gs":
            return GCSStore.from_url(rules.url, client_options=client, retry_config=_RETRIES)
        case "az":
            return AzureStore.from_url(rules.url, config=_azure(rules), client_options=client, retry_config=_RETRIES)
        case _:
            return S3Store.from_url(rules.url, config=_s3(rules), client_options=client, retry_config=_RETRIES)


def _s3(rules: StoreRules) -> "S3Config":
    config: S3Config = {}
    if rules.endpoint:
        config["endpoint"] = rules.endpoint
    if rules.region:
        config["region"] = rules.region
    if rules.access_key:
        config["access_key_id"] = rules.access_key
        config["secret_access_key"] = rules.secret_key
    return config


def _azure(rules: StoreRules) -> "AzureConfig":
    config: AzureConfig = {}
    if rules.endpoint:
        config["endpoint"] = rules.endpoint
    if rules.access_key:
        config["account_name"] = rules.access_key
    if rules.secret_key:
        config["account_key"] = rules.secret_key
    return config


_RETRIES: "RetryConfig" = {"max_retries": 3, "retry_timeout": timedelta(seconds=10)}
"""Somebody waits: a store that is away is said to be away."""


def _client(rules: StoreRules) -> "ClientConfig":
    return {
        "allow_http": rules.endpoint.startswith("http://"),
        "connect_timeout": timedelta(seconds=3),
        "read_timeout": timedelta(seconds=30),
        "timeout": timedelta(hours=1),  # of a whole film, read by somebody with a slow line
    }
