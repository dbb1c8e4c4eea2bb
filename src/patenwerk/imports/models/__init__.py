"""Uploaded lists, as long as they are needed, and what was learned about their columns."""

from patenwerk.imports.models.bundle import Bundle
from patenwerk.imports.models.mapping_memory import MappingMemory
from patenwerk.imports.models.upload import Book, StoredFile, Upload, UploadRow

__all__ = ["Book", "Bundle", "MappingMemory", "StoredFile", "Upload", "UploadRow"]
