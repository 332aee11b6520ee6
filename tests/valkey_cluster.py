"""A Valkey Cluster of real servers out of the wheel, on ports of this machine; nodes can be killed and come back."""

import asyncio
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from linnet.platform.embedded_programs import Programs
from linnet.platform.processes import at_birth
from linnet.platform.valkey_link import Argument, Lost
from linnet.platform.valkey_slots import SLOTS
from linnet.platform.valkey_wire import Wire
from seed import quick_place

PASSWORD = "a-cluster-of-these-tests"
NODE_TIMEOUT_MS = 1000
"""A master that is silent for so long is replaced. Servers that people use have seconds: networks stumble."""

FORMING_S = 30.0
MOVED_AT_ONCE = 20
"""Keys of one MIGRATE."""

CONFIGURATION = """\
port {port}
bind 127.0.0.1
cluster-enabled yes
cluster-port {bus_port}
cluster-node-timeout {timeout_ms}
cluster-require-full-coverage no
cluster-config-file nodes.conf
dir "{folder}"
requirepass {password}
primaryauth {password}
save ""
appendonly no
maxmemory-policy volatile-lru
repl-diskless-sync-delay 0
loglevel notice
logfile "{folder}/log"
"""


@dataclass
class Node:
    """One server: a folder, ports, and a process while it runs."""

    port: int
    folder: Path
    process: "subprocess.Popen[bytes] | None" = None
    id: str = ""
    wire: Wire = field(init=False)

    def __post_init__(self) -> None:
        self.wire = Wire(f"valkey://:{PASSWORD}@127.0.0.1:{self.port}")

    @property
    def runs(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        """Start it, anew or for the first time; it knows its cluster from before."""
        assert not self.runs
        self.process = subprocess.Popen(
            [str(Programs.installed().valkey), str(self.folder / "valkey.conf")],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=at_birth(None, signal.SIGKILL),  # noqa: PLW1509 -- it ends with the tests, even with killed ones
        )

    def signal(self, number: signal.Signals) -> None:
        """Kill it, stop it, or let it go on."""
        assert self.process is not None
        self.process.send_signal(number)

    def kill(self) -> None:
        """`kill -9`, and wait until it is gone."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    async def call(self, *command: Argument) -> Any:
        """What it replies."""
        return await self.wire.call(*command)


class Cluster:
    """Several nodes that know each other."""

    def __init__(self, nodes: Sequence[Node]) -> None:
        self.nodes = nodes

    @property
    def url(self) -> str:
        """An address with every node in it, for `LINNET_VALKEY_URL`."""
        return f"valkey://:{PASSWORD}@" + ",".join(f"127.0.0.1:{node.port}" for node in self.nodes)

    async def form(self, masters: int) -> None:
        """Make `masters` of the nodes masters of as many slots each, and the others their replicas in turn."""
        first = self.nodes[0]
        for node in self.nodes:
            node.id = (await _until(lambda node=node: _answer(node, "CLUSTER", "MYID"), bool)).decode()
        for at, node in enumerate(self.nodes):
            await node.call("CLUSTER", "SET-CONFIG-EPOCH", at + 1)
            if node is not first:
                await node.call("CLUSTER", "MEET", "127.0.0.1", first.port, _bus_port_of(first))
        bounds = [SLOTS * at // masters for at in range(masters + 1)]
        for at, node in enumerate(self.nodes[:masters]):
            await node.call("CLUSTER", "ADDSLOTSRANGE", bounds[at], bounds[at + 1] - 1)
        await self.until_all(lambda told: told["cluster_known_nodes"] == str(len(self.nodes)))
        for at, node in enumerate(self.nodes[masters:]):
            await node.call("CLUSTER", "REPLICATE", self.nodes[at % masters].id)
        await self.until_whole()

    async def until_whole(self) -> None:
        """Return when every running node says that all is well, and every replica follows its master."""
        await self.until_all(lambda told: told["cluster_state"] == "ok" and told["cluster_slots_ok"] == str(SLOTS))
        for node in self.nodes:
            if node.runs:
                await _until(lambda node=node: _replication(node), _follows)

    async def until_all(self, right: Callable[[dict[str, str]], bool]) -> None:
        """Return when CLUSTER INFO of every running node is right."""
        for node in self.nodes:
            if node.runs:
                await _until(lambda node=node: _told(node, "CLUSTER", "INFO"), lambda told: bool(told) and right(told))

    async def master_of(self, slot: int) -> Node:
        """The master that serves a slot, as the first node that answers knows it."""
        for node in self.nodes:
            if node.runs and (ranges := await _answer(node, "CLUSTER", "SLOTS")):
                port = next(one[2][1] for one in ranges if one[0] <= slot <= one[1])
                return next(node for node in self.nodes if node.port == port)
        raise AssertionError("no node answers")

    async def until_succeeded(self, victim: Node, slot: int) -> None:
        """Return when another node serves the slot, and everyone who runs knows."""
        await _until(lambda: self.master_of(slot), lambda master: master is not victim)
        await self.until_all(lambda told: told["cluster_slots_ok"] == str(SLOTS))

    async def is_master(self, node: Node) -> bool:
        """Whether a node runs and is one."""
        return node.runs and (await _replication(node)).get("role") == "master"

    async def masters(self) -> list[Node]:
        """The nodes that run and are masters."""
        return [node for node in self.nodes if await self.is_master(node)]

    async def replica_of(self, master: Node) -> Node:
        """The first node that follows `master`."""
        for node in self.nodes:
            if node.runs and (await _replication(node)).get("master_port") == str(master.port):
                return node
        raise AssertionError("it has no replica")

    async def migrate(self, slot: int, target: Node) -> int:
        """Move a slot key by key, as `valkey-cli --cluster reshard` does; how many keys were moved."""
        source, moved = await self.master_of(slot), 0
        await target.call("CLUSTER", "SETSLOT", slot, "IMPORTING", source.id)
        await source.call("CLUSTER", "SETSLOT", slot, "MIGRATING", target.id)
        while keys := await source.call("CLUSTER", "GETKEYSINSLOT", slot, MOVED_AT_ONCE):
            to = ("127.0.0.1", target.port, "", 0, 5000, "AUTH", PASSWORD, "KEYS")
            assert await source.call("MIGRATE", *to, *keys) in {b"OK", b"NOKEY"}
            moved += len(keys)
        for node in (target, source, *await self.masters()):
            await node.call("CLUSTER", "SETSLOT", slot, "NODE", target.id)
        return moved

    async def migrate_at_once(self, slot: int, target: Node) -> None:
        """Move a slot as a whole, as Valkey 9 can; return when it is there."""
        source = await self.master_of(slot)
        await source.call("CLUSTER", "MIGRATESLOTS", "SLOTSRANGE", slot, slot, "NODE", target.id)
        await self.until_succeeded(source, slot)

    async def close(self) -> None:
        """Hang up and kill every node."""
        for node in self.nodes:
            await node.wire.close()
            if node.runs:
                node.kill()


@asynccontextmanager
async def valkey_cluster(masters: int = 3, replicas: int = 3, *, more: str = "") -> AsyncGenerator[Cluster]:
    """A cluster that is ready, until the block ends; `more` is configuration for each of its servers."""
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(2 * (masters + replicas))]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        ports = [one.getsockname()[1] for one in sockets]
    folder = Path(tempfile.mkdtemp(prefix="linnet-cluster-", dir=quick_place()))
    cluster = Cluster([_prepared(folder, *pair, more) for pair in zip(ports[::2], ports[1::2], strict=True)])
    try:
        for node in cluster.nodes:
            node.start()
        await cluster.form(masters)
        yield cluster
    finally:
        await cluster.close()
        shutil.rmtree(folder)


def _prepared(folder: Path, port: int, bus_port: int, more: str) -> Node:
    own = folder / str(port)
    own.mkdir()
    text = CONFIGURATION.format(port=port, bus_port=bus_port, timeout_ms=NODE_TIMEOUT_MS, folder=own, password=PASSWORD)
    (own / "valkey.conf").write_text(text + more)
    return Node(port, own)


def _bus_port_of(node: Node) -> int:
    lines = (node.folder / "valkey.conf").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("cluster-port"))


async def _until(ask: Callable[[], Any], right: Callable[[Any], bool]) -> Any:
    async with asyncio.timeout(FORMING_S):
        while not right(answer := await ask()):  # noqa: ASYNC110 -- other processes do what is waited for
            await asyncio.sleep(0.02)
    return answer


async def _answer(node: Node, *command: str) -> Any:
    try:
        return await node.call(*command)
    except Lost:
        return None


async def _told(node: Node, *command: str) -> dict[str, str]:
    told: bytes = await _answer(node, *command) or b""
    return {name: value for name, _, value in (line.partition(":") for line in told.decode().split("\r\n")) if value}


async def _replication(node: Node) -> dict[str, str]:
    return await _told(node, "INFO", "replication")


def _follows(told: dict[str, str]) -> bool:
    return told.get("role") == "master" or told.get("master_link_status") == "up"
