"""One block is run by hand as a build runs it."""

import subprocess
import sys

import pytest

PAGE = """---
part: X
---
# A page

```python exec="snippet"
def f():
    return 1 / 0


print("before")
f()
```

```python exec="snippet" error="ValueError"
raise ValueError("meant")
```
"""


@pytest.fixture
def command(tmp_path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.md").write_text(PAGE)

    def run(place):
        line = [sys.executable, "-m", "mathref.handbook", "run", place]
        return subprocess.run(line, cwd=tmp_path, capture_output=True, text=True)

    return run


@pytest.mark.parametrize("line", [6, 9, 12])
def test_a_block_that_fails_shows_its_whole_traceback(command, line):
    done = command(f"docs/a.md:{line}")
    assert done.returncode == 1
    assert done.stdout == "before\n"
    assert 'File "snippet.py", line 6, in <module>' in done.stderr
    assert "return 1 / 0" in done.stderr
    assert "docs/a.md:8: snippet fails: ZeroDivisionError: division by zero" in done.stderr


def test_a_block_that_fails_on_purpose_is_right(command):
    done = command("docs/a.md:16")
    assert done.returncode == 0
    assert done.stderr.endswith("ValueError: meant\n")


@pytest.mark.parametrize(
    ("place", "said"),
    [("docs/a.md:14", "blocks begin at 7, 16"), ("docs/b.md:1", "a page and a line"), ("docs/a.md", "a page and a")],
)
def test_a_place_without_a_block_is_refused(command, place, said):
    done = command(place)
    assert done.returncode == 1
    assert "place must be" in done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr
