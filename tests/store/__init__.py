"""Tests of the store: journal, merge, deletion, verification, keys."""
