"""The lines of PyTorch that the page shows, run by somebody who has nothing else, on the trained networks."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from fastapi.testclient import TestClient

from lente.app.paths import ROOT
from tests.app.features.test_networks_api import API, told


@pytest.mark.slow
def test_its_lines_run_as_a_program(client: TestClient, tmp_path: Path) -> None:
    """A process of its own that has nothing but the lines, the picture and an installed Lente."""
    surgery = json.dumps([{"edit": "scale", "layer": "relu1", "channels": [17], "factor": -2}])
    query = {"layer": "block1.add", "surgery": surgery}
    code = told(client, "photo_cnn/manifest/sample-cat", **query)["code"]
    program = tmp_path / "recipe.py"
    program.write_text(code + 'torch.save(output, "output.pt")\n')
    picture = client.get("/api/images/sample-cat", headers={"Accept": "image/png"})
    (tmp_path / "picture.png").write_bytes(picture.content)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    subprocess.run([sys.executable, program.name], cwd=tmp_path, env=environment, check=True)
    exported = client.get(f"{API}/photo_cnn/export/sample-cat", params=query)
    expected = np.load(io.BytesIO(exported.content))["block1.add"]
    assert np.allclose(torch.load(tmp_path / "output.pt"), expected, rtol=1e-4, atol=1e-5 * np.abs(expected).max())
