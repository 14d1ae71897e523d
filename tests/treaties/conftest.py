"""What tests of the record share."""

import shutil

import pytest

from treaties.management.commands import load_treaties


@pytest.fixture
def folder(tmp_path):
    """A copy of the record's data that a test may spoil."""
    return shutil.copytree(load_treaties.Command.data_folder, tmp_path / "data")
