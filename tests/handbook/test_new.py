"""The five steps begin with a room that works as it is laid out."""

import subprocess
import sys

import pytest
from conftest import ROOT

from mathref.handbook.__main__ import main, new


def test_a_new_room_passes_its_own_test_and_builds(tmp_path):
    copy = tmp_path / "copy"
    subprocess.run(["git", "clone", "-q", str(ROOT), str(copy)], check=True)
    paths = new("fourier_series", copy)
    assert [str(path.relative_to(copy)) for path in paths] == [
        "mathref/fourier_series.py",
        "docs/concepts/fourier-series.md",
        "tests/test_fourier_series.py",
    ]
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "tests/test_fourier_series.py",
        "mathref/fourier_series.py",
    ]
    done = subprocess.run(command, cwd=copy, env={"PYTHONPATH": str(copy), "PATH": ""}, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    page = paths[1].read_text()
    assert "# Fourier series" in page
    assert "from mathref.fourier_series import fourier_series" in page
    assert "@name@" not in page


def test_nothing_that_exists_is_touched(tmp_path):
    (tmp_path / "mathref").mkdir()
    (tmp_path / "mathref" / "norm.py").write_text("kept")
    with pytest.raises(ValueError, match="exists"):
        new("norm", tmp_path)
    assert not (tmp_path / "docs").exists()


@pytest.mark.parametrize("name", ["Norm", "kl-divergence", "2norm", "a b", ""])
def test_a_name_that_no_module_can_have_is_refused(name, capsys):
    assert main(["new", name]) == 1
    assert "must be a module's name" in capsys.readouterr().err
