"""A result depends on the modules that it reaches, and on no others; it is never older than they are."""

import os
import py_compile
import random
import subprocess
import sys

import pytest

from mathref.handbook.read.page import Block
from mathref.handbook.run.cache import Cache
from mathref.handbook.run.dependencies import Library
from mathref.handbook.run.runner import Runner


@pytest.fixture
def library(tmp_path, monkeypatch):
    package = tmp_path / "toybox"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "_base.py").write_text("import numpy\n\nONE = 1\n")
    (package / "cube.py").write_text("from toybox._base import ONE\n")
    (package / "ball.py").write_text("TWO = 2\n")
    monkeypatch.syspath_prepend(tmp_path)
    return Library("toybox")


CUBE, BALL = "from toybox.cube import ONE", "from toybox.ball import TWO"


def test_modules_are_reached_through_others(library):
    assert [name for name, _ in library.reached(CUBE)] == ["toybox", "toybox._base", "toybox.cube"]
    assert library.foreign(CUBE) == {"numpy"}
    assert set(library.versions(CUBE)) == {"python", "numpy"}


def test_a_changed_line_changes_the_key_of_exactly_the_blocks_that_reach_it(library):
    before = library.key("snippet", CUBE, ""), library.key("snippet", BALL, "")
    path = library.folder / "_base.py"
    path.write_text(path.read_text().replace("ONE = 1", "ONE = 3"))
    library.fresh()
    after = library.key("snippet", CUBE, ""), library.key("snippet", BALL, "")
    assert before[0] != after[0]
    assert before[1] == after[1]


def test_the_key_depends_on_source_kind_and_limits(library):
    keys = {
        library.key(*parts)
        for parts in [("snippet", "1", "a"), ("claim", "1", "a"), ("snippet", "2", "a"), ("snippet", "1", "b")]
    }
    assert len(keys) == 4


def test_the_key_depends_on_versions(library, monkeypatch):
    before = library.key("snippet", CUBE, "")
    monkeypatch.setattr("mathref.handbook.run.dependencies._version", lambda top: "99")
    assert library.key("snippet", CUBE, "") != before


def test_settings_that_change_numbers_are_in_the_key(library, monkeypatch):
    before = library.key("claim", CUBE, "")
    for name in ("MATHREF_CLAIM_SEED", "OPENBLAS_CORETYPE"):
        monkeypatch.setenv(name, "5")
        assert library.key("claim", CUBE, "") != before


def test_a_module_that_is_in_no_distribution_is_read(library, tmp_path):
    (tmp_path / "beside.py").write_text("import further\n")
    (tmp_path / "further.py").write_text("V = 1\n")
    source = "import beside"
    before = library.key("snippet", source, "")
    (tmp_path / "further.py").write_text("V = 2\n")
    library.fresh()
    assert library.key("snippet", source, "") != before
    assert "beside" not in library.installed(source)


def test_a_distribution_of_another_environment_is_known_by_its_version(library, tmp_path, monkeypatch):
    there = tmp_path / "venv" / "site-packages"
    (there / "faraway-2.5.dist-info").mkdir(parents=True)
    (there / "faraway-2.5.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: faraway\nVersion: 2.5\n")
    (there / "faraway.py").write_text("import numpy\n")
    monkeypatch.syspath_prepend(there)
    assert library.files("import faraway") == []
    assert library.versions("import faraway")["faraway"] == "2.5"


def test_what_is_read_or_imported_through_a_module_beside_the_library_counts(library, tmp_path, monkeypatch):
    helper, data = tmp_path / "helper", tmp_path / "helper" / "data.txt"
    helper.mkdir()
    (helper / "__init__.py").write_text("import numpy\nfrom toybox.ball import TWO\n")
    data.write_text("1")
    source, versions = "import helper", dict(library.versions("import numpy"))
    assert library.versions(source) == versions
    before = library.key("snippet", source, "")
    for path, text in ((library.folder / "ball.py", "TWO = 3\n"), (data, "2")):
        path.write_text(text)
        library.fresh()
        assert library.key("snippet", source, "") != before
        before = library.key("snippet", source, "")


@pytest.mark.parametrize("reader", ["source", "module"])
def test_what_is_read_from_the_environment_is_in_the_key(library, monkeypatch, reader):
    (library.folder / "mode.py").write_text("import os\nMODE = os.environ.get('TOY_MODE', 'plain')\n")
    source = "import os\nprint(os.getenv('TOY_MODE'))" if reader == "source" else "from toybox.mode import MODE"
    before, other = library.key("snippet", source, ""), library.key("snippet", CUBE, "")
    monkeypatch.setenv("TOY_MODE", "fancy")
    assert library.key("snippet", source, "") != before
    assert library.key("snippet", CUBE, "") == other


def test_a_file_that_is_saved_while_blocks_run_is_noticed(library):
    library.key("snippet", CUBE, "")
    assert library.unchanged()
    (library.folder / "_base.py").write_text("ONE = 17\n")
    assert not library.unchanged()
    library.fresh()
    assert library.unchanged()


