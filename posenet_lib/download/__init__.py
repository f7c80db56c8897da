"""Data sets and weights from their public homes.

catalogue (what is known: address, size, hash) -> http (fetch, resume) -> archive (unpack) -> fetch (all of it)
"""

from posenet_lib.download.catalogue import KNOWN_FILES, KnownFile, find_known
from posenet_lib.download.fetch import Downloaded, download

__all__ = ["KNOWN_FILES", "Downloaded", "KnownFile", "download", "find_known"]
