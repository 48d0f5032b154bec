"""Free ports of loopback for servers of tests. They lie below those that the kernel gives to whoever asks for any, so that no connection of
another test takes one before its server has started; each process of a run has a range of its own, and takes no port twice."""

import itertools
import os
import random
import socket

ADDRESS = "127.0.0.1"
_SIZE, _FIRST = 2000, 10000
_BEGIN = _FIRST + _SIZE * (int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 10)
_START = random.randrange(_SIZE)
_NEXT = itertools.cycle(_BEGIN + (_START + number) % _SIZE for number in range(_SIZE))


def _is_free(port):
    """Neither TCP nor UDP has it."""
    try:
        with socket.create_server((ADDRESS, port)), socket.socket(type=socket.SOCK_DGRAM) as udp:
            udp.bind((ADDRESS, port))
    except OSError:
        return False
    return True


def free_ports(count):
    found = []
    while len(found) < count:
        port = next(_NEXT)
        if _is_free(port):
            found.append(port)
    return found


def free_port():
    return free_ports(1)[0]
