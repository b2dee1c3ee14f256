"""Whether an ELF file needs anything from its system."""

import struct

MACHINES = {"amd64": 62, "arm64": 183}

_INTERPRETER = 3
_DYNAMIC = 2
_NEEDED = 1


def check(path, architecture):
    """The binary is for this architecture and needs no interpreter and no library."""
    data = path.read_bytes()
    assert data[:6] == b"\x7fELF\x02\x01", f"{path} is no 64-bit little-endian ELF file"
    (machine,) = struct.unpack_from("<H", data, 18)
    assert machine == MACHINES[architecture], f"{path} is for machine {machine}"
    for kind, offset, size in _segments(data):
        assert kind != _INTERPRETER, f"{path} asks for an interpreter"
        if kind == _DYNAMIC:
            entries = struct.iter_unpack("<QQ", data[offset : offset + size])
            assert all(tag != _NEEDED for tag, _ in entries), f"{path} needs a library"


def _segments(data):
    (start,) = struct.unpack_from("<Q", data, 32)
    size, count = struct.unpack_from("<HH", data, 54)
    for at in range(start, start + size * count, size):
        kind, _, offset, _, _, length = struct.unpack_from("<IIQQQQ", data, at)
        yield kind, offset, length
