"""The handbook that comes with the package is served on this machine."""

import os
import re
import signal
import subprocess
import sys
import urllib.request

from mathref.__main__ import main

# what runs in the background ignores an interrupt unless it is told otherwise
LISTEN = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
SERVE = (
    LISTEN
    + "import sys; from pathlib import Path; from mathref.__main__ import main; sys.exit(main(Path(sys.argv[1])))"
)


def test_without_a_handbook_it_says_how_to_get_one(tmp_path, capsys):
    assert main(tmp_path) == 1
    assert "mkdocs build -d mathref/site" in capsys.readouterr().out


def test_the_handbook_is_served_on_loopback_until_interrupted(tmp_path):
    (tmp_path / "index.html").write_text("<h1>Here</h1>")
    environment = {**os.environ, "BROWSER": "true"}  # the command that does nothing stands in for a browser
    command = [sys.executable, "-c", SERVE, str(tmp_path)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as running:
        try:
            address = re.search(r"http://127\.0\.0\.1:\d+/", running.stdout.readline())[0]
            with urllib.request.urlopen(address) as answer:
                assert answer.read() == b"<h1>Here</h1>"
            running.send_signal(signal.SIGINT)
            assert running.wait(timeout=10) == 0
        finally:
            running.kill()
