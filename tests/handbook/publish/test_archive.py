"""The archive holds what a reader opens."""

import zipfile

from mathref.handbook.publish import archive


def test_what_an_earlier_build_left_for_servers_is_not_packed(tmp_path):
    (tmp_path / "index.html").write_text("<p>a page")
    (tmp_path / ".htaccess").write_text("Header set X")
    archive._pack(tmp_path, {}, "book.zip")
    with zipfile.ZipFile(tmp_path / "book.zip") as packed:
        assert packed.namelist() == ["book/index.html"]
