"""Zip archives, which is what Word and OpenDocument files are, that only depend on their contents."""

import io
import zipfile

from voorbeelden.write.text import ISSUED


def with_fixed_times(archive: bytes) -> bytes:
    """The same zip archive with every member dated on the day of issue, so that it only depends on its contents."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(written, "w") as new:
        for member in old.infolist():
            fixed = zipfile.ZipInfo(member.filename, ISSUED.timetuple()[:6])
            fixed.compress_type = member.compress_type
            fixed.external_attr = 0o644 << 16
            new.writestr(fixed, old.read(member))
    return written.getvalue()