def test_bytecode_of_the_same_second_is_not_believed(library, tmp_path, monkeypatch):
    monkeypatch.delenv("MATHREF_CACHE", raising=False)
    path = library.folder / "ball.py"
    second = path.stat().st_mtime_ns // 10**9 * 10**9
    os.utime(path, ns=(second, second))
    py_compile.compile(str(path))
    path.write_text("TWO = 7\n")
    os.utime(path, ns=(second + 1, second + 1))
    assert subprocess.check_output([sys.executable, "-c", f"{BALL}\nprint(TWO)"], cwd=tmp_path, text=True) == "2\n"
    runner = Runner(library, Cache(tmp_path / "cache"))
    assert runner.result(Block("docs/a.md", "snippet", "snippet-a", 1, f"{BALL}\nprint(TWO)")).output == "7\n"
    runner.close()


def test_where_a_name_is_computed_every_file_counts(library):
    (library.folder / "table.txt").write_text("1")
    sources = [
        "import importlib\nimportlib.import_module('toybox.' + 'ball')",
        "from toybox import *",
        "from pathlib import Path\nimport toybox\nPath(toybox.__file__).with_name('table.txt').read_text()",
    ]
    before = [library.key("snippet", source, "") for source in sources]
    for name in ("ball.py", "table.txt"):
        (library.folder / name).write_text("# other\n")
        library.fresh()
        after = [library.key("snippet", source, "") for source in sources]
        assert all(old != new for old, new in zip(before, after, strict=True))
        before = after


WAYS = [
    "from toypack.{name} import V as W{n}",
    "from .{name} import V as W{n}",
    "from . import {name} as m{n}\nW{n} = m{n}.V",
    "import toypack.{name}\nW{n} = toypack.{name}.V",
    "import importlib\nW{n} = importlib.import_module('toypack.{name}').V",
    "import importlib\nW{n} = importlib.import_module('.{name}', 'toypack').V",
    "from importlib import import_module\nW{n} = import_module('toypack.' + '{name}').V",
    "W{n} = __import__('toypack.{name}', fromlist=['V']).V",
    "def __getattr__(_):\n    from toypack.{name} import V\n    return V\nfrom toypack.{name} import V as W{n}",
    "from pathlib import Path\nW{n} = int(Path(__file__).with_name('{name}.txt').read_text())",
    "from importlib.resources import files\nW{n} = int(files('toypack').joinpath('{name}.txt').read_text())",
]


class Package:
    """A small package at random: a module imports some of those before it, each in a way of its own."""

    def __init__(self, folder, rng):
        self.folder, self.rng = folder / "toypack", rng
        self.folder.mkdir()
        self.lines = {}
        for number, name in enumerate(("a", "b", "c", "d", "e")):
            before = rng.sample(list(self.lines), rng.randint(0, min(2, number)))
            ways = [rng.choice(WAYS).format(name=other, n=n) for n, other in enumerate(before)]
            self.lines[name] = "\n".join(
                [*ways, "V = " + " + ".join(["{own}", *(f"W{n}" for n in range(len(before)))])]
            )
            self.edit(name)
        first = rng.choice(["", "from .b import V", "from .a import *\nfrom . import c"])
        (self.folder / "__init__.py").write_text(first)
        self.sources = [
            "from toypack.e import V\nprint(V)",
            "import toypack.d\nprint(toypack.d.V)",
            f"import toypack\nprint(getattr(toypack, 'V', None), {rng.random()})",
            "from importlib import import_module\nprint(*(import_module(f'toypack.{name}').V for name in 'abc'))",
        ]

    def edit(self, name):
        """A number of one module, or of the file beside it, becomes another of the same length."""
        if self.rng.random() < 0.7 or not (self.folder / f"{name}.txt").exists():
            text = self.lines[name].replace("{own}", str(self.rng.randint(100, 999)))
            (self.folder / f"{name}.py").write_text(text + "\n")
        if self.rng.random() < 0.5 or not (self.folder / f"{name}.txt").exists():
            (self.folder / f"{name}.txt").write_text(str(self.rng.randint(100, 999)))


def cold(source, folder):
    """What Python itself prints, with no bytecode from before."""
    command = [sys.executable, "-B", "-X", f"pycache_prefix={folder / 'none'}", "-c", source]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("seed", range(6))
def test_after_any_edit_a_result_is_that_of_a_cold_build(tmp_path, monkeypatch, seed):
    monkeypatch.delenv("MATHREF_CACHE", raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    rng = random.Random(seed)
    package = Package(tmp_path, rng)
    library = Library("toypack")
    runner = Runner(library, Cache(tmp_path / "cache"))
    try:
        for _ in range(5):
            blocks = [
                Block("docs/a.md", "snippet", f"snippet-{n}", 1, source) for n, source in enumerate(package.sources)
            ]
            runner.submit(blocks)
            assert [runner.result(block).output for block in blocks] == [cold(s, tmp_path) for s in package.sources]
            package.edit(rng.choice("abcde"))
            library.fresh()
            runner.fresh()
        again = Runner(library, Cache(tmp_path / "cache"))  # another build, with what was kept
        assert [again.result(block).output for block in blocks] == [cold(s, tmp_path) for s in package.sources]
        again.close()
    finally:
        runner.close()
