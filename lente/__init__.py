"""Lente for PyTorch: `from lente import show`, then `show(network, "cat.jpg")` opens a network on the features page.

The one name that is installed: the web server is `lente.app`, the networks are `lente.models`. In a checkout these are
the folders app/ and models/ at its top, linked here when it is installed (see hatch_build.py).
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lente.app.own_network.window import Window, show

__all__ = ["Window", "show"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from lente.app.own_network import window  # only for those who ask: the server starts without it

    return getattr(window, name)
