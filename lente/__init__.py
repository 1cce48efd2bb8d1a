"""Lente for PyTorch: `from lente import show`, then `show(network, "cat.jpg")` opens a network on the features page."""

from app.window import Window, show

__all__ = ["Window", "show"]
