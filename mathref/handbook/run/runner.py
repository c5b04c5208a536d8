"""Runs blocks: each in a process of its own, all cores busy, with limits, and none whose result is known."""

import contextlib
import json
import logging
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from mathref.handbook.read.page import Block, PageError
from mathref.handbook.run.cache import Cache
from mathref.handbook.run.dependencies import Library

# One thread for linear algebra: blocks already run side by side, and sums then come in one order everywhere.
_ENVIRONMENT = {
    **{f"{name}_NUM_THREADS": "1" for name in ("OPENBLAS", "OMP", "MKL", "BLIS", "VECLIB_MAXIMUM")},
    "PYTHONHASHSEED": "0",
    "PYTHONIOENCODING": "utf-8",
    "COLUMNS": "80",
    "MPLBACKEND": "agg",
}


_log = logging.getLogger("mathref.handbook")


@dataclass(frozen=True)
class Limits:
    """What a block may use."""

    seconds: int = 60
    memory: int = 4 * 2**30


@dataclass
class Result:
    """What came of a block."""

    output: str = ""
    error: dict[str, Any] | None = None
    warnings: list[str] = field(default_factory=list)
    said: dict[str, Any] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0  # of a processor

    @property
    def shown(self) -> str:
        """What a reader sees: all that was printed, and the message of an error."""
        return self.output + (f"{self.error['message']}\n" if self.error else "")


class Run(NamedTuple):
    """What running a block took: seconds until its result was there, and seconds of a processor."""

    kind: str
    waited: float
    worked: float


