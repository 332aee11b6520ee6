"""The shared connection to Valkey: many questions at once, answers to the right ones, and every way to lose it."""

import asyncio
from pathlib import Path

import pytest
from valkey.exceptions import ResponseError

from linnet.platform import valkey_wire
from linnet.platform.embedded import EmbeddedEngines
from linnet.platform.errors import EngineDown
from linnet.platform.valkey import Script, Valkey
from linnet.platform.valkey_link import Lost
from linnet.platform.valkey_wire import Wire

_ECHO = Script("return {KEYS[1], ARGV[1]} -- a script of this test")


async def test_each_of_many_questions_at_once_gets_its_own_answer(servers: EmbeddedEngines) -> None:
    wire = Wire(servers.valkey_url)
    answers = await asyncio.gather(*(wire.call("ECHO", b"%d" % number) for number in range(2000)))
    assert answers == [b"%d" % number for number in range(2000)]
    await wire.close()


async def test_whoever_stops_waiting_does_not_shift_the_answers_of_others(servers: EmbeddedEngines) -> None:
    wire = Wire(servers.valkey_url)
    await wire.call("PING")
    impatient = asyncio.create_task(wire.call("ECHO", b"nobody waits for this"))
    await asyncio.sleep(0)
    impatient.cancel()
    assert await wire.call("ECHO", b"mine") == b"mine"
    await wire.close()


async def test_a_refusal_reaches_only_the_one_who_asked(servers: EmbeddedEngines) -> None:
    wire = Wire(servers.valkey_url)
    refused, fine = await asyncio.gather(wire.call("NOSUCH"), wire.call("PING"), return_exceptions=True)
    assert isinstance(refused, ResponseError)
    assert fine == b"PONG"
    with pytest.raises(ResponseError):
        await wire.calls(("PING",), ("NOSUCH",))
    await wire.close()


async def test_values_of_any_bytes_and_any_size_come_back_whole(servers: EmbeddedEngines) -> None:
    valkey = Valkey.connect(servers.valkey_url)
    for value in (b"", b"\r\n$3\r\nabc\r\n\0\xff", bytes(range(256)) * 20_000):
        await valkey.put("wire:value", value, expires_s=60)
        assert await valkey.get("wire:value") == value
    await valkey.forget(["wire:value"])
    assert await valkey.get("wire:value") is None
    assert "valkey_version" in await valkey.told_of_itself()
    await valkey.close()


async def test_scripts_run_on_a_server_that_has_not_seen_them(servers: EmbeddedEngines) -> None:
    valkey = Valkey.connect(servers.valkey_url)
    for _ in range(2):
        await valkey.wire.call("SCRIPT", "FLUSH")
        assert await valkey.run(_ECHO, ["a"], [1]) == [b"a", b"1"]
        await valkey.wire.call("SCRIPT", "FLUSH")
        assert await valkey.run_many(_ECHO, [(["a"], [1]), (["b"], [2])]) == [[b"a", b"1"], [b"b", b"2"]]
    assert await valkey.run_many(_ECHO, []) == []
    await valkey.close()


async def test_a_server_that_hangs_up_is_called_again(servers: EmbeddedEngines) -> None:
    wire, other = Wire(servers.valkey_url), Wire(servers.valkey_url)
    number: int = await wire.call("CLIENT", "ID")
    waiting = asyncio.create_task(wire.call("BLPOP", "wire:never", 30))
    await asyncio.sleep(0)
    await other.call("CLIENT", "KILL", "ID", number)
    with pytest.raises(Lost):
        await asyncio.wait_for(waiting, 2)
    assert await wire.call("PING") == b"PONG"
    await asyncio.gather(wire.close(), other.close())


async def test_a_server_that_does_not_answer_is_given_up(
    servers: EmbeddedEngines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(valkey_wire, "ANSWER_TIMEOUT_S", 0.05)
    monkeypatch.setattr(valkey_wire, "REST_S", 0.1)
    wire = Wire(servers.valkey_url)
    waiting = asyncio.gather(
        wire.call("BLPOP", "wire:never", 30), wire.call("ECHO", b"behind it"), return_exceptions=True
    )
    assert [type(answer) for answer in await asyncio.wait_for(waiting, 5)] == [Lost, Lost]
    with pytest.raises(Lost):
        await asyncio.wait_for(wire.call("PING"), 0.02)  # nobody waits for it again, for a while
    await asyncio.sleep(0.1)
    assert await wire.call("PING") == b"PONG"
    await wire.close()


async def test_nobody_there_is_an_engine_that_is_down(tmp_path: Path) -> None:
    for url in (f"unix://{tmp_path}/nothing.sock", "valkey://127.0.0.1:1"):
        valkey = Valkey.connect(url)
        with pytest.raises(EngineDown):
            await valkey.ping()
        with pytest.raises(EngineDown):
            await valkey.run_many(_ECHO, [(["a"], [1])])
        await valkey.close()


async def test_a_password_and_a_number_of_a_database_are_told_first(servers: EmbeddedEngines) -> None:
    admin = Wire(servers.valkey_url)
    await admin.call("ACL", "SETUSER", "wiretest", "on", ">open sesame", "~*", "&*", "+@all")
    path = servers.valkey_url.removeprefix("unix://").partition("?")[0].rpartition("@")[2]
    valkey = Valkey.connect(f"unix://wiretest:open%20sesame@{path}?db=3")
    await valkey.put("wire:elsewhere", b"x", expires_s=60)
    assert await valkey.wire.call("ACL", "WHOAMI") == b"wiretest"
    assert await admin.call("EXISTS", "wire:elsewhere") == 0
    await valkey.forget(["wire:elsewhere"])
    await admin.call("ACL", "DELUSER", "wiretest")
    await asyncio.gather(valkey.close(), admin.close())
