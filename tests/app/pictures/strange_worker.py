"""The process that decodes, in which some files do what a decoder might: see test_decoder.py."""

import os
import time
from typing import Any

from lente.app.pictures import worker

DECODED = worker.decoded


def _decoded(data: bytes, limits: Any, begin: Any) -> Any:
    begin(0, 0)
    if data == b"spins":
        while True:
            pass
    if data == b"sleeps":
        time.sleep(600)
    if data == b"eats":
        return bytearray(4_000_000_000)
    if data == b"crashes":
        os.abort()
    return DECODED(data, limits, begin)


worker.decoded = _decoded
worker.SECONDS = 0
worker.main()