class Runner:
    """Runs blocks of one library's handbook; the same source is run once."""

    def __init__(self, library: Library, cache: Cache, limits: Limits | None = None) -> None:
        self.library = library
        self.limits = limits or Limits()
        self.fresh()
        self.cache = cache
        self._pool = ThreadPoolExecutor(os.cpu_count() or 1)
        self._known: dict[str, Future[Result]] = {}
        self._server: subprocess.Popen[bytes] | None = None
        self._folder = tempfile.TemporaryDirectory(prefix="mathref-", ignore_cleanup_errors=True)
        self._starting = threading.Lock()

    def fresh(self) -> None:
        """Begin to count anew; called before each build."""
        self.ran: dict[str, Run] = {}
        self.kept: dict[str, str] = {}
        self._asked = 0
        self._told = time.perf_counter()

    @property
    def from_cache(self) -> int:
        """How many results came from the cache."""
        return len(self.kept)

    def submit(self, blocks: Iterable[Block]) -> None:
        """Start on blocks whose results will be asked for, the whole list at once, so that their imports are known."""
        missing = []
        for block in blocks:
            key = self.key(block)
            if key in self._known:
                continue
            kept = self.cache.get(key)
            future: Future[Result] = Future()
            self._known[key] = future
            if kept is None:
                missing.append((key, block, future))
            else:
                self.kept[key] = block.kind
                future.set_result(Result(**kept))
        if missing and self._server is None:
            preload = set().union(*(self.library.foreign(block.source) for _, block, _ in missing))
            self._start(sorted(preload))
        self._asked += len(missing)
        for key, block, future in missing:
            self._pool.submit(self._run, key, block, future)

    def result(self, block: Block) -> Result:
        """What came of a block; waits for it."""
        key = self.key(block)
        if key not in self._known:
            self.submit([block])
        return self._known[key].result()

    def key(self, block: Block) -> str:
        """Digest of all that the result of a block depends on."""
        return self.library.key(block.kind, block.source, repr(self.limits))

    def _run(self, key: str, block: Block, future: Future[Result]) -> None:
        try:
            begun = time.perf_counter()
            result = Result(**self._execute(block.source), versions=self.library.versions(block.source))
            self.ran[f"{block.page}:{block.line}"] = Run(block.kind, time.perf_counter() - begun, result.seconds)
            self._tell()
            if result.error is None or "error" in block.options:
                self.cache.put(key, result.__dict__)
            future.set_result(result)
        except BaseException as error:
            future.set_exception(error)

    def _tell(self) -> None:
        """Every two seconds a line, so that a long build is seen to go on."""
        if time.perf_counter() - self._told > 2:
            self._told = time.perf_counter()
            _log.info("executed %d of %d blocks", len(self.ran), self._asked)

    def _execute(self, source: str) -> dict[str, Any]:
        with socket.socket(socket.AF_UNIX) as connection:
            self._connect(connection)
            job = {"source": source, "seconds": self.limits.seconds, "memory": self.limits.memory}
            connection.sendall(json.dumps(job).encode() + b"\n")
            connection.settimeout(self.limits.seconds)
            pid = 0
            with connection.makefile("rb") as answers:
                try:
                    pid = json.loads(answers.readline())["pid"]
                    answer = answers.readline()
                except TimeoutError:
                    _kill(pid)
                    return _stopped(f"it ran for more than {self.limits.seconds} seconds")
            _kill(pid)  # whatever it started and left running
            return json.loads(answer) if answer else _stopped("its process died, out of memory or by a fault in C")

    def _connect(self, connection: socket.socket) -> None:
        for _ in range(600):
            try:
                connection.connect(self._address)
                return
            except OSError:
                time.sleep(0.05)
                if self._server is None or self._server.poll() is not None:
                    raise RuntimeError("the process that runs the blocks ended; see its message above") from None
        raise RuntimeError("the process that runs the blocks did not start within 30 seconds")

    @property
    def _address(self) -> str:
        return str(Path(self._folder.name) / "socket")

    def _start(self, preload: list[str]) -> None:
        with self._starting:
            command = [sys.executable, "-m", "mathref.handbook.run.server", self._address, *preload]
            # the library may lie where only this process looks, and this package must be found too
            here = [str(Path(__file__).parents[3]), *([str(self.library.folder.parent)] if self.library.folder else [])]
            path = os.pathsep.join([*here, *filter(None, [os.environ.get("PYTHONPATH")])])
            environment = {**os.environ, **_ENVIRONMENT, "PYTHONPATH": path}
            self._server = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL)

    def summary(self) -> str:
        """How many blocks of each kind were executed and how many were known, and which took longest."""
        executed = Counter(run.kind for run in self.ran.values())
        words = ", ".join(f"{count} {_plural(kind, count)}" for kind, count in sorted(executed.items()))
        slowest = sorted(self.ran.items(), key=lambda item: -item[1].waited)[:3]
        longest = ", ".join(f"{place} {run.waited:.1f} s" for place, run in slowest if run.waited >= 1)
        text = f"executed {words or 'nothing'}; {self.from_cache} from the cache"
        return f"{text}; slowest {longest}" if longest else text

    def close(self) -> None:
        """End the processes and close the cache."""
        self._pool.shutdown(cancel_futures=True)
        if self._server is not None:
            self._server.terminate()
            self._server.wait()
        self._folder.cleanup()
        self.cache.close()


def _plural(kind: str, count: int) -> str:
    return f"{kind}s" if count > 1 else kind


def _kill(pid: int) -> None:
    if pid:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)


def _stopped(why: str) -> dict[str, Any]:
    return {"error": {"line": 1, "message": f"stopped: {why}", "names": ["Stopped"]}}


def checked(block: Block, result: Result) -> Result:
    """The result, or a PageError with page and line if it is not what the block's options expect."""
    expected, error = block.options.get("error"), result.error
    if error and (not expected or expected not in error["names"]):
        wanted = f" (it should have raised {expected})" if expected else ""
        raise PageError(
            f"{block.page}:{block.line + error['line'] - 1}", f"{block.kind} fails{wanted}: {error['message']}"
        )
    if expected and not error:
        raise PageError(f"{block.page}:{block.line}", f"{block.kind} should have raised {expected}, but did not")
    unexpected = [text for text in result.warnings if text.split(":")[0] != block.options.get("warning")]
    if unexpected:
        raise PageError(f"{block.page}:{block.line}", f"{block.kind} warns: {unexpected[0]}")
    if "warning" in block.options and not result.warnings:
        raise PageError(f"{block.page}:{block.line}", f"{block.kind} should have warned, but did not")
    return result
