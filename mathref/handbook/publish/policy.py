"""The Content-Security-Policy of the site: nothing from elsewhere, no script that was not there at the build."""

import base64
import hashlib
import re
from pathlib import Path

from mathref.handbook.read.page import PageError

_INLINE = re.compile(r"<script(?![^>]*\b(?:src|type)=)[^>]*>(.*?)</script>", re.DOTALL)
_STYLE = re.compile(r"<[a-z][^<>]*? style=(?:\"[^\"]*\"|'[^']*')|<style\b", re.IGNORECASE)
_HEAD = re.compile(r"<meta charset=[^>]*>")


def hashes(page: str) -> set[str]:
    """The hash of each script that stands in the page itself."""
    digests = (hashlib.sha256(source.encode()).digest() for source in _INLINE.findall(page))
    return {f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests}


def refuse_styles(page: str, path: str) -> None:
    """A style attribute or element would not be applied under the policy."""
    if found := _STYLE.search(page):
        line = page.count("\n", 0, found.start()) + 1
        raise PageError(f"{path}:{line}", f"no style in a page, use a class: {found[0][:100]}")


def policy(scripts: set[str]) -> str:
    """The policy: one for all pages, since instant navigation runs a page's script under another page's policy."""
    own = "; ".join(f"{kind}-src 'self'" for kind in ("font", "worker", "manifest", "connect"))
    run = " ".join(["script-src 'self'", *sorted(scripts)])
    closed = "base-uri 'none'; form-action 'none'; object-src 'none'"
    return f"default-src 'none'; {run}; style-src 'self'; img-src 'self' data:; {own}; {closed}"


def in_page(page: str, rules: str) -> str:
    """The page with the policy in a meta element, for hosts that allow no headers."""
    meta = f'<meta http-equiv="Content-Security-Policy" content="{rules}">'
    return _HEAD.sub(lambda head: f"{head[0]}\n      {meta}", page, count=1)


def write_headers(site: Path, rules: str) -> None:
    """The policy as headers, for Netlify and Cloudflare (_headers) and for Apache (.htaccess)."""
    headers = {
        "Content-Security-Policy": f"{rules}; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }
    (site / "_headers").write_text("/*\n" + "".join(f"  {name}: {value}\n" for name, value in headers.items()))
    lines = (f'  Header set {name} "{value}"\n' for name, value in headers.items())
    (site / ".htaccess").write_text("<IfModule mod_headers.c>\n" + "".join(lines) + "</IfModule>\n")
