"""A cluster behind TLS and a user's rights: the wheel's server has no TLS, so somebody in front of it has."""

import asyncio
import ssl
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from linnet.platform.errors import EngineDown
from linnet.platform.valkey import Valkey
from linnet.platform.valkey_cluster import ClusterWire
from valkey_cluster import valkey_cluster

HOST = "localhost"


def certificate(folder: Path) -> Path:
    """A file with a certificate for `HOST` that nobody else has signed, and its key."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    building = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    building = building.not_valid_before(now - timedelta(hours=1))
    building = building.not_valid_after(now + timedelta(hours=1))
    building = building.add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
    signed = building.sign(key, hashes.SHA256())
    file = folder / "certificate.pem"
    plain = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(
        signed.public_bytes(serialization.Encoding.PEM) + key.private_bytes(serialization.Encoding.PEM, *plain)
    )
    return file


@asynccontextmanager
async def secured(file: Path) -> AsyncGenerator[tuple[int, "asyncio.Future[int]"]]:
    """A port at which TLS ends, and where to say which port of this machine is behind it."""
    behind: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def pass_on(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while passed := await source.read(65536):
                target.write(passed)
                await target.drain()
        target.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", await behind)
        await asyncio.gather(pass_on(reader, inner_writer), pass_on(inner_reader, writer))

    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(file)
    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    yield server.sockets[0].getsockname()[1], behind
    server.close()


async def test_tls_a_user_and_a_password_are_those_of_the_url_at_every_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = certificate(tmp_path)
    async with (
        secured(file) as (port, behind),
        valkey_cluster(masters=1, replicas=0, more=f"cluster-announce-port {port}\n") as cluster,
    ):
        [node] = cluster.nodes
        behind.set_result(node.port)
        await node.call("ACL", "SETUSER", "linnet", "on", ">open sesame", "~*", "&*", "+@all", "-@dangerous")
        url = f"valkeys://linnet:open%20sesame@{HOST}:{port}"
        stranger = Valkey.connect(url)
        with pytest.raises(EngineDown):
            await stranger.ping()  # nobody we know has signed its certificate
        await stranger.close()
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
        valkey = Valkey.connect(url)
        await valkey.put("key", b"value", expires_s=60)
        assert await valkey.get("key") == b"value"
        assert isinstance(valkey.wire, ClusterWire)
        assert await valkey.wire.call("ACL", "WHOAMI") == b"linnet"
        async with valkey.subscription() as listening:
            await listening.subscribe("a channel")
            await valkey.publish("a channel", b"heard")
            async with asyncio.timeout(5):
                while (message := await listening.get_message(timeout=1)) is None:
                    pass
            assert message["data"] == b"heard"
        await valkey.close()
