"""Runs of the product as its users have it: processes, files and sockets, nothing of it imported."""
