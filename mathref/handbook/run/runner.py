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
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from mathref.handbook.read.page import Block
from mathref.handbook.run.cache import Cache
from mathref.handbook.run.dependencies import Library
from mathref.handbook.run.record import is_absent, needs, recorded
from mathref.handbook.run.result import Result, checked

__all__ = ["Limits", "Result", "Runner", "checked"]

# One thread for linear algebra: blocks already run side by side, and sums then come in one order everywhere.
_ENVIRONMENT = {
    **{f"{name}_NUM_THREADS": "1" for name in ("OPENBLAS", "OMP", "MKL", "BLIS", "VECLIB_MAXIMUM")},
    "PYTHONHASHSEED": "0",
    "PYTHONIOENCODING": "utf-8",
    "COLUMNS": "80",
    "MPLBACKEND": "agg",
    "JAX_PLATFORMS": "cpu",
    "JAX_TRACEBACK_FILTERING": "off",  # or it adds a remark about its tracebacks to each message
}


_DIED = "its process died before Python could end: out of memory, by a fault in C, a signal, os._exit or os.exec*"
_log = logging.getLogger("mathref.handbook")


@dataclass(frozen=True)
class Limits:
    """What a block may use."""

    seconds: int = 60
    memory: int = 4 * 2**30


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
        self.root = Path()  # where the pages' paths begin
        self.cache = cache
        self._pool = ThreadPoolExecutor(os.cpu_count() or 1)
        self._known: dict[str, Future[Result]] = {}
        self._server: subprocess.Popen[bytes] | None = None
        self._loaded: tuple[set[str], object] = set(), None  # what the server was told to import, and its state then
        self._folder = tempfile.TemporaryDirectory(prefix="mathref-", ignore_cleanup_errors=True)
        self._starting = threading.Lock()
        self.fresh()

    def fresh(self) -> None:
        """Begin to count anew; called before each build. What the server has imported of a changed library is old."""
        if self._server is not None and self._loaded[1] != self._state(self._loaded[0]):
            self._stop()
        self.ran: dict[str, Run] = {}
        self.kept: dict[str, str] = {}
        self._keys: dict[tuple[str, str], str] = {}
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
            if key in self._known or is_absent(block):
                continue
            kept = self.cache.get(key)
            future: Future[Result] = Future()
            self._known[key] = future
            if kept is None:
                missing.append((key, block, future))
            else:
                self.kept[key] = block.kind
                future.set_result(Result(**kept))
        if missing:
            # frameworks start threads when they are imported, and a process with threads is not to be forked
            self._start([block.source for _, block, _ in missing if not needs(block)])
        self._asked += len(missing)
        for key, block, future in missing:
            self._pool.submit(self._run, key, block, future)

    def result(self, block: Block) -> Result:
        """What came of a block; waits for it. Where what it needs is not installed, what is recorded of it."""
        if is_absent(block):
            return recorded(block, self.root)
        key = self.key(block)
        if key not in self._known:
            self.submit([block])
        return self._known[key].result()

    def key(self, block: Block) -> str:
        """Digest of all that the result of a block depends on; asked for often, made once a build."""
        asked = block.kind, block.source
        if asked not in self._keys:
            self._keys[asked] = self.library.key(*asked, repr(self.limits))
        return self._keys[asked]

    def _run(self, key: str, block: Block, future: Future[Result]) -> None:
        try:
            begun = time.perf_counter()
            result = Result(**self._execute(block), versions=self.library.versions(block.source))
            self.ran[f"{block.page}:{block.line}"] = Run(block.kind, time.perf_counter() - begun, result.seconds)
            self._tell()
            if not self.library.unchanged():
                self._loaded = self._loaded[0], None  # it may be a result of what was saved meanwhile
            elif result.error is None or "error" in block.options:
                self.cache.put(key, result.__dict__)
            future.set_result(result)
        except BaseException as error:
            future.set_exception(error)

    def _tell(self) -> None:
        """Every two seconds a line, so that a long build is seen to go on."""
        if time.perf_counter() - self._told > 2:
            self._told = time.perf_counter()
            _log.info("executed %d of %d blocks", len(self.ran), self._asked)

    def _execute(self, block: Block) -> dict[str, Any]:
        with socket.socket(socket.AF_UNIX) as connection:
            self._connect(connection)
            memory = self.limits.memory * (16 if needs(block) else 1)  # frameworks reserve more than they use
            job = {"source": block.source, "kind": block.kind, "seconds": self.limits.seconds, "memory": memory}
            job["modules"] = self.library.known(block.source)
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
            return json.loads(answer) if answer else _stopped(_DIED)

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

    def _start(self, sources: list[str]) -> None:
        with self._starting:
            if self._server is not None:
                return
            own = set().union(*map(self.library.known, sources))
            foreign = set().union(*map(self.library.installed, sources))
            self._loaded = own, self._state(own)
            modules = json.dumps({"foreign": sorted(foreign), "own": sorted(own)})
            command = [sys.executable, "-m", "mathref.handbook.run.server", self._address, modules]
            # the library may lie where only this process looks, and this package must be found too
            here = [str(Path(__file__).parents[3]), *([str(self.library.folder.parent)] if self.library.folder else [])]
            path = os.pathsep.join([*here, *filter(None, [os.environ.get("PYTHONPATH")])])
            environment = {**os.environ, **_ENVIRONMENT, "PYTHONPATH": path}
            self._server = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL)

    def _state(self, modules: set[str]) -> object:
        return [self.library.reached(f"import {module}") for module in sorted(modules)]

    def _stop(self) -> None:
        if self._server is not None:
            self._server.terminate()
            self._server.wait()
            self._server = None
        Path(self._address).unlink(missing_ok=True)

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
        self._stop()
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
