"""A fork server: imports once what the blocks import, then runs each block in a process of its own.

Started as ``python -m mathref.handbook.run.server SOCKET MODULE ...``. A connection is one job: it sends a line of JSON
``{"source": ..., "memory": bytes, "seconds": s}`` and gets ``{"pid": ...}`` at once and the result at the end. It ends
with the process that started it.
"""

import contextlib
import gc
import importlib
import json
import linecache
import os
import resource
import socketserver
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Callable
from typing import Any

NAME = "<block>"


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
    def handle(self) -> None:
        os.setsid()
        if not (line := self.rfile.readline()):
            return  # the build was ended before it asked
        job = json.loads(line)
        self._say({"pid": os.getpid()})
        resource.setrlimit(resource.RLIMIT_CPU, (job["seconds"] + 5, job["seconds"] + 5))
        resource.setrlimit(resource.RLIMIT_AS, (job["memory"], job["memory"]))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        self._say({**run(job["source"]), "seconds": time.process_time()})  # of this process alone: it began at 0
        os._exit(0)  # no clean-up of what the parent holds

    def _say(self, answer: dict[str, Any]) -> None:
        self.wfile.write(json.dumps(answer).encode() + b"\n")
        self.wfile.flush()


def run(source: str) -> dict[str, Any]:
    """Run one block as a file of its own; its output, its error or None, its warnings and what it reported."""
    shown: list[str] = []
    error: dict[str, Any] | None = None
    linecache.cache[NAME] = (len(source), None, source.splitlines(keepends=True), NAME)
    module = type(sys)("__main__")
    sys.modules["__main__"] = module
    said: dict[str, Any] = {}
    module.__dict__["print"] = _keeping_markdown(said)
    with tempfile.TemporaryFile() as stdout, tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        os.dup2(stdout.fileno(), 1)
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        warnings.resetwarnings()
        warnings.simplefilter("default")
        warnings.showwarning = lambda message, category, *_: shown.append(f"{category.__name__}: {message}")
        try:
            exec(compile(source, NAME, "exec", dont_inherit=True), module.__dict__)
        except SystemExit as stop:
            error = _described(stop) if stop.code else None
        except BaseException as stop:
            error = _described(stop)
        sys.stdout.flush()
        stdout.seek(0)
        output = stdout.read().decode("utf-8", "replace")
        os.chdir("/")
    said |= getattr(sys.modules.get("mathref.handbook.claims"), "said", {})
    return {"output": output, "error": error, "warnings": shown, "said": said}


def _keeping_markdown(said: dict[str, Any]) -> Callable[..., None]:
    """`print` that also reports the Markdown of what has one, as a notebook would show it."""

    def shown(*values: Any, **options: Any) -> None:
        pieces = [value._repr_markdown_() for value in values if hasattr(value, "_repr_markdown_")]
        if pieces:
            said.setdefault("markdown", []).extend(pieces)
        print(*values, **options)

    return shown


def _described(error: BaseException) -> dict[str, Any]:
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == NAME]
    line = error.lineno if isinstance(error, SyntaxError) and error.filename == NAME else (lines or [1])[-1]
    error.__notes__ = []  # Hypothesis adds how to repeat a failure; its message says what failed
    message = "".join(traceback.format_exception_only(error)).rstrip().splitlines()[-1]
    names = [kind.__name__ for kind in type(error).__mro__ if kind not in (object, BaseException, Exception)]
    return {"line": line or 1, "message": message, "names": names or [type(error).__name__]}


def main() -> None:
    """Import what the blocks will import, then serve."""
    path, *modules = sys.argv[1:]
    warnings.simplefilter("ignore")
    for name in modules:
        with contextlib.suppress(Exception):  # an attribute, not a module; or the block that imports it will say why
            importlib.import_module(name)
    gc.freeze()  # a child that collects garbage need not look at, and so copy, what all share
    with _Server(path, _Job) as server:
        server.serve_forever(poll_interval=0.5)


if __name__ == "__main__":
    main()
