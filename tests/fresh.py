"""Runs files as `python FILE` would, each in a fork of one process that has imported NumPy and SciPy already.

Starting an interpreter and importing these two costs fifty times what most snippets do. `python tests/fresh.py` reads
from standard input one line of JSON for a file, `{"path": ...}`, and answers with one line.
"""

import contextlib
import importlib
import json
import os
import runpy
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Any, NamedTuple

KNOWN = ["numpy", "scipy.linalg", "scipy.special", "scipy.optimize", "scipy.stats"]
# Threads and remarks on tracebacks as in the handbook's own processes.
ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "JAX_TRACEBACK_FILTERING": "off"}
ENVIRONMENT["PYTHONPATH"] = str(Path(__file__).parents[1])


class Done(NamedTuple):
    """What came of a file."""

    returncode: int
    stdout: str
    stderr: str


def alone(path: Path) -> Done:
    """Run a file in a new interpreter, in its folder."""
    command, environment = [sys.executable, str(path)], {**os.environ, **ENVIRONMENT}
    done = subprocess.run(
        command, cwd=path.parent, env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    return Done(done.returncode, done.stdout, done.stderr)


class Forks:
    """The process of which each file gets a fork."""

    def __init__(self) -> None:
        command, environment = [sys.executable, __file__], {**os.environ, **ENVIRONMENT}
        pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self._process = subprocess.Popen(command, env=environment, text=True, **pipes)

    def run(self, path: Path) -> Done:
        """Run a file in a fork, in its folder."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps({"path": str(path)}) + "\n")
        self._process.stdin.flush()
        return Done(**json.loads(self._process.stdout.readline()))

    def close(self) -> None:
        """End the process."""
        self._process.communicate()


def _forked(path: Path) -> dict[str, Any]:
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        if not (pid := os.fork()):
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            os.dup2(out.fileno(), 1)
            os.dup2(err.fileno(), 2)
            os._exit(_run(path))
        _, status = os.waitpid(pid, 0)
        for file in (out, err):
            file.seek(0)
        texts = {"stdout": out.read().decode(), "stderr": err.read().decode()}
        return {"returncode": os.waitstatus_to_exitcode(status), **texts}


def _run(path: Path) -> int:
    """The exit code of a file as a program: the folder it stands in is the first to be searched."""
    os.chdir(path.parent)
    sys.argv, sys.path[0] = [str(path)], str(path.parent)
    sys.stdout, sys.stderr = (open(n, "w", closefd=False) for n in (1, 2))  # noqa: SIM115
    code = 0
    try:
        runpy.run_path(str(path), run_name="__main__")
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    except BaseException:
        traceback.print_exc()
        code = 1
    with contextlib.suppress(OSError):
        sys.stdout.flush()
        sys.stderr.flush()
    return code


def main() -> None:
    """Import what most files import, then answer line after line."""
    for name in KNOWN:
        importlib.import_module(name)
    for line in sys.stdin:
        print(json.dumps(_forked(Path(json.loads(line)["path"]))), flush=True)


if __name__ == "__main__":
    main()
