"""``python -m mathref``: serve the handbook that was installed with the package, on this machine alone, and open it."""

import functools
import sys
import webbrowser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

SITE = Path(__file__).parent / "site"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing of each request."""


def server(site: Path, port: int = 0) -> ThreadingHTTPServer:
    """A server of the built handbook on the loopback address; port 0 takes a free one."""
    return ThreadingHTTPServer(("127.0.0.1", port), functools.partial(_Quiet, directory=str(site)))


def main(site: Path = SITE) -> int:
    """Serve until interrupted; 1 if the package came without its handbook."""
    if not (site / "index.html").is_file():
        print("This installation has no handbook. A checkout of the source has: mkdocs build -d mathref/site")
        return 1
    with server(site) as running:
        address = f"http://127.0.0.1:{running.server_address[1]}/"
        print(f"The handbook is at {address} until you press Ctrl-C.", flush=True)
        webbrowser.open(address)
        try:
            running.serve_forever()
        except KeyboardInterrupt:
            print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
