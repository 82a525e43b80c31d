from collections.abc import Iterator

import pytest

from tests.cli.forks import Forks


@pytest.fixture(scope="session")
def forks() -> Iterator[Forks]:
    """The server of commands that can be killed; it imports everything once for all tests."""
    forks = Forks()
    yield forks
    forks.close()
