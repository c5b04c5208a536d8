"""A fork server: imports once what the blocks import, then runs each block in a process of its own.

Started as ``python -m mathref.handbook.run.server SOCKET {"foreign": [...], "own": [...]}``: modules of other packages,
and of the library. A connection is one job: it sends a line of JSON ``{"source": ..., "kind": ..., "memory": bytes,
"seconds": s, "modules": [...]}``, the last being the modules of the library that the block imports, and gets
``{"pid": ...}`` at once and the result at the end. It ends with the process that started it.
"""

import contextlib
import ctypes
import gc
import importlib
import json
import os
import resource
import socketserver
import sys
import tempfile
import threading
import time
import warnings
from typing import Any

from mathref.handbook.run import program


class _Server(socketserver.ForkingMixIn, socketserver.UnixStreamServer):
    max_children = 64
    request_queue_size = 64
    block_on_close = False
    parent = os.getppid()

    def service_actions(self) -> None:
        super().service_actions()
        if os.getppid() != self.parent:
            os._exit(0)


class _Job(socketserver.StreamRequestHandler):
    own: tuple[str, ...] = ()

    def handle(self) -> None:
        os.setsid()
        if not (line := self.rfile.readline()):
            return  # the build was ended before it asked
        job = json.loads(line)
        self._say({"pid": os.getpid()})
        resource.setrlimit(resource.RLIMIT_CPU, (job["seconds"] + 5, job["seconds"] + 5))
        resource.setrlimit(resource.RLIMIT_AS, (job["memory"], job["memory"]))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        _forget(set(self.own) - set(job["modules"]))
        result = program.run(job["source"], os.path.dirname(str(self.server.server_address)), job["kind"])
        self._say({**result, "seconds": time.process_time()})  # of this process alone: it began at 0
        os._exit(0)  # no clean-up of what the parent holds

    def _say(self, answer: dict[str, Any]) -> None:
        self.wfile.write(json.dumps(answer).encode() + b"\n")
        self.wfile.flush()


def _forget(modules: set[str]) -> None:
    """Leave out modules of the library that the block does not import: ``import pk`` alone brings no ``pk.part``."""
    for name in modules & sys.modules.keys():
        parent, _, leaf = name.rpartition(".")
        if parent in sys.modules:
            vars(sys.modules[parent]).pop(leaf, None)
        del sys.modules[name]


def _load(foreign: list[str], own: list[str]) -> bool:
    """Import modules; False if one of the library's prints, warns, fails or starts a thread, as its block must."""
    with contextlib.suppress(ImportError):
        _buffer_lines()
    warnings.simplefilter("ignore")
    for name in foreign:
        with contextlib.suppress(Exception):  # an attribute, not a module; or the block that imports it will say why
            importlib.import_module(name)
    threads, descriptors = threading.active_count(), [os.dup(1), os.dup(2)]
    with tempfile.TemporaryFile() as said, warnings.catch_warnings(record=True) as warned:
        warnings.resetwarnings()
        for n in (1, 2):
            os.dup2(said.fileno(), n)
        try:
            for name in own:
                importlib.import_module(name)
            quiet = True
        except BaseException:
            quiet = False  # the block that imports it will show why
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        for n, descriptor in enumerate(descriptors, 1):
            os.dup2(descriptor, n)
            os.close(descriptor)
        return quiet and not said.tell() and not warned and threading.active_count() == threads


def _buffer_lines() -> None:
    """Let C code, too, write line by line as into a terminal, so that lines come in order."""
    libc = ctypes.CDLL(None)
    name = "__stdoutp" if sys.platform == "darwin" else "stdout"
    libc.setvbuf(ctypes.c_void_p.in_dll(libc, name), None, 1, 0)


def main() -> None:
    """Import what the blocks will import, then serve."""
    path, modules = sys.argv[1], json.loads(sys.argv[2])
    sys.argv = sys.orig_argv = [program.NAME]
    if not _load(modules["foreign"], modules["own"]):
        again = json.dumps({"foreign": modules["foreign"], "own": []})
        os.execv(sys.executable, [sys.executable, "-m", __spec__.name, path, again])
    os.environ["PYTHONUNBUFFERED"] = "1"  # for what a block starts: in order, as in a terminal
    _Job.own = tuple(modules["own"])
    gc.collect()
    gc.freeze()  # what is loaded stays: no block looks through it, and its pages stay shared
    with _Server(path, _Job) as server:
        server.serve_forever(poll_interval=0.5)


if __name__ == "__main__":
    main()
