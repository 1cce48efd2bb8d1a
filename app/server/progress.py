"""Answers that take a while: lines of JSON, one for each step, the last one with the result.

    {"done": 3, "total": 40}
    {"done": 4, "total": 40, "seen": {...}}      where there is something to show already
    {"done": 40, "total": 40, "result": {...}}

Whoever asked and goes away ends the work. An error after the first line is the last line: {"error": {...}}.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Hashable
from contextlib import aclosing
from typing import Any, TypeVar

from fastapi import Request
from fastapi.responses import StreamingResponse

from lente.app.errors import known
from lente.app.i18n import language_of
from lente.app.server.queues.long_work import Finished, LongWork, Progress
from lente.app.server.queues.shared import SharedWork
from lente.app.server.shares import Shares
from lente.app.server.wire import dumped

R = TypeVar("R")

NDJSON = "application/x-ndjson"
LINES: dict[int | str, dict[str, Any]] = {200: {"content": {"application/json": {}, NDJSON: {}}}}
"""What a route answers that gives steps to those who ask for them, for its description."""


def wants_steps(request: Request) -> bool:
    """Whether the request asks for lines of JSON."""
    return NDJSON in request.headers.get("accept", "")


def steps_response(
    request: Request, long: LongWork, work: Callable[[Progress], R], told: Callable[[R], dict[str, Any]], room: int = 0
) -> StreamingResponse:
    """Runs `work`, which takes `room` bytes, while answering with its steps, then with what `told` makes of its result.
    Raises Busy."""
    long.check()
    lines = _told(long, request.app.state.shares, work, told, room)
    return StreamingResponse(_lines(request, lines), media_type=NDJSON)


def shared_response(
    request: Request,
    long: LongWork,
    shared: SharedWork,
    key: Hashable,
    work: Callable[[Progress], R],
    told: Callable[[R], dict[str, Any]],
    room: int = 0,
) -> StreamingResponse:
    """The same for work that gives the same to all who ask for `key`: it is done once. Raises Busy."""
    if key not in shared:
        long.check()
    shares = request.app.state.shares
    lines = shared.lines(key, lambda: _told(long, shares, work, told, room), shares)
    return StreamingResponse(_lines(request, lines), media_type=NDJSON)


async def told_response(
    request: Request, long: LongWork, work: Callable[[Progress], dict[str, Any]], room: int = 0
) -> StreamingResponse | dict[str, Any]:
    """What `work`, which takes `room` bytes, makes, as JSON; after its steps where they are asked for. Raises Busy."""
    if wants_steps(request):
        return steps_response(request, long, work, dict, room)
    return await long.result(work, room)


async def _lines(request: Request, lines: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    try:
        async with aclosing(lines):  # type: ignore[type-var]
            async for line in lines:
                yield line
    except Exception as error:
        refusal = known(error)
        if refusal.status == 500:
            logging.getLogger("lente").error("%s", request.url.path, exc_info=error)
        yield _line({"error": refusal.told(language_of(request))})


async def _told(
    long: LongWork, shares: Shares, work: Callable[[Progress], R], told: Callable[[R], dict[str, Any]], room: int
) -> AsyncIterator[bytes]:
    total = 0
    async with aclosing(long.steps(work, shares, room)) as steps:  # type: ignore[type-var]
        async for step in steps:
            if isinstance(step, Finished):
                yield await asyncio.to_thread(_last, total, told, step.result)
            else:
                total = step.total
                seen = {} if step.seen is None else {"seen": step.seen}
                yield _line({"done": step.done, "total": step.total, **seen})


def _last(total: int, told: Callable[[R], dict[str, Any]], result: R) -> bytes:
    return _line({"done": total, "total": total, "result": told(result)})


def _line(content: dict[str, Any]) -> bytes:
    return dumped(content).encode() + b"\n"
