"""A block is the program that a reader would make of it: what Python prints in a terminal is what the page shows."""

import os
import subprocess
import sys

import pytest

from mathref.handbook.read.page import Block, PageError
from mathref.handbook.run.cache import Cache
from mathref.handbook.run.dependencies import Library
from mathref.handbook.run.runner import Limits, Runner, checked


@pytest.fixture(scope="module")
def runner(tmp_path_factory):
    runner = Runner(Library("mathref"), Cache(tmp_path_factory.mktemp("cache")), Limits(seconds=20))
    yield runner
    runner.close()


def block(source, **options):
    return Block("docs/a.md", "snippet", "snippet-a", 10, source, options)


def by_python(source, folder):
    """What `python snippet.py` prints in a folder of its own."""
    (folder / "snippet.py").write_text(source)
    settings = {**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "snippet.py"]
    done = subprocess.run(command, cwd=folder, stdout=-1, stderr=-2, stdin=subprocess.DEVNULL, env=settings, text=True)
    return done.stdout.replace(f"{os.path.realpath(folder)}{os.sep}", "")


def in_each_way(body):
    return "\n".join(
        ["import multiprocessing", "def square(x):", "    return x * x", "if __name__ == '__main__':", body]
    )


PROGRAMS = {
    "arguments": "import sys\nprint(sys.argv)",
    "its file": "import os\nprint(__file__, os.path.isabs(__file__), os.listdir(), __spec__, __package__, __name__)",
    "its folder comes first": "import os, sys\nprint(sys.path[0] == os.getcwd() == os.path.dirname(__file__))",
    "its own source": "with open(__file__) as file:\n    print(file.read(10))",
    "inspect": "import inspect\ndef f():\n    return 1\nprint(inspect.getsource(f))",
    "no options": "import argparse\nprint(argparse.ArgumentParser().parse_args())",
    "names": "import numpy\nprint(sorted(set(globals()) - {'__annotations__'}))",
    "a subprocess between prints": "import subprocess\nprint('one')\nsubprocess.run(['echo', 'two'])\nprint('three')",
    "both streams": "import sys\nprint('one')\nprint('two', file=sys.stderr)\nprint('three')",
    "both streams of a subprocess": (
        "import subprocess, sys\nprint('one')\nsource = \"import sys; print(2); print(3, file=sys.stderr); print(4)\"\n"
        "subprocess.run([sys.executable, '-c', source])\nprint('five')"
    ),
    "descriptors": "import os\nprint('one')\nos.write(2, b'two\\n')\nos.write(1, b'three\\n')\nprint('four')",
    "a thread that is late": (
        "import threading, time\nthreading.Thread(target=lambda: (time.sleep(0.2), print('late'))).start()\n"
        "print('first')"
    ),
    "a pool that is not closed": (
        "from concurrent.futures import ThreadPoolExecutor\nfrom time import sleep\n"
        "pool = ThreadPoolExecutor()\npool.submit(lambda: (sleep(0.1), print('late')))\nprint('first')"
    ),
    "a daemon is not waited for": (
        "import threading, time\nthreading.Thread(target=time.sleep, args=[60], daemon=True).start()\nprint('end')"
    ),
    "atexit": "import atexit\natexit.register(print, 'last')\natexit.register(print, 'first')\nprint('end')",
    "a buffer of its own": "import os\nfile = os.fdopen(os.dup(1), 'w')\nfile.write('kept\\n')",
    "an object that says good-bye": "class A:\n    def __del__(self):\n        print('bye')\na = A()\nprint('end')",
    "the order of good-byes": (
        "class A:\n    def __init__(self, name):\n        self.name = name\n"
        "    def __del__(self):\n        print('bye', self.name)\nb, a, _c = A('b'), A('a'), A('c')"
    ),
    "another main module": "import sys\nsys.modules[__name__] = object()\nprint('end')",
    "annotations": "print('__annotations__' in globals())",
    "print itself": "import inspect, pickle\nprint(print, inspect.signature(print), pickle.dumps(print))",
    "a traceback through print": (
        "import traceback\ntry:\n    print(1, foo=2)\nexcept TypeError:\n    traceback.print_exc()"
    ),
    "an encoding of its own": "# coding: latin-1\nprint('\u00e9')",
    "an error of a fork": "import os\nif os.fork() == 0:\n    1 / 0\nos.wait()\nprint('parent')",
    "fork": "import os\nif os.fork() == 0:\n    print('child')\nelse:\n    os.wait()\n    print('parent')",
    "fork and exit": (
        "import os, sys\nif os.fork() == 0:\n    sys.exit(3)\nprint(os.waitstatus_to_exitcode(os.wait()[1]))"
    ),
    "multiprocessing": in_each_way(
        "    for way in ('fork', 'spawn', 'forkserver'):\n"
        "        with multiprocessing.get_context(way).Pool(2) as pool:\n"
        "            print(way, pool.map(square, [1, 2]))"
    ),
    "processes of a pool": in_each_way(
        "    from concurrent.futures import ProcessPoolExecutor\n    for way in ('fork', 'spawn', 'forkserver'):\n"
        "        with ProcessPoolExecutor(2, multiprocessing.get_context(way)) as pool:\n"
        "            print(way, list(pool.map(square, [1, 2])))"
    ),
    "a traceback printed": "import traceback\ntry:\n    1 / 0\nexcept ZeroDivisionError:\n    traceback.print_exc()",
    "a module that is not imported": "import mathref\nprint(hasattr(mathref, 'svd'))",
    "a module that is": "import mathref.svd\nprint(mathref.svd.__name__)",
    "leaving with words": "import sys\nprint(1)\nsys.exit('words')",
    "leaving with a number": "import sys\nprint(1)\nsys.exit(2)",
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_page_shows_what_python_prints(runner, tmp_path, name):
    runner.submit(block(source) for source in PROGRAMS.values())  # together, as in a build: what all import is there
    expected = by_python(PROGRAMS[name], tmp_path)
    assert runner.result(block(PROGRAMS[name])).shown == expected
    assert expected


def test_lines_of_c_code_come_in_order(runner):
    source = "import ctypes\nprint('one')\nctypes.CDLL(None).puts(b'two')\nprint('three')"
    assert runner.result(block(source)).output == "one\ntwo\nthree\n"


ERRORS = {
    "two lines": "raise ValueError('first line\\nsecond line')",
    "a note": "error = ValueError('x')\nerror.add_note('a note\\nof two lines')\nraise error",
    "spaces at the end": "raise ValueError('x  ')",
    "no message": "raise KeyError",
    "a class of its own": "class Odd(Exception):\n    pass\nraise Odd('x')",
    "a group": "raise ExceptionGroup('all', [ValueError(1), ExceptionGroup('all', [TypeError('a')])])",
    "a group with lines": "try:\n    1 / 0\nexcept Exception as e:\n    raise ExceptionGroup('g', [e]) from None",
    "a cause": "try:\n    1 / 0\nexcept Exception as error:\n    raise ValueError('x') from error",
    "a suggestion": "fruit = 1\nprint(fruits)",
    "a group of what has lines": "raise ExceptionGroup('all', [ValueError('a\\nb')])",
    "syntax": "x = 1\nsub = x  x",
    "indentation": "if True:\nx = 1",
}


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_is_shown_as_python_prints_it_from_its_line_on(runner, tmp_path, name):
    result = runner.result(block(ERRORS[name]))
    printed = by_python(ERRORS[name], tmp_path)
    assert printed.endswith(result.shown)
    before = printed.removesuffix(result.shown)
    assert before == "" or before.splitlines()[-1].startswith(("  ", "  | "))
    assert result.error["names"][0] in result.shown.splitlines()[0]
    assert result.error["traceback"] + "\n" == printed


@pytest.mark.parametrize(
    "late",
    [
        "import atexit\natexit.register(print, 'last')",
        "import threading, time\nthreading.Thread(target=lambda: (time.sleep(0.1), print('last'))).start()",
    ],
)
def test_what_is_printed_after_an_error_stands_after_it(runner, late):
    assert (
        runner.result(block(f"{late}\nprint('one')\n1 / 0")).shown == "one\nZeroDivisionError: division by zero\nlast\n"
    )


def test_frames_of_what_runs_a_block_are_refused(runner):
    refused = block("import traceback\ntraceback.print_stack()")
    with pytest.raises(PageError, match=r"docs/a\.md:10: snippet should not print the frames of what runs it"):
        checked(refused, runner.result(refused))


def test_what_hypothesis_adds_to_a_claim_is_not_shown(runner):
    head = "from mathref.handbook.claims import claim\nfrom mathref.handbook.strategies import vector\n"
    source = f"{head}@claim(x=vector('n'))\ndef wrong(x):\n    return x, x + 1"
    assert len(runner.result(block(source)).shown.splitlines()) == 1


def test_colours_go(runner):
    result = checked(block(""), runner.result(block("print('\\x1b[1;31mred\\x1b[0m')")))
    assert result.output == "red\n"
    result = runner.result(block("raise ValueError('\\x1b[31mred\\x1b[0m')"))
    assert result.error["message"] == "ValueError: red"


@pytest.mark.parametrize("code", [0, 2, 3, 7, 8, 11, 12, 13, 27, 127, 0x85, 0xE000, 0xE001, 0xFFFE])
def test_a_character_that_no_page_can_show_is_refused_by_name(runner, code):
    for source in (f"print('a', chr({code}))", f"raise ValueError(chr({code}))"):
        refused = block(f"x = 1\n{source}", **({"error": "ValueError"} if "raise" in source else {}))
        with pytest.raises(PageError, match=rf"docs/a\.md:10: snippet should not print the character U\+{code:04X}"):
            checked(refused, runner.result(refused))


def test_such_a_character_in_a_source_is_refused_with_its_line(runner):
    refused = block("x = 1\ny = '\x1b'")
    with pytest.raises(PageError, match=r"docs/a\.md:11: snippet should not hold the character U\+001B"):
        checked(refused, runner.result(refused))


def test_a_folder_of_this_machine_is_refused(runner):
    refused = block("import os\nprint(os.getcwd())")
    with pytest.raises(PageError, match=r"docs/a\.md:10: snippet should not print the folder"):
        checked(refused, runner.result(refused))


def test_warnings_are_kept_apart_from_what_is_printed(runner):
    result = runner.result(block("import warnings\nprint(1)\nwarnings.warn('beware')"))
    assert (result.output, result.warnings) == ("1\n", ["UserWarning: beware"])
