"""Commands for authors: ``python -m mathref.handbook new covariance`` lays out the room of a new concept,
``python -m mathref.handbook run docs/concepts/svd.md:120`` runs one block as a build does, and
``python -m mathref.handbook record`` keeps what comes of the blocks that need a framework.
"""

import argparse
import re
import sys
from contextlib import closing
from pathlib import Path

from mathref.handbook.read.page import Block, PageError, read
from mathref.handbook.run import record as records
from mathref.handbook.run.cache import Cache
from mathref.handbook.run.dependencies import Library
from mathref.handbook.run.runner import Runner, checked

TEMPLATES = Path(__file__).parent / "templates" / "concept"


def new(name: str, root: Path) -> list[Path]:
    """Write module, page and test of a concept from the templates; nothing that exists is touched."""
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name):
        raise ValueError(f"name must be a module's name like covariance or chain_rule, but it is {name!r}")
    slug, title = name.replace("_", "-"), name.replace("_", " ").capitalize()
    places = {
        "module.txt": root / "mathref" / f"{name}.py",
        "page.txt": root / "docs" / "concepts" / f"{slug}.md",
        "test.txt": root / "tests" / f"test_{name}.py",
    }
    for path in places.values():
        if path.exists():
            raise ValueError(f"name must be that of a new concept, but {path} exists")
    for template, path in places.items():
        text = (TEMPLATES / template).read_text()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("@name@", name).replace("@slug@", slug).replace("@title@", title))
    return list(places.values())


def _blocks(page: Path) -> list[Block]:
    return [block for _, block in read(page.read_text(encoding="utf-8"), str(page)).blocks]


def run(place: str, package: str) -> None:
    """Run the block in which a line of a page stands, in the isolation of a build; a PageError if a build would end."""
    page, _, number = place.rpartition(":")
    if not number.isdecimal() or not Path(page).is_file():
        raise ValueError(f"place must be a page and a line such as docs/concepts/svd.md:120, but it is {place!r}")
    found = _blocks(Path(page))
    there = [block for block in found if -1 <= int(number) - block.line <= block.source.count("\n") + 1]
    if not there:
        lines = ", ".join(str(block.line) for block in found) or "none"
        raise ValueError(f"place must be a line of an executed block, but {place} is none; blocks begin at {lines}")
    with closing(Runner(Library(package), Cache(kept=False))) as runner:
        result = runner.result(there[0])
    print(result.output, end="")
    print(*result.warnings, *([result.error["traceback"]] if result.error else []), sep="\n", file=sys.stderr)
    checked(there[0], result)


def record(pages: list[str], package: str, check: bool) -> int:
    """Run all blocks of the pages that need a framework and write their records, or say what differs from them."""
    paths = [Path(page) for page in pages] or sorted(Path("docs").rglob("*.md"))
    found = [block for path in paths for block in _blocks(path) if records.needs(block)]
    if absent := sorted({name for block in found if records.is_absent(block) for name in records.needs(block)}):
        raise ValueError(f"to record, {', '.join(absent)} should be installed: pip install 'mathref[frameworks]'")
    with closing(Runner(Library(package), Cache(kept=False))) as runner:
        runner.submit(found)
        if check:
            differing = records.differences(found, runner.result, Path())
            print(*differing, f"{len(found)} blocks run anew, {len(differing)} differ from their record", sep="\n")
            return int(bool(differing))
        print(*records.write(found, runner.result, Path()), sep="\n")
    return 0


def main(arguments: list[str] | None = None) -> int:
    """Read the command line and do what it says."""
    parser = argparse.ArgumentParser(prog="python -m mathref.handbook", description="Commands for authors.")
    commands = parser.add_subparsers(dest="command", required=True)
    laying_out = commands.add_parser("new", help="lay out module, page and test of a new concept")
    laying_out.add_argument("name", help="the module's name, for example covariance")
    running = commands.add_parser("run", help="run one block as a build does, with its whole traceback")
    running.add_argument("place", help="the page and a line of the block, for example docs/concepts/svd.md:120")
    running.add_argument("--package", default="mathref", help="the package whose handbook it is")
    recording = commands.add_parser("record", help="run the blocks that need a framework, and keep what they print")
    recording.add_argument("pages", nargs="*", help="pages; all below docs where none is named")
    recording.add_argument("--check", action="store_true", help="write nothing; say what differs from the records")
    recording.add_argument("--package", default="mathref", help="the package whose handbook it is")
    chosen = parser.parse_args(arguments)
    try:
        if chosen.command == "record":
            return record(chosen.pages, chosen.package, chosen.check)
        if chosen.command == "run":
            run(chosen.place, chosen.package)
        if chosen.command == "new":
            print(*(path.relative_to(Path.cwd()) for path in new(chosen.name, Path.cwd())), sep="\n")
    except (ValueError, PageError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
