"""Blocks run alone, with limits, once, and say where they fail."""

import os
from pathlib import Path

import pytest

from mathref.handbook.read.page import Block, PageError
from mathref.handbook.run.cache import Cache
from mathref.handbook.run.dependencies import Library
from mathref.handbook.run.runner import Limits, Runner, checked


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.delenv("MATHREF_CACHE", raising=False)
    return Cache(tmp_path / "cache")


@pytest.fixture
def runner(cache):
    runner = Runner(Library("mathref"), cache, Limits(seconds=5, memory=2 * 2**30))
    yield runner
    runner.close()


def block(source, **options):
    return Block("docs/a.md", "snippet", "snippet-a", 10, source, options)


def test_what_a_block_prints_is_its_output(runner):
    assert runner.result(block("print('a')\nprint('ü')")).output == "a\nü\n"


def test_what_c_code_prints_is_caught_too(runner):
    source = "import os\nprint('first', flush=True)\nos.write(1, b'second\\n')"
    assert runner.result(block(source)).output == "first\nsecond\n"


def test_nothing_that_a_block_sets_reaches_the_next(runner):
    runner.result(
        block(
            "import numpy as np, warnings, os\nnp.set_printoptions(precision=1)\nnp.random.seed(1)\nx = 1\n"
            "warnings.simplefilter('ignore')\nos.environ['LEAK'] = '1'"
        )
    )
    source = "import numpy as np, os\nprint(np.get_printoptions()['precision'], 'x' in globals(), 'LEAK' in os.environ)"
    assert runner.result(block(source)).output == "8 False False\n"


def test_a_block_is_a_file_run_by_itself(runner):
    assert runner.result(
        block("print(__name__)\nimport sys\nprint(sys.modules['__main__'].__dict__ is globals())")
    ).output == ("__main__\nTrue\n")


def test_an_error_is_reported_with_page_and_line(runner):
    broken = block("x = 1\ny = x / 0")
    with pytest.raises(PageError, match=r"^docs/a\.md:11: snippet fails: ZeroDivisionError: division by zero$"):
        checked(broken, runner.result(broken))


def test_a_syntax_error_is_reported_with_its_line(runner):
    broken = block("x = 1\nsub = x  x")
    with pytest.raises(PageError, match=r"docs/a\.md:11: .*SyntaxError"):
        checked(broken, runner.result(broken))


def test_an_expected_error_passes_by_its_name_or_that_of_a_base_class(runner):
    for name in ("LinAlgError", "ValueError"):
        expected = block("import numpy as np\nnp.linalg.inv([[0.0]])", error=name)
        result = checked(expected, runner.result(expected))
        assert result.error["message"] == "numpy.linalg.LinAlgError: Singular matrix"


def test_an_expected_error_that_does_not_come_is_a_fault(runner):
    calm = block("print(1)", error="ValueError")
    with pytest.raises(PageError, match=r"docs/a\.md:10: snippet should have raised ValueError, but did not"):
        checked(calm, runner.result(calm))


def test_a_warning_is_a_fault_unless_it_is_expected(runner):
    source = "import warnings\nwarnings.warn('beware', RuntimeWarning)"
    with pytest.raises(PageError, match="snippet warns: RuntimeWarning: beware"):
        checked(block(source), runner.result(block(source)))
    checked(block(source, warning="RuntimeWarning"), runner.result(block(source)))


def test_a_block_that_loops_is_stopped(cache):
    runner = Runner(Library("mathref"), cache, Limits(seconds=1))
    endless = block("while True: pass")
    with pytest.raises(PageError, match="it ran for more than 1 seconds"):
        checked(endless, runner.result(endless))
    runner.close()


def test_a_block_that_allocates_without_end_fails(runner):
    greedy = block("x = bytearray(3 * 2**30)")
    with pytest.raises(PageError, match="MemoryError"):
        checked(greedy, runner.result(greedy))


def test_a_block_that_dies_is_a_fault(runner):
    dead = block("import os\nos.kill(os.getpid(), 9)")
    with pytest.raises(PageError, match="its process died"):
        checked(dead, runner.result(dead))


def test_processes_that_a_block_leaves_behind_are_ended(runner):
    source = "import subprocess\nprint(subprocess.Popen(['sleep', '60']).pid)"
    pid = int(runner.result(block(source)).output)
    for _ in range(50):
        state = Path(f"/proc/{pid}/stat")
        if not state.exists() or state.read_text().split()[2] == "Z":
            return
        __import__("time").sleep(0.1)
    os.kill(pid, 9)
    pytest.fail("the process lived on")


def test_a_source_runs_once_and_then_comes_from_the_cache(tmp_path, runner, cache):
    source = f"open({str(tmp_path / 'runs')!r}, 'a').write('x')\nprint(1)"
    for _ in range(2):
        assert runner.result(block(source)).output == "1\n"
    runner.close()
    again = Runner(Library("mathref"), Cache(tmp_path / "cache"), Limits(seconds=5, memory=2 * 2**30))
    assert again.result(block(source)).output == "1\n"
    assert again.from_cache == 1
    again.close()
    assert (tmp_path / "runs").read_text() == "x"
