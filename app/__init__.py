"""The web server of Lente: what a browser asks for. The networks live in the package `models`."""
