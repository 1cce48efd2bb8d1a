"""`show(network, image)`: a server of one's own for one's own network, in a thread."""

import asyncio
import socket
import tempfile
import threading
import webbrowser
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from html import escape
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlencode

from lente.app.settings import Settings

if TYPE_CHECKING:
    from torch import nn

    from lente.app.features.outputs import AnswerKind
    from lente.app.features.shown import Shown
    from lente.app.own_network.pictures import Given
    from lente.app.services import Services

SAMPLE = "sample-cat"
NOTEBOOKS = "'self' http://localhost:* http://127.0.0.1:* vscode-webview:"
_PATIENCE_SECONDS = 120


def show(
    network: "nn.Module",
    image: Any = None,
    *,
    classes: Sequence[str] | None = None,
    mean: Sequence[float] | float | None = None,
    std: Sequence[float] | float | None = None,
    size: int | tuple[int, int] | None = None,
    output: str | int | None = None,
    answer: "AnswerKind | None" = None,
    inputs: Mapping[str, Any] | None = None,
    seed: int | None = None,
    title: str | None = None,
    browser: bool | None = None,
    host: str = "127.0.0.1",
    port: int = 0,
    language: str = "en",
) -> "Window":
    """Opens any network that takes one picture on the features page of a server of its own; returns at once.

    The page keeps the network as it is now. Every operation is recorded as it runs; what cannot be written out is named
    on the page.

    A network that breaks is shown up to its fault: all that ran, the call that failed, what would have fitted.

    Args:
        network: takes (1, C, H, W), C from 1 to 64, or (1, T, C, H, W).
        image: a path, a PIL image, an array (H, W[, 3]) of bytes or of numbers from 0 to 1, or a tensor of bytes
            (C, H, W) is a picture, which is scaled, cut and normalised; a tensor (C, H, W) or (T, C, H, W), alone or as
            a batch of one, of floating-point numbers goes in as it is. A cat, unless given.
        classes: names of the classes, in the order of the network's outputs.
        mean, std: with which its pictures are normalised; none unless given.
        size: the side of a square, or rows and columns; found by trying unless given.
        output: which part of what it returns is the answer, such as "out" or 1; the one that can be, unless given.
        answer: what that is: "classes" or "logits", one of which is right, "labels", each true or not, "boxes", numbers
            that are no scores, a "mask" of a class for each pixel, or "none". Classes, where that is plain, by itself.
        inputs: what goes in beside the picture, by the names of its arguments: tensors, paths of pictures, numbers.
        seed: of random numbers, for a network that throws dice.
        title: what the page calls it; the name of its class unless given.
        browser: whether to open a browser; unless given, everywhere but in a notebook, which shows the page itself.
        host, port: where the server listens; a free port unless given.
        language: of the page.

    Raises:
        ValueError: the network takes no such picture, or an argument does not suit it; the message says what would.
    """
    from lente.app.own_network.opening import Wishes

    wishes = Wishes(title, classes, mean, std, size, output, answer, inputs or {}, seed)
    return opened_window(network, image, wishes, browser=browser, host=host, port=port, language=language)


def opened_window(
    network: "nn.Module", image: Any, wishes: Any, *, browser: bool | None, host: str, port: int, language: str
) -> "Window":
    """`show` with its wishes in one object."""
    import torch

    from lente.app.own_network.opening import opened
    from lente.app.own_network.pictures import Given, read_given
    from lente.app.pictures.samples import SAMPLES

    given = Given(SAMPLES[SAMPLE].read(), None) if image is None else read_given(image)
    shown = opened(network, given, wishes)
    threads = torch.get_num_threads()
    window = Window(shown, given, host, port, language)
    torch.set_num_threads(threads)  # the server takes one for itself; the caller's own work keeps its own
    if browser if browser is not None else not in_notebook():
        webbrowser.open(window.url)
    return window


def in_notebook() -> bool:
    """Whether this runs in a Jupyter kernel."""
    try:
        from IPython import get_ipython  # type: ignore[attr-defined, import-not-found, unused-ignore]
    except ImportError:
        return False
    return type(get_ipython()).__name__ == "ZMQInteractiveShell"


