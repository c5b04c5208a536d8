"""Builds that are repeated, killed, run at once or served, with a library of their own."""

import contextlib
import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from conftest import ROOT, build

CONFIG = """site_name: toy
theme: {name: material, font: false}
plugins:
  - search
  - mathref-execution: {package: toybox}
"""


@pytest.fixture
def toy(tmp_path):
    """A site of four pages, two with snippets that use toybox.cube and two that use toybox.ball."""
    (tmp_path / "toybox").mkdir()
    (tmp_path / "toybox" / "__init__.py").write_text("")
    (tmp_path / "toybox" / "_base.py").write_text("ONE = 1\n")
    (tmp_path / "toybox" / "cube.py").write_text(
        "from toybox._base import ONE\n\n\ndef cube(x):\n    return ONE * x**3\n"
    )
    (tmp_path / "toybox" / "ball.py").write_text("def ball(x):\n    return 3 * x\n")
    (tmp_path / "docs").mkdir()
    for n in range(4):
        name = ("cube", "ball")[n % 2]
        fence = f'```python exec="snippet"\nfrom toybox.{name} import {name}\n\nprint("says", {name}({n + 2}))\n```\n'
        (tmp_path / "docs" / ("index.md" if n == 0 else f"page{n}.md")).write_text(f"# Page {n}\n\n{fence}")
    (tmp_path / "mkdocs.yml").write_text(CONFIG)
    return tmp_path


def environment(folder, **more):
    path = os.pathsep.join([str(folder), str(ROOT)])
    return {"PYTHONPATH": path, "MATHREF_CACHE_DIR": str(folder / "cache"), "SOURCE_DATE_EPOCH": "1700000000", **more}


def built(folder, site="site", **more):
    done = build(folder / site, "-f", str(folder / "mkdocs.yml"), **environment(folder, **more))
    assert done.returncode == 0, done.stderr
    files = sorted(path for path in (folder / site).rglob("*") if path.is_file())
    return {str(path.relative_to(folder / site)): path.read_bytes() for path in files}, done.stderr


def counts(log):
    executed, kept = re.search(r"executed (\d+|nothing).*?; (\d+) from the cache", log).groups()
    return (0 if executed == "nothing" else int(executed), int(kept))


def test_only_the_blocks_that_reach_a_changed_line_run_again(toy):
    assert counts(built(toy)[1]) == (4, 0)
    assert counts(built(toy)[1]) == (0, 4)
    (toy / "toybox" / "_base.py").write_text("ONE = 2\n")
    site, log = built(toy)
    assert counts(log) == (2, 2)
    assert b"says 16" in site["index.html"]


def test_a_module_that_is_reached_by_a_relative_import_is_followed(toy):
    (toy / "toybox" / "cube.py").write_text("from ._base import ONE\n\n\ndef cube(x):\n    return ONE * x**3\n")
    assert b"says 8" in built(toy)[0]["index.html"]
    (toy / "toybox" / "_base.py").write_text("ONE = 3\n")
    site, log = built(toy)
    assert counts(log) == (2, 2)
    assert b"says 24" in site["index.html"]


def test_a_module_that_prints_or_warns_when_it_is_imported_does_so_in_each_block(toy):
    (toy / "toybox" / "_base.py").write_text("print('hello')\nONE = 1\n")
    site = built(toy)[0]
    assert all(b"hello\nsays" in site[page] for page in ("index.html", "page2/index.html"))
    (toy / "toybox" / "_base.py").write_text("import warnings\nwarnings.warn('old')\nONE = 1\n")
    done = build(toy / "site", "-f", str(toy / "mkdocs.yml"), **environment(toy))
    assert "docs/index.md:4: snippet warns: UserWarning: old" in done.stderr


def test_with_and_without_the_cache_the_site_is_the_same(toy):
    without, log = built(toy, "without", MATHREF_CACHE="0")
    assert counts(log) == (4, 0)
    assert without == built(toy, "first")[0] == built(toy, "second")[0]
    assert counts(built(toy, "third")[1]) == (0, 4)


def test_pages_are_dated_by_the_last_commit(toy):
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b", "-C", str(toy)]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "add", "mkdocs.yml"], check=True)
    dated = {**os.environ, "GIT_AUTHOR_DATE": "2020-02-02T00:00Z", "GIT_COMMITTER_DATE": "2020-02-02T00:00Z"}
    subprocess.run([*git, "commit", "-qm", "x"], check=True, env=dated)
    with (toy / "mkdocs.yml").open("a") as config:
        config.write("site_url: http://localhost/\n")
    command = [sys.executable, "-m", "mkdocs", "build", "-q", "-f", str(toy / "mkdocs.yml"), "-d", str(toy / "site")]
    undated = {k: v for k, v in {**os.environ, **environment(toy)}.items() if k != "SOURCE_DATE_EPOCH"}
    subprocess.run(command, check=True, cwd=ROOT, env=undated)
    assert "<lastmod>2020-02-02</lastmod>" in (toy / "site" / "sitemap.xml").read_text()


def test_two_builds_at_once_do_not_disturb_each_other(toy):
    command = [sys.executable, "-m", "mkdocs", "build", "-q", "-f", str(toy / "mkdocs.yml"), "-d"]
    together = [
        subprocess.Popen([*command, str(toy / f"site{n}")], env={**os.environ, **environment(toy)}, cwd=ROOT)
        for n in range(2)
    ]
    assert [process.wait(120) for process in together] == [0, 0]
    site, log = built(toy)
    assert counts(log) == (0, 4)
    assert site == built(toy, "again", MATHREF_CACHE="0")[0]


