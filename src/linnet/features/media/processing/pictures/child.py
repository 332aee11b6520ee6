"""The process that reads strangers' pictures: `python -m …pictures.child FD`, one order after another.

It may be taken over by what it reads, so it gives up first whatever it can do without, and owns nothing worth having.
"""

import ctypes
import os
import resource
import socket
import sys
from contextlib import suppress
from typing import Final

import msgspec

from linnet.features.media.models import Refused
from linnet.features.media.processing.pictures.orders import LENGTH, ORDER_BYTES_MAX, Answer, Order

MEMORY_BYTES_MAX: Final = 1 << 30
"""Of addresses, which is more than what lies in memory."""

FILE_BYTES_MAX: Final = 256 << 20
OPEN_FILES_MAX: Final = 64
CPU_S_MAX: Final = 40
"""For one picture."""

_PR_SET_NO_NEW_PRIVS: Final = 38
_CLONE_NEWUSER: Final = 0x10000000
_CLONE_NEWNET: Final = 0x40000000


def main() -> None:
    """Take orders from the socket in the first argument until it is closed."""
    _give_up_powers()
    from linnet.features.media.processing.pictures import making  # noqa: PLC0415 -- within the limits

    making.prepare()
    with socket.socket(fileno=int(sys.argv[1])) as talk:
        _say(talk, Answer())
        _fall_silent()
        while (order := _hear(talk)) is not None:
            _start_clock()
            try:
                answer = making.make(order)
            except Refused as refused:
                answer = Answer(reason=refused.reason, message=str(refused))
            except MemoryError:
                answer = Answer(reason="too_complex", message="The picture takes too much memory to read.")
            _say(talk, answer)


def _give_up_powers() -> None:
    """No network, where the kernel lets us go; no new privileges, no dumps of memory, no more than a little of all."""
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        if libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) != 0:
            libc.unshare(_CLONE_NEWNET)
    for what, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES_MAX),
        (resource.RLIMIT_FSIZE, FILE_BYTES_MAX),
        (resource.RLIMIT_NOFILE, OPEN_FILES_MAX),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):  # macOS knows RLIMIT_AS and refuses it
            resource.setrlimit(what, (most, most))


def _fall_silent() -> None:
    """What libraries say about a file says nothing to operators, and a file could say a lot."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    os.close(nowhere)


def _start_clock() -> None:
    """From here on the kernel ends us after `CPU_S_MAX` seconds of work."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    end = int(used.ru_utime + used.ru_stime) + 1 + CPU_S_MAX
    resource.setrlimit(resource.RLIMIT_CPU, (end, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _hear(talk: socket.socket) -> Order | None:
    head = talk.recv(LENGTH.size, socket.MSG_WAITALL)
    if len(head) < LENGTH.size:
        return None
    size = LENGTH.unpack(head)[0]
    assert size <= ORDER_BYTES_MAX
    return msgspec.msgpack.decode(talk.recv(size, socket.MSG_WAITALL), type=Order)


def _say(talk: socket.socket, answer: Answer) -> None:
    said = msgspec.msgpack.encode(answer)
    talk.sendall(LENGTH.pack(len(said)) + said)


if __name__ == "__main__":
    main()
