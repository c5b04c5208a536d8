"""The policy allows what stands in the pages and nothing else."""

import base64
import hashlib

import pytest

from mathref.handbook.publish import policy
from mathref.handbook.read.page import PageError

PAGE = '<head><meta charset="utf-8"></head><script>go()</script><script type="application/json">{}</script>'


def test_only_scripts_that_run_have_a_hash():
    digest = base64.b64encode(hashlib.sha256(b"go()").digest()).decode()
    assert policy.hashes(PAGE + '<script src="a.js"></script>') == {f"'sha256-{digest}'"}


def test_the_policy_stands_after_the_character_set():
    page = policy.in_page(PAGE, policy.policy({"'sha256-x'"}))
    assert '<meta charset="utf-8">\n      <meta http-equiv="Content-Security-Policy" content="default-src' in page
    assert "script-src 'self' 'sha256-x';" in page


@pytest.mark.parametrize("style", ['<p style="color: red">', "<th align=left style='x'>", "<style>p {}</style>"])
def test_a_style_in_a_page_is_refused_with_its_line(style):
    with pytest.raises(PageError, match=r"a\.html:2: no style in a page"):
        policy.refuse_styles(f"<p>\n{style}", "a.html")


def test_words_about_styles_are_no_styles():
    policy.refuse_styles("<code>a &lt;p style=&quot;x&quot;&gt; style=</code>", "a.html")


def test_headers_are_written_for_hosts_that_read_them(tmp_path):
    policy.write_headers(tmp_path, "default-src 'none'")
    assert (
        "  Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\n" in (tmp_path / "_headers").read_text()
    )
    assert 'Header set X-Content-Type-Options "nosniff"' in (tmp_path / ".htaccess").read_text()