@pytest.mark.parametrize("moment", range(3))
def test_a_killed_build_leaves_nothing_wrong_behind(toy, moment):
    right = built(toy, "right", MATHREF_CACHE="0")[0]
    command = [sys.executable, "-m", "mkdocs", "build", "-q", "-f", str(toy / "mkdocs.yml"), "-d", str(toy / "site")]
    process = subprocess.Popen(command, env={**os.environ, **environment(toy)}, cwd=ROOT, start_new_session=True)
    time.sleep(0.3 + random.Random(moment).random() * 2)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert built(toy)[0] == right


def test_a_killed_build_leaves_no_process_behind(toy):
    marker = toy / "pid"
    slow = f"import os, time\nopen({str(marker)!r}, 'w').write(str(os.getppid()))\ntime.sleep(20)"
    (toy / "docs" / "page1.md").write_text(f'# Slow\n\n```python exec="snippet"\n{slow}\n```\n')
    command = [sys.executable, "-m", "mkdocs", "build", "-q", "-f", str(toy / "mkdocs.yml"), "-d", str(toy / "site")]
    process = subprocess.Popen(command, env={**os.environ, **environment(toy)}, cwd=ROOT)
    wait_until(lambda: marker.exists() and marker.read_text())
    process.kill()
    process.wait()
    server = int(marker.read_text())
    wait_until(lambda: not is_running(server))


def is_running(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except FileNotFoundError:
        return False


def wait_until(holds, seconds=40):
    end = time.monotonic() + seconds
    while not (value := holds()):
        assert time.monotonic() < end, "it did not come to hold"
        time.sleep(0.05)
    return value


@contextlib.contextmanager
def served(toy):
    """A function that gives a page as it is served, and the log."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{found.getsockname()[1]}"

    def page(name="page1/"):
        try:
            with urllib.request.urlopen(f"http://{address}/{name}", timeout=5) as answer:
                return answer.read().decode()
        except OSError:
            return ""

    log = toy / "log"
    command = [sys.executable, "-m", "mkdocs", "serve", "-f", str(toy / "mkdocs.yml"), "-a", address, "--livereload"]
    with log.open("w") as output:
        serving = {**os.environ, **environment(toy), "NO_MKDOCS_2_WARNING": "1"}
        server = subprocess.Popen(command, env=serving, cwd=ROOT, stdout=output, stderr=output)
    try:
        yield page, log
    finally:
        server.terminate()
        server.wait()


def test_while_serving_all_that_a_page_is_made_from_shows_when_it_changes(toy):
    config, page_file = toy / "mkdocs.yml", toy / "docs" / "page1.md"
    (toy / "hook.py").write_text("def on_page_content(html, **_):\n    return html + 'hooked once'\n")
    (toy / "part.md").write_text("included once\n")
    snippets = f"pymdownx.snippets: {{base_path: [{toy}]}}"
    more = f"markdown_extensions: [{snippets}, toc: {{permalink: P1}}]\nhooks: [hook.py]\ncopyright: mine\n"
    config.write_text(CONFIG + more + "extra_css: [one.css]\nrepo_url: https://example.org/one\n")
    page_file.write_text(page_file.read_text() + '\n--8<-- "part.md"\n')
    changes = [
        ("site_name: toy", "site_name: anew-named", "anew-named"),
        ("copyright: mine", "copyright: anew-owned", "anew-owned"),
        ("one.css", "two.css", "two.css"),
        ("org/one", "org/two", "org/two"),
        ("permalink: P1", "permalink: P2", ">P2</a>"),
    ]
    with served(toy) as (page, _):
        wait_until(lambda: "included once" in page() and "hooked once" in page())
        for before, after, shown in changes:
            config.write_text(config.read_text().replace(before, after))
            wait_until(lambda shown=shown: shown in page())
        (toy / "hook2.py").write_text("def on_page_content(html, **_):\n    return html + 'hooked anew'\n")
        config.write_text(config.read_text().replace("[hook.py]", "[hook.py, hook2.py]"))
        wait_until(lambda: "hooked anew" in page())
        (toy / "part.md").write_text("included anew\n")
        (toy / "docs" / "index.md").write_text("# Saved\n")  # what lies outside the pages is read at the next save
        wait_until(lambda: "included anew" in page())
        assert page().count("hooked once") == page("page2/").count("hooked once") == 1


def test_while_serving_a_saved_page_appears_and_a_broken_one_is_named(toy):
    with served(toy) as (page, log):
        wait_until(lambda: "says 9" in page())
        source = toy / "docs" / "page1.md"
        text = source.read_text()
        source.write_text(text.replace('"says"', '"shouts"'))
        wait_until(lambda: "shouts 9" in page())
        source.write_text(text.replace("ball(3)", "1 / 0"))
        wait_until(lambda: "docs/page1.md:6: snippet fails: ZeroDivisionError" in log.read_text())
        source.write_text(text.replace('"says"', '"sings"'))
        wait_until(lambda: "sings 9" in page())
        (toy / "toybox" / "ball.py").write_text("def ball(x):\n    return 4 * x\n")
        wait_until(lambda: "sings 12" in page())
        assert re.findall(r"executed (\d) snippet", log.read_text()) == ["4", "1", "1", "2"]


def test_quiet_is_quiet(toy):
    _, log = built(toy)
    assert "executed 4 snippets; 0 from the cache" in log
    done = build(toy / "site", "-q", "-f", str(toy / "mkdocs.yml"), **environment(toy))
    assert done.stderr == done.stdout == ""
