"""Fault runs: long forms of what the tests try, with tables of what was hit."""