def noted(shown: "Shown") -> list[str]:
    """What somebody should know of the network, as the terminal says it: its fault first."""
    notes = [str(note) for note in shown.notes]
    fault = shown.fault
    if fault is None:
        return notes
    where = f"{fault.module} ({fault.module_type})" if fault.module else fault.module_type
    said = [f"it breaks in {where}: {fault.kind}: {fault.message}"]
    said += [f"  the call was {fault.call}"] * bool(fault.call) + [f"  {fault.advice}"] * bool(fault.advice)
    said += [f"  {fault.line.file}, line {fault.line.number}: {fault.line.text}"] if fault.line else []
    return ["\n".join(said), *notes]


class Window:
    """A network on the features page: `url` is its address, `close()` ends its server. A notebook shows it in place."""

    def __init__(self, shown: "Shown", given: "Given", host: str, port: int, language: str) -> None:
        self._listener = socket.create_server((host, port), backlog=256)
        self._listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._folder = tempfile.TemporaryDirectory(prefix="lente-", ignore_cleanup_errors=True)
        self._end: Future[None] = Future()
        ready: Future[str] = Future()
        self._doing = ["starting"]
        serve = _serve(self._listener, Path(self._folder.name), shown, given, ready, self._end, self._doing.append)
        self._thread = threading.Thread(target=asyncio.run, args=(serve,), name="lente", daemon=True)
        self._thread.start()
        self.notes = noted(shown)
        try:
            image_id = ready.result(_PATIENCE_SECONDS)
        except TimeoutError as error:
            self._end.set_result(None)
            raise ValueError(
                f"{shown.title} was not ready after {_PATIENCE_SECONDS} s: the server was {self._doing[-1]}"
            ) from error
        query = urlencode({"network": shown.name, "image": image_id})
        address = "127.0.0.1" if host == "0.0.0.0" else host
        self.url = f"http://{address}:{self._listener.getsockname()[1]}/{language}/features?{query}"

    def close(self) -> None:
        """Ends the server and forgets the picture; closing twice does nothing."""
        if not self._end.done():
            self._end.set_result(None)
        self._thread.join()
        self._folder.cleanup()

    def wait(self) -> None:
        """Keeps a script from ending before Ctrl+C is pressed, then closes."""
        try:
            self._thread.join()
        except KeyboardInterrupt:
            self.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Lente at {self.url}>" if self._thread.is_alive() else "<Lente, closed>"

    def _repr_html_(self) -> str:
        address = escape(self.url)
        frame = f'<iframe src="{address}" title="Lente" width="100%" height="820" style="border: 0"></iframe>'
        return f'{frame}<p><a href="{address}" target="_blank">{address}</a></p>'


async def _serve(
    listener: socket.socket,
    folder: Path,
    shown: "Shown",
    given: "Given",
    ready: "Future[str]",
    end: "Future[None]",
    doing: Callable[[str], None],
) -> None:
    """Serves until `end` is done; `ready` gets the picture's id once the network can be looked at."""
    import uvicorn

    from lente.app.main import create_app

    app = create_app(Settings(store=folder), framed_by=NOTEBOOKS)
    config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=2)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        while not server.started and not serving.done():
            await asyncio.sleep(0.01)
        ready.set_result(await _bring(app.state, shown, given, doing))
        await asyncio.wrap_future(end)
    except BaseException as error:
        if not ready.done():
            ready.set_exception(error)
    server.should_exit = True
    await serving


async def _bring(state: Any, shown: "Shown", given: "Given", doing: Callable[[str], None]) -> str:
    """Puts the network among the server's networks and the picture among its pictures; the picture's id."""
    from lente.app.features.description import told
    from lente.app.own_network.opening import shown_picture
    from lente.app.pictures.decoding import encoded

    doing("loading what it answers with")
    await state.api.ready()
    services: Services = state.services
    networks = await services.compute.networks()
    picture, prepared = shown_picture(given, shown.preparation)
    kept = await services.compute.pictures.run(services.store.put, encoded(picture, "PNG"))
    if prepared is not None:
        shown.given[kept.id] = prepared
    networks.open(shown)
    doing(f"counting what the {len(shown.anatomy.parts)} layers of {shown.title} cost")
    await services.compute.run(told, shown)
    return kept.id
