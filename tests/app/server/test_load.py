"""The load of `lente bench`: what it sends and reads, against the websockets library."""

import numpy as np
import pytest
from websockets.frames import Frame, Opcode
from websockets.streams import StreamReader

from lente.app.server.wire import unpacked
from lente.benchmarks._load import Tally, asks, take_answer, take_frame


def read(frame: bytes) -> bytes:
    """The payload of a client's frame as the websockets library reads it."""
    reader = StreamReader()
    reader.feed_data(frame)
    parsing = Frame.parse(reader.read_exact, mask=True)
    with pytest.raises(StopIteration) as parsed:
        next(parsing)
    found: Frame = parsed.value.value
    assert found.opcode == Opcode.BINARY
    return bytes(found.data)


@pytest.mark.parametrize("side", [1, 28, 200])
def test_a_message_is_a_masked_frame_with_its_id(side: int) -> None:
    values = np.random.default_rng(0).random((side, side), np.float32)
    frames = asks([{"values": values}], 3, ask="digit", stream="draw")
    for id, frame in enumerate(frames):
        tensors, facts = unpacked(read(frame))
        assert facts == {"ask": "digit", "stream": "draw", "id": id}
        np.testing.assert_array_equal(tensors["values"], values)


@pytest.mark.parametrize("length", [5, 200, 70_000])
def test_answers_are_taken_whole_however_they_arrive(length: int) -> None:
    payload = bytes(range(256)) * (length // 256 + 1)
    frame = Frame(Opcode.BINARY, payload[:length]).serialize(mask=False)
    buffer = bytearray(Frame(Opcode.PING, b"still there?").serialize(mask=False) + frame[:-1])
    assert take_frame(buffer) is None
    buffer += frame[-1:] + frame
    assert [take_frame(buffer), take_frame(buffer), take_frame(buffer)] == [payload[:length], payload[:length], None]


def test_an_answer_over_http_is_taken_with_its_status_and_what_it_asks_for() -> None:
    head = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\nRetry-After: 3\r\n\r\n"
    buffer = bytearray(head + b"bus")
    assert take_answer(buffer) is None
    buffer += b"yHTTP/1.1"
    assert take_answer(buffer) == (503, 3.0, b"busy")
    assert bytes(buffer) == b"HTTP/1.1"


def test_what_nobody_accounts_for_is_lost() -> None:
    tally = Tally(asked=10, overtaken=2, refused=1, errors=["wrong"], seconds=[0.1, 0.2, 0.3])
    assert tally.lost == 3
    assert tally.milliseconds(50) == pytest.approx(200)
