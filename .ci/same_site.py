"""Two built sites are the same to the byte but for the name of their generator: python .ci/same_site.py ONE OTHER."""

import gzip
import re
import sys
import zipfile
from pathlib import Path

_GENERATOR = re.compile(rb'<meta name="generator" content="[^"]*">')


def files(site: Path) -> dict[str, bytes]:
    """Each file of a site, those in its archives too, by name."""
    found: dict[str, bytes] = {}
    for path in (path for path in site.rglob("*") if path.is_file()):
        name, data = str(path.relative_to(site)), path.read_bytes()
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as packed:
                found |= {f"{name}/{each}": packed.read(each) for each in packed.namelist()}
        else:
            found[name] = gzip.decompress(data) if path.suffix == ".gz" else data
    return {name: _GENERATOR.sub(b"", data) for name, data in found.items()}


def main() -> None:
    """Compare, and name what differs."""
    one, other = (files(Path(name)) for name in sys.argv[1:3])
    if not one:
        sys.exit(f"{sys.argv[1]} holds no site")
    if differing := sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name)):
        sys.exit(f"{len(differing)} of {len(one)} files differ: {', '.join(differing[:20])}")
    print(f"{len(one)} files are the same")


if __name__ == "__main__":
    main()
