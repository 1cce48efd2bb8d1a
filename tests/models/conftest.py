"""What several tests of models are given."""

from collections.abc import Iterator

import pytest

from lente.models.convolution.second_thread import Beside


@pytest.fixture
def beside() -> Iterator[Beside]:
    """A second thread that stands ready."""
    thread = Beside()
    yield thread
    thread.close()
