"""The importers' fixture."""

from tests.support.importing import importing

__all__ = ["importing"]
