"""Commands for authors: ``python -m mathref.handbook new covariance`` lays out the room of a new concept."""

import argparse
import re
import sys
from pathlib import Path

TEMPLATES = Path(__file__).parent / "templates"


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


def main(arguments: list[str] | None = None) -> int:
    """Read the command line and do what it says."""
    parser = argparse.ArgumentParser(prog="python -m mathref.handbook", description="Commands for authors.")
    commands = parser.add_subparsers(dest="command", required=True)
    laying_out = commands.add_parser("new", help="lay out module, page and test of a new concept")
    laying_out.add_argument("name", help="the module's name, for example covariance")
    chosen = parser.parse_args(arguments)
    try:
        for path in new(chosen.name, Path.cwd()):
            print(path.relative_to(Path.cwd()))
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
