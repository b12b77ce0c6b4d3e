"""What a process that reads files may be told to do: well and badly. In a file of its own, for it is imported there."""

import ctypes
import os
import time
from collections.abc import Iterator
from pathlib import Path

from tools.errors import FileError


def squares(count: int) -> Iterator[int]:
    for number in range(1, count + 1):
        yield number * number


def own_process() -> Iterator[int]:
    yield os.getpid()


def refuse() -> Iterator[int]:
    yield 1
    raise FileError("a.pdf is protected by a password.", why="It asks for one.", next_step="Save it without.")


def hang(started: Path | None = None) -> Iterator[int]:
    if started is not None:
        started.write_text(str(os.getpid()))
    time.sleep(600)
    yield 1


def crash() -> Iterator[int]:
    yield 1
    ctypes.string_at(0)


def swallow_memory() -> Iterator[int]:
    kept = [bytearray(2**20) for _ in range(4096)]
    yield len(kept)


def swallow_memory_in_one_piece() -> Iterator[int]:
    yield len(bytearray(2**32))


def print_much() -> Iterator[str]:
    print("no answer " * 100_000, flush=True)
    os.write(1, b"none either")
    yield "said"


def give_much(count: int, size: int) -> Iterator[bytes]:
    for _ in range(count):
        yield bytes(size)


def give_what_cannot_be_handed_over() -> Iterator[object]:
    yield lambda: None
