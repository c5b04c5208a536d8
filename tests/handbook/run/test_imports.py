"""What a source imports is read off it, and where it cannot be, that is said."""

import pytest

from mathref.handbook.run.imports import imports


@pytest.mark.parametrize(
    ("source", "package", "names"),
    [
        ("import a.b", "", {"a.b"}),
        ("from a import b", "", {"a", "a.b"}),
        ("from . import b", "pk", {"pk", "pk.b"}),
        ("from .b import V", "pk", {"pk.b", "pk.b.V"}),
        ("from ..b import V", "pk.sub", {"pk.b", "pk.b.V"}),
        ("from .. import b", "pk.sub", {"pk", "pk.b"}),
        ("from ... import b", "pk.sub", set()),
        ("from . import b", "", set()),
        ("import importlib\nimportlib.import_module('pk.b')", "", {"importlib", "pk.b"}),
        (
            "from importlib import import_module\nimport_module('.b', 'pk')",
            "",
            {"importlib", "importlib.import_module", "pk.b"},
        ),
        (
            "from importlib import import_module\nimport_module('..b', __package__)",
            "pk.s",
            {"importlib", "importlib.import_module", "pk.b"},
        ),
        ("__import__('pk.b')", "", {"pk.b"}),
        ("def f():\n    from .b import V", "pk", {"pk.b", "pk.b.V"}),
        ("syntax error here", "pk", set()),
    ],
)
def test_names_are_read_off(source, package, names):
    found = imports(source, package)
    assert found.names == names
    assert not found.doubtful


@pytest.mark.parametrize(
    "source",
    [
        "import importlib\nimportlib.import_module(name)",
        "import importlib\nimportlib.import_module(f'pk.{x}')",
        "import importlib as i\ni.import_module('pk.b')",
        "from importlib import import_module as f\nf('pk.b')",
        "from importlib import import_module\nf = import_module",
        "import importlib\nimportlib.import_module(package='pk', name='.b')",
        "from importlib import import_module\nimport_module('.b', __name__)",
        "import builtins\nbuiltins.__import__('pk.b')",
        "__import__('b', globals(), locals(), [], 1)",
        "exec('import pk.b')",
        "import sys\nsys.modules['pk.b']",
        "import runpy\nrunpy.run_module('pk.b')",
        "import timeit\ntimeit.timeit('f()', setup='from pk.b import f')",
        "import pydoc\npydoc.locate('pk.b')",
        "import subprocess\nsubprocess.run(['python', '-m', 'pk'])",
        "from pathlib import Path\nPath(__file__).with_name('data.txt')",
        "import pk\npk.__path__",
        "from importlib.resources import files",
        "def __getattr__(name):\n    pass",
    ],
)
def test_what_cannot_be_known_is_doubtful(source):
    assert imports(source, "pk").doubtful
