"""Tests; folders mirror the source and are packages, so that two files may share a name."""
