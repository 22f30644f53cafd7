"""The demo: a training office's first weeks, from an empty folder to batches that the platform has accepted.

It goes through the same command line as everybody, on a new encrypted profile, with client and platform on one demo
clock, and fails where anything differs from what the twelve workbooks are known to say.
"""
